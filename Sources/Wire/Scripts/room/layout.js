// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Where each picture stands: arithmetic over a width and a height, without a page.

/** @typedef {"grid" | "speaker" | "side"} Way */
/** @typedef {{id: string, x: number, y: number, width: number, height: number, isMain: boolean}} Box */
/** @typedef {{boxes: Box[], page: number, pages: number}} Arrangement */
/**
 * @typedef {object} Scene
 * @property {number} width of the stage, in CSS pixels
 * @property {number} height
 * @property {Way} way
 * @property {string[]} people in the order in which they are shown
 * @property {string | null} main who or what has the large place
 * @property {string[]} screens shared things, which always have the large place
 * @property {number} page from 0
 * @property {number} most how many pictures at once at most
 */

export const ratio = 16 / 9;
const gap = 8;
const largestPage = 25;

/**
 * How many pictures a page may have: as many as can be recognised, and as many as there are sections for.
 * @param {number} width
 * @param {number} height
 * @param {number} most
 */
export function pageSize(width, height, most) {
  const smallest = width < 560 ? 140 : 220;
  const columns = Math.max(1, Math.floor((width + gap) / (smallest + gap)));
  const rows = Math.max(1, Math.floor((height + gap) / (smallest / ratio + gap)));
  return Math.max(1, Math.min(most, largestPage, columns * rows));
}

/**
 * So many pictures in a field: as large as possible, the last row centred.
 * @param {string[]} ids
 * @param {{x: number, y: number, width: number, height: number}} field
 * @returns {Box[]}
 */
export function grid(ids, field) {
  const count = ids.length;
  if (!count || field.width <= 0 || field.height <= 0) return [];
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const wide = (field.width - gap * (columns - 1)) / columns;
    const high = (field.height - gap * (rows - 1)) / rows;
    const width = Math.min(wide, high * ratio);
    if (width > best.width + 0.5) best = { columns, width };
  }
  const width = Math.floor(best.width), height = Math.floor(best.width / ratio);
  const rows = Math.ceil(count / best.columns);
  const top = field.y + Math.floor((field.height - rows * height - gap * (rows - 1)) / 2);
  return ids.map((id, index) => {
    const row = Math.floor(index / best.columns), column = index % best.columns;
    const inRow = Math.min(best.columns, count - row * best.columns);
    const left = field.x + Math.floor((field.width - inRow * width - gap * (inRow - 1)) / 2);
    return { id, x: left + column * (width + gap), y: top + row * (height + gap), width, height, isMain: false };
  });
}

/**
 * Everything on the stage.
 * @param {Scene} scene
 * @returns {Arrangement}
 */
export function arrange({ width, height, way, people, main, screens, page, most }) {
  const large = screens.length ? screens.slice(0, 2) : main && way !== "grid" ? [main] : [];
  if (!large.length) return paged(people, { x: 0, y: 0, width, height }, page,
    Math.min(most, pageSize(width, height, most)));
  const rest = people.filter((one) => !large.includes(one));
  const isBeside = way === "side" && rest.length > 0 && width > height;
  const isBelow = !isBeside && rest.length > 0;
  // The strip of small ones: a column on a wide stage side by side, else a row.
  const strip = isBeside ? Math.max(180, Math.min(width * 0.32, 420))
    : Math.max(68, Math.min(height * 0.2, width * 0.24, 150));
  const field = isBeside ? { x: 0, y: 0, width: width - strip - gap, height }
    : { x: 0, y: 0, width, height: isBelow ? height - strip - gap : height };
  const boxes = filled(large, field);
  if (!rest.length) return { boxes, page: 0, pages: 1 };
  if (isBeside) {
    const high = strip / ratio;
    const fit = Math.max(1, Math.floor((height + gap) / (high + gap)));
    const small = paged(rest, { x: width - strip, y: 0, width: strip, height }, page,
      Math.min(fit, most - large.length));
    return { ...small, boxes: [...boxes, ...small.boxes] };
  }
  const fit = Math.max(1, Math.floor((width + gap) / (strip * ratio + gap)));
  const below = { x: 0, y: height - strip, width, height: strip };
  const small = paged(rest, below, page, Math.max(1, Math.min(fit, most - large.length)));
  return { ...small, boxes: [...boxes, ...small.boxes] };
}

/**
 * The large ones fill their field, whatever their form.
 * @param {string[]} ids
 * @param {{x: number, y: number, width: number, height: number}} field
 * @returns {Box[]}
 */
function filled(ids, field) {
  const isWide = field.width >= field.height;
  const count = ids.length;
  return ids.map((id, index) => {
    const width = isWide ? Math.floor((field.width - gap * (count - 1)) / count) : field.width;
    const height = isWide ? field.height : Math.floor((field.height - gap * (count - 1)) / count);
    const [x, y] = isWide ? [field.x + index * (width + gap), field.y] : [field.x, field.y + index * (height + gap)];
    return { id, x, y, width, height, isMain: true };
  });
}

/**
 * @param {string[]} ids
 * @param {{x: number, y: number, width: number, height: number}} field
 * @param {number} page
 * @param {number} size
 * @returns {Arrangement}
 */
function paged(ids, field, page, size) {
  const pages = Math.max(1, Math.ceil(ids.length / size));
  const at = Math.min(Math.max(0, page), pages - 1);
  return { boxes: grid(ids.slice(at * size, (at + 1) * size), field), page: at, pages };
}

/**
 * Whom to show first. Nobody who is seen already changes places because somebody speaks; only who speaks and is not seen
 * takes the place of the one on the page who was silent longest.
 * @param {string[]} before the order so far
 * @param {{id: string, hasCamera: boolean, isPinned: boolean, isSelf: boolean, spokeAt: number}[]} people
 * @param {number} size of a page
 */
export function order(before, people, size) {
  const known = new Map(people.map((one) => [one.id, one]));
  const rank = (/** @type {string} */ id) => (known.get(id)?.isPinned ? 0 : known.get(id)?.hasCamera ? 1 : 2);
  const kept = before.filter((id) => known.has(id));
  const fresh = people.filter((one) => !kept.includes(one.id)).map((one) => one.id);
  const all = [...kept, ...fresh].map((id, index) => ({ id, index }));
  all.sort((one, two) => rank(one.id) - rank(two.id) || one.index - two.index);
  const next = all.map((one) => one.id);
  const loudest = [...known.values()].filter((one) => !one.isSelf && one.spokeAt > 0)
    .sort((one, two) => two.spokeAt - one.spokeAt).slice(0, Math.max(1, Math.floor(size / 3)));
  for (const one of loudest) {
    const at = next.indexOf(one.id);
    if (at < size) continue;
    let quietest = -1;
    for (let place = 0; place < Math.min(size, next.length); place += 1) {
      const there = known.get(next[place]);
      if (!there || there.isPinned || there.isSelf || there.spokeAt >= one.spokeAt) continue;
      if (quietest < 0 || there.spokeAt < (known.get(next[quietest])?.spokeAt ?? 0)) quietest = place;
    }
    if (quietest >= 0) [next[quietest], next[at]] = [next[at], next[quietest]];
  }
  return next;
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What this browser wants to get: by what is seen of it, and how large.

/** @typedef {import("./layout.js").Box} Box */
/** @typedef {{person: string, kind: "camera" | "screen", importance: string, height: number}} Wish */
/**
 * @typedef {object} Seen
 * @property {Box[]} boxes
 * @property {(id: string) => {person: string, kind: "camera" | "screen"} | null} of what stands in a box; nil when it is
 *   nobody else's picture
 * @property {string | null} speaker
 * @property {string[]} pinned
 * @property {number} density device pixels for each of CSS
 * @property {boolean} isHidden nothing of the page is seen
 * @property {boolean} savesLine no picture unless it was asked for by hand
 * @property {string[]} allowed boxes that were asked for by hand
 */

/** The heights that publishers make; a wish between two is for the larger one. */
const steps = [90, 180, 360, 540, 720, 1080];

/**
 * @param {Seen} seen
 * @returns {Wish[]}
 */
export function wishes({ boxes, of, speaker, pinned, density, isHidden, savesLine, allowed }) {
  if (isHidden) return [];
  /** @type {Wish[]} */
  const wanted = [];
  for (const box of boxes) {
    const what = of(box.id);
    if (!what) continue;
    const isScreen = what.kind === "screen";
    if (savesLine && !allowed.includes(box.id)) continue;
    const importance = isScreen ? "screen" : what.person === speaker ? "speaker"
      : pinned.includes(what.person) || box.isMain ? "pinned" : "visible";
    const height = isScreen ? 1080 : step(Math.min(box.height, box.width * 9 / 16) * Math.min(2, density));
    wanted.push({ ...what, importance, height: savesLine ? Math.min(height, 540) : height });
  }
  return wanted;
}

/**
 * A picture that is drawn a little larger than a step is still that step's.
 * @param {number} height
 */
export function step(height) { return steps.find((one) => height <= one * 1.25) ?? 1080; }

/**
 * @param {Wish[]} one
 * @param {Wish[]} two
 */
export const isSame = (one, two) => JSON.stringify(one) === JSON.stringify(two);

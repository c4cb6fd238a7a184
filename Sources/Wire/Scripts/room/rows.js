// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Lists that are put right rather than drawn anew: what has not changed stays, with its focus and its place.

/** @typedef {{key: string, is: string, draw: () => HTMLElement}} Row `is` is another when it must be drawn again */

/**
 * @param {HTMLElement} list
 * @param {Row[]} rows
 */
export function put(list, rows) {
  /** @type {Map<string, HTMLElement>} */
  const known = new Map();
  for (const one of /** @type {Iterable<HTMLElement>} */ (list.children)) known.set(one.dataset.key ?? "", one);
  rows.forEach(({ key, is, draw }, index) => {
    let item = known.get(key);
    known.delete(key);
    if (!item || item.dataset.is !== is) {
      const drawn = draw();
      Object.assign(drawn.dataset, { key, is });
      const held = item?.contains(document.activeElement)
        ? /** @type {HTMLElement} */ (document.activeElement).dataset.act : undefined;
      item?.replaceWith(drawn);
      if (held) /** @type {HTMLElement | null} */ (drawn.querySelector(`[data-act="${held}"]`))?.focus();
      item = drawn;
    }
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
  for (const gone of known.values()) gone.remove();
}

/**
 * Ten events at once are one drawing.
 * @param {() => void} draw
 */
export function soon(draw) {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    // A page that is not seen gets no frames, and still must be right.
    const go = () => { isDue = false; draw(); };
    if (document.hidden) setTimeout(go, 50);
    else requestAnimationFrame(go);
  };
}

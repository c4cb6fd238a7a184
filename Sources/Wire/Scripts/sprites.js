// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Small stills of a film, many in one picture: a WebVTT file says which is where (`sprite.jpg#xywh=0,0,160,90`).

/** @typedef {{from: number, to: number, file: string, x: number, y: number, width: number, height: number}} Still */

/** @param {string} text */
export const seconds = (text) => text.trim().split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

/**
 * @param {string} text
 * @returns {Still[]}
 */
export function stills(text) {
  const found = [];
  for (const block of text.replace(/\r/g, "").split("\n\n")) {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => line.includes("-->"));
    const place = lines[at + 1]?.match(/^(.+)#xywh=(\d+),(\d+),(\d+),(\d+)$/);
    if (at < 0 || !place) continue;
    const [from, to] = lines[at].split("-->").map(seconds);
    const [x, y, width, height] = place.slice(2).map(Number);
    found.push({ from, to, file: place[1], x, y, width, height });
  }
  return found;
}

export class Sprites {
  /** @type {Still[]} */
  #stills = [];

  /**
   * @param {import("./line.js").Line} line
   * @param {URL} address of the WebVTT file
   */
  constructor(line, address) {
    this.address = address;
    // Without them the bar has only times.
    line.text(address).then(({ text }) => { this.#stills = stills(text); }, () => {});
  }

  /**
   * @param {HTMLElement} on
   * @param {number} time in seconds
   */
  draw(on, time) {
    const still = this.#stills.find((one) => one.from <= time && time < one.to);
    on.hidden = !still;
    if (!still) return;
    on.style.inlineSize = `${still.width}px`;
    on.style.blockSize = `${still.height}px`;
    on.style.backgroundImage = `url("${new URL(still.file, this.address).href}")`;
    on.style.backgroundPosition = `-${still.x}px -${still.y}px`;
  }
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// How long ago the studio got what the viewer sees now. What the encoder and its line took before is not known here.

/** @typedef {import("./rendition.js").Rendition} Rendition */

export class Glass {
  /**
   * How late the newest piece was known here, by this machine's clock, in milliseconds.
   * @type {number[]}
   */
  #lags = [];
  #grownAt = 0;

  /**
   * The list was read.
   * @param {Rendition} list
   */
  note(list) {
    const last = list.pieces.at(-1);
    if (!last || list.grownAt === this.#grownAt) return;
    const isFirst = this.#grownAt === 0;
    this.#grownAt = list.grownAt;
    // The first time nobody knows how long it had been there.
    if (isFirst) return;
    const age = performance.now() - list.grownAt;
    this.#lags = [...this.#lags.slice(-30), Date.now() - age - (last.date + last.duration * 1000)];
  }

  /** How wrong this machine's clock is, in milliseconds: nothing is known before it was sent, or much later. */
  get #skew() {
    if (this.#lags.length < 3) return 0;
    const least = Math.min(...this.#lags);
    return least < -300 || least > 4_000 ? least - 50 : 0;
  }

  /**
   * In seconds; NaN while it is not known.
   * @param {number} date of what is seen now, in milliseconds since 1970
   */
  latency(date) {
    const seconds = (Date.now() - this.#skew - date) / 1000;
    return seconds > -1 && seconds < 86_400 ? Math.max(0, seconds) : NaN;
  }
}

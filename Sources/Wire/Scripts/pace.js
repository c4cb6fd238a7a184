// SPDX-License-Identifier: Apache-2.0
// @ts-check
// How close to the live edge to play, and how to get there without anybody hearing it.

/** @typedef {"closest" | "calm"} Profile */

/** Who falls further behind than this jumps instead of hurrying. */
const tooFar = { closest: 5, calm: 20 };
const mostExtra = 2;

export class Pace {
  /** @type {Profile} */
  profile = "closest";
  /** What is kept in hand beside the hold-back since the picture stood still, in seconds. */
  extra = 0;
  #isHurrying = false;
  #calmSince = 0;

  /**
   * How far behind the end of what is listed to be.
   * @param {{holdBack: number, target: number}} list
   */
  wanted(list) {
    const closest = list.holdBack + this.extra;
    return this.profile === "closest" ? closest : Math.max(3 * list.target, list.holdBack + 3, closest);
  }

  /**
   * The picture stood still: a little more in hand from now on.
   * @param {number} now in milliseconds
   */
  stumbled(now) {
    this.extra = Math.min(mostExtra, this.extra + 0.25);
    // What it waited has put it further behind than that: it goes back to its place, however little is lacking.
    this.#isHurrying = true;
    this.#calmSince = now;
  }

  /**
   * @param {number} behind how far behind the end of what is listed, in seconds
   * @param {number} wanted
   * @param {number} now in milliseconds
   * @returns {{rate: number, jumps: boolean}}
   */
  step(behind, wanted, now) {
    if (this.extra > 0 && now - this.#calmSince > 120_000) {
      this.extra = Math.max(0, this.extra - 0.25);
      this.#calmSince = now;
    }
    const over = behind - wanted;
    if (over > tooFar[this.profile]) {
      this.#isHurrying = false;
      return { rate: 1, jumps: true };
    }
    if (over > 0.35) this.#isHurrying = true;
    if (over < 0.08) this.#isHurrying = false;
    return { rate: !this.#isHurrying ? 1 : over > 1.5 ? 1.05 : 1.03, jumps: false };
  }
}

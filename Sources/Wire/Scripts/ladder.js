// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Which quality to play: down at once when the buffer shrinks, up slowly and only at a segment's boundary.

/** @typedef {{bandwidth: number, height: number}} Rung */
/**
 * @typedef {object} Look what the decision is made of
 * @property {number} bitsPerSecond the line's estimate; 0 while nothing is known
 * @property {number} ahead how many seconds are in hand
 * @property {number} target how many seconds there should be
 * @property {boolean} isBoundary whether a segment ends here
 * @property {boolean} hasStalled whether the picture stood still since the last decision
 * @property {number} height of the picture on the screen, in its own pixels
 * @property {number} now in milliseconds, on any clock that runs evenly
 */

/** Of what the line carries, so much may be used when climbing, and so much when staying. */
const climbing = 0.7, staying = 0.95;
/** Before anything is known of the line. */
const modest = 2_500_000;
const firstPatience = 8_000, longestPatience = 120_000;

export class Ladder {
  /** @param {Rung[]} rungs from the lowest to the highest */
  constructor(rungs) {
    this.rungs = rungs;
    this.current = 0;
    /** How long to stay after a fall before climbing again; grows with every fall that follows a climb. */
    this.patience = firstPatience;
    this.fellAt = -Infinity;
    this.climbedAt = -Infinity;
  }

  /**
   * Where to begin.
   * @param {number} bitsPerSecond
   * @param {number} height
   */
  first(bitsPerSecond, height) {
    this.current = Math.min(this.#fitting((bitsPerSecond || modest) * climbing), this.#tallest(height));
    return this.current;
  }

  /**
   * Where to go on.
   * @param {Look} look
   */
  next(look) {
    const { bitsPerSecond, ahead, target, now } = look;
    const rung = this.rungs[this.current];
    const tooMuch = bitsPerSecond > 0 && rung.bandwidth > bitsPerSecond * staying;
    const isShrinking = ahead < target * 0.5;
    if (this.current > 0 && (look.hasStalled || (tooMuch && isShrinking))) {
      const lower = Math.min(this.current - 1, bitsPerSecond > 0 ? this.#fitting(bitsPerSecond * climbing) : 0);
      if (now - this.climbedAt < 30_000) this.patience = Math.min(longestPatience, this.patience * 2);
      this.fellAt = now;
      return (this.current = lower);
    }
    const tallest = this.#tallest(look.height);
    if (this.current > tallest && look.isBoundary) return (this.current = tallest);
    if (this.current >= tallest || !look.isBoundary || ahead < target * 0.6) return this.current;
    if (now - this.fellAt < this.patience || now - this.climbedAt < 4_000) return this.current;
    if (this.rungs[this.current + 1].bandwidth > bitsPerSecond * climbing) return this.current;
    if (now - this.climbedAt > 120_000) this.patience = firstPatience;
    this.climbedAt = now;
    return (this.current += 1);
  }

  /**
   * The highest rung within so many bits a second.
   * @param {number} bits
   */
  #fitting(bits) {
    const found = this.rungs.findLastIndex((one) => one.bandwidth <= bits);
    return Math.max(0, found);
  }

  /**
   * More lines than the screen shows are of no use.
   * @param {number} height
   */
  #tallest(height) {
    const found = this.rungs.findIndex((one) => one.height >= height);
    return found < 0 ? this.rungs.length - 1 : found;
  }
}

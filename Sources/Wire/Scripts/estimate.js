// SPDX-License-Identifier: Apache-2.0
// @ts-check
// How many bits a second the line carries, learned from downloads of media.

/** Less than this fits into what is sent at once: its time says more about the distance than about the line. */
const least = 16 * 1024;
/** Bodies that arrive with their header would look infinitely fast. */
const shortest = 0.01;

/** All bits over all seconds, both halved every `half` seconds of media: a slow body counts for as long as it took. */
class Mean {
  #bits = 0;
  #seconds = 0;
  /** @param {number} half */
  constructor(half) { this.half = half; }

  /**
   * @param {number} bits
   * @param {number} seconds
   * @param {number} media
   */
  add(bits, seconds, media) {
    const kept = 0.5 ** (media / this.half);
    this.#bits = this.#bits * kept + bits;
    this.#seconds = this.#seconds * kept + seconds;
  }

  get value() { return this.#seconds > 0 ? this.#bits / this.#seconds : 0; }
}

/** The lower one of a quick and a slow mean: it believes bad news at once and good news after a while. */
export class Estimate {
  #quick = new Mean(2);
  #slow = new Mean(10);

  /** @param {number} bitsPerSecond what was learned on an earlier visit; 0 for nothing */
  constructor(bitsPerSecond = 0) {
    if (bitsPerSecond > 0) for (const mean of [this.#quick, this.#slow]) mean.add(bitsPerSecond * 0.1, 0.1, 1);
  }

  /**
   * A body came.
   * @param {number} bytes
   * @param {number} seconds from its first byte to its last: never the wait for the answer, which
   *   a server may hold back until there is something to send
   * @param {number} media how many seconds it plays
   */
  note(bytes, seconds, media) {
    if (bytes < least && seconds < 0.1) return;
    const took = Math.max(seconds, shortest);
    for (const mean of [this.#quick, this.#slow]) mean.add(bytes * 8, took, Math.max(0.1, media));
  }

  /** 0 while nothing is known. */
  get bitsPerSecond() { return Math.min(this.#quick.value, this.#slow.value); }
}

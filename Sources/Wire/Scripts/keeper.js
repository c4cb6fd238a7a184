// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Keeps the picture moving: over holes, out of standstills with something in hand, and along with the live edge.

/** @typedef {import("./pace.js").Pace} Pace */
/** @typedef {import("./show.js").Show} Show */
/**
 * @typedef {object} Look
 * @property {Show} show
 * @property {boolean} isLive whether to stay with the live edge
 * @property {number} edge where live is now, in the picture's time
 * @property {number} wanted how far behind it to be
 * @property {boolean} isAway whether the encoder sends nothing
 * @property {number} rate how fast to play what is not live
 */

/** So close to the end of what is in hand it counts as the end, in seconds. */
const lastFrames = 0.25;
/** At most so long it waits for more once something has come, in milliseconds. */
const longestHold = 800;

export class Keeper {
  /** How often the picture stood still although there was one. */
  stalls = 0;
  isStalled = false;
  /** Whether it stood still since this was last asked. */
  hasStalled = false;
  #wasAway = false;
  /** The show that was looked at, and whether it has run at all: getting under way is no standstill. */
  #of = { show: /** @type {Show | null} */ (null), hasRun: false };
  #hold = { until: 0, need: 0 };
  #last = { time: -1, at: 0, nudges: 0 };

  /**
   * @param {HTMLVideoElement} video
   * @param {Pace} pace
   */
  constructor(video, pace) {
    this.video = video;
    this.pace = pace;
  }

  /**
   * Several times a second.
   * @param {Look} look
   * @returns {"jump" | "stuck" | null} what somebody else must do
   */
  step(look) {
    const { video } = this;
    const now = performance.now();
    if (!look.show.hasBegun || video.paused || video.ended) {
      this.#moves(now);
      this.isStalled = false;
      return null;
    }
    if (video.readyState < 3 || video.seeking) this.#leap(look.show);
    this.#watch(look, now);
    if (video.seeking) return null;
    if (this.#isHolding(look, now)) {
      const isStuck = video.readyState < 3 && look.show.ahead > 0.5;
      return isStuck ? this.#nudge(look, now) : this.#moves(now);
    }
    return this.#run(look, now);
  }

  /**
   * Over a hole that nothing will fill.
   * @param {Show} show
   */
  #leap(show) {
    const { buffered, currentTime } = this.video;
    for (let i = 0; i < buffered.length; i += 1) {
      const start = buffered.start(i);
      if (start <= currentTime) {
        // The last frames before a hole are not always shown.
        if (currentTime < buffered.end(i) - lastFrames) return;
        continue;
      }
      // What is loaded next comes behind it, or it is too short to wait for.
      if (show.loadedTo >= start && (start - currentTime < 1 || !show.feeds.some((feed) => feed.course.wish))) {
        this.video.currentTime = start + 0.005;
      }
      return;
    }
  }

  /**
   * Notices when it stands still, and for how long.
   * @param {Look} look
   * @param {number} now
   */
  #watch(look, now) {
    const { video } = this;
    if (this.#of.show !== look.show) this.#of = { show: look.show, hasRun: false };
    if (video.readyState >= 3 && !video.seeking) this.#of.hasRun = true;
    if (!this.#of.hasRun) return;
    if (!this.isStalled) {
      if (video.readyState >= 3 || video.seeking) return;
      this.isStalled = true;
      this.#wasAway = false;
      const need = look.isLive ? Math.max(0.4, look.wanted * 0.5) : 1.5;
      this.#hold = { until: Infinity, need };
      return;
    }
    this.#wasAway ||= look.isAway;
    if (video.readyState < 3 || this.#hold.until === Infinity || now < this.#hold.until) return;
    this.isStalled = false;
    if (this.#wasAway) return;
    this.stalls += 1;
    this.hasStalled = true;
    if (look.isLive) this.pace.stumbled(now);
  }

  /**
   * After a standstill it gathers a little first, so that it does not stand still again at once.
   * @param {Look} look
   * @param {number} now
   */
  #isHolding(look, now) {
    if (!this.isStalled) return false;
    const hold = this.#hold;
    if (this.video.readyState < 3) return true;
    if (hold.until === Infinity) hold.until = now + longestHold;
    if (now >= hold.until) return false;
    if (look.show.ahead >= hold.need || look.show.isDone) {
      hold.until = now;
      return false;
    }
    this.#rate(0);
    return true;
  }

  /**
   * @param {Look} look
   * @param {number} now
   * @returns {"jump" | "stuck" | null}
   */
  #run(look, now) {
    if (!look.isLive) {
      this.#rate(look.rate);
      return this.#nudge(look, now);
    }
    const { rate, jumps } = this.pace.step(look.edge - this.video.currentTime, look.wanted, now);
    this.#rate(rate);
    if (jumps && look.show.ahead > 1) return "jump";
    return this.#nudge(look, now);
  }

  /**
   * There is enough in hand, and yet nothing moves: a push, and after some pushes a new beginning.
   * @param {Look} look
   * @param {number} now
   */
  #nudge(look, now) {
    const { video } = this;
    const last = this.#last;
    if (video.currentTime !== last.time || document.hidden || look.show.ahead < 0.5) return this.#moves(now);
    if (now - last.at < 1_500 + 500 * last.nudges) return null;
    if (last.nudges >= 3) return "stuck";
    video.currentTime += 0.05;
    Object.assign(last, { time: video.currentTime, at: now, nudges: last.nudges + 1 });
    return null;
  }

  /**
   * @param {number} now
   * @returns {null}
   */
  #moves(now) {
    const { currentTime } = this.video;
    const isNudged = Math.abs(currentTime - this.#last.time) < 0.02;
    this.#last = { time: currentTime, at: now, nudges: isNudged ? this.#last.nudges : 0 };
    return null;
  }

  /** @param {number} rate */
  #rate(rate) {
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
  }
}

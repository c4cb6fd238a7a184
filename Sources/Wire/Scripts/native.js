// SPDX-License-Identifier: Apache-2.0
// @ts-check
// For browsers that play HLS by themselves and let nobody else: phones of Apple's before iOS 17.1. The same buttons, as
// far as the browser lets them do anything.
import { Dates } from "./dates.js";
import { Refused } from "./door.js";
import { isAborted } from "./line.js";
import { Pace } from "./pace.js";
import { Qualities } from "./qualities.js";

/** @typedef {import("./view.js").State} State */

export class Native extends EventTarget {
  /** @type {State} */
  state = "opening";
  follows = true;
  speed = 1;
  stalls = 0;
  isHushed = false;
  canChoosePace = false;
  canRewind = false;
  /** @type {string[]} */
  codecs = [];
  pace = new Pace();
  list = null;
  wants = true;
  #wake = () => {};

  /**
   * @param {HTMLVideoElement} video
   * @param {import("./line.js").Line} line
   * @param {import("./door.js").Door} door
   * @param {string} film a recording's file; empty for what is live
   */
  constructor(video, line, door, film) {
    super();
    this.video = video;
    this.door = door;
    this.film = film;
    this.follows = !film;
    this.qualities = new Qualities(line);
    this.work = { isFilm: film !== "", dates: new Dates(), door };
    for (const name of ["playing", "pause", "waiting", "ended", "seeked", "timeupdate", "loadedmetadata"]) {
      video.addEventListener(name, () => this.#step());
    }
    video.addEventListener("waiting", () => { if (video.currentTime > 0) this.stalls += 1; });
    video.addEventListener("error", () => { this.#is("stalled"); this.#wake(); });
    setInterval(() => this.#step(), 500);
  }

  async start() {
    for (;;) {
      try {
        const stop = new AbortController();
        const { door, film, video } = this;
        if (film) await door.shown(stop.signal, () => this.#is("offline"));
        else await door.enter(stop.signal, (state) => this.#is(state === "away" ? "offline" : "awaited"));
        const base = door.base ?? door.home;
        video.src = new URL(film ? `films/${encodeURIComponent(film)}/index.m3u8` : "index.m3u8", base).href;
        this.play();
        await new Promise((done) => { this.#wake = () => done(undefined); });
        // It gave up, and tries again where it was told to.
        await new Promise((done) => setTimeout(done, 2_000));
      } catch (error) {
        if (error instanceof Refused) this.#is("refused");
        else if (!isAborted(error)) this.#is("broken");
        await new Promise((done) => { this.#wake = () => done(undefined); });
      }
    }
  }

  get position() { return this.video.currentTime; }

  get span() {
    const { seekable, duration } = this.video;
    if (this.film) return { from: 0, to: duration };
    if (!seekable.length) return { from: NaN, to: NaN };
    return { from: seekable.start(0), to: seekable.end(seekable.length - 1) };
  }

  get edge() { return this.span.to; }
  get isAtLive() { return this.follows && !(this.edge - this.position > 8); }

  /** The browser knows when its picture was. */
  get latency() {
    const begin = /** @type {{getStartDate?: () => Date}} */ (/** @type {unknown} */ (this.video)).getStartDate?.();
    const seconds = begin ? (Date.now() - begin.getTime()) / 1000 - this.position : NaN;
    return seconds >= 0 && seconds < 86_400 && !this.film ? seconds : NaN;
  }

  play() {
    this.wants = true;
    const { video } = this;
    video.play().catch(() => {
      if (video.muted) return;
      video.muted = this.isHushed = true;
      video.play().catch(() => { video.muted = this.isHushed = false; });
      this.dispatchEvent(new Event("sound"));
    });
  }

  pause() {
    this.wants = false;
    this.video.pause();
  }

  /** @param {number} media */
  seek(media) {
    const { from, to } = this.span;
    if (!Number.isFinite(to)) return;
    this.follows = !this.film && media > to - 4;
    this.video.currentTime = Math.min(Math.max(media, from), this.follows ? to - 2 : to);
  }

  /** @param {number} seconds */
  seekBy(seconds) { this.seek(this.position + seconds); }

  goLive() {
    if (this.film || !Number.isFinite(this.edge)) return;
    this.follows = true;
    this.video.currentTime = this.edge - 2;
    this.play();
  }

  choose() {}
  chooseSound() {}
  chooseProfile() {}
  async readPast() {}

  knock() {
    this.door.knock();
    if (["refused", "broken", "ended"].includes(this.state)) this.#wake();
  }

  #step() {
    const { video } = this;
    if (["awaited", "refused", "broken", "offline"].includes(this.state) && video.readyState < 2) return;
    if (video.ended) this.#is("ended");
    else if (video.readyState === 0) this.#is("opening");
    else if (video.paused) this.#is("paused");
    else this.#is(video.readyState < 3 ? "stalled" : "playing");
    if (this.film && video.playbackRate !== this.speed) video.playbackRate = this.speed;
    const begin = /** @type {{getStartDate?: () => Date}} */ (/** @type {unknown} */ (video)).getStartDate?.();
    if (begin && Number.isFinite(begin.getTime())) this.work.dates.add(0, begin.getTime(), video.currentTime + 60);
    const { latency } = this;
    if (Number.isNaN(latency)) delete video.dataset.latency;
    else video.dataset.latency = latency.toFixed(3);
    video.dataset.stalls = String(this.stalls);
    video.dataset.quality = "native";
    this.dispatchEvent(new Event("tick"));
  }

  /** @param {State} state */
  #is(state) {
    if (this.state === state) return;
    this.state = state;
    this.video.dataset.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

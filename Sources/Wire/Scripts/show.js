// SPDX-License-Identifier: Apache-2.0
// @ts-check
// One media source from its opening to its end: its source buffers, and what feeds them.
import { Source, Unplayable, plays } from "./codecs.js";
import { Feed } from "./feed.js";
import { Track, open } from "./track.js";

/** @typedef {import("./course.js").Wish} Wish */
/** @typedef {import("./feed.js").Setup} Setup */

export class Show {
  /** Whether the playhead was brought to where the show begins. */
  hasBegun = false;
  /**
   * Where to bring it: a place in the picture's time, or the live edge.
   * @type {Wish}
   */
  wish;
  wishedAt = performance.now();
  /** Where the playhead was put; once it runs, what that took is made up for. */
  #begunAt = NaN;
  #stop;

  /**
   * @param {HTMLVideoElement} video
   * @param {MediaSource} source
   * @param {Feed[]} feeds
   * @param {Wish} wish
   * @param {AbortController} stop
   */
  constructor(video, source, feeds, wish, stop) {
    this.video = video;
    this.source = source;
    this.feeds = feeds;
    this.wish = wish;
    this.#stop = stop;
  }

  /**
   * Finds out where to begin and what is played there, then opens the video for it.
   * @param {HTMLVideoElement} video
   * @param {Setup[]} setups the picture's first
   * @param {Wish} wish
   * @param {AbortController} stop gives the show up
   * @returns {Promise<Show | null>} nil when there is nothing to play any more
   */
  static async open(video, setups, wish, stop) {
    if (!Source) throw new Unplayable([]);
    const { signal } = stop;
    const feeds = setups.map((one) => new Feed(one));
    /** @type {string[]} */
    const types = [];
    let where = wish;
    for (const feed of feeds) {
      const first = await feed.prepare(where, signal);
      if (!first) return null;
      const codecs = first.head.tracks.map((one) => one.codec);
      if (!plays(codecs)) throw new Unplayable(codecs);
      types.push(first.head.type);
      // A sound of its own begins where the picture does.
      if (Number.isFinite(first.piece.date)) where = { kind: "date", date: first.piece.date };
    }
    const source = await open(video, Source, signal);
    // All buffers must be there before the first bytes.
    feeds.forEach((feed, index) => { feed.track = new Track(source, types[index], video, signal); });
    const film = setups[0].live ? null : setups[0].past;
    source.duration = film?.list?.isEnded ? film.to : Infinity;
    return new Show(video, source, feeds, wish, stop);
  }

  /** Fails when it cannot go on. */
  async run() {
    await Promise.all(this.feeds.map((feed) => feed.run(this.#stop.signal)));
  }

  close() { this.#stop.abort(); }

  get signal() { return this.#stop.signal; }

  /**
   * Where everything that is needed is in hand to, from `time` on; NaN when it is not in hand there.
   * @param {number} time
   */
  end(time = this.video.currentTime) {
    return Math.min(...this.feeds.map((feed) => feed.track?.end(time) ?? NaN));
  }

  /** How many seconds are in hand. */
  get ahead() {
    const end = this.end();
    return Number.isNaN(end) ? 0 : Math.max(0, end - this.video.currentTime);
  }

  /** Up to where everything was loaded. */
  get loadedTo() { return Math.min(...this.feeds.map((feed) => feed.loadedTo)); }

  get isDone() { return this.feeds.every((feed) => feed.isDone); }

  /**
   * Loads from somewhere else, and brings the playhead there when it has come.
   * @param {Wish} wish
   */
  move(wish) {
    this.wish = wish;
    this.wishedAt = performance.now();
    this.hasBegun = false;
    for (const feed of this.feeds) feed.move(wish);
  }

  /** The playhead was moved: what is missing there is loaded, and what follows it. */
  follow() {
    const time = this.video.currentTime;
    for (const feed of this.feeds) {
      const end = feed.track?.end(time) ?? NaN;
      if (Number.isNaN(end)) feed.move({ kind: "media", media: time });
      else if (!(Math.abs(end - feed.loadedTo) <= 0.5)) feed.move({ kind: "media", media: end });
    }
  }

  /**
   * Brings the playhead to where it was wished, once that is in hand.
   * @param {number} livePlace where live is to be watched from
   */
  begin(livePlace) {
    const { buffered } = this.video;
    if (this.hasBegun || !buffered.length) return;
    const wanted = this.wish.kind === "media" ? this.wish.media : this.wish.kind === "live" ? livePlace : NaN;
    const last = buffered.length - 1;
    let [from, to] = [buffered.start(last), buffered.end(last)];
    for (let i = 0; i < last; i += 1) {
      if (buffered.start(i) <= wanted && wanted < buffered.end(i)) [from, to] = [buffered.start(i), buffered.end(i)];
    }
    const isLate = performance.now() - this.wishedAt > 4_000;
    if (wanted > to - 0.05 && !isLate && !this.isDone) return;
    const place = Number.isNaN(wanted) ? from : Math.min(Math.max(wanted, from), Math.max(from, to - 0.1));
    this.hasBegun = true;
    this.#begunAt = this.wish.kind === "live" ? place : NaN;
    if (Math.abs(this.video.currentTime - place) > 0.01) this.video.currentTime = place;
  }

  /**
   * Getting under way takes a moment, which would have to be caught up with for a while: once it runs, and before
   * anybody is listening, it is put right.
   * @param {number} livePlace where live is to be watched from
   */
  settle(livePlace) {
    const { video } = this;
    const hasRun = video.currentTime - this.#begunAt;
    if (!(hasRun > 0.1) || video.seeking || video.paused || video.readyState < 3) return;
    this.#begunAt = NaN;
    const late = livePlace - video.currentTime;
    if (hasRun < 2 && late > 0.4 && this.end(livePlace) > livePlace + 0.5) video.currentTime = livePlace;
  }

  /** Says that nothing more comes, once everything is in hand. */
  finish() {
    const isBusy = this.feeds.some((feed) => feed.track?.buffer.updating);
    if (this.isDone && this.source.readyState === "open" && !isBusy) this.source.endOfStream();
  }
}

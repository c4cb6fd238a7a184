// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The player on Media Source Extensions: opens shows one after the other, and does with them what it is told.
import { aloud } from "./aloud.js";
import { Climb } from "./climb.js";
import { Unplayable } from "./codecs.js";
import { Patience, isAborted, isNarrow } from "./line.js";
import { remedy } from "./remedy.js";
import { View } from "./view.js";

/** @typedef {import("./course.js").Wish} Wish */
/** @typedef {import("./view.js").State} State */
const mostMistakes = 4;
const narrow = isNarrow();

export class Player extends View {
  /** @type {Wish} */
  #wish = { kind: "live", holdBack: 3 };
  #stop = new AbortController();
  #mistakes = { count: 0, since: 0 };
  /** @type {Error | null} */
  #failure = null;
  #patience = new Patience();
  #wake = () => {};
  #climb = new Climb(this);
  #say = { state: (/** @type {State} */ state) => this.is(state), offer: () => this.tell("offer") };

  /**
   * @param {HTMLVideoElement} video
   * @param {import("./line.js").Line} line
   * @param {import("./view.js").Broadcast | import("./view.js").Film} work
   */
  constructor(video, line, work) {
    super(video, line, work);
    for (const name of ["waiting", "playing", "ended", "seeked"]) video.addEventListener(name, () => this.#step());
    video.addEventListener("play", () => this.#resumed());
    video.addEventListener("pause", () => this.#paused());
    video.addEventListener("seeking", () => { if (this.show?.hasBegun) this.show.follow(); });
    video.addEventListener("error", () => { if (video.error && this.show) this.#fail(video.error.message); });
    setInterval(() => this.#step(), 200);
  }

  // What can be done to it

  /** Plays, again and again. */
  async start() {
    for (;;) {
      const stop = this.#stop = new AbortController();
      try {
        /** @type {import("./broadcast.js").Hooks} */
        const hooks = {
          time: () => (this.show?.hasBegun ? this.video.currentTime : NaN), goal: () => (this.follows ? 20 : 40),
          ontake: (taken) => this.#climb.took(taken, stop.signal),
          onBoundary: () => this.#climb.decide(true, false), onGap: (list) => this.#climb.gap(list),
          onRefused: (live) => this.#climb.refused(live),
          isHopeless: (bytes, seconds, total) => this.#climb.isHopeless(bytes, seconds, total),
        };
        this.show = await this.work.open(this.video, this.#wish, this.height, hooks, stop, this.#say);
        if (this.show) {
          this.tell("open");
          if (this.wants) this.play();
          await this.show.run();
        } else await this.#rest("ended");
      } catch (error) {
        const failure = this.#failure;
        this.#failure = null;
        if (failure || !isAborted(error)) await this.#mend(failure ?? error);
      }
      stop.abort();
      this.show = null;
    }
  }

  /** Something may have changed: tries what it waits for. */
  knock() {
    this.#wake();
    this.work.door.knock();
  }

  play() {
    this.wants = true;
    aloud(this);
  }

  pause() {
    this.wants = false;
    this.video.pause();
  }

  /** @param {number} seconds */
  seekBy(seconds) { this.seek(this.position + seconds); }

  /** @param {number} media in the picture's time */
  seek(media) {
    const { from, to } = this.span;
    if (!this.show?.hasBegun) return;
    if (!this.work.isFilm && media > to - this.wanted - 0.5) return this.goLive();
    this.follows = false;
    this.video.currentTime = Math.max(media, (Number.isFinite(from) ? from : 0) + 0.05);
  }

  goLive() {
    const { show } = this;
    if (this.work.isFilm || !show) return;
    this.follows = true;
    const place = this.edge - this.wanted;
    if (show.end(place) > place + 0.1 && show.loadedTo > place) this.video.currentTime = place;
    else show.move({ kind: "live", holdBack: this.wanted });
    if (this.video.paused) this.play();
  }

  /** @param {string} choice `auto`, `sound` or a variant's address */
  choose(choice) {
    const before = this.qualities.choice;
    this.qualities.wanted = choice;
    if (before === choice) return;
    if (before === "sound" || choice === "sound") this.#reopen();
    else this.#climb.decide(true, true);
    this.tell("offer");
  }

  /** @param {string} id of a sound */
  chooseSound(id) {
    this.qualities.soundChoice = id;
    this.#reopen();
    this.tell("offer");
  }

  /** @param {import("./pace.js").Profile} profile */
  chooseProfile(profile) {
    this.pace.profile = profile;
    this.pace.extra = 0;
    if (this.follows) this.goLive();
    this.tell("offer");
  }

  /** Learns what there is to go back to. */
  async readPast() {
    const { past, dates } = this.work;
    const course = this.show?.feeds[0]?.course;
    if (!course || !past || this.work.isFilm) return;
    const isThere = await course.readPast(this.#stop.signal, 60_000).catch(() => false);
    if (!isThere || Number.isNaN(past.offset)) return;
    for (const one of past.pieces) dates.add(one.start + past.offset, one.date, one.duration);
  }

  // What happens to it

  #paused() {
    // A show that is closed pauses the video too; nobody wanted that.
    if (this.show?.hasBegun && !this.video.ended && !this.#stop.signal.aborted) this.wants = false;
    this.#step();
  }

  #resumed() {
    // Who paused for a while goes on where it was.
    const isLate = this.edge - this.video.currentTime > this.wanted + 8;
    if (this.follows && this.show?.hasBegun && isLate) this.follows = false;
    this.#step();
  }

  #step() {
    const { show, video, keeper } = this;
    if (!show) return this.write();
    show.begin(this.edge - this.wanted);
    if (this.follows) show.settle(this.edge - this.wanted);
    show.finish();
    this.#climb.watch(this.#stop.signal);
    if (this.list) this.list.isEager = this.follows && this.pace.profile === "closest" && !narrow;
    const { isAway } = this;
    const { follows: isLive, edge, wanted, speed: rate } = this;
    const does = keeper.step({ show, isLive, edge, wanted, isAway, rate });
    if (does === "jump") this.goLive();
    if (does === "stuck") this.#fail("nothing moves");
    if (video.ended && show.isDone) this.is("ended");
    else if (!show.hasBegun) this.is(["awaited", "opening"].includes(this.state) ? "opening" : "stalled");
    else if (video.paused) this.is("paused");
    else if (!keeper.isStalled && !video.seeking) this.is("playing");
    else if (this.line.lostSince && performance.now() - this.line.lostSince > 2_000) this.is("offline");
    else this.is(isAway ? "away" : "stalled");
    this.write();
  }

  // When something goes wrong

  /** Closes the show and opens another one where this one was. */
  #reopen() {
    const { video, work } = this;
    const date = work.dates.dateAt(video.currentTime);
    if (work.isFilm) this.#wish = { kind: "media", media: video.currentTime };
    else if (this.follows || Number.isNaN(date)) this.#wish = { kind: "live", holdBack: this.wanted };
    else this.#wish = { kind: "date", date };
    this.#stop.abort();
  }

  /**
   * The browser gave up, or nothing moves.
   * @param {string} why
   */
  #fail(why) {
    this.#failure = new Error(why);
    this.#reopen();
  }

  /** @param {unknown} error */
  async #mend(error) {
    const does = remedy(error, this.work.isFilm);
    if (error instanceof Unplayable) this.codecs = error.codecs;
    if (does.rests) return this.#rest(does.rests);
    this.#reopen();
    if (!Number.isNaN(does.date)) this.#wish = { kind: "date", date: does.date };
    if (does.forgetsAddresses) this.work.forget();
    if (does.forgetsToken) this.work.door.forget();
    if (does.is) this.is(does.is);
    if (does.isMistake && this.#isTooMuch(error)) return this.#rest("broken");
    if (does.waits || this.#mistakes.count > 1) await this.#patience.wait();
  }

  /**
   * One more mistake: whether there were too many within a minute.
   * @param {unknown} error
   */
  #isTooMuch(error) {
    console.warn(error);
    const now = performance.now();
    if (now - this.#mistakes.since > 60_000) this.#mistakes = { count: 0, since: now };
    this.#mistakes.count += 1;
    return this.#mistakes.count > mostMistakes;
  }

  /**
   * @param {State} state
   * @returns {Promise<void>} until somebody knocks
   */
  #rest(state) {
    this.is(state);
    return new Promise((done) => { this.#wake = () => done(undefined); });
  }
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What can be seen of the player: how it stands, where it is, how far behind, and what there is to choose from.
import { Keeper } from "./keeper.js";
import { Pace } from "./pace.js";

/** @typedef {import("./broadcast.js").Broadcast} Broadcast */
/** @typedef {import("./broadcast.js").Film} Film */
/**
 * @typedef {"opening" | "awaited" | "playing" | "paused" | "stalled" | "away" | "offline" | "ended" | "refused"
 *   | "broken"} State
 */

export class View extends EventTarget {
  /** @type {State} */
  state = "opening";
  /** Whether it stays with the live edge; else it plays where somebody went. */
  follows;
  /** How fast to play what is not live. */
  speed = 1;
  /** Whether somebody wants it to play, whatever the browser lets it do. */
  wants = true;
  /** Whether it is silent because the browser wants a touch first. */
  isHushed = false;
  canChoosePace = true;
  /** @type {string[]} what cannot be played, when it is broken */
  codecs = [];
  pace = new Pace();
  /** @type {import("./show.js").Show | null} */
  show = null;

  /**
   * @param {HTMLVideoElement} video
   * @param {import("./line.js").Line} line
   * @param {Broadcast | Film} work
   */
  constructor(video, line, work) {
    super();
    this.video = video;
    this.line = line;
    this.work = work;
    this.follows = !work.isFilm;
    this.keeper = new Keeper(video, this.pace);
  }

  get qualities() { return this.work.qualities; }
  get list() { return this.show?.feeds[0]?.course.live ?? null; }
  get position() { return this.video.currentTime; }
  get stalls() { return this.keeper.stalls; }
  get canRewind() { return this.work.hasPast && this.show !== null; }

  /** Where live is now, in the picture's time; NaN while that is not known. */
  get edge() {
    const { list } = this;
    if (!list?.list) return this.work.isFilm ? this.work.past?.to ?? NaN : NaN;
    // When nothing new comes, live stands still.
    const most = this.follows ? 2 * (list.list.partTarget || list.list.target) : 8;
    const since = (performance.now() - list.grownAt) / 1000;
    return list.to + (list.list.isEnded ? 0 : Math.min(since, most));
  }

  /** How far behind the edge it means to be. */
  get wanted() { return this.list?.list ? this.pace.wanted(this.list.list) : 3; }

  /** From where to where one can go, in the picture's time. */
  get span() {
    const { past, hasPast } = this.work;
    const froms = [hasPast && past ? past.from : NaN, this.list?.from ?? NaN].filter(Number.isFinite);
    return { from: Math.min(...froms), to: this.edge };
  }

  /** How long ago the studio got what is seen, in seconds; NaN while that is not known. */
  get latency() { return this.work.latency(this.work.dates.dateAt(this.video.currentTime)); }

  get isAtLive() { return this.follows && !(this.edge - this.video.currentTime > this.wanted + 4); }

  /** Whether everything that is listed is in hand. */
  get isAllLoaded() { return this.show !== null && this.follows && this.show.loadedTo > (this.list?.to ?? NaN) - 0.3; }

  /** Whether the server lists nothing new although it answers. */
  get isAway() {
    const list = this.list;
    if (!list?.list || this.line.lostSince || !this.follows) return false;
    const patience = Math.max(1.5, 3 * (list.list.partTarget || list.list.target));
    return this.isAllLoaded && (performance.now() - list.grownAt) / 1000 > patience;
  }

  /** For tests, and for those who want to know. */
  write() {
    const { dataset } = this.video;
    const { latency, qualities, keeper } = this;
    dataset.state = this.state;
    dataset.stalls = String(keeper.stalls);
    dataset.line = String(Math.round(qualities.estimate.bitsPerSecond / 1000));
    dataset.quality = qualities.choice === "sound" ? "sound" : qualities.rung?.uri ?? "";
    if (Number.isNaN(latency)) delete dataset.latency;
    else dataset.latency = latency.toFixed(3);
    this.tell("tick");
  }

  /** The lines that the screen has for the picture. */
  get height() { return Math.max(180, this.video.clientHeight) * (globalThis.devicePixelRatio || 1); }

  /** @param {State} state */
  is(state) {
    if (this.state === state) return;
    this.state = state;
    this.video.dataset.state = state;
    this.tell("state");
  }

  /** @param {string} name */
  tell(name) { this.dispatchEvent(new Event(name)); }
}

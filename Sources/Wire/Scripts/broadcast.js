// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What is shown: a broadcast while it is live, with what was before, or the film that was made of it.
import { Dates } from "./dates.js";
import { Glass } from "./glass.js";
import { pause } from "./line.js";
import { multivariant } from "./multivariant.js";
import { Qualities } from "./qualities.js";
import { Past } from "./rendition.js";
import { Show } from "./show.js";

/** @typedef {import("./course.js").Wish} Wish */
/** @typedef {import("./feed.js").Setup} Setup */
/** @typedef {Pick<Setup, "time" | "goal" | "ontake" | "onGap" | "onBoundary" | "onRefused"
 *   | "isHopeless">} Hooks */

class Work {
  dates = new Dates();
  /** @type {Past | null} */
  past = null;

  /**
   * @param {import("./line.js").Line} line
   * @param {import("./door.js").Door} door
   */
  constructor(line, door) {
    this.line = line;
    this.door = door;
    this.qualities = new Qualities(line);
  }

  /** Whether there is something to go back to. */
  get hasPast() { return !!this.past?.pieces.length && !Number.isNaN(this.past.offset); }

  /**
   * How long ago the studio got what was at this date, in seconds; NaN when that is not known.
   * @param {number} _date
   * @returns {number}
   */
  latency(_date) { return NaN; }

  /** @param {import("./rendition.js").Rendition} _list that was read */
  note(_list) {}

  /**
   * Reads anew which qualities there are.
   * @param {AbortSignal} _signal
   * @param {() => void} _say that they are others
   */
  async reoffer(_signal, _say) {}

  /** Nothing of what was known is true any more: another server, or the same one with another memory. */
  forget() {}
}

export class Broadcast extends Work {
  isFilm = false;
  #glass = new Glass();

  /**
   * @param {HTMLVideoElement} video
   * @param {Wish} wish
   * @param {number} height of the picture on the screen
   * @param {Hooks} hooks
   * @param {AbortController} stop
   * @param {{state: (state: "awaited" | "offline") => void, offer: () => void}} say
   * @returns {Promise<Show | null>}
   */
  async open(video, wish, height, hooks, stop, say) {
    const { signal } = stop;
    const { door, qualities, line } = this;
    const text = await door.enter(signal, (state) => say.state(state === "away" ? "offline" : "awaited"));
    const base = door.base ?? door.home;
    if (qualities.base?.href !== base.href) this.#arrive(base);
    qualities.take(multivariant(text), base);
    say.offer();
    const { main: first, sound, isAlone } = qualities.begin(height);
    const main = await this.#alive(first, isAlone, signal);
    if (main.list?.isEnded && wish.kind === "live") return null;
    const common = { ...hooks, line, past: this.past, dates: this.dates };
    /** @type {Setup[]} */
    const setups = [{ ...common, live: main, kind: isAlone ? "audio" : sound ? "video" : "both" }];
    const nothing = () => {};
    const quiet = {
      ontake: nothing, onBoundary: nothing, onRefused: nothing, onGap: () => false, isHopeless: () => false,
    };
    if (sound) setups.push({ ...common, ...quiet, live: sound, kind: "audio" });
    this.#refresh(signal, say.offer).catch(() => {});
    return Show.open(video, setups, wish, stop);
  }

  /**
   * A quality that has something to play, this one if possible.
   * @param {import("./rendition.js").Live} first
   * @param {boolean} isAlone whether there is no other
   * @param {AbortSignal} signal
   */
  async #alive(first, isAlone, signal) {
    await first.reload(signal, false);
    let main = first;
    while (main.isVoid && !main.list?.isEnded && !isAlone) {
      const other = this.qualities.leave(performance.now());
      if (!other) return first;
      main = other;
      await main.reload(signal, false);
    }
    return main;
  }

  /** @param {number} date */
  latency(date) { return this.#glass.latency(date); }

  /** @param {import("./rendition.js").Rendition} list */
  note(list) { this.#glass.note(list); }

  forget() { this.qualities.base = undefined; }

  /** @param {URL} base */
  #arrive(base) {
    this.qualities.forget();
    this.past = this.door.isPreview ? null : new Past(this.line, new URL("past.m3u8", base));
    this.dates = new Dates();
    this.#glass = new Glass();
  }

  /**
   * Reads the multivariant playlist now and then: qualities may come later.
   * @param {AbortSignal} signal
   * @param {() => void} say
   */
  async #refresh(signal, say) {
    for (const seconds of [6, 15, 30, 60, 120, 300]) {
      await pause(seconds * (800 + Math.random() * 400), signal);
      await this.reoffer(signal, say);
    }
  }

  /**
   * @param {AbortSignal} signal
   * @param {() => void} say
   */
  async reoffer(signal, say) {
    const { base, offer } = this.qualities;
    if (!base) return;
    const { text } = await this.line.text(new URL("index.m3u8", base), { signal });
    const now = multivariant(text);
    if (JSON.stringify(now) === JSON.stringify(offer)) return;
    this.qualities.take(now, base);
    say();
  }
}

export class Film extends Work {
  isFilm = true;

  /**
   * @param {import("./line.js").Line} line
   * @param {import("./door.js").Door} door
   * @param {string} file
   */
  constructor(line, door, file) {
    super(line, door);
    this.file = file;
  }

  /**
   * @param {HTMLVideoElement} video
   * @param {Wish} wish
   * @param {number} _height
   * @param {Hooks} hooks
   * @param {AbortController} stop
   * @param {{state: (state: "offline") => void, offer: () => void}} say
   * @returns {Promise<Show | null>}
   */
  async open(video, wish, _height, hooks, stop, say) {
    const { signal } = stop;
    const base = await this.door.shown(signal, () => say.state("offline"));
    let address = this.address("index.m3u8", base);
    let { text } = await this.line.text(address, { signal });
    const [best] = multivariant(text).variants.sort((one, two) => two.bandwidth - one.bandwidth);
    if (best) {
      address = new URL(best.uri, address);
      ({ text } = await this.line.text(address, { signal }));
    }
    const past = new Past(this.line, address);
    past.take(text);
    // Wherever its clock begins: a film begins at 0.
    past.offset = -(past.list?.segments[0]?.start ?? 0);
    this.past = past;
    const begin = wish.kind === "live" ? { kind: /** @type {const} */ ("media"), media: 0 } : wish;
    const { line, dates } = this;
    return Show.open(video, [{ ...hooks, line, past, dates, live: null, kind: "both" }], begin, stop);
  }

  /**
   * Something that belongs to the film.
   * @param {string} name
   * @param {URL | null} base
   */
  address(name, base = this.door.base) {
    return new URL(`films/${encodeURIComponent(this.file)}/${name}`, base ?? this.door.home);
  }
}

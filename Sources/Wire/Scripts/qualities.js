// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Which qualities and sounds there are to choose from, and which of them plays.
import { playable } from "./codecs.js";
import { Estimate } from "./estimate.js";
import { keep, kept } from "./kept.js";
import { Ladder } from "./ladder.js";
import { Live } from "./rendition.js";

/** @typedef {import("./multivariant.js").Offer} Offer */
/** @typedef {import("./multivariant.js").Variant} Variant */
/** @typedef {import("./multivariant.js").Sound} Sound */
/** @typedef {import("./ladder.js").Look} Look */

const awayMilliseconds = 15_000;

export class Qualities {
  /** What somebody chose: `auto`, `sound`, or a variant's address. It may be away, and come back. */
  wanted = "auto";
  /** A sound's address, or its name when it is in the picture's files; empty for the default. */
  soundChoice = "";
  /** @type {Offer} */
  offer = { variants: [], sounds: [], subtitles: [] };
  /** @type {Variant[]} */
  rungs = [];
  /** @type {Variant | null} */
  soundOnly = null;
  estimate = new Estimate(Number(kept("line")) || 0);
  #ladder = new Ladder([]);
  /** @type {Map<string, Live>} */
  #lists = new Map();
  #keptAt = 0;
  /**
   * Qualities that have nothing to play at present, and until when not to try them.
   * @type {Map<string, number>}
   */
  #away = new Map();

  /** @param {import("./line.js").Line} line */
  constructor(line) { this.line = line; }

  /** Another base has other lists. */
  forget() { this.#lists.clear(); }

  /**
   * @param {Offer} offer
   * @param {URL} base
   */
  take(offer, base) {
    const playing = this.rung?.uri;
    const found = playable(offer);
    this.offer = offer;
    this.base = base;
    this.rungs = found.rungs;
    this.soundOnly = found.soundOnly;
    const ladder = new Ladder(this.rungs);
    const { patience, fellAt, climbedAt } = this.#ladder;
    Object.assign(ladder, { patience, fellAt, climbedAt });
    ladder.current = Math.max(0, this.rungs.findIndex((one) => one.uri === playing));
    this.#ladder = ladder;
  }

  /** What was chosen, as far as it is to be had. */
  get choice() { return this.#isOffered(this.wanted) ? this.wanted : "auto"; }

  /** @param {string} choice */
  #isOffered(choice) {
    if (choice === "sound") return this.hasSoundOnly;
    return choice === "auto" || this.rungs.some((one) => one.uri === choice);
  }

  /**
   * The picture that plays, or would.
   * @returns {Variant | undefined}
   */
  get rung() { return this.rungs[this.#ladder.current]; }

  /** Whether there is a picture that one could do without. */
  get hasSoundOnly() {
    const hasOwn = this.soundOnly !== null || this.offer.sounds.some((one) => one.uri);
    return hasOwn && this.rungs.some((one) => one.height > 0);
  }

  /** The sounds that belong to what plays. */
  get sounds() { return this.offer.sounds.filter((one) => one.group === this.rung?.group); }

  /** @returns {Sound | undefined} */
  get sound() {
    const { sounds } = this;
    return sounds.find((one) => soundID(one) === this.soundChoice) ?? sounds.find((one) => one.isDefault) ?? sounds[0];
  }

  /**
   * The choice as it is when the show begins.
   * @param {number} height of the picture on the screen
   */
  begin(height) {
    if (this.choice === "auto") this.#ladder.first(this.estimate.bitsPerSecond, height);
    else this.#ladder.current = Math.max(0, this.rungs.findIndex((one) => one.uri === this.choice));
    const { rung, sound } = this;
    const isAlone = this.choice === "sound";
    const alone = sound?.uri || this.soundOnly?.uri || this.offer.sounds.find((one) => one.uri)?.uri || "";
    if (isAlone) return { main: this.list(alone), sound: null, isAlone };
    return { main: this.list(rung?.uri ?? ""), sound: sound?.uri ? this.list(sound.uri) : null, isAlone };
  }

  /** @param {string} uri */
  list(uri) {
    const known = this.#lists.get(uri);
    if (known) return known;
    const list = new Live(this.line, new URL(uri, this.base));
    this.#lists.set(uri, list);
    return list;
  }

  /**
   * Which picture to go on with; nil to stay.
   * @param {Look} look
   * @returns {Live | null}
   */
  next(look) {
    const before = this.#ladder.current;
    if (this.choice === "auto") this.#ladder.next(look);
    else this.#ladder.current = Math.max(0, this.rungs.findIndex((one) => one.uri === this.choice));
    this.#remember();
    if ((this.#away.get(this.rung?.uri ?? "") ?? 0) > look.now) this.#ladder.current = before;
    return before === this.#ladder.current || !this.rung ? null : this.list(this.rung.uri);
  }

  /**
   * What plays has nothing to play: goes to the nearest other quality; nil when there is none.
   * @param {number} now
   * @returns {Live | null}
   */
  leave(now) {
    this.#away.set(this.rung?.uri ?? "", now + awayMilliseconds);
    const other = this.#nearest(now);
    if (!other) return null;
    this.#ladder.current = this.rungs.indexOf(other);
    return this.list(other.uri);
  }

  /**
   * Another quality to compare with; nil when there is none.
   * @param {number} now
   */
  beside(now) {
    const other = this.#nearest(now);
    return other ? this.list(other.uri) : null;
  }

  /**
   * What plays goes on playing, because another one cannot.
   * @param {Live | null} playing
   * @param {Live} other
   * @param {number} now
   */
  stay(playing, other, now) {
    /** @param {Live | null} live */
    const rung = (live) => this.rungs.findIndex((one) => this.list(one.uri) === live);
    this.#away.set(this.rungs[rung(other)]?.uri ?? "", now + awayMilliseconds);
    if (rung(playing) >= 0) this.#ladder.current = rung(playing);
  }

  /**
   * Lower ones first.
   * @param {number} now
   */
  #nearest(now) {
    const at = this.#ladder.current;
    const others = this.rungs.map((one, index) => ({ one, distance: Math.abs(index - at) + (index > at ? 0.5 : 0) }))
      .filter(({ one, distance }) => distance > 0 && !((this.#away.get(one.uri) ?? 0) > now));
    return others.sort((left, right) => left.distance - right.distance)[0]?.one;
  }

  get isLowest() { return this.#ladder.current === 0; }

  #remember() {
    if (performance.now() - this.#keptAt < 10_000) return;
    this.#keptAt = performance.now();
    keep("line", String(Math.round(this.estimate.bitsPerSecond)));
  }
}

/** @param {Sound} sound */
export const soundID = (sound) => sound.uri || sound.name;

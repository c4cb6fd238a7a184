// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Feeds one source buffer: fetches what comes next and makes of it what the buffer takes.
import { only, startOf, tracks } from "./boxes.js";
import { type } from "./codecs.js";
import { Course } from "./course.js";
import { Lost, Patience, isAborted, pause } from "./line.js";

/** @typedef {import("./rendition.js").Rendition} Rendition */
/** @typedef {import("./rendition.js").Live} Live */
/** @typedef {import("./rendition.js").Past} Past */
/** @typedef {import("./rendition.js").Piece} Piece */
/** @typedef {import("./course.js").Wish} Wish */
/** @typedef {import("./course.js").Next} Next */
/** @typedef {{bytes: ArrayBuffer, tracks: import("./boxes.js").Track[], type: string}} Head an init segment */
/** @typedef {{piece: Piece, list: Rendition, media: number, byteCount: number, seconds: number}} Taken */
/**
 * @typedef {object} Setup
 * @property {import("./line.js").Line} line
 * @property {Live | null} live
 * @property {Past | null} past
 * @property {"video" | "audio" | "both"} kind what of the files it takes
 * @property {import("./dates.js").Dates} dates
 * @property {() => number} time where the playhead is; NaN while it is not where it shall begin
 * @property {() => number} goal how many seconds to have in hand at most
 * @property {(taken: Taken) => void} ontake
 * @property {(list: Rendition) => boolean} onGap a list has nothing to play here: whether another one was turned to
 * @property {() => void} onBoundary a segment of the live list begins next
 * @property {(live: Live) => void} onRefused a quality that was turned to cannot go on from here
 * @property {(bytes: number, seconds: number, total: number) => boolean} isHopeless whether to give a slow download up
 */

/** What comes now has other kinds of tracks than what came: that needs another media source. */
export class Restructured extends Error {
  /** @param {number} date of the first such piece, in milliseconds since 1970 */
  constructor(date) {
    super("other tracks");
    this.date = date;
  }
}

/** So many pieces in a row may be missing before the list is not believed any more. */
const mostMissing = 5;

export class Feed {
  /** @type {import("./track.js").Track | null} */
  track = null;
  /** Where what was loaded last ends, in the picture's time; NaN while it goes somewhere else. */
  loadedTo = NaN;
  /** Nothing more comes. */
  isDone = false;
  /** @type {Next | null} */
  #ready = null;
  /** @type {Map<string, Head>} */
  #heads = new Map();
  /** The init segment that the buffer knows. */
  #map = "";
  #kinds = "";
  #turn = new AbortController();
  #patience = new Patience();
  #missing = 0;

  /** @param {Setup} setup */
  constructor(setup) {
    this.setup = setup;
    this.course = new Course(setup.live, setup.past, setup);
  }

  /**
   * Finds where to begin, and what a source buffer must be able to take.
   * @param {Wish} wish
   * @param {AbortSignal} signal
   */
  async prepare(wish, signal) {
    for (let tries = 0; ; tries += 1) {
      this.course.wish = wish;
      this.#ready = await this.course.next(signal);
      if (!this.#ready) return null;
      try {
        const head = await this.#head(this.#ready, signal);
        this.#kinds = kinds(head);
        return { head, ...this.#ready };
      } catch (error) {
        if (!(error instanceof Lost) || (error.isFinal && tries > 1)) throw error;
        await this.#patience.wait(signal);
        await this.course.live?.reload(signal, false);
      }
    }
  }

  /** @param {AbortSignal} signal that the media source is given up */
  async run(signal) {
    signal.addEventListener("abort", () => this.#turn.abort());
    while (!signal.aborted) {
      const here = this.#turn.signal;
      try {
        await this.#room(here);
        const next = this.#ready ?? (await this.course.next(here));
        this.#ready = null;
        this.isDone = !next;
        if (next) await this.#take(next, here);
        else await pause(2 ** 31 - 1, here);
      } catch (error) {
        if (!here.aborted) throw error;
      }
    }
  }

  /**
   * Goes on somewhere else.
   * @param {Wish} wish
   */
  move(wish) {
    this.course.wish = wish;
    this.#ready = null;
    this.isDone = false;
    this.loadedTo = NaN;
    this.#again();
  }

  /**
   * Goes on in another quality.
   * @param {Live} live
   */
  turn(live) {
    this.course.turn(live);
    this.#again();
  }

  #again() {
    this.#turn.abort();
    this.#turn = new AbortController();
  }

  /**
   * Waits while there is enough in hand.
   * @param {AbortSignal} signal
   */
  async #room(signal) {
    // A managed source says when it wants nothing.
    const source = /** @type {{streaming?: boolean} | undefined} */ (this.track?.source);
    while (!this.course.wish && !this.#ready) {
      const ahead = this.loadedTo - this.setup.time();
      if (!(ahead > this.setup.goal()) && !(source?.streaming === false && ahead > 5)) return;
      await pause(400, signal);
      await this.course.glance(signal);
    }
  }

  /**
   * @param {Next} next
   * @param {AbortSignal} signal
   */
  async #head({ piece, list }, signal) {
    const key = `${piece.map} ${piece.mapRange ?? ""}`;
    const known = this.#heads.get(key);
    if (known) return known;
    const { bytes } = await this.setup.line.get(new URL(piece.map, list.address), { signal, range: piece.mapRange });
    const { kind } = this.setup;
    const wanted = tracks(bytes).filter((one) => one.kind === kind || (kind === "both" && one.kind !== "other"));
    const head = {
      bytes: kind === "both" ? bytes : only(bytes, wanted.map((one) => one.id)), tracks: wanted,
      type: type(wanted.map((one) => one.codec)),
    };
    if (this.#heads.size > 20) this.#heads.clear();
    this.#heads.set(key, head);
    return head;
  }

  /**
   * @param {Next} next
   * @param {AbortSignal} signal
   */
  async #take(next, signal) {
    const { piece, list } = next;
    const { track, setup } = this;
    if (!track) return;
    try {
      if (piece.isGap) return setup.onGap(list) ? undefined : this.#pass(next, list.offset + piece.start);
      const head = await this.#head(next, signal);
      const came = await this.#body(piece, list, signal);
      if (!came) return;
      const map = `${piece.map} ${piece.mapRange ?? ""}`;
      if (this.#map !== map) {
        if (kinds(head) !== this.#kinds) throw new Restructured(piece.date);
        await track.change(head.type);
        await track.put(head.bytes);
        this.#map = map;
      }
      const media = list.place(piece, startOf(came.bytes, head.tracks));
      const ids = head.tracks.map((one) => one.id);
      await track.put(setup.kind === "both" ? came.bytes : only(came.bytes, ids), list.shift);
      setup.dates.add(media, piece.date, piece.duration);
      this.#patience.reset();
      this.#missing = 0;
      // Somebody went somewhere else meanwhile: where this one ends is of no interest any more.
      if (signal.aborted) return;
      this.#pass(next, media);
      setup.ontake({ piece, list, media, byteCount: came.bytes.byteLength, seconds: came.seconds });
      await track.trim();
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      await this.#lost(error, next, signal);
    }
  }

  /**
   * The piece's bytes; nil when they came too slowly.
   * @param {Piece} piece
   * @param {Rendition} list
   * @param {AbortSignal} signal
   */
  async #body(piece, list, signal) {
    // What was asked for early may have been another promise than was kept.
    const early = "early" in list ? /** @type {Live} */ (list).early(piece) : null;
    const came = await early?.catch(() => null);
    if (came) return came;
    if (signal.aborted) throw signal.reason;
    const cut = new AbortController();
    const stop = () => cut.abort();
    signal.addEventListener("abort", stop, { once: true });
    /**
     * @param {number} bytes
     * @param {number} seconds
     * @param {number} total
     */
    const onprogress = (bytes, seconds, total) => { if (this.setup.isHopeless(bytes, seconds, total)) cut.abort(); };
    const address = new URL(piece.uri, list.address);
    try {
      return await this.setup.line.get(address, { signal: cut.signal, range: piece.range, onprogress });
    } catch (error) {
      if (isAborted(error) && !signal.aborted) return null;
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /**
   * @param {Next} next
   * @param {number} media
   */
  #pass(next, media) {
    this.loadedTo = media + next.piece.duration;
    this.course.pass(next);
  }

  /**
   * A piece did not come: one that is gone is passed over, others are asked for again.
   * @param {Lost} error
   * @param {Next} next
   * @param {AbortSignal} signal
   */
  async #lost(error, next, signal) {
    if (error.isFinal) {
      this.#missing += 1;
      // The server knows nothing of this list any more.
      if (this.#missing > mostMissing) throw error;
      this.#pass(next, next.list.offset + next.piece.start);
    } else {
      this.#ready = this.course.cursor ? null : next;
      await this.#patience.wait(signal);
    }
  }
}

/** @param {Head} head */
const kinds = (head) => head.tracks.map((one) => one.kind).sort().join("+");

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// One playlist, and the pieces it lists: parts where it has them, else whole segments. `Live` is followed with
// blocking reloads; `Past` is what was recorded, and is read again only where it ends.
import { media } from "./playlist.js";
import { Lost, Patience, isAborted, pause } from "./line.js";

/** @typedef {import("./playlist.js").List} List */
/** @typedef {import("./playlist.js").Segment} Segment */
/** @typedef {import("./line.js").Line} Line */
/** @typedef {import("./line.js").Came} Came */
/**
 * @typedef {object} Piece what is fetched and appended in one go
 * @property {number} msn
 * @property {number} part Infinity for a whole segment
 * @property {string} uri
 * @property {import("./playlist.js").Range | null} range
 * @property {string} map
 * @property {import("./playlist.js").Range | null} mapRange
 * @property {number} duration in seconds
 * @property {number} start in seconds, on its list's scale
 * @property {number} date in milliseconds since 1970
 * @property {boolean} isKey whether decoding can begin here
 * @property {boolean} isFirst whether a segment begins with it
 * @property {boolean} isGap
 * @property {Piece | null} whole of a segment's first part: the segment, when it is complete
 */

/**
 * @param {List} list
 * @returns {Piece[]}
 */
export function pieces(list) {
  return list.segments.flatMap((segment) => {
    const { msn, uri, range, map, mapRange, date, start, duration, isGap } = segment;
    /** @type {Piece} */
    const whole = {
      msn, part: Infinity, uri, range, map, mapRange, duration, start, date, isGap, isKey: true, isFirst: true,
      whole: null,
    };
    if (!segment.parts.length) return [whole];
    let passed = 0;
    return segment.parts.map((part, index) => {
      /** @type {Piece} */
      const piece = {
        ...part, msn, part: index, map, mapRange, start: start + passed, date: date + passed * 1000,
        isFirst: index === 0, isGap, whole: index === 0 && !segment.isOpen ? whole : null,
      };
      passed += part.duration;
      return piece;
    });
  });
}

export class Rendition {
  /** @type {List | null} */
  list = null;
  /** @type {Piece[]} */
  pieces = [];
  /** The picture's clock minus the list's scale; NaN before a piece of it was looked into. */
  offset = NaN;
  /** The picture's clock minus that of the files: not 0 where a film's begins elsewhere. */
  shift = 0;
  /** When the list was read, and when it last had something new; `performance.now`. */
  readAt = 0;
  grownAt = 0;

  /**
   * @param {Line} line
   * @param {URL} address
   */
  constructor(line, address) {
    this.line = line;
    this.address = address;
  }

  /** @param {string} text */
  take(text) {
    const before = this.list;
    const list = media(text, before);
    this.readAt = performance.now();
    if (!list) {
      this.list = null;
      return;
    }
    const overlaps = !before || list.segments.some((one) => before.segments.some((two) => two.msn === one.msn));
    // Durations say nothing of what was not listed in the meantime.
    if (!overlaps) this.offset = NaN;
    if (!before || list.msn !== before.msn || list.part !== before.part) this.grownAt = this.readAt;
    this.list = list;
    this.pieces = pieces(list);
  }

  /**
   * A piece begins at `time` by its own clock: answers where it belongs in the picture.
   * @param {Piece} piece
   * @param {number} time
   */
  place(piece, time) {
    if (Number.isNaN(this.offset)) this.offset = time + this.shift - piece.start;
    const wanted = this.offset + piece.start;
    if (Math.abs(wanted - time - this.shift) > 1) this.shift = wanted - time;
    else this.offset = time + this.shift - piece.start;
    return time + this.shift;
  }

  /** The picture's time where the list begins, and where it ends. */
  get from() { return this.offset + (this.list?.segments[0]?.start ?? NaN); }
  get to() { return this.offset + (this.list?.end ?? NaN); }

  /**
   * What comes after this piece of the same list.
   * @param {{msn: number, part: number, end: number}} cursor
   */
  after({ msn, part, end }) {
    return this.pieces.find((one) => {
      if (one.msn !== msn) return one.msn > msn;
      return one.part === Infinity ? part !== Infinity && one.start + one.duration > end + 0.05 : one.part > part;
    });
  }

  /**
   * The latest piece to begin decoding at that begins by this place of the list's scale.
   * @param {number} place
   */
  covering(place) {
    const good = this.pieces.filter((one) => one.isKey && !one.isGap);
    return good.findLast((one) => one.start <= place + 0.02) ?? good[0];
  }

  /** When what is listed ends, on the world's clock. */
  get lastDate() {
    const last = this.pieces.at(-1);
    return last ? last.date + last.duration * 1000 : NaN;
  }

  /**
   * The place of a date on the list's scale; NaN when the list is not of that time.
   * @param {number} date
   */
  placeOf(date) {
    const known = this.pieces.findLast((one) => one.date <= date + 20);
    return known ? known.start + Math.min((date - known.date) / 1000, known.duration) : NaN;
  }
}

export class Live extends Rendition {
  /**
   * What is promised next, already asked for.
   * @type {{uri: string, came: Promise<Came>, stop: AbortController} | null}
   */
  #early = null;
  #patience = new Patience();
  /** Whether to ask for what is promised before it is listed. */
  isEager = false;

  /** Whether it has nothing to play at its end: what makes it is away. */
  get isVoid() { return this.pieces.at(-1)?.isGap ?? true; }

  /**
   * Far enough from the end, where decoding can begin.
   * @param {number} holdBack in seconds
   */
  entry(holdBack) {
    const end = this.list?.end ?? 0;
    return this.covering(end - holdBack);
  }

  /**
   * Reads the list anew, once it has something new; again and again until it comes.
   * @param {AbortSignal} signal
   * @param {boolean} waits whether to wait for something new
   */
  async reload(signal, waits = true) {
    for (;;) {
      try {
        const { text } = await this.line.text(this.#request(waits), { signal, patience: this.#longest });
        this.#patience.reset();
        const before = this.list;
        this.take(text);
        if (!this.list && before) continue;
        if (waits && !this.list?.blocks && this.list && before && this.grownAt !== this.readAt) {
          await this.#poll(signal);
          continue;
        }
        return;
      } catch (error) {
        if (isAborted(error) || (error instanceof Lost && error.isFinal)) throw error;
        if (!(error instanceof Lost)) throw error;
        // 503 is the answer to a reload that waited in vain: the next one waits again.
        if (error.status !== 503) await this.#patience.wait(signal);
        else await this.#patience.wait(signal).finally(() => this.#patience.reset());
      }
    }
  }

  get #longest() { return 5_000 + 4_000 * (this.list?.target ?? 6); }

  /** @param {boolean} waits */
  #request(waits) {
    const address = new URL(this.address);
    const list = this.list;
    if (!list) return address;
    if (waits && list.blocks && !list.isEnded) {
      address.searchParams.set("_HLS_msn", String(list.msn));
      if (list.partTarget) address.searchParams.set("_HLS_part", String(list.part));
    }
    // What the delta leaves out must still be known: half of the boundary is the draft's own measure (6.3.7).
    const age = (performance.now() - this.readAt) / 1000;
    const span = list.end - (list.segments[0]?.start ?? list.end);
    const isKnown = age < list.skipUntil / 2;
    if (list.skipUntil && isKnown && span > list.skipUntil) address.searchParams.set("_HLS_skip", "YES");
    return address;
  }

  /** @param {AbortSignal} signal */
  async #poll(signal) {
    await pause((this.list?.target ?? 2) * 500, signal);
  }

  /**
   * Asks for what is promised next, so that it is on its way as soon as it exists.
   * @param {AbortSignal} signal
   */
  hurry(signal) {
    const uri = this.list?.hint;
    if (!this.isEager || !uri || this.#early?.uri === uri || this.list?.isEnded) return;
    this.#early?.stop.abort();
    const stop = new AbortController();
    signal.addEventListener("abort", () => stop.abort(), { once: true });
    const came = this.line.get(new URL(uri, this.address), { signal: stop.signal, patience: this.#longest });
    came.catch(() => {});
    this.#early = { uri, came, stop };
  }

  /**
   * A piece that was asked for early.
   * @param {Piece} piece
   */
  early(piece) {
    const early = this.#early;
    if (!early || early.uri !== piece.uri || piece.range) return null;
    this.#early = null;
    return early.came;
  }

  /** Nobody needs it any more. */
  leave() {
    this.#early?.stop.abort();
    this.#early = null;
  }
}

export class Past extends Rendition {
  /**
   * Reads it anew. Answers whether there is anything.
   * @param {AbortSignal} signal
   */
  async reload(signal) {
    const { text } = await this.line.text(this.address, { signal });
    this.take(text);
    return this.pieces.length > 0;
  }

  /**
   * Lays it beside a list of the same picture whose place is known.
   * @param {Rendition} other
   */
  align(other) {
    if (!Number.isNaN(this.offset) || Number.isNaN(other.offset)) return;
    for (const one of other.pieces) {
      const place = this.placeOf(one.date);
      const own = this.pieces.findLast((two) => two.start <= place + 0.001);
      if (!own || Math.abs(own.date + (place - own.start) * 1000 - one.date) > 30) continue;
      this.offset = other.offset + one.start - place;
      return;
    }
    // They do not overlap: what is known of the past ends where the other list begins.
    if (this.list) this.offset = other.from - this.list.end;
  }
}

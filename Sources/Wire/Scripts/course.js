// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Which piece comes next: from the live list while it reaches back far enough, else from the past.
import { Lost, isAborted } from "./line.js";

/** @typedef {import("./rendition.js").Rendition} Rendition */
/** @typedef {import("./rendition.js").Live} Live */
/** @typedef {import("./rendition.js").Past} Past */
/** @typedef {import("./rendition.js").Piece} Piece */
/**
 * @typedef {{kind: "live", holdBack: number} | {kind: "date", date: number} | {kind: "media", media: number}} Wish
 *   where to begin: seconds from the end, milliseconds since 1970, seconds of the picture
 */
/** @typedef {{piece: Piece, list: Rendition}} Next */
/**
 * @typedef {{list: Rendition, msn: number, part: number, end: number, date: number}} Cursor
 *   the last piece, and where it ends: on its list's scale, and on the world's clock
 */
/**
 * @typedef {object} Ears
 * @property {() => void} onBoundary a segment of the live list begins next
 * @property {(live: Live) => void} onRefused a quality that was turned to cannot go on from here
 */

/** A quality that is so much later is not waited for, in seconds. */
const latest = 6;

export class Course {
  /** @type {Cursor | null} */
  cursor = null;
  /** @type {Wish | null} */
  wish = null;
  /**
   * The quality to go on with.
   * @type {Live | null}
   */
  #other = null;

  /**
   * @param {Live | null} live
   * @param {Past | null} past
   * @param {Ears} ears
   */
  constructor(live, past, ears) {
    this.ears = ears;
    this.live = live;
    this.past = past;
  }

  /** @param {Live} live the quality to go on with */
  turn(live) { this.#other = live === this.live ? null : live; }

  /**
   * The piece was taken, or given up.
   * @param {Next} next
   */
  pass({ piece, list }) {
    const { msn, part } = piece;
    this.cursor = { list, msn, part, end: piece.start + piece.duration, date: piece.date + piece.duration * 1000 };
  }

  /**
   * Waits for what comes next; nil when nothing more will.
   * @param {AbortSignal} signal
   * @returns {Promise<Next | null>}
   */
  async next(signal) {
    if (this.wish) {
      const found = await this.#fulfil(this.wish, signal);
      this.wish = null;
      return found;
    }
    const { cursor, live } = this;
    if (this.#other && cursor && cursor.list === live) return this.#switch(this.#other, cursor, signal);
    if (cursor && cursor.list === this.past) return this.#fromPast(cursor, signal);
    if (!live || !cursor) return null;
    for (;;) {
      const piece = live.after(cursor);
      if (piece && piece.msn > cursor.msn + 1 && this.past) return this.#fromPast(cursor, signal);
      if (piece?.isFirst && piece.msn !== cursor.msn) this.ears.onBoundary();
      // Another quality may have been turned to.
      if (signal.aborted) throw signal.reason;
      if (piece) return whole(piece, live);
      if (live.list?.isEnded) return null;
      live.hurry(signal);
      await live.reload(signal);
    }
  }

  /**
   * The list stays known while nothing of it is needed.
   * @param {AbortSignal} signal
   */
  async glance(signal) {
    const { live } = this;
    if (live?.list && !live.list.isEnded && performance.now() - live.readAt > 5_000) await live.reload(signal, false);
  }

  /**
   * @param {Wish} wish
   * @param {AbortSignal} signal
   * @returns {Promise<Next | null>}
   */
  async #fulfil(wish, signal) {
    const { past } = this;
    if (this.#other && wish.kind === "live") [this.live, this.#other] = [this.#other, null];
    const { live } = this;
    if (live && !live.list) await live.reload(signal, false);
    while (live?.list && !live.pieces.length && !live.list.isEnded) await live.reload(signal);
    if (wish.kind === "live" && live) {
      if (performance.now() - live.readAt > 1_000) await live.reload(signal, false);
      const piece = live.entry(wish.holdBack);
      return piece ? whole(piece, live) : null;
    }
    /** @param {Rendition} list */
    const place = (list) => {
      if (wish.kind === "date") return list.placeOf(wish.date);
      return wish.kind === "media" ? wish.media - list.offset : NaN;
    };
    const first = live?.pieces[0];
    if (live && first && place(live) >= first.start - 0.02) return at(live, place(live));
    if (past && (await this.readPast(signal))) return at(past, place(past));
    return live && first ? whole(first, live) : null;
  }

  /**
   * Whether there is a past to play.
   * @param {AbortSignal} signal
   * @param {number} patience milliseconds that it may be old
   */
  async readPast(signal, patience = 30_000) {
    const { past, live } = this;
    if (!past) return false;
    const isFresh = past.list && (past.list.isEnded || performance.now() - past.readAt < patience);
    try {
      if (!isFresh) await past.reload(signal);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
    if (live) past.align(live);
    return past.pieces.length > 0;
  }

  /**
   * @param {Cursor} cursor
   * @param {AbortSignal} signal
   * @returns {Promise<Next | null>}
   */
  async #fromPast(cursor, signal) {
    const { live, past } = this;
    if (live && performance.now() - live.readAt > 10_000) await live.reload(signal, false);
    const first = live?.pieces[0];
    if (live && first && first.date <= cursor.date + 20) {
      const piece = live.pieces.find((one) => one.date >= cursor.date - 20);
      if (piece) return whole(piece, live);
    }
    if (past) {
      const later = () => past.pieces.find((one) => one.date >= cursor.date - 20);
      const next = () => (cursor.list === past ? past.after(cursor) : later());
      if (!next()) await this.readPast(signal, 1_000);
      const piece = next();
      if (piece) return { piece, list: past };
    }
    // Nothing of what was missed is kept: on with what there is.
    return live && first ? whole(first, live) : null;
  }

  /**
   * Goes on in another quality, when that one has come as far.
   * @param {Live} other
   * @param {Cursor} cursor
   * @param {AbortSignal} signal
   * @returns {Promise<Next | null>}
   */
  async #switch(other, cursor, signal) {
    this.#other = null;
    const piece = await this.#meet(other, cursor.date, signal);
    if (!piece) {
      this.ears.onRefused(other);
      return this.next(signal);
    }
    this.live?.leave();
    this.live = other;
    return whole(piece, other);
  }

  /**
   * Where another quality goes on. One that is made here comes a little later than the encoder's own; one that is
   * not made at all is not waited for.
   * @param {Live} other
   * @param {number} date
   * @param {AbortSignal} signal
   */
  async #meet(other, date, signal) {
    const limit = new AbortController();
    const stop = () => limit.abort();
    signal.addEventListener("abort", stop, { once: true });
    let timer = setTimeout(stop, 5_000);
    try {
      if (!other.list || performance.now() - other.readAt > 500) await other.reload(limit.signal, false);
      const late = (date - other.lastDate) / 1000;
      if (other.isVoid || late > latest) return null;
      clearTimeout(timer);
      timer = setTimeout(stop, 2_000 + Math.max(0, late) * 1_000);
      while (!other.list?.isEnded && other.lastDate < date + 20) await other.reload(limit.signal);
    } catch (error) {
      if (signal.aborted || !(isAborted(error) || error instanceof Lost)) throw error;
      return null;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
    const place = other.placeOf(date);
    const exact = other.pieces.find((one) => one.isKey && !one.isGap && Math.abs(one.start - place) < 0.05);
    return exact ?? other.covering(place) ?? null;
  }
}

/**
 * A whole segment is one request where its parts would be several.
 * @param {Piece} piece
 * @param {Rendition} list
 * @returns {Next}
 */
const whole = (piece, list) => ({ piece: piece.whole ?? piece, list });

/**
 * @param {Rendition} list
 * @param {number} place
 * @returns {Next | null}
 */
function at(list, place) {
  const piece = list.covering(place);
  return piece ? whole(piece, list) : null;
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Which moment of the world a moment of the picture was. Within a publication both clocks run evenly; between two
// publications the world's clock jumps and the picture's does not.

/** @typedef {{media: number, date: number, seconds: number}} Span seconds, milliseconds since 1970, seconds */

export class Dates {
  /** @type {Span[]} in the picture's order */
  #spans = [];

  /**
   * A stretch of picture is known to have been at this date.
   * @param {number} media
   * @param {number} date
   * @param {number} seconds
   */
  add(media, date, seconds) {
    if (!Number.isFinite(media) || !Number.isFinite(date)) return;
    const spans = this.#spans;
    let place = spans.findLastIndex((one) => one.media <= media + 0.001);
    const last = spans[place];
    const isSame = last && Math.abs(last.date + (media - last.media) * 1000 - date) < 60
      && media <= last.media + last.seconds + 1;
    if (isSame) last.seconds = Math.max(last.seconds, media + seconds - last.media);
    else {
      // What was thought to go on until here ends here.
      if (last && last.media + last.seconds > media) last.seconds = media - last.media;
      place += 1;
      spans.splice(place, 0, { media, date, seconds });
    }
    const one = spans[place], next = spans[place + 1];
    const meets = next && Math.abs(one.date + (next.media - one.media) * 1000 - next.date) < 60
      && one.media + one.seconds >= next.media - 1;
    if (meets) {
      one.seconds = Math.max(one.seconds, next.media + next.seconds - one.media);
      spans.splice(place + 1, 1);
    }
  }

  /**
   * When the picture at `media` seconds was, in milliseconds since 1970; NaN when nothing is known.
   * @param {number} media
   */
  dateAt(media) {
    const span = this.#spans.findLast((one) => one.media <= media) ?? this.#spans[0];
    return span ? span.date + (media - span.media) * 1000 : NaN;
  }

  /**
   * Where the picture of a date is. What was while nobody published stands at the next publication's beginning.
   * @param {number} date
   */
  mediaAt(date) {
    const index = this.#spans.findLastIndex((one) => one.date <= date);
    if (index < 0) {
      const first = this.#spans[0];
      return first ? first.media + (date - first.date) / 1000 : NaN;
    }
    const span = this.#spans[index], next = this.#spans[index + 1];
    const media = span.media + (date - span.date) / 1000;
    return next ? Math.min(media, next.media) : media;
  }
}

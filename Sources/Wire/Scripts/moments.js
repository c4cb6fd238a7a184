// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The key moments that the studio marked: ticks on the bar, and a list that everybody can reach.
import { box, icon, make } from "./page.js";
import { clock, hour, spoken } from "./words.js";

/** @typedef {{text: string, date: number, media: number}} Moment milliseconds since 1970, seconds of the picture */

export class Moments extends EventTarget {
  /** @type {Moment[]} */
  list = [];
  #drawn = "";

  /**
   * @param {import("./watch.js").AnyPlayer} player
   * @param {import("./news.js").News} news
   */
  constructor(player, news) {
    super();
    this.player = player;
    news.addEventListener("marker", (event) => {
      const { at, text } = /** @type {CustomEvent<import("./news.js").Line>} */ (event).detail;
      this.#add(Number(at), String(text));
    });
    player.addEventListener("tick", () => this.#look());
    spoken.addEventListener("change", () => this.#draw());
  }

  #look() {
    for (const mark of this.player.list?.list?.marks ?? []) if (mark.text) this.#add(mark.date, mark.text);
    // Where a moment is in the picture may become known later.
    let isMoved = false;
    for (const one of this.list) {
      const media = this.player.work.dates.mediaAt(one.date);
      if (Math.abs(media - one.media) <= 0.2 || (Number.isNaN(media) && Number.isNaN(one.media))) continue;
      one.media = media;
      isMoved = true;
    }
    if (isMoved) this.#change();
  }

  /**
   * @param {number} date
   * @param {string} text
   */
  #add(date, text) {
    const isKnown = this.list.some((one) => Math.abs(one.date - date) < 1_500 && one.text === text);
    if (isKnown || !Number.isFinite(date)) return;
    this.list.push({ text, date, media: this.player.work.dates.mediaAt(date) });
    this.list.sort((one, two) => one.date - two.date);
    this.#change();
  }

  #change() {
    this.#draw();
    this.dispatchEvent(new Event("change"));
  }

  #draw() {
    const { player } = this;
    const isFilm = player.work.isFilm;
    // A film has only its own.
    const { from, to } = player.span;
    const known = this.list.filter(({ media }) => (isFilm ? media >= from && media <= to : !Number.isNaN(media)));
    box("moments").hidden = known.length === 0;
    const key = JSON.stringify(known.map((one) => [one.text, isFilm ? clock(one.media) : hour(one.date), one.date]));
    if (key === this.#drawn) return;
    this.#drawn = key;
    box("moments-list").replaceChildren(...known.map((one) => {
      const go = make("button", { type: "button" }, icon("mark"), make("span", {}, one.text));
      go.append(make("span", { class: "faint" }, isFilm ? clock(one.media) : hour(one.date)));
      go.addEventListener("click", () => player.seek(one.media - 1));
      return make("li", {}, go);
    }));
  }
}

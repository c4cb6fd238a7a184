// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The bar to seek on: from the beginning, or as far back as there is anything, to the live edge.
import { box, element, make, write } from "./page.js";
import { clock, hour, say } from "./words.js";

export class Bar {
  #place = element("bar-place", HTMLInputElement);
  #bar = box("bar");
  #isHeld = false;
  #marks = "";
  /** @type {import("./sprites.js").Sprites | null} */
  sprites = null;

  /**
   * @param {import("./watch.js").AnyPlayer} player
   * @param {HTMLVideoElement} video
   * @param {import("./moments.js").Moments} moments
   */
  constructor(player, video, moments) {
    this.player = player;
    this.video = video;
    this.moments = moments;
    const place = this.#place;
    place.addEventListener("input", () => { this.#isHeld = true; this.show(); this.#point(Number(place.value)); });
    place.addEventListener("change", () => {
      this.#isHeld = false;
      box("bar-hint").hidden = true;
      player.seek(Number(place.value));
      this.show();
    });
    place.addEventListener("keydown", (event) => this.#key(event));
    for (const name of ["pointerenter", "focus"]) place.addEventListener(name, () => player.readPast());
    this.#bar.addEventListener("pointermove", (event) => this.#hover(event));
    this.#bar.addEventListener("pointerleave", () => { if (!this.#isHeld) box("bar-hint").hidden = true; });
    for (const name of ["tick", "state"]) player.addEventListener(name, () => this.show());
    moments.addEventListener("change", () => this.show());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { player } = this;
    const { from } = player.span;
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowLeft: () => player.seekBy(-10), ArrowRight: () => player.seekBy(10),
      ArrowDown: () => player.seekBy(-10), ArrowUp: () => player.seekBy(10),
      PageDown: () => player.seekBy(-60), PageUp: () => player.seekBy(60),
      Home: () => player.seek(from),
      End: () => (player.work.isFilm ? player.seek(player.span.to - 1) : player.goLive()),
    };
    const act = acts[event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  show() {
    const { player, video } = this;
    const { from, to } = player.span;
    const isThere = Number.isFinite(from) && Number.isFinite(to) && to - from > 1;
    this.#bar.hidden = !isThere;
    if (!isThere) return;
    const place = this.#place;
    place.min = String(from);
    place.max = String(to);
    const isAtEdge = !player.work.isFilm && player.isAtLive;
    const position = this.#isHeld ? Number(place.value) : isAtEdge ? to : Math.min(to, Math.max(from, player.position));
    if (!this.#isHeld) place.value = String(position);
    const text = player.work.isFilm ? say("bar.of", clock(position - from), clock(to - from))
      : isAtEdge ? say("bar.live") : say("bar.behind", clock(to - position));
    if (place.getAttribute("aria-valuetext") !== text) place.setAttribute("aria-valuetext", text);
    /** @param {number} time */
    const share = (time) => `${Math.min(100, Math.max(0, ((time - from) / (to - from)) * 100)).toFixed(3)}%`;
    box("bar-played").style.inlineSize = share(position);
    box("bar-knob").style.insetInlineStart = share(position);
    let end = position;
    for (let i = 0; i < video.buffered.length; i += 1) {
      if (video.buffered.start(i) <= position + 0.5) end = Math.max(end, video.buffered.end(i));
    }
    box("bar-loaded").style.inlineSize = share(isAtEdge ? to : end);
    this.#ticks(from, to, share);
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {(time: number) => string} share
   */
  #ticks(from, to, share) {
    const marks = this.moments.list.filter((one) => one.media >= from && one.media <= to);
    const key = marks.map((one) => `${one.text} ${share(one.media)}`).join("|");
    if (key === this.#marks) return;
    this.#marks = key;
    box("bar-ticks").replaceChildren(...marks.map((one) => {
      const tick = make("i");
      tick.style.insetInlineStart = share(one.media);
      return tick;
    }));
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    const { from, to } = this.player.span;
    if (!Number.isFinite(from) || !Number.isFinite(to)) return;
    const { left, width } = this.#bar.getBoundingClientRect();
    this.#point(from + Math.min(1, Math.max(0, (event.clientX - left) / width)) * (to - from));
  }

  /**
   * What is there, above the bar.
   * @param {number} time
   */
  #point(time) {
    const { player } = this;
    const { from, to } = player.span;
    const hint = box("bar-hint");
    hint.hidden = false;
    const near = this.moments.list.find((one) => Math.abs(one.media - time) < (to - from) / 60);
    const date = player.work.dates.dateAt(time);
    const hours = Number.isFinite(date) ? ` · ${hour(date)}` : "";
    const when = player.work.isFilm ? clock(time - from) : `−${clock(to - time)}${hours}`;
    write(box("bar-time"), near ? `${near.text} · ${when}` : when);
    this.sprites?.draw(box("bar-still"), time - from);
    const width = this.#bar.clientWidth, own = hint.offsetWidth / 2;
    const place = ((time - from) / (to - from)) * width;
    hint.style.insetInlineStart = `${Math.min(Math.max(place, own - 8), Math.max(own, width - own + 8))}px`;
  }
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The row of buttons on the picture, and when it shows.
import { keep, kept } from "./kept.js";
import { box, button, draw, element, write } from "./page.js";
import { clock, say, spoken } from "./words.js";

/** How long the pointer must rest before the controls leave the picture alone. */
const restMilliseconds = 3_000;

export class Controls extends EventTarget {
  #stage = box("stage");
  #timer = 0;
  #volume = element("volume", HTMLInputElement);

  /**
   * @param {import("./watch.js").AnyPlayer} player
   * @param {HTMLVideoElement} video
   */
  constructor(player, video) {
    super();
    this.player = player;
    this.video = video;
    video.volume = Math.min(1, Math.max(0, Number(kept("volume") || 1)));
    video.muted = kept("muted") === "yes";
    button("play").addEventListener("click", () => this.toggle());
    button("mute").addEventListener("click", () => this.mute());
    button("hush").addEventListener("click", () => this.unhush());
    button("live").addEventListener("click", () => player.goLive());
    button("full").addEventListener("click", () => this.full());
    button("pip").addEventListener("click", () => this.float());
    this.#volume.addEventListener("input", () => this.loudness(Number(this.#volume.value)));
    const show = () => this.show();
    for (const name of ["play", "pause", "volumechange", "ended", "seeked"]) video.addEventListener(name, show);
    for (const name of ["state", "tick", "offer", "sound"]) player.addEventListener(name, show);
    for (const name of ["fullscreenchange", "webkitfullscreenchange"]) document.addEventListener(name, show);
    spoken.addEventListener("change", show);
    this.#hide();
    const isFloating = document.pictureInPictureEnabled && "requestPictureInPicture" in video;
    button("pip").hidden = !isFloating;
    button("full").hidden = !(this.#stage.requestFullscreen ?? /** @type {any} */ (video).webkitEnterFullscreen);
    this.show();
  }

  // What the buttons do

  toggle() {
    if (this.video.paused) this.player.play();
    else this.player.pause();
    this.wake();
  }

  mute() {
    this.video.muted = !this.video.muted;
    if (!this.video.muted && this.video.volume === 0) this.video.volume = 0.5;
    this.player.isHushed = false;
    keep("muted", this.video.muted ? "yes" : "");
    this.wake();
  }

  /** The browser wanted a touch before it lets anything be heard: here it is. */
  unhush() {
    this.video.muted = false;
    this.player.isHushed = false;
    this.player.play();
    button("play").focus({ preventScroll: true });
    this.wake();
  }

  /** @param {number} value from 0 to 1 */
  loudness(value) {
    this.video.volume = Math.min(1, Math.max(0, value));
    this.video.muted = value <= 0;
    this.player.isHushed = false;
    keep("volume", this.video.volume.toFixed(2));
    keep("muted", this.video.muted ? "yes" : "");
    this.wake();
  }

  full() {
    const stage = /** @type {any} */ (this.#stage);
    const video = /** @type {any} */ (this.video);
    if (document.fullscreenElement) document.exitFullscreen();
    else if (stage.requestFullscreen) stage.requestFullscreen().catch(() => {});
    else if (stage.webkitRequestFullscreen) stage.webkitRequestFullscreen();
    else video.webkitEnterFullscreen?.();
  }

  async float() {
    try {
      if (document.pictureInPictureElement) await document.exitPictureInPicture();
      else await this.video.requestPictureInPicture();
    } catch {
      // No picture yet, or the browser does not want to.
    }
  }

  // When they show

  /** They come for a moment. */
  wake() {
    this.#rests(false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), restMilliseconds);
  }

  #rest() {
    const isUsed = this.#stage.querySelector(".controls :focus-visible") || !box("menu").hidden
      || this.#stage.querySelector(".controls:hover") || this.video.paused;
    if (isUsed) this.wake();
    else this.#rests(true);
  }

  /** @param {boolean} does */
  #rests(does) {
    if (this.#stage.classList.contains("resting") === does) return;
    this.#stage.classList.toggle("resting", does);
    this.dispatchEvent(new Event("change"));
  }

  /** How much of the picture they cover from below, from 0 to 1. */
  get cover() {
    const controls = box("controls");
    if (controls.hidden || this.#stage.classList.contains("resting")) return 0;
    // Above the buttons there is only a shade.
    return (controls.clientHeight - 32) / this.#stage.clientHeight;
  }

  #hide() {
    const stage = this.#stage;
    for (const name of ["pointermove", "focusin", "keydown"]) stage.addEventListener(name, () => this.wake());
    stage.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") this.#rest(); });
    // A click on the picture plays or pauses; a touch shows the controls first.
    this.video.addEventListener("click", (event) => {
      const isTouch = /** @type {PointerEvent} */ (event).pointerType === "touch";
      if (!box("menu").hidden) return;
      if (!isTouch) this.toggle();
      else if (stage.classList.contains("resting")) this.wake();
      else this.#rests(true);
    });
    this.video.addEventListener("dblclick", () => this.full());
    this.wake();
  }

  // What they show

  show() {
    const { video, player } = this;
    const isOpen = !["opening", "awaited", "refused", "broken"].includes(player.state) || video.readyState > 1;
    box("controls").hidden = !isOpen;
    const play = button("play");
    const isAgain = player.state === "ended" && player.work.isFilm;
    draw(play, isAgain ? "again" : video.paused ? "play" : "pause");
    label(play, say(video.paused ? "controls.play" : "controls.pause"));
    const mute = button("mute");
    const isMuted = video.muted || video.volume === 0;
    draw(mute, isMuted ? "muted" : "sound");
    label(mute, say(isMuted ? "controls.unmute" : "controls.mute"));
    this.#volume.value = String(isMuted ? 0 : video.volume);
    button("hush").hidden = !(player.isHushed && video.muted && !video.paused);
    const isFull = document.fullscreenElement === this.#stage;
    draw(button("full"), isFull ? "smaller" : "full");
    label(button("full"), say(isFull ? "controls.smaller" : "controls.full"));
    this.#live();
  }

  #live() {
    const { player, video } = this;
    const live = button("live");
    live.hidden = player.work.isFilm || player.state === "ended";
    const isAtLive = player.isAtLive && !video.paused;
    live.classList.toggle("on", isAtLive);
    live.setAttribute("aria-disabled", String(isAtLive));
    write(box("live-word"), say(isAtLive ? "controls.live" : "controls.goLive"));
    const { from, to } = player.span;
    let time = "";
    if (player.work.isFilm) time = Number.isFinite(to) ? `${clock(player.position)} / ${clock(to - from)}` : "";
    else if (!player.isAtLive && Number.isFinite(to)) time = `−${clock(to - player.position)}`;
    write(box("time"), time);
  }
}

/**
 * @param {HTMLElement} on
 * @param {string} text
 */
function label(on, text) {
  if (on.getAttribute("aria-label") === text) return;
  on.setAttribute("aria-label", text);
  on.title = text;
}

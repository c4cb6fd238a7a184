// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Captions, drawn by the browser's own text track: live ones as they are said, and those of before from a file.
import { keep, kept } from "./kept.js";
import { box, button } from "./page.js";
import { seconds } from "./sprites.js";

/** @typedef {"normal" | "large" | "largest"} Size */

/** How long a caption stays when no other one follows, in seconds. */
const longest = 7;

/**
 * The cues of a WebVTT file.
 * @param {string} text
 * @returns {{from: number, to: number, text: string}[]}
 */
export function cues(text) {
  const found = [];
  for (const block of text.replace(/\r/g, "").split(/\n\n+/)) {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => line.includes("-->"));
    if (at < 0) continue;
    const [from, to] = lines[at].split("-->").map((part) => seconds(part.trim().split(/\s/)[0]));
    const words = lines.slice(at + 1).join("\n").trim();
    if (words && Number.isFinite(from)) found.push({ from, to, text: words });
  }
  return found;
}

export class Captions extends EventTarget {
  isOn = kept("captions") === "yes";
  /** @type {Size} */
  size = /** @type {Size} */ (kept("captionSize")) || "normal";
  /** @type {TextTrack | null} */
  #track = null;
  /** @type {{date: number, text: string, cue: VTTCue | null}[]} */
  #lines = [];

  /**
   * @param {import("./watch.js").AnyPlayer} player
   * @param {HTMLVideoElement} video
   * @param {import("./news.js").News} news
   * @param {import("./controls.js").Controls} controls
   */
  constructor(player, video, news, controls) {
    super();
    this.controls = controls;
    controls.addEventListener("change", () => this.#lift());
    this.player = player;
    this.video = video;
    button("captions").addEventListener("click", () => this.toggle());
    news.addEventListener("caption", (event) => {
      const { at, text } = /** @type {CustomEvent<import("./news.js").Line>} */ (event).detail;
      this.#hear(Number(at), String(text));
    });
    player.addEventListener("tick", () => this.#place());
    video.textTracks.addEventListener("addtrack", () => this.show());
    this.show();
  }

  /** Whether there are any. */
  get isThere() { return this.#lines.length > 0 || [...this.video.textTracks].some((one) => one.kind !== "metadata"); }

  toggle() { this.choose(this.isOn ? "off" : this.size); }

  /** @param {string} to `off` or a size */
  choose(to) {
    this.isOn = to !== "off";
    if (this.isOn) this.size = /** @type {Size} */ (to);
    keep("captions", this.isOn ? "yes" : "");
    keep("captionSize", this.size);
    this.show();
  }

  show() {
    this.video.dataset.captions = this.size;
    const one = button("captions");
    one.hidden = !this.isThere;
    one.setAttribute("aria-pressed", String(this.isOn));
    const own = this.#track;
    for (const track of this.video.textTracks) {
      // A phone that plays by itself brings its own track.
      if (own ? track === own : track.kind !== "metadata") track.mode = this.isOn ? "showing" : "hidden";
    }
    this.dispatchEvent(new Event("change"));
  }

  /** Captions stand above the controls while those show. Where a cue cannot be told so, the style lifts them all. */
  #lift() {
    box("stage").classList.toggle("lifts", !("lineAlign" in VTTCue.prototype));
    if (!("lineAlign" in VTTCue.prototype)) return;
    const { cover } = this.controls;
    for (const one of this.#track?.cues ?? []) {
      const cue = /** @type {VTTCue} */ (one);
      cue.snapToLines = cover === 0;
      cue.line = cover === 0 ? "auto" : Math.round((1 - cover) * 100) - 2;
      cue.lineAlign = cover === 0 ? "start" : "end";
    }
  }

  /**
   * @param {number} date in milliseconds since 1970
   * @param {string} text
   */
  #hear(date, text) {
    if (!text || !Number.isFinite(date) || this.#lines.some((one) => one.date === date && one.text === text)) return;
    this.#lines.push({ date, text, cue: null });
    this.#lines.sort((one, two) => one.date - two.date);
    this.#place();
  }

  /** Gives every line its place in the picture, as far as that is known. */
  #place() {
    const { dates } = this.player.work;
    let isNew = false;
    this.#lines.forEach((line, index) => {
      const from = dates.mediaAt(line.date);
      if (Number.isNaN(from)) return;
      const next = this.#lines[index + 1];
      const to = Math.min(from + longest, next ? Math.max(from + 0.5, dates.mediaAt(next.date)) : Infinity);
      const { cue } = line;
      if (cue && Math.abs(cue.startTime - from) < 0.05 && Math.abs(cue.endTime - to) < 0.05) return;
      if (cue) [cue.startTime, cue.endTime] = [from, to];
      else {
        line.cue = this.#cue(from, to, line.text);
        isNew = true;
      }
    });
    if (isNew) this.show();
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {string} text
   */
  #cue(from, to, text) {
    this.#track ??= this.video.addTextTrack("captions", "คำบรรยาย", "th");
    // What was typed is text and no markup.
    const cue = new VTTCue(from, to, text.replace(/&/g, "&amp;").replace(/</g, "&lt;"));
    this.#track.addCue(cue);
    this.#lift();
    return cue;
  }

  /**
   * Those that were said before, or a film's.
   * @param {import("./line.js").Line} line
   * @param {URL} address
   * @param {number} origin where the file's clock begins, in the picture's time
   */
  async read(line, address, origin) {
    const { text } = await line.text(address);
    const { dates } = this.player.work;
    for (const one of cues(text)) {
      const date = dates.dateAt(origin + one.from);
      const isKnown = this.#lines.some((two) => two.text === one.text && Math.abs(two.date - date) < 3_000);
      if (isKnown) continue;
      this.#lines.push({ date, text: one.text, cue: this.#cue(origin + one.from, origin + one.to, one.text) });
    }
    this.show();
  }
}

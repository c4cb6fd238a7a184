// SPDX-License-Identifier: Apache-2.0
// @ts-check
// One picture on the stage: a person, or what a person shows; with its name, and the reason when it is small or still.
import { icon, make, write } from "../page.js";
import { say } from "../speech.js";

/** @typedef {import("./state.js").Person} Person */

/**
 * @typedef {object} Shown
 * @property {Person} person
 * @property {"camera" | "screen"} kind
 * @property {boolean} isSelf
 * @property {MediaStream | null} stream
 * @property {string} reason
 * @property {boolean} isSpeaking
 * @property {boolean} isPinned
 * @property {boolean} isSpotlit
 * @property {boolean} rests the picture is not asked for, to save the line
 */

export class Tile {
  element = make("li", { class: "tile" });
  video = make("video", { playsinline: "", tabindex: "-1" });
  #face = make("span", { class: "face", "aria-hidden": "true" });
  #plate = make("p", { class: "plate" });
  #name = make("span", { class: "name" });
  #marks = make("span", { class: "marks" });
  #reason = make("p", { class: "reason", hidden: "" });
  #rest = make("button", { type: "button", class: "rest", hidden: "" });
  more = make("button", { type: "button", class: "more", "aria-haspopup": "dialog", "aria-expanded": "false" },
    icon("more"));
  #marked = "";

  /** @param {string} id @param {{more: (tile: Tile) => void, rest: () => void}} acts */
  constructor(id, acts) {
    this.id = id;
    this.element.dataset.id = id;
    [this.video.muted, this.video.autoplay] = [true, true];
    this.#plate.append(this.#marks, this.#name);
    this.element.append(this.video, this.#face, this.#plate, this.#reason, this.#rest, this.more);
    this.more.addEventListener("click", () => acts.more(this));
    this.#rest.addEventListener("click", acts.rest);
    const look = () => this.element.classList.toggle("has-picture", this.isRunning);
    for (const event of ["playing", "resize", "emptied", "loadeddata"]) this.video.addEventListener(event, look);
  }

  get isRunning() { return !!this.video.srcObject && this.video.videoWidth > 0
    && !this.element.classList.contains("still"); }

  /** @param {Shown} shown */
  show({ person, kind, isSelf, stream, reason, isSpeaking, isPinned, isSpotlit, rests }) {
    const { element, video } = this;
    const isScreen = kind === "screen";
    const hasPicture = !rests && (isScreen ? person.screen : person.camera);
    element.dataset.person = person.id;
    element.dataset.kind = kind;
    element.classList.toggle("mirrored", isSelf && !isScreen);
    element.classList.toggle("speaking", isSpeaking && !isScreen);
    element.classList.toggle("away", person.away);
    element.classList.toggle("still", !hasPicture);
    const wanted = hasPicture ? stream : null;
    if (video.srcObject !== wanted) {
      video.srcObject = wanted;
      if (wanted) video.play().catch(() => {});
    }
    element.classList.toggle("has-picture", this.isRunning);
    write(this.#face, initials(person.name));
    this.#face.dataset.hue = String(hue(person.id));
    write(this.#name, isScreen ? say("tile.screen", isSelf ? say("tile.you") : person.name)
      : isSelf ? say("tile.self", person.name) : person.name);
    this.#mark(person, isScreen, isPinned, isSpotlit);
    const why = person.away ? "away" : hasPicture && !isSelf && !["", "full"].includes(reason) ? reason : "";
    this.#reason.hidden = !why;
    write(this.#reason, why ? say(`reason.${why}`) : "");
    this.#rest.hidden = !rests || !(isScreen ? person.screen : person.camera) || isSelf;
    write(this.#rest, say("tile.rests"));
    this.more.setAttribute("aria-label", say("tile.more", person.name));
  }

  /** @param {Person} person @param {boolean} isScreen @param {boolean} isPinned @param {boolean} isSpotlit */
  #mark(person, isScreen, isPinned, isSpotlit) {
    /** @type {[string, string][]} */
    const marks = [];
    if (isSpotlit) marks.push(["host", say("tile.spotlit")]);
    if (isPinned) marks.push(["pin", say("tile.pinned")]);
    if (!isScreen && person.hand) marks.push(["hand", say("tile.hand")]);
    if (!isScreen && !person.microphone) marks.push(["microphone-off", say("tile.muted")]);
    const is = JSON.stringify(marks);
    if (is === this.#marked) return;
    this.#marked = is;
    this.#marks.replaceChildren(...marks.map(([picture, word]) =>
      make("span", { class: `mark ${picture}`, title: word }, icon(picture),
        make("span", { class: "visually-hidden" }, word))));
  }

  /** @param {import("./layout.js").Box} box */
  place({ x, y, width, height, isMain }) {
    const { style, classList } = this.element;
    style.setProperty("transform", `translate(${x}px, ${y}px)`);
    style.setProperty("inline-size", `${width}px`);
    style.setProperty("block-size", `${height}px`);
    classList.toggle("main", isMain);
    classList.toggle("small", height < 130);
  }
}

/**
 * Two letters at most; a Thai name's first consonant with what belongs to it, without a title.
 * @param {string} name
 */
export function initials(name) {
  const words = name.replace(/^(นางสาว|นาง|นาย|ดร\.|ผศ\.|รศ\.|ศ\.|อ\.|Dr\.?|Prof\.?|Mr\.?|Mrs\.?|Ms\.?)\s*/i,
    "").trim().split(/\s+/);
  const letter = (/** @type {string} */ word) => {
    const bare = word.replace(/^[เแโใไ]/, "");
    return [...(bare || word)][0] ?? "";
  };
  const isThai = /[\u0e00-\u0e7f]/.test(name);
  return (isThai ? letter(words[0] ?? "") : words.slice(0, 2).map(letter).join("").toUpperCase()) || "?";
}

/** One of six colours, always the same for the same person. @param {string} id */
export const hue = (id) => [...id].reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) % 6, 0);

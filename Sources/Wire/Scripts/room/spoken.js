// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Captions below the picture, and who types them; and the reactions that float over it.
import { box, make } from "../page.js";
import { keep, kept } from "../kept.js";
import { say } from "../speech.js";

/** The server's words for them, with what is shown and said. */
export const reactions = { clap: "👏", heart: "❤️", up: "👍", down: "👎", laugh: "😄", surprise: "😮", party: "🎉",
  thanks: "🙏" };
const shownFor = 7_000;

export class Captions extends EventTarget {
  isOn = kept("room.captions") !== "no";
  /** Whether this person types them. */
  isWriting = false;
  #line = box("caption");
  #form = make("form", { class: "caption-form", hidden: "" });
  #field = make("input", { id: "caption-text", maxlength: "300", autocomplete: "off" });
  #last = 0;

  /** @param {import("./meeting.js").Meeting} meeting */
  constructor(meeting) {
    super();
    this.meeting = meeting;
    this.#form.append(make("label", { for: "caption-text", "data-word": "captions.write" }), this.#field);
    this.#line.after(this.#form);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.#field.value.trim();
      if (text) meeting.ask("caption", { text, final: true });
      this.#field.value = "";
    });
    // What is being written is told while it is written, but not at every letter.
    this.#field.addEventListener("input", () => {
      const text = this.#field.value.trim();
      if (!text || performance.now() - this.#last < 700) return;
      this.#last = performance.now();
      meeting.ask("caption", { text, final: false });
    });
    meeting.on(["caption"], () => this.#show());
    meeting.on(["place"], () => this.#show());
    setInterval(() => this.#show(), 1_000);
  }

  #shownAt = 0;
  #text = "";

  #show() {
    const captions = this.meeting.state.captions.slice(-2);
    const text = captions.map((one) => (one.name ? `${one.name}: ${one.text}` : one.text)).join("\n");
    if (text !== this.#text) [this.#text, this.#shownAt] = [text, performance.now()];
    const isOld = performance.now() - this.#shownAt > shownFor;
    this.#line.hidden = !this.isOn || !text || isOld || this.meeting.place !== "inside";
    if (this.#line.textContent !== text) this.#line.textContent = text;
  }

  toggle() {
    this.isOn = !this.isOn;
    keep("room.captions", this.isOn ? "" : "no");
    this.#show();
    this.dispatchEvent(new Event("change"));
  }

  write() {
    this.isWriting = !this.isWriting;
    this.#form.hidden = !this.isWriting;
    if (this.isWriting) this.#field.focus();
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {import("./meeting.js").Meeting} meeting */
export function float(meeting) {
  const floats = box("floats");
  let side = 0;
  meeting.on(["react"], ({ person, reaction }) => {
    const sign = reactions[/** @type {keyof typeof reactions} */ (reaction)];
    if (!sign || floats.childElementCount > 24) return;
    const name = person === meeting.state.you.id ? say("people.you") : meeting.state.people[person]?.name ?? "";
    const one = make("p", { class: "float" }, make("span", {}, sign), make("small", {}, name));
    one.style.setProperty("--lane", String(side = (side + 1) % 5));
    floats.append(one);
    setTimeout(() => one.remove(), 4_000);
  });
}

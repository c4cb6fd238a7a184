// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The strip on top: what the meeting is called, whether it is recorded or on air, and the connection's light.
import { put, soon } from "./rows.js";
import { myself } from "./state.js";
import { box, button, draw, icon, make, write } from "../page.js";
import { clock, count, language, say, spoken } from "../speech.js";

export class Strip {
  #more = box("light-more");
  draw = soon(() => this.#draw());

  /**
   * @param {import("./meeting.js").Meeting} meeting
   * @param {import("./figures.js").Figures} figures
   * @param {import("./stage.js").Stage} stage
   */
  constructor(meeting, figures, stage) {
    [this.meeting, this.figures, this.stage] = [meeting, figures, stage];
    meeting.on(["any", "place"], () => this.draw());
    figures.addEventListener("measured", () => this.draw());
    stage.addEventListener("saves", () => this.draw());
    spoken.addEventListener("change", () => this.draw());
    const light = button("light");
    light.addEventListener("click", () => this.#open(this.#more.hidden));
    this.#more.addEventListener("keydown", (event) => { if (event.key === "Escape") { this.#open(false); light.focus();
      } });
    setInterval(() => this.#clock(), 1_000);
  }

  #draw() {
    const { state } = this.meeting;
    const title = state.room.title || document.body.dataset.title || this.meeting.name;
    write(box("title"), title);
    document.title = title;
    const group = state.groups?.groups.find(({ id }) => id === myself(state)?.group);
    /** @type {[string, string, string, boolean][]} */
    const chips = [["record", "record", say("strip.recording"), state.recording.isOn],
      ["air", "air", say("strip.air"), state.air.isOn],
      ["lock", "lock", say("strip.locked"), state.room.locked],
        ["group", "people", group?.name ?? "", !!group],
      ["saves", "ears", say("strip.saves"), this.stage.savesLine]];
    put(box("chips"), chips.filter(([, , , isOn]) => isOn).map(([kind, picture, word]) => ({
      key: kind, is: word, draw: () => make("span", { class: `chip ${kind}`, title: word }, icon(picture),
        make("span", {}, word)),
    })));
    const { color, key } = this.figures.light;
    const light = button("light");
    light.dataset.color = color;
    light.dataset.key = key;
    draw(light, `line-${color}`);
    write(box("light-word"), say(`light.${color}`));
    light.setAttribute("aria-label", `${say("light.label")}: ${say(`light.${color}`)}. ${say(`line.${key}`)}`);
    this.#explain();
    this.#clock();
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    this.#more.hidden = !isOpen;
    button("light").setAttribute("aria-expanded", String(isOpen));
    this.#explain();
  }

  #explain() {
    if (this.#more.hidden) return;
    const { light: { color, key }, bitsDown, bitsUp, measured } = this.figures;
    const said = this.meeting.state.line?.advice;
    const advice = said && key !== "good" ? (language() === "th" ? said.th : said.en) : "";
    const facts = [say("line.traffic", speed(bitsDown), speed(bitsUp)),
      say("line.hour", count(Math.round((bitsDown + bitsUp) * 450 / 1e6)))];
    if (measured && measured.roundTrip > 0) facts.push(say("line.roundTrip", count(Math.round(measured.roundTrip))));
    const is = JSON.stringify([color, key, advice, facts, language(), this.stage.savesLine]);
    if (this.#more.dataset.is === is) return;
    const held = this.#more.contains(document.activeElement);
    this.#more.dataset.is = is;
    const saves = make("button", { type: "button", class: "quiet" }, icon("ears"),
      say(this.stage.savesLine ? "more.savesNot" : "more.saves"));
    saves.addEventListener("click", () => this.stage.save(!this.stage.savesLine));
    const again = make("button", { type: "button", class: "quiet" }, say("line.again"));
    again.addEventListener("click", () => this.meeting.knock());
    this.#more.replaceChildren(make("h2", { id: "light-heading", class: color }, icon(`line-${color}`),
      say(`line.${key}`)),
      make("p", {}, say(`line.${key}.do`)), ...(advice ? [make("p", {}, advice)] : []),
      make("p", { class: "faint" }, facts.join(" · ")),
        make("p", { class: "row" }, saves, ...(color === "green" ? [] : [again])));
    if (held) saves.focus();
  }

  #clock() {
    const { endsAt } = this.meeting.state.room;
    const left = endsAt ? (endsAt - Date.now()) / 1000 : NaN;
    const isLate = left < 15 * 60;
    write(box("time"), isLate && left > 0 ? say("strip.left", clock(left)) : "");
  }
}

/** @param {number} bits a second */
const speed = (bits) => (bits < 1e6 ? `${count(Math.round(bits / 1e3))} kbit/s`
  : `${count(Math.round(bits / 1e5) / 10)} Mbit/s`);

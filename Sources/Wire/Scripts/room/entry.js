// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The door: what the meeting is, one's name, whether one agrees to be recorded; then the lobby or the room; and the end.
import { Refused } from "./doors.js";
import { seatOf } from "./seat.js";
import { keep, kept } from "../kept.js";
import { box, button, draw, element, write } from "../page.js";
import { day, language, say, spoken } from "../speech.js";

export class Entry {
  /** @type {import("./doors.js").About | null} */
  about = null;
  #name = element("entry-name", HTMLInputElement);
  /** @type {() => string} */
  #saying = () => "";

  /**
   * @param {import("./meeting.js").Meeting} meeting
   * @param {import("./check.js").Check} check
   * @param {string} pass
   */
  constructor(meeting, check, pass) {
    [this.meeting, this.check, this.pass] = [meeting, check, pass];
    this.#name.value = kept("name");
    element("entry", HTMLFormElement).addEventListener("submit", (event) => { event.preventDefault(); this.enter(); });
    this.#name.addEventListener("input", () => { this.#name.removeAttribute("aria-invalid"); this.#say(() => ""); });
    button("lobby-leave").addEventListener("click", () => meeting.leave("left"));
    button("over-again").addEventListener("click", () => location.reload());
    meeting.on(["place"], () => this.show());
    meeting.on(["room", "state"], () => this.#lobby());
    spoken.addEventListener("change", () => { this.show(); write(box("entry-said"), this.#saying()); });
  }

  async begin() {
    this.show();
    for (;;) {
      try {
        this.about = await this.meeting.doors.about();
        break;
      } catch (error) {
        const status = error instanceof Refused ? error.status : 0;
        this.#say(() => say(status === 404 ? "door.unknown" : "told.noAnswer"));
        if (status === 404) { button("enter").disabled = true; break; }
        await new Promise((done) => setTimeout(done, 2_000));
      }
    }
    if (this.about) this.#say(() => "");
    this.show();
    if (this.about?.state === "over") this.meeting.leave("over");
  }

  async enter() {
    const name = this.#name.value.trim();
    const asks = this.about?.asksName !== false;
    if (asks && !name) {
      this.#name.setAttribute("aria-invalid", "true");
      this.#say(() => say("door.noName"));
      return this.#name.focus();
    }
    button("enter").disabled = true;
    try {
      keep("name", name);
      const figures = this.check.result;
      // Nobody agrees to what they were not told.
      const consents = this.about?.recording === true;
      await this.meeting.enter(name, this.pass || seatOf(this.meeting.name).pass || "", consents);
      // Whoever it concerns reads it in the matter; nobody else's check is kept.
      if (figures.uplink) this.meeting.doors.file(figures).catch(() => {});
    } catch (error) {
      if (error instanceof Refused && error.code === "needsConsent") await this.#renew();
      this.#say(() => (error instanceof Refused ? this.meeting.sentence(error) : say("told.failed")));
      // Who finds no room may still watch.
      const link = element("overflow", HTMLAnchorElement), { overflow = "" } = this.about ?? {};
      link.hidden = !(error instanceof Refused && error.code === "full" && /^(https?:\/)?\//.test(overflow ?? ""));
      if (!link.hidden) link.href = overflow ?? "";
    }
    button("enter").disabled = false;
  }

  /** Whether it is recorded has changed since the door was opened. */
  async #renew() {
    this.about = await this.meeting.doors.about().catch(() => this.about);
    this.show();
  }

  show() {
    const { meeting, about } = this;
    const { place } = meeting;
    document.body.dataset.place = place;
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("body > [data-place]"))) one.hidden = one.dataset.place !== place;
    const title = about?.title || document.body.dataset.title || meeting.name;
    if (place !== "inside") document.title = title;
    write(box("door-title"), title);
    const when = box("door-when");
    when.hidden = !about?.startsAt;
    if (about?.startsAt) write(when, day(about.startsAt));
    const more = box("door-more");
    const needsPass = about?.needsPass && !this.pass;
    const opensAt = about?.opensAt ?? about?.startsAt ?? 0;
    const isEarly = about?.state === "before" && opensAt > Date.now();
    more.hidden = !(needsPass || about?.locked || isEarly || about?.lobby);
    write(more, needsPass ? say("door.needsPass") : about?.locked ? say("door.locked") : about?.state === "before"
      ? say("door.before") : about?.lobby
      ? say("door.lobby") : "");
    const consent = box("consent");
    consent.hidden = !about?.recording;
    const said = about?.consentSentence;
    write(box("consent-words"), (said && (language() === "th" ? said.th : said.en)) || say("door.consent"));
    const asks = about?.asksName !== false;
    this.#name.hidden = !asks;
    /** @type {HTMLElement} */ (document.querySelector("label[for=entry-name]")).hidden = !asks;
    write(button("enter"), say(about?.recording ? "door.agree" : "door.enter"));
    this.#lobby();
    const why = meeting.state.ended || "left";
    const known = ["left", "removed", "barred", "denied", "elsewhere", "away"];
    if (place === "over") this.#over(known.includes(why) ? why : "over");
  }

  #lobby() {
    write(box("lobby-room"), this.meeting.state.room.title || this.about?.title || "");
    const { isOn } = /** @type {{isOn: Record<string, boolean>}} */ (this.check.sending);
    write(box("lobby-devices"), say("lobby.devices", say(isOn.microphone ? "lobby.on" : "lobby.off"),
      say(isOn.camera ? "lobby.on" : "lobby.off")));
    write(box("lobby-said"), this.meeting.place === "lobby" ? say("lobby.title") : "");
  }

  /** @param {string} why */
  #over(why) {
    draw(box("over"), ["removed", "barred", "denied"].includes(why) ? "lock" : why === "away" ? "clock" : "done");
    write(box("over-title"), say(`over.${why}`));
    write(box("over-more"), say(`over.${why}More`));
    button("over-again").hidden = ["barred", "over"].includes(why);
    const { evaluation } = this.meeting.state;
    const link = element("over-evaluate", HTMLAnchorElement);
    link.hidden = !/^(https?:\/)?\//.test(evaluation);
    if (!link.hidden) link.href = evaluation;
  }

  /** @param {() => string} sentence */
  #say(sentence) { this.#saying = sentence; write(box("entry-said"), sentence()); }
}

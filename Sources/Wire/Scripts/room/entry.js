// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The door: what the meeting is, one's name, whether one agrees to be recorded; then the lobby or the room; and the end.
import { Refused } from "./doors.js";
import { seatOf } from "./seat.js";
import { keep, kept } from "../kept.js";
import { box, button, draw, element, make, write } from "../page.js";
import { day, language, say, spoken } from "../speech.js";

export class Entry {
  /** @type {import("./doors.js").About | null} */
  about = null;
  #isFull = false;
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
    element("overflow", HTMLAnchorElement).addEventListener("click", (event) => {
      // A page of another origin is no frame of ours.
      if (new URL(this.#overflow, location.href).origin !== location.origin) return;
      event.preventDefault();
      meeting.watch();
    });
    button("watching-back").addEventListener("click", () => meeting.watch(false));
    button("lobby-leave").addEventListener("click", () => meeting.leave("left"));
    button("over-again").addEventListener("click", () => location.reload());
    meeting.on(["place"], () => { this.show(); if (meeting.place === "door") this.#ask(); });
    meeting.on(["room", "state"], () => this.#lobby());
    spoken.addEventListener("change", () => { this.show(); write(box("entry-said"), this.#saying()); });
  }

  get #pass() { return this.pass || seatOf(this.meeting.name).pass || ""; }

  async begin() {
    this.show();
    for (;;) {
      try {
        this.about = await this.meeting.doors.about(this.#pass);
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

  /** What the meeting is now. */
  async #ask() {
    this.about = await this.meeting.doors.about(this.#pass).catch(() => this.about);
    this.show();
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
      if (asks) keep("name", name);
      const figures = this.check.result;
      // Nobody agrees to what they were not told.
      await this.meeting.enter(name, this.#pass, !!this.about?.recording);
      // Whoever it concerns reads it in the matter; nobody else's check is kept.
      if (figures.uplink) this.meeting.doors.file(figures).catch(() => {});
    } catch (error) {
      this.#say(() => (error instanceof Refused ? this.meeting.sentence(error) : say("told.failed")));
      // It was not recorded yet when this page was opened.
      if (error instanceof Refused && error.code === "needsConsent") await this.#ask();
      this.#isFull = error instanceof Refused && error.code === "full";
      this.#offer();
    }
    button("enter").disabled = false;
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
    const needsPass = about?.needsPass && !this.#pass;
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
    // Who is invited by name sees under which one they come in.
    const known = about?.name ?? "";
    this.#name.readOnly = !!known;
    if (known) this.#name.value = known;
    this.#name.hidden = !asks && !known;
    /** @type {HTMLElement} */ (document.querySelector("label[for=entry-name]")).hidden = this.#name.hidden;
    write(button("enter"), say(about?.recording ? "door.agree" : "door.enter"));
    this.#offer();
    this.#lobby();
    const why = meeting.state.ended || "left";
    const ways = ["left", "removed", "barred", "denied", "elsewhere", "away"];
    if (place === "over") this.#over(ways.includes(why) ? why : "over");
  }

  /** Where the broadcast is watched; nothing when it is not put on air. */
  get #overflow() {
    const { overflow = "" } = this.about ?? {};
    return /^(https?:\/)?\//.test(overflow ?? "") ? overflow ?? "" : "";
  }

  /** Who finds no room may still watch, and who only listens may, too: on this page, with its own player. */
  #offer() {
    const link = element("overflow", HTMLAnchorElement), address = this.#overflow;
    link.hidden = !address || !(this.about?.onAir || this.#isFull);
    if (!link.hidden) link.href = address;
    const view = box("watching-view"), isWatching = this.meeting.place === "watching";
    if (isWatching === view.hasChildNodes()) return;
    if (!isWatching) return view.replaceChildren();
    view.append(make("iframe", { src: `${address}?embed`, title: say("watching.title"),
      allow: "autoplay; fullscreen; picture-in-picture" }));
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

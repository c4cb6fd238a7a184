// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What people write, to all or to one; with files. A host may hide what does not belong there.
import { put, soon } from "./rows.js";
import { isHost } from "./state.js";
import { tell } from "./told.js";
import { Refused } from "./doors.js";
import { box, icon, make } from "../page.js";
import { hour, language, say, spoken } from "../speech.js";

/** @typedef {import("./state.js").Message} Message */

const largest = 50_000_000;
/** Stands for all groups among those whom one may write to. */
const everywhere = "*";

export class Chat extends EventTarget {
  unread = 0;
  #panel = box("panel-talk");
  #log = make("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
  #list = make("ol", { class: "remarks" });
  #empty = make("p", { class: "faint", "data-word": "chat.empty" });
  #form = make("form", { class: "write" });
  #to = make("select", { id: "chat-to" });
  #text = make("textarea", { id: "chat-text", rows: "2", maxlength: "2000" });
  #file = make("input", { type: "file", id: "chat-file", class: "visually-hidden", tabindex: "-1" });
  draw = soon(() => this.#draw());

  /**
   * @param {import("./meeting.js").Meeting} meeting
   * @param {import("./side.js").Side} side
   */
  constructor(meeting, side) {
    super();
    [this.meeting, this.side] = [meeting, side];
    const attach = make("button", { type: "button", class: "quiet icon-only", "data-label": "chat.attach" },
      icon("file"));
    this.#file.setAttribute("data-label", "chat.attach");
    this.#log.setAttribute("data-label", "side.talk");
    this.#form.append(
      make("label", { for: "chat-to", "data-word": "chat.to" }), this.#to,
      make("label", { for: "chat-text", class: "visually-hidden", "data-word": "chat.text" }), this.#text,
      make("p", { class: "row" }, attach, this.#file, make("span", { class: "grow" }),
        make("button", { type: "submit", class: "primary" }, icon("send"),
          make("span", { "data-word": "chat.send" }))));
    this.#log.append(this.#empty, this.#list);
    this.#panel.append(make("h2", { "data-word": "side.talk", class: "visually-hidden" }), this.#log, this.#form);
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    attach.addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => { for (const one of this.#file.files ?? []) this.#attach(one);
      this.#file.value = ""; });
    meeting.on(["chat"], ({ message }) => this.#hear(message));
    meeting.on(["write"], (person) => { side.show("talk"); this.#choices(person); this.#text.focus(); });
    meeting.on(["any", "place"], () => this.draw());
    side.addEventListener("change", () => { if (side.open === "talk") { this.#read(); this.draw(); } });
    spoken.addEventListener("change", () => this.draw());
  }

  /** @param {Message} message */
  #hear(message) {
    if (message.from === this.meeting.state.you.id || message.hidden) return;
    if (this.side.open === "talk" && !document.hidden) return;
    this.unread += 1;
    this.dispatchEvent(new Event("unread"));
    if (this.side.open) return;
    tell(`${message.name}: ${message.text || message.file?.name || ""}`.slice(0, 140), {
      picture: "talk", act: { word: say("chat.read"), then: () => this.side.show("talk") },
    });
  }

  #read() { this.unread = 0; this.dispatchEvent(new Event("unread")); this.#toEnd(); }

  #draw() {
    const { state } = this.meeting;
    const wasAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 48;
    const leads = isHost(state);
    const shown = state.chat.filter((one) => !one.hidden || leads);
    this.#empty.hidden = shown.length > 0;
    put(this.#list, shown.map((one) => ({
      key: String(one.number), is: `${language()} ${leads} ${one.hidden} ${one.standing} ${one.text}`,
        draw: () => this.#row(one, leads),
    })));
    const mayWrite = state.room.mayChat || leads;
    for (const one of /** @type {any} */ ([this.#text, ...this.#form.querySelectorAll("button")])) one.disabled = false;
    this.#text.placeholder = mayWrite ? "" : say("chat.hostsOnly");
    this.#choices(this.#to.value, mayWrite);
    if (wasAtEnd) this.#toEnd();
  }

  /** @param {string} [chosen] @param {boolean} [mayWrite] */
  #choices(chosen = "", mayWrite = true) {
    const { state } = this.meeting;
    const leaders = Object.values(state.people).some((one) => one.id !== state.you.id
      && (one.role === "host" || one.role === "cohost"));
    const others = this.meeting.others.filter((one) => mayWrite || one.role === "host" || one.role === "cohost")
      .sort((one, two) => one.name.localeCompare(two.name, language()));
    const { groups } = state;
    const is = `${language()} ${mayWrite} ${leaders} ${!!groups} ${isHost(state)} ${others.map(({ id, name }) => id + name).join()}`;
    if (this.#to.dataset.is !== is) {
      this.#to.dataset.is = is;
      this.#to.replaceChildren(...(mayWrite ? [new Option(say(groups ? "chat.here" : "chat.everybody"), "")] : []),
        ...(groups && isHost(state) ? [new Option(say("chat.allGroups"), everywhere)] : []),
        ...others.map(({ id, name }) => new Option(name, id)));
    }
    this.#to.value = chosen;
    if (this.#to.selectedIndex < 0) this.#to.selectedIndex = 0;
  }

  /** @param {Message} message @param {boolean} leads */
  #row(message, leads) {
    const { state } = this.meeting;
    const isOwn = message.from === state.you.id;
    const head = make("p", { class: "who" }, make("strong", {}, isOwn ? say("tile.you") : message.name));
    if (message.to) {
      const whom = message.to === state.you.id ? say("chat.toYou")
        : say("chat.private", state.people[message.to]?.name ?? "");
      head.append(make("span", { class: "mark private" }, icon("lock"), whom));
    }
    head.append(make("time", { class: "faint", datetime: new Date(message.at).toISOString() }, hour(message.at)));
    const item = make("li",
      { class: `remark${isOwn ? " own" : ""}${message.to ? " private" : ""}${message.hidden ? " hidden-one" : ""}` },
      head);
    if (message.text) item.append(make("p", { class: "words" }, ...linked(message.text)));
    if (message.file) item.append(this.#download(message.file));
    if (message.standing && message.standing !== "shown") {
      head.append(make("span", { class: `mark ${message.standing}` },
        icon(message.standing === "waiting" ? "clock" : "done"),
        say(`chat.${message.standing}`)));
    }
    if (leads && message.standing === "waiting") item.append(this.#verdicts(message));
    if (message.hidden) item.append(make("p", { class: "faint" }, say("chat.hidden")));
    else if ((leads || isOwn) && !message.to && !(leads && message.standing === "waiting")) {
      const hide = make("button", { type: "button", class: "quiet small",
        "aria-label": `${say("chat.hide")}: ${message.name}` }, say("chat.hide"));
      hide.addEventListener("click", () => this.meeting.ask("hideChat", { number: message.number }));
      item.append(hide);
    }
    return item;
  }

  /** What a listener asked is shown when somebody who leads says so. @param {Message} message */
  #verdicts({ number, name }) {
    const row = make("p", { class: "row verdicts" });
    for (const verdict of ["show", "answered", "hide"]) {
      const word = say(`judge.${verdict}`);
      const one = make("button", { type: "button", class: verdict === "show" ? "primary" : "quiet",
        "aria-label": `${word}: ${name}` }, word);
      one.addEventListener("click", () => this.meeting.ask("judge", { number, verdict }));
      row.append(one);
    }
    return row;
  }

  /** Only a token opens it, so it is fetched and then saved. @param {{id: string, name: string, bytes: number}} file */
  #download(file) {
    const one = make("button", { type: "button", class: "quiet file" }, icon("file"),
      `${file.name} · ${size(file.bytes)}`);
    one.addEventListener("click", async () => {
      try {
        const address = await this.meeting.doors.picture(`files/${encodeURIComponent(file.id)}`);
        const link = make("a", { href: address, download: file.name });
        link.click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
      } catch (error) {
        if (error instanceof Refused) tell(this.meeting.sentence(error), { isWrong: true });
      }
    });
    return make("p", {}, one);
  }

  async #send() {
    const text = this.#text.value.trim();
    if (!text) return this.#text.focus();
    const to = this.#to.value;
    const whom = to === everywhere ? { everywhere: true } : to ? { to } : {};
    if (await this.meeting.ask("say", { text, ...whom })) {
      this.#text.value = "";
      this.#toEnd();
    }
    this.#text.focus();
  }

  /** @param {File} file */
  async #attach(file) {
    if (!file.size) return tell(say("chat.fileEmpty", file.name), { isWrong: true });
    if (file.size > largest) return tell(say("chat.tooLarge", file.name), { isWrong: true });
    tell(say("chat.sending", file.name), { picture: "file" });
    try {
      await this.meeting.doors.put("files", file);
    } catch (error) {
      if (error instanceof Refused) tell(this.meeting.sentence(error), { isWrong: true });
    }
  }

  #toEnd() { requestAnimationFrame(() => { this.#log.scrollTop = this.#log.scrollHeight; }); }
}

/** @param {string} text */
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"']+)/).map((piece, index) => (index % 2
    ? make("a", { href: piece, target: "_blank", rel: "noopener noreferrer" }, piece) : piece));
}

/** @param {number} bytes */
export const size = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} KB`
  : `${(bytes / 1_000_000).toFixed(1)} MB`);

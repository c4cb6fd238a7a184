// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The bar below: what is needed all the time is a button, everything else is behind "more".
import { toggleAir, toggleRecording } from "./hosts.js";
import { openMenu } from "./menu.js";
import { soon } from "./rows.js";
import { reactions } from "./spoken.js";
import { isHost, mayShow, myself } from "./state.js";
import { ask } from "./told.js";
import { showKeys } from "./keys.js";
import { box, draw, icon, make, write } from "../page.js";
import { choose, language, say, spoken } from "../speech.js";

/** @typedef {{stage: import("./stage.js").Stage, side: import("./side.js").Side, sending: import("./sending.js").Sending,
 *   deck: import("./deck.js").Deck, captions: import("./spoken.js").Captions, chat: import("./chat.js").Chat,
 *   polls: import("./polls.js").Polls, pip: {isOffered: boolean, toggle: () => void}, devices: () => void}} Parts */

export class Bar {
  /** @type {Record<string, HTMLButtonElement>} */
  #buttons = {};
  draw = soon(() => this.#draw());

  /**
   * @param {import("./meeting.js").Meeting} meeting
   * @param {Parts} parts
   */
  constructor(meeting, parts) {
    [this.meeting, this.parts] = [meeting, parts];
    const { sending, side, stage, chat, deck, captions } = parts;
    this.#add("microphone", "microphone-off", () => sending.toggle("microphone"));
    this.#add("camera", "camera-off", () => sending.toggle("camera"));
    this.#add("share", "screen", () => this.#share());
    this.#add("hand", "hand", () => this.hand());
    this.#add("react", "smile", () => this.#react());
    this.#add("people", "people", () => side.toggle("people", this.#buttons.people));
    this.#add("talk", "talk", () => side.toggle("talk", this.#buttons.talk));
    this.#add("record", "record", () => toggleRecording(meeting));
    this.#add("air", "air", () => toggleAir(meeting));
    this.#add("more", "more", () => this.#more());
    this.#add("leave", "leave", () => this.#leave());
    for (const one of ["react", "more", "share"]) this.#buttons[one].setAttribute("aria-haspopup", "dialog");
    meeting.on(["any", "place", "call", "up"], () => this.draw());
    for (const one of [sending, side, stage, chat, deck, captions]) one.addEventListener("change", () => this.draw());
    chat.addEventListener("unread", () => this.draw());
    spoken.addEventListener("change", () => this.draw());
    setInterval(() => this.#hint(), 500);
  }

  /** @param {string} name @param {string} picture @param {() => void} act */
  #add(name, picture, act) {
    const one = make("button", { type: "button", class: `act ${name}`, id: `bar-${name}` }, icon(picture),
      make("span", { class: "word" }));
    one.append(make("span", { class: "badge", hidden: "", "aria-hidden": "true" }));
    one.addEventListener("click", act);
    this.#buttons[name] = one;
    box("bar").append(one);
  }

  hand() { this.meeting.ask("hand", { up: !myself(this.meeting.state)?.hand }); }

  #draw() {
    const { meeting, parts: { sending, side, chat, polls } } = this;
    const { state } = meeting;
    const isListener = state.you.role === "listener", { isOn } = sending;
    this.#name("microphone", say(isOn.microphone ? "bar.mute" : "bar.unmute"),
      isOn.microphone ? "microphone" : "microphone-off", isOn.microphone);
    this.#name("camera", say(isOn.camera ? "bar.cameraOff" : "bar.camera"), isOn.camera ? "camera" : "camera-off",
      isOn.camera);
    this.#name("share", say(isOn.screen ? "bar.shareStop" : "bar.share"), isOn.screen ? "screen-stop" : "screen",
      isOn.screen);
    const hand = !!myself(state)?.hand;
    this.#name("hand", say(hand ? "bar.lower" : "bar.hand"), "hand", hand);
    this.#name("react", say("bar.react"), "smile");
    const people = Object.keys(state.people).length;
    this.#name("people", say("side.people"), "people", side.open === "people");
    this.#name("talk", say("side.talk"), "talk", side.open === "talk");
    this.#name("record", say(state.recording.isOn ? "bar.recordStop" : "bar.record"), "record", state.recording.isOn);
    this.#name("air", say(state.air.isOn ? "bar.airStop" : "bar.air"), "air", state.air.isOn);
    this.#buttons.record.hidden = !this.#may("mayRecord");
    this.#buttons.air.hidden = !this.#may("mayAir");
    this.#name("more", say("bar.more"), "more");
    this.#name("leave", say("bar.leave"), "leave");
    for (const name of ["microphone", "camera"]) this.#buttons[name].hidden = isListener;
    this.#buttons.share.hidden = !mayShow(state) || (!state.room.mayShare && !isHost(state))
      || !("getDisplayMedia" in (navigator.mediaDevices ?? {}));
    this.#buttons.microphone.classList.toggle("barred", !!myself(state)?.hardMuted);
    this.#badge("people", isHost(state) && state.lobby.length ? state.lobby.length : people,
      isHost(state) && state.lobby.length > 0, say("bar.waiting", state.lobby.length));
    this.#badge("talk", chat.unread, true, say("bar.unread", chat.unread));
    this.#badge("more", polls.waiting, true, say("bar.polls", polls.waiting));
    this.#hint();
  }

  /** @param {string} name @param {string} word @param {string} picture @param {boolean} [isOn] */
  #name(name, word, picture, isOn) {
    const one = this.#buttons[name];
    write(/** @type {Element} */ (one.querySelector(".word")), word);
    one.title = word;
    draw(one, picture);
    if (isOn !== undefined) one.setAttribute("aria-pressed", String(isOn));
    one.setAttribute("aria-label", word);
  }

  /** @param {string} name @param {number} number @param {boolean} isNew @param {string} word */
  #badge(name, number, isNew, word) {
    const one = this.#buttons[name], badge = /** @type {HTMLElement} */ (one.querySelector(".badge"));
    badge.hidden = !number;
    badge.classList.toggle("new", isNew);
    write(badge, number > 99 ? "99+" : String(number));
    if (number && isNew) one.setAttribute("aria-label", `${one.title}. ${word}`);
  }

  /** Who speaks with a closed microphone should know. */
  #hint() {
    const { sending } = this.parts;
    const one = this.#buttons.microphone;
    one.classList.toggle("unheard", sending.speaksUnheard);
    one.style.setProperty("--level", sending.isOn.microphone ? String(Math.min(1, sending.meter.level * 2.5)) : "0");
    if (sending.speaksUnheard) one.title = say("bar.unheard");
  }

  #react() {
    openMenu(this.#buttons.react, say("bar.react"), Object.entries(reactions).map(([reaction, sign]) => ({
      word: `${sign} ${say(`react.${reaction}`)}`, icon: "smile", act: () => this.meeting.ask("react", { reaction }),
    })));
  }

  #share() {
    const { sending, deck } = this.parts;
    const isOn = sending.isOn.screen;
    openMenu(this.#buttons.share, say("bar.share"), [
      isOn ? { word: say("bar.shareStop"), icon: "screen-stop", act: () => sending.share(false) }
        : { word: say("share.screen"), more: say("share.screenMore"), icon: "screen", act: () => sending.share(true) },
      isOn ? { word: say("share.detail"), icon: "slides", isOn: sending.hinted === "detail",
        act: () => sending.hint("detail") } : null,
      isOn ? { word: say("share.motion"), icon: "camera", isOn: sending.hinted === "motion",
        act: () => sending.hint("motion") } : null,
      { word: say("share.slides"), more: say("share.slidesMore"), icon: "slides", act: () => deck.choose() },
      { word: say("share.board"), icon: "board", isOn: deck.showsBoard, act: () => deck.toggleBoard() },
      ...this.meeting.state.decks.slice(-6).map(({ id, name }, index) => ({
        ...(index ? {} : { heading: say("share.again") }), word: name, icon: "slides",
        act: () => this.meeting.ask("slides.show", { deck: id, page: 1 }),
      })),
    ]);
  }

  #more() {
    const { stage, side, captions, pip, deck, devices, sending } = this.parts;
    const { state } = this.meeting;
    const way = (/** @type {import("./layout.js").Way} */ name, /** @type {string} */ picture,
      /** @type {string} */ heading = "") => ({
      ...(heading ? { heading } : {}), word: say(`way.${name}`), icon: picture, isOn: stage.way === name,
        act: () => stage.show(name),
    });
    const isHere = (/** @type {string} */ name) => this.#buttons[name].offsetParent !== null;
    openMenu(this.#buttons.more, say("bar.more"), [
      isHere("people") ? null : { word: say("side.people"), icon: "people", act: () => side.show("people") },
      isHere("react") ? null : { word: say("bar.react"), icon: "smile", act: () => this.#react() },
      isHere("share") || !mayShow(state) ? null
        : { word: say("share.slides"), icon: "slides", act: () => deck.choose() },
      { word: say("side.polls"), icon: "poll", act: () => side.show("polls") },
      isHost(state) ? { word: say("side.hosts"), icon: "host", act: () => side.show("hosts") } : null,
      ...this.#production(isHere),
      { word: say("share.board"), icon: "board", isOn: deck.showsBoard, act: () => deck.toggleBoard() },
      way("grid", "grid", say("more.way")), way("speaker", "people"), way("side", "slides"),
      pip.isOffered ? { word: say("more.pip"), icon: "pip", act: () => pip.toggle() } : null,
      ...this.#groups(),
      { heading: say("more.help"), word: say("more.captions"), icon: "captions", isOn: captions.isOn,
        act: () => captions.toggle() },
      mayShow(state) ? { word: say("captions.write"), icon: "talk", isOn: captions.isWriting,
        act: () => captions.write() } : null,
      { word: say("more.saves"), more: say("more.savesMore"), icon: "ears", isOn: stage.savesLine, act: () => {
        stage.save(!stage.savesLine);
        if (stage.savesLine && sending.isOn.camera) sending.turn("camera", false);
      } },
      ...this.#blur(),
      { word: say("more.devices"), icon: "settings", act: devices },
      { word: say("keys.title"), icon: "key", act: showKeys },
      { word: language() === "th" ? "English" : "ไทย", icon: "talk",
        act: () => choose(language() === "th" ? "en" : "th") },
    ]);
  }

  /** Recording and on air, where the bar has no room for them. @param {(name: string) => boolean} isHere */
  #production(isHere) {
    const { meeting } = this, { recording, air } = meeting.state;
    return [
      this.#may("mayRecord") && !isHere("record") ? { word: say(recording.isOn ? "hosts.recordStop" : "hosts.record"), icon: "record",
        act: () => toggleRecording(meeting) } : null,
      this.#may("mayAir") && !isHere("air") ? { word: say(air.isOn ? "hosts.airStop" : "hosts.airStart"), icon: "air",
        act: () => toggleAir(meeting) } : null,
    ];
  }

  /** Whether this host may, in this room. @param {"mayRecord" | "mayAir"} what */
  #may(what) { return isHost(this.meeting.state) && this.meeting.state.room[what] !== false; }

  /** Only where the platform does it itself. @returns {import("./menu.js").Choice[]} */
  #blur() {
    const { devices } = this.meeting, { isOffered, isOn } = devices.blur;
    return isOffered ? [{ word: say("more.blur"), icon: "camera", isOn, act: () => devices.setBlur(!isOn) }] : [];
  }

  /** Where people may choose their group themselves. @returns {import("./menu.js").Choice[]} */
  #groups() {
    const { groups, you } = this.meeting.state;
    if (!groups?.free || isHost(this.meeting.state)) return [];
    const mine = myself(this.meeting.state)?.group ?? null;
    const all = [{ id: null, name: say("hosts.groupNone") }, ...groups.groups];
    return all.map(({ id, name }, index) => ({
      ...(index ? {} : { heading: say("hosts.groups") }), word: name, icon: "people", isOn: id === mine,
      act: () => this.meeting.ask("groups.move", { person: you.id, group: id }),
    }));
  }

  async #leave() {
    const { state } = this.meeting;
    const isLast = state.you.role === "host" && Object.values(state.people).every((one) => one.id === state.you.id
      || one.role !== "host");
    const text = isLast && Object.keys(state.people).length > 1 ? say("leave.lastHost") : undefined;
    if (await ask({ heading: say("leave.ask"), text, word: say("bar.leave"), isGrave: true })) this.meeting.leave();
  }
}

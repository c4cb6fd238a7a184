// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Who is here: those who wait at the door, the list of hands, everybody; and what may be done about one of them.
import { openMenu } from "./menu.js";
import { put, soon } from "./rows.js";
import { isHost, roll } from "./state.js";
import { hue, initials } from "./tile.js";
import { ask, tell } from "./told.js";
import { box, icon, make } from "../page.js";
import { clock, language, say, spoken } from "../speech.js";

/** @typedef {import("./meeting.js").Meeting} Meeting */

/**
 * What one may do about a person, for the menu at their name.
 * @param {Meeting} meeting
 * @param {import("./stage.js").Stage} stage
 * @param {string} id
 * @returns {(import("./menu.js").Choice | null)[]}
 */
export function personChoices(meeting, stage, id) {
  const { state } = meeting;
  const person = state.people[id];
  if (!person) return [];
  const isSelf = id === state.you.id, leads = isHost(state);
  // A co-host leads, but gives no roles and moves no host.
  const isBarred = isSelf || (state.you.role !== "host" && person.role === "host");
  const givesRoles = !isSelf && state.you.role === "host";
  const isPinned = stage.pinned.includes(id);
  const choices = [
    { word: say(isPinned ? "person.unpin" : "person.pin"), icon: "pin", isOn: isPinned, act: () => stage.pin(id) },
    isSelf ? null : { word: say("person.write"), icon: "talk", act: () => meeting.tell("write", id) },
  ];
  if (!leads) return choices;
  const isSpotlit = state.spotlight === id;
  const to = (/** @type {string} */ ask, more = {}) => () => meeting.ask(ask, { person: id, ...more });
  const name = person.name;
  return [
    ...choices,
    { heading: say("person.lead"), word: say(isSpotlit ? "person.unspotlight" : "person.spotlight"), icon: "host",
      isOn: isSpotlit,
      act: () => meeting.ask("spotlight", { person: isSpotlit ? null : id }) },
    { word: say("person.floor"), icon: "clock", act: () => giveFloor(meeting, id) },
    person.hand ? { word: say("person.lower"), icon: "hand", act: to("lower") } : null,
    isBarred || !person.microphone ? null : { word: say("person.mute"), icon: "microphone-off",
      act: to("mute", { what: "microphone", hard: false }) },
    isBarred ? null : person.hardMuted
      ? { word: say("person.allow"), icon: "microphone", act: to("allow", { what: "microphone", allowed: true }) }
      : { word: say("person.hardMute"), more: say("person.hardMuteMore"), icon: "lock",
        act: to("mute", { what: "microphone", hard: true }) },
    isBarred || !person.camera ? null : { word: say("person.stopVideo"), icon: "camera-off", act: to("stopVideo") },
    isBarred || !person.screen ? null : { word: say("person.stopScreen"), icon: "screen-stop",
      act: to("mute", { what: "screen" }) },
    !givesRoles ? null : { heading: say("person.role"), word: say("role.cohost"), icon: "host",
      isOn: person.role === "cohost", act: to("role", { role: "cohost" }) },
    !givesRoles ? null : { word: say("role.speaker"), icon: "microphone", isOn: person.role === "speaker",
      act: to("role", { role: "speaker" }) },
    !givesRoles ? null : { word: say("role.listener"), icon: "ears", isOn: person.role === "listener",
      act: to("role", { role: "listener" }) },
    isBarred ? null : { heading: say("person.out"), word: say("person.toLobby"), icon: "clock", act: to("toLobby") },
    isBarred ? null : { word: say("person.remove"), icon: "leave", isGrave: true, act: async () => {
      const said = await ask({
        heading: say("person.removeAsk", name), word: say("person.remove"), isGrave: true,
        fields: [make("label", { class: "choice" }, make("input", { type: "checkbox", name: "bar" }),
          make("span", {}, say("person.bar")))],
      });
      if (said) meeting.ask("remove", { person: id, bar: said.has("bar") });
    } },
  ];
}

/** @param {Meeting} meeting @param {string} person */
const giveFloor = (meeting, person) => meeting.ask("floor", { person, seconds: 180 });

export class People {
  #panel = box("panel-people");
  #waiting = make("section", { class: "waiting" });
  #hands = make("section", { class: "hands" });
  #heading = make("h2");
  #list = make("ul", { class: "roll" });
  #word = box("floor-word");
  draw = soon(() => this.#draw());

  /**
   * @param {Meeting} meeting
   * @param {import("./stage.js").Stage} stage
   */
  constructor(meeting, stage) {
    [this.meeting, this.stage] = [meeting, stage];
    this.#panel.append(this.#waiting, this.#hands, this.#heading, this.#list);
    let waited = 0;
    meeting.on(["lobby", "state"], () => {
      const { length } = meeting.state.lobby;
      if (length > waited) this.#knocked();
      waited = length;
    });
    meeting.on(["any", "place"], () => this.draw());
    spoken.addEventListener("change", () => this.draw());
    setInterval(() => this.#tick(), 500);
  }

  #knocked() {
    const { lobby } = this.meeting.state;
    const last = lobby.at(-1);
    if (last) tell(say("people.knocks", last.name),
      { picture: "clock", act: { word: say("people.admit"), then: () =>
      this.meeting.ask("admit", { person: last.id }) } });
  }

  #draw() {
    const { state } = this.meeting;
    const leads = isHost(state);
    this.#waiting.hidden = !leads || !state.lobby.length;
    if (!this.#waiting.hidden) this.#lobby();
    this.#queue(leads);
    const people = roll(state, language());
    this.#heading.textContent = say("people.inside", people.length);
    put(this.#list, people.map((person) => ({
      key: person.id, is: `${language()} ${leads} ${JSON.stringify(person)} ${person.id === state.you.id}`,
      draw: () => this.#row(person),
    })));
    this.#tick();
  }

  #lobby() {
    const { lobby } = this.meeting.state;
    if (!this.#isNew(this.#waiting, lobby)) return;
    const domains = [...new Set(lobby.map((one) => /** @type {any} */ (one).domain).filter(Boolean))];
    const all = make("p", { class: "row" }, this.#button("people.admitAll", "primary",
      () => this.meeting.ask("admitAll")));
    for (const domain of domains) {
      const one = this.#button("people.admitAll", "quiet", () => this.meeting.ask("admitAll", { domain }));
      one.textContent = say("people.admitDomain", domain);
      all.append(one);
    }
    const rows = lobby.map((person) => make("li", { class: "one" }, make("span", { class: "grow" }, person.name,
      ...(person.identified ? [make("small", { class: "faint" }, ` ${say("people.identified")}`)] : [])),
    this.#button("people.admit", "quiet", () => this.meeting.ask("admit", { person: person.id }), person.name),
    this.#button("people.deny", "quiet grave", () => this.meeting.ask("deny", { person: person.id }), person.name)));
    this.#waiting.replaceChildren(make("h2", {}, say("people.waiting", lobby.length)), make("ul", {}, ...rows), all);
  }

  /** @param {boolean} leads */
  #queue(leads) {
    const { hands: { queue, floor }, people, you } = this.meeting.state;
    this.#hands.hidden = !queue.length && !floor;
    const names = queue.map(({ person }) => people[person]?.name);
    if (this.#hands.hidden || !this.#isNew(this.#hands, [queue, floor, names, people[floor?.person ?? ""], leads])) return;
    const rows = queue.map(({ person }, index) => {
      const one = make("li", { class: "one" }, make("span", { class: "number" }, String(index + 1)),
        make("span", { class: "grow" }, people[person]?.name ?? ""));
      if (leads) {
        one.append(this.#button("people.give", "quiet", () => giveFloor(this.meeting, person), people[person]?.name),
          this.#lower(person));
      } else if (person === you.id) one.append(make("span", { class: "faint" }, say("people.yourTurn", index + 1)));
      return one;
    });
    this.#hands.replaceChildren(make("h2", {}, say("people.hands")));
    if (floor) {
      const now = make("p", { class: "one holds" }, icon("clock"),
        make("span", { class: "grow" }, say("people.holds", people[floor.person]?.name ?? "")),
        make("strong", { class: "left" }));
      if (leads) now.append(this.#button("people.endFloor", "quiet",
        () => this.meeting.ask("floor", { person: null })));
      this.#hands.append(now);
    }
    this.#hands.append(make("ol", {}, ...rows));
    if (leads && queue.length > 1) this.#hands.append(this.#button("people.lowerAll", "quiet",
      () => this.meeting.ask("lower", { person: "all" })));
  }

  /** @param {string} person */
  #lower(person) {
    const word = `${say("person.lower")}: ${this.meeting.state.people[person]?.name ?? ""}`;
    const one = make("button", { type: "button", class: "quiet icon-only", "aria-label": word, title: word },
      icon("close"));
    one.addEventListener("click", () => this.meeting.ask("lower", { person }));
    return one;
  }

  /**
   * Whether there is something else to draw: what is drawn anew under a finger is not pressed.
   * @param {HTMLElement} on
   * @param {unknown} what
   */
  #isNew(on, what) {
    const is = JSON.stringify([language(), what]);
    if (on.dataset.is === is) return false;
    on.dataset.is = is;
    return true;
  }

  /** How long who has the floor may go on; written on the stage, too. */
  #tick() {
    const { hands: { floor }, people, you } = this.meeting.state;
    const left = floor?.until ? (floor.until - (Date.now() - this.meeting.skew)) / 1000 : NaN;
    const time = Number.isNaN(left) ? "" : left >= 0 ? clock(left) : `+${clock(-left)}`;
    const shown = this.#hands.querySelector(".left");
    if (shown) shown.textContent = time;
    this.#word.hidden = !floor || this.meeting.place !== "inside";
    this.#word.classList.toggle("late", left < 0);
    const name = floor?.person === you.id ? say("people.you") : people[floor?.person ?? ""]?.name ?? "";
    const text = floor ? `${say("people.holds", name)} ${time}`.trim() : "";
    if (this.#word.textContent !== text) this.#word.textContent = text;
  }

  /** @param {import("./state.js").Person} person */
  #row(person) {
    const isSelf = person.id === this.meeting.state.you.id;
    const face = make("span", { class: "face", "aria-hidden": "true", "data-hue": String(hue(person.id)) },
      initials(person.name));
    const words = make("span", { class: "grow" }, isSelf ? say("tile.self", person.name) : person.name);
    const under = [person.role === "speaker" ? "" : say(`role.${person.role}`),
      person.identified ? say("people.identified") : "",
      person.away ? say("people.away") : ""].filter(Boolean).join(" · ");
    if (under) words.append(make("small", { class: "faint" }, under));
    const more = make("button", { type: "button", class: "more", "data-act": "more", "aria-haspopup": "dialog",
      "aria-expanded": "false",
      "aria-label": say("tile.more", person.name) }, icon("more"));
    more.addEventListener("click", () => openMenu(more, person.name,
      personChoices(this.meeting, this.stage, person.id)));
    const sign = (/** @type {string} */ picture, /** @type {string} */ word) =>
      make("span", { class: `sign ${picture}`, title: say(word) }, icon(picture),
      make("span", { class: "visually-hidden" }, say(word)));
    return make("li", { class: "one" }, face, words, ...(person.hand ? [sign("hand", "tile.hand")] : []),
      sign(person.microphone ? "microphone" : "microphone-off", person.microphone ? "tile.heard" : "tile.muted"),
      ...(person.camera ? [sign("camera", "tile.seen")] : []),
        ...(person.screen ? [sign("screen", "tile.shares")] : []), more);
  }

  /** @param {string} word @param {string} kind @param {() => void} act @param {string} [whom] */
  #button(word, kind, act, whom) {
    const one = make("button", { type: "button", class: kind,
      ...(whom ? { "aria-label": `${say(word)}: ${whom}` } : {}) }, say(word));
    one.addEventListener("click", act);
    return one;
  }
}

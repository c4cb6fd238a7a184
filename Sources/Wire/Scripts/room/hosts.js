// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What hosts have: the room's rules, recording, on air, groups, and the end.
import { soon } from "./rows.js";
import { isHost } from "./state.js";
import { ask, field } from "./told.js";
import { box, icon, make } from "../page.js";
import { language, say, spoken } from "../speech.js";

const rules = /** @type {const} */ (["mayUnmute", "mayShare", "mayChat", "mayWhisper", "mayDraw", "webinar"]);
const layouts = ["speaker", "side", "grid", "one"];

/** @param {import("./meeting.js").Meeting} meeting */
export const toggleRecording = (meeting) => meeting.ask("record", { isOn: !meeting.state.recording.isOn });

/**
 * Off the air at once; on it when somebody is sure.
 * @param {import("./meeting.js").Meeting} meeting
 * @param {{layout: string, person?: string}} [how] where it is chosen already
 */
export async function toggleAir(meeting, how) {
  const { air } = meeting.state;
  if (air.isOn) return meeting.ask("air", { isOn: false, layout: air.layout ?? "speaker" });
  const choice = make("select", { name: "layout" },
    ...layouts.filter((one) => one !== "one").map((one) => new Option(say(`hosts.layout.${one}`), one)));
  const fields = how ? [] : [make("label", { class: "field" }, make("span", {}, say("hosts.layout")), choice)];
  const said = await ask({ heading: say("hosts.airAsk"), text: say("hosts.airMore"), fields,
    word: say("hosts.airStart") });
  if (said) await meeting.ask("air", { isOn: true, ...(how ?? { layout: String(said.get("layout")) }) });
}

export class Hosts {
  #panel = box("panel-hosts");
  #is = "";
  draw = soon(() => this.#draw());

  /** @param {import("./meeting.js").Meeting} meeting */
  constructor(meeting) {
    this.meeting = meeting;
    meeting.on(["any", "place"], () => this.draw());
    spoken.addEventListener("change", () => this.draw());
  }

  #draw() {
    const { state } = this.meeting;
    if (!isHost(state)) return this.#panel.replaceChildren();
    const people = Object.values(state.people).map((one) => `${one.id}${one.name}${one.group}`);
    const is = JSON.stringify([language(), state.room, state.recording, state.air, state.groups,
      state.groups ? people : people.length]);
    if (is === this.#is && this.#panel.childElementCount) return;
    this.#is = is;
    const held = this.#panel.contains(document.activeElement)
      ? /** @type {HTMLElement} */ (document.activeElement).dataset.act : "";
    this.#panel.replaceChildren(make("h2", {}, say("side.hosts")), this.#all(), this.#rules(), this.#records(),
      this.#air(), this.#groups(), this.#end());
    if (held) /** @type {HTMLElement | null} */ (this.#panel.querySelector(`[data-act="${held}"]`))?.focus();
  }

  /** @param {string} word @param {string} kind @param {string} picture @param {() => void} act */
  #button(word, kind, picture, act) {
    const one = make("button", { type: "button", class: kind, "data-act": word }, icon(picture), say(word));
    one.addEventListener("click", act);
    return one;
  }

  #all() {
    return make("section", {}, make("h3", {}, say("hosts.all")), make("p", { class: "row" },
      this.#button("hosts.muteAll", "quiet", "microphone-off", () => this.meeting.ask("muteAll", { hard: false })),
      this.#button("hosts.lowerAll", "quiet", "hand", () => this.meeting.ask("lower", { person: "all" })),
      this.#button("hosts.mark", "quiet", "done", () => this.#mark())));
  }

  async #mark() {
    const said = await ask({ heading: say("hosts.mark"), text: say("hosts.markMore"),
      fields: [field(say("hosts.markText"), { name: "text", maxlength: "200", required: "" })],
      word: say("hosts.mark") });
    const text = String(said?.get("text") ?? "").trim();
    if (text) await this.meeting.ask("mark", { text });
  }

  #rules() {
    const room = /** @type {Record<string, any>} */ (this.meeting.state.room);
    const section = make("section", {}, make("h3", {}, say("hosts.rules")));
    section.append(this.#switch("hosts.locked", !!room.locked, (isOn) => this.meeting.ask("lock", { locked: isOn })));
    const lobby = make("select", { id: "hosts-lobby", "data-act": "hosts-lobby" },
      ...["off", "guests", "everybody"].map((one) => new Option(say(`hosts.lobby.${one}`), one)));
    lobby.value = room.lobby === true ? "everybody" : room.lobby || "off";
    lobby.addEventListener("change", () => this.meeting.ask("settings", { lobby: lobby.value }));
    section.append(make("p", { class: "pick" }, make("label", { for: "hosts-lobby" }, say("hosts.lobby")), lobby));
    for (const name of rules) {
      if (room[name] === undefined) continue;
      section.append(this.#switch(`hosts.${name}`, !!room[name],
        (isOn) => this.meeting.ask("settings", { [name]: isOn })));
    }
    return section;
  }

  /** @param {string} word @param {boolean} isOn @param {(isOn: boolean) => void} act */
  #switch(word, isOn, act) {
    const one = make("input", { type: "checkbox", role: "switch", "data-act": word });
    one.checked = isOn;
    // It is as the server says: until then it stays as it was.
    one.addEventListener("click", (event) => { event.preventDefault(); act(!isOn); });
    return make("label", { class: "choice" }, one, make("span", {}, say(word)));
  }

  #records() {
    const { recording } = this.meeting.state;
    const section = make("section", {}, make("h3", {}, say("hosts.recording")));
    section.hidden = this.meeting.state.room.mayRecord === false;
    section.append(make("p", { class: "faint" }, say(recording.isOn ? "hosts.recordingOn" : "hosts.recordingOff")),
      this.#button(recording.isOn ? "hosts.recordStop" : "hosts.record", "quiet", "record",
        () => toggleRecording(this.meeting)));
    return section;
  }

  #air() {
    const { air, people } = this.meeting.state;
    const section = make("section", {}, make("h3", {}, say("hosts.air")));
    section.hidden = this.meeting.state.room.mayAir === false;
    const layout = make("select", { id: "hosts-layout", "data-act": "hosts-layout" },
      ...layouts.map((one) => new Option(say(`hosts.layout.${one}`), one)));
    layout.value = layouts.includes(air.layout ?? "") ? String(air.layout) : "speaker";
    const person = make("select", { id: "hosts-person" },
      ...Object.values(people).map(({ id, name }) => new Option(name, id)));
    const who = make("p", { class: "pick" }, make("label", { for: "hosts-person" }, say("hosts.airPerson")), person);
    who.hidden = layout.value !== "one";
    const how = () => ({ layout: layout.value, ...(layout.value === "one" ? { person: person.value } : {}) });
    const change = () => { if (air.isOn) this.meeting.ask("air", { isOn: true, ...how() }); };
    layout.addEventListener("change", () => { who.hidden = layout.value !== "one"; change(); });
    person.addEventListener("change", change);
    section.append(make("p", { class: "faint" }, say(air.isOn ? "hosts.airOn" : "hosts.airOff")),
      make("p", { class: "pick" }, make("label", { for: "hosts-layout" }, say("hosts.layout")), layout), who,
      this.#button(air.isOn ? "hosts.airStop" : "hosts.airStart", air.isOn ? "quiet grave" : "quiet", "air",
        () => toggleAir(this.meeting, how())));
    return section;
  }

  #groups() {
    const { state } = this.meeting;
    const { groups } = state;
    const section = make("section", { class: "groups" }, make("h3", {}, say("hosts.groups")));
    if (!groups) {
      const number = make("input", { type: "number", min: "2", max: "20", value: "2", id: "hosts-groups",
        inputmode: "numeric" });
      section.append(make("p", { class: "faint" }, say("hosts.groupsMore")),
        make("p", { class: "pick" }, make("label", { for: "hosts-groups" }, say("hosts.groupsNumber")), number),
        this.#button("hosts.groupsOpen", "quiet", "people",
          () => this.meeting.ask("groups.open", { groups: this.#shared(Number(number.value) || 2) })));
      return section;
    }
    const list = make("ul", {});
    for (const person of Object.values(state.people)) {
      const choice = make("select", { "aria-label": say("hosts.groupOf", person.name),
        "data-act": `group-${person.id}` },
        new Option(say("hosts.groupNone"), ""), ...groups.groups.map(({ id, name }) => new Option(name, String(id))));
      choice.value = String(person.group ?? "");
      choice.addEventListener("change", () => this.meeting.ask("groups.move",
        { person: person.id, group: choice.value === "" ? null : numbered(choice.value) }));
      list.append(make("li", { class: "one" }, make("span", { class: "grow" }, person.name), choice));
    }
    section.append(list, this.#button("hosts.groupsClose", "quiet", "people", () => this.meeting.ask("groups.close")));
    return section;
  }

  /** Everybody but those who lead, dealt out in turn. @param {number} number */
  #shared(number) {
    const count = Math.min(20, Math.max(2, number));
    const groups = Array.from({ length: count },
      (_, index) => ({ name: say("hosts.group", index + 1), people: /** @type {string[]} */ ([]) }));
    Object.values(this.meeting.state.people).filter((one) => one.role !== "host" && one.role !== "cohost")
      .sort((one, two) => one.name.localeCompare(two.name, language())).forEach((one, index) =>
        groups[index % count].people.push(one.id));
    return groups;
  }

  #end() {
    if (this.meeting.state.you.role !== "host") return "";
    return make("section", {}, this.#button("hosts.end", "primary grave", "leave", async () => {
      if (await ask({ heading: say("hosts.endAsk"), text: say("hosts.endMore"), word: say("hosts.end"),
        isGrave: true })) this.meeting.ask("end");
    }));
  }
}

/** A group is a number where the server counts them. @param {string} id */
const numbered = (id) => (/^\d+$/.test(id) ? Number(id) : id);

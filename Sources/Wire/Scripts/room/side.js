// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The side: people, talk, votes, and what hosts have; one at a time, over the stage on a phone.
import { box, button, icon, make } from "../page.js";
import { isHost } from "./state.js";
import { say, spoken } from "../speech.js";

/** @typedef {"people" | "talk" | "polls" | "hosts"} Panel */
const pictures = { people: "people", talk: "talk", polls: "poll", hosts: "host" };
const panels = /** @type {Panel[]} */ (Object.keys(pictures));

export class Side extends EventTarget {
  /** @type {Panel | null} */
  open = null;
  #side = box("side");
  #tabs = box("tabs");
  /** @type {HTMLElement | null} */
  #opener = null;

  /** @param {import("./meeting.js").Meeting} meeting */
  constructor(meeting) {
    super();
    this.meeting = meeting;
    for (const name of panels) {
      const tab = make("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`,
        "data-panel": name },
        icon(pictures[name]), make("span", { "data-word": `side.${name}` }, say(`side.${name}`)));
      tab.addEventListener("click", () => this.show(name));
      this.#tabs.append(tab);
      box(`panel-${name}`).setAttribute("aria-labelledby", `tab-${name}`);
    }
    this.#tabs.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const all = /** @type {HTMLElement[]} */ ([...this.#tabs.children]).filter((one) => !one.hidden);
      const at = all.findIndex((one) => one === document.activeElement);
      all.at((at + by) % all.length)?.focus();
      all.at((at + by) % all.length)?.click();
    });
    button("side-close").addEventListener("click", () => this.close());
    this.#side.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    meeting.on(["any", "place"], () => this.#fit());
    spoken.addEventListener("change", () => this.#fit());
  }

  /** @param {Panel} panel @param {HTMLElement} [opener] */
  toggle(panel, opener) {
    if (this.open === panel) return this.close();
    this.#opener = opener ?? this.#opener;
    this.show(panel);
    box(`tab-${panel}`).focus({ preventScroll: true });
  }

  /** @param {Panel} panel */
  show(panel) {
    this.open = panel;
    this.#fit();
    this.dispatchEvent(new Event("change"));
  }

  close() {
    if (!this.open) return;
    this.open = null;
    this.#fit();
    this.dispatchEvent(new Event("change"));
    this.#opener?.focus();
  }

  #fit() {
    const leads = isHost(this.meeting.state);
    if (this.open === "hosts" && !leads) this.open = "people";
    this.#side.hidden = !this.open;
    document.body.classList.toggle("has-side", this.open !== null);
    for (const name of panels) {
      const tab = box(`tab-${name}`), isOpen = this.open === name;
      tab.hidden = name === "hosts" && !leads;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      box(`panel-${name}`).hidden = !isOpen;
    }
  }
}

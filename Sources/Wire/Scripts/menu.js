// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The settings: quality, sound, distance from live, captions, speed. Each is a group of radio buttons.
import { box, button, icon, make } from "./page.js";
import { soundID } from "./qualities.js";
import { languageName, say, spoken } from "./words.js";

/** @typedef {{value: string, label: string, more?: string}} Option */
/** @typedef {{name: string, title: string, options: Option[], chosen: string, choose: (to: string) => void}} Group */

export class Menu {
  #menu = box("menu");
  #opener = button("menu-open");
  #drawn = "";

  /**
   * @param {import("./watch.js").AnyPlayer} player
   * @param {import("./captions.js").Captions} captions
   * @param {import("./controls.js").Controls} controls
   * @param {() => void} help
   */
  constructor(player, captions, controls, help) {
    this.player = player;
    this.captions = captions;
    this.controls = controls;
    this.help = help;
    this.#opener.addEventListener("click", () => this.toggle());
    document.addEventListener("pointerdown", (event) => {
      const to = /** @type {Node} */ (event.target);
      if (!this.#menu.hidden && !this.#menu.contains(to) && !this.#opener.contains(to)) this.close(false);
    });
    this.#menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close(true);
    });
    this.#menu.addEventListener("focusout", (event) => {
      const to = /** @type {Node | null} */ (event.relatedTarget);
      if (to && !this.#menu.contains(to) && to !== this.#opener) this.close(false);
    });
    player.addEventListener("offer", () => this.#draw());
    captions.addEventListener("change", () => this.#draw());
    spoken.addEventListener("change", () => this.#draw());
  }

  toggle() {
    if (!this.#menu.hidden) return this.close(true);
    this.#menu.hidden = false;
    this.#opener.setAttribute("aria-expanded", "true");
    this.#drawn = "";
    this.#draw();
    /** @type {HTMLElement | null} */ (this.#menu.querySelector("input:checked, button"))?.focus();
  }

  /** @param {boolean} returns whether the focus goes back to the button */
  close(returns) {
    this.#menu.hidden = true;
    this.#opener.setAttribute("aria-expanded", "false");
    if (returns) this.#opener.focus();
  }

  #draw() {
    if (this.#menu.hidden) return;
    const all = [this.#quality(), this.#sound(), this.#latency(), this.#captions(), this.#speed()];
    const groups = all.flatMap((one) => (one ? [one] : []));
    const key = JSON.stringify(groups.map(({ title, options, chosen }) => [title, options, chosen]));
    if (key === this.#drawn) return;
    this.#drawn = key;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.id;
    const close = make("button", { type: "button", class: "close", "aria-label": say("menu.close") }, icon("close"));
    close.addEventListener("click", () => this.close(true));
    const foot = make("p", { class: "foot" });
    this.#acts(foot);
    this.#menu.replaceChildren(close, ...groups.map((one) => group(one)), foot);
    // What had the focus before it was drawn anew has it still.
    if (focused) document.getElementById(focused)?.focus();
  }

  /** @param {HTMLElement} foot */
  #acts(foot) {
    if (!button("pip").hidden) {
      const pip = make("button", { type: "button", class: "quiet" }, icon("pip"), say("menu.pip"));
      pip.addEventListener("click", () => { this.close(true); this.controls.float(); });
      foot.append(pip);
    }
    const keys = make("button", { type: "button", class: "quiet keys" }, say("menu.help"));
    keys.addEventListener("click", () => { this.close(false); this.help(); });
    foot.append(keys);
  }

  /** @returns {Group | null} */
  #quality() {
    const { qualities } = this.player;
    const { rungs, rung, choice } = qualities;
    if (rungs.length < 2 && !qualities.hasSoundOnly) return null;
    /** @type {Option[]} */
    const options = [...rungs].reverse().map((one) => ({
      value: one.uri, label: one.height > 1 ? `${one.height}p` : say("page.picture"),
      more: `${(one.bandwidth / 1e6).toFixed(1)} Mbit/s`,
    }));
    const isKnown = rung && rung.height > 1 && choice === "auto" && rungs.length > 1;
    const now = isKnown ? say("menu.autoNow", `${rung.height}p`) : say("menu.auto");
    options.unshift({ value: "auto", label: now });
    if (rungs.length < 2) options.splice(1, 1);
    const alone = { value: "sound", label: say("menu.soundOnly"), more: say("menu.soundOnlyMore") };
    if (qualities.hasSoundOnly) options.push(alone);
    return {
      name: "quality", title: say("menu.quality"), options, chosen: choice, choose: (to) => this.player.choose(to),
    };
  }

  /** @returns {Group | null} */
  #sound() {
    const { sounds, sound } = this.player.qualities;
    if (sounds.length < 2) return null;
    const options = sounds.map((one) => ({ value: soundID(one), label: one.name || languageName(one.language) }));
    return {
      name: "sound", title: say("menu.sound"), options, chosen: sound ? soundID(sound) : "",
      choose: (to) => this.player.chooseSound(to),
    };
  }

  /** @returns {Group | null} */
  #latency() {
    if (this.player.work.isFilm || !this.player.canChoosePace) return null;
    const options = [
      { value: "closest", label: say("menu.closest"), more: say("menu.closestMore") },
      { value: "calm", label: say("menu.calm"), more: say("menu.calmMore") },
    ];
    return {
      name: "latency", title: say("menu.latency"), options, chosen: this.player.pace.profile,
      choose: (to) => this.player.chooseProfile(to === "calm" ? "calm" : "closest"),
    };
  }

  /** @returns {Group | null} */
  #captions() {
    const { captions } = this;
    const options = [
      { value: "off", label: say("menu.off") }, { value: "normal", label: say("menu.normal") },
      { value: "large", label: say("menu.large") }, { value: "largest", label: say("menu.largest") },
    ];
    if (!captions.isThere) return null;
    return {
      name: "captions", title: say("menu.captions"), options, chosen: captions.isOn ? captions.size : "off",
      choose: (to) => captions.choose(to),
    };
  }

  /** @returns {Group | null} */
  #speed() {
    if (!this.player.work.isFilm) return null;
    const options = [0.75, 1, 1.25, 1.5, 2].map((one) => ({ value: String(one), label: `${one}×` }));
    return {
      name: "speed", title: say("menu.speed"), options, chosen: String(this.player.speed),
      choose: (to) => { this.player.speed = Number(to); },
    };
  }
}

/** @param {Group} what */
function group({ name, title, options, chosen, choose }) {
  const set = make("fieldset", { class: name }, make("legend", {}, title));
  options.forEach(({ value, label, more }, index) => {
    const input = make("input", { type: "radio", name: `menu-${name}`, value, id: `menu-${name}-${index}` });
    input.checked = value === chosen;
    input.addEventListener("change", () => choose(value));
    const text = make("span", {}, label);
    if (more) text.append(make("small", {}, more));
    set.append(make("label", {}, input, text));
  });
  return set;
}

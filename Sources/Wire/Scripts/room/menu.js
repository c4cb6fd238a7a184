// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The one menu of the room: what a button offers, beside it on a large screen and from below on a phone.
import { box, icon, make } from "../page.js";
import { say } from "../speech.js";

/**
 * @typedef {object} Choice
 * @property {string} word
 * @property {string} [icon]
 * @property {string} [more] a line below it
 * @property {boolean} [isOn] for what is switched, or chosen among others
 * @property {boolean} [isGrave] it takes something from somebody
 * @property {string} [heading] what this and the following belong to
 * @property {() => void} act
 */

const menu = box("menu");
/** @type {HTMLElement | null} */
let opener = null;

export function closeMenu() {
  if (menu.hidden) return;
  menu.hidden = true;
  opener?.setAttribute("aria-expanded", "false");
  if (menu.contains(document.activeElement) || document.activeElement === document.body) opener?.focus();
  opener = null;
}

/**
 * @param {HTMLElement} by the button
 * @param {string} label
 * @param {(Choice | null)[]} choices
 */
export function openMenu(by, label, choices) {
  if (opener === by) return closeMenu();
  closeMenu();
  opener = by;
  by.setAttribute("aria-expanded", "true");
  menu.setAttribute("aria-label", label);
  menu.replaceChildren(make("p", { class: "menu-label" }, label, shut()), ...drawn(choices));
  menu.hidden = false;
  place(by);
  /** @type {HTMLElement | null} */ (menu.querySelector("button:not(.close)"))?.focus({ preventScroll: true });
}

/** @param {(Choice | null)[]} choices */
function drawn(choices) {
  const list = make("ul");
  for (const choice of choices) {
    if (!choice) continue;
    if (choice.heading) list.append(make("li", { class: "menu-heading" }, choice.heading));
    const words = make("span", {}, choice.word);
    if (choice.more) words.append(make("small", {}, choice.more));
    const one = make("button", { type: "button", ...(choice.isGrave ? { class: "grave" } : {}) });
    if (choice.isOn !== undefined) one.setAttribute("aria-pressed", String(choice.isOn));
    one.append(icon(choice.icon ?? "next"), words);
    if (choice.isOn) one.append(icon("done"));
    one.addEventListener("click", () => { closeMenu(); choice.act(); });
    list.append(make("li", {}, one));
  }
  return [list];
}

function shut() {
  const close = make("button", { type: "button", class: "close", "aria-label": say("side.close") }, icon("close"));
  close.addEventListener("click", closeMenu);
  return close;
}

/** @param {HTMLElement} by */
function place(by) {
  const at = by.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = menu;
  if (innerWidth < 640) return;
  const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), innerWidth - width - 8);
  const above = at.top - height - 8;
  menu.style.setProperty("--x", `${left}px`);
  menu.style.setProperty("--y",
    `${above > 8 ? above : Math.min(at.bottom + 8, Math.max(8, innerHeight - height - 8))}px`);
}

menu.addEventListener("keydown", (event) => {
  const all = [...menu.querySelectorAll("button")];
  const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (event.key === "Escape") { event.stopPropagation(); closeMenu(); }
  if (to === undefined) return;
  event.preventDefault();
  all.at(to % all.length)?.focus();
});
menu.addEventListener("focusout", (event) => {
  if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)
    && event.relatedTarget !== opener) closeMenu();
});
addEventListener("pointerdown", (event) => {
  const on = event.target instanceof Node ? event.target : null;
  if (!menu.hidden && on && !menu.contains(on) && !opener?.contains(on)) closeMenu();
});

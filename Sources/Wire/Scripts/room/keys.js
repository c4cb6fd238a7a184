// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The keyboard: one key for each thing that must go quickly, and the space bar to speak while it is held.
import { make } from "../page.js";
import { say } from "../speech.js";
import { closeMenu } from "./menu.js";

/** Under a Thai keyboard the same keys carry Thai letters: where a key lies says which one is meant. */
const places = { KeyM: "m", KeyV: "v", KeyH: "h", KeyC: "c", KeyP: "p", KeyS: "s", KeyL: "l" };

/**
 * @param {import("./meeting.js").Meeting} meeting
 * @param {import("./sending.js").Sending} sending
 * @param {Record<string, () => void>} acts by letter
 */
export function keys(meeting, sending, acts) {
  const card = /** @type {HTMLDialogElement} */ (document.getElementById("card"));
  const isBusy = (/** @type {KeyboardEvent} */ event) => {
    const on = event.target instanceof Element ? event.target : document.body;
    return meeting.place !== "inside" || card.open || event.ctrlKey || event.metaKey || event.altKey
      || on.closest("textarea, select, input, [contenteditable]") !== null;
  };
  const isFree = (/** @type {KeyboardEvent} */ event) =>
    !(event.target instanceof Element && event.target.closest("button, a, [role=tab], summary, .menu"));

  addEventListener("keydown", (event) => {
    if (isBusy(event)) return;
    if (event.code === "Space" && isFree(event)) {
      event.preventDefault();
      if (!event.repeat) sending.hold(true);
      return;
    }
    const name = event.key === "?" ? "?" : acts[event.key.toLowerCase()] ? event.key.toLowerCase()
      : places[/** @type {keyof typeof places} */ (event.code)] ?? "";
    const slides = { ArrowRight: "next", ArrowLeft: "before", PageDown: "next", PageUp: "before" }[event.key];
    const act = acts[name] ?? (slides && isFree(event) ? acts[slides] : undefined);
    if (!act || event.repeat) return;
    event.preventDefault();
    closeMenu();
    act();
  });
  addEventListener("keyup", (event) => { if (event.code === "Space") sending.hold(false); });
  // Who looks at another window speaks no longer.
  addEventListener("blur", () => sending.hold(false));
}

/** The list of keys, in the one card. */
export function showKeys() {
  const card = /** @type {HTMLDialogElement} */ (document.getElementById("card"));
  const list = make("dl", {});
  for (const [key, word] of [[say("keys.space"), "keys.hold"], ["M", "keys.microphone"], ["V", "keys.camera"],
    ["H", "keys.hand"], ["S", "keys.share"],
    ["C", "keys.chat"], ["P", "keys.people"], ["L", "keys.layout"], ["← →", "keys.slides"], ["?", "keys.help"]]) {
    list.append(make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(word))));
  }
  const close = make("button", { class: "primary" }, say("side.close"));
  card.setAttribute("aria-labelledby", "card-title");
  card.replaceChildren(make("h2", { id: "card-title" }, say("keys.title")), list,
    make("form", { method: "dialog" }, close));
  card.showModal();
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The keyboard. What is written into a field is nobody else's business, and a button's own keys stay its own.
import { element } from "./page.js";

/**
 * @param {import("./watch.js").AnyPlayer} player
 * @param {import("./controls.js").Controls} controls
 * @param {import("./captions.js").Captions} captions
 */
export function keys(player, controls, captions) {
  const help = element("help", HTMLDialogElement);
  help.addEventListener("click", (event) => { if (event.target === help) help.close(); });
  const open = () => { if (!help.open) help.showModal(); };

  /** @type {Record<string, () => void>} */
  const acts = {
    " ": () => controls.toggle(), k: () => controls.toggle(), m: () => controls.mute(), f: () => controls.full(),
    c: () => captions.toggle(), l: () => player.goLive(), "?": open,
    arrowleft: () => player.seekBy(-10), arrowright: () => player.seekBy(10),
    arrowup: () => controls.loudness(player.video.volume + 0.1),
    arrowdown: () => controls.loudness(player.video.volume - 0.1),
  };

  /**
   * Under a Thai keyboard the same keys carry Thai letters: where a key lies says which one is meant.
   * @type {Record<string, string>}
   */
  const places = { KeyK: "k", KeyM: "m", KeyF: "f", KeyC: "c", KeyL: "l", Space: " " };

  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || help.open) return;
    const on = event.target instanceof Element ? event.target : document.body;
    if (on.closest("textarea, select, [contenteditable]")) return;
    const isField = on.closest("input");
    if (isField && isField.type !== "range") return;
    const name = acts[event.key.toLowerCase()] ? event.key.toLowerCase() : places[event.code] ?? "";
    const act = acts[name];
    if (!act) return;
    // Arrows and the space bar have a meaning of their own there.
    const isOwn = name.startsWith("arrow") || name === " ";
    if (isOwn && on.closest("button, a, input, .log, .menu, summary")) return;
    event.preventDefault();
    act();
    controls.wake();
  });
  return open;
}

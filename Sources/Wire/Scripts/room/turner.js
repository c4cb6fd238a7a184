// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Which page of the slides is shown, and for who presents the buttons that turn them.
import { isHost, mayShow } from "./state.js";
import { box, icon, make } from "../page.js";
import { say } from "../speech.js";

/** @param {import("./deck.js").Deck} deck */
export function drawTurner(deck) {
  const { slides, you } = deck.meeting.state;
  const turn = box("turn");
  const mine = slides && !deck.showsBoard && (slides.by === you.id || isHost(deck.meeting.state))
    && mayShow(deck.meeting.state);
  turn.hidden = !slides || deck.showsBoard;
  if (!slides || turn.hidden) return;
  const to = (/** @type {number} */ page) => deck.turnTo(page);
  const is = JSON.stringify([slides, mine, say("deck.next")]);
  if (turn.dataset.is === is) return;
  const held = turn.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.act
    : "";
  turn.dataset.is = is;
  const one = (/** @type {string} */ act, /** @type {boolean} */ isOff, /** @type {() => void} */ then) => {
    const made = make("button", { type: "button", "data-act": act, "aria-label": say(`deck.${act}`),
      title: say(`deck.${act}`) }, icon(act === "stop" ? "close" : act));
    made.disabled = isOff;
    made.addEventListener("click", then);
    return made;
  };
  turn.replaceChildren(...(mine ? [one("before", slides.page <= 1, () => to(slides.page - 1))] : []),
    make("span", {}, say("pages.of", slides.page, slides.pages)),
    ...(mine ? [one("next", slides.page >= slides.pages, () => to(slides.page + 1)),
      one("stop", false, () => deck.meeting.ask("slides.stop"))] : []));
  if (held) /** @type {HTMLElement | null} */ (turn.querySelector(`[data-act="${held}"]`))?.focus();
}

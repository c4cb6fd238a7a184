// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Short words that come and go: what was done to one, what was refused, who came.
import { box, button, icon, make } from "../page.js";
import { language, say } from "../speech.js";

const place = box("told");
const longest = 7_000;
const card = /** @type {HTMLDialogElement} */ (document.getElementById("card"));

/**
 * @param {string} text
 * @param {{isWrong?: boolean, picture?: string, act?: {word: string, then: () => void}}} [how]
 */
export function tell(text, { isWrong = false, picture = isWrong ? "wrong" : "done", act } = {}) {
  for (const one of place.children) if (one.querySelector("span")?.textContent === text) one.remove();
  const one = make("p", { class: isWrong ? "toast wrong" : "toast" }, icon(picture), make("span", {}, text));
  if (act) {
    const go = make("button", { type: "button" }, act.word);
    go.addEventListener("click", () => { one.remove(); act.then(); });
    one.append(go);
  }
  const close = make("button", { type: "button", class: "close", "aria-label": say("side.close") }, icon("close"));
  close.addEventListener("click", () => one.remove());
  one.append(close);
  place.append(one);
  while (place.childElementCount > 3) place.firstElementChild?.remove();
  setTimeout(() => one.remove(), act ? 2 * longest : longest);
}

/**
 * A question before something that cannot be taken back, or a few fields. Answers what was written, or nil.
 * `no` is another word for no, with what it does.
 * @param {{heading: string, text?: string, fields?: HTMLElement[], word: string, isGrave?: boolean,
 *   no?: {word: string, then: () => void}}} how
 * @returns {Promise<FormData | null>}
 */
export function ask({ heading, text, fields = [], word, isGrave = false, no: other }) {
  const form = make("form", { method: "dialog" });
  const no = make("button", { type: "button", class: "quiet" }, other?.word ?? say("card.no"));
  form.append(make("h2", { id: "card-title" }, heading), ...(text ? [make("p", {}, text)] : []), ...fields,
    make("p", { class: "row" }, no, make("button", { type: "submit", class: isGrave ? "primary grave" : "primary" },
      word)));
  card.setAttribute("aria-labelledby", "card-title");
  card.replaceChildren(form);
  card.showModal();
  return new Promise((done) => {
    const end = (/** @type {FormData | null} */ answer) => { card.close(); done(answer); };
    no.addEventListener("click", () => { end(null); other?.then(); });
    card.addEventListener("cancel", () => done(null), { once: true });
    form.addEventListener("submit", (event) => { event.preventDefault(); end(new FormData(form)); });
  });
}

/**
 * A field with its label.
 * @param {string} label
 * @param {Record<string, string>} attributes
 */
export function field(label, attributes) {
  return make("label", { class: "field" }, make("span", {}, label),
    make(attributes.rows ? "textarea" : "input", attributes));
}

/**
 * What the server tells this person, in their language.
 * @param {import("./meeting.js").Meeting} meeting
 * @param {import("./sending.js").Sending} sending
 */
export function tellWhatHappens(meeting, sending) {
  meeting.on(["refused"], (sentence) => tell(sentence, { isWrong: true }));
  meeting.on(["noDevice"], (what) => tell(deviceFault(meeting, what), { isWrong: true }));
  meeting.on(["mayNot"], (why) => tell(say(`mayNot.${why}`), { isWrong: true, picture: "microphone-off" }));
  meeting.on(["told"], ({ code, th, en, by }) => {
    const name = by ? meeting.state.people[by]?.name ?? "" : "";
    const text = language() === "th" ? th : en;
    const isAsked = ["askedToUnmute", "hasFloor"].includes(code) && !sending.isOn.microphone;
    const act = isAsked
      ? { word: say("told.unmute"), then: () => sending.turn("microphone", true) } : undefined;
    tell(name ? `${text} (${name})` : text, { picture: code?.includes("ute") ? "microphone-off" : "host", act });
  });
  meeting.on(["state", "consent"], () => agree(meeting));
  meeting.on(["mark"], ({ text }) => tell(say("told.mark", text), { picture: "clock" }));
  meeting.on(["hushed"], () => { button("hush").hidden = !meeting.down?.isHushed; });
  button("hush").addEventListener("click", () => meeting.down?.sound());
  meeting.on(["place"], () => { if (meeting.place !== "inside") button("hush").hidden = true; });
}

/** Whether the question below is on the page. */
let isAsking = false;

/**
 * The meeting is to be recorded, which this person was not asked at the door.
 * @param {import("./meeting.js").Meeting} meeting
 */
async function agree(meeting) {
  const { consent } = meeting.state.you;
  if (!consent || isAsking) return;
  if (card.open) return card.addEventListener("close", () => agree(meeting), { once: true });
  isAsking = true;
  const said = await ask({
    heading: say("consent.heading"), text: language() === "th" ? consent.th : consent.en, word: say("consent.agree"),
    no: { word: say("consent.leave"), then: () => meeting.leave() },
  });
  isAsking = false;
  if (said) await meeting.agree();
}

/**
 * @param {import("./meeting.js").Meeting} meeting
 * @param {"microphone" | "camera"} what
 */
export function deviceFault(meeting, what) {
  const fault = meeting.devices.faults[what];
  const kind = fault === "NotAllowedError" || fault === "SecurityError" ? "denied"
    : fault === "NotReadableError" || fault === "AbortError" ? "taken" : "none";
  return say(`fault.${what}.${kind}`);
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// How a page speaks: its sentences are Thai first; a switch, which this browser remembers, makes it English.
import { keep, kept } from "./kept.js";

/** @typedef {Record<string, [thai: string, english: string]>} Words */

/** @type {Map<string, [thai: string, english: string]>} */
const words = new Map();

/**
 * A page's sentences; keys are named by place.
 * @param {Words} more
 */
export function teach(more) {
  for (const [key, sentence] of Object.entries(more)) words.set(key, sentence);
}

/** @typedef {"th" | "en"} Language */

/** @type {Language} */
let chosen = kept("language") === "en" ? "en" : "th";

export const language = () => chosen;

/** Tells that everything is to be said again. */
export const spoken = new EventTarget();

/**
 * A sentence in the reader's language; each `{}` is one of the values.
 * @param {string} key
 * @param {(string | number)[]} values
 */
export function say(key, ...values) {
  const sentence = words.get(key)?.[chosen === "th" ? 0 : 1] ?? key;
  let next = 0;
  return sentence.replace(/\{\}/g, () => String(values[next++] ?? ""));
}

/**
 * Says again what the page came with: `data-word` is an element's text, `data-label` its name for those who hear it.
 * @param {ParentNode} root
 */
export function speak(root = document) {
  for (const one of root.querySelectorAll("[data-word]")) one.textContent = say(one.getAttribute("data-word") ?? "");
  for (const one of root.querySelectorAll("[data-label]")) {
    const label = say(one.getAttribute("data-label") ?? "");
    one.setAttribute("aria-label", label);
    if (one.matches("button")) one.setAttribute("title", label);
  }
}

/** @param {Language} other */
export function choose(other) {
  chosen = other;
  keep("language", other === "en" ? "en" : "");
  document.documentElement.lang = other;
  speak();
  spoken.dispatchEvent(new Event("change"));
}

const zone = "Asia/Bangkok";

/**
 * A date and a time: the year is of the Buddhist era in Thai.
 * @param {number} milliseconds since 1970
 */
export function day(milliseconds) {
  const locale = chosen === "th" ? "th-TH-u-ca-buddhist" : "en-GB";
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: zone }).format(milliseconds);
  return `${date} ${chosen === "th" ? "เวลา" : "at"} ${hour(milliseconds)}`;
}

/** @param {number} milliseconds since 1970 */
export function hour(milliseconds) {
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(milliseconds);
  return chosen === "th" ? `${time} น.` : time;
}

/** @param {number} number */
export const count = (number) => new Intl.NumberFormat(chosen === "th" ? "th-TH" : "en-GB").format(number);

/**
 * `4:05`, or `1:04:05`.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * What a language calls itself here.
 * @param {string} code
 */
export function languageName(code) {
  try {
    return new Intl.DisplayNames([chosen], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

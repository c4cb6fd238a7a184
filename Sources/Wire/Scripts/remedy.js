// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What to do after something went wrong: decided here, done by the player.
import { Unplayable } from "./codecs.js";
import { Refused } from "./door.js";
import { Restructured } from "./feed.js";
import { Lost } from "./line.js";

/** @typedef {import("./view.js").State} State */
/**
 * @typedef {object} Remedy
 * @property {State | null} rests how it stands until somebody does something; nil when it tries again by itself
 * @property {State | null} is how it stands meanwhile
 * @property {boolean} forgetsAddresses of another day, or of a server that was started anew
 * @property {boolean} forgetsToken
 * @property {number} date where to go on, in milliseconds since 1970; NaN where it was
 * @property {boolean} waits before the next try
 * @property {boolean} isMistake of ours, or of the browser's: not too many of them
 */

/** @type {Remedy} */
const again = {
  rests: null, is: null, forgetsAddresses: false, forgetsToken: false, date: NaN, waits: false, isMistake: false,
};

/**
 * @param {unknown} error
 * @param {boolean} isFilm
 * @returns {Remedy}
 */
export function remedy(error, isFilm) {
  if (error instanceof Refused) return { ...again, rests: "refused" };
  if (error instanceof Unplayable) return { ...again, rests: "broken" };
  if (error instanceof Restructured) return { ...again, date: error.date };
  if (!(error instanceof Lost)) return { ...again, isMistake: true };
  if (isFilm && error.isFinal && error.status !== 403) return { ...again, rests: "broken" };
  return {
    ...again, is: error.status === 0 ? "offline" : "stalled", waits: true, forgetsAddresses: error.isFinal,
    forgetsToken: error.status === 401 || error.status === 403,
  };
}

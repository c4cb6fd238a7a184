// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What stands before the picture: decided here, drawn by the curtain.

/** @typedef {import("./view.js").State} State */
/**
 * @typedef {"none" | "opening" | "poster" | "soon" | "waiting" | "away" | "offline" | "thanks"
 *   | "refused" | "broken" | "noFilm"} Scene
 */
/**
 * @typedef {object} Known
 * @property {State} state the player's
 * @property {string} phase what the studio says; empty when it has said nothing
 * @property {boolean} isFilm
 * @property {number} startsAt when it is announced for, in milliseconds since 1970; 0 when that is not known
 * @property {number} now in milliseconds since 1970
 * @property {number} standsFor how long the picture has stood still, in milliseconds
 */

/** A standstill shorter than this needs no words. */
const patience = 1_200;

/**
 * @param {Known} known
 * @returns {Scene}
 */
export function scene({ state, phase, isFilm, startsAt, now, standsFor }) {
  if (state === "refused") return "refused";
  if (state === "broken") return isFilm ? "noFilm" : "broken";
  if (isFilm) return state === "offline" ? "offline" : "none";
  if (state === "ended") return "thanks";
  if (phase === "ended" && ["awaited", "away", "offline", "opening"].includes(state)) return "thanks";
  if (state === "awaited") return startsAt > now ? "poster" : startsAt ? "soon" : "waiting";
  if (state === "opening") return "opening";
  if (state === "away" || state === "offline") return standsFor < patience ? "none" : state;
  return "none";
}

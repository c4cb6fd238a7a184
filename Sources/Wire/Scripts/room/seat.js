// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The seat that this tab has: a reload, another network or a closed lid come back to it. It ends with the tab.
import { keep, kept } from "../kept.js";

/** @typedef {{token: string, name: string, pass: string, ice: RTCIceServer[], limits: {pictures: number, voices: number,
 *   screens: number}, microphone: boolean, camera: boolean, consent: boolean,
 *   you: import("./state.js").State["you"]}} Seat */

const key = (/** @type {string} */ room) => `sanyan.room.${room}`;

/**
 * @param {string} room
 * @returns {Partial<Seat>}
 */
export function seatOf(room) {
  try {
    const seat = JSON.parse(sessionStorage.getItem(key(room)) ?? "{}");
    return typeof seat === "object" && seat ? seat : {};
  } catch {
    return {};
  }
}

/**
 * @param {string} room
 * @param {Partial<Seat>} more
 */
export function keepSeat(room, more) {
  try {
    sessionStorage.setItem(key(room), JSON.stringify({ ...seatOf(room), ...more }));
  } catch {
    // Forbidden: a reload asks at the door again.
  }
}

/**
 * The pass stays, so that one may knock again with the same link.
 * @param {string} room
 */
export function leaveSeat(room) { keepSeat(room, { token: "", microphone: undefined, camera: undefined }); }

/** A random word that this browser keeps: who was barred stays so, and nobody learns more of them. */
export function deviceWord() {
  const known = kept("room.device");
  if (/^[0-9a-f-]{36}$/.test(known)) return known;
  const word = crypto.randomUUID?.() ?? "";
  keep("room.device", word);
  return word;
}

/**
 * Takes the link's ticket out of the address bar, where others could read it.
 * @param {string} room
 */
export function takePass(room) {
  const pass = new URLSearchParams(location.hash.slice(1)).get("pass");
  if (pass) {
    keepSeat(room, { pass });
    history.replaceState(null, "", location.pathname + location.search);
  }
  return pass ?? seatOf(room).pass ?? "";
}

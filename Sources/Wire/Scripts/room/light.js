// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The connection's light: what is wrong and what to do, decided here and said by words.js.

/**
 * @typedef {object} Measured
 * @property {boolean} isOnline what the browser knows of its network
 * @property {boolean} hears whether the server's events come
 * @property {"new" | "connecting" | "connected" | "restarting" | "failed"} call the worse one of both calls
 * @property {number} roundTrip milliseconds
 * @property {number} lossDown 0…1
 * @property {number} lossUp 0…1
 * @property {number} estimate bits a second that the way to here carries; 0 when unknown
 * @property {number} wanted bits a second that would be needed for everything that is wished
 * @property {"none" | "bandwidth" | "cpu" | "other"} limited why our own picture is smaller
 * @property {boolean} overTCP
 */
/** @typedef {{color: "green" | "yellow" | "red", key: string}} Light `key` names two sentences: what is wrong, what to do */

/**
 * @param {Measured} measured
 * @returns {Light}
 */
export function light(measured) {
  const { isOnline, hears, call, roundTrip, lossDown, lossUp, estimate, wanted, limited, overTCP } = measured;
  if (!isOnline) return { color: "red", key: "offline" };
  if (call === "failed") return { color: "red", key: hears ? "blocked" : "unreachable" };
  if (!hears) return { color: "red", key: "unreachable" };
  if (call === "restarting") return { color: "yellow", key: "returning" };
  if (call === "new" || call === "connecting") return { color: "yellow", key: "connecting" };
  if (lossDown > 0.1) return { color: "red", key: "lossDown" };
  if (lossUp > 0.1) return { color: "red", key: "lossUp" };
  if (estimate > 0 && estimate < 150_000) return { color: "red", key: "narrow" };
  if (roundTrip > 600) return { color: "red", key: "far" };
  if (limited === "cpu") return { color: "yellow", key: "device" };
  if (limited === "bandwidth") return { color: "yellow", key: "narrowUp" };
  if (lossDown > 0.03 || lossUp > 0.03) return { color: "yellow", key: "loss" };
  if (estimate > 0 && estimate < wanted * 0.6) return { color: "yellow", key: "narrowDown" };
  if (roundTrip > 300) return { color: "yellow", key: "slow" };
  if (overTCP) return { color: "yellow", key: "tcp" };
  return { color: "green", key: "good" };
}

/**
 * Only what lasts is told: a light that flickers helps nobody.
 */
export class Steady {
  /** @type {Light} */
  shown = { color: "yellow", key: "connecting" };
  #next = "";
  #times = 0;

  /**
   * @param {Light} now
   * @param {number} patience how many times in a row it must be measured to be believed
   */
  take(now, patience = now.color === "green" ? 3 : now.color === "red" ? 1 : 2) {
    if (now.key === this.shown.key) this.#times = 0;
    else if (now.key === this.#next) this.#times += 1;
    else [this.#next, this.#times] = [now.key, 1];
    if (now.key !== this.shown.key && this.#times >= patience) [this.shown, this.#times] = [now, 0];
    return this.shown;
  }
}

/**
 * The device check's advice, by keys of words.js: worst first, nothing when all is well.
 * @param {{camera: boolean, microphone: boolean, level: number, speaker: boolean | null, uplink: number, downlink: number,
 *   roundTrip: number}} found bits a second; `level` is the loudest so far, 0…1; `speaker` null before anybody said
 */
export function advice({ camera, microphone, level, speaker, uplink, downlink, roundTrip }) {
  const keys = [];
  if (!microphone) keys.push("noMicrophone");
  else if (level < 0.02) keys.push("quiet");
  if (speaker === false) keys.push("noSpeaker");
  if (!camera) keys.push("noCamera");
  if (uplink > 0 && uplink < 200_000) keys.push("uplinkBad");
  else if (uplink > 0 && uplink < 1_200_000) keys.push("uplinkPoor");
  if (downlink > 0 && downlink < 400_000) keys.push("downlinkBad");
  else if (downlink > 0 && downlink < 1_500_000) keys.push("downlinkPoor");
  if (roundTrip > 300) keys.push("far");
  return keys;
}

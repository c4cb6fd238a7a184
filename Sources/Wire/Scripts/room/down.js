// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What comes here: sections that were agreed on once. Who fills one, the server says (`slots`).
import { Call } from "./call.js";
import { choose, codecsOf } from "./sdp.js";
import { make } from "../page.js";

/** @typedef {import("./state.js").Slot} Slot */

export class Down extends EventTarget {
  /** @type {Map<string, RTCRtpTransceiver>} by section */
  sections = new Map();
  /** @type {Map<string, MediaStream>} a picture's stream by section; the same as long as the connection is */
  #streams = new Map();
  /** @type {Map<string, HTMLAudioElement>} */
  #voices = new Map();
  isHushed = false;
  loudness = 1;
  sink = "";

  /**
   * @param {import("./doors.js").Doors} doors
   * @param {RTCIceServer[]} helpers
   * @param {{pictures: number, voices: number, screens: number}} limits
   */
  constructor(doors, helpers, limits) {
    super();
    this.limits = limits;
    this.call = new Call(doors, "down", helpers, (connection) => this.#furnish(connection),
      (connection) => this.#open(connection));
  }

  /**
   * The stream that shows this picture; nil where no section has it.
   * @param {Record<string, Slot>} slots
   * @param {string} person
   * @param {"camera" | "screen"} kind
   */
  stream(slots, person, kind) {
    for (const slot of Object.values(slots)) {
      if (slot.person === person && slot.kind === kind) return { stream: this.#streams.get(slot.mid) ?? null, slot };
    }
    return null;
  }

  /** A touch was made: now the sound may be played. */
  async sound() {
    const all = [...this.#voices.values()];
    const played = await Promise.all(all.map((one) => one.play().then(() => true, () => false)));
    this.#hush(played.includes(false));
  }

  /** @param {string} device */
  async hearOn(device) {
    this.sink = device;
    for (const one of this.#voices.values()) await sinkTo(one, device);
  }

  /** @param {number} loudness */
  setLoudness(loudness) {
    this.loudness = loudness;
    for (const one of this.#voices.values()) one.volume = loudness;
  }

  close() {
    this.call.close();
    for (const one of this.#voices.values()) one.remove();
  }

  /** @param {RTCPeerConnection} connection */
  #furnish(connection) {
    const { pictures, voices, screens } = this.limits;
    const add = (/** @type {"audio" | "video"} */ kind, /** @type {number} */ times) => {
      const codecs = plain(kind);
      for (let time = 0; time < times; time += 1) {
        choose(connection.addTransceiver(kind, { direction: "recvonly" }), codecs);
      }
    };
    add("video", pictures);
    add("audio", voices);
    add("video", screens);
    add("audio", screens);
  }

  /** @param {RTCPeerConnection} connection */
  #open(connection) {
    this.sections.clear();
    this.#streams.clear();
    for (const one of this.#voices.values()) one.remove();
    this.#voices.clear();
    for (const section of connection.getTransceivers()) {
      const { mid, receiver: { track } } = section;
      if (mid === null) continue;
      this.sections.set(mid, section);
      const stream = new MediaStream([track]);
      if (track.kind === "video") this.#streams.set(mid, stream);
      else this.#voice(mid, stream);
    }
    this.dispatchEvent(new Event("open"));
  }

  /**
   * @param {string} mid
   * @param {MediaStream} stream
   */
  #voice(mid, stream) {
    const voice = make("audio", { hidden: "", "data-mid": mid });
    voice.autoplay = true;
    voice.volume = this.loudness;
    voice.srcObject = stream;
    document.body.append(voice);
    this.#voices.set(mid, voice);
    if (this.sink) sinkTo(voice, this.sink);
    voice.play().catch((error) => { if (error.name === "NotAllowedError") this.#hush(true); });
  }

  /** @param {boolean} isHushed */
  #hush(isHushed) {
    if (this.isHushed === isHushed) return;
    this.isHushed = isHushed;
    this.dispatchEvent(new Event("hushed"));
  }
}

/**
 * What a room forwards. More than half of an offer's text would be about what it refuses, once for each section.
 * @param {"audio" | "video"} kind
 */
function plain(kind) {
  const wanted = kind === "audio" ? /^audio\/(opus|red)$/i : /^video\/(vp8|vp9|h264|av1|rtx)$/i;
  const isFit = (/** @type {{mimeType: string, sdpFmtpLine?: string}} */ { mimeType, sdpFmtpLine = "" }) =>
    wanted.test(mimeType) && !/profile(-id)?=[1-9]/.test(sdpFmtpLine)
    && (!/h264/i.test(mimeType) || /packetization-mode=1/.test(sdpFmtpLine));
  return codecsOf(kind).filter(isFit);
}

/**
 * @param {HTMLAudioElement} voice
 * @param {string} device
 */
async function sinkTo(voice, device) {
  // Where a browser cannot choose, the system's own loudspeaker plays.
  if ("setSinkId" in voice) await voice.setSinkId(device).catch(() => {});
}

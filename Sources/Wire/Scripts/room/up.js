// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What goes from here: microphone, camera in three sizes, a shared screen with its sound. The sections are fixed; what
// they carry is exchanged.
import { Call } from "./call.js";
import { choose, codecsOf } from "./sdp.js";

/** @typedef {import("./state.js").Kind} Kind */

/** In the order in which they are offered. @type {Kind[]} */
const order = ["microphone", "camera", "screen", "screenSound"];
/** Speech needs no more than it gets: an hour of it, with what carries it, is about 22 MB. */
const speech = { usual: 32_000, saving: 20_000 };
const encodings = {
  microphone: () => [{ maxBitrate: speech.usual, priority: /** @type {const} */ ("high") }],
  camera: () => [
    { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000, active: true },
    { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000, active: true },
    { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_700_000, active: true },
  ],
  screen: () => [{ maxBitrate: 2_500_000 }],
  screenSound: () => [{ maxBitrate: 96_000 }],
};

export class Up {
  /** @type {Record<Kind, MediaStreamTrack | null>} */
  tracks = { microphone: null, camera: null, screen: null, screenSound: null };
  /** @type {Map<Kind, RTCRtpTransceiver>} */
  #sections = new Map();
  /** @type {Record<string, string[]>} */
  #wanted = {};
  savesLine = false;
  /** In a small meeting the smallest size is always there: who comes sees a picture at once. */
  keepsSmallest = true;

  /**
   * @param {import("./doors.js").Doors} doors
   * @param {RTCIceServer[]} helpers
   * @param {(mids: Record<string, string>) => void} opened
   */
  constructor(doors, helpers, opened) {
    this.call = new Call(doors, "up", helpers, (connection) => this.#furnish(connection), () => opened(this.mids));
  }

  get mids() {
    return Object.fromEntries([...this.#sections].map(([kind, { mid }]) => [kind, mid ?? ""]).filter(([, mid]) => mid));
  }

  /**
   * Sends another track, or none.
   * @param {Kind} kind
   * @param {MediaStreamTrack | null} track
   */
  async send(kind, track) {
    this.tracks[kind] = track;
    await this.#sections.get(kind)?.sender.replaceTrack(track);
    await this.#fit();
  }

  /**
   * Only sizes that somebody looks at are made: the server says which.
   * @param {Record<string, string[]>} wanted by section
   */
  async want(wanted) {
    this.#wanted = wanted;
    await this.#fit();
  }

  async #fit() {
    for (const [kind, section] of this.#sections) {
      if ((kind !== "camera" && kind !== "microphone") || !section.mid) continue;
      const said = this.#wanted[section.mid];
      const { sender } = section;
      const parameters = sender.getParameters();
      if (!parameters.encodings?.length) continue;
      let isChanged = false;
      if (kind === "microphone") {
        const [one] = parameters.encodings, most = this.savesLine ? speech.saving : speech.usual;
        if (one.maxBitrate === most) continue;
        one.maxBitrate = most;
        await sender.setParameters(parameters).catch(() => {});
        continue;
      }
      for (const one of parameters.encodings) {
        const isWanted = !said || !one.rid || said.includes(one.rid) || (this.keepsSmallest && one.rid === "q");
        const isActive = isWanted && !(this.savesLine && one.rid !== "q");
        isChanged ||= one.active !== isActive;
        one.active = isActive;
      }
      // Between two calls there is nothing to set; the next one begins with everything.
      if (isChanged) await sender.setParameters(parameters).catch(() => {});
    }
  }

  /** @param {RTCPeerConnection} connection */
  #furnish(connection) {
    this.#sections = new Map();
    for (const kind of order) {
      const isPicture = kind === "camera" || kind === "screen";
      const section = connection.addTransceiver(this.tracks[kind] ?? (isPicture ? "video" : "audio"), {
        direction: "sendonly", sendEncodings: encodings[kind](),
      });
      if (isPicture) prefer(section);
      this.#sections.set(kind, section);
    }
  }
}

/**
 * VP8 first: every browser sends it in several sizes.
 * @param {RTCRtpTransceiver} section
 */
function prefer(section) {
  const all = codecsOf("video");
  const isFirst = (/** @type {{mimeType: string}} */ { mimeType }) => mimeType.toLowerCase() === "video/vp8";
  choose(section, [...all.filter(isFirst), ...all.filter((one) => !isFirst(one))]);
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What both calls measure, every two seconds: for the connection's light, and for who wants to know.
import { light, Steady } from "./light.js";

/** Bits a second that a picture of so many lines needs. */
const needs = (/** @type {number} */ height) => (height <= 90 ? 60_000 : height <= 180 ? 150_000 : height <= 360
  ? 500_000 : 1_500_000);
const every = 2_000;

export class Figures extends EventTarget {
  #steady = new Steady();
  /** @type {Map<string, {packets: number, lost: number, bytes: number}>} */
  #before = new Map();
  /** Bits a second that come and go. */
  bitsDown = 0;
  bitsUp = 0;
  /** @type {import("./light.js").Measured | null} */
  measured = null;

  /**
   * @param {import("./meeting.js").Meeting} meeting
   * @param {import("./stage.js").Stage} stage
   */
  constructor(meeting, stage) {
    super();
    [this.meeting, this.stage] = [meeting, stage];
    setInterval(() => this.measure(), every);
    for (const event of ["online", "offline"]) addEventListener(event, () => this.measure());
    meeting.on(["call", "heard"], () => this.measure());
  }

  get light() { return this.#steady.shown; }

  async measure() {
    const { meeting } = this;
    if (meeting.place !== "inside") return;
    const down = await this.#read(meeting.down?.call.connection), up = await this.#read(meeting.up?.call.connection);
    [this.bitsDown, this.bitsUp] = [down.bits, up.bits];
    const states = [meeting.down?.call.state ?? "new", meeting.up?.call.state ?? "connected"];
    const worst = /** @type {const} */ (["failed", "restarting", "new", "connecting", "connected"]).find((one) =>
      states.includes(one)) ?? "new";
    const wanted = this.stage.wished.reduce((sum, one) => sum + needs(one.height), 0);
    this.measured = {
      isOnline: navigator.onLine, hears: meeting.stream?.isHeard ?? false, call: worst,
      roundTrip: Math.max(down.roundTrip, up.roundTrip, meeting.state.line?.roundTrip ?? 0), lossDown: down.loss,
      lossUp: Math.max(up.loss, meeting.state.line?.loss ?? 0), estimate: meeting.state.line?.estimate ?? 0, wanted,
      limited: up.limited, overTCP: down.overTCP,
    };
    this.#steady.take(light(this.measured));
    this.dispatchEvent(new Event("measured"));
  }

  /** @param {RTCPeerConnection | undefined} connection */
  async #read(connection) {
    const found = { bits: 0, loss: 0, roundTrip: 0,
      limited: /** @type {"none" | "bandwidth" | "cpu" | "other"} */ ("none"), overTCP: false };
    if (!connection || connection.connectionState === "closed") return found;
    const stats = /** @type {any[]} */ ([...(await connection.getStats()).values()]);
    let packets = 0, lost = 0, bytes = 0;
    for (const one of stats) {
      const has = one.packetsReceived ?? one.packetsSent ?? 0;
      if (one.type === "inbound-rtp" || one.type === "outbound-rtp") {
        const before = this.#before.get(one.id) ?? { packets: 0, lost: 0, bytes: 0 };
        const now = { packets: has, lost: one.packetsLost ?? 0, bytes: one.bytesReceived ?? one.bytesSent ?? 0 };
        packets += now.packets - before.packets;
        lost += Math.max(0, now.lost - before.lost);
        bytes += now.bytes - before.bytes;
        this.#before.set(one.id, now);
        if (one.kind === "video" && one.active !== false && one.qualityLimitationReason
          && one.rid !== "q") found.limited = worse(found.limited, one.qualityLimitationReason);
      } else if (one.type === "remote-inbound-rtp") {
        found.loss = Math.max(found.loss, one.fractionLost ?? 0);
        found.roundTrip = Math.max(found.roundTrip, (one.roundTripTime ?? 0) * 1000);
      } else if (one.type === "candidate-pair" && one.nominated && one.state === "succeeded") {
        found.roundTrip = Math.max(found.roundTrip, (one.currentRoundTripTime ?? 0) * 1000);
        const remote = stats.find(({ id }) => id === one.remoteCandidateId);
        found.overTCP ||= remote?.protocol === "tcp";
      }
    }
    if (lost && packets > 20) found.loss = Math.max(found.loss, lost / (packets + lost));
    found.bits = Math.max(0, bytes * 8 * 1000 / every);
    return found;
  }
}

/** @param {"none" | "bandwidth" | "cpu" | "other"} one @param {"none" | "bandwidth" | "cpu" | "other"} two */
const worse = (one, two) => (one === "cpu" || two === "none" ? one : two);

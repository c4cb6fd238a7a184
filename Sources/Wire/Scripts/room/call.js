// SPDX-License-Identifier: Apache-2.0
// @ts-check
// One connection to the room: offered once, kept by restarts of ICE, made anew when that does not help.
import { Refused } from "./doors.js";
import { fragment, relays, renewed } from "./sdp.js";

/** @typedef {"new" | "connecting" | "connected" | "restarting" | "failed"} CallState */

/** A short gap mends itself; after this long ICE begins anew. */
const patience = 1_500;
/** So long ICE may take once the server knows of it; then the call is made anew. */
const longestRestart = 6_000;
/** So long the other call waits for this one to carry. */
const longestWait = 500;

export class Call extends EventTarget {
  /** @type {CallState} */
  state = "new";
  /** When the first offer is on its way, or could not be made. @type {Promise<void>} */
  offered;
  /** @type {() => void} */
  #offers = () => {};
  /** Whether it carries, or will not so soon that anything should wait for it; `settled` is told then. */
  isSettled = false;
  /** @type {RTCPeerConnection} */
  connection;
  #session = "";
  #tries = 0;
  #isClosed = false;
  /** Counts restarts: what an earlier one brings is worth nothing. */
  #restarts = 0;
  /** Whether the server knows of the restart that is under way. */
  #isKnown = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {import("./doors.js").Doors} doors
   * @param {"up" | "down"} way
   * @param {RTCIceServer[]} helpers
   * @param {(connection: RTCPeerConnection) => void} furnish adds what the connection is to carry, in its fixed order
   * @param {(connection: RTCPeerConnection) => void} opened it is agreed on: its sections have their names
   */
  constructor(doors, way, helpers, furnish, opened) {
    super();
    this.doors = doors;
    this.way = way;
    this.helpers = helpers;
    this.furnish = furnish;
    this.opened = opened;
    this.offered = new Promise((done) => { this.#offers = done; });
    this.connection = this.#make();
  }

  /** Makes the offer while somebody is still at the door, so that it is there when it is needed. */
  prepare() { return this.connection.setLocalDescription().catch(() => {}); }

  /** Offers and takes the answer. Tries for as long as it is not closed. */
  async open() {
    const { connection } = this;
    if (this.#isClosed) return;
    this.#is(this.#tries ? "restarting" : "connecting");
    try {
      // The offer is on its way while the browser still furnishes itself for it: the server's answer needs nothing of that.
      const made = connection.localDescription;
      const offer = made ?? await connection.createOffer();
      const furnished = made ?? connection.setLocalDescription(offer);
      const called = this.doors.call(this.way, offer.sdp ?? "");
      this.#offers();
      const [answer] = await Promise.all([called, furnished]);
      this.#session = answer.headers.get("location") ?? "";
      const links = relays(answer.headers.get("link"));
      if (links.length) this.helpers = links;
      await connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
      this.opened(connection);
      setTimeout(() => this.#settle(), longestWait);
      this.#await(10_000, () => this.#anew());
    } catch (error) {
      this.#offers();
      if (this.connection !== connection || this.#isClosed) return;
      this.#settle();
      // Who has no seat has no call; who has one may ask again.
      if (error instanceof Refused && [400, 401, 403, 404, 422].includes(error.status)) return this.#is("failed");
      this.#is("failed");
      this.#await(Math.min(4_000, 700 * 2 ** this.#tries), () => this.#anew());
    }
  }

  /** The network has changed, or the lid was opened: what was there may be gone without a sound. */
  knock() {
    if (this.#isClosed || this.state === "connecting" || this.state === "new") return;
    if (this.state === "failed") this.#anew();
    else this.restart();
  }

  /**
   * Begins ICE anew on the same session: no new handshake, no new keys. As long as nobody answers it is tried again:
   * only a server that answers knows whether the session is still there.
   */
  async restart() {
    const { connection } = this;
    if (this.#isClosed || !this.#session) return;
    const turn = this.#restarts += 1;
    const isOver = () => this.connection !== connection || this.#isClosed || this.#restarts !== turn;
    clearTimeout(this.#timer);
    this.#isKnown = false;
    this.#is("restarting");
    try {
      const offer = await connection.createOffer({ iceRestart: true });
      if (isOver()) return;
      await connection.setLocalDescription(offer);
      const answer = await this.doors.change(this.#session, fragment(offer.sdp ?? ""));
      const came = await answer.text();
      if (isOver()) return;
      const sdp = renewed(connection.remoteDescription?.sdp ?? "", came);
      this.#isKnown = true;
      // A connection that never broke says nothing of its return.
      this.#await(longestRestart, () => {
        if (connection.connectionState === "connected") this.#look("connected");
        else this.#anew();
      });
      await connection.setRemoteDescription({ type: "answer", sdp });
    } catch (error) {
      if (isOver()) return;
      if (isUnheard(error)) this.#await(patience, () => this.restart());
      else this.#anew();
    }
  }

  close() {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (this.#session) this.doors.hangUp(this.#session);
    this.connection.close();
  }

  /** A new connection in the same seat. */
  #anew() {
    if (this.#isClosed) return;
    this.#tries += 1;
    if (this.#session) this.doors.hangUp(this.#session);
    this.#session = "";
    this.connection.close();
    this.connection = this.#make();
    this.open();
  }

  #make() {
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers: this.helpers });
    connection.addEventListener("connectionstatechange", () => {
      if (this.connection === connection) this.#look(connection.connectionState);
    });
    this.furnish(connection);
    return connection;
  }

  #settle() {
    if (this.isSettled || this.#isClosed) return;
    this.isSettled = true;
    this.dispatchEvent(new Event("settled"));
  }

  /** @param {RTCPeerConnectionState} now */
  #look(now) {
    if (now === "connected") {
      clearTimeout(this.#timer);
      this.#tries = 0;
      this.#is("connected");
      this.#settle();
    } else if (now === "disconnected" && this.state !== "restarting") this.#await(patience, () => this.restart());
    else if (now === "failed" && this.state === "restarting" && !this.#isKnown) return;
    else if (now === "failed") this.state === "restarting" ? this.#anew() : this.restart();
    else if (now === "closed") this.#anew();
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} then
   */
  #await(milliseconds, then) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, milliseconds);
  }

  /** @param {CallState} state */
  #is(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/** Nothing came back: not even that it does not go. @param {unknown} error */
const isUnheard = (error) => (error instanceof Refused ? error.status === 0
  : error instanceof Error && ["TimeoutError", "AbortError"].includes(error.name));

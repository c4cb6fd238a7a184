// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The room's doors on the server, as docs/signalling.md has them.

/** The server said no: the sentence is for people. */
export class Refused extends Error {
  /**
   * @param {number} status 0 when there was no answer
   * @param {{th: string, en: string} | null} sentence
   * @param {string} [code]
   */
  constructor(status, sentence, code = "") {
    super(`${status} ${code}`);
    this.name = "Refused";
    [this.status, this.sentence, this.code] = [status, sentence, code];
  }
}

/**
 * @typedef {object} About
 * @property {string} title
 * @property {number | null} [startsAt] milliseconds since 1970
 * @property {number | null} [opensAt]
 * @property {"before" | "open" | "over"} state
 * @property {boolean} needsPass
 * @property {boolean} asksName
 * @property {string | null} [name] who the pass says that one is
 * @property {boolean} [locked]
 * @property {string | null} [overflow] where those who find no room, or would rather listen, watch
 * @property {boolean} [onAir] whether there is something to be watched there
 * @property {boolean} lobby
 * @property {boolean} recording
 * @property {{th: string, en: string}} [consentSentence]
 */
/** @typedef {{token: string, you: import("./state.js").State["you"], ice: RTCIceServer[],
 *   limits: {pictures: number, voices: number, screens: number}}} Entry */

export class Doors {
  token = "";

  /** @param {string} name of the meeting */
  constructor(name) {
    this.name = name;
    this.base = new URL(`/room/${name}/`, location.href);
  }

  /** @param {string} pass the link's own, which may say who one is @returns {Promise<About>} */
  async about(pass) {
    const headers = /** @type {Record<string, string>} */ (pass ? { authorization: `Bearer ${pass}` } : {});
    return (await this.#fetch("about", { headers })).json();
  }

  /**
   * @param {{name: string, pass?: string, language: string, device: string, consent: boolean}} who
   * @returns {Promise<Entry>}
   */
  async enter(who) {
    const answer = await this.#fetch("people", { method: "POST", json: who });
    const entry = /** @type {Entry} */ (await answer.json());
    this.token = entry.token;
    return entry;
  }

  /**
   * @param {AbortSignal} signal
   * @param {string} lastID
   */
  events(signal, lastID) {
    /** @type {Record<string, string>} */
    const headers = { authorization: `Bearer ${this.token}`, accept: "text/event-stream" };
    if (lastID) headers["last-event-id"] = lastID;
    return fetch(new URL("events", this.base), { signal, headers, cache: "no-store" });
  }

  /**
   * @param {string} ask
   * @param {Record<string, unknown>} more
   */
  async ask(ask, more = {}) { await this.#fetch("asks", { method: "POST", json: { ask, ...more }, within: 10_000 }); }

  /**
   * Something that is told while the page goes away.
   * @param {string} ask
   */
  askLast(ask) {
    fetch(new URL("asks", this.base), {
      method: "POST", keepalive: true, body: JSON.stringify({ ask }),
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
    }).catch(() => {});
  }

  /**
   * @param {"up" | "down"} way
   * @param {string} offer
   */
  call(way, offer) {
    return this.#fetch(`calls/${way}`, { method: "POST", body: offer, type: "application/sdp", within: 8_000 });
  }

  /**
   * @param {string} session
   * @param {string} fragment
   */
  change(session, fragment) {
    const headers = { "if-match": "*" };
    return this.#fetch(session,
      { method: "PATCH", body: fragment, type: "application/trickle-ice-sdpfrag", headers, within: 4_000 });
  }

  /** @param {string} session */
  hangUp(session) {
    const headers = { authorization: `Bearer ${this.token}` };
    return fetch(new URL(session, this.base), { method: "DELETE", headers, keepalive: true }).catch(() => {});
  }

  /**
   * @param {"decks" | "files"} where
   * @param {File} file
   */
  async put(where, file) {
    const address = `${where}?name=${encodeURIComponent(file.name)}`;
    const answer = await this.#fetch(address,
      { method: "PUT", body: file, type: file.type || "application/octet-stream" });
    return answer.json();
  }

  /** @param {string} address what only a token opens, as something that a page can show */
  async picture(address) { return URL.createObjectURL(await (await this.#fetch(address)).blob()); }

  /**
   * How fast it goes from here to there and back, in bits a second; 0 where it cannot be said.
   * @param {AbortSignal} signal
   */
  async measure(signal) {
    const shortest = [];
    for (let time = 0; time < 3; time += 1) {
      const began = performance.now();
      await this.#fetch("check?bytes=1", { signal });
      shortest.push(performance.now() - began);
    }
    const uplink = await this.#rate(signal, (bytes) => ({ address: "check", method: "POST", body: noise(bytes) }));
    const downlink = await this.#rate(signal, (bytes) => ({ address: `check?bytes=${bytes}`, method: "GET" }));
    return { uplink, downlink, roundTrip: Math.min(...shortest) };
  }

  /**
   * A little first; more when that went quickly.
   * @param {AbortSignal} signal
   * @param {(bytes: number) => {address: string, method: string, body?: Blob}} how
   */
  async #rate(signal, how) {
    let rate = 0;
    for (const bytes of [128_000, 1_000_000, 4_000_000]) {
      const { address, method, body } = how(bytes);
      const began = performance.now();
      const answer = await this.#fetch(address,
        { method, body, signal, type: body ? "application/octet-stream" : undefined });
      await answer.arrayBuffer();
      const seconds = (performance.now() - began) / 1000;
      rate = bytes * 8 / Math.max(seconds, 0.001);
      if (seconds > 0.4) break;
    }
    return rate;
  }

  /** @param {Record<string, unknown>} figures */
  async file(figures) { await this.#fetch("check/result", { method: "POST", json: figures }); }

  /**
   * @param {string} address
   * A network may be gone without a word: `within` milliseconds it must have answered, where that matters.
   * @param {{method?: string, json?: unknown, body?: BodyInit, type?: string, headers?: Record<string, string>,
   *   signal?: AbortSignal, within?: number}} how
   */
  async #fetch(address, { method = "GET", json, body, type, headers = {}, signal, within } = {}) {
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    if (json !== undefined) [body, type] = [JSON.stringify(json), "application/json"];
    if (type) headers["content-type"] = type;
    const limit = signal ?? (within ? AbortSignal.timeout(within) : undefined);
    const answer = await fetch(new URL(address, this.base), { method, body, headers, signal: limit, cache: "no-store" })
      .catch((error) => { if (signal?.aborted) throw error; throw new Refused(0, null); });
    if (answer.ok) return answer;
    const said = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, said.sentence ?? null, said.code ?? "");
  }
}

/**
 * What nothing on the way can make smaller.
 * @param {number} bytes
 */
function noise(bytes) {
  const block = crypto.getRandomValues(new Uint8Array(64_000));
  return new Blob(Array.from({ length: Math.ceil(bytes / block.length) }, () => block)).slice(0, bytes);
}

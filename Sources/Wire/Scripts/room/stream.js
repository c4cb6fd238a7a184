// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Server-sent events, read with fetch: the token goes in a field and never in an address.
import { Patience, isAborted } from "../line.js";

/** Takes bytes as they come and gives whole events (HTML, 9.2.6). */
export class EventLines {
  lastID = "";
  #decoder = new TextDecoder();
  #rest = "";
  /** @type {string[]} */
  #data = [];

  /**
   * @param {Uint8Array} bytes
   * @returns {string[]} the data of each event that is complete
   */
  take(bytes) {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    const found = [];
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length) found.push(this.#data.join("\n"));
        this.#data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (name === "data") this.#data.push(value);
      else if (name === "id") this.lastID = value;
    }
    return found;
  }
}

/** No event and no sign of life for so long: the line is dead, whatever the browser believes. */
const longestSilence = 40_000;
/** What was broken off longer ago does not come any more. */
const longestStray = 30_000;

export class Stream extends EventTarget {
  isHeard = false;
  /** When the last sign of life came, by `performance.now`. */
  heardAt = 0;
  lastID = "";
  #stop = new AbortController();
  #cut = new AbortController();
  #patience = new Patience(300, 4_000);
  /** So many requests of ours were broken off, the last one then: each may reach the server behind the one after it. */
  #strays = 0;
  #strayedAt = 0;

  /**
   * @param {(signal: AbortSignal, lastID: string) => Promise<Response>} open
   * @param {(event: any) => void} take
   */
  constructor(open, take) {
    super();
    this.open = open;
    this.take = take;
  }

  /** Runs until it is closed, or the server does not know us any more: then the status is the answer. */
  async run() {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const answer = await this.#once();
        if ([401, 403, 404, 409, 410].includes(answer)) return answer;
      } catch (error) {
        if (signal.aborted) return 0;
        this.#strays += 1;
        this.#strayedAt = performance.now();
        if (!isAborted(error) && !(error instanceof TypeError)) console.warn(String(error));
      }
      this.#hear(false);
      await this.#patience.wait(signal).catch(() => {});
    }
    return 0;
  }

  /** Something happened to the network: what was there is not to be trusted. */
  again() {
    this.#patience.reset();
    this.#cut.abort();
  }

  close() { this.#stop.abort(); this.#cut.abort(); }

  /** @returns {Promise<number>} the status when it was refused, 0 when it ended */
  async #once() {
    this.#cut = new AbortController();
    const { signal } = this.#cut;
    let timer = setTimeout(() => this.#cut.abort(), 6_000);
    const answer = await this.open(signal, this.lastID).finally(() => clearTimeout(timer));
    if (!answer.ok || !answer.body) return answer.status;
    const reader = answer.body.getReader();
    const lines = new EventLines();
    lines.lastID = this.lastID;
    this.#patience.reset();
    timer = setTimeout(() => this.#cut.abort(), longestSilence);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 0;
        clearTimeout(timer);
        timer = setTimeout(() => this.#cut.abort(), longestSilence);
        this.heardAt = performance.now();
        this.#hear(true);
        for (const text of lines.take(value)) {
          const event = JSON.parse(text);
          if (this.#isOurs(event)) return 0;
          this.take(event);
        }
        this.lastID = lines.lastID;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether it was a former request of ours that took the stream's place, and no other window. @param {any} event */
  #isOurs(event) {
    if (event.kind !== "ended" || event.why !== "elsewhere") return false;
    if (performance.now() - this.#strayedAt > longestStray) this.#strays = 0;
    if (!this.#strays) return false;
    this.#strays -= 1;
    return true;
  }

  /** @param {boolean} isHeard */
  #hear(isHeard) {
    if (this.isHeard === isHeard) return;
    this.isHeard = isHeard;
    this.dispatchEvent(new Event("heard"));
  }
}

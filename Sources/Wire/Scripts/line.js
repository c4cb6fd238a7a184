// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The line to the server: one request, patiently, and how long to wait before the next try.

/** @typedef {import("./playlist.js").Range} Range */

/** It did not come. `status` is the server's answer, 0 when there was none. */
export class Lost extends Error {
  /**
   * @param {number} status
   * @param {string} uri
   */
  constructor(status, uri) {
    super(`${status || "no answer"}: ${uri}`);
    this.name = "Lost";
    this.status = status;
  }
  /** The server answered, and the answer will not change by asking again. */
  get isFinal() { return [400, 401, 403, 404, 410].includes(this.status); }
}

/** @param {unknown} error */
export const isAborted = (error) => error instanceof DOMException && error.name === "AbortError";

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
  return new Promise((done, fail) => {
    if (signal?.aborted) return fail(new DOMException("", "AbortError"));
    const stop = () => { clearTimeout(timer); fail(new DOMException("", "AbortError")); };
    const timer = setTimeout(() => { signal?.removeEventListener("abort", stop); done(); }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * @typedef {object} Wish
 * @property {AbortSignal} [signal]
 * @property {Range | null} [range]
 * @property {number} [patience] in milliseconds: longer than a server may hold back its answer
 * @property {(bytes: number, seconds: number, total: number) => void} [onprogress] since the first byte
 */
/** @typedef {{bytes: ArrayBuffer, seconds: number, url: string}} Came seconds from the first byte to the last */

/**
 * Over HTTP/1.1 a browser has six connections to a server, for all of its pages together: what is waited for there
 * must be little.
 */
export const isNarrow = () => {
  const [page] = performance.getEntriesByType("navigation");
  return page instanceof PerformanceNavigationTiming && page.nextHopProtocol.startsWith("http/1");
};

export class Line {
  /** When the server was last heard of, and since when it has not been; milliseconds of `performance.now`. */
  heardAt = performance.now();
  lostSince = 0;

  /**
   * @param {URL | string} uri
   * @param {Wish} wish
   * @returns {Promise<Came>}
   */
  async get(uri, { signal, range, patience = 15_000, onprogress } = {}) {
    const limit = new AbortController();
    const stop = () => limit.abort();
    if (signal?.aborted) throw new DOMException("", "AbortError");
    signal?.addEventListener("abort", stop, { once: true });
    let timer = setTimeout(stop, patience);
    try {
      const headers = range ? { Range: `bytes=${range[0]}-${range[0] + range[1] - 1}` } : undefined;
      const answer = await fetch(uri, { signal: limit.signal, headers });
      const began = performance.now();
      this.#heard();
      if (!answer.ok) throw new Lost(answer.status, String(uri));
      clearTimeout(timer);
      timer = setTimeout(stop, 30_000);
      let bytes = await this.#body(answer, began, onprogress);
      if (range && answer.status === 200) bytes = bytes.slice(range[0], range[0] + range[1]);
      this.#heard();
      return { bytes, seconds: (performance.now() - began) / 1000, url: answer.url };
    } catch (error) {
      if (signal?.aborted) throw new DOMException("", "AbortError");
      if (error instanceof Lost) throw error;
      this.lostSince ||= performance.now();
      throw new Lost(0, String(uri));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }

  /**
   * @param {URL | string} uri
   * @param {Wish} [wish]
   */
  async text(uri, wish) {
    const came = await this.get(uri, wish);
    return { text: new TextDecoder().decode(came.bytes), url: came.url };
  }

  /**
   * @param {Response} answer
   * @param {number} began
   * @param {Wish["onprogress"]} onprogress
   */
  async #body(answer, began, onprogress) {
    if (!onprogress || !answer.body) return answer.arrayBuffer();
    const total = Number(answer.headers.get("content-length")) || 0;
    const reader = answer.body.getReader();
    /** @type {Uint8Array[]} */
    const pieces = [];
    let count = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      count += value.length;
      onprogress(count, (performance.now() - began) / 1000, total);
    }
    const whole = new Uint8Array(count);
    let at = 0;
    for (const piece of pieces) { whole.set(piece, at); at += piece.length; }
    return whole.buffer;
  }

  #heard() {
    this.heardAt = performance.now();
    this.lostSince = 0;
  }
}

/** Waits longer after each failure, never quite as long as somebody else, and no longer once the network is back. */
export class Patience {
  #tries = 0;
  /**
   * @param {number} first
   * @param {number} most in milliseconds
   */
  constructor(first = 250, most = 4_000) {
    this.first = first;
    this.most = most;
  }

  reset() { this.#tries = 0; }

  /** @param {AbortSignal} [signal] */
  async wait(signal) {
    const length = Math.min(this.most, this.first * 1.7 ** this.#tries) * (0.75 + Math.random() / 2);
    this.#tries += 1;
    const cut = new AbortController();
    const wake = () => cut.abort();
    addEventListener("online", wake);
    signal?.addEventListener("abort", wake);
    try {
      await pause(length, cut.signal);
    } catch (error) {
      if (signal?.aborted) throw error;
    } finally {
      removeEventListener("online", wake);
      signal?.removeEventListener("abort", wake);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// How a viewer comes in: the server shows everybody to addresses of their own, and a reload is the same viewer.
import { Lost, Patience } from "./line.js";
import { keep, kept } from "./kept.js";

/** @typedef {import("./line.js").Line} Line */

/** The link is needed, or it is no longer good. */
export class Refused extends Error {}

export class Door extends EventTarget {
  /**
   * Everything of this viewer's is relative to it; nil before the server has shown it.
   * @type {URL | null}
   */
  base = null;
  /** How long to wait at most between two tries, in milliseconds: seldom when somebody tells when it begins. */
  longest = 4_000;
  #patience = new Patience(700, 4_000);
  /** When the server gave the token, in `performance.now`'s milliseconds. */
  #givenAt = -Infinity;
  /** Ends the pause between two tries. */
  #knock = () => {};

  /**
   * @param {Line} line
   * @param {string} name of the broadcast
   * @param {string} ticket
   * @param {string} preview the console's own ticket, to see what comes in before it is on air; empty for viewers
   */
  constructor(line, name, ticket, preview = "") {
    super();
    this.line = line;
    this.name = name;
    this.ticket = ticket;
    this.home = new URL(`/live/${name}/`, location.href);
    this.isPreview = preview !== "";
    if (this.isPreview) {
      this.base = new URL(`preview/${encodeURIComponent(preview)}/`, this.home);
      return;
    }
    const token = kept(`viewer.${name}`);
    if (/^[A-Za-z0-9._-]{8,400}$/.test(token)) this.#own(token);
  }

  /** Something happened: it is worth to try at once. */
  knock() {
    this.#patience.reset();
    this.#knock();
  }

  /** The token is not good any more: the next try asks for another. */
  forget() {
    if (this.isPreview) return;
    this.base = null;
    keep(`viewer.${this.name}`, "");
  }

  /**
   * The multivariant playlist, as soon as there is one.
   * @param {AbortSignal} signal
   * @param {(state: "awaited" | "away") => void} say what it waits for
   */
  async enter(signal, say) {
    for (;;) {
      try {
        return await this.index(signal);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        if (error.status === 401 || error.status === 403) throw new Refused(error.message);
        say(error.status === 0 ? "away" : "awaited");
      }
      await this.#wait(signal);
    }
  }

  /**
   * Where a viewer's own addresses are, as soon as the server can be asked.
   * @param {AbortSignal} signal
   * @param {() => void} say that it cannot
   */
  async shown(signal, say) {
    while (!this.base) {
      try {
        await this.#ask(signal);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        if (error.status === 401 || error.status === 403) throw new Refused(error.message);
        if (error.isFinal) return this.base ?? this.home;
        say();
        await this.#wait(signal);
      }
    }
    return this.base;
  }

  /**
   * The multivariant playlist now.
   * @param {AbortSignal} signal
   */
  async index(signal) {
    if (this.base) {
      try {
        return (await this.line.text(new URL("index.m3u8", this.base), { signal, patience: 30_000 })).text;
      } catch (error) {
        // Either there is nothing yet, or the token is of another day: the door knows, and is not asked all the time.
        if (!(error instanceof Lost) || !error.isFinal || this.isPreview) throw error;
        if (error.status !== 404) this.forget();
        else if (performance.now() - this.#givenAt < 60_000) throw error;
      }
    }
    return this.#ask(signal);
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    const address = new URL("index.m3u8", this.home);
    if (this.ticket) address.searchParams.set("ticket", this.ticket);
    const answer = await fetch(address, { signal, headers: { accept: "application/vnd.apple.mpegurl" } })
      .catch((error) => { if (signal.aborted) throw error; throw new Lost(0, address.pathname); });
    const token = answer.url.match(/\/v\/([A-Za-z0-9._-]+)\/index\.m3u8/)?.[1];
    if (token) this.#own(token);
    this.#givenAt = performance.now();
    if (!answer.ok) throw new Lost(answer.status, address.pathname);
    this.base ??= this.home;
    return answer.text();
  }

  /** @param {string} token */
  #own(token) {
    const base = new URL(`v/${token}/`, this.home);
    if (this.base?.href === base.href) return;
    this.base = base;
    keep(`viewer.${this.name}`, token);
    this.dispatchEvent(new Event("shown"));
  }

  /** @param {AbortSignal} signal */
  async #wait(signal) {
    this.#patience.most = this.longest;
    const cut = new AbortController();
    this.#knock = () => cut.abort();
    const stop = () => cut.abort();
    signal.addEventListener("abort", stop, { once: true });
    await this.#patience.wait(cut.signal).catch(() => {});
    signal.removeEventListener("abort", stop);
    if (signal.aborted) throw new DOMException("", "AbortError");
  }
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The meeting as this page lives it: the seat, what the server tells, both calls, and what is asked of it.
import { Devices } from "./devices.js";
import { Doors, Refused } from "./doors.js";
import { Down } from "./down.js";
import { takeEarly } from "./early.js";
import { deviceWord, keepSeat, leaveSeat, seatOf } from "./seat.js";
import { nothing, reduce, together } from "./state.js";
import { Stream } from "./stream.js";
import { Up } from "./up.js";
import { language, say } from "../speech.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {"door" | "lobby" | "inside" | "watching" | "over"} Place */

/** So long somebody is brought back by themselves, in milliseconds. */
const longestAbsence = 60_000;
const usual = { pictures: 12, voices: 4, screens: 2 };
/** As long as there is a call the server says every two seconds how the line is: more silence than this is none. */
const longestSilence = 5_000;
/** A clock that stood still for so long: the lid was closed. */
const sleep = 8_000;

export class Meeting extends EventTarget {
  state = nothing();
  /** @type {Place} */
  place = "door";
  devices = new Devices();
  /** @type {Up | null} */
  up = null;
  /** @type {Down | null} */
  down = null;
  /** @type {Stream | null} */
  stream = null;
  limits = usual;
  /** @type {RTCIceServer[]} */
  #helpers = [];
  /** When each person was heard last, by the server's word. @type {Map<string, number>} */
  spokeAt = new Map();
  #isCalling = false;
  /** How much this device's clock is ahead of the server's, in milliseconds. */
  skew = 0;

  /** @param {string} name */
  constructor(name) {
    super();
    this.name = name;
    this.doors = new Doors(name);
    addEventListener("online", () => this.knock());
    addEventListener("pageshow", ({ persisted }) => { if (persisted) this.knock(); });
    // It changes with every measurement; only another kind of network is worth a knock.
    const { connection } = /** @type {any} */ (navigator);
    let kind = connection?.type;
    connection?.addEventListener?.("change", () => {
      if (connection.type === kind) return;
      kind = connection.type;
      this.knock();
    });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#woke(); });
    document.addEventListener("resume", () => this.knock());
    this.#listenForSleep();
  }

  /** A closed lid is told by nobody: time has passed in which nothing here ran. Hidden pages are run seldom anyway. */
  #listenForSleep() {
    let last = Date.now();
    setInterval(() => {
      const now = Date.now(), gap = now - last;
      last = now;
      if (gap > (document.hidden ? 12 * sleep : sleep) && this.place !== "door") this.knock();
    }, 1_000);
  }

  /** A call that breaks does so with its network, mostly: then the stream is as dead, and does not know it. */
  #doubt() {
    const { stream } = this;
    const isBroken = [this.up, this.down].some((one) => one?.call.state === "restarting");
    if (isBroken && stream?.isHeard && performance.now() - stream.heardAt > longestSilence) stream.again();
  }

  /** @param {string[]} kinds @param {(event: any) => void} then */
  on(kinds, then) { for (const kind of kinds) this.addEventListener(kind,
    (event) => then(/** @type {any} */ (event).detail)); }

  /** @param {string} kind @param {unknown} [detail] */
  tell(kind, detail) { this.dispatchEvent(new CustomEvent(kind, { detail })); }

  // Coming and going

  /** Both calls are furnished at the door; entering must only send their offers. */
  prepare() {
    this.#hangUp();
    this.down = new Down(this.doors, [], this.limits);
    this.up = new Up(this.doors, [], (mids) => this.#opened(mids));
    for (const { call } of [this.down, this.up]) call.prepare();
  }

  /**
   * @param {string} name
   * @param {string} pass
   * @param {boolean} consent they were told that it is recorded, and agreed
   */
  async enter(name, pass, consent) {
    const who = { name, language: language(), device: deviceWord(), consent, ...(pass ? { pass } : {}) };
    const entry = await this.doors.enter(who);
    this.limits = { ...usual, ...entry.limits };
    this.#helpers = entry.ice ?? [];
    // A relay must be known before the offer is made.
    if (this.#helpers.length || this.place !== "door") this.#hangUp();
    this.state = { ...nothing(), you: entry.you };
    keepSeat(this.name, {
      token: entry.token, name, pass, consent, ice: this.#helpers, limits: this.limits, you: entry.you,
    });
    this.#begin();
  }

  /** Back to the seat that this tab had. */
  resume() {
    const { token = "", ice = [], limits, you } = seatOf(this.name);
    if (!token) return false;
    this.doors.token = token;
    this.#helpers = ice;
    this.limits = { ...usual, ...limits };
    // Calls need not wait for the first event to say the same.
    if (you) this.state = { ...nothing(), you };
    this.down = takeEarly();
    this.#begin();
    return true;
  }

  /** Watches the broadcast instead of coming in: nothing of this device is open then. Or comes back to the door. */
  watch(does = true) {
    if (this.place !== (does ? "door" : "watching")) return;
    this.#hangUp();
    this.#close();
    this.#go(does ? "watching" : "door");
  }

  /** To being recorded: whoever comes back to this seat need not be asked again. */
  async agree() {
    if (await this.ask("agree")) keepSeat(this.name, { consent: true });
  }

  /** Gives the seat up. */
  leave(why = "left") {
    if (this.doors.token && this.place !== "over") this.doors.askLast("leave");
    this.#end(why);
  }

  #begin() {
    this.#settle();
    const stream = new Stream((signal, lastID) => this.doors.events(signal, lastID), (event) => this.take(event));
    this.stream = stream;
    stream.addEventListener("heard", () => this.tell("heard"));
    stream.run().then((status) => { if (status && this.stream === stream) this.#lost(status); });
  }

  /** The server does not know the token any more. @param {number} status */
  #lost(status) {
    const { name = "", pass = "", consent = false } = seatOf(this.name);
    const wasOver = this.state.ended;
    leaveSeat(this.name);
    this.#hangUp();
    if (wasOver || status === 403 || status === 409 || status === 410) return this.#end(wasOver || "removed");
    this.doors.token = "";
    // The minute in which a seat is kept has passed: the same person comes in anew.
    if ((name || pass) && this.place !== "door") return this.#again(name, pass, consent);
    this.#go("door");
  }

  /**
   * The same person comes in anew; as long as the server is not there, or does not know the meeting yet, it is asked again.
   * @param {string} name @param {string} pass @param {boolean} consent
   */
  async #again(name, pass, consent) {
    for (const end = Date.now() + longestAbsence; this.place !== "over";) {
      try {
        return await this.enter(name, pass, consent);
      } catch (error) {
        const isComing = error instanceof Refused && [0, 404, 503].includes(error.status);
        if (!isComing || Date.now() > end) return this.#go("door");
      }
      await new Promise((done) => setTimeout(done, 1_000));
    }
  }

  /** @param {string} why */
  #end(why) {
    this.state = { ...this.state, ended: why };
    leaveSeat(this.name);
    this.stream?.close();
    this.#hangUp();
    this.#close();
    this.#go("over");
  }

  #close() { for (const input of /** @type {const} */ (["microphone", "camera"])) this.devices.close(input); }

  /** @param {Place} place */
  #go(place) {
    if (this.place === place) return;
    this.place = place;
    this.tell("place");
  }

  // What the server tells

  /** @param {any} event */
  take(event) {
    const before = this.state;
    if (event.kind === "speaker" && event.person) this.spokeAt.set(event.person, Date.now());
    if (event.kind === "state" && event.now) this.skew = Date.now() - event.now;
    this.state = reduce(before, event);
    if (this.up) this.up.keepsSmallest = Object.keys(this.state.people).length <= this.limits.pictures;
    if (event.kind === "wanted") this.up?.want(this.state.wanted);
    if (this.state.ended) return this.#end(this.state.ended);
    if (event.kind === "state") keepSeat(this.name, { you: this.state.you });
    this.#settle();
    this.#silenced(before);
    this.tell(event.kind, event);
    this.tell("any", event);
  }

  /** Calls are there as long as one is inside, and one has something to send as long as one may. */
  #settle() {
    const { you } = this.state;
    if (!you.id) return;
    if (!you.inside) {
      this.#hangUp();
      return this.#go("lobby");
    }
    if (!this.#isCalling) {
      this.#isCalling = true;
      this.down ??= new Down(this.doors, this.#helpers, this.limits);
      this.down.call.addEventListener("state", () => { this.#doubt(); this.tell("call"); });
      this.down.call.addEventListener("settled", () => this.#settle());
      this.down.addEventListener("open", () => this.tell("slots"));
      this.down.addEventListener("hushed", () => this.tell("hushed"));
      if (this.down.call.state === "new") this.down.call.open();
    }
    if (you.role === "listener") {
      this.up?.call.close();
      this.up = null;
    } else if (this.up ? this.up.call.state === "new" : this.down?.call.isSettled) {
      // Making a connection takes the page a while, and what comes is wanted first.
      this.up ??= new Up(this.doors, this.#helpers, (mids) => this.#opened(mids));
      this.up.call.addEventListener("state", () => { this.#doubt(); this.tell("call"); });
      this.tell("up");
      this.up.call.open();
    }
    this.#go("inside");
  }

  #hangUp() {
    this.up?.call.close();
    this.down?.close();
    [this.up, this.down, this.#isCalling] = [null, null, false];
  }

  /** @param {Record<string, string>} mids */
  #opened(mids) {
    this.ask("tracks", { mids });
    this.tell("opened");
  }

  /** Somebody else closed what goes from here. @param {State} before */
  #silenced(before) {
    const was = before.people[before.you.id], is = this.state.people[this.state.you.id];
    if (!was || !is) return;
    for (const kind of /** @type {const} */ (["microphone", "camera", "screen"])) {
      if (was[kind] && !is[kind]) this.tell("silenced", kind);
    }
  }

  // What is asked of it

  /**
   * Asks, and tells what was refused. Answers whether it was done.
   * @param {string} ask
   * @param {Record<string, unknown>} [more]
   */
  async ask(ask, more = {}) {
    try {
      await this.doors.ask(ask, more);
      return true;
    } catch (error) {
      if (error instanceof Refused && error.status !== 401) this.tell("refused", this.sentence(error));
      return false;
    }
  }

  /** @param {Refused} error */
  sentence(error) {
    const { sentence } = error;
    return (sentence && (language() === "th" ? sentence.th : sentence.en))
      || say(error.status ? "told.failed" : "told.noAnswer");
  }

  /** Who is seen and heard beside oneself. */
  get others() { return together(this.state).filter((one) => one.id !== this.state.you.id); }

  // The network

  knock() {
    if (this.place === "door" && this.down) return this.prepare();
    this.stream?.again();
    this.up?.call.knock();
    this.down?.call.knock();
  }

  #woke() {
    const isDead = (/** @type {import("./call.js").Call | undefined} */ call) => call && call.state !== "connected";
    if (isDead(this.up?.call) || isDead(this.down?.call) || !this.stream?.isHeard) this.knock();
  }
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What the studio tells while it is on (server-sent events): how it stands, what is said, captions, key moments.

/** @typedef {{file: string, bytes?: number, milliseconds?: number, startedAt?: number, title?: string}} FilmOffer */
/**
 * @typedef {object} Remark
 * @property {number} number
 * @property {string} from
 * @property {string} text
 * @property {boolean} isQuestion
 * @property {boolean} isOffice
 * @property {number} at in milliseconds since 1970
 * @property {string} standing `waiting`, `shown`, `answered` or `hidden`
 */
/** @typedef {{at: number, text: string}} Line milliseconds since 1970 */
/** @typedef {"off" | "questions" | "open"} Talk */

export class News extends EventTarget {
  /** `awaited`, `rehearsing`, `onAir`, `slated` or `ended`; empty before anything was said. */
  phase = "";
  viewers = NaN;
  title;
  startsAt;
  evaluation = "";
  /** @type {Talk} */
  talk = "off";
  /** @type {FilmOffer[]} */
  films = [];
  /** @type {EventSource | null} */
  #source = null;
  #tries = 0;
  #timer = 0;

  /**
   * @param {import("./door.js").Door} door
   * @param {{title: string, startsAt: number}} known what the page came with
   */
  constructor(door, { title, startsAt }) {
    super();
    this.door = door;
    this.title = title;
    this.startsAt = startsAt;
    door.addEventListener("shown", () => this.#open());
    if (door.base && !door.isPreview) this.#open();
  }

  #open() {
    clearTimeout(this.#timer);
    this.#source?.close();
    const { base } = this.door;
    if (!base) return;
    const source = this.#source = new EventSource(new URL("events", base));
    source.addEventListener("open", () => { this.#tries = 0; });
    source.addEventListener("error", () => {
      this.door.longest = 4_000;
      if (source.readyState !== EventSource.CLOSED || source !== this.#source) return;
      // The server said no, or is away: not the browser's business any more, but ours.
      this.#tries += 1;
      this.#timer = setTimeout(() => this.#open(), Math.min(60_000, 3_000 * this.#tries) * (0.75 + Math.random() / 2));
    });
    this.#hear(source, "state", (state) => this.#state(state));
    for (const name of ["remark", "caption", "marker"]) {
      this.#hear(source, name, (detail) => this.dispatchEvent(new CustomEvent(name, { detail })));
    }
  }

  /**
   * @param {EventSource} source
   * @param {string} name
   * @param {(said: any) => void} act
   */
  #hear(source, name, act) {
    source.addEventListener(name, (event) => {
      try {
        act(JSON.parse(event.data));
      } catch (error) {
        console.warn(`${name}:`, error);
      }
    });
  }

  /** @param {Record<string, any>} said */
  #state(said) {
    const before = this.phase;
    this.phase = String(said.phase ?? "");
    this.viewers = Number(said.viewers ?? NaN);
    this.title = said.title || this.title;
    this.startsAt = Number(said.startsAt ?? 0) || this.startsAt;
    this.evaluation = String(said.evaluation ?? "");
    this.talk = said.talk ?? "off";
    this.films = Array.isArray(said.films) ? said.films.filter((one) => typeof one?.file === "string") : [];
    // It is on, and will be there in a moment; or it is not, and we will be told.
    this.door.longest = ["onAir", "slated"].includes(this.phase) ? 1_000 : 20_000;
    this.dispatchEvent(new Event("state"));
    if (before !== this.phase) this.dispatchEvent(new Event("phase"));
  }
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The stage: who is shown where, and what is asked of the server for it.
import { arrange, order, pageSize } from "./layout.js";
import { openMenu } from "./menu.js";
import { personChoices } from "./people.js";
import { soon } from "./rows.js";
import { together } from "./state.js";
import { Tile } from "./tile.js";
import { isSame, wishes } from "./wishes.js";
import { box, icon, make } from "../page.js";
import { keep, kept } from "../kept.js";
import { say, spoken } from "../speech.js";

/** @typedef {import("./layout.js").Way} Way */

/** How high the buttons are that turn the pages, in CSS pixels. */
const turner = 48;

export class Stage extends EventTarget {
  /** @type {Way} */
  way = /** @type {Way} */ (["grid", "speaker", "side"].includes(kept("room.way")) ? kept("room.way") : "grid");
  /** @type {string[]} */
  pinned = [];
  page = 0;
  savesLine = kept("room.saves") === "yes";
  /** Boxes that were asked for although the line is saved. @type {string[]} */
  allowed = [];
  /** Whether a deck or the board has the large place: the deck says so. */
  hasDesk = false;
  /** The box whose picture floats above other programs; empty when none does. */
  floating = "";
  #order = /** @type {string[]} */ ([]);
  /** @type {Map<string, Tile>} */
  tiles = new Map();
  /** @type {import("./layout.js").Box[]} */
  boxes = [];
  /** @type {import("./wishes.js").Wish[]} */
  #wished = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #wishing;
  #stage = box("stage");
  draw = soon(() => this.#draw());

  /**
   * @param {import("./meeting.js").Meeting} meeting
   * @param {import("./sending.js").Sending} sending
   */
  constructor(meeting, sending) {
    super();
    [this.meeting, this.sending] = [meeting, sending];
    meeting.on(["any", "place", "slots"], () => this.draw());
    // A new connection has wished for nothing yet.
    meeting.on(["slots"], (event) => { if (!event) this.#wished = []; });
    sending.addEventListener("change", () => this.draw());
    spoken.addEventListener("change", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.#stage);
    document.addEventListener("visibilitychange", () => this.#wish());
  }

  /** @param {Way} way */
  show(way) {
    this.way = way;
    keep("room.way", way);
    this.page = 0;
    this.draw();
  }

  /** @param {string} person */
  pin(person) {
    this.pinned = this.pinned.includes(person) ? [] : [person];
    if (this.pinned.length && this.way === "grid") this.show("speaker");
    this.draw();
  }

  /** @param {boolean} saves */
  save(saves) {
    this.savesLine = saves;
    this.allowed = [];
    keep("room.saves", saves ? "yes" : "");
    this.dispatchEvent(new Event("saves"));
    this.draw();
  }

  /** @param {number} by */
  turn(by) { this.page = Math.max(0, this.page + by); this.draw(); }

  #draw() {
    const { meeting } = this;
    const { state } = meeting;
    if (meeting.place !== "inside") return this.#empty();
    const people = together(state);
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const most = meeting.limits.pictures;
    this.#order = order(this.#order, people.map((one) => ({
      id: one.id, hasCamera: one.camera, isPinned: this.pinned.includes(one.id) || state.spotlight === one.id,
      isSelf: one.id === state.you.id, spokeAt: meeting.spokeAt.get(one.id) ?? 0,
    })), pageSize(width, height, most));
    const screens = people.filter((one) => one.screen
      && !(one.id === state.you.id && people.length > 1)).map((one) => `screen:${one.id}`);
    if (this.hasDesk) screens.unshift("desk");
    // Whom a host puts there has the large place, however somebody likes to see the others.
    const isSpotlit = people.some((one) => one.id === state.spotlight);
    const way = isSpotlit && this.way === "grid" ? "speaker" : this.way;
    const scene = {
      width, height, way, people: this.#order, main: this.#main(people), screens, page: this.page, most,
    };
    let arrangement = arrange(scene);
    // What turns the pages must not lie on somebody's name.
    if (arrangement.pages > 1) arrangement = arrange({ ...scene, height: height - turner });
    this.page = arrangement.page;
    this.boxes = arrangement.boxes;
    this.#stage.dataset.way = screens.length ? "shared" : way;
    this.#place(people);
    this.#turner(arrangement.page, arrangement.pages);
    this.#wish();
    this.dispatchEvent(new Event("drawn"));
  }

  /** Who has the large place: whom the host put there, whom one pinned, who speaks, who spoke last. @param {any[]} people */
  #main(people) {
    const { state, spokeAt } = this.meeting;
    const isHere = (/** @type {string | null | undefined} */ id) => (id && people.some((one) => one.id === id) ? id
      : null);
    const others = people.filter((one) => one.id !== state.you.id);
    const last = [...others].sort((one, two) => (spokeAt.get(two.id) ?? 0) - (spokeAt.get(one.id) ?? 0))[0];
    const speaker = state.speaker === state.you.id ? null : state.speaker;
    return isHere(this.pinned[0]) ?? isHere(state.spotlight) ?? isHere(speaker) ?? last?.id ?? state.you.id;
  }

  /** @param {import("./state.js").Person[]} people */
  #place(people) {
    const { state, down } = this.meeting;
    const known = new Map(people.map((one) => [one.id, one]));
    const seen = new Set();
    for (const one of this.boxes) {
      if (one.id === "desk") { this.#desk(one); continue; }
      const { person: id, kind } = this.#what(one.id);
      const person = known.get(id);
      if (!person) continue;
      const tile = this.tiles.get(one.id) ?? this.#tile(one.id);
      seen.add(one.id);
      const isSelf = id === state.you.id;
      const found = isSelf ? null : down?.stream(state.slots, id, kind);
      tile.show({
        person, kind, isSelf, stream: isSelf ? this.#own(kind) : found?.stream ?? null,
          reason: told(found?.slot, one.isMain),
        isSpeaking: state.speaker === id, isPinned: this.pinned.includes(id), isSpotlit: state.spotlight === id,
        rests: this.savesLine && !isSelf && !this.allowed.includes(one.id),
      });
      tile.place(one);
    }
    for (const [id, tile] of this.tiles) {
      if (seen.has(id)) continue;
      tile.video.srcObject = null;
      tile.element.remove();
      this.tiles.delete(id);
    }
    const list = box("tiles");
    this.boxes.filter((one) => seen.has(one.id)).forEach((one, index) => {
      const element = this.tiles.get(one.id)?.element;
      if (element && list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
    if (!this.hasDesk) box("desk").hidden = true;
  }

  /** @param {string} id of a box */
  #what(id) {
    return id.startsWith("screen:") ? { person: id.slice(7), kind: /** @type {const} */ ("screen") }
      : { person: id, kind: /** @type {const} */ ("camera") };
  }

  /** @param {string} id */
  #tile(id) {
    const { person } = this.#what(id);
    const tile = new Tile(id, {
      more: ({ more }) => openMenu(more, this.meeting.state.people[person]?.name ?? "",
        personChoices(this.meeting, this, person)),
      rest: () => { this.allowed.push(id); this.draw(); },
    });
    this.tiles.set(id, tile);
    return tile;
  }

  /** One's own picture does not go over the network and back. @param {"camera" | "screen"} kind */
  #own(kind) {
    const track = kind === "screen" ? this.sending.shared?.getVideoTracks()[0] : this.meeting.devices.tracks.camera;
    if (!track || !this.sending.isOn[kind]) return null;
    const key = /** @type {const} */ (`${kind}Stream`);
    if (this[key]?.getTracks()[0] !== track) this[key] = new MediaStream([track]);
    return this[key];
  }
  /** @type {MediaStream | null} */
  cameraStream = null;
  /** @type {MediaStream | null} */
  screenStream = null;

  /** @param {import("./layout.js").Box} one */
  #desk({ x, y, width, height }) {
    const desk = box("desk");
    desk.hidden = false;
    desk.style.setProperty("transform", `translate(${x}px, ${y}px)`);
    desk.style.setProperty("inline-size", `${width}px`);
    desk.style.setProperty("block-size", `${height}px`);
  }

  /** @param {number} page @param {number} pages */
  #turner(page, pages) {
    const turner = box("pages");
    turner.hidden = pages < 2;
    const is = `${page} ${pages} ${say("pages.next")}`;
    if (pages < 2 || turner.dataset.is === is) return;
    turner.dataset.is = is;
    const turn = (/** @type {string} */ name, /** @type {number} */ by, /** @type {boolean} */ isOff) => {
      const one = make("button", { type: "button", "aria-label": say(`pages.${name}`) }, icon(name));
      one.disabled = isOff;
      one.addEventListener("click", () => this.turn(by));
      return one;
    };
    turner.replaceChildren(turn("before", -1, page === 0), make("span", {}, say("pages.of", page + 1, pages)),
      turn("next", 1, page === pages - 1));
  }

  /** Not at every pixel of a window that is being drawn larger, and only what is new. */
  #wish() {
    clearTimeout(this.#wishing);
    this.#wishing = setTimeout(async () => {
      const { meeting } = this;
      const { state } = meeting;
      if (meeting.place !== "inside" || meeting.down?.call.state === "failed") return;
      const isAside = document.hidden && this.floating !== "";
      const wanted = wishes({
        boxes: isAside ? this.boxes.filter((one) => one.id === this.floating) : this.boxes, speaker: state.speaker, pinned: [...this.pinned, state.spotlight ?? ""],
          savesLine: this.savesLine,
        allowed: this.allowed, density: devicePixelRatio || 1,
          isHidden: document.hidden && !isAside,
        of: (id) => {
          if (id === "desk") return null;
          const what = this.#what(id);
          const person = state.people[what.person];
          return what.person === state.you.id || !person?.[what.kind] ? null : what;
        },
      });
      if (isSame(wanted, this.#wished)) return;
      this.#wished = wanted;
      if (!await meeting.ask("watch", { wishes: wanted })) this.#wished = [];
    }, 60);
  }

  get wished() { return this.#wished; }

  #empty() {
    for (const tile of this.tiles.values()) { tile.video.srcObject = null; tile.element.remove(); }
    this.tiles.clear();
    this.#wished = [];
  }
}

/**
 * Why a picture is small or still; a camera that is only not at its largest needs no words.
 * @param {import("./state.js").Slot | undefined} slot
 * @param {boolean} isMain
 */
function told(slot, isMain) {
  if (!slot) return "";
  const isEnough = (slot.height ?? 0) >= (isMain ? 360 : 180);
  return slot.reason === "publisherSmall" && isEnough ? "" : slot.reason;
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What is shown as pages and drawn as lines: slides, a board, and what people draw on both.
import { Refused } from "./doors.js";
import { isHost } from "./state.js";
import { colors, fraction, kinds, shape, thinned } from "./strokes.js";
import { drawTurner } from "./turner.js";
import { soon } from "./rows.js";
import { ask, field, tell } from "./told.js";
import { box, element, icon, make } from "../page.js";
import { say, spoken } from "../speech.js";

/** @typedef {import("./state.js").Stroke} Stroke */

const names = { pen: "board", marker: "captions", line: "line", arrow: "arrow", box: "box", ellipse: "ellipse", text: "text" };

export class Deck extends EventTarget {
  /** Whether this person looks at the board. */
  showsBoard = false;
  kind = "pen";
  color = colors[0];
  isDrawing = false;
  #page = element("page", HTMLImageElement);
  #lines = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.getElementById("strokes")));
  #file = make("input", { type: "file", accept: "application/pdf", hidden: "" });
  /** Pages that were fetched, by their address. @type {Map<string, Promise<string>>} */
  #pages = new Map();
  #shown = "";
  /** @type {number[]} */
  #points = [];
  /** @type {SVGElement | null} */
  #live = null;
  draw = soon(() => this.#draw());

  /**
   * @param {import("./meeting.js").Meeting} meeting
   * @param {import("./stage.js").Stage} stage
   */
  constructor(meeting, stage) {
    super();
    [this.meeting, this.stage] = [meeting, stage];
    document.body.append(this.#file);
    this.#file.addEventListener("change", () => { const [one] = this.#file.files ?? []; if (one) this.#upload(one);
      this.#file.value = ""; });
    meeting.on(["board"], ({ surface, strokes, by }) => this.#noticed(surface, by ?? strokes?.[0]?.by));
    meeting.on(["any", "place"], () => this.draw());
    spoken.addEventListener("change", () => { box("tools").replaceChildren(); this.draw(); });
    stage.addEventListener("drawn", () => this.#fit());
    this.#listen();
  }

  /** What is on the large place: a page of slides, the board, or nothing. */
  get surface() {
    const { slides } = this.meeting.state;
    if (this.showsBoard) return "board";
    return slides ? `${slides.deck}/${slides.page}` : "";
  }

  choose() { this.#file.click(); }

  toggleBoard() {
    this.showsBoard = !this.showsBoard;
    this.isDrawing = this.showsBoard;
    this.draw();
    this.dispatchEvent(new Event("change"));
  }

  /** @param {string} surface @param {string | undefined} by */
  #noticed(surface, by) {
    if (surface !== "board" || this.showsBoard || by === this.meeting.state.you.id) return;
    if (!this.meeting.state.slides && !Object.values(this.meeting.state.people).some((one) =>
      one.screen)) return this.toggleBoard();
    tell(say("board.begun", this.meeting.state.people[by ?? ""]?.name ?? ""), {
      picture: "board", act: { word: say("board.look"), then: () => { if (!this.showsBoard) this.toggleBoard(); } },
    });
  }

  /** @param {File} file */
  async #upload(file) {
    if (!file.size) return tell(say("chat.fileEmpty", file.name), { isWrong: true });
    if (file.size > 50_000_000) return tell(say("chat.tooLarge", file.name), { isWrong: true });
    tell(say("deck.sending", file.name), { picture: "slides" });
    try {
      const { deck } = await this.meeting.doors.put("decks", file);
      this.showsBoard = false;
      await this.meeting.ask("slides.show", { deck, page: 1 });
    } catch (error) {
      tell(error instanceof Refused ? this.meeting.sentence(error) : say("told.failed"), { isWrong: true });
    }
  }

  #draw() {
    const { surface } = this;
    const has = surface !== "" && this.meeting.place === "inside";
    if (this.stage.hasDesk !== has) {
      this.stage.hasDesk = has;
      this.stage.draw();
    }
    if (!has) { this.#shown = ""; return; }
    this.#picture();
    this.#strokes(surface);
    this.#tools();
    drawTurner(this);
  }

  async #picture() {
    const { slides } = this.meeting.state;
    const isBoard = this.showsBoard || !slides;
    this.#page.hidden = isBoard;
    box("sheet").classList.toggle("white", isBoard);
    if (isBoard) { this.#shown = "board"; this.#sized(16 / 9); return; }
    const address = `decks/${encodeURIComponent(slides.deck)}/${slides.page}.webp`;
    if (this.#shown === address) return;
    this.#shown = address;
    this.#page.alt = say("deck.page", slides.page, slides.pages);
    try {
      const source = await this.#fetch(address);
      if (this.#shown !== address) return;
      this.#page.src = source;
      await this.#page.decode().catch(() => {});
      this.#sized(this.#page.naturalWidth / this.#page.naturalHeight || 16 / 9);
      // The next page is there before it is asked for.
      if (slides.page < slides.pages) this.#fetch(`decks/${encodeURIComponent(slides.deck)}/${slides.page + 1}.webp`).catch(() => {});
    } catch {
      if (this.#shown === address) this.#shown = "";
      this.#pages.delete(address);
    }
  }

  /** @param {string} address */
  #fetch(address) {
    const known = this.#pages.get(address) ?? this.meeting.doors.picture(address);
    this.#pages.set(address, known);
    if (this.#pages.size > 40) {
      const [[oldest, picture]] = this.#pages;
      this.#pages.delete(oldest);
      picture.then(URL.revokeObjectURL, () => {});
    }
    return known;
  }

  #ratio = 16 / 9;
  /** @param {number} ratio */
  #sized(ratio) { this.#ratio = ratio; this.#fit(); }

  /** The sheet is as large as its place and its own form allow. */
  #fit() {
    const desk = box("desk"), sheet = box("sheet");
    if (desk.hidden) return;
    const high = Math.max(40, desk.clientHeight - box("tools").offsetHeight - 4);
    const width = Math.min(desk.clientWidth, high * this.#ratio);
    sheet.style.setProperty("inline-size", `${Math.floor(width)}px`);
    sheet.style.setProperty("block-size", `${Math.floor(width / this.#ratio)}px`);
  }

  /** @param {string} surface */
  #strokes(surface) {
    const strokes = this.meeting.state.board[surface] ?? [];
    const lines = this.#lines;
    lines.setAttribute("aria-label", say("board.label", strokes.length));
    if (lines.dataset.surface !== surface) { lines.replaceChildren(); lines.dataset.surface = surface; }
    const known = new Map([...lines.children].map((one) => [one.getAttribute("data-id") ?? "", one]));
    for (const stroke of strokes) {
      if (!known.delete(stroke.id)) lines.insertBefore(drawn(stroke), this.#live);
    }
    for (const [id, gone] of known) if (id) gone.remove();
  }

  #listen() {
    const lines = this.#lines;
    const place = (/** @type {PointerEvent} */ event) => {
      const { left, top, width, height } = lines.getBoundingClientRect();
      return [fraction((event.clientX - left) / width), fraction((event.clientY - top) / height)];
    };
    lines.addEventListener("pointerdown", (event) => {
      if (!this.isDrawing || event.button !== 0) return;
      event.preventDefault();
      const point = place(event);
      if (this.kind === "text") return this.#write(point);
      lines.setPointerCapture(event.pointerId);
      this.#points = point;
    });
    lines.addEventListener("pointermove", (event) => {
      if (!this.#points.length) return;
      const all = event.getCoalescedEvents?.() ?? [event];
      for (const one of all.length ? all : [event]) this.#points.push(...place(one));
      this.#live?.remove();
      this.#live = drawn({ ...this.#stroke("live"), points: this.#points });
      this.#live.removeAttribute("data-id");
      lines.append(this.#live);
    });
    for (const end of ["pointerup", "pointercancel"]) lines.addEventListener(end, () => this.#finish());
  }

  /** @param {string} id */
  #stroke(id) { return { id, kind: this.kind, color: this.color, width: 3, points: /** @type {number[]} */ ([]) }; }

  async #finish() {
    const points = this.#points, live = this.#live, { surface } = this;
    [this.#points, this.#live] = [[], null];
    if (!points.length) return;
    const isFree = this.kind === "pen" || this.kind === "marker";
    const wanted = isFree ? thinned(points) : [...points.slice(0, 2), ...points.slice(-2)];
    await this.meeting.ask("board.draw", { surface, stroke: { ...this.#stroke(crypto.randomUUID().slice(0, 8)),
      points: wanted } });
    live?.remove();
  }

  /** @param {number[]} point */
  async #write(point) {
    const said = await ask({ heading: say("board.text"),
      fields: [field(say("board.text"), { name: "text", maxlength: "200", required: "" })], word: say("board.put") });
    const text = String(said?.get("text") ?? "").trim();
    if (text) await this.meeting.ask("board.draw",
      { surface: this.surface, stroke: { ...this.#stroke(crypto.randomUUID().slice(0, 8)), points: point, text } });
  }

  #tools() {
    const tools = box("tools");
    if (!tools.childElementCount) {
      const tool = (/** @type {string} */ name, /** @type {string} */ label, /** @type {() => void} */ act,
        /** @type {HTMLElement | SVGElement} */ inside) => {
        const one = make("button", { type: "button", "data-tool": name, "aria-label": say(label), title: say(label) },
          inside);
        one.addEventListener("click", () => { act(); this.draw(); });
        return one;
      };
      const swatch = (/** @type {string} */ color) => { const dot = make("span", { class: "swatch" });
        dot.style.setProperty("background-color", color); return dot; };
      tools.append(
        tool("draw", "board.draw", () => { this.isDrawing = !this.isDrawing; }, icon("board")),
        ...kinds.map((kind) => tool(`kind-${kind}`, `board.${kind}`, () => { this.kind = kind; },
          kind === "arrow" ? icon("arrow")
          : make("span", { class: `kind ${names[/** @type {keyof typeof names} */ (kind)]}`, "aria-hidden": "true" },
          kind === "text" ? "ก" : ""))),
        ...colors.map((color, index) => tool(`color-${color}`, `color.${index}`, () => { this.color = color; },
          swatch(color))),
        tool("undo", "board.undo", () => this.meeting.ask("board.undo", { surface: this.surface }), icon("undo")),
        tool("clear", "board.clear", () => this.#clear(), icon("bin")));
    }
    const { state } = this.meeting;
    const may = isHost(state) || (state.you.role === "speaker" && state.room.mayDraw !== false);
    tools.hidden = !may;
    this.isDrawing &&= may;
    for (const one of /** @type {Iterable<HTMLElement>} */ (tools.children)) {
      const name = one.dataset.tool ?? "";
      one.hidden = name !== "draw" && !this.isDrawing;
      if (name === "clear") one.hidden ||= !isHost(state);
      if (name !== "undo" && name !== "clear") {
        const isOn = name === "draw" ? this.isDrawing : name === `kind-${this.kind}` || name === `color-${this.color}`;
        one.setAttribute("aria-pressed", String(isOn));
      }
    }
    this.#lines.classList.toggle("drawing", this.isDrawing);
  }

  async #clear() {
    if (await ask({ heading: say("board.clearAsk"), word: say("board.clear"),
      isGrave: true })) this.meeting.ask("board.clear", { surface: this.surface });
  }

  /** @param {number} page */
  turnTo(page) {
    const { slides } = this.meeting.state;
    if (slides && page >= 1 && page <= slides.pages) this.meeting.ask("slides.show", { deck: slides.deck, page });
  }
}

/** @param {Stroke} stroke */
function drawn(stroke) {
  const { name, attributes, text } = shape(stroke);
  const one = document.createElementNS("http://www.w3.org/2000/svg", name);
  one.setAttribute("data-id", stroke.id);
  one.setAttribute("stroke-linecap", "round");
  one.setAttribute("stroke-linejoin", "round");
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  if (text) one.textContent = text;
  return one;
}

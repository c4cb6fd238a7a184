// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What the audience writes: questions to the speakers, or talk among all.
import { keep, kept } from "./kept.js";
import { box, button, element, icon, make, write } from "./page.js";
import { hour, language, say, spoken, words } from "./words.js";

/** @typedef {import("./news.js").Remark} Remark */

/** What was not shown for so long is not waited for any more. */
const longestWait = 60 * 60_000;
const most = 300;

export class Talk {
  /** @type {Map<number, Remark>} */
  #remarks = new Map();
  /**
   * What this viewer asked and nobody has shown yet.
   * @type {{from: string, text: string, at: number}[]}
   */
  #own = [];
  #list = box("remarks");
  #log = box("log");
  #from = element("write-from", HTMLInputElement);
  #text = element("write-text", HTMLTextAreaElement);
  #isQuestion = element("write-is-question", HTMLInputElement);
  #said = box("write-said");
  /**
   * What was said last, to be said again in another language.
   * @type {() => string}
   */
  #saying = () => "";

  /**
   * @param {import("./door.js").Door} door
   * @param {import("./news.js").News} news
   */
  constructor(door, news) {
    this.door = door;
    this.news = news;
    this.#from.value = kept("name");
    try {
      /** @type {{from: string, text: string, at: number}[]} */
      const asked = JSON.parse(kept(`asked.${door.name}`) || "[]");
      this.#own = asked.filter((one) => Date.now() - one.at < longestWait);
    } catch {
      // What was kept is not ours: begin anew.
    }
    element("write", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#count());
    button("newer").addEventListener("click", () => this.#toEnd());
    this.#log.addEventListener("scroll", () => { if (this.#isAtEnd) button("newer").hidden = true; });
    let talk = news.talk;
    news.addEventListener("state", () => {
      this.show();
      if (talk !== news.talk) this.#redraw();
      ({ talk } = news);
    });
    news.addEventListener("remark", (event) => this.#hear(/** @type {CustomEvent<Remark>} */ (event).detail));
    spoken.addEventListener("change", () => { this.show(); this.#redraw(); write(this.#said, this.#saying()); });
  }

  show() {
    const { talk } = this.news;
    box("talk").hidden = talk === "off";
    document.body.classList.toggle("talks", talk !== "off");
    const isAsking = talk === "questions";
    write(box("talk-title"), say(isAsking ? "talk.questions" : "talk.open"));
    write(box("talk-empty"), say(isAsking ? "talk.emptyQuestions" : "talk.empty"));
    write(box("write-label"), say(isAsking ? "talk.ask" : "talk.text"));
    box("write-question").hidden = talk !== "open";
    box("talk-empty").hidden = this.#list.childElementCount > 0;
    // When it is over nobody reads it any more.
    element("write", HTMLFormElement).hidden = this.news.phase === "ended";
  }

  // What comes

  /** @param {Remark} remark */
  #hear(remark) {
    if (!Number.isFinite(remark?.number)) return;
    if (remark.standing === "hidden") this.#remarks.delete(remark.number);
    else this.#remarks.set(remark.number, remark);
    const own = this.#own.findIndex((one) => one.text === remark.text && one.from === remark.from);
    if (own >= 0) {
      this.#own.splice(own, 1);
      this.#keepOwn();
    }
    if (this.#remarks.size > most) this.#remarks.delete(Math.min(...this.#remarks.keys()));
    this.#redraw();
  }

  /** Only what has changed is put anew, so that nothing is read out twice. */
  #redraw() {
    const wasAtEnd = this.#isAtEnd;
    // Where there are only questions, none of them needs to be called one.
    const isAsking = this.news.talk === "questions";
    const rows = [...this.#remarks.values()].sort((one, two) => one.number - two.number).map((one) => ({
      key: `r${one.number}`, is: `${language()} ${isAsking} ${one.standing} ${one.text}`,
      draw: () => row(one, one.standing, !isAsking),
    }));
    for (const one of this.#own) {
      const remark = { ...one, number: 0, isQuestion: true, isOffice: false, standing: "waiting" };
      rows.push({ key: `o${one.at}`, is: `${language()} waiting`, draw: () => row(remark, "waiting", false) });
    }
    /** @type {HTMLElement[]} */
    const items = [...this.#list.querySelectorAll("li")];
    const known = new Map(items.map((one) => [one.dataset.key, one]));
    let isNew = false;
    rows.forEach(({ key, is, draw }, index) => {
      let item = known.get(key);
      known.delete(key);
      if (item?.dataset.is !== is) {
        const drawn = draw();
        Object.assign(drawn.dataset, { key, is });
        if (item) item.replaceWith(drawn);
        else isNew = true;
        item = drawn;
      }
      if (this.#list.children[index] !== item) this.#list.insertBefore(item, this.#list.children[index] ?? null);
    });
    for (const gone of known.values()) gone.remove();
    box("talk-empty").hidden = rows.length > 0;
    if (wasAtEnd) this.#toEnd();
    else if (isNew) button("newer").hidden = false;
  }

  get #isAtEnd() {
    const list = this.#log;
    return list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  }

  #toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    button("newer").hidden = true;
  }

  // What goes

  async #send() {
    const from = this.#from.value.trim(), text = this.#text.value.trim();
    this.#mark(this.#from, !from);
    this.#mark(this.#text, !text);
    if (!from || !text) {
      this.#say(() => say(from ? "talk.noText" : "talk.noName"), true);
      (from ? this.#text : this.#from).focus();
      return;
    }
    const isQuestion = this.news.talk === "questions" || this.#isQuestion.checked;
    const send = element("write", HTMLFormElement).querySelector("button");
    if (send) send.disabled = true;
    try {
      const answer = await fetch(new URL("remarks", this.door.base ?? this.door.home), {
        method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify({ from, text, isQuestion }),
      });
      if (answer.ok) this.#sent(from, text);
      else {
        const { thai = "", english = "" } = await answer.json().catch(() => ({}));
        this.#say(() => (language() === "th" ? thai : english) || say("talk.failed"), true);
      }
    } catch {
      this.#say(() => say("talk.failed"), true);
    } finally {
      if (send) send.disabled = false;
    }
  }

  /**
   * @param {string} from
   * @param {string} text
   */
  #sent(from, text) {
    keep("name", from);
    this.#text.value = "";
    this.#isQuestion.checked = false;
    const isAsking = this.news.talk === "questions";
    this.#say(() => (isAsking ? say("talk.sentQuestion") : ""), false);
    // It may have come back sooner than the answer did.
    const isShown = [...this.#remarks.values()]
      .some((one) => one.from === from && one.text === text && Date.now() - one.at < 30_000);
    if (isAsking && !isShown) {
      this.#own.push({ from, text, at: Date.now() });
      this.#keepOwn();
    }
    this.#redraw();
    this.#toEnd();
    this.#text.focus();
  }

  #keepOwn() { keep(`asked.${this.door.name}`, this.#own.length ? JSON.stringify(this.#own) : ""); }

  #count() {
    const { length } = this.#text.value, { maxLength } = this.#text;
    this.#mark(this.#text, false);
    if (length > maxLength * 0.8) this.#say(() => say("talk.count", length, maxLength), false);
    else this.#say(() => "", false);
  }

  /**
   * @param {HTMLElement} field
   * @param {boolean} isWrong
   */
  #mark(field, isWrong) {
    if (isWrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  /**
   * @param {() => string} sentence
   * @param {boolean} isWrong
   */
  #say(sentence, isWrong) {
    this.#saying = sentence;
    write(this.#said, sentence());
    this.#said.classList.toggle("wrong", isWrong);
  }
}

/**
 * @param {Remark} remark
 * @param {string} standing
 * @param {boolean} tellsKind whether to mark a question as one
 */
function row(remark, standing, tellsKind) {
  const head = make("p", { class: "who" }, make("strong", {}, remark.from || say("talk.office")));
  const isNamed = remark.from !== "" && !words["talk.office"].includes(remark.from);
  if (remark.isOffice && isNamed) head.append(make("span", { class: "mark officer" }, say("talk.office")));
  if (tellsKind && remark.isQuestion && !remark.isOffice) head.append(chip("question", "question", "talk.question"));
  if (standing === "answered") head.append(chip("answered", "done", "talk.answered"));
  if (standing === "waiting") head.append(chip("waiting", "clock", "talk.waiting"));
  head.append(make("time", { class: "faint", datetime: new Date(remark.at).toISOString() }, hour(remark.at)));
  const item = make("li", { class: `remark ${standing}${remark.isOffice ? " office" : ""}` }, head);
  item.append(make("p", { class: "words" }, remark.text));
  return item;
}

/**
 * @param {string} kind
 * @param {string} picture
 * @param {string} word
 */
function chip(kind, picture, word) {
  return make("span", { class: `mark ${kind}` }, icon(picture), say(word));
}

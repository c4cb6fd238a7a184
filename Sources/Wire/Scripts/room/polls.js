// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Questions to all, and formal votes: open or secret, with the number that must take part.
import { put, soon } from "./rows.js";
import { isHost, isQuorate } from "./state.js";
import { ask, field, tell } from "./told.js";
import { box, icon, make } from "../page.js";
import { count, language, say, spoken } from "../speech.js";

/** @typedef {import("./state.js").Poll} Poll */

export class Polls {
  #panel = box("panel-polls");
  #list = make("ul", { class: "polls-list" });
  #empty = make("p", { class: "faint", "data-word": "poll.empty" });
  #open = make("p", { class: "row" });
  draw = soon(() => this.#draw());

  /**
   * @param {import("./meeting.js").Meeting} meeting
   * @param {import("./side.js").Side} side
   */
  constructor(meeting, side) {
    this.meeting = meeting;
    const begin = (/** @type {boolean} */ isFormal) => {
      const one = make("button", { type: "button", class: isFormal ? "primary" : "quiet",
        "data-word": isFormal ? "poll.newVote" : "poll.new" });
      one.addEventListener("click", () => this.#begin(isFormal));
      return one;
    };
    this.#open.append(begin(true), begin(false));
    this.#panel.append(make("h2", { "data-word": "side.polls" }), this.#open, this.#empty, this.#list);
    /** @type {Set<string>} */
    const known = new Set();
    meeting.on(["poll"], ({ poll }) => {
      if (known.has(String(poll.poll)) || poll.isOpen === false) return;
      known.add(String(poll.poll));
      if (side.open === "polls" || poll.by === meeting.state.you.id) return side.show("polls");
      tell(poll.question ?? "", { picture: "poll", act: { word: say("poll.vote"), then: () => side.show("polls") } });
    });
    meeting.on(["any", "place"], () => this.draw());
    spoken.addEventListener("change", () => this.draw());
  }

  get waiting() { return this.meeting.state.polls.filter((one) => one.isOpen && (one.yours ?? null) === null
    && !one.hasVoted).length; }

  #draw() {
    const { state } = this.meeting;
    const leads = isHost(state);
    this.#open.hidden = !leads;
    this.#empty.hidden = state.polls.length > 0;
    const all = [...state.polls].reverse();
    put(this.#list, all.map((one) => ({ key: String(one.poll), is: `${language()} ${leads} ${JSON.stringify(one)}`,
      draw: () => this.#row(one, leads) })));
  }

  /** @param {Poll} poll @param {boolean} leads */
  #row(poll, leads) {
    const item = make("li", { class: `poll${poll.isOpen ? " open" : ""}` });
    const kinds = [say(poll.formal ? "poll.formal" : "poll.informal"),
      say(poll.secret ? "poll.secret" : "poll.public")];
    if (poll.quorum) kinds.push(say("poll.quorum", count(poll.quorum)));
    item.append(make("p", { class: "faint" }, icon(poll.formal ? "host" : "poll"), kinds.join(" · ")),
      make("h3", {}, poll.question));
    const counts = poll.counts;
    const cast = poll.cast ?? counts?.reduce((sum, one) => sum + one, 0) ?? 0;
    const choices = make("ul", { class: "choices" });
    poll.choices.forEach((text, index) => choices.append(this.#choice(poll, text, index, counts, cast)));
    item.append(choices, make("p", { class: "faint" }, say("poll.cast", count(cast))));
    if (!poll.isOpen) item.append(make("p", { class: `verdict${isQuorate(poll) ? "" : " wrong"}` },
      icon(isQuorate(poll) ? "done" : "wrong"), verdict(poll)));
    if (poll.isOpen && leads) {
      const close = make("button", { type: "button", class: "quiet", "data-act": "close" }, say("poll.close"));
      close.addEventListener("click", () => this.meeting.ask("poll.close", { poll: poll.poll }));
      item.append(close);
    }
    return item;
  }

  /** @param {Poll} poll @param {string} text @param {number} index @param {number[] | undefined} counts @param {number} cast */
  #choice(poll, text, index, counts, cast) {
    const isYours = poll.yours === index;
    const votes = counts?.[index];
    const inside = [make("span", { class: "grow" }, text),
      ...(isYours ? [icon("done"), make("span", { class: "visually-hidden" }, say("poll.yours"))] : []),
      ...(votes !== undefined ? [make("strong", {}, count(votes))] : [])];
    const line = make("div", { class: "choice-line" });
    if (poll.isOpen) {
      const one = make("button", { type: "button", class: "vote", "data-act": `vote${index}`,
        "aria-pressed": String(isYours) }, ...inside);
      one.disabled = poll.formal && ((poll.yours ?? null) !== null || poll.hasVoted === true);
      one.addEventListener("click", () => this.#cast(poll, index, text));
      line.append(one);
    } else line.append(make("p", { class: "vote" }, ...inside));
    if (votes !== undefined) line.append(make("progress",
      { max: String(Math.max(1, cast)), value: String(votes), "aria-label": text }));
    return make("li", {}, line);
  }

  /** @param {Poll} poll @param {number} index @param {string} text */
  async #cast(poll, index, text) {
    if (poll.formal && !await ask({ heading: say("poll.sure", text), text: poll.question,
      word: say("poll.castIt") })) return;
    await this.meeting.ask("poll.cast", { poll: poll.poll, choice: index });
  }

  /** @param {boolean} isFormal */
  async #begin(isFormal) {
    const usual = isFormal ? [say("poll.agree"), say("poll.disagree"), say("poll.abstain")].join("\n") : "";
    const choices = field(say("poll.choices"), { name: "choices", rows: "4", required: "" });
    const area = choices.querySelector("textarea");
    if (area) area.value = usual;
    const tick = (/** @type {string} */ name, /** @type {string} */ word) =>
      make("label", { class: "choice" }, make("input", { type: "checkbox", name }), make("span", {}, say(word)));
    const fields = [field(say("poll.question"), { name: "question", maxlength: "300", required: "" }), choices,
      tick("secret", "poll.secretMore")];
    if (isFormal) fields.push(field(say("poll.quorumMore"),
      { name: "quorum", type: "number", min: "0", max: "1000", inputmode: "numeric" }));
    const said = await ask({ heading: say(isFormal ? "poll.newVote" : "poll.new"), fields, word: say("poll.begin") });
    if (!said) return;
    const lines = String(said.get("choices")).split("\n").map((one) => one.trim()).filter(Boolean).slice(0, 20);
    const quorum = Number(said.get("quorum")) || 0;
    await this.meeting.ask("poll.open", {
      question: String(said.get("question")).trim(), choices: lines, secret: said.has("secret"), formal: isFormal,
        ...(quorum ? { quorum } : {}),
    });
  }
}

/** @param {Poll} poll */
function verdict(poll) {
  if (!isQuorate(poll)) return say("poll.noQuorum", count(poll.quorum ?? 0));
  const counts = poll.counts ?? [];
  const most = Math.max(0, ...counts);
  const winners = poll.choices.filter((_, index) => counts[index] === most);
  if (!most) return say("poll.nobody");
  return winners.length > 1 ? say("poll.tie", winners.join(", ")) : say("poll.result", winners[0], count(most));
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Draws what stands before the picture, and says it to those who do not see it.
import { box, element, icon, make, write } from "./page.js";
import { scene } from "./scene.js";
import { clock, day, say, spoken } from "./words.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./news.js").News} News */

/** @type {Record<Exclude<Scene, "none">, {picture: string, heading: string, more: string}>} */
const sentences = {
  opening: { picture: "clock", heading: "", more: "curtain.opening" },
  poster: { picture: "clock", heading: "", more: "curtain.soonMore" },
  soon: { picture: "clock", heading: "curtain.soon", more: "curtain.soonMore" },
  waiting: { picture: "clock", heading: "curtain.waiting", more: "curtain.soonMore" },
  away: { picture: "away", heading: "curtain.away", more: "curtain.awayMore" },
  offline: { picture: "away", heading: "curtain.offline", more: "curtain.offlineMore" },
  thanks: { picture: "done", heading: "curtain.thanks", more: "curtain.thanksMore" },
  refused: { picture: "key", heading: "curtain.refused", more: "curtain.refusedMore" },
  broken: { picture: "wrong", heading: "curtain.broken", more: "curtain.brokenMore" },
  noFilm: { picture: "wrong", heading: "curtain.noFilm", more: "curtain.noFilmMore" },
};

export class Curtain {
  #scene = /** @type {Scene} */ ("opening");
  #said = "";
  #stoodSince = 0;
  #curtain = box("curtain");
  #doorsFor = "";

  /**
   * @param {import("./watch.js").AnyPlayer} player
   * @param {News} news
   */
  constructor(player, news) {
    this.player = player;
    this.news = news;
    for (const name of ["state", "tick"]) player.addEventListener(name, () => this.show());
    news.addEventListener("state", () => this.show());
    spoken.addEventListener("change", () => { this.#said = this.#doorsFor = ""; this.show(); });
    setInterval(() => this.show(), 500);
  }

  show() {
    const { player, news } = this;
    const isStill = player.state === "away" || player.state === "offline";
    if (!isStill) this.#stoodSince = 0;
    else this.#stoodSince ||= performance.now();
    this.#scene = scene({
      state: player.state, phase: news.phase, isFilm: player.work.isFilm, startsAt: news.startsAt, now: Date.now(),
      standsFor: this.#stoodSince ? performance.now() - this.#stoodSince : 0,
    });
    this.#curtain.dataset.scene = this.#scene;
    document.body.dataset.scene = this.#scene;
    const video = element("picture", HTMLVideoElement);
    // Where there is a picture, a word about it stands below, not before it.
    this.#curtain.classList.toggle("over", isStill && video.readyState >= 2);
    this.#busy(video);
    if (this.#scene !== "none") this.#draw(this.#scene);
    this.#tell();
  }

  /** @param {HTMLVideoElement} video */
  #busy(video) {
    const isBusy = this.#scene === "none" && (this.player.state === "stalled" || (this.player.state === "opening"));
    box("busy").hidden = !isBusy || (video.paused && video.readyState >= 2);
  }

  /** @param {Exclude<Scene, "none">} scene */
  #draw(scene) {
    const { picture, heading, more } = sentences[scene];
    const { news } = this;
    box("notice").querySelector("use")?.setAttribute("href", `#i-${picture}`);
    const isPreview = scene === "waiting" && !box("preview").hidden;
    write(box("notice-heading"), isPreview ? say("curtain.noSignal") : heading ? say(heading) : news.title);
    write(box("notice-more"), say(isPreview ? "curtain.noSignalMore" : more));
    const when = box("notice-when"), countdown = box("notice-countdown");
    when.hidden = countdown.hidden = scene !== "poster";
    if (scene === "poster") {
      write(when, day(news.startsAt));
      write(countdown, left(news.startsAt - Date.now()));
    }
    this.#doors(scene);
    // What does not fit can be scrolled by key.
    const curtain = this.#curtain;
    if (curtain.scrollHeight > curtain.clientHeight + 1) curtain.tabIndex = 0;
    else curtain.removeAttribute("tabindex");
  }

  /**
   * Where to go from here.
   * @param {Scene} scene
   */
  #doors(scene) {
    const { player } = this;
    const key = `${scene} ${this.news.evaluation} ${player.canRewind}`;
    if (this.#doorsFor === key) return;
    this.#doorsFor = key;
    const doors = [];
    if (scene === "thanks" && /^https?:\/\//.test(this.news.evaluation)) {
      const address = { class: "door", href: this.news.evaluation, rel: "noopener", target: "_blank" };
      doors.push(make("a", address, icon("done"), " ", say("curtain.evaluate")));
    }
    if (scene === "thanks" && player.canRewind) {
      const back = make("button", { type: "button", class: "door quiet" }, icon("again"), say("curtain.fromStart"));
      back.addEventListener("click", () => { player.seek(player.span.from); player.play(); });
      doors.push(back);
    }
    if (scene === "refused" || scene === "broken" || scene === "noFilm") {
      const again = make("button", { type: "button", class: "door" }, icon("again"), " ", say("curtain.again"));
      again.addEventListener("click", () => location.reload());
      doors.push(again);
    }
    box("notice-doors").replaceChildren(...doors);
    box("notice-doors").hidden = doors.length === 0;
  }

  /** Says a change once, politely. */
  #tell() {
    const scene = this.#scene;
    let said = "";
    if (scene !== "none" && scene !== "opening") {
      const { heading, more } = sentences[scene];
      said = `${heading ? say(heading) : this.news.title} · ${say(more)}`;
    }
    if (said === this.#said) return;
    this.#said = said;
    write(box("status"), said);
  }
}

/** @param {number} milliseconds */
function left(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const days = Math.floor(seconds / 86_400);
  const words = days === 1 ? say("curtain.day") : days ? say("curtain.days", days) : "";
  return `${say("curtain.inTime")} ${words} ${clock(seconds % 86_400)}`.replace(/\s+/g, " ");
}

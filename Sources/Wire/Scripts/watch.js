// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The watch page: introduces its parts to each other.
import { Bar } from "./bar.js";
import { Broadcast, Film } from "./broadcast.js";
import { Captions } from "./captions.js";
import { Source } from "./codecs.js";
import { beKnown, offerSound, stayAwake } from "./comforts.js";
import { Controls } from "./controls.js";
import { Curtain } from "./curtain.js";
import { Door } from "./door.js";
import { offerFilms } from "./films.js";
import { keys } from "./keys.js";
import { Line } from "./line.js";
import { Menu } from "./menu.js";
import { Moments } from "./moments.js";
import { Native } from "./native.js";
import { News } from "./news.js";
import { box, element, write } from "./page.js";
import { Player } from "./player.js";
import { Sprites } from "./sprites.js";
import { Talk } from "./talk.js";
import { choose, clock, count, language, say, speak, spoken } from "./words.js";

/** @typedef {Player | Native} AnyPlayer */

const asked = new URLSearchParams(location.search);
const { name = "", title = "", starts = "" } = document.body.dataset;
const film = asked.get("film") ?? "";
document.body.classList.toggle("embedded", asked.has("embed"));
document.body.classList.toggle("film", film !== "");
const preview = asked.get("preview") ?? "";
box("preview").hidden = preview === "";

const video = element("picture", HTMLVideoElement);
const line = new Line();
const door = new Door(line, name, asked.get("ticket") ?? "", preview);
const news = new News(door, { title, startsAt: preview ? 0 : Number(starts) || 0 });
const work = film ? new Film(line, door, film) : new Broadcast(line, door);
/** @type {AnyPlayer} */
const player = Source ? new Player(video, line, work) : new Native(video, line, door, film);

const controls = new Controls(player, video);
// The officer's room has its own sound.
if (preview) video.muted = true;
const captions = new Captions(player, video, news, controls);
const moments = new Moments(player, news);
const bar = new Bar(player, video, moments);
const help = keys(player, controls, captions);
new Menu(player, captions, controls, help);
new Curtain(player, news);
new Talk(door, news);
offerFilms(news, name, film);
offerSound(player);
stayAwake(video);
beKnown(player, news);

news.addEventListener("phase", () => player.knock());
addEventListener("online", () => player.knock());

// The words beside the picture

function about() {
  write(box("title"), news.title);
  document.title = news.title;
  const phase = box("phase");
  const runs = ["playing", "stalled"].includes(player.state);
  const isLive = ["onAir", "slated"].includes(news.phase) || (!news.phase && runs);
  const isEnded = news.phase === "ended" || player.state === "ended";
  phase.hidden = !film && !isEnded && !isLive && ["refused", "broken", "offline"].includes(player.state);
  phase.dataset.is = film ? "film" : isEnded ? "ended" : isLive ? "live" : "soon";
  write(phase, say(`about.${phase.dataset.is}`));
  box("viewers").hidden = film !== "" || !isLive || !(news.viewers > 0);
  write(box("viewers-count"), say("about.viewers", count(news.viewers || 0)));
  const latency = box("latency");
  const { latency: behind } = player;
  latency.hidden = film !== "" || Number.isNaN(behind) || !["playing", "paused", "stalled"].includes(player.state);
  if (player.isAtLive) write(latency, say("about.latency", behind.toFixed(1)));
  else write(latency, say("about.behind", clock(player.span.to - player.position)));
  const isHeardOnly = video.readyState > 0 && video.videoWidth === 0 && player.state === "playing";
  box("ears").hidden = !(player.qualities.choice === "sound" || isHeardOnly);
}

let toldAt = 0;
player.addEventListener("tick", () => {
  if (performance.now() - toldAt < 900) return;
  toldAt = performance.now();
  about();
});
for (const event of ["state", "offer"]) player.addEventListener(event, about);
news.addEventListener("state", about);

// What there was before is worth to know once the picture runs.
let hasRead = false;
player.addEventListener("state", () => {
  if (hasRead || player.state !== "playing") return;
  hasRead = true;
  setTimeout(async () => {
    await player.readPast();
    const { base } = door;
    const { from } = player.span;
    if (!base || !Number.isFinite(from)) return;
    if (work instanceof Film) captions.read(line, work.address("captions.vtt"), 0).catch(() => {});
    else if (work.hasPast) captions.read(line, new URL("captions.vtt", base), from).catch(() => {});
  }, 3_000);
});

if (work instanceof Film) {
  player.addEventListener("open", () => {
    video.poster = work.address("poster.jpg").href;
    bar.sprites ??= new Sprites(line, work.address("sprite.vtt"));
    const save = element("download", HTMLAnchorElement);
    save.href = work.address(encodeURIComponent(film)).href;
    save.setAttribute("download", film);
    save.hidden = false;
  });
}

// The language

for (const one of document.querySelectorAll("[data-language]")) {
  one.addEventListener("click", () => choose(one.getAttribute("data-language") === "en" ? "en" : "th"));
}
function mark() {
  for (const one of document.querySelectorAll("[data-language]")) {
    one.setAttribute("aria-pressed", String(one.getAttribute("data-language") === language()));
  }
}
spoken.addEventListener("change", () => { mark(); about(); });
if (language() !== "th") choose(language());
else speak();
mark();
about();

player.start();

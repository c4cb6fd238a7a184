// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The meeting's page: introduces its parts to each other.
import "./words.js";
import { Bar } from "./bar.js";
import { Chat } from "./chat.js";
import { Check } from "./check.js";
import { Deck } from "./deck.js";
import { Entry } from "./entry.js";
import { Figures } from "./figures.js";
import { Hosts } from "./hosts.js";
import { keys, showKeys } from "./keys.js";
import { Meeting } from "./meeting.js";
import { closeMenu } from "./menu.js";
import { People } from "./people.js";
import { pictureInPicture } from "./pip.js";
import { Polls } from "./polls.js";
import { seatOf, takePass } from "./seat.js";
import { Sending } from "./sending.js";
import { showDevices } from "./sets.js";
import { Side } from "./side.js";
import { Captions, float } from "./spoken.js";
import { Stage } from "./stage.js";
import { Strip } from "./strip.js";
import { tellWhatHappens } from "./told.js";
import { choose, language, speak, spoken } from "../speech.js";

const { name = "" } = document.body.dataset;
const pass = takePass(name);
const seat = seatOf(name);

const meeting = new Meeting(name);
const sending = new Sending(meeting);
const check = new Check(meeting, sending);
const entry = new Entry(meeting, check, pass);
const stage = new Stage(meeting, sending);
const side = new Side(meeting);
const captions = new Captions(meeting);
const deck = new Deck(meeting, stage);
const chat = new Chat(meeting, side);
const polls = new Polls(meeting, side);
const figures = new Figures(meeting, stage);
const pip = pictureInPicture(stage);
new People(meeting, stage);
new Hosts(meeting);
new Strip(meeting, figures, stage);
const devices = () => showDevices(meeting);
const bar = new Bar(meeting, { stage, side, sending, deck, captions, chat, polls, pip, devices });
tellWhatHappens(meeting, sending);
float(meeting);

/** Slides while there are some, else the pages of pictures. @param {number} by */
const turn = (by) => {
  const { slides } = meeting.state;
  if (slides) deck.turnTo(slides.page + by);
  else stage.turn(by);
};
const ways = /** @type {const} */ (["grid", "speaker", "side"]);
keys(meeting, sending, {
  m: () => sending.toggle("microphone"), v: () => sending.toggle("camera"), h: () => bar.hand(),
    s: () => sending.toggle("screen"),
  c: () => side.toggle("talk"), p: () => side.toggle("people"),
    l: () => stage.show(ways[(ways.indexOf(stage.way) + 1) % ways.length]),
  next: () => turn(1), before: () => turn(-1),
  "?": showKeys,
});

stage.addEventListener("saves", () => { if (meeting.up) { meeting.up.savesLine = stage.savesLine;
  meeting.up.want(meeting.state.wanted); } });
meeting.on(["up"], () => { if (meeting.up) meeting.up.savesLine = stage.savesLine; });
meeting.devices.addEventListener("change", (event) => {
  if (/** @type {CustomEvent} */ (event).detail === "speaker") meeting.down?.hearOn(meeting.devices.chosen.speaker);
});
meeting.on(["place"], () => {
  closeMenu();
  if (meeting.place === "door") check.begin();
  else check.end();
  if (meeting.place === "inside"
    && meeting.devices.chosen.speaker) meeting.down?.hearOn(meeting.devices.chosen.speaker);
  // Whoever reads the page by ear is told where they are now.
  const heading = /** @type {HTMLElement | null} */ (document.querySelector(`[data-place="${meeting.place}"]:not(body) h1`));
  heading?.setAttribute("tabindex", "-1");
  if (meeting.place !== "door") heading?.focus({ preventScroll: true });
});
addEventListener("pagehide", () => { for (const one of [meeting.up, meeting.down]) one?.call.connection.close(); });

/** The screen stays awake as long as one is inside. @type {WakeLockSentinel | null} */
let awake = null;
const stayAwake = async () => {
  const isWanted = meeting.place === "inside" && !document.hidden;
  if (isWanted && (!awake || awake.released)) awake = await navigator.wakeLock?.request("screen").catch(() =>
    null) ?? null;
  else if (!isWanted) await awake?.release().catch(() => {});
};
meeting.on(["place"], stayAwake);
document.addEventListener("visibilitychange", stayAwake);

// The language

for (const one of document.querySelectorAll("[data-language]")) {
  one.addEventListener("click", () => choose(one.getAttribute("data-language") === "en" ? "en" : "th"));
}
const mark = () => {
  for (const one of document.querySelectorAll("[data-language]")) one.setAttribute("aria-pressed",
    String(one.getAttribute("data-language") === language()));
};
spoken.addEventListener("change", mark);
if (language() !== "th") choose(language());
else speak();
mark();

// A reload comes back to the same seat, with what was open before.

if (meeting.resume()) {
  entry.show();
  sending.resume(seat);
} else {
  check.begin();
  entry.begin();
}

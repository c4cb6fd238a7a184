// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Small comforts: the screen stays awake, the phone's own controls know what plays, and a poor line gets an offer.
import { button } from "./page.js";
import { say, spoken } from "./words.js";

/**
 * The screen does not go dark while there is a picture to see.
 * @param {HTMLVideoElement} video
 */
export function stayAwake(video) {
  if (!("wakeLock" in navigator)) return;
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  const look = async () => {
    const isWanted = !video.paused && !document.hidden && video.videoWidth > 0;
    if (isWanted && (!lock || lock.released)) lock = await navigator.wakeLock.request("screen").catch(() => null);
    else if (!isWanted && lock) {
      await lock.release().catch(() => {});
      lock = null;
    }
  };
  for (const name of ["play", "playing", "pause", "ended"]) video.addEventListener(name, look);
  document.addEventListener("visibilitychange", look);
}

/**
 * What lock screens, headsets and keyboards show and do.
 * @param {import("./watch.js").AnyPlayer} player
 * @param {import("./news.js").News} news
 */
export function beKnown(player, news) {
  const session = navigator.mediaSession;
  if (!session || !("MediaMetadata" in globalThis)) return;
  const name = () => { session.metadata = new MediaMetadata({ title: news.title, artist: say("page.brand") }); };
  name();
  news.addEventListener("state", () => { if (session.metadata?.title !== news.title) name(); });
  spoken.addEventListener("change", name);
  /** @type {[MediaSessionAction, MediaSessionActionHandler][]} */
  const acts = [
    ["play", () => player.play()], ["pause", () => player.pause()],
    ["seekbackward", (said) => player.seekBy(-(said.seekOffset ?? 10))],
    ["seekforward", (said) => player.seekBy(said.seekOffset ?? 10)],
    ["seekto", ({ seekTime }) => player.seek(Number(seekTime ?? 0) + (player.span.from || 0))],
  ];
  for (const [action, act] of acts) {
    try {
      session.setActionHandler(action, act);
    } catch {
      // Not every browser knows every action.
    }
  }
  player.addEventListener("tick", () => {
    if (!player.work.isFilm || !session.setPositionState) return;
    const { from, to } = player.span;
    const position = Math.min(Math.max(0, player.position - from), to - from);
    if (!(to > from) || !Number.isFinite(to)) return;
    session.setPositionState({ duration: to - from, position, playbackRate: player.speed });
  });
}

/**
 * When even the lowest quality stands still again and again, the sound alone may go through.
 * @param {import("./watch.js").AnyPlayer} player
 */
export function offerSound(player) {
  const offer = button("slow");
  /** @type {number[]} */
  let falls = [];
  let known = 0;
  offer.addEventListener("click", () => { offer.hidden = true; player.choose("sound"); });
  player.addEventListener("tick", () => {
    const { stalls } = player;
    if (stalls > known) falls.push(performance.now());
    known = stalls;
    falls = falls.filter((one) => performance.now() - one < 60_000);
    const { qualities } = player;
    offer.hidden = !(falls.length >= 3 && qualities.isLowest && qualities.hasSoundOnly && qualities.choice !== "sound");
  });
}

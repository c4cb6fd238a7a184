// SPDX-License-Identifier: Apache-2.0
// Low-latency HLS on Media Source Extensions: blocking reload, parts as they are listed, gentle catching up.
import { media, variant } from "./playlist.js";

const video = document.querySelector("#picture");
const state = document.querySelector("#state");
const latencyText = document.querySelector("#latency");
const goLive = document.querySelector("#go-live");
const sound = document.querySelector("#sound");
const token = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
const base = new URL(`${video.dataset.live}v/${token}/`, location.href);
const Source = window.ManagedMediaSource ?? window.MediaSource;

const say = (word) => { state.textContent = state.dataset[word]; };
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Where the stream was listed to, on the video's own clock, and when that was known. */
const edge = { time: NaN, at: 0, behind: 1.5, extra: 0 };

/** Fetches until it is there: the studio may begin, or come back, at any time. */
async function fetched(uri, attempts = Infinity) {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      const answer = await fetch(uri);
      if (answer.ok) return answer;
      if (answer.status === 404 && attempts !== Infinity) return null;
    } catch { /* No connection: what follows waits for one. */ }
    await pause(Math.min(4000, 500 + attempt * 250));
  }
  return null;
}

/** One source buffer, and one thing at a time done to it. */
class Track {
  constructor(source, type) {
    this.buffer = source.addSourceBuffer(type);
    this.map = "";
  }
  done(act) {
    return new Promise((resolve, reject) => {
      this.buffer.addEventListener("updateend", resolve, { once: true });
      this.buffer.addEventListener("error", () => reject(new Error("append")), { once: true });
      act();
    });
  }
  async append(bytes) {
    try {
      await this.done(() => this.buffer.appendBuffer(bytes));
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      await this.trim(5);
      await this.done(() => this.buffer.appendBuffer(bytes));
    }
  }
  async trim(keep) {
    const ranges = this.buffer.buffered;
    const until = video.currentTime - keep;
    if (ranges.length && ranges.start(0) < until - 5) await this.done(() => this.buffer.remove(0, until));
  }
}

function liveTime() { return edge.time + (performance.now() - edge.at) / 1000; }
function wanted() { return edge.behind + edge.extra; }

function jumpToLive() {
  const ranges = video.buffered;
  if (!ranges.length) return;
  const end = ranges.end(ranges.length - 1);
  video.currentTime = Math.max(ranges.start(ranges.length - 1), Math.min(end - 0.1, liveTime() - wanted()));
  video.play().catch(() => {});
}

/** Four times a second: shows how far behind it is, and closes the distance without anybody hearing it. */
function keepUp() {
  if (Number.isNaN(edge.time) || !video.buffered.length) return;
  const ranges = video.buffered;
  for (let i = 0; i < ranges.length; i += 1) {
    // Between two publications there may be a hole: over it, once there is something behind it.
    if (video.currentTime < ranges.start(i) && (i === 0 || video.currentTime >= ranges.end(i - 1) - 0.15)) {
      video.currentTime = ranges.start(i) + 0.01;
    }
  }
  const behind = liveTime() - video.currentTime;
  latencyText.textContent = latencyText.dataset.words.replace("{}", behind.toFixed(1));
  video.dataset.latency = behind.toFixed(3);
  goLive.disabled = behind < wanted() + 3;
  if (video.paused) return;
  if (behind > wanted() + 0.4 && behind < wanted() + 6) video.playbackRate = 1.05;
  else if (behind < wanted() + 0.1 || behind >= wanted() + 6) video.playbackRate = 1;
}

async function follow(source) {
  const index = await fetched(new URL("index.m3u8", base));
  const first = variant(await index.text());
  const type = (codecs) => `video/mp4; codecs="${codecs}"`;
  if (!Source.isTypeSupported(type(first.codecs))) return say("broken");
  const track = new Track(source, type(first.codecs));
  const address = new URL(first.uri, base);
  let next = null;
  let query = "";
  for (;;) {
    const answer = await fetched(new URL(address.href + query));
    const list = media(await answer.text());
    edge.behind = list.holdBack;
    if (next === null) next = entry(list);
    for (const piece of list.pieces) {
      if (piece.msn < next.msn || (piece.msn === next.msn && piece.part < next.part)) continue;
      await take(track, piece, type);
      next = { msn: piece.msn, part: piece.part + 1 };
    }
    const ranges = track.buffer.buffered;
    if (ranges.length) {
      Object.assign(edge, { time: ranges.end(ranges.length - 1), at: performance.now() });
      if (!video.currentTime) jumpToLive();
      say("playing");
    }
    await track.trim(60);
    if (list.isEnded) { source.endOfStream(); return say("ended"); }
    query = `?_HLS_msn=${list.nextMsn}` + (list.partTarget ? `&_HLS_part=${list.nextPart}` : "");
  }
}

/** The latest key frame that is as far from the end as the server asks. */
function entry(list) {
  let left = 0;
  for (const piece of list.pieces.toReversed()) {
    left += piece.duration;
    if (left >= list.holdBack && piece.isKey) return piece;
  }
  return list.pieces[0] ?? { msn: 0, part: 0 };
}

async function take(track, piece, type) {
  if (piece.map !== track.map) {
    if (track.map) {
      // The encoder changed: the list of variants knows how to decode what follows.
      const index = await fetched(new URL("index.m3u8", base), 3);
      const now = index && variant(await index.text());
      if (now) track.buffer.changeType(type(now.codecs));
    }
    const head = await fetched(new URL(piece.map, base), 5);
    if (!head) return;
    await track.append(await head.arrayBuffer());
    track.map = piece.map;
  }
  const body = await fetched(new URL(piece.uri, base), 5);
  if (body) await track.append(await body.arrayBuffer());
}

sound.addEventListener("click", () => { video.muted = false; video.play().catch(() => {}); });
video.addEventListener("volumechange", () => { sound.hidden = !video.muted; });
goLive.addEventListener("click", jumpToLive);
// Who ran dry keeps a little more in hand from then on, two seconds at most.
video.addEventListener("waiting", () => { if (video.currentTime > 0) edge.extra = Math.min(2, edge.extra + 0.25); });
say("waiting");

if (!Source) {
  // iPhones before iOS 17.1 play HLS by themselves.
  const index = await fetched(new URL("index.m3u8", base));
  video.src = index.url;
  video.addEventListener("playing", () => say("playing"));
} else {
  const source = new Source();
  video.disableRemotePlayback = true;
  video.src = URL.createObjectURL(source);
  source.addEventListener("sourceopen", () => {
    setInterval(keepUp, 250);
    const begin = () => follow(source).catch((error) => { console.error(error); say("broken"); });
    begin();
  }, { once: true });
}

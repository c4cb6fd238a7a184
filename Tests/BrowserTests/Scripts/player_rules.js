// SPDX-License-Identifier: Apache-2.0
// The rules of the watch page's pure modules, each by its name. `player_rules.py` runs them in a browser.
import { boxes, only, startOf, tracks, viewOf } from "/watch/-/boxes.js";
import { cues } from "/watch/-/captions.js";
import { Dates } from "/watch/-/dates.js";
import { Estimate } from "/watch/-/estimate.js";
import { Ladder } from "/watch/-/ladder.js";
import { Lost } from "/watch/-/line.js";
import { multivariant } from "/watch/-/multivariant.js";
import { Pace } from "/watch/-/pace.js";
import { attributes, media } from "/watch/-/playlist.js";
import { remedy } from "/watch/-/remedy.js";
import { Live, Past, pieces } from "/watch/-/rendition.js";
import { scene } from "/watch/-/scene.js";
import { stills } from "/watch/-/sprites.js";
import { words } from "/watch/-/words.js";

/** Fails unless both are written alike. */
function same(found, wanted) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`${left}\n    is not\n    ${right}`);
}

const head = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,CAN-SKIP-UNTIL=12
#EXT-X-PART-INF:PART-TARGET=0.5
`;
const first = `${head}#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-MAP:URI="a-init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-26T03:00:00.000Z
#EXTINF:2.00000,
a-7.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-26T03:00:02.000Z
#EXT-X-PART:DURATION=1.00000,URI="a-p4.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=1.00000,URI="a-p5.m4s"
#EXTINF:2.00000,
a-8.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="b-init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-26T03:00:34.000Z
#EXT-X-PART:DURATION=0.50000,URI="b-p0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="b-p1.m4s"
`;
const delta = `${head}#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-SKIP:SKIPPED-SEGMENTS=2
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="b-init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-26T03:00:34.000Z
#EXT-X-PART:DURATION=0.50000,URI="b-p0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.50000,URI="b-p1.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="b-p2.m4s"
`;
const live = (text) => {
  const list = new Live(null, new URL("https://studio.example/live/x/v0.m3u8"));
  list.take(text);
  return list;
};
const names = (list) => list.pieces.map((one) => one.uri);
const quiet = { ahead: 1.5, target: 1.5, isBoundary: true, hasStalled: false, height: 2000 };

export const rules = {
  "attributes are read with and without quotation marks"() {
    same(attributes('A=1,B="x,y",C-D=YES'), { A: "1", B: "x,y", "C-D": "YES" });
  },
  "a low-latency playlist says what it promises"() {
    const list = media(first);
    same([list.target, list.partTarget, list.holdBack, list.blocks, list.skipUntil], [2, 0.5, 1.5, true, 12]);
    same([list.msn, list.part, list.hint, list.isEnded], [9, 1, "b-p1.m4s", false]);
  },
  "the list's scale goes on over a discontinuity although the date jumps"() {
    same(media(first).segments.map((one) => [one.msn, one.start, one.duration, one.map, one.breaks]), [
      [7, 0, 2, "a-init.mp4", false], [8, 2, 2, "a-init.mp4", false], [9, 4, 0.5, "b-init.mp4", true],
    ]);
  },
  "dates decide over rounded durations inside a publication"() {
    const list = media(first.replace("#EXTINF:2.00000,\na-7", "#EXTINF:1.98000,\na-7"));
    same(list.segments.map((one) => one.start), [0, 2, 4]);
  },
  "pieces are parts where there are any, else segments"() {
    same(pieces(media(first)).map((one) => [one.uri, one.start, one.isKey, one.whole?.uri ?? ""]), [
      ["a-7.m4s", 0, true, ""], ["a-p4.m4s", 2, true, "a-8.m4s"], ["a-p5.m4s", 3, false, ""], ["b-p0.m4s", 4, true, ""],
    ]);
  },
  "a delta update is completed from what is known"() {
    const list = live(first);
    list.take(delta);
    same(names(list), ["a-7.m4s", "a-8.m4s", "b-p0.m4s", "b-p1.m4s"]);
    same(list.list.segments.map((one) => one.start), [0, 2, 4]);
  },
  "a delta update without its past is asked for whole"() {
    same(media(delta, media(first.replace("SEQUENCE:7", "SEQUENCE:9"))), null);
  },
  "what comes after a piece"() {
    const list = live(first);
    const uri = (msn, part, end) => list.after({ msn, part, end })?.uri;
    same([uri(7, Infinity, 2), uri(8, 0, 3), uri(8, 1, 4), uri(9, 0, 4.5)], ["a-p4.m4s", "a-p5.m4s", "b-p0.m4s", undefined]);
  },
  "a segment whose parts are not listed any more is taken whole, unless all of it was taken"() {
    const list = live(first);
    same(list.after({ msn: 7, part: 1, end: 1 })?.uri, "a-7.m4s");
    same(list.after({ msn: 7, part: 3, end: 2 })?.uri, "a-p4.m4s");
  },
  "playing begins at a key frame that is far enough from the end"() {
    const list = live(first);
    same([list.entry(1.5).uri, list.entry(0.2).uri, list.entry(60).uri], ["a-p4.m4s", "b-p0.m4s", "a-7.m4s"]);
  },
  "a list that was left for long is placed anew by the files' own clock"() {
    const list = live(first);
    same([list.place(list.pieces[0], 100), list.from, list.to], [100, 100, 104.5]);
    list.take(first.replace("SEQUENCE:7", "SEQUENCE:70"));
    same([Number.isNaN(list.offset), list.place(list.pieces[0], 300), list.from], [true, 300, 300]);
  },
  "a file whose clock begins elsewhere is shifted"() {
    const list = live(first);
    list.offset = 0;
    same([list.place(list.pieces[0], 10), list.shift], [0, -10]);
    same([list.place(list.pieces[1], 12.01), list.shift], [2.01, -10]);
  },
  "byte ranges follow on each other"() {
    const list = media(`#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:EVENT
#EXT-X-MAP:URI="f.mp4",BYTERANGE="700@0"\n#EXTINF:2,\n#EXT-X-BYTERANGE:100@700\nf.mp4\n#EXTINF:2,\n#EXT-X-BYTERANGE:50\nf.mp4
#EXT-X-ENDLIST\n`);
    same(list.segments.map((one) => [one.range, one.mapRange]), [[[700, 100], [0, 700]], [[800, 50], [0, 700]]]);
    same([list.isEnded, list.holdBack], [true, 6]);
  },
  "the past is laid beside the live list by their dates"() {
    const list = live(first);
    list.place(list.pieces[0], 100);
    const past = new Past(null, new URL("https://studio.example/live/x/past.m3u8"));
    past.take(`#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MAP:URI="f.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-26T02:59:58.000Z\n#EXTINF:2,\nx\n#EXT-X-PROGRAM-DATE-TIME:2026-11-26T03:00:00.000Z\n#EXTINF:2,\ny\n`);
    past.align(list);
    same([past.from, past.to], [98, 102]);
  },
  "gaps have nothing to fetch"() {
    const list = live(first.replace("#EXTINF:2.00000,\na-7", "#EXT-X-GAP\n#EXTINF:2.00000,\na-7"));
    same(list.pieces.map((one) => one.isGap), [true, false, false, false]);
  },
  "qualities and sounds are read from the multivariant playlist"() {
    const offer = multivariant(`#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="ไทย",LANGUAGE="th",DEFAULT=YES,AUTOSELECT=YES
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="English",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,URI="a1.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2000000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=25.000,AUDIO="sound"
v0.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=100000,CODECS="mp4a.40.2",AUDIO="sound"
a0.m3u8
`);
    same(offer.variants.map((one) => [one.uri, one.height, one.bandwidth, one.rate]), [["v0.m3u8", 720, 2e6, 25], ["a0.m3u8", 0, 1e5, 0]]);
    same(offer.sounds.map((one) => [one.name, one.uri, one.isDefault]), [["ไทย", "", true], ["English", "a1.m3u8", false]]);
  },
  async "an init segment tells its tracks and codecs"() {
    const init = await (await fetch("/fixtures/init.mp4")).arrayBuffer();
    same(tracks(init).map(({ kind, codec }) => [kind, codec]), [["video", "avc1.64000b"], ["audio", "mp4a.40.2"]]);
  },
  async "a fragment tells when it begins"() {
    const [init, part] = await Promise.all(["init.mp4", "part.m4s"].map(async (one) => (await fetch(`/fixtures/${one}`)).arrayBuffer()));
    same(Math.round(startOf(part, tracks(init)) * 10) / 10, 1);
  },
  async "one track of a file can stand alone"() {
    const [init, part] = await Promise.all(["init.mp4", "part.m4s"].map(async (one) => (await fetch(`/fixtures/${one}`)).arrayBuffer()));
    const [video, audio] = tracks(init);
    same(tracks(only(init, [audio.id])).map((one) => one.kind), ["audio"]);
    const kept = only(part, [video.id]);
    same([kept.byteLength, Number.isNaN(startOf(kept, [audio]))], [part.byteLength, true]);
    same([...boxes(viewOf(kept))].map((one) => one.type), [...boxes(viewOf(part))].map((one) => one.type));
  },
  "a box that is larger than its file is refused"() {
    let said = "";
    try { tracks(new Uint8Array([0, 0, 1, 0, 109, 111, 111, 118]).buffer); } catch (error) { said = error.name; }
    same(said, "RangeError");
  },
  "an estimate believes bad news sooner than good"() {
    const line = new Estimate(8e6);
    for (let i = 0; i < 4; i += 1) line.note(62_500, 0.5, 0.5);
    const low = line.bitsPerSecond;
    for (let i = 0; i < 4; i += 1) line.note(1_000_000, 0.5, 0.5);
    same([low < 5e6, line.bitsPerSecond < 9e6, low < line.bitsPerSecond], [true, true, true]);
  },
  "small bodies say nothing of the line"() {
    const line = new Estimate();
    line.note(2_000, 0.02, 0.5);
    same(line.bitsPerSecond, 0);
  },
  "the ladder begins with what the line carries and the screen shows"() {
    const rungs = [{ bandwidth: 4e5, height: 240 }, { bandwidth: 1.5e6, height: 480 }, { bandwidth: 4e6, height: 1080 }];
    const begin = (bits, height) => new Ladder(rungs).first(bits, height);
    same([begin(0, 2000), begin(8e6, 2000), begin(8e6, 400), begin(1e5, 2000)], [1, 2, 1, 0]);
  },
  "the ladder falls at once when the buffer shrinks, and climbs at a boundary after a while"() {
    const ladder = new Ladder([{ bandwidth: 4e5, height: 240 }, { bandwidth: 1.5e6, height: 480 }, { bandwidth: 4e6, height: 1080 }]);
    ladder.first(8e6, 2000);
    const next = (bits, now, more = {}) => ladder.next({ ...quiet, bitsPerSecond: bits, now, ...more });
    same(next(3e6, 0), 2);
    same(next(3e6, 500, { ahead: 0.4, isBoundary: false }), 1);
    same(next(9e6, 1_000), 1);
    same(next(9e6, 20_000, { isBoundary: false }), 1);
    same(next(9e6, 20_000, { ahead: 0.5 }), 1);
    same(next(9e6, 20_000), 2);
    same(next(9e6, 20_500, { hasStalled: true }), 1);
    same([ladder.patience, next(9e6, 30_000), next(9e6, 37_000)], [16_000, 1, 2]);
  },
  "the pace closes a distance gently, and jumps when it is long"() {
    const pace = new Pace();
    const steps = [1.5, 2, 1.7, 1.55, 1.7].map((behind) => pace.step(behind, 1.5, 0).rate);
    same(steps, [1, 1.03, 1.03, 1, 1]);
    same(pace.step(3.5, 1.5, 0), { rate: 1.05, jumps: false });
    same(pace.step(12, 1.5, 0), { rate: 1, jumps: true });
  },
  "who stood still keeps more in hand, and less again after a while"() {
    const pace = new Pace();
    for (let i = 0; i < 20; i += 1) pace.stumbled(0);
    same(pace.wanted({ holdBack: 1.5, target: 2 }), 3.5);
    same([pace.step(3.75, 3.5, 0).rate, pace.step(3.55, 3.5, 0).rate, pace.step(3.75, 3.5, 0).rate], [1.03, 1, 1]);
    pace.step(2, 2, 130_000);
    same(pace.extra, 1.75);
    pace.profile = "calm";
    same(pace.wanted({ holdBack: 1.5, target: 2 }), 6);
  },
  "dates and the picture's time are two clocks"() {
    const dates = new Dates();
    dates.add(10, 1_000_000, 2);
    dates.add(12, 1_002_000, 2);
    dates.add(14, 1_034_000, 2);
    same([dates.dateAt(13), dates.dateAt(15)], [1_003_000, 1_035_000]);
    same([dates.mediaAt(1_003_500), dates.mediaAt(1_020_000), dates.mediaAt(1_034_500)], [13.5, 14, 14.5]);
    dates.add(6, 996_000, 2);
    dates.add(8, 998_000, 2);
    same([dates.mediaAt(997_000), dates.dateAt(11)], [7, 1_001_000]);
  },
  "before the picture stands what is known"() {
    const known = { state: "awaited", phase: "", isFilm: false, startsAt: 0, now: 1_000, standsFor: 0 };
    const shown = (more) => scene({ ...known, ...more });
    same([shown({}), shown({ startsAt: 2_000 }), shown({ startsAt: 500 })], ["waiting", "poster", "soon"]);
    same([shown({ phase: "ended" }), shown({ state: "ended" })], ["thanks", "thanks"]);
    same([shown({ state: "away", standsFor: 100 }), shown({ state: "away", standsFor: 5_000 })], ["none", "away"]);
    same([shown({ state: "broken" }), shown({ state: "broken", isFilm: true })], ["broken", "noFilm"]);
  },
  "an address of another day is asked for anew, a refused token forgotten"() {
    const brief = ({ rests, is, forgetsAddresses, forgetsToken, waits }) => [rests, is, forgetsAddresses, forgetsToken, waits];
    same(brief(remedy(new Lost(404, "x"), false)), [null, "stalled", true, false, true]);
    same(brief(remedy(new Lost(403, "x"), false)), [null, "stalled", true, true, true]);
    same(brief(remedy(new Lost(0, "x"), false)), [null, "offline", false, false, true]);
    same(brief(remedy(new Lost(404, "x"), true)), ["broken", null, false, false, false]);
  },
  "sprites are found by their time"() {
    same(stills("WEBVTT\n\n00:00:02.000 --> 00:00:04.000\nsprite.jpg#xywh=160,0,160,90\n"), [
      { from: 2, to: 4, file: "sprite.jpg", x: 160, y: 0, width: 160, height: 90 },
    ]);
  },
  "captions are read from WebVTT"() {
    same(cues("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n1\n00:00:01.500 --> 00:00:03.000 line:80%\nสวัสดี\nครับ\n"), [
      { from: 1.5, to: 3, text: "สวัสดี\nครับ" },
    ]);
  },
  async "the page comes with the Thai of the table"() {
    const page = new DOMParser().parseFromString(await (await fetch("/watch/hall")).text(), "text/html");
    for (const one of page.querySelectorAll("[data-word]")) same([one.dataset.word, one.textContent], [one.dataset.word, words[one.dataset.word]?.[0]]);
    for (const one of page.querySelectorAll("[data-label]")) {
      same([one.dataset.label, one.getAttribute("aria-label")], [one.dataset.label, words[one.dataset.label]?.[0]]);
    }
  },
  "every sentence is in both languages"() {
    same(Object.entries(words).filter(([, pair]) => pair.length !== 2 || pair.some((text) => !text)).map(([key]) => key), []);
    const holes = (text) => text.split("{}").length;
    same(Object.entries(words).filter(([, [thai, english]]) => holes(thai) !== holes(english)).map(([key]) => key), []);
  },
};

// SPDX-License-Identifier: Apache-2.0
// The rules of the meeting room's pure modules, each by its name. `room_rules.py` runs them in a browser.
import { blurOf } from "/room/-/room/blur.js";
import { arrange, grid, order, pageSize } from "/room/-/room/layout.js";
import { advice, light, Steady } from "/room/-/room/light.js";
import { fragment, relays, renewed } from "/room/-/room/sdp.js";
import { isQuorate, mayShow, nothing, reduce, roll, together } from "/room/-/room/state.js";
import { EventLines, Stream } from "/room/-/room/stream.js";
import { fraction, path, shape, thinned } from "/room/-/room/strokes.js";
import { initials } from "/room/-/room/tile.js";
import { step, wishes } from "/room/-/room/wishes.js";
import { words } from "/room/-/room/words.js";

/** Fails unless both are written alike. */
function same(found, wanted) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`${left}\n    is not\n    ${right}`);
}

const person = (id, more = {}) => ({
  id, name: id, role: "speaker", identified: false, inside: true, hand: null, microphone: false, camera: false,
    screen: false,
  hardMuted: false, away: false, group: null, ...more,
});
const told = (...events) => events.reduce(reduce, nothing());
const begun = (people, more = {}) => ({
  kind: "state", you: { id: "p1", role: "speaker", inside: true }, room: { title: "T" }, people, ...more,
});
const boxes = (ids, width, height, more = {}) => arrange({
  width, height, way: "grid", people: ids, main: null, screens: [], page: 0, most: 12, ...more,
});
const ids = (count) => Array.from({ length: count }, (_, index) => `p${index + 1}`);
const one = (id, more = {}) => ({ id, hasCamera: true, isPinned: false, isSelf: false, spokeAt: 0, ...more });
const well = {
  isOnline: true, hears: true, call: "connected", roundTrip: 40, lossDown: 0, lossUp: 0, estimate: 4e6, wanted: 2e6,
  limited: "none", overTCP: false,
};
const seen = {
  speaker: null, pinned: [], density: 1, isHidden: false, savesLine: false, allowed: [],
  of: (id) => (id.startsWith("screen:") ? { person: id.slice(7), kind: "screen" } : { person: id, kind: "camera" }),
};
const box = (id, height, isMain = false) => ({ id, x: 0, y: 0, width: height * 16 / 9, height, isMain });

/** Whether no picture covers another, and none leaves the stage. */
function tidy(found, width, height) {
  for (const [index, a] of found.entries()) {
    if (a.x < 0 || a.y < 0 || a.x + a.width > width + 1
      || a.y + a.height > height + 1) throw new Error(`outside: ${JSON.stringify(a)}`);
    for (const b of found.slice(index + 1)) {
      if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height) {
        throw new Error(`${JSON.stringify(a)} covers ${JSON.stringify(b)}`);
      }
    }
  }
}

export const rules = {
  // Where pictures stand
  "pictures in a grid are as large as possible, and the last row is centred"() {
    const found = grid(ids(3), { x: 0, y: 0, width: 1280, height: 728 });
    same(found.map(({ x, y, width, height }) => [x, y, width, height]),
      [[0, 3, 636, 357], [644, 3, 636, 357], [322, 368, 636, 357]]);
  },
  "no picture covers another or leaves the stage, at any size and number"() {
    for (const [width, height] of [[320, 480], [320, 180], [812, 300], [1280, 720], [3840, 2160]]) {
      for (const way of ["grid", "speaker", "side"]) {
        for (let count = 1; count <= 30; count += 1) {
          const { boxes: found, pages } = boxes(ids(count), width, height, { way, main: "p1" });
          tidy(found, width, height);
          if (!found.length || found.length > 12
            || pages < 1) throw new Error(`${found.length} of ${pages} at ${width} ${way}`);
        }
      }
    }
  },
  "everybody is on one of the pages, and on one only"() {
    const first = boxes(ids(20), 320, 480);
    const all = Array.from({ length: first.pages },
      (_, page) => boxes(ids(20), 320, 480, { page }).boxes.map(({ id }) => id)).flat();
    same(all, ids(20));
    same(boxes(ids(20), 320, 480, { page: 99 }).page, first.pages - 1);
  },
  "a phone shows fewer at once than a wall"() {
    same([pageSize(320, 480, 99), pageSize(1280, 720, 99), pageSize(3840, 2160, 99), pageSize(3840, 2160, 12)],
      [10, 25, 25, 12]);
  },
  "a shared screen has the large place whatever the way"() {
    for (const way of ["grid", "speaker", "side"]) {
      const { boxes: [main, ...rest] } = boxes(ids(4), 1280, 720, { way, screens: ["screen:p2"] });
      same([main.id, main.isMain, rest.length > 0, main.width * main.height > 3 * rest[0].width * rest[0].height],
        ["screen:p2", true, true, true]);
    }
  },
  "who speaks and is not seen takes the place of whoever was silent longest; nobody else moves"() {
    const people = [one("a", { spokeAt: 5 }), one("b", { spokeAt: 1 }), one("c", { spokeAt: 4 }),
      one("d", { spokeAt: 9 })];
    same(order(["a", "b", "c", "d"], people, 3), ["a", "d", "c", "b"]);
    same(order(["a", "d", "c", "b"], people, 3), ["a", "d", "c", "b"]);
  },
  "a pinned one comes first, cameras before names, and oneself is never pushed off the page"() {
    const people = [one("a", { isSelf: true }), one("b", { hasCamera: false }), one("c"),
      one("d", { isPinned: true, spokeAt: 3 })];
    same(order(["a", "b", "c"], people, 4), ["d", "a", "c", "b"]);
    same(order(["a", "c", "d"], [one("a", { isSelf: true }), one("c", { spokeAt: 7 }), one("d", { spokeAt: 8 })], 1)[0],
      "a");
  },

  // What is asked for
  "a wish is as high as its picture is drawn, by what cameras make"() {
    same([40, 100, 113, 200, 226, 450, 451, 2000].map(step), [90, 90, 180, 180, 360, 360, 540, 1080]);
    same(wishes({ ...seen, boxes: [box("p2", 180)], density: 2 }),
      [{ person: "p2", kind: "camera", importance: "visible", height: 360 }]);
  },
  "screen before speaker before pinned before the rest"() {
    const found = wishes({ ...seen, boxes: [box("screen:p2", 700, true), box("p2", 90), box("p3", 90), box("p4", 90)],
      speaker: "p2", pinned: ["p3"] });
    same(found.map(({ importance }) => importance), ["screen", "speaker", "pinned", "visible"]);
  },
  "nothing is asked for when nothing is seen"() { same(wishes({ ...seen, boxes: [box("p2", 300)], isHidden: true }),
    []); },
  "who saves the line asks for no picture but those that were touched"() {
    const found = wishes({ ...seen, boxes: [box("p2", 300), box("screen:p3", 700, true)], savesLine: true,
      allowed: ["screen:p3"] });
    same(found, [{ person: "p3", kind: "screen", importance: "screen", height: 540 }]);
  },

  // What is known of the meeting
  "the first event brings everything, a later one keeps what the sections carry"() {
    const before = told(begun([person("p1"), person("p2")]),
      { kind: "slots", slots: [{ mid: "0", person: "p2", kind: "camera", height: 180, reason: "full" }] });
    const after = reduce(before, begun([person("p1")], { chat: [{ number: 1, text: "ก" }] }));
    same([Object.keys(after.people), after.slots["0"].person, after.chat.length, after.room.mayChat],
      [["p1"], "p2", 1, true]);
  },
  "a person who is moved outside is no longer among those inside, and knows it"() {
    const after = told(begun([person("p1"), person("p2")]),
      { kind: "person", person: person("p1", { inside: false, role: "listener" }) });
    same([Object.keys(after.people), after.you], [["p2"], { id: "p1", role: "listener", inside: false }]);
  },
  "whoever leaves takes their hand along"() {
    const hands = { queue: [{ person: "p2", since: 5 }, { person: "p3", since: 6 }], floor: null };
    const after = told(begun([person("p1"), person("p2"), person("p3")], { hands }), { kind: "left", person: "p2" });
    same([Object.keys(after.people), after.hands.queue], [["p1", "p3"], [{ person: "p3", since: 6 }]]);
  },
  "a message that is told again is put right, and messages are in order"() {
    const message = (number, more = {}) => ({ kind: "chat", message: { number, text: `${number}`, hidden: false,
      ...more } });
    const after = told(message(2), message(1), message(2, { hidden: true }));
    same(after.chat.map(({ number, hidden }) => [number, hidden]), [[1, false], [2, true]]);
  },
  "a caption that is being written is written over, until it is final"() {
    const caption = (text, final, who = "p2") => ({ kind: "caption", person: who, name: "n", text, final });
    const after = told(caption("ส", false), caption("สวัส", false), caption("ok", true, "p3"), caption("สวัสดี", true),
      caption("ค่ะ", false));
    same(after.captions.map(({ text }) => text), ["ok", "สวัสดี", "ค่ะ"]);
  },
  "a stroke is there once, and goes when it is undone"() {
    const stroke = (id) => ({ kind: "board", surface: "board", strokes: [{ id, points: [0, 0] }] });
    const after = told(stroke("a"), stroke("b"), stroke("a"), { kind: "boardUndo", surface: "board", id: "b" });
    same(after.board.board.map(({ id }) => id), ["a"]);
    same(reduce(after, { kind: "boardCleared", surface: "board" }).board.board, []);
  },
  "a vote keeps what one chose while the counts come in"() {
    const after = told({ kind: "poll", poll: { poll: 1, question: "q", choices: ["a"], yours: 0, isOpen: true } },
      { kind: "poll", poll: { poll: 1, cast: 3, isOpen: false } });
    same([after.polls.length, after.polls[0].yours, after.polls[0].cast, after.polls[0].isOpen], [1, 0, 3, false]);
  },
  "an event that nobody knows changes nothing"() {
    const before = nothing();
    if (reduce(before, { kind: "weather" }) !== before
      || reduce(before, null) !== before) throw new Error("it changed something");
  },
  "one sees and hears those of one's own group"() {
    const state = told(begun([person("p1", { group: "1" }), person("p2", { group: "1" }), person("p3")]));
    same(together(state).map(({ id }) => id), ["p1", "p2"]);
  },
  "the list begins with oneself and hosts, then hands in their order, then names"() {
    const state = told(begun([person("p5", { name: "ข" }), person("p4", { name: "ก" }), person("p3", { hand: 9 }),
      person("p2", { hand: 8 }), person("p6", { role: "host" }), person("p1")]));
    same(roll(state, "th").map(({ id }) => id), ["p1", "p6", "p2", "p3", "p4", "p5"]);
  },
  "listeners do not present; a vote counts when enough have taken part"() {
    const as = (role) => mayShow({ ...nothing(), you: { id: "p1", role, inside: true } });
    same([as("host"), as("cohost"), as("speaker"), as("listener")], [true, true, true, false]);
    same([{}, { quorum: 3, cast: 2 }, { quorum: 3, cast: 3 }].map(isQuorate), [true, false, true]);
  },

  // The line
  "the worst that is wrong is what the light says"() {
    const says = (more) => { const { color, key } = light({ ...well, ...more }); return `${color} ${key}`; };
    same([{}, { isOnline: false, hears: false }, { hears: false }, { call: "failed" }, { call: "failed", hears: false },
      { call: "restarting" },
      { lossDown: 0.2 }, { lossUp: 0.2 }, { lossUp: 0.05 }, { estimate: 1e5 }, { estimate: 1e6 }, { estimate: 0 },
        { limited: "cpu" },
      { limited: "bandwidth" }, { roundTrip: 400 }, { roundTrip: 900 }, { overTCP: true }].map(says), [
      "green good", "red offline", "red unreachable", "red blocked", "red unreachable", "yellow returning",
        "red lossDown", "red lossUp",
      "yellow loss", "red narrow", "yellow narrowDown", "green good", "yellow device", "yellow narrowUp", "yellow slow",
        "red far", "yellow tcp"]);
  },
  "the light turns red at once and green only when it lasts"() {
    const steady = new Steady();
    const take = (more) => steady.take(light({ ...well, ...more })).key;
    same([{}, {}, {}, { overTCP: true }, {}, { isOnline: false }, {}, {}, {}].map(take),
      ["connecting", "connecting", "good", "good", "good", "offline", "offline", "offline", "good"]);
  },
  "the device check says what to do, and nothing when all is well"() {
    const good = { camera: true, microphone: true, level: 0.4, speaker: true, uplink: 5e6, downlink: 9e6,
      roundTrip: 20 };
    same(advice(good), []);
    same(advice({ ...good, microphone: false, camera: false, uplink: 1e5, roundTrip: 400 }),
      ["noMicrophone", "noCamera", "uplinkBad", "far"]);
    same(advice({ ...good, level: 0, speaker: false, uplink: 1e6, downlink: 1e6 }),
      ["quiet", "noSpeaker", "uplinkPoor", "downlinkPoor"]);
  },

  // Calls and events
  "a restart sends the new credentials, and the answer takes what came back"() {
    const offer = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:abcd\r\na=ice-pwd:secret\r\na=mid:0\r\nm=audio 9 x 0\r\na=mid:1\r\n";
    same(fragment(offer), "a=ice-ufrag:abcd\r\na=ice-pwd:secret\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n");
    const answer = "v=0\r\nm=video 9 x 0\r\na=ice-ufrag:old\r\na=ice-pwd:older\r\na=candidate:1 1 udp 1 127.0.0.1 1 typ host\r\n";
    same(renewed(answer, "a=ice-ufrag:new\r\na=ice-pwd:newer\r\na=candidate:2 1 udp 1 127.0.0.1 2 typ host\r\n"),
      "v=0\r\nm=video 9 x 0\r\na=ice-ufrag:new\r\na=ice-pwd:newer\r\na=candidate:2 1 udp 1 127.0.0.1 2 typ host\r\n");
    same(renewed(answer, "a=ice-ufrag:new\r\na=ice-pwd:newer\r\n").includes("a=candidate:1"), true);
  },
  "the relays of a Link field are found, and nothing else"() {
    const link = '<turn:turn.example.ac.th:443?transport=tcp>; rel="ice-server"; username="1:a"; credential="b"; credential-type="password", </x>; rel="next"';
    same(relays(link), [{ urls: "turn:turn.example.ac.th:443?transport=tcp", username: "1:a", credential: "b" }]);
    same(relays(null), []);
  },
  "events are whole wherever the bytes are cut"() {
    const bytes = new TextEncoder().encode(": alive\n\nid: 7\ndata: {\"kind\":\"ก\"}\n\nid: 8\r\ndata: a\r\ndata: b\r\n\r\nevent: x\n\n");
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const lines = new EventLines();
      same([...lines.take(bytes.slice(0, cut)), ...lines.take(bytes.slice(cut)), lines.lastID],
        ['{"kind":"ก"}', "a\nb", "8"]);
    }
  },

  async "a request of one's own that comes late is no other window"() {
    const told = (...events) => new Response(events.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(""));
    const elsewhere = { kind: "ended", why: "elsewhere" };
    const taken = [];
    let times = 0;
    const stream = new Stream((signal) => {
      times += 1;
      // The first is broken off, and reaches the server behind the second.
      if (times === 1) return new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
      return Promise.resolve(told({ kind: `${times}` }, elsewhere));
    }, (event) => {
      taken.push(event.kind);
      if (event.kind === "ended") stream.close();
    });
    setTimeout(() => stream.again(), 10);
    await stream.run();
    same(taken, ["2", "3", "ended"]);
  },

  // The board
  "a pen's way loses only points that nobody would miss"() {
    same(thinned([0, 0, 0.25, 0.25, 0.5, 0.5, 1, 1]), [0, 0, 1, 1]);
    same(thinned([0, 0, 0.5, 0, 0.5, 0.5]), [0, 0, 0.5, 0, 0.5, 0.5]);
    same(thinned([0.123456, 2]), [0.1235, 1]);
    const long = Array.from({ length: 8_000 }, (_, index) => (index % 2 ? Math.sin(index) / 2 + 0.5 : index / 8_000));
    if (thinned(long).length > 2_004) throw new Error("too many points");
    same([fraction(-1), fraction(0.33333), fraction(7)], [0, 0.3333, 1]);
  },
  "every kind of stroke has its shape"() {
    const names = ["pen", "marker", "line", "arrow", "box", "ellipse", "text", "something"].map((kind) =>
      shape({ id: "a", kind, points: [0.25, 0.25, 0.5, 0.75], color: "#000", width: 3, text: "ก" }).name);
    same(names, ["path", "path", "line", "path", "rect", "ellipse", "text", "path"]);
    same([path([]), path([0.5, 0.5]), path([0, 0, 1, 1])], ["", "M800 450l.1 .1", "M0 0L1600 900"]);
  },

  "an arrow is a line with two wings at its end, never longer than itself"() {
    const way = (points) => shape({ id: "a", kind: "arrow", points, color: "#000", width: 3 }).attributes.d;
    const numbers = (text) => text.match(/-?[\d.]+/g).map(Number);
    const [x1, y1, x2, y2, ...wings] = numbers(way([0.25, 0.5, 0.75, 0.5]));
    same([x1, y1, x2, y2], [400, 450, 1200, 450]);
    same([wings[0], wings[4]].map((x) => x < 1200 && x > 1160), [true, true]);
    same([wings[1], wings[5]].map((y) => Math.sign(y - 450)), [-1, 1]);
    for (const number of numbers(way([0.5, 0.5, 0.5, 0.5]))) if (![800, 450].includes(number)) throw new Error("wings of nothing");
  },

  // What is behind somebody
  "a blurred background is offered where the platform can do both, and shown as it is"() {
    const both = { backgroundBlur: [true, false] };
    const cases = [[both, { backgroundBlur: false }], [both, { backgroundBlur: true }], [both, {}],
      [{ backgroundBlur: [true] }, { backgroundBlur: true }], [{ backgroundBlur: [false] }, {}], [{}, {}],
      [undefined, undefined], [{ backgroundBlur: "true" }, {}]];
    same(cases.map(([capabilities, settings]) => { const { isOffered, isOn } = blurOf(capabilities, settings);
      return `${isOffered} ${isOn}`; }), ["true false", "true true", "true false", "false true", "false false",
      "false false", "false false", "false false"]);
  },

  // Words
  "a name's first letters are those that people would write"() {
    same(["นายสมชาย ใจดี", "ผศ. เกศรา ตัวอย่าง", "ไพลิน", "Alice Example", "Dr. Bo", ""].map(initials),
      ["ส", "ก", "พ", "AE", "B", "?"]);
  },
  "every sentence is there in Thai and in English, in its order, with as many gaps"() {
    for (const [key, [thai, english]] of Object.entries(words)) {
      if (!thai || !english) throw new Error(`${key} is empty`);
      if (!/[\u0e00-\u0e7f]/.test(thai) && !["pages.of"].includes(key)) throw new Error(`${key} is not Thai`);
      if (thai.split("{}").length !== english.split("{}").length) throw new Error(`${key} has other gaps`);
    }
  },
  "every sentence that a page or a module asks for is there"(texts) {
    const missing = new Set();
    for (const [name, text] of Object.entries(texts)) {
      const asked = [...text.matchAll(/say\("([A-Za-z0-9.]+)"|data-(?:word|label)(?:=|": )"([A-Za-z0-9.]+)"/g)].map(([,
        said, drawn]) => said ?? drawn);
      for (const key of asked) if (!words[key]) missing.add(`${name}: ${key}`);
    }
    same([...missing], []);
  },
  "every light, reason, piece of advice and reaction has its sentence"() {
    const keys = ["offline", "blocked", "unreachable", "returning", "connecting", "lossDown", "lossUp", "narrow", "far",
      "device", "narrowUp",
      "loss", "narrowDown", "slow", "tcp", "good"].flatMap((key) => [`line.${key}`, `line.${key}.do`]);
    keys.push(...["narrowLine", "paused", "publisherSmall", "publisherSilent", "muted", "awaitingKeyFrame",
      "formatUnknown", "overload", "away"].map((key) => `reason.${key}`));
    keys.push(...["noMicrophone", "quiet", "noSpeaker", "noCamera", "uplinkBad", "uplinkPoor", "downlinkBad",
      "downlinkPoor", "far"].map((key) => `advice.${key}`));
    keys.push(...["clap", "heart", "laugh", "surprise", "up", "down", "party", "thanks"].map((key) => `react.${key}`));
    same(keys.filter((key) => !words[key]), []);
  },
};

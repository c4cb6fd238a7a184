// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Reads what the player must know of fragmented MP4 (ISO/IEC 14496-12): which tracks there are, how their codecs are
// called (RFC 6381), and when a fragment begins.

/** @typedef {"video" | "audio" | "other"} Kind */
/** @typedef {{id: number, kind: Kind, timescale: number, codec: string}} Track */
/** @typedef {{type: string, at: number, body: number, end: number}} Box */

/**
 * @param {DataView} view
 * @param {number} at
 */
const word = (view, at) => String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
/** @param {number} byte */
const hex = (byte) => byte.toString(16).padStart(2, "0");
/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/**
 * @param {DataView} view
 * @param {number} from
 * @param {number} to
 * @returns {Generator<Box>}
 */
export function* boxes(view, from = 0, to = view.byteLength) {
  for (let at = from; at + 8 <= to;) {
    let size = view.getUint32(at);
    let body = at + 8;
    if (size === 1 && at + 16 <= to) [size, body] = [Number(view.getBigUint64(at + 8)), at + 16];
    if (size === 0) size = to - at;
    if (size < body - at || at + size > to) throw new RangeError("a box is larger than what holds it");
    yield { type: word(view, at + 4), at, body, end: at + size };
    at += size;
  }
}

/**
 * The first box down a path of names.
 * @param {DataView} view
 * @param {Box} box
 * @param {string[]} path
 * @returns {Box | null}
 */
function inside(view, box, ...path) {
  let here = box;
  for (const name of path) {
    const found = [...boxes(view, here.body, here.end)].find((one) => one.type === name);
    if (!found) return null;
    here = found;
  }
  return here;
}

/** @param {ArrayBuffer} buffer */
export const viewOf = (buffer) => new DataView(buffer);

/**
 * The tracks of an init segment.
 * @param {ArrayBuffer} init
 * @returns {Track[]}
 */
export function tracks(init) {
  const view = viewOf(init);
  const found = [];
  for (const moov of boxes(view)) {
    if (moov.type !== "moov") continue;
    for (const trak of boxes(view, moov.body, moov.end)) {
      if (trak.type === "trak") found.push(track(view, trak));
    }
  }
  return found;
}

/**
 * @param {DataView} view
 * @param {Box} trak
 * @returns {Track}
 */
function track(view, trak) {
  const head = inside(view, trak, "tkhd");
  const media = inside(view, trak, "mdia", "mdhd");
  const handler = inside(view, trak, "mdia", "hdlr");
  const table = inside(view, trak, "mdia", "minf", "stbl", "stsd");
  if (!head || !media || !handler || !table) throw new RangeError("a track lacks its boxes");
  // Version 1 has 64-bit times before what is read here.
  const id = view.getUint32(head.body + (view.getUint8(head.body) === 1 ? 20 : 12));
  const timescale = view.getUint32(media.body + (view.getUint8(media.body) === 1 ? 20 : 12));
  const name = word(view, handler.body + 8);
  const kind = name === "vide" ? "video" : name === "soun" ? "audio" : "other";
  const [entry] = boxes(view, table.body + 8, table.end);
  return { id, kind, timescale, codec: entry ? codec(view, entry, kind) : "" };
}

/**
 * A sample entry's codec as `addSourceBuffer` wants to hear it.
 * @param {DataView} view
 * @param {Box} entry
 * @param {Kind} kind
 */
function codec(view, entry, kind) {
  const known = { ...entry, body: entry.body + (kind === "video" ? 78 : 28) };
  /** @param {string} name */
  const part = (name) => inside(view, known, name);
  /**
   * @param {Box} box
   * @param {number} offset
   */
  const byte = (box, offset) => view.getUint8(box.body + offset);
  const avc = part("avcC"), hevc = part("hvcC"), av1 = part("av1C"), vp = part("vpcC"), esds = part("esds");
  if (avc) return `${entry.type}.${hex(byte(avc, 1))}${hex(byte(avc, 2))}${hex(byte(avc, 3))}`;
  if (hevc) return `${entry.type}.${hevcProfile(view, hevc.body)}`;
  if (av1) {
    const [one, flags] = [byte(av1, 1), byte(av1, 2)];
    const depth = flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8;
    return `av01.${one >> 5}.${two(one & 31)}${flags & 0x80 ? "H" : "M"}.${two(depth)}`;
  }
  if (vp) return `${entry.type}.${two(byte(vp, 4))}.${two(byte(vp, 5))}.${two(byte(vp, 6) >> 4)}`;
  if (esds) return `mp4a.${soundObject(view, esds)}`;
  return { Opus: "opus", fLaC: "flac" }[entry.type] ?? entry.type;
}

/**
 * ISO/IEC 14496-15, annex E.
 * @param {DataView} view
 * @param {number} at
 */
function hevcProfile(view, at) {
  const first = view.getUint8(at + 1);
  let flags = view.getUint32(at + 2);
  let turned = 0;
  for (let bit = 0; bit < 32; bit += 1, flags >>>= 1) turned = ((turned << 1) | (flags & 1)) >>> 0;
  const constraints = [6, 7, 8, 9, 10, 11].map((i) => view.getUint8(at + i));
  while (constraints.length && constraints.at(-1) === 0) constraints.pop();
  const space = ["", "A", "B", "C"][first >> 6];
  const tier = first & 0x20 ? "H" : "L";
  const level = view.getUint8(at + 12);
  return [`${space}${first & 31}`, turned.toString(16), `${tier}${level}`, ...constraints.map(hex)].join(".");
}

/**
 * ISO/IEC 14496-1, 7.2.6: the object type, and for AAC which kind of it.
 * @param {DataView} view
 * @param {Box} esds
 */
function soundObject(view, esds) {
  let object = "";
  for (let at = esds.body + 4; at < esds.end;) {
    const tag = view.getUint8(at);
    at += 1;
    while (view.getUint8(at) & 0x80) at += 1;
    at += 1;
    if (tag === 3) at += 3;
    else if (tag === 4) { object = hex(view.getUint8(at)); at += 13; }
    else if (tag === 5) {
      const kind = view.getUint8(at) >> 3;
      return `${object}.${kind === 31 ? 32 + ((view.getUint16(at) >> 5) & 63) : kind}`;
    } else break;
  }
  return object;
}

/**
 * When a fragment's first picture is decoded, or its first sound when it has no picture, in seconds; NaN when it has
 * none of these tracks.
 * @param {ArrayBuffer} fragment
 * @param {Track[]} known
 */
export function startOf(fragment, known) {
  const view = viewOf(fragment);
  let start = NaN;
  for (const moof of boxes(view)) {
    if (moof.type !== "moof") continue;
    for (const traf of boxes(view, moof.body, moof.end)) {
      if (traf.type !== "traf") continue;
      const head = inside(view, traf, "tfhd"), time = inside(view, traf, "tfdt");
      const own = head && known.find((one) => one.id === view.getUint32(head.body + 4));
      if (!time || !own || (own.kind !== "video" && !Number.isNaN(start))) continue;
      const isLong = view.getUint8(time.body) === 1;
      start = (isLong ? Number(view.getBigUint64(time.body + 4)) : view.getUint32(time.body + 4)) / own.timescale;
      if (own.kind === "video") return start;
    }
    // Later fragments of the same segment begin later.
    if (!Number.isNaN(start)) return start;
  }
  return start;
}

/**
 * The same bytes with every other track's boxes called `free`, which readers pass over: so one file's picture and
 * sound can go to two source buffers.
 * @param {ArrayBuffer} bytes an init segment or fragments
 * @param {number[]} ids the tracks to keep
 * @returns {ArrayBuffer}
 */
export function only(bytes, ids) {
  const copy = bytes.slice(0);
  const view = viewOf(copy);
  for (const outer of boxes(view)) {
    if (outer.type === "moov") {
      for (const box of boxes(view, outer.body, outer.end)) {
        if (box.type === "trak" && !ids.includes(track(view, box).id)) free(view, box);
        if (box.type !== "mvex") continue;
        for (const inner of boxes(view, box.body, box.end)) {
          if (inner.type === "trex" && !ids.includes(view.getUint32(inner.body + 4))) free(view, inner);
        }
      }
    } else if (outer.type === "moof") {
      for (const box of boxes(view, outer.body, outer.end)) {
        const head = box.type === "traf" ? inside(view, box, "tfhd") : null;
        if (head && !ids.includes(view.getUint32(head.body + 4))) free(view, box);
      }
    }
  }
  return copy;
}

/**
 * @param {DataView} view
 * @param {Box} box
 */
function free(view, box) {
  view.setUint32(box.at + 4, 0x66726565);
}

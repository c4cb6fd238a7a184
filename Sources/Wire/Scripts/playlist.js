// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Reads playlists (draft-pantos-hls-rfc8216bis, 4.4): text in, plain objects out.

/** @typedef {[offset: number, length: number]} Range bytes of a file */
/**
 * @typedef {object} Segment
 * @property {number} msn its media sequence number
 * @property {string} uri empty while it is open
 * @property {Range | null} range
 * @property {string} map the file with its init segment
 * @property {Range | null} mapRange
 * @property {number} duration in seconds; of an open one, what is listed so far
 * @property {number} date when its first sample was, in milliseconds since 1970; NaN when that is not said
 * @property {boolean} breaks whether it stands after a discontinuity
 * @property {boolean} isGap whether there is nothing to fetch (EXT-X-GAP)
 * @property {{uri: string, range: Range | null, duration: number, isKey: boolean}[]} parts
 * @property {boolean} isOpen whether parts are still added to it
 * @property {number} start in seconds, on the list's own scale, which goes on from reload to reload
 */
/**
 * @typedef {object} List
 * @property {Segment[]} segments
 * @property {number} target EXT-X-TARGETDURATION in seconds
 * @property {number} partTarget in seconds; 0 when there are no parts
 * @property {number} holdBack how far from the end to stay, in seconds
 * @property {boolean} blocks whether the server answers a reload when there is something new
 * @property {number} skipUntil the skip boundary in seconds; 0 when there are no delta updates
 * @property {boolean} isEnded
 * @property {string} hint the part that is promised next
 * @property {{id: string, date: number, text: string}[]} marks
 * @property {number} msn the segment that comes next, or is open
 * @property {number} part the part of it that comes next
 * @property {number} end in seconds, on the list's own scale
 */

/**
 * The attributes of a tag: `A=1,B="x"`.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function attributes(text) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [, name, value] of text.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g)) {
    found[name] = value.startsWith('"') ? value.slice(1, -1) : value;
  }
  return found;
}

/**
 * `n@o`, or `n` for what follows on the last one.
 * @param {string} text
 * @param {Range | null} last
 * @returns {Range}
 */
function range(text, last) {
  const [length, offset] = text.split("@").map(Number);
  return [offset ?? (last ? last[0] + last[1] : 0), length];
}

/**
 * A media playlist. A delta update (4.4.5.2) is completed from the one before it.
 * @param {string} text
 * @param {List | null} before the same playlist as it was
 * @returns {List | null} nil when `before` lacks what the delta update leaves out: load it whole
 */
export function media(text, before = null) {
  if (!text.startsWith("#EXTM3U")) throw new SyntaxError("no playlist");
  /** @type {List} */
  const list = {
    segments: [], target: 2, partTarget: 0, holdBack: NaN, blocks: false, skipUntil: 0, isEnded: false, hint: "",
    marks: [], msn: 0, part: 0, end: 0,
  };
  let next = open();
  /** @type {Range | null} */
  let last = null;
  let map = { uri: "", range: /** @type {Range | null} */ (null) };
  let isWhole = true;

  function open() {
    return {
      uri: "", range: /** @type {Range | null} */ (null), duration: 0, date: NaN, breaks: false, isGap: false,
      parts: /** @type {Segment["parts"]} */ ([]),
    };
  }
  /** @param {boolean} isOpen */
  function close(isOpen) {
    if (next.uri === "") for (const part of next.parts) next.duration += part.duration;
    list.segments.push({ ...next, msn: list.msn, map: map.uri, mapRange: map.range, isOpen, start: 0 });
    if (!isOpen) [list.msn, next] = [list.msn + 1, open()];
  }

  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith("#")) {
      if (line) { next.uri = line; close(false); }
      continue;
    }
    const colon = line.indexOf(":");
    const rest = colon < 0 ? "" : line.slice(colon + 1);
    switch (colon < 0 ? line : line.slice(0, colon)) {
      case "#EXTINF": next.duration = parseFloat(rest); break;
      case "#EXT-X-BYTERANGE": last = next.range = range(rest, last); break;
      case "#EXT-X-PART": {
        const part = attributes(rest);
        next.parts.push({
          uri: part.URI, range: part.BYTERANGE ? range(part.BYTERANGE, null) : null,
          duration: Number(part.DURATION), isKey: part.INDEPENDENT === "YES",
        });
        break;
      }
      case "#EXT-X-MAP": {
        const said = attributes(rest);
        map = { uri: said.URI, range: said.BYTERANGE ? range(said.BYTERANGE, null) : null };
        break;
      }
      case "#EXT-X-PROGRAM-DATE-TIME": next.date = Date.parse(rest); break;
      case "#EXT-X-DISCONTINUITY": next.breaks = true; break;
      case "#EXT-X-GAP": next.isGap = true; break;
      case "#EXT-X-TARGETDURATION": list.target = Number(rest); break;
      case "#EXT-X-PART-INF": list.partTarget = Number(attributes(rest)["PART-TARGET"]); break;
      case "#EXT-X-MEDIA-SEQUENCE": list.msn = Number(rest); break;
      case "#EXT-X-SERVER-CONTROL": control(list, attributes(rest)); break;
      case "#EXT-X-PRELOAD-HINT": {
        const hint = attributes(rest);
        if (hint.TYPE === "PART" && !hint["BYTERANGE-START"]) list.hint = hint.URI;
        break;
      }
      case "#EXT-X-DATERANGE": {
        const mark = attributes(rest);
        const text = mark["X-TEXT"] ?? mark["X-TITLE"] ?? "";
        list.marks.push({ id: mark.ID, date: Date.parse(mark["START-DATE"]), text });
        break;
      }
      case "#EXT-X-SKIP": {
        const until = list.msn + Number(attributes(rest)["SKIPPED-SEGMENTS"]);
        const kept = before?.segments.filter((one) => one.msn >= list.msn && one.msn < until && !one.isOpen) ?? [];
        isWhole = kept.length === until - list.msn;
        const end = kept.at(-1);
        if (end) map = { uri: end.map, range: end.mapRange };
        list.segments.push(...kept.map((one) => ({ ...one, parts: [] })));
        list.msn = until;
        break;
      }
      case "#EXT-X-ENDLIST": list.isEnded = true; break;
    }
  }
  if (!isWhole) return null;
  list.part = next.parts.length;
  if (list.part) close(true);
  if (Number.isNaN(list.holdBack)) list.holdBack = 3 * list.target;
  scale(list, before);
  return list;
}

/**
 * @param {List} list
 * @param {Record<string, string>} said
 */
function control(list, said) {
  list.blocks = said["CAN-BLOCK-RELOAD"] === "YES";
  list.skipUntil = Number(said["CAN-SKIP-UNTIL"] ?? 0);
  list.holdBack = Number(said["PART-HOLD-BACK"] ?? said["HOLD-BACK"] ?? NaN);
}

/**
 * Gives every segment its place on the list's scale. Dates are exact where durations are rounded, so they win inside
 * a publication; across a discontinuity the stream's clock goes on although the world's has jumped.
 * @param {List} list
 * @param {List | null} before
 */
function scale(list, before) {
  const known = new Map(before?.segments.map((one) => [one.msn, one.start]));
  /** @type {Segment | null} */
  let last = null;
  for (const segment of list.segments) {
    const start = known.get(segment.msn);
    if (start !== undefined) segment.start = start;
    else if (!last) segment.start = before ? resumed(before, segment) : 0;
    else {
      segment.start = last.start + last.duration;
      const bySpan = last.start + (segment.date - last.date) / 1000;
      if (!segment.breaks && Math.abs(bySpan - segment.start) < 1) segment.start = bySpan;
    }
    last = segment;
  }
  list.end = last ? last.start + last.duration : 0;
}

/**
 * The list went on without us for so long that nothing of what was known is left.
 * @param {List} before
 * @param {Segment} first
 */
function resumed(before, first) {
  const last = before.segments.at(-1);
  const span = last ? (first.date - last.date) / 1000 : NaN;
  return last && span > 0 ? last.start + span : before.end;
}

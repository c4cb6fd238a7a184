// SPDX-License-Identifier: Apache-2.0
// Reads playlists: only what our own server writes, and what any server must.

/** The attributes of a tag: `A=1,B="x"`. @param {string} text @returns {Record<string, string>} */
export function attributes(text) {
  const found = {};
  for (const match of text.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g)) {
    found[match[1]] = match[2].startsWith('"') ? match[2].slice(1, -1) : match[2];
  }
  return found;
}

/** The first variant of a multivariant playlist. @param {string} text */
export function variant(text) {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.startsWith("#EXT-X-STREAM-INF:"));
  if (at < 0) return null;
  return { codecs: attributes(lines[at].slice(18)).CODECS, uri: lines[at + 1] };
}

/**
 * A media playlist as the pieces to append, in order. `key` is where a piece ends, as (msn, part): a whole segment ends
 * behind every part of it.
 * @param {string} text
 */
export function media(text) {
  const list = { pieces: [], target: 2, partTarget: 0, holdBack: 6, isEnded: false, nextMsn: 0, nextPart: 0 };
  let msn = 0, map = "", parts = [], breaks = false;
  for (const line of text.split("\n")) {
    const rest = line.slice(line.indexOf(":") + 1);
    if (line.startsWith("#EXT-X-TARGETDURATION:")) {
      list.target = Number(rest);
      list.holdBack = 3 * list.target;
    } else if (line.startsWith("#EXT-X-SERVER-CONTROL:")) {
      list.holdBack = Number(attributes(rest)["PART-HOLD-BACK"] ?? list.holdBack);
    } else if (line.startsWith("#EXT-X-PART-INF:")) list.partTarget = Number(attributes(rest)["PART-TARGET"]);
    else if (line.startsWith("#EXT-X-MEDIA-SEQUENCE:")) msn = Number(rest);
    else if (line.startsWith("#EXT-X-SKIP:")) msn += Number(attributes(rest)["SKIPPED-SEGMENTS"]);
    else if (line.startsWith("#EXT-X-MAP:")) map = attributes(rest).URI;
    else if (line === "#EXT-X-DISCONTINUITY") breaks = true;
    else if (line.startsWith("#EXT-X-PART:")) {
      const part = attributes(rest);
      const duration = Number(part.DURATION);
      parts.push({
        uri: part.URI, duration, isKey: part.INDEPENDENT === "YES", map, breaks: breaks && !parts.length, msn,
        part: parts.length,
      });
    } else if (line.startsWith("#EXTINF:")) list.duration = parseFloat(rest);
    else if (line === "#EXT-X-ENDLIST") list.isEnded = true;
    else if (line && !line.startsWith("#")) {
      if (parts.length) list.pieces.push(...parts);
      else list.pieces.push({ uri: line, duration: list.duration, isKey: true, map, breaks, msn, part: 0 });
      (msn += 1), (parts = []), (breaks = false);
    }
  }
  list.pieces.push(...parts);
  list.nextMsn = msn;
  list.nextPart = parts.length;
  return list;
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Reads multivariant playlists (4.4.6): which qualities and which sounds there are.
import { attributes } from "./playlist.js";

/**
 * @typedef {object} Variant
 * @property {string} uri
 * @property {string[]} codecs
 * @property {number} bandwidth in bits per second
 * @property {number} width
 * @property {number} height 0 when it is sound only
 * @property {number} rate pictures per second; 0 when that is not said
 * @property {string} group of its sounds; empty when they are in it
 */
/**
 * @typedef {object} Sound
 * @property {string} group
 * @property {string} name
 * @property {string} language
 * @property {string} uri empty when it is in the variant itself
 * @property {boolean} isDefault
 */
/** @typedef {{variants: Variant[], sounds: Sound[], subtitles: Sound[]}} Offer */

const soundCodecs = /^(mp4a|opus|ac-3|ec-3|flac|alac)/i;

/** @param {string} codec */
export const isSoundCodec = (codec) => soundCodecs.test(codec);

/**
 * @param {string} text
 * @returns {Offer}
 */
export function multivariant(text) {
  /** @type {Offer} */
  const offer = { variants: [], sounds: [], subtitles: [] };
  const lines = text.split(/\r?\n/);
  lines.forEach((line, index) => {
    if (line.startsWith("#EXT-X-MEDIA:")) {
      const said = attributes(line.slice(13));
      const rendition = {
        group: said["GROUP-ID"], name: said.NAME ?? "", language: said.LANGUAGE ?? "", uri: said.URI ?? "",
        isDefault: said.DEFAULT === "YES",
      };
      if (said.TYPE === "AUDIO") offer.sounds.push(rendition);
      if (said.TYPE === "SUBTITLES") offer.subtitles.push(rendition);
    } else if (line.startsWith("#EXT-X-STREAM-INF:")) {
      const said = attributes(line.slice(18));
      const uri = lines.slice(index + 1).find((one) => one && !one.startsWith("#"));
      if (uri) offer.variants.push(variant(said, uri));
    }
  });
  return offer;
}

/**
 * @param {Record<string, string>} said
 * @param {string} uri
 * @returns {Variant}
 */
function variant(said, uri) {
  const codecs = (said.CODECS ?? "").split(",").map((one) => one.trim()).filter(Boolean);
  const [width, height] = (said.RESOLUTION ?? "0x0").split("x").map(Number);
  return {
    uri, codecs, bandwidth: Number(said.BANDWIDTH) || 0, width, height: height || (codecs.every(isSoundCodec) ? 0 : 1),
    rate: Number(said["FRAME-RATE"]) || 0, group: said.AUDIO ?? "",
  };
}

/** @param {Variant} one */
export const isSoundOnly = (one) => one.height === 0;

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What this browser can play.
import { isSoundCodec, isSoundOnly } from "./multivariant.js";

/** @typedef {import("./multivariant.js").Offer} Offer */
/** @typedef {import("./multivariant.js").Variant} Variant */

/**
 * The browser's media source: Apple's phones from iOS 17.1 have a managed one only.
 * @type {typeof MediaSource | undefined}
 */
// @ts-ignore: TypeScript's list of the web does not know it yet.
export const Source = globalThis.ManagedMediaSource ?? globalThis.MediaSource;

/** None of the qualities can be played here. */
export class Unplayable extends Error {
  /** @param {string[]} codecs */
  constructor(codecs) {
    super(`cannot play ${codecs.join(", ")}`);
    this.codecs = codecs;
  }
}

/** @param {string[]} codecs */
export function type(codecs) {
  const isSound = codecs.length > 0 && codecs.every(isSoundCodec);
  return `${isSound ? "audio" : "video"}/mp4${codecs.length ? `; codecs="${codecs.join(",")}"` : ""}`;
}

/** @param {string[]} codecs */
export const plays = (codecs) => Source?.isTypeSupported(type(codecs)) ?? false;

/**
 * The qualities that can be played here, from the lowest to the highest, and the one with sound alone.
 * @param {Offer} offer
 * @returns {{rungs: Variant[], soundOnly: Variant | null}}
 */
export function playable(offer) {
  const good = offer.variants.filter((one) => plays(one.codecs)).sort((one, two) => one.bandwidth - two.bandwidth);
  const pictures = good.filter((one) => !isSoundOnly(one));
  if (!good.length) throw new Unplayable([...new Set(offer.variants.flatMap((one) => one.codecs))]);
  const sounds = good.filter(isSoundOnly);
  // Sound alone is a broadcast too.
  return pictures.length ? { rungs: pictures, soundOnly: sounds.at(-1) ?? null } : { rungs: sounds, soundOnly: null };
}

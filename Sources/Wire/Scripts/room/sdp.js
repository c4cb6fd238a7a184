// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The few lines of an offer and an answer that a page must touch (RFC 8866, RFC 8840).

/** @param {string} sdp */
const lines = (sdp) => sdp.split(/\r?\n/);

/**
 * @param {string} sdp
 * @param {string} name
 */
export const first = (sdp, name) => lines(sdp).find((line) => line.startsWith(`a=${name}:`)) ?? "";

/**
 * What PATCH sends to begin ICE anew (RFC 9725, 4.3.2).
 * @param {string} offer
 */
export function fragment(offer) {
  const section = lines(offer).find((line) => line.startsWith("m=")) ?? "m=audio 9 UDP/TLS/RTP/SAVPF 0";
  const kind = section.split(" ")[0];
  const wanted = [first(offer, "ice-ufrag"), first(offer, "ice-pwd"), `${kind} 9 UDP/TLS/RTP/SAVPF 0`,
    first(offer, "mid")];
  return wanted.filter(Boolean).join("\r\n") + "\r\n";
}

/**
 * The answer as it is after a restart: with the credentials and the candidates that came back.
 * @param {string} answer
 * @param {string} came
 */
export function renewed(answer, came) {
  const candidates = lines(came).filter((line) => line.startsWith("a=candidate:"));
  let text = answer.replaceAll(/^a=ice-ufrag:.*$/gm, first(came, "ice-ufrag"))
    .replaceAll(/^a=ice-pwd:.*$/gm, first(came, "ice-pwd"));
  if (!candidates.length) return text;
  // They stand in the first section alone; the others are bundled with it.
  text = text.replaceAll(/^a=candidate:.*\r\n/gm, "");
  return text.replace(/^a=ice-pwd:.*\r\n/m, (line) => line + candidates.join("\r\n") + "\r\n");
}

/**
 * What this browser can do of a kind; nothing where it does not say.
 * @param {"audio" | "video"} kind
 */
export const codecsOf = (kind) => globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? [];

/**
 * Offers these codecs, in this order. A browser that knows no such choice, or refuses it, offers what it would.
 * @param {RTCRtpTransceiver} section
 * @param {ReturnType<typeof codecsOf>} codecs
 */
export function choose(section, codecs) {
  if (!codecs.length) return;
  try {
    section.setCodecPreferences?.(codecs);
  } catch {
    // Its own are as good.
  }
}

/**
 * The TURN servers of a Link field (RFC 9725, 4.6).
 * @param {string | null} link
 * @returns {RTCIceServer[]}
 */
export function relays(link) {
  const pattern = /<(turns?:[^>]+)>; rel="ice-server"; username="([^"]+)"; credential="([^"]+)"/g;
  return [...(link ?? "").matchAll(pattern)].map(([, urls, username, credential]) => ({ urls, username, credential }));
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Plays aloud where the browser lets it, else in silence until somebody touches the page.

/**
 * @param {{video: HTMLVideoElement, isHushed: boolean} & EventTarget} player
 */
export async function aloud(player) {
  const { video } = player;
  try {
    await video.play();
  } catch (error) {
    const isForbidden = error instanceof DOMException && error.name === "NotAllowedError";
    if (!isForbidden || video.muted) return;
    video.muted = player.isHushed = true;
    try {
      await video.play();
    } catch {
      // Not even in silence: the button waits.
      video.muted = player.isHushed = false;
    }
    player.dispatchEvent(new Event("sound"));
  }
}

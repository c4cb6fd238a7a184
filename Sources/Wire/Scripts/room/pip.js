// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A small window above other programs: with who speaks, for those who read something else meanwhile.

/** @param {import("./stage.js").Stage} stage */
export function pictureInPicture(stage) {
  const isOffered = "pictureInPictureEnabled" in document && document.pictureInPictureEnabled;
  const video = () => {
    const { meeting, tiles } = stage;
    const { state } = meeting;
    const wanted = [...tiles.values()].filter((one) => one.isRunning);
    const rank = (/** @type {import("./tile.js").Tile} */ one) => (one.element.dataset.kind === "screen" ? 0
      : one.element.dataset.person === state.speaker ? 1 : one.element.dataset.person === state.you.id ? 3 : 2);
    return wanted.sort((one, two) => rank(one) - rank(two))[0]?.video ?? null;
  };
  return {
    isOffered,
    async toggle() {
      if (document.pictureInPictureElement) return document.exitPictureInPicture();
      // Without a running picture there is nothing to take out of the page.
      await video()?.requestPictureInPicture().catch(() => {});
    },
  };
}

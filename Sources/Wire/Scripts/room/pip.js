// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A small window above other programs: with the shared screen or who speaks, for those who read something else meanwhile.
import { tell } from "./told.js";
import { make } from "../page.js";
import { say } from "../speech.js";

/** @param {import("./stage.js").Stage} stage */
export function pictureInPicture(stage) {
  const { meeting } = stage;
  const isOffered = "pictureInPictureEnabled" in document && document.pictureInPictureEnabled;
  // Its own element: pictures on the stage come and go with their places.
  const video = make("video", { playsinline: "", class: "afloat", tabindex: "-1", "aria-hidden": "true" });
  [video.muted, video.autoplay] = [true, true];
  document.body.append(video);

  const best = () => {
    const { speaker, you } = meeting.state;
    const rank = (/** @type {import("./tile.js").Tile} */ { element: { dataset } }) => (dataset.kind === "screen" ? 0
      : dataset.person === you.id ? 3 : dataset.person === speaker ? 1 : 2);
    const all = [...stage.tiles.values()].filter((one) => !one.element.classList.contains("still"));
    // Who is shown already stays, among equals.
    const isShown = (/** @type {import("./tile.js").Tile} */ { id }) => (id === stage.floating ? 0 : 1);
    return all.sort((one, two) => rank(one) - rank(two) || isShown(one) - isShown(two))[0] ?? null;
  };
  const isAfloat = () => document.pictureInPictureElement === video;
  const follow = () => {
    if (!isAfloat()) return;
    const tile = best();
    const isNew = stage.floating !== (tile?.id ?? "");
    stage.floating = tile?.id ?? "";
    const stream = tile?.video.srcObject ?? null;
    if (stream && video.srcObject !== stream) {
      video.srcObject = stream;
      video.play().catch(() => {});
    }
    if (isNew) stage.draw();
  };
  stage.addEventListener("drawn", follow);
  video.addEventListener("leavepictureinpicture", () => {
    [video.srcObject, stage.floating] = [null, ""];
    stage.draw();
  });
  meeting.on(["place"], () => { if (meeting.place !== "inside" && isAfloat()) document.exitPictureInPicture(); });
  return {
    isOffered,
    async toggle() {
      if (document.pictureInPictureElement) return document.exitPictureInPicture();
      const stream = best()?.video.srcObject;
      if (!stream) return tell(say("pip.none"), { isWrong: true, picture: "pip" });
      video.srcObject = stream;
      try {
        await video.play();
        await video.requestPictureInPicture();
        follow();
      } catch {
        video.srcObject = null;
        tell(say("pip.failed"), { isWrong: true, picture: "pip" });
      }
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Another microphone, camera or loudspeaker, and how loud the others are, while the meeting goes on.
import { testTone } from "./devices.js";
import { make } from "../page.js";
import { say } from "../speech.js";

/** @param {import("./meeting.js").Meeting} meeting */
export async function showDevices(meeting) {
  const { devices } = meeting;
  const card = /** @type {HTMLDialogElement} */ (document.getElementById("card"));
  const all = await devices.list();
  const fields = /** @type {const} */ (["microphone", "camera", "speaker"]).map((what) => {
    const select = make("select", {}, ...all[what].map((one, index) =>
      new Option(one.label || say("check.nameless", index + 1), one.deviceId)));
    if (!all[what].length) select.append(new Option(say(what === "speaker" ? "check.system" : "check.none"), ""));
    select.value = (what === "speaker" ? "" : devices.tracks[what]?.getSettings().deviceId) || devices.chosen[what];
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    select.disabled = all[what].length < 2;
    select.addEventListener("change", () => devices.choose(what, select.value));
    return make("label", { class: "field" }, make("span", {}, say(`check.${what}`)), select);
  });
  const loudness = make("input", { type: "range", min: "0", max: "1", step: "0.05",
    value: String(meeting.down?.loudness ?? 1) });
  loudness.addEventListener("input", () => meeting.down?.setLoudness(Number(loudness.value)));
  const tone = make("button", { type: "button", class: "quiet" }, say("check.tone"));
  tone.addEventListener("click", () => testTone(devices.chosen.speaker));
  card.setAttribute("aria-labelledby", "card-title");
  card.replaceChildren(make("h2", { id: "card-title" }, say("more.devices")), ...fields,
    make("label", { class: "field" }, make("span", {}, say("sets.loudness")), loudness), make("p", {}, tone),
    make("p", { class: "faint" }, say("check.noise")),
    make("form", { method: "dialog", class: "row" }, make("button", { class: "primary" }, say("side.close"))));
  card.showModal();
}

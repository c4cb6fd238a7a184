// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The device check: does one see, is one heard, does one hear, and does the line carry it. With plain advice.
import { deviceFault } from "./told.js";
import { advice } from "./light.js";
import { Meter, testTone } from "./devices.js";
import { box, button, draw, element, icon, make, write } from "../page.js";
import { count, say, spoken } from "../speech.js";

/** @typedef {"microphone" | "camera"} Input */
const inputs = /** @type {Input[]} */ (["microphone", "camera"]);

export class Check {
  figures = { uplink: 0, downlink: 0, roundTrip: 0 };
  /** The loudest so far. */
  level = 0;
  /** @type {boolean | null} */
  speaker = null;
  #stop = new AbortController();
  #isMeasuring = false;
  #isUnmeasured = false;
  #timer = 0;
  #meter = new Meter();

  /**
   * @param {import("./meeting.js").Meeting} meeting
   * @param {import("./sending.js").Sending} sending
   */
  constructor(meeting, sending) {
    [this.meeting, this.sending] = [meeting, sending];
    const { devices } = meeting;
    for (const input of inputs) {
      button(`door-${input}`).addEventListener("click", () => this.toggle(input));
      element(`choose-${input}`, HTMLSelectElement).addEventListener("change",
        (event) => devices.choose(input, /** @type {HTMLSelectElement} */ (event.target).value));
    }
    element("choose-speaker", HTMLSelectElement).addEventListener("change",
      (event) => devices.choose("speaker", /** @type {HTMLSelectElement} */ (event.target).value));
    button("tone").addEventListener("click", () => { testTone(devices.chosen.speaker);
      box("heard-answers").hidden = false; });
    for (const [id, does] of /** @type {[string, boolean][]} */ ([["heard-yes", true], ["heard-no", false]])) {
      button(id).addEventListener("click", () => { this.speaker = does; box("heard-answers").hidden = true; this.show();
        button("tone").focus(); });
    }
    element("door-blur", HTMLInputElement).addEventListener("change",
      (event) => devices.setBlur(/** @type {HTMLInputElement} */ (event.target).checked));
    button("measure").addEventListener("click", () => this.measure());
    devices.addEventListener("change", () => { this.show(); this.#list(); this.#meter.listen(devices.tracks.microphone);
      });
    sending.addEventListener("change", () => this.show());
    spoken.addEventListener("change", () => { this.show(); this.#list(); });
  }

  /** Opens what is there, and looks at it until `end`. */
  async begin() {
    this.#stop = new AbortController();
    this.show();
    this.#timer = window.setInterval(() => this.#listen(), 80);
    this.measure();
    for (const input of inputs) if (await this.meeting.devices.open(input)) await this.sending.turn(input, true);
    this.#list();
    if (this.meeting.place === "door") this.meeting.prepare();
  }

  end() {
    clearInterval(this.#timer);
    this.#stop.abort();
    this.#meter.listen(null);
    element("mirror-picture", HTMLVideoElement).srcObject = null;
  }

  /** @param {Input} input */
  async toggle(input) {
    const { devices } = this.meeting;
    const isOn = this.sending.isOn[input];
    if (isOn || await devices.open(input)) await this.sending.turn(input, !isOn);
    this.show();
  }

  async measure() {
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    this.show();
    try {
      this.figures = await this.meeting.doors.measure(this.#stop.signal);
      this.#isUnmeasured = false;
    } catch {
      this.#isUnmeasured = true;
    }
    this.#isMeasuring = false;
    this.show();
  }

  /** What the office keeps of it when the tester is an officer. */
  get result() {
    const { devices } = this.meeting;
    return {
      camera: !!devices.tracks.camera || this.sending.isOn.camera, microphone: !!devices.tracks.microphone,
        level: Math.round(this.level * 100) / 100,
      speaker: this.speaker, uplink: Math.round(this.figures.uplink), downlink: Math.round(this.figures.downlink),
        roundTrip: Math.round(this.figures.roundTrip),
      height: devices.tracks.camera?.getSettings().height ?? null,
    };
  }

  #listen() {
    const now = this.#meter.level;
    const wasHeard = this.level >= 0.02;
    this.level = Math.max(this.level, now);
    element("level", HTMLMeterElement).value = Math.min(1, Math.sqrt(now));
    if (!wasHeard && this.level >= 0.02) this.show();
  }

  show() {
    if (this.meeting.place !== "door") return;
    const { devices } = this.meeting;
    for (const input of inputs) {
      const one = button(`door-${input}`), isOn = this.sending.isOn[input];
      draw(one, isOn ? input : `${input}-off`);
      one.setAttribute("aria-pressed", String(isOn));
      const word = say(`door.${input}.${isOn ? "on" : "off"}`);
      one.setAttribute("aria-label", word);
      one.title = word;
    }
    this.#mirror();
    const { blur } = devices;
    box("door-blur-row").hidden = !blur.isOffered;
    element("door-blur", HTMLInputElement).checked = blur.isOn;
    const hasMicrophone = !!devices.tracks.microphone;
    write(box("level-said"), !hasMicrophone ? (devices.faults.microphone ? deviceFault(this.meeting, "microphone") : "")
      : this.level >= 0.02 ? say("check.heard") : say("check.speak"));
    write(box("heard-said"), this.speaker === null ? "" : say(this.speaker ? "check.speakerGood" : "check.speakerBad"));
    const { uplink, downlink } = this.figures;
    write(box("measured"), this.#isMeasuring ? say("check.measuring") : this.#isUnmeasured ? say("check.unmeasured")
      : uplink ? say("check.rates", megabits(uplink), megabits(downlink)) : "");
    button("measure").hidden = this.#isMeasuring;
    const result = this.result;
    const keys = advice({ ...result, camera: !devices.faults.camera });
    const isKnown = uplink > 0 && hasMicrophone;
    const rows = keys.filter((key) => key !== "quiet"
      || this.#hasWaited()).map((key) => make("li", {}, icon("wrong"), say(`advice.${key}`)));
    if (!rows.length && isKnown) rows.push(make("li", { class: "good" }, icon("done"), say("advice.good")));
    const list = box("advice"), text = rows.map((one) => one.textContent).join();
    if (list.textContent !== text || list.childElementCount !== rows.length) list.replaceChildren(...rows);
  }

  #since = performance.now();
  #hasWaited() { return performance.now() - this.#since > 6_000; }

  #mirror() {
    const { devices } = this.meeting;
    const video = element("mirror-picture", HTMLVideoElement);
    const track = this.sending.isOn.camera ? devices.tracks.camera : null;
    const shown = /** @type {MediaStream | null} */ (video.srcObject)?.getTracks()[0] ?? null;
    if (shown !== track) {
      video.srcObject = track ? new MediaStream([track]) : null;
      if (track) video.play().catch(() => {});
    }
    video.hidden = !track;
    box("mirror-none").hidden = !!track;
    write(box("mirror-none"), devices.faults.camera ? deviceFault(this.meeting, "camera") : say("door.noPicture"));
  }

  async #list() {
    const all = await this.meeting.devices.list();
    for (const what of /** @type {const} */ (["microphone", "camera", "speaker"])) {
      const select = element(`choose-${what}`, HTMLSelectElement), devices = all[what];
      const options = devices.map((one, index) =>
        new Option(one.label || say("check.nameless", index + 1), one.deviceId));
      if (!options.length) options.push(new Option(say(what === "speaker" ? "check.system" : "check.none"), ""));
      select.replaceChildren(...options);
      select.disabled = devices.length < 2;
      const track = what === "speaker" ? null : this.meeting.devices.tracks[what];
      select.value = track?.getSettings().deviceId ?? this.meeting.devices.chosen[what];
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    }
  }
}

/** @param {number} bits */
const megabits = (bits) => count(Math.round(bits / 1e5) / 10);

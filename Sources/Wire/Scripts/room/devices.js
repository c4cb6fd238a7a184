// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Camera, microphone and loudspeaker of this device: asked for, chosen, exchanged while one speaks.
import { blurOf } from "./blur.js";
import { keep, kept } from "../kept.js";

/** @typedef {"microphone" | "camera"} Input */

/** What the browser itself can do against noise and echo is on. */
const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

export class Devices extends EventTarget {
  /** @type {Record<Input, MediaStreamTrack | null>} */
  tracks = { microphone: null, camera: null };
  /** Why there is none, by the name of the browser's error. @type {Record<Input, string>} */
  faults = { microphone: "", camera: "" };
  chosen = { microphone: kept("room.microphone"), camera: kept("room.camera"), speaker: kept("room.speaker") };
  /** Small pictures only: a phone, or who saves the line. */
  isSmall = matchMedia("(max-width: 40rem)").matches;

  constructor() {
    super();
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.#changed());
  }

  /**
   * Asks for it, and gives the track that is there afterwards.
   * @param {Input} input
   */
  async open(input) {
    if (this.tracks[input]?.readyState === "live") return this.tracks[input];
    try {
      const stream = await navigator.mediaDevices.getUserMedia(this.#wish(input));
      const [track] = stream.getTracks();
      track.addEventListener("ended", () => { if (this.tracks[input] === track) this.close(input, "NotReadableError");
        });
      // The system's own switch may change what the picture shows.
      track.addEventListener("configurationchange", () => this.#tell(input));
      this.tracks[input] = track;
      this.faults[input] = "";
    } catch (error) {
      this.tracks[input] = null;
      this.faults[input] = error instanceof Error ? error.name : "NotFoundError";
    }
    this.#tell(input);
    return this.tracks[input];
  }

  /** What can be done about what is behind one. */
  get blur() {
    const { camera } = this.tracks;
    return blurOf(camera?.getCapabilities?.(), camera?.getSettings());
  }

  /** @param {boolean} isOn */
  async setBlur(isOn) {
    keep("room.blur", isOn ? "yes" : "");
    const { video } = this.#wish("camera");
    // Constraints are set all together: without the others the picture might change its size.
    await this.tracks.camera?.applyConstraints(/** @type {any} */ ({ .../** @type {any} */ (video), backgroundBlur: isOn }))
      .catch(() => {});
    this.#tell("camera");
  }

  /** @param {Input} input */
  #tell(input) { this.dispatchEvent(new CustomEvent("change", { detail: input })); }

  /**
   * @param {Input} input
   * @param {string} fault
   */
  close(input, fault = "") {
    this.tracks[input]?.stop();
    this.tracks[input] = null;
    this.faults[input] = fault;
    this.dispatchEvent(new CustomEvent("change", { detail: input }));
  }

  /**
   * @param {Input | "speaker"} what
   * @param {string} device
   */
  async choose(what, device) {
    this.chosen[what] = device;
    keep(`room.${what}`, device);
    if (what === "speaker") this.dispatchEvent(new CustomEvent("change", { detail: "speaker" }));
    else if (this.tracks[what]) {
      this.tracks[what]?.stop();
      this.tracks[what] = null;
      await this.open(what);
    }
  }

  /** What there is to choose from; names are known only after the first permission. */
  async list() {
    const all = await navigator.mediaDevices?.enumerateDevices?.().catch(() => []) ?? [];
    const of = (/** @type {string} */ kind) => all.filter((one) => one.kind === kind && one.deviceId);
    return { microphone: of("audioinput"), camera: of("videoinput"), speaker: of("audiooutput") };
  }

  /**
   * @param {Input} input
   * @returns {MediaStreamConstraints}
   */
  #wish(input) {
    const deviceId = this.chosen[input] ? { ideal: this.chosen[input] } : undefined;
    if (input === "microphone") return { audio: { ...sound, deviceId } };
    const [width, height] = this.isSmall ? [640, 360] : [1280, 720];
    return { video: { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30, max: 30 },
      deviceId, .../** @type {any} */ (kept("room.blur") === "yes" ? { backgroundBlur: true } : {}) } };
  }

  /** A device was plugged or pulled: what is gone is replaced by what is left. */
  async #changed() {
    for (const input of /** @type {Input[]} */ (["microphone", "camera"])) {
      if (this.faults[input] === "NotReadableError") await this.open(input);
    }
    this.dispatchEvent(new CustomEvent("change", { detail: "list" }));
  }
}

/** How loud it is now, 0…1, by the peak of the last moment. */
export class Meter {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AnalyserNode | null} */
  #analyser = null;
  #samples = new Float32Array(1024);

  /** @param {MediaStreamTrack | null} track */
  listen(track) {
    this.#context?.close();
    [this.#context, this.#analyser] = [null, null];
    if (!track) return;
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = this.#samples.length;
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
    this.#context.resume().catch(() => {});
  }

  get level() {
    if (!this.#analyser) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let peak = 0;
    for (const one of this.#samples) peak = Math.max(peak, Math.abs(one));
    return Math.min(1, peak);
  }
}

/**
 * Three soft tones on the chosen loudspeaker.
 * @param {string} device
 */
export async function testTone(device) {
  const context = new AudioContext();
  if (device && "setSinkId" in context) await /** @type {any} */ (context).setSinkId(device).catch(() => {});
  const start = context.currentTime + 0.05;
  [392, 494, 587].forEach((hertz, index) => {
    const tone = context.createOscillator(), volume = context.createGain();
    const from = start + index * 0.28;
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(0.25, from + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 0.4);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + 0.45);
  });
  setTimeout(() => context.close(), 1_600);
}

// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What this person sends: microphone, camera and screen, switched on and off, and what the server is told of it.
import { Meter } from "./devices.js";
import { keepSeat } from "./seat.js";

/** @typedef {"microphone" | "camera" | "screen"} Switch */

export class Sending extends EventTarget {
  /** @type {Record<Switch, boolean>} */
  isOn = { microphone: false, camera: false, screen: false };
  /** The window or screen that is shown. @type {MediaStream | null} */
  shared = null;
  /** Whether it speaks only as long as a key is held. */
  isHeld = false;
  meter = new Meter();
  #loudSince = 0;

  /** @param {import("./meeting.js").Meeting} meeting */
  constructor(meeting) {
    super();
    this.meeting = meeting;
    const { devices } = meeting;
    devices.addEventListener("change", (event) => this.#exchange(/** @type {CustomEvent} */ (event).detail));
    meeting.on(["up"], () => this.#load());
    meeting.on(["opened"], () => this.#say());
    meeting.on(["silenced"], (kind) => this.#off(kind));
    meeting.on(["place", "person"], () => this.#rest());
    // What was switched while nobody answered is said again, after what others did meanwhile is known.
    meeting.on(["heard"], () => { if (meeting.stream?.isHeard) setTimeout(() => this.#say(), 1_000); });
    meeting.on(["place"], () => { if (meeting.place === "over" || meeting.place === "lobby") this.#off("screen"); });
    setInterval(() => this.#listen(), 250);
  }

  /** @param {Switch} what */
  toggle(what) { return what === "screen" ? this.share(!this.isOn.screen) : this.turn(what, !this.isOn[what]); }

  /**
   * @param {"microphone" | "camera"} what
   * @param {boolean} isOn
   */
  async turn(what, isOn) {
    const { meeting } = this;
    const { devices } = meeting;
    if (isOn && !this.#may(what)) return;
    const track = isOn ? await devices.open(what) : null;
    if (isOn && !track) {
      if (this.isOn[what]) this.#off(what), await this.#say();
      return meeting.tell("noDevice", what);
    }
    this.isOn[what] = isOn;
    keepSeat(meeting.name, { [what]: isOn });
    this.#changed();
    await meeting.up?.send(what, track);
    // A closed microphone still listens on this device alone, to be quick again; a camera's light goes out.
    if (!isOn && what === "camera") devices.close("camera");
    await this.#say();
  }

  /**
   * After a reload what was on comes on again. It counts as on while the device starts: who said "off" meanwhile would be
   * told so by the server later, and take it for a host's wish.
   * @param {{microphone?: boolean, camera?: boolean}} was
   */
  resume(was) {
    for (const input of /** @type {const} */ (["microphone", "camera"])) {
      if (!was[input]) continue;
      this.isOn[input] = true;
      this.turn(input, true);
    }
  }

  /**
   * Shows a window or the screen, with its sound where the browser gives it.
   * @param {boolean} isOn
   */
  async share(isOn) {
    const { meeting } = this;
    if (!isOn) {
      this.#off("screen");
      return this.#say();
    }
    try {
      this.shared = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: 15, max: 30 }, width: { max: 1920 }, height: { max: 1080 } },
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      });
    } catch {
      return;
    }
    const [picture] = this.shared.getVideoTracks(), [sound] = this.shared.getAudioTracks();
    this.hint("detail");
    picture.addEventListener("ended", () => { this.#off("screen"); this.#say(); });
    this.isOn.screen = true;
    this.#changed();
    await meeting.up?.send("screen", picture);
    await meeting.up?.send("screenSound", sound ?? null);
    await this.#say();
  }

  /** Text must be sharp, a film must run. @param {"detail" | "motion"} hint */
  hint(hint) {
    for (const one of this.shared?.getVideoTracks() ?? []) one.contentHint = hint;
    this.#changed();
  }

  get hinted() { return this.shared?.getVideoTracks()[0]?.contentHint === "motion" ? "motion" : "detail"; }

  /**
   * Speaks while a key is held.
   * @param {boolean} isHeld
   */
  async hold(isHeld) {
    if (this.isHeld === isHeld || (isHeld && this.isOn.microphone)) return;
    this.isHeld = isHeld;
    await this.turn("microphone", isHeld);
  }

  /** Whether a microphone would be heard that is closed: worth a hint. */
  get speaksUnheard() { return this.#loudSince > 0 && performance.now() - this.#loudSince > 900; }

  /** Everything that is on is sent on a connection that has just been made. */
  async #load() {
    const { meeting, isOn } = this;
    const { devices, up } = meeting;
    if (!up) return;
    await up.send("microphone", isOn.microphone ? devices.tracks.microphone : null);
    await up.send("camera", isOn.camera ? devices.tracks.camera : null);
    await up.send("screen", isOn.screen ? this.shared?.getVideoTracks()[0] ?? null : null);
    await up.send("screenSound", isOn.screen ? this.shared?.getAudioTracks()[0] ?? null : null);
  }

  /** Another camera, or the one there was is gone. @param {string} what */
  async #exchange(what) {
    if (what !== "microphone" && what !== "camera") return;
    const track = this.meeting.devices.tracks[what];
    if (what === "microphone") this.meter.listen(track);
    if (!this.isOn[what]) return this.#changed();
    if (!track) return this.#off(what), this.#say();
    await this.meeting.up?.send(what, track);
    this.#changed();
  }

  /** @param {Switch} what */
  #off(what) {
    if (!this.isOn[what]) return;
    this.isOn[what] = false;
    const { up, devices } = this.meeting;
    up?.send(what, null);
    if (what === "screen") {
      up?.send("screenSound", null);
      for (const one of this.shared?.getTracks() ?? []) one.stop();
      this.shared = null;
    } else {
      keepSeat(this.meeting.name, { [what]: false });
      if (what === "camera") devices.close("camera");
    }
    this.#changed();
  }

  /** Who only listens leaves the camera's light off, and the microphone alone. */
  #rest() {
    const { meeting } = this;
    if (meeting.place !== "inside" || meeting.state.you.role !== "listener") return;
    for (const input of /** @type {const} */ (["microphone", "camera"])) {
      this.#off(input);
      if (meeting.devices.tracks[input]) meeting.devices.close(input);
    }
  }

  /** @param {"microphone" | "camera"} what */
  #may(what) {
    const { state } = this.meeting;
    if (this.meeting.place !== "inside") return true;
    const mine = state.people[state.you.id];
    const isHost = state.you.role === "host" || state.you.role === "cohost";
    if (state.you.role === "listener") return this.meeting.tell("mayNot", "listener"), false;
    if (what === "microphone" && mine?.hardMuted
      && (mine.hardMutes ?? [what]).includes(what)) return this.meeting.tell("mayNot", "hardMuted"), false;
    if (what === "microphone" && !state.room.mayUnmute && !isHost) return this.meeting.tell("mayNot", "mayUnmute"),
      false;
    return true;
  }

  #listen() {
    const isLoud = !this.isOn.microphone && this.meeting.place === "inside" && this.meter.level > 0.12;
    if (!isLoud) this.#loudSince = 0;
    else this.#loudSince ||= performance.now();
  }

  async #say() {
    if (this.meeting.place === "inside" && this.meeting.state.you.role !== "listener") await this.meeting.ask("media",
      { ...this.isOn });
  }

  #changed() { this.dispatchEvent(new Event("change")); }
}

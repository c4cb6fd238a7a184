// SPDX-License-Identifier: Apache-2.0
// @ts-check
// One source buffer, and one thing at a time done to it.
import { pause } from "./line.js";

/** How many seconds of what was seen stay in memory, and how many when memory is short. */
const keepsSeconds = 60, keepsAtLeast = 4;

export class Track {
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();
  #type;

  /**
   * @param {MediaSource} source
   * @param {string} type
   * @param {HTMLVideoElement} video
   * @param {AbortSignal} signal that the source is given up
   */
  constructor(source, type, video, signal) {
    this.#type = type;
    this.source = source;
    this.video = video;
    this.signal = signal;
    this.buffer = source.addSourceBuffer(type);
  }

  /** @param {string} type what follows is of */
  change(type) {
    return this.#next(() => {
      if (type === this.#type) return;
      this.buffer.changeType(type);
      this.#type = type;
    });
  }

  /**
   * @param {ArrayBuffer} bytes
   * @param {number} shift seconds to add to their own times
   */
  put(bytes, shift = this.buffer.timestampOffset) {
    return this.#next(async () => {
      if (Math.abs(this.buffer.timestampOffset - shift) > 0.0005) this.buffer.timestampOffset = shift;
      // A short memory: what was seen goes first, and then it waits until more was seen.
      for (let keeps = keepsSeconds / 4; ; keeps = Math.max(keepsAtLeast, keeps / 2)) {
        try {
          return await this.#done(() => this.buffer.appendBuffer(bytes));
        } catch (error) {
          if (!(error instanceof DOMException) || error.name !== "QuotaExceededError") throw error;
        }
        await this.#drop(0, this.video.currentTime - keeps);
        if (keeps === keepsAtLeast) {
          await this.#drop(this.video.currentTime + 60, Infinity);
          await pause(500, this.signal);
        }
      }
    });
  }

  /** Lets go what was seen long ago. */
  trim() {
    const until = this.video.currentTime - keepsSeconds;
    const { buffered } = this.buffer;
    if (!buffered.length || buffered.start(0) > until - 10) return Promise.resolve();
    return this.#next(() => this.#drop(0, until));
  }

  /**
   * Where what is in hand around `time` ends; NaN when nothing is.
   * @param {number} time
   */
  end(time) {
    try {
      const { buffered } = this.buffer;
      for (let i = 0; i < buffered.length; i += 1) {
        if (buffered.start(i) <= time + 0.05 && time < buffered.end(i)) return buffered.end(i);
      }
    } catch {
      // It was taken from its source.
    }
    return NaN;
  }

  /**
   * @template T
   * @param {() => T | Promise<T>} act
   * @returns {Promise<T>}
   */
  #next(act) {
    const done = this.#queue.then(() => {
      if (this.signal.aborted || this.source.readyState === "closed") throw new DOMException("", "AbortError");
      return act();
    });
    this.#queue = done.catch(() => {});
    return done;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  async #drop(from, to) {
    const { buffered } = this.buffer;
    if (!buffered.length || to <= from || buffered.end(buffered.length - 1) <= from || buffered.start(0) >= to) return;
    await this.#done(() => this.buffer.remove(Math.max(0, from), to));
  }

  /** @param {() => void} act */
  async #done(act) {
    const { buffer } = this;
    /** @type {(event: Event) => void} */
    let hear = () => {};
    const ended = new Promise((done, fail) => {
      hear = ({ type }) => (type === "updateend" ? done(undefined) : fail(new Error("the browser cannot decode this")));
    });
    for (const name of ["updateend", "error"]) buffer.addEventListener(name, hear);
    // A source that was given up may never answer.
    const stop = () => hear(new Event("updateend"));
    this.signal.addEventListener("abort", stop, { once: true });
    try {
      act();
      await ended;
    } finally {
      for (const name of ["updateend", "error"]) buffer.removeEventListener(name, hear);
      this.signal.removeEventListener("abort", stop);
    }
    if (this.signal.aborted) throw new DOMException("", "AbortError");
  }
}

/**
 * Gives the video a new media source and opens it.
 * @param {HTMLVideoElement} video
 * @param {typeof MediaSource} Source
 * @param {AbortSignal} signal
 * @returns {Promise<MediaSource>}
 */
export async function open(video, Source, signal) {
  const source = new Source();
  // A managed source opens only where playing on another screen is ruled out.
  video.disableRemotePlayback = true;
  const address = URL.createObjectURL(source);
  const opened = new Promise((done, fail) => {
    source.addEventListener("sourceopen", () => done(undefined), { once: true });
    signal.addEventListener("abort", () => fail(new DOMException("", "AbortError")), { once: true });
  });
  video.src = address;
  try {
    await opened;
  } finally {
    URL.revokeObjectURL(address);
  }
  return source;
}

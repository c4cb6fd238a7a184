// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Watches what each download says of the line, and turns to another quality when the ladder decides so.

/** @typedef {import("./feed.js").Taken} Taken */
/** @typedef {import("./player.js").Player} Player */

export class Climb {
  #map = "";
  #lookedAt = 0;

  /** @param {Player} player */
  constructor(player) { this.player = player; }

  /**
   * A piece was taken.
   * @param {Taken} taken
   * @param {AbortSignal} signal that its show is given up
   */
  took({ piece, list, byteCount, seconds }, signal) {
    const { player } = this;
    const { qualities, work } = player;
    if (list === work.past) return;
    work.note(list);
    qualities.estimate.note(byteCount, seconds, piece.duration);
    if (this.#map && this.#map !== piece.map) {
      // The encoder returned, perhaps with other qualities. Not everybody asks at once.
      const ask = () => work.reoffer(signal, () => player.tell("offer")).catch(() => {});
      setTimeout(ask, 1_000 + Math.random() * 3_000);
    }
    this.#map = piece.map;
    if (list === player.list) this.decide(false, false);
  }

  /**
   * @param {boolean} isBoundary whether a segment begins next
   * @param {boolean} isChosen whether somebody chose
   */
  decide(isBoundary, isChosen) {
    const { player } = this;
    const { qualities, show } = player;
    if (!show || qualities.choice === "sound" || (!show.hasBegun && !isChosen)) return;
    const live = qualities.next({
      bitsPerSecond: qualities.estimate.bitsPerSecond, ahead: show.ahead,
      target: player.follows ? player.wanted : 10, isBoundary, hasStalled: player.keeper.hasStalled,
      height: player.height, now: performance.now(),
    });
    player.keeper.hasStalled = false;
    if (!live) return;
    show.feeds[0]?.turn(live);
    player.tell("offer");
  }

  /**
   * A list has nothing to play: what makes that quality is away. Answers whether another one was turned to.
   * @param {import("./rendition.js").Rendition} list
   */
  gap(list) {
    const { player } = this;
    if (list !== player.list) return false;
    const live = player.qualities.leave(performance.now());
    if (live) player.show?.feeds[0]?.turn(live);
    player.tell("offer");
    return live !== null;
  }

  /**
   * A quality that was turned to cannot go on from here: the one that plays stays.
   * @param {import("./rendition.js").Live} live
   */
  refused(live) {
    const { player } = this;
    player.qualities.stay(player.list, live, performance.now());
    player.tell("offer");
  }

  /**
   * The list has stood still for a while: if another one has not, what makes this one is away.
   * @param {AbortSignal} signal
   */
  async watch(signal) {
    const { player } = this;
    const { list, qualities } = player;
    const now = performance.now();
    if (!list?.list || list.list.isEnded || !player.isAllLoaded || player.line.lostSince) return;
    const patience = 1_000 * Math.max(1.2, 3 * (list.list.partTarget || list.list.target));
    if (now - list.grownAt < patience || now - this.#lookedAt < 2_000 || qualities.choice === "sound") return;
    this.#lookedAt = now;
    const other = qualities.beside(now);
    if (!other) return;
    await other.reload(signal, false).catch(() => {});
    if (other.lastDate > list.lastDate + 1_000 && !other.isVoid && player.list === list) this.gap(list);
  }

  /**
   * Whether a download is so slow that a lower quality will be there sooner.
   * @param {number} bytes
   * @param {number} seconds
   * @param {number} total
   */
  isHopeless(bytes, seconds, total) {
    const { player } = this;
    const { qualities, show, wanted } = player;
    if (qualities.choice !== "auto" || qualities.isLowest || !show?.hasBegun || seconds < 0.6) return false;
    const left = ((total - bytes) / bytes) * seconds;
    if (left < show.ahead + 0.5 || show.ahead > wanted * 0.6) return false;
    qualities.estimate.note(bytes, seconds, 1);
    player.keeper.hasStalled = true;
    this.decide(false, false);
    return true;
  }
}

// SPDX-License-Identifier: Apache-2.0
// A small client of a meeting's room, by docs/signalling.md alone: comes in, hears events, asks, calls up and down.

class Guest {
  constructor(base) { [this.base, this.events, this.last] = [base, [], ""]; }

  async fetch(path, { json, ...how } = {}) {
    const headers = { ...how.headers };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    if (json !== undefined) [how.method, how.body] = ["POST", JSON.stringify(json)];
    return fetch(this.base + path, { ...how, headers });
  }

  async enter(who) {
    const answer = await this.fetch("/people", { json: who });
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    const welcome = await answer.json();
    [this.token, this.id] = [welcome.token, welcome.you.id];
    this.listen();
    return welcome;
  }

  /** Reads the stream of events until it ends or is stopped. */
  async listen() {
    this.cut = new AbortController();
    const headers = this.last ? { "last-event-id": this.last } : {};
    const answer = await this.fetch("/events", { headers, signal: this.cut.signal }).catch(() => null);
    if (!answer?.ok) return;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) {
          for (const line of block.split("\n")) {
            if (line.startsWith("id: ")) this.last = line.slice(4);
            if (line.startsWith("data: ")) this.events.push(JSON.parse(line.slice(6)));
          }
        }
      }
    } catch { /* cut */ }
  }

  async ask(ask, more = {}) {
    const answer = await this.fetch("/asks", { json: { ask, ...more } });
    return answer.status === 204 ? 204 : { status: answer.status, ...(await answer.json()) };
  }

  find(kind) { return this.events.filter((one) => one.kind === kind); }

  /** Everything in the order in which signalling.md has it: microphone, camera, screen, its sound. */
  async publish(stream) {
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    const [camera] = stream.getVideoTracks(), [microphone] = stream.getAudioTracks();
    const sizes = [{ rid: "q", scaleResolutionDownBy: 4 }, { rid: "h", scaleResolutionDownBy: 2 }, { rid: "f" }];
    connection.addTransceiver(microphone, { direction: "sendonly" });
    connection.addTransceiver(camera, { direction: "sendonly", sendEncodings: sizes });
    connection.addTransceiver("video", { direction: "sendonly" });
    connection.addTransceiver("audio", { direction: "sendonly" });
    this.up = await call(connection, `${this.base}/calls/up`, this.token);
    return this.ask("tracks", { mids: { microphone: "0", camera: "1", screen: "2", screenSound: "3" } });
  }

  /** Twelve pictures, four voices, two screens, two sounds of screens. */
  async watch() {
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    for (const [kind, count] of [["video", 12], ["audio", 4], ["video", 2], ["audio", 2]]) {
      for (let one = 0; one < count; one++) connection.addTransceiver(kind, { direction: "recvonly" });
    }
    const video = document.createElement("video");
    [video.muted, video.autoplay, video.playsInline] = [true, true, true];
    document.body.append(video);
    this.video = video;
    this.down = await call(connection, `${this.base}/calls/down`, this.token);
  }

  /** Shows what the slots say of somebody's camera. */
  show(person, kind = "camera") {
    const slots = this.find("slots").at(-1)?.slots ?? [];
    const slot = slots.find((one) => one.person === person && one.kind === kind);
    if (!slot) return null;
    const section = this.down.getTransceivers().find((one) => one.mid === slot.mid);
    if (this.shown !== slot.mid) this.video.srcObject = new MediaStream([section.receiver.track]);
    this.shown = slot.mid;
    this.video.play().catch(() => {});
    return slot;
  }

  /** How many packets of sound came in all sections. */
  async heard() {
    let packets = 0;
    for (const one of (await this.down.getStats()).values()) {
      if (one.type === "inbound-rtp" && one.kind === "audio") packets += one.packetsReceived;
    }
    return packets;
  }
}

// SPDX-License-Identifier: Apache-2.0
// What a page does to publish by WHIP (RFC 9725) and to play by WHEP, with pictures that carry the time they were drawn.

/** Bits of the clock that are drawn, as black and white squares in a row. */
const BITS = 20;

/** A camera that shows the time in milliseconds, at so many pixels, in moving colours. */
function clockCamera(width, height, rate) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const side = width / BITS;
  const draw = () => {
    const now = Date.now();
    pen.fillStyle = `hsl(${(now / 20) % 360} 60% 50%)`;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "#888";
    pen.fillRect((now / 5) % width, height / 2, width / 8, height / 4);
    for (let bit = 0; bit < BITS; bit++) {
      pen.fillStyle = (now >> bit) & 1 ? "#fff" : "#000";
      pen.fillRect(bit * side, 0, side, side);
    }
  };
  draw();
  setInterval(draw, 1000 / rate);
  return canvas.captureStream(rate);
}

/** The time that a playing video shows, and how long ago that was; nothing when there is no picture that can be read. */
function readClock(video) {
  if (!video.videoWidth) return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(video, 0, 0);
  const side = canvas.width / BITS;
  let shown = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const [red, green, blue] = pen.getImageData((bit + 0.5) * side, side / 2, 1, 1).data;
    const light = (red + green + blue) / 3;
    if (light > 80 && light < 175) return null;
    if (light >= 175) shown |= 1 << bit;
  }
  const late = (Date.now() - shown) & ((1 << BITS) - 1);
  return { width: canvas.width, height: canvas.height, shown, late };
}

/** A tone, so that there is sound without a microphone. */
function tone() {
  const context = new AudioContext();
  const source = context.createOscillator();
  const out = context.createMediaStreamDestination();
  source.connect(out);
  source.start();
  return out.stream;
}

/** The TURN servers of a Link field (RFC 9725, 4.6). */
function servers(link) {
  const pattern = /<(turns?:[^>]+)>; rel="ice-server"; username="([^"]+)"; credential="([^"]+)"/g;
  return [...(link ?? "").matchAll(pattern)].map(([, urls, username, credential]) => ({ urls, username, credential }));
}

/** Posts an offer and takes the answer; keeps the session's address and tag. */
async function call(connection, address, key, isByTCP) {
  await connection.setLocalDescription();
  const headers = { "content-type": "application/sdp" };
  if (key) headers.authorization = `Bearer ${key}`;
  const answer = await fetch(address, { method: "POST", headers, body: connection.localDescription.sdp });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  connection.session = new URL(answer.headers.get("location"), address).href;
  connection.tag = answer.headers.get("etag");
  connection.helpers = servers(answer.headers.get("link"));
  let sdp = await answer.text();
  if (isByTCP) sdp = sdp.replaceAll(/^a=candidate:\S+ 1 udp .*\r\n/gim, "");
  await connection.setRemoteDescription({ type: "answer", sdp });
  return connection;
}

/** Publishes a stream; `encodings` makes it simulcast, `codec` chooses one. */
async function publish(address, stream, { key, encodings, codec } = {}) {
  const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  for (const track of stream.getTracks()) {
    const isVideo = track.kind === "video";
    const sendEncodings = isVideo && encodings ? encodings : undefined;
    const transceiver = connection.addTransceiver(track, { direction: "sendonly", streams: [stream], sendEncodings });
    if (isVideo && codec) prefer(transceiver, codec);
  }
  return call(connection, address, key);
}

function prefer(transceiver, codec) {
  const all = RTCRtpReceiver.getCapabilities("video").codecs;
  const isRepair = ({ mimeType }) => /\/(rtx|red|ulpfec|flexfec)/i.test(mimeType);
  const chosen = all.filter((one) => one.mimeType.toLowerCase() === `video/${codec}` || isRepair(one));
  transceiver.setCodecPreferences(chosen);
}

/** Plays into a video element that the page then has; by TCP as if the network let no UDP through. */
async function play(address, { key, isByTCP, helpers } = {}) {
  const relayed = helpers ? { iceServers: helpers, iceTransportPolicy: "relay" } : {};
  const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle", ...relayed });
  const video = document.createElement("video");
  [video.muted, video.autoplay, video.playsInline] = [true, true, true];
  video.style.width = "100%";
  document.body.append(video);
  const stream = new MediaStream();
  video.srcObject = stream;
  connection.ontrack = ({ track }) => stream.addTrack(track);
  connection.addTransceiver("video", { direction: "recvonly" });
  connection.addTransceiver("audio", { direction: "recvonly" });
  connection.video = video;
  video.play().catch(() => {});
  if (helpers) await gathered(connection);
  return call(connection, address, key, isByTCP);
}

/** Waits until the relays' addresses are known. */
async function gathered(connection) {
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== "complete") await new Promise((go) => setTimeout(go, 50));
}

/** Begins ICE anew by PATCH (RFC 9725, 4.3.2). */
async function restart(connection) {
  const offer = await connection.createOffer({ iceRestart: true });
  await connection.setLocalDescription(offer);
  const lines = offer.sdp.split(/\r?\n/);
  const find = (name) => lines.find((line) => line.startsWith(`a=${name}:`));
  const fragment = [find("ice-ufrag"), find("ice-pwd"), "m=audio 9 UDP/TLS/RTP/SAVPF 0", find("mid")].join("\r\n") + "\r\n";
  const headers = { "content-type": "application/trickle-ice-sdpfrag", "if-match": "*" };
  const answer = await fetch(connection.session, { method: "PATCH", headers, body: fragment });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  const ours = (await answer.text()).split(/\r?\n/);
  const fresh = (name) => ours.find((line) => line.startsWith(`a=${name}:`));
  const sdp = connection.remoteDescription.sdp
    .replaceAll(/^a=ice-ufrag:.*$/gm, fresh("ice-ufrag"))
    .replaceAll(/^a=ice-pwd:.*$/gm, fresh("ice-pwd"));
  await connection.setRemoteDescription({ type: "answer", sdp });
  const before = connection.tag;
  connection.tag = answer.headers.get("etag");
  return { before, after: connection.tag };
}

/** What flows: by kind and direction, and how it is protected. */
async function figures(connection) {
  const found = { state: connection.connectionState, ice: connection.iceConnectionState };
  for (const one of (await connection.getStats()).values()) {
    if (one.type === "inbound-rtp" || one.type === "outbound-rtp") {
      const name = `${one.type.split("-")[0]} ${one.kind}${one.rid ? ` ${one.rid}` : ""}`;
      found[name] = {
        packets: one.packetsReceived ?? one.packetsSent, frames: one.framesDecoded ?? one.framesEncoded,
        lost: one.packetsLost, width: one.frameWidth, height: one.frameHeight, nacks: one.nackCount, plis: one.pliCount,
        energy: one.totalAudioEnergy, freezes: one.freezeCount, limited: one.qualityLimitationReason,
      };
    }
    if (one.type === "transport") {
      found.protection = one.srtpCipher;
      found.handshake = one.dtlsCipher;
    }
    if (one.type === "candidate-pair" && one.nominated) found.estimate = one.availableOutgoingBitrate;
  }
  return found;
}

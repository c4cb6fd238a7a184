# SPDX-License-Identifier: Apache-2.0
"""aiortc as a WHIP client, for scripts about calls."""

import asyncio
import fractions
import sys

from aiortc import AudioStreamTrack, RTCPeerConnection, RTCRtpSender, RTCSessionDescription, VideoStreamTrack
from av import AudioFrame, VideoFrame

from studio import post


class Stripes(VideoStreamTrack):
    """A picture whose left half is white and whose right half is dark."""

    async def recv(self):
        stamp, base = await self.next_timestamp()
        frame = VideoFrame(640, 360, "yuv420p")
        row = bytes([230]) * 320 + bytes([30]) * 320
        frame.planes[0].update(row.ljust(frame.planes[0].line_size, b"\0") * 360)
        for plane in frame.planes[1:]:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = stamp, fractions.Fraction(base)
        return frame


async def call(connection, address):
    await connection.setLocalDescription(await connection.createOffer())
    status, headers, body = await asyncio.to_thread(post, address, connection.localDescription.sdp.encode())
    if status != 201:
        sys.exit(f"{address}: {status} {body}")
    await connection.setRemoteDescription(RTCSessionDescription(body, "answer"))
    fields = {name.lower(): value for name, value in headers.items()}
    return address.split("/wh")[0] + fields["location"]


class Tone(AudioStreamTrack):
    """A tone that everybody hears."""

    async def recv(self):
        quiet = await super().recv()
        levels = (9_000 if (at // 24) % 2 else -9_000 for at in range(quiet.samples))
        wave = b"".join(level.to_bytes(2, "little", signed=True) for level in levels)
        frame = AudioFrame(format="s16", layout="mono", samples=quiet.samples)
        frame.planes[0].update(wave)
        frame.pts, frame.sample_rate, frame.time_base = quiet.pts, quiet.sample_rate, quiet.time_base
        return frame


async def publish(address, codec=None):
    """A picture and a tone; `codec` is `video/H264` or another that aiortc knows."""
    connection = RTCPeerConnection()
    connection.addTrack(Stripes())
    connection.addTrack(Tone())
    if codec:
        known = RTCRtpSender.getCapabilities("video").codecs
        video = next(one for one in connection.getTransceivers() if one.kind == "video")
        video.setCodecPreferences([one for one in known if one.mimeType in (codec, "video/rtx")])
    return connection, await call(connection, address)


async def frames(address, seconds):
    """Plays for a while: how many pictures and sounds came, and the last picture."""
    connection = RTCPeerConnection()
    connection.addTransceiver("video", direction="recvonly")
    connection.addTransceiver("audio", direction="recvonly")
    found, last, tasks = {"video": 0, "audio": 0}, [], []

    async def listen(track):
        while True:
            frame = await track.recv()
            found[track.kind] += 1
            if track.kind == "video":
                last[:] = [frame]

    connection.on("track", lambda track: tasks.append(asyncio.ensure_future(listen(track))))
    await call(connection, address)
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await connection.close()
    return found, last[0] if last else None

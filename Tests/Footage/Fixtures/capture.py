#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the fixtures of this folder anew. Debian's ffmpeg publishes its own test picture and tone to a listener in
this script, over a loopback socket, and what it sent is kept byte for byte.

    python3 capture.py            # needs ffmpeg with libx264, libx265, libaom and libopus

ffmpeg-avc-aac.rtmp   320x180, 25 frames/s, H.264 High with B-frames, a key frame each second, AAC 44100 Hz; 4 seconds
ffmpeg-audio.rtmp     AAC alone, mono; 2 seconds
hevc-aac.samples      320x180, 30 frames/s, HEVC with B-frames and AAC, 4 seconds; one frame a line (see `samples`)
av1-opus.samples      320x180, 30 frames/s, AV1 and Opus, 4 seconds
The .samples are not RTMP: this ffmpeg knows no enhanced RTMP, and the tests compose it from them.
"""
import json, os, socket, struct, subprocess, tempfile, threading

MADE = os.path.join(tempfile.gettempdir(), "samples.mp4")
QUIET = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y"]
FLAGS = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]


def picture(rate):
    return ["-f", "lavfi", "-i", f"testsrc2=size=320x180:rate={rate}"]


TONE = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100"]


def message(kind, body, stream=0, chunk=3):
    return struct.pack(">B3s", chunk, b"\0\0\0") + struct.pack(">I", len(body))[1:] + bytes([kind]) \
        + struct.pack("<I", stream) + body


def amf(*values):
    out = b""
    for value in values:
        if value is None: out += b"\5"
        elif isinstance(value, str): out += b"\2" + struct.pack(">H", len(value)) + value.encode()
        elif isinstance(value, dict):
            out += b"\3" + b"".join(struct.pack(">H", len(k)) + k.encode() + amf(v) for k, v in value.items()) + b"\0\0\t"
        else: out += b"\0" + struct.pack(">d", value)
    return out


def serve(listener, path):
    peer, _ = listener.accept()
    got, sent = b"", 0
    answers = [
        (lambda: len(got) >= 1537, lambda: b"\3" + bytes(1536) + got[1:1537]),
        (lambda: b"connect" in got[3073:], lambda: message(1, struct.pack(">I", 4096), chunk=2) + message(
            20, amf("_result", 1.0, {}, {"level": "status", "code": "NetConnection.Connect.Success"}))),
        (lambda: b"createStream" in got, lambda: message(20, amf("_result", 4.0, None, 1.0))),
        (lambda: b"publish" in got.split(b"createStream")[-1], lambda: message(
            20, amf("onStatus", 0.0, None, {"level": "status", "code": "NetStream.Publish.Start"}), stream=1, chunk=5)),
    ]
    while data := peer.recv(65536):
        got += data
        while sent < len(answers) and answers[sent][0]():
            peer.sendall(answers[sent][1]())
            sent += 1
    peer.close()
    with open(path, "wb") as file:
        file.write(got)


def capture(path, inputs, codecs):
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    thread = threading.Thread(target=serve, args=(listener, path))
    thread.start()
    subprocess.run(QUIET + inputs + codecs + FLAGS + ["-f", "flv", f"rtmp://127.0.0.1:{port}/live/a-key?x=1"], check=True)
    thread.join()


def unhex(dump):
    """ffprobe's hex dump: an address, then groups of four digits, then text."""
    return bytes.fromhex("".join(line.split(": ", 1)[1][:39].replace(" ", "") for line in dump.strip().splitlines()))


def samples(path, inputs, codecs):
    """One line for each configuration (kind, codec, "config", hex) and frame (kind, dts, pts - dts, key, hex)."""
    subprocess.run(QUIET + inputs + codecs + FLAGS + [MADE], check=True)
    probe = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-show_packets", "-show_data", "-of", "json",
                            MADE], check=True, capture_output=True)
    found = json.loads(probe.stdout)
    with open(path, "w") as file:
        for stream in found["streams"]:
            file.write(f"{stream['codec_type']} {stream['codec_name']} config {unhex(stream['extradata']).hex()}\n")
        packets = [p for p in found["packets"]]
        first = min(float(p["dts_time"]) for p in packets)
        for p in sorted(packets, key=lambda p: float(p["dts_time"])):
            dts = round((float(p["dts_time"]) - first) * 1000)
            pts = round((float(p["pts_time"]) - first) * 1000)
            key = "key" if "K" in p["flags"] else "delta"
            file.write(f"{p['codec_type']} {dts} {pts - dts} {key} {unhex(p['data']).hex()}\n")


if __name__ == "__main__":
    aac = ["-c:a", "aac", "-b:a", "32k", "-ac", "1"]
    capture("ffmpeg-avc-aac.rtmp", picture(25) + TONE,
            ["-t", "4", "-c:v", "libx264", "-preset", "fast", "-bf", "2", "-g", "25", "-b:v", "150k", "-maxrate", "150k",
             "-bufsize", "150k", "-pix_fmt", "yuv420p"] + aac)
    capture("ffmpeg-audio.rtmp", TONE, ["-t", "2"] + aac)
    samples("hevc-aac.samples", picture(30) + TONE,
            ["-t", "4", "-c:v", "libx265", "-preset", "fast", "-x265-params", "keyint=30:min-keyint=30:open-gop=0:log-level=none",
             "-b:v", "100k", "-tag:v", "hvc1", "-pix_fmt", "yuv420p"] + aac)
    samples("av1-opus.samples", picture(30) + TONE,
            ["-t", "4", "-c:v", "libaom-av1", "-cpu-used", "8", "-g", "30", "-b:v", "100k", "-lag-in-frames", "0", "-pix_fmt",
             "yuv420p", "-c:a", "libopus", "-b:a", "24k", "-ac", "1"])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the MPEG-TS fixtures of this folder anew with Debian's ffmpeg, and beside each a .packets that says what
ffprobe finds in it: one line for each configuration (kind, number, "config", codec, hex, as ffmpeg writes it into MP4)
and one for each frame (kind, number, pts, dts, key, bytes, FNV-1a hash of the bytes as MP4 has them; times in 90 kHz).

    python3 capture_ts.py         # needs ffmpeg with libx264, libx265 and libopus

ts-avc-aac      320x180, 25 frames/s, H.264 with B-frames and open groups of pictures (recovery points), AAC stereo
ts-hevc-aac     320x180, 30 frames/s, HEVC with B-frames, AAC mono
ts-ladder       three pictures of 320x180, 192x108 and 96x54, one sound
ts-audio        AAC alone, 44100 Hz
ts-opus         96x54 and Opus
ts-wrap         H.264 and AAC whose times cross 2^33
"""
import json, os, subprocess, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
QUIET = ["-hide_banner", "-loglevel", "error"]
FLAGS = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
TONE = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100"]
AAC = ["-c:a", "aac", "-b:a", "32k"]
X264 = ["-c:v", "libx264", "-preset", "fast", "-pix_fmt", "yuv420p"]


def picture(rate, size="320x180"):
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}"]


def unhex(dump):
    """ffprobe's hex dump: an address, then groups of four digits, then text."""
    return bytes.fromhex("".join(line.split(": ", 1)[1][:39].replace(" ", "") for line in dump.strip().splitlines()))


def probe(path, *more):
    found = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-show_data", "-of", "json", *more, path],
                           check=True, capture_output=True)
    return json.loads(found.stdout)


def units(data):
    """NAL units between start codes."""
    starts, at = [], data.find(b"\0\0\1")
    while at >= 0:
        starts.append(at)
        at = data.find(b"\0\0\1", at + 3)
    for start, end in zip(starts, starts[1:] + [len(data)]):
        yield data[start + 3:end].rstrip(b"\0")


def as_mp4(codec, data):
    if codec == "aac":
        return data[7 if data[1] & 1 else 9:]
    if codec not in ("h264", "hevc"):
        return data
    left_out = (lambda head: head & 31 in (7, 8, 9, 12)) if codec == "h264" \
        else (lambda head: head >> 1 & 63 in (32, 33, 34, 35, 38))
    return b"".join(len(u).to_bytes(4, "big") + u for u in units(data) if u and not left_out(u[0]))


def fnv(data):
    value = 0x811C9DC5
    for byte in data:
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return f"{value:08x}"


def describe(path):
    numbers, lines = {}, []
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "made.mp4")
        subprocess.run(["ffmpeg", *QUIET, "-i", path, "-map", "0", "-c", "copy", made], check=True)
        for stream in probe(made)["streams"]:
            kind = stream["codec_type"]
            number = sum(1 for known in numbers.values() if known[0] == kind)
            numbers[stream["index"]] = (kind, number, stream["codec_name"])
            if stream["codec_name"] != "opus":
                lines.append(f"{kind} {number} config {stream['codec_name']} {unhex(stream['extradata']).hex()}")
    for packet in probe(path, "-show_packets")["packets"]:
        kind, number, codec = numbers[packet["stream_index"]]
        data = as_mp4(codec, unhex(packet["data"]))
        key = "key" if "K" in packet["flags"] else "delta"
        lines.append(f"{kind} {number} {packet['pts']} {packet['dts']} {key} {len(data)} {fnv(data)}")
    with open(path.removesuffix(".ts") + ".packets", "w") as file:
        file.write("\n".join(lines) + "\n")


def make(name, *arguments):
    path = os.path.join(HERE, name + ".ts")
    subprocess.run(["ffmpeg", *QUIET, "-y", *arguments, *FLAGS, "-f", "mpegts", path], check=True)
    describe(path)
    print(name, os.path.getsize(path))


if __name__ == "__main__":
    usual = [*X264, "-bf", "2", "-g", "25"]
    make("ts-avc-aac", *picture(25), *TONE, "-t", "3", *usual, "-b:v", "130k", "-x264-params", "open-gop=1", *AAC,
         "-ac", "2")
    make("ts-hevc-aac", *picture(30), *TONE, "-t", "2", "-c:v", "libx265", "-preset", "fast", "-x265-params",
         "keyint=30:min-keyint=30:open-gop=0:log-level=none", "-b:v", "100k", "-pix_fmt", "yuv420p", *AAC, "-ac", "1")
    make("ts-ladder", *picture(25), *TONE, "-t", "2", "-filter_complex",
         "[0:v]split=3[a][b][c];[b]scale=192:108[d];[c]scale=96:54[e]", "-map", "[a]", "-map", "[d]", "-map", "[e]",
         "-map", "1:a", *usual, "-b:v:0", "100k", "-b:v:1", "60k", "-b:v:2", "30k", *AAC, "-ac", "1")
    make("ts-audio", *TONE, "-t", "2", *AAC, "-ac", "1")
    make("ts-opus", *picture(25, "96x54"), *TONE, "-t", "1", *usual, "-b:v", "30k", "-c:a", "libopus", "-b:a", "24k",
         "-ac", "2")
    make("ts-wrap", *picture(25, "96x54"), *TONE, "-t", "2", *usual, "-b:v", "30k", *AAC, "-ac", "1",
         "-output_ts_offset", f"{2 ** 33 / 90000 - 2.4:.6f}")

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From the last frame of a part to the part listed: how long a frame lies here before anybody can have it.

usage: Benchmarks/listed.py [PROGRAM] [--seconds 60] [--profile usual] [--streams FOLDER]

An RTMP publisher of its own sends the stream frame by frame in real time and notes when each was written; a viewer in
a process of its own keeps one blocking reload open and notes when each part is first listed. Both read one clock.
"""
import argparse
import http.client
import multiprocessing
import os
import pathlib
import re
import socket
import statistics
import struct
import tempfile
import threading
import time

import kit

CHUNK = 65_536


def string(text):
    return b"\x02" + struct.pack(">H", len(text)) + text.encode()


def number(value):
    return b"\x00" + struct.pack(">d", value)


def record(fields):
    body = b"".join(struct.pack(">H", len(name)) + name.encode() + string(text) for name, text in fields.items())
    return b"\x03" + body + b"\x00\x00\x09"


def message(channel, kind, stream, milliseconds, body, size=CHUNK):
    """One RTMP message in chunks (5.3.1); times stay below 2^24 here."""
    head = bytes([channel]) + struct.pack(">I", milliseconds)[1:] + struct.pack(">I", len(body))[1:]
    pieces = [head + bytes([kind]) + struct.pack("<I", stream) + body[:size]]
    pieces += [bytes([0xC0 | channel]) + body[at : at + size] for at in range(size, len(body), size)]
    return b"".join(pieces)


def tags(file):
    """The tags of an FLV file: kind, milliseconds, body."""
    every, at = file.read_bytes(), 13
    while at + 11 <= len(every):
        size = int.from_bytes(every[at + 1 : at + 4], "big")
        when = int.from_bytes(every[at + 4 : at + 7], "big") | every[at + 7] << 24
        yield every[at], when, every[at + 11 : at + 11 + size]
        at += 15 + size


def connect(port, key):
    """A line to the studio that publishes."""
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(b"\x03" + bytes(8) + os.urandom(1528))
    answer = b""
    while len(answer) < 3_073:
        answer += line.recv(4_096)
    line.sendall(answer[1:1_537])

    def until(word):
        heard = b""
        while word not in heard:
            heard += line.recv(65_536)

    line.sendall(message(2, 1, 0, 0, struct.pack(">I", CHUNK), 128))
    place = {"app": "live", "type": "nonprivate", "tcUrl": f"rtmp://127.0.0.1:{port}/live"}
    line.sendall(message(3, 20, 0, 0, string("connect") + number(1) + record(place)))
    until(b"_result")
    line.sendall(message(3, 20, 0, 0, string("createStream") + number(2) + b"\x05"))
    until(b"_result")
    line.sendall(message(8, 20, 1, 0, string("publish") + number(3) + b"\x05" + string(key) + string("live")))
    until(b"NetStream.Publish.Start")
    threading.Thread(target=lambda: [None for _ in iter(lambda: line.recv(65_536), b"")], daemon=True).start()
    return line


def is_head(kind, body):
    """A sequence header: it is no frame."""
    return len(body) > 1 and body[1] == 0 and (kind == 9 and body[0] & 15 == 7 or kind == 8 and body[0] >> 4 == 10)


def send(line, file, seconds, sent):
    """Sends the file over and over; `sent` gets the media time and the clock of every picture, in sending order."""
    every = [tag for tag in tags(file) if tag[0] in (8, 9)]
    pictures = [when for kind, when, body in every if kind == 9 and not is_head(kind, body)]
    span = pictures[-1] - pictures[0] + round((pictures[-1] - pictures[0]) / (len(pictures) - 1))
    began, lap = time.monotonic() + 0.2, 0
    while time.monotonic() - began < seconds:
        for kind, when, body in every:
            if is_head(kind, body) and lap:
                continue
            at = when + lap * span
            time.sleep(max(0, began + at / 1000 - time.monotonic()))
            line.sendall(message(6 if kind == 9 else 4, kind, 1, at, body))
            if kind == 9 and not is_head(kind, body):
                sent.append((at, time.monotonic()))
            if time.monotonic() - began > seconds:
                break
        lap += 1


def watch(seconds, tell):
    """Tells (media sequence number, part, its seconds, when it was first seen) of every part, by blocking reloads."""
    address, text = kit.wait_for(f"http://127.0.0.1:{kit.HTTP}/live/hall/index.m3u8")
    base = re.match(r"http://[^/]+(/.*/)", address).group(1)
    line = http.client.HTTPConnection("127.0.0.1", kit.HTTP, timeout=20)
    query, known, began, found = "", set(), time.monotonic(), []
    while time.monotonic() - began < seconds:
        line.request("GET", f"{base}v0.m3u8{query}")
        answer = line.getresponse()
        text, now = answer.read().decode(), time.monotonic()
        if answer.status != 200:
            break
        sequence, part = int(re.search(r"MEDIA-SEQUENCE:(\d+)", text).group(1)), 0
        for row in text.splitlines():
            if row.startswith("#EXT-X-PART:"):
                if (sequence, part) not in known:
                    known.add((sequence, part))
                    found.append((sequence, part, float(re.search(r"DURATION=([0-9.]+)", row).group(1)), now))
                part += 1
            elif row and not row.startswith("#"):
                sequence, part = sequence + 1, 0
        query = f"?_HLS_msn={sequence}&_HLS_part={part}"
    tell.put(found)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("program", nargs="?", default=".build/release/sanyan")
    words.add_argument("--seconds", type=int, default=60)
    words.add_argument("--profile", default="usual")
    words.add_argument("--streams", default="/tmp/sanyan-streams", help="where the encoded stream is kept")
    words = words.parse_args()
    kit.private_network()
    kit.need("ffmpeg", "taskset")
    pathlib.Path(words.streams).mkdir(exist_ok=True)
    stream = kit.loop_file(words.streams)
    with tempfile.TemporaryDirectory() as folder:
        print(kit.conditions(words.program))
        with kit.studio(words.program, pathlib.Path(folder) / "data", words.profile):
            told = multiprocessing.Queue()
            viewer = multiprocessing.Process(target=watch, args=(words.seconds - 1, told))
            viewer.start()
            sent = []
            send(connect(kit.RTMP, kit.KEY), stream, words.seconds, sent)
            parts = told.get(timeout=30)
            viewer.join()
    report(parts, sent)


def report(parts, sent):
    """A part ends where the sum of all parts' seconds does: its last picture is the one before."""
    times = [at for at, _ in sent]
    written, position, lags, next_lags = dict(sent), times[0], [], []
    for _, _, seconds, seen in sorted(parts):
        position += seconds * 1000
        last = max((at for at in times if at < position - 5), default=None)
        after = min((at for at in times if at >= position - 5), default=None)
        # Nothing is listed before the first segment is whole: what was in it waited for that.
        if last is None or after is None or position < times[0] + 5_000:
            continue
        lags.append((seen - written[last]) * 1000)
        next_lags.append((seen - written[after]) * 1000)
    print(
        f"{len(lags)} parts · last frame sent → listed: median {statistics.median(lags):.1f} ms,"
        f" 99th percentile {kit.quantile(lags, 0.99):.1f} ms   (goal 2 and 10)"
    )
    print(f"  counted from the frame after it: median {statistics.median(next_lags):.1f} ms, "
          f"99th percentile {kit.quantile(next_lags, 0.99):.1f} ms")


if __name__ == "__main__":
    main()

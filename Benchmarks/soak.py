#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hours of publishing: does memory stay flat, and do picture and sound stay in step?

usage: Benchmarks/soak.py [PROGRAM] [--minutes 120] [--profile usual] [--begin MILLISECONDS]

ffmpeg publishes a picture that flashes once a second, each time with a beep. Each minute the newest pieces are played
by ffmpeg from the plain playlist, and the flash's time is taken from the beep's. What the encoder itself puts between
them is measured once in a file of its own; only what we add to it counts. `--begin` shifts the encoder's clock, so
that it crosses 2^24 or 2^32 ms on the way. Loopback only, in a network of its own.
"""
import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import kit

PICTURE = "color=black:s=320x180:r=30,drawbox=w=iw:h=ih:color=white:t=fill:enable='lt(mod(n,30),2)'"
SOUND = "aevalsrc='0.8*sin(2*PI*1000*t)*lt(mod(t,1),0.06)':s=48000"
ENCODER = ["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", PICTURE, "-re", "-f", "lavfi", "-i", SOUND]
ENCODER += "-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 60 -c:a aac -b:a 96k".split()


def readings(file):
    """(seconds, value) of each frame that ffmpeg's metadata filter printed."""
    at = None
    for row in file.read_text().splitlines():
        if found := re.search(r"pts_time:\s*(-?[\d.]+)", row):
            at = float(found.group(1))
        elif at is not None and "=" in row:
            yield at, float(row.split("=")[1])


def rises(rows, threshold):
    """The seconds at which a value went above the threshold."""
    rows = list(rows)
    return [now for (_, before), (now, value) in zip(rows, rows[1:]) if before <= threshold < value]


def newest(folder):
    """The last three segments that the plain playlist lists, as one file."""
    address, text = kit.get(f"http://127.0.0.1:{kit.HTTP}/live/hall/plain.m3u8")
    base = address.rsplit("/", 1)[0] + "/"
    inner = [row for row in text.splitlines() if row and not row.startswith("#")][0]
    text = kit.get(base + inner)[1]
    pieces = re.findall(r'#EXT-X-MAP:URI="([^"]+)"', text)[-1:]
    pieces += [row for row in text.splitlines() if row and not row.startswith("#")][-3:]
    file = folder / "newest.mp4"
    with file.open("wb") as out:
        for piece in pieces:
            with urllib.request.urlopen(base + piece, timeout=10) as answer:
                out.write(answer.read())
    return file


def steps(source, folder):
    """How much later than its flash each beep begins, in milliseconds."""
    picture, sound = folder / "picture.txt", folder / "sound.txt"
    graph = f"[0:v]signalstats,metadata=print:key=lavfi.signalstats.YAVG:file={picture}[v];"
    graph += "[0:a]aresample=48000,asetnsamples=n=48,astats=metadata=1:reset=1:measure_perchannel=none,"
    graph += f"ametadata=print:key=lavfi.astats.Overall.RMS_level:file={sound}[a]"
    words = ["ffmpeg", "-v", "error", "-copyts", "-i", source, "-filter_complex", graph]
    words += ["-map", "[v]", "-f", "null", "-", "-map", "[a]", "-f", "null", "-"]
    said = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False).stderr
    if said:
        print(f"  ffmpeg says of it: {said.strip()[-300:]}")
    flashes, beeps = rises(readings(picture), 120), rises(readings(sound), -30)
    nearest = [(beep - min(flashes, key=lambda flash: abs(flash - beep))) * 1000 for beep in beeps if flashes]
    return [step for step in nearest if abs(step) < 400]


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("program", nargs="?", default=".build/release/sanyan")
    words.add_argument("--minutes", type=int, default=120)
    words.add_argument("--profile", default="usual")
    words.add_argument("--begin", type=int, default=0, help="the encoder's clock at the start, in milliseconds")
    words = words.parse_args()
    kit.private_network()
    kit.need("ffmpeg")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        print(kit.conditions(words.program))
        subprocess.run(ENCODER + ["-t", "8", folder / "alone.flv"], check=True)
        alone = statistics.median(steps(folder / "alone.flv", folder))
        print(f"the encoder alone: the beep begins {alone:+.1f} ms after the flash")
        door = ["-output_ts_offset", f"{words.begin / 1000}"] if words.begin else []
        door += ["-f", "flv", f"rtmp://127.0.0.1:{kit.RTMP}/live/{kit.KEY}"]
        with (
            kit.studio(words.program, folder / "data", words.profile, cpu=None) as ours,
            kit.running(ENCODER + door, quiet=False) as encoder,
        ):
            kit.wait_for(f"http://127.0.0.1:{kit.HTTP}/live/hall/plain.m3u8")
            rows = []
            began = time.monotonic()
            for minute in range(words.minutes):
                time.sleep(max(0, began + (minute + 1) * 60 - time.monotonic()))
                found = steps(newest(folder), folder)
                if encoder.poll() is not None:
                    sys.exit("the encoder ended")
                if not found:
                    print(f"minute {minute + 1}: no flash or no beep in {(folder / 'newest.mp4').stat().st_size} bytes")
                    continue
                offset = statistics.median(found) - alone
                rows.append((offset, kit.memory(ours.pid), kit.memory(ours.pid, "VmRSS")))
                print(
                    f"minute {minute + 1}: sound {offset:+.1f} ms of the picture, own memory {rows[-1][1]} KB,"
                    f" resident {rows[-1][2]} KB, drops {kit.metric('drops_total'):.0f}"
                )
    if not rows:
        sys.exit("nothing was seen")
    worst = max(abs(row[0]) for row in rows)
    full = rows[min(1, len(rows) - 1)]  # After two minutes the window is full.
    print(
        f"{len(rows)} minutes: picture and sound within {worst:.1f} ms (goal 20); own memory"
        f" {rows[-1][1] - full[1]:+d} KB since minute 2 (goal flat)"
    )


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From glass to glass: how old is the picture that a browser shows.

usage: .venv/bin/python Benchmarks/latency.py [PROGRAM] [--minutes 10] [--profiles usual campus]

Every picture carries the time it was drawn as black and white fields. ffmpeg encodes it (x264 veryfast, zerolatency,
key frames every two seconds) and sends it by RTMP; a headless Chromium opens the watch page, and for each picture that
its player shows, the fields are read from a canvas and compared with the same machine's clock. Encoding, sending,
packaging, fetching and the player's own distance are all in it; a camera's and a screen's delay are not.
Wants scripts/setup.sh --tests. Loopback only, in a network of its own.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import kit

WIDTH, HEIGHT, RATE = 640, 360, 30
FIELDS, BAND = 32, 64
MODULUS = 1 << 24


def check(value):
    """Four groups of six bits, added up: six bits that tell a torn picture from a whole one."""
    return sum(value >> shift & 63 for shift in (0, 6, 12, 18)) & 63


def picture(milliseconds, count):
    """A frame in YUV 4:2:0: white, black, 24 bits of time, 6 of check; below it a slope that moves."""
    value = milliseconds % MODULUS
    bits = [1, 0] + [value >> bit & 1 for bit in range(23, -1, -1)] + [check(value) >> bit & 1 for bit in range(5, -1, -1)]
    row = b"".join((b"\xeb" if bit else b"\x10") * (WIDTH // FIELDS) for bit in bits)
    slope = bytes(40 + (x // 4 + count * 3) % 160 for x in range(WIDTH))
    return row * BAND + slope * (HEIGHT - BAND) + b"\x80" * (WIDTH * HEIGHT // 2)


def draw(pipe, stop):
    """A picture every thirtieth of a second, stamped as it is made."""
    began, count = time.time(), 0
    while not stop.is_set():
        due = began + count / RATE
        time.sleep(max(0, due - time.time()))
        try:
            pipe.write(picture(int(time.time() * 1000), count))
            pipe.flush()
        except (BrokenPipeError, ValueError):
            return
        count += 1


READER = """() => {
  const video = document.querySelector("video");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [%(fields)d * 4, 8];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  window.ages = []; window.torn = 0; window.stalls = 0;
  video.addEventListener("waiting", () => { window.stalls += 1; });
  const read = (now, facts) => {
    video.requestVideoFrameCallback(read);
    pen.drawImage(video, 0, 0, video.videoWidth, video.videoHeight * %(band)d / %(height)d, 0, 0, canvas.width, 8);
    const pixels = pen.getImageData(0, 4, canvas.width, 1).data;
    let [value, sum] = [0, 0];
    const bit = (field) => (pixels[(field * 4 + 2) * 4] > 128 ? 1 : 0);
    for (let field = 2; field < 26; field += 1) value = value * 2 + bit(field);
    for (let field = 26; field < 32; field += 1) sum = sum * 2 + bit(field);
    const groups = [0, 6, 12, 18].reduce((all, shift) => all + ((value >> shift) & 63), 0) & 63;
    if (bit(0) !== 1 || bit(1) !== 0 || groups !== sum) { window.torn += 1; return; }
    const shown = Date.now() + (facts.expectedDisplayTime - performance.now());
    const age = (Math.round(shown) %% %(modulus)d - value + %(modulus)d) %% %(modulus)d;
    window.ages.push([age, video.currentTime]);
  };
  video.requestVideoFrameCallback(read);
}""" % {"fields": FIELDS, "band": BAND, "height": HEIGHT, "modulus": MODULUS}


def encoder():
    words = (
        f"ffmpeg -v error -f rawvideo -pix_fmt yuv420p -s {WIDTH}x{HEIGHT} -r {RATE} -i - -f lavfi"
        f" -i sine=frequency=440:sample_rate=48000 -c:v libx264 -preset veryfast -tune zerolatency -g {RATE * 2} -b:v 1000k"
        f" -c:a aac -b:a 96k -flush_packets 1 -f flv rtmp://127.0.0.1:{kit.RTMP}/live/{kit.KEY}"
    )
    return subprocess.Popen(words.split(), stdin=subprocess.PIPE)


def measure(program, profile, minutes, browser):
    """Rows of (minute, median, 99th percentile, pictures), every age, and what went wrong."""
    with tempfile.TemporaryDirectory() as folder, kit.studio(program, pathlib.Path(folder), profile, cpu=None):
        source, stop = encoder(), threading.Event()
        artist = threading.Thread(target=draw, args=(source.stdin, stop), daemon=True)
        artist.start()
        try:
            kit.wait_for(f"http://127.0.0.1:{kit.HTTP}/live/hall/index.m3u8")
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{kit.HTTP}/watch/hall")
            for _ in range(300):
                page.wait_for_timeout(100)
                if page.evaluate("document.querySelector('video').currentTime") > 0:
                    break
            page.wait_for_timeout(8_000)  # It comes near by gentle speed first.
            page.evaluate(READER)
            ages, rows = [], []
            for minute in range(minutes):
                mine = []
                for _ in range(12):
                    page.wait_for_timeout(5_000)
                    mine += [age for age, _ in page.evaluate("window.ages.splice(0)")]
                ages += mine
                rows.append((minute + 1, statistics.median(mine), kit.quantile(mine, 0.99), len(mine)))
                print(f"  minute {minute + 1}: median {rows[-1][1]:.0f} ms, 99 % {rows[-1][2]:.0f} ms, {len(mine)} pictures")
            torn, stalls = page.evaluate("[window.torn, window.stalls]")
            page.close()
            return rows, ages, torn, stalls
        finally:
            stop.set()
            source.kill()
            source.wait()
            artist.join(5)


def growth(rows):
    """Milliseconds a minute, by least squares over the minutes' medians."""
    if len(rows) < 2:
        return 0.0
    mean, middle = statistics.mean(row[0] for row in rows), statistics.mean(row[1] for row in rows)
    return sum((row[0] - mean) * (row[1] - middle) for row in rows) / sum((row[0] - mean) ** 2 for row in rows)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("program", nargs="?", default=".build/release/sanyan")
    words.add_argument("--minutes", type=int, default=10)
    words.add_argument("--profiles", nargs="+", default=["usual", "campus"])
    words.add_argument("--chromium", default="/usr/bin/chromium")
    words = words.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("run scripts/setup.sh --tests, then this with .venv/bin/python")
    kit.private_network()
    kit.need("ffmpeg")
    print(kit.conditions(words.program))
    goals = {"usual": 2_000, "campus": 1_200}
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        browser = playwright.chromium.launch(executable_path=words.chromium, args=options)
        for profile in words.profiles:
            print(f"profile {profile}")
            rows, ages, torn, stalls = measure(words.program, profile, words.minutes, browser)
            print(
                f"{profile}: {len(ages)} pictures, median {statistics.median(ages):.0f} ms, 99th percentile"
                f" {kit.quantile(ages, 0.99):.0f} ms, grows by {growth(rows):.1f} ms a minute over {words.minutes} min,"
                f" {stalls} stalls, {torn} unreadable   (goal: median under {goals.get(profile, 0)} ms, no growth)"
            )
        browser.close()


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Viewers open /watch/NAME while ffmpeg publishes: the picture comes by itself, stays close, goes on within two seconds
whenever the encoder returns, goes back to the beginning and to live again; axe finds nothing, nothing is too wide."""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.request

import kit

DROPS = [2, 4, 1.5, 3, 7, 2]
STATE = "(({dataset, currentTime}) => ({...dataset, at: currentTime}))(document.querySelector('video'))"


def port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


class Hall:
    """A studio with one broadcast, and the encoder that publishes to it."""

    def __init__(self, folder):
        self.http, self.rtmp, self.encoder = port(), port(), None
        words = f"studio --broadcast hall:a-key-for-the-test --http 127.0.0.1:{self.http} --rtmp 127.0.0.1:{self.rtmp}"
        words += f" --srt 127.0.0.1:{port()} --data {folder}"
        self.program = subprocess.Popen([os.environ["PROGRAM"], *words.split()], stdout=subprocess.DEVNULL)
        self.address = f"http://127.0.0.1:{self.http}"
        end = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.address + "/healthz")
                return
            if time.monotonic() > end:
                sys.exit("the studio never answered /healthz")
            time.sleep(0.05)

    def publish(self):
        words = (
            "ffmpeg -v error -re -f lavfi -i testsrc2=size=640x360:rate=30 -f lavfi -i sine=frequency=440:sample_rate=48000"
            " -t 600 -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 60 -b:v 800k -c:a aac"
            f" -f flv rtmp://127.0.0.1:{self.rtmp}/live/a-key-for-the-test"
        )
        self.encoder = subprocess.Popen(words.split(), stderr=subprocess.DEVNULL)

    def drop(self):
        if self.encoder:
            self.encoder.kill()
            self.encoder.wait()

    def publication(self):
        """Whose the newest part is that is listed: every publisher's parts, and a slate's, have a word of their own."""
        with urllib.request.urlopen(self.address + "/live/hall/v0.m3u8") as answer:
            parts = re.findall(r'#EXT-X-PART:.*URI="(\w+)-', answer.read().decode())
        return parts[-1] if parts else ""

    def close(self):
        self.drop()
        self.program.kill()
        self.program.wait()


def until(page, condition, seconds, what):
    """Waits for it, and fails with what was awaited and how the player stands."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        page.wait_for_timeout(50)
    sys.exit(f"not within {seconds} s: {what}; {page.evaluate(STATE)}")


def place(page):
    return page.evaluate("document.querySelector('video').currentTime")


def begins(hall, page):
    """The page was there first: it waits, and the picture comes by itself."""
    page.goto(hall.address + "/watch/hall")
    until(page, lambda: page.evaluate("document.body.dataset.scene") == "waiting", 10, "that it waits")
    kit.check(page, "waiting")
    hall.publish()
    until(page, lambda: place(page) > 0, 15, "a first picture")
    first = place(page)
    until(page, lambda: place(page) > first + 4, 12, "four seconds of picture")
    found = page.evaluate(STATE)
    latency = float(found["latency"])
    print(f"behind the studio by {latency:.2f} s")
    if latency > 3 or found["state"] != "playing":
        sys.exit(f"not close enough, or not playing: {found}")
    page.mouse.move(200, 300)
    kit.check(page, "live")


def returns(hall, page):
    """The encoder drops and returns, again and again."""
    for gone in DROPS:
        hall.drop()
        page.wait_for_timeout(int(gone * 1000))
        word = hall.publication()
        hall.publish()
        until(page, lambda: hall.publication() != word, 20, "a new part")
        began, before = time.monotonic(), place(page)
        until(page, lambda: place(page) > before + 0.1, 2, f"the picture after {gone} s without the encoder")
        print(f"away for {gone} s: the picture went on {time.monotonic() - began:.2f} s after the first new part")
        # And so it goes on.
        before = place(page)
        until(page, lambda: place(page) > before + 2, 5, "two seconds more")
    if int(page.evaluate(STATE)["stalls"]) > 2:
        sys.exit(f"it stood still too often: {page.evaluate(STATE)}")


def rewinds(page):
    """Back to the beginning by key, and to live again."""
    page.focus("#bar-place")
    page.keyboard.press("Home")
    until(page, lambda: 9 < place(page) < 15 and page.evaluate(STATE)["state"] == "playing", 10, "the beginning")
    kit.shot(page, "beginning")
    before = place(page)
    until(page, lambda: place(page) > before + 2, 8, "that the beginning plays")
    page.keyboard.press("l")
    until(page, lambda: float(page.evaluate(STATE)["latency"]) < 4, 10, "live again")


def main():
    folder = pathlib.Path(os.environ["DATA"])
    folder.mkdir(parents=True, exist_ok=True)
    hall = Hall(folder)
    try:
        with kit.browser() as chromium:
            with kit.desktop(chromium) as page:
                page.add_init_script("globalThis.loads = (globalThis.loads ?? 0) + 1")
                begins(hall, page)
                origin = page.evaluate("performance.timeOrigin")
                returns(hall, page)
                rewinds(page)
                if page.evaluate("performance.timeOrigin") != origin:
                    sys.exit("the page was loaded again")
            with kit.phone(chromium) as page:
                page.goto(hall.address + "/watch/hall")
                until(page, lambda: place(page) > 0, 15, "a picture on a phone")
                kit.check(page, "phone")
    finally:
        hall.close()


main()

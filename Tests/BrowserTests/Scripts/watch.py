# SPDX-License-Identifier: Apache-2.0
"""A viewer opens /watch/NAME while ffmpeg publishes: the picture moves, goes on when the encoder returns, and nothing is said
against it in the browser's console."""

import os
import pathlib
import socket
import subprocess
import sys
import time

from playwright.sync_api import sync_playwright


def port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def publish(rtmp, seconds):
    words = (
        "ffmpeg -v error -re -f lavfi -i testsrc2=size=640x360:rate=30 -f lavfi -i sine=frequency=440:sample_rate=48000"
        f" -t {seconds} -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 60 -b:v 800k -c:a aac"
        f" -f flv rtmp://127.0.0.1:{rtmp}/live/a-key-for-the-test"
    )
    return subprocess.Popen(words.split())


def place(page):
    return page.evaluate("document.querySelector('video').currentTime")


def until(page, condition, seconds, what):
    """Waits for it, and fails with what was awaited."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        page.wait_for_timeout(100)
    sys.exit(f"not within {seconds} s: {what}")


def main():
    folder = pathlib.Path(os.environ["DATA"])
    folder.mkdir(parents=True, exist_ok=True)
    http, rtmp = port(), port()
    program = [os.environ["PROGRAM"], "studio", "--broadcast", "hall:a-key-for-the-test"]
    program += ["--http", f"127.0.0.1:{http}", "--rtmp", f"127.0.0.1:{rtmp}", "--data", str(folder)]
    children = [subprocess.Popen(program)]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
            )
            page = browser.new_page()
            said = []
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("console", lambda line: said.append(line.text) if "Security Policy" in line.text else None)
            time.sleep(1)
            children.append(publish(rtmp, 10))
            page.goto(f"http://127.0.0.1:{http}/watch/hall")
            until(page, lambda: place(page) > 0, 15, "a first picture")
            first = place(page)
            until(page, lambda: place(page) > first + 3, 10, "three seconds of picture")
            latency = float(page.evaluate("document.querySelector('video').dataset.latency"))
            print(f"behind by {latency:.2f} s")
            if latency > 4:
                sys.exit("too far behind")
            page.screenshot(path=os.environ["OUT"] + "/watch.png")
            children[-1].wait(timeout=30)
            before = place(page)
            page.wait_for_timeout(2000)
            children.append(publish(rtmp, 12))
            until(page, lambda: place(page) > before + 5, 20, "the picture after the encoder returned, without a reload")
            if said:
                sys.exit("\n".join(said))
            browser.close()
    finally:
        for child in children:
            child.kill()
            child.wait()


main()

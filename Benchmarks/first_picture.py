#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How soon a browser shows the first picture of a meeting, from opening the room's page.

usage: .venv/bin/python Benchmarks/first_picture.py [PROGRAM] [--times 10]

An encoder (aiortc, 640 × 360) is in the room already. A headless Chromium that is running opens the room's page and
presses the button three seconds later; the time is that of the first frame in the other's tile, counted from the press.
Then the page is reloaded, which comes back to its seat, and the time counts from the beginning of the navigation. Every
time is a context of its own, with nothing in its cache. Wants scripts/setup.sh --tests. Loopback only.
"""
import argparse
import asyncio
import os
import pathlib
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/BrowserTests/Scripts"))

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
]
# The first frame of somebody else.
WATCH = """
const look = () => {
  const all = [...document.querySelectorAll(".tile:not(.mirrored) video")];
  if (all.some((one) => one.videoWidth > 0 && one.readyState > 1)) window.seenAt_ = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""

PRESS = """() => {
  document.querySelector("#entry-name").value = "ผู้ชม";
  document.querySelector("#enter").click();
  return performance.now();
}"""


async def first(page):
    """Milliseconds from the navigation's beginning to the first picture."""
    for _ in range(400):
        found = await page.evaluate("window.seenAt_ ?? 0")
        if found:
            return found
        await asyncio.sleep(0.05)
    sys.exit("no picture in twenty seconds")


async def measure(browser, address, times):
    entered, reloaded = [], []
    for _ in range(times):
        context = await browser.new_context()
        await context.add_init_script(WATCH)
        page = await context.new_page()
        await page.goto(address, wait_until="commit")
        await asyncio.sleep(3)
        pressed = await page.evaluate(PRESS)
        entered.append(await first(page) - pressed)
        await page.reload(wait_until="commit")
        reloaded.append(await first(page))
        await context.close()
        await asyncio.sleep(0.5)
    for what, found in (("the button pressed", entered), ("reloaded", reloaded)):
        print(f"{what}: median {statistics.median(found):.0f} ms, {min(found):.0f} to {max(found):.0f}")


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="?", default=str(ROOT / ".build/release/sanyan"))
    parser.add_argument("--times", type=int, default=10)
    asked = parser.parse_args()
    os.environ.update(PROGRAM=asked.program, DATA=tempfile.mkdtemp(prefix="sanyan-first-"))
    import kit
    from peers import publish
    from playwright.async_api import async_playwright
    from studio import Studio

    print(f"machine load {os.getloadavg()[0]:.1f}")
    studio = Studio()
    try:
        publisher, _ = await publish(studio.address + "/whip/hall")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FLAGS)
            await measure(browser, studio.address + "/room/hall", asked.times)
            await browser.close()
        await publisher.close()
    finally:
        studio.close()


if __name__ == "__main__":
    asyncio.run(main())

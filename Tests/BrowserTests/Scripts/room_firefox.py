# SPDX-License-Identifier: Apache-2.0
"""Chromium and Firefox meet in a room: each sees the other's camera and hears the other, and both know the same of it."""

import pathlib
import sys

from playwright.sync_api import sync_playwright

import kit
from firefox import Firefox
from room_page import FLAGS, LARGE, enter, flows, pixels, reader, tile
from studio import Studio, until

HOST, GUEST = "ผศ. สมหญิง ตัวอย่าง", "ไฟร์ฟอกซ์ ใจดี"
CLOCK = (pathlib.Path(__file__).parent / "calls.js").read_text()
SEEN = CLOCK + """
    const one = [...document.querySelectorAll(".tile:not(.mirrored)")].find((one) => one.textContent.includes(given[0]));
    const video = one?.querySelector("video");
    return video?.videoWidth ? readClock(video) : null;"""
HEARD = "return [...document.querySelectorAll('audio')].filter((one) => !one.paused && one.srcObject?.active).length;"


def enter_by_firefox(firefox, address):
    window = firefox.window(address)
    ready = "return document.querySelectorAll('#door:not([hidden]) .switches [aria-pressed=true]').length === 2;"
    until(lambda: firefox.run(window, ready), 20, "that Firefox stands at the door with its devices")
    firefox.shot(window, kit.OUT / "firefox-door.png")
    code = "document.querySelector('#entry-name').value = given[0]; document.querySelector('#enter').click(); return true;"
    firefox.run(window, code, GUEST)
    until(lambda: firefox.run(window, "return document.body.dataset.place === 'inside';"), 10, "that Firefox is inside")
    return window


def main():
    # Firefox has no way to 127.0.0.1: it calls from this machine's own address to the same.
    studio, firefox = Studio("0.0.0.0"), Firefox()
    address = studio.address + "/room/hall"
    try:
        print("Firefox", firefox.version)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FLAGS)
            with reader(chromium, "host", 1280, 800, clock=LARGE) as host:
                enter(host, address, HOST)
                window = enter_by_firefox(firefox, address)
                found = until(lambda: firefox.run(window, SEEN, HOST), 15, "Chromium's picture in Firefox")
                print(f"Firefox sees Chromium {found['late']} ms late")
                if found["late"] > 3_000:
                    sys.exit(f"the picture in Firefox is late: {found}")
                first = until(lambda: pixels(host, GUEST) or host.wait_for_timeout(50), 15, "Firefox's picture in Chromium")
                until(lambda: pixels(host, GUEST) != first or host.wait_for_timeout(50), 5, "that Firefox's picture moves")
                flows(host, "audio", "inbound", "totalAudioEnergy", "that Chromium hears Firefox", 10)
                if not firefox.run(window, HEARD):
                    sys.exit("Firefox plays no sound")
                firefox.run(window, "document.querySelector('#bar-hand').click(); return true;")
                host.wait_for_selector(f"{tile(GUEST)} .mark.hand")
                host.click("#bar-talk")
                host.fill("#chat-text", "สวัสดีไฟร์ฟอกซ์")
                host.press("#chat-text", "Enter")
                read = "return document.body.textContent.includes(given[0]);"
                until(lambda: firefox.run(window, read, "สวัสดีไฟร์ฟอกซ์"), 5, "the message in Firefox")
                firefox.shot(window, kit.OUT / "firefox-inside.png")
                host.screenshot(path=str(kit.OUT / "beside-firefox.png"))
                made = "document.body.dataset.place === 'inside'"
                firefox.run(window, "dispatchEvent(new Event('online')); return true;")
                host.wait_for_timeout(2_000)
                found = firefox.run(window, SEEN, HOST)
                if not firefox.run(window, f"return {made};") or not found or found["late"] > 3_000:
                    sys.exit(f"the picture did not stay after a restart of ICE: {found}")
                print("Chromium and Firefox meet, and a restart of ICE keeps the picture")
            chromium.close()
    finally:
        firefox.close()
        studio.close()


main()

# SPDX-License-Identifier: Apache-2.0
"""An officer of the demo office takes a broadcast through its console: the key, a real ffmpeg that publishes, figures and
a preview by themselves, on air, a slate, a marker, an incident, off air; at a desk, and looked at on a small phone."""

import contextlib
import re
import subprocess
import time

import demo
import kit
from kit import Wrong, expect

OFFICERS = ("5", "6", "7", "8", "11")
MATTERS = range(1, 80)


@contextlib.contextmanager
def encoder(rtmp, key):
    words = (
        "ffmpeg -v error -re -f lavfi -i testsrc2=size=640x360:rate=30 -f lavfi -i sine=frequency=440:sample_rate=48000"
        " -t 600 -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 60 -b:v 800k -c:a aac"
        f" -f flv rtmp://{rtmp}/live/{key}"
    )
    child = subprocess.Popen(words.split(), stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def sign_in(page, officer):
    page.goto(kit.BASE_URL + "/sign-in")
    with page.expect_navigation():
        page.locator(f"button[name=person][value='{officer}']").click()


def console(page):
    """The console of a broadcast that one of the officers may put on air now; answers its address."""
    for officer in OFFICERS:
        sign_in(page, officer)
        for matter in MATTERS:
            address = f"{kit.BASE_URL}/matters/{matter}/console"
            answer = page.request.get(address, max_redirects=0)
            if answer.status == 200 and "/console/air\"" in answer.text() and "/stream-keys\"" in answer.text():
                return address, officer
    raise Wrong("no officer of the demo has a broadcast to put on air")


def shown_key(page, address):
    """What the officer copies into OBS."""
    page.goto(address)
    with page.expect_navigation():
        page.locator("form[action$='/stream-keys'] button").first.click()
    values = page.eval_on_selector_all("input[readonly]", "fields => fields.map((field) => field.value)")
    keys = [value for value in values if re.fullmatch(r"[A-Za-z0-9_-]{24,}", value)]
    if not keys:
        raise Wrong(f"{page.url} shows no stream key")
    return keys[0]


def gauges(page):
    """The figures of what comes in, by the order that they are in: bits, pictures, key frames, drops."""
    return page.locator("#console-signal .gauges dd").all_inner_texts()


def air(page, word):
    """Presses the great button, which is `on` or `off`, and waits until it is the other one."""
    page.locator(f"#air-{word}").click()
    expect(page.locator(f"#air-{'off' if word == 'on' else 'on'}")).to_be_visible(timeout=20_000)


def publishes(page):
    """The figures and the preview appear without anybody touching the page."""
    origin = page.evaluate("performance.timeOrigin")
    expect(page.locator("#console-signal .gauges dd").first).to_contain_text("Mbit/s", timeout=30_000)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        bits, pictures, keys, drops = gauges(page)
        if re.match(r"[23]\d\.", pictures) and keys.startswith("2.0") and drops == "0":
            break
        page.wait_for_timeout(200)
    else:
        raise Wrong(f"the figures are not the encoder's: {gauges(page)}")
    print(f"comes in: {bits}, {pictures} pictures a second, a key frame every {keys}")
    # Nobody scrolls to it in a window of this height: it is loaded when it comes near.
    page.locator("iframe.preview").scroll_into_view_if_needed()
    picture = page.frame_locator("iframe.preview").locator("video")
    picture.evaluate(
        "(video) => new Promise((done) => setInterval(() => video.currentTime > 0.5 && done(true), 100))", timeout=30_000)
    if page.evaluate("performance.timeOrigin") != origin:
        raise Wrong("the page was loaded again")


def airs(page):
    air(page, "on")
    page.locator("#slate-backSoon").click()
    expect(page.locator("#slate-backSoon")).to_have_attribute("aria-pressed", "true")
    kit.shot(page, "slate")
    page.locator("#slate-none").click()
    expect(page.locator("#slate-none")).to_have_attribute("aria-pressed", "true")
    page.locator("#mark").fill("ประธานกล่าวเปิด")
    page.locator("form[action$='/console/markers'] button").click()
    expect(page.locator(".markers li", has_text="ประธานกล่าวเปิด")).to_be_visible()


def incident(page):
    """Something goes wrong, and is told with two taps."""
    page.locator("summary", has_text="เหตุ").first.click()
    form = page.locator("form.incident").first
    form.locator("input[type=checkbox]").first.check()
    form.locator("textarea").fill("เสียงขาดหายครู่หนึ่ง")
    with page.expect_navigation():
        form.locator("button[name=severity]").first.click()
    if page.locator(".errors li").count():
        raise Wrong(f"the incident is refused: {page.locator('.errors li').all_inner_texts()}")
    page.goto(page.url.split("/console")[0])
    expect(page.get_by_text("เสียงขาดหายครู่หนึ่ง").first).to_be_visible()


def main():
    with demo.running() as office, kit.browser() as chromium:
        with kit.desktop(chromium) as page:
            address, officer = console(page)
            page.goto(address)
            kit.check(page, "awaited")
            key = shown_key(page, address)
            page.goto(address)
            with encoder(office.rtmp, key):
                publishes(page)
                kit.check(page, "rehearsing")
                airs(page)
                kit.check(page, "on-air")
                with kit.phone(chromium) as small:
                    sign_in(small, officer)
                    small.goto(address)
                    expect(small.locator("#console-signal .gauges dd").first).to_contain_text("Mbit/s")
                    kit.check(small, "phone")
                incident(page)
                page.goto(address)
                air(page, "off")
                expect(page.locator("#console-signal .gauges dd").first).to_contain_text("Mbit/s")
                # A preview that waits for a picture is answered 503 when none comes, which Chromium calls an error.
                page.evaluate("document.querySelector('iframe.preview')?.remove()")
            # The encoder is gone: the console says so by itself.
            expect(page.locator("#console-signal .gauges dd").first).to_have_text("–", timeout=20_000)
            kit.check(page, "gone")


main()

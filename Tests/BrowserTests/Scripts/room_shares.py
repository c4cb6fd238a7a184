# SPDX-License-Identifier: Apache-2.0
"""Files, the small window, pages of pictures, the keyboard and the blurred background, for scripts about rooms."""

import os
import sys

import kit
from room_desk import Sitter
from room_page import look, menu, person, said, shot
from studio import until


def files(host, guest):
    """What one attaches another fetches, byte by byte; what is empty, too large or no PDF is refused with a sentence."""
    paper = kit.OUT / "ระเบียบวาระ.bin"
    paper.write_bytes(os.urandom(300_000))
    for page in (host, guest):
        page.evaluate("document.querySelector('#panel-talk').hidden && document.querySelector('#bar-talk').click()")
        page.wait_for_selector("#panel-talk:visible")
    host.set_input_files("#chat-file", str(paper))
    guest.locator(".remark .file", has_text=paper.name).wait_for()
    with guest.expect_download() as download:
        guest.locator(".remark .file", has_text=paper.name).click()
    found = download.value
    with open(found.path(), "rb") as came:
        if found.suggested_filename != paper.name or came.read() != paper.read_bytes():
            sys.exit(f"another file came: {found.suggested_filename}")
    shot(guest, "file")
    stranger = """async () => { const seat = JSON.parse(sessionStorage["sanyan.room.rally"]); const at = performance
        .getEntriesByType("resource").map(({ name }) => name).filter((one) => one.includes("/files/")).at(-1);
        return [(await fetch(at)).status, (await fetch(at, { headers: { authorization: `Bearer ${seat.token}` } })).status]; }"""
    if guest.evaluate(stranger) != [401, 200]:
        sys.exit("a file is read without a seat")
    empty, large, fake = (kit.OUT / name for name in ("ว่าง.txt", "ใหญ่.mp4", "ปลอม.pdf"))
    empty.write_bytes(b"")
    with open(large, "wb") as sparse:
        sparse.truncate(50_000_001)
    fake.write_bytes(b"no pages at all")
    host.set_input_files("#chat-file", str(empty))
    said(host, "ว่าง.txt เป็นไฟล์ว่าง")
    host.set_input_files("#chat-file", str(large))
    said(host, "ใหญ่.mp4 ใหญ่เกิน 50 MB")
    host.set_input_files("input[accept='application/pdf']", str(fake))
    host.locator(".toast.wrong", has_text="ไฟล์นี้ไม่ใช่ PDF").wait_for()
    shot(host, "file-refused")
    said(host, "ไฟล์นี้ไม่ใช่ PDF")
    large.unlink()
    for page in (host, guest):
        page.click("#side-close")
    print("a file comes as it was sent, and what cannot be taken is refused with a sentence")


def microphone(page, is_on):
    """Switches a microphone on or off; whether it was on."""
    was_on = page.get_attribute("#bar-microphone", "aria-pressed") == "true"
    if was_on != is_on:
        page.click("#bar-microphone")
    page.wait_for_selector(f"#bar-microphone[aria-pressed={'true' if is_on else 'false'}]")
    return was_on


def floats(page, others):
    """A small window shows who speaks above other programs, follows when another does, and closes again."""
    if not page.evaluate("document.pictureInPictureEnabled"):
        sys.exit("this browser has no picture in picture")
    menu(page, "#bar-more", "หน้าต่างลอย")
    afloat = "document.pictureInPictureElement?.className === 'afloat'"
    until(lambda: page.evaluate(afloat) or page.wait_for_timeout(50), 5, "the small window")
    running = "document.pictureInPictureElement.videoWidth > 0 && document.pictureInPictureElement.readyState > 1"
    until(lambda: page.evaluate(running) or page.wait_for_timeout(50), 5, "a picture in the small window")
    shows = """(one) => { const { srcObject: stream } = document.pictureInPictureElement;
        return stream !== null && stream === document.querySelector(`.tile[data-person='${one}'] video`)?.srcObject; }"""
    before = [microphone(other, False) for other in others.values()]
    for name, other in [*others.items()] * 2:
        microphone(other, True)
        who = person(page, name)
        until(lambda: page.evaluate(shows, who) or page.wait_for_timeout(50), 10, f"{name}, who speaks, in the small window")
        microphone(other, False)
    for other, was_on in zip(others.values(), before):
        microphone(other, was_on)
    menu(page, "#bar-more", "หน้าต่างลอย")
    until(lambda: page.evaluate("!document.pictureInPictureElement") or page.wait_for_timeout(50), 5, "that it closes")
    print("a small window floats above other programs and shows who speaks")


def pages(host, phone, address):
    """More people than places are on pages, each on one of them; a phone has more pages than a desk."""
    sitters = [Sitter(address, f"ผู้เข้าร่วม {number:02}") for number in range(1, 14)]
    for page, size in ((host, "desktop"), (phone, "phone")):
        page.wait_for_selector("#pages:not([hidden])")
        found = []
        for number in range(1, 9):
            until(lambda: page.locator("#pages span").inner_text().startswith(f"{number} /"), 3, f"page {number}")
            page.wait_for_timeout(300)
            shot(page, f"pages-{size}-{number}")
            found += page.locator(".tile").evaluate_all("all => all.map((one) => one.dataset.person)")
            if page.locator("#pages button").last.is_disabled():
                break
            if size == "phone":
                page.locator("#pages button").last.click()
            else:
                page.evaluate("document.activeElement.blur()")
                page.keyboard.press("PageDown")
        if len(found) != 16 or len(set(found)) != 16:
            sys.exit(f"not each of sixteen on one page of the {size}: {sorted(found)}")
        print(f"sixteen people are on {number} pages of the {size}")
        page.locator("#pages button").first.click()
    for one in sitters:
        one.leave()
    for page in (host, phone):
        page.wait_for_selector("#pages", state="hidden")


def keys(page):
    """Without a mouse: letters on either keyboard, menus and tabs by arrows, and back to where one was."""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("h")
    page.wait_for_selector("#bar-hand[aria-pressed=true]")
    # The same key on a Thai keyboard.
    page.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: '้', code: 'KeyH' }))")
    page.wait_for_selector("#bar-hand[aria-pressed=false]")
    page.keyboard.press("l")
    page.wait_for_selector("#stage[data-way=speaker]")
    page.keyboard.press("l")
    page.wait_for_selector("#stage[data-way=side]")
    shot(page, "way-side")
    page.keyboard.press("l")
    page.wait_for_selector("#stage[data-way=grid]")
    focused = "document.activeElement.id"
    page.keyboard.press("c")
    page.wait_for_selector("#panel-talk:visible")
    if page.evaluate(focused) != "tab-talk":
        sys.exit(f"the keyboard is not where the panel opened: {page.evaluate(focused)}")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#panel-people:visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("#side", state="hidden")
    page.focus("#bar-more")
    page.keyboard.press("Enter")
    page.wait_for_selector("#menu:visible")
    words = [page.evaluate("document.activeElement.textContent")]
    for _ in range(3):
        page.keyboard.press("ArrowDown")
        words.append(page.evaluate("document.activeElement.textContent"))
    if len(set(words)) != 4:
        sys.exit(f"the arrows do not go through the menu: {words}")
    page.keyboard.press("Escape")
    page.wait_for_selector("#menu", state="hidden")
    if page.evaluate(focused) != "bar-more":
        sys.exit("the keyboard is lost when a menu closes")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_selector("#card[open] kbd")
    look(page, "keys", schemes=("light",))
    page.keyboard.press("Escape")
    page.wait_for_selector("#card", state="hidden")
    page.keyboard.press("Tab")
    way = []
    for _ in range(30):
        way.append(page.evaluate("document.activeElement.closest('#bar') ? document.activeElement.id : ''"))
        page.keyboard.press("Tab")
    found = [one for one in way if one]
    for one in ("bar-microphone", "bar-camera", "bar-hand", "bar-more", "bar-leave"):
        if one not in found:
            sys.exit(f"{one} is not reached by the tab key: {way}")
    print("everything is done without a mouse")


# A platform that blurs what is behind somebody, as far as a page can see it.
BLUR = """
window.blurs_ = [];
const is = new WeakMap(), proto = MediaStreamTrack.prototype;
const { getCapabilities, getSettings, applyConstraints } = proto;
proto.getCapabilities = function () { const found = getCapabilities.call(this);
  return this.kind === "video" ? { ...found, backgroundBlur: [false, true] } : found; };
proto.getSettings = function () { const found = getSettings.call(this);
  return this.kind === "video" ? { ...found, backgroundBlur: is.get(this) ?? false } : found; };
proto.applyConstraints = function (wish) { if (this.kind === "video") { is.set(this, wish.backgroundBlur === true);
  blurs_.push([wish.backgroundBlur, wish.width?.ideal]); } return applyConstraints.call(this, wish); };
"""


def pretends_to_blur(page):
    page.context.add_init_script(BLUR)


def blurs(page, other, address):
    """Offered where the platform does it, and nowhere else."""
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector("#door-camera[aria-pressed=true]")
    page.check("#door-blur")
    until(lambda: page.evaluate("blurs_.length"), 3, "that the platform is asked to blur")
    if page.evaluate("blurs_") != [[True, 1280]]:
        sys.exit(f"the platform was asked for something else: {page.evaluate('blurs_')}")
    look(page, "blur", schemes=("light",))
    page.uncheck("#door-blur")
    other.goto(address, wait_until="domcontentloaded")
    other.wait_for_selector("#door-camera[aria-pressed=true]")
    if other.locator("#door-blur-row").is_visible():
        sys.exit("a blurred background is offered where the platform has none")
    # A camera that nobody looks at costs as much as another.
    other.goto("about:blank")
    print("a blurred background is offered where the platform has it, and nowhere else")

# SPDX-License-Identifier: Apache-2.0
"""Two real browsers meet in a room: each sees the other's camera move and hears the other; they write, raise hands, vote,
draw and present; a host mutes and lets people in; a reload comes back to the same seat."""

import sys

from playwright.sync_api import sync_playwright

import kit
from room_page import FLAGS, LARGE, clock, enter, flow, flows, look, menu, person, pixels, reader, tile
from studio import Studio, until

HOST, GUEST, LATE = "ผศ. สมหญิง ตัวอย่าง", "นายสมชาย ใจดี", "วิภา ตั้งใจ"


def meet(host, guest):
    """The guest sees the host's clock, the host the guest's moving pattern, and both hear."""
    until(lambda: clock(guest, HOST) or guest.wait_for_timeout(50), 10, "the host's picture at the guest's")
    took = guest.evaluate("seenAt_ - enteredAt_")
    print(f"the first picture came {took:.0f} ms after entering")
    lateness = sorted(filter(None, (late(guest) for _ in range(30))))
    print(f"pictures were {lateness[len(lateness) // 2]} ms late (median of {len(lateness)}), {lateness[-1]} ms at most")
    if len(lateness) < 8 or lateness[len(lateness) // 2] > 1_500:
        sys.exit(f"too few pictures, or too late: {lateness}")
    until(lambda: pixels(host, GUEST) or host.wait_for_timeout(50), 10, "the guest's picture at the host's")
    first = pixels(host, GUEST)
    # Chromium's own camera is green, with a sector that turns.
    green = sum(1 for at in range(0, len(first), 4) if first[at + 1] > 80 > first[at] + first[at + 2] - 60)
    if green < 100:
        sys.exit(f"that is not the guest's camera: {first[:16]}")
    until(lambda: pixels(host, GUEST) != first or host.wait_for_timeout(50), 5, "that the guest's picture moves")
    for page, who in ((host, "host"), (guest, "guest")):
        flows(page, "audio", "inbound", "totalAudioEnergy", f"that the {who} hears", 10)
    print("both see and hear each other")


def late(page):
    page.wait_for_timeout(70)
    found = clock(page, HOST)
    return found and found["late"]


def write(host, guest):
    host.click("#bar-talk")
    host.fill("#chat-text", "สวัสดีทุกคน https://example.ac.th/agenda")
    host.press("#chat-text", "Enter")
    guest.locator(".toast", has_text="สวัสดีทุกคน").locator("button").first.click()
    guest.wait_for_selector(".remark a[href='https://example.ac.th/agenda']")
    guest.select_option("#chat-to", label=HOST)
    guest.fill("#chat-text", "ขอถามส่วนตัวค่ะ")
    guest.press("#chat-text", "Enter")
    host.wait_for_selector(".remark.private .words:text-is('ขอถามส่วนตัวค่ะ')")
    look(host, "talk")
    look(guest, "talk-phone", {"phone": (320, 640)})
    guest.click("#side-close")
    host.click("#side-close")
    print("messages go to all and to one")


def hands(host, guest):
    """A hand is in the list, and who gets the floor has a clock."""
    guest.click("#bar-hand")
    host.wait_for_selector(f"{tile(GUEST)} .mark.hand")
    host.click("#bar-people")
    host.locator(".hands ol .one", has_text=GUEST).wait_for()
    look(host, "people")
    host.locator(".hands ol .one .quiet").first.click()
    guest.wait_for_selector("#floor-word:has-text('2:')")
    look(guest, "floor")
    host.locator(".holds .quiet").click()
    guest.wait_for_selector("#floor-word", state="hidden")
    host.click("#side-close")
    print("hands are an ordered list with a clock")


def mute(host, guest):
    """What a host mutes sends nothing; a hard mute holds."""
    menu(host, f"{tile(GUEST)} .more", "ปิดไมค์และล็อกไว้")
    guest.wait_for_selector("#bar-microphone[aria-pressed=false]")
    host.wait_for_selector(f"{tile(GUEST)} .mark.microphone-off")
    guest.wait_for_timeout(500)
    before = flow(guest, "audio", "outbound", "packetsSent")
    guest.wait_for_timeout(800)
    if flow(guest, "audio", "outbound", "packetsSent") > before + 3:
        sys.exit("who was muted still sends")
    guest.click("#bar-microphone")
    guest.wait_for_selector(".toast.wrong")
    guest.wait_for_selector("#bar-microphone[aria-pressed=false]")
    guest.screenshot(path=str(kit.OUT / "muted.png"))
    menu(host, f"{tile(GUEST)} .more", "ให้เปิดไมค์ได้")
    guest.wait_for_timeout(300)
    guest.focus("#title")
    guest.keyboard.down("Space")
    guest.wait_for_selector("#bar-microphone[aria-pressed=true]")
    host.wait_for_selector(f"{tile(GUEST)}:not(:has(.mark.microphone-off))")
    guest.keyboard.up("Space")
    guest.wait_for_selector("#bar-microphone[aria-pressed=false]")
    print("a host's mute holds, and the space bar speaks while it is held")


def vote(host, guest):
    menu(host, "#bar-more", "ลงคะแนน")
    host.locator("#panel-polls button", has_text="ลงมติ").first.click()
    host.fill("#card input[name=question]", "รับรองรายงานการประชุมครั้งที่แล้ว")
    host.fill("#card input[name=quorum]", "2")
    look(host, "vote-new", schemes=("light",))
    host.click("#card button[type=submit]")
    guest.locator(".toast", has_text="รับรองรายงาน").locator("button").first.click()
    for page in (host, guest):
        page.locator(".poll.open button.vote", has_text="เห็นชอบ").first.click()
        page.click("#card button[type=submit]")
        page.wait_for_selector(".poll.open button.vote[aria-pressed=true]")
    look(guest, "vote")
    host.locator(".poll.open button[data-act=close]").click()
    guest.locator(".verdict", has_text="ผล: เห็นชอบ (2 คะแนน)").wait_for()
    look(host, "voted")
    for page in (host, guest):
        page.click("#side-close")
    print("a formal vote with a quorum has its result")


def draw(host, guest):
    """What one draws on the board, the other sees where it was drawn."""
    menu(host, "#bar-share", "กระดานร่วม")
    sheet = host.locator("#strokes").bounding_box()
    host.mouse.move(sheet["x"] + sheet["width"] * 0.2, sheet["y"] + sheet["height"] * 0.3)
    host.mouse.down()
    for step in range(1, 9):
        place = 0.2 + step * 0.06, 0.3 + 0.1 * (step % 2)
        host.mouse.move(sheet["x"] + sheet["width"] * place[0], sheet["y"] + sheet["height"] * place[1])
    host.mouse.up()
    host.click("[data-tool=kind-box]")
    host.mouse.move(sheet["x"] + sheet["width"] * 0.6, sheet["y"] + sheet["height"] * 0.6)
    host.mouse.down()
    host.mouse.move(sheet["x"] + sheet["width"] * 0.8, sheet["y"] + sheet["height"] * 0.8, steps=4)
    host.mouse.up()
    guest.wait_for_selector("#strokes rect")
    host.click("[data-tool=kind-arrow]")
    host.mouse.move(sheet["x"] + sheet["width"] * 0.15, sheet["y"] + sheet["height"] * 0.85)
    host.mouse.down()
    host.mouse.move(sheet["x"] + sheet["width"] * 0.55, sheet["y"] + sheet["height"] * 0.65, steps=4)
    host.mouse.up()
    until(lambda: guest.locator("#strokes path").count() == 2, 5, "the arrow at the other's")
    arrows = [page.locator("#strokes path").last.get_attribute("d") for page in (host, guest)]
    if arrows[0] != arrows[1] or arrows[0].count("M") != 2 or arrows[0].count("L") != 3:
        sys.exit(f"that is no arrow, or not the same: {arrows}")
    paths = [page.locator("#strokes path").first.get_attribute("d") for page in (host, guest)]
    if paths[0] != paths[1] or not paths[0]:
        sys.exit(f"the board is not the same: {paths}")
    look(guest, "board")
    for _ in ("the arrow", "the box"):
        host.click("[data-tool=undo]")
    until(lambda: guest.locator("#strokes path").count() == 1, 5, "that the arrow is undone")
    guest.wait_for_selector("#strokes rect", state="detached")
    menu(host, "#bar-share", "กระดานร่วม")
    menu(guest, "#bar-more", "กระดานร่วม")
    print("the board is the same for both")


def present(host, guest, chromium):
    """Slides go as pages; a screen as a picture of its own."""
    maker = chromium.new_page()
    style = "<style>@page{size:16cm 9cm;margin:1cm}p{page-break-after:always;font-size:40px}</style>"
    maker.set_content(style + "<p>หน้าแรก<p>หน้าสอง")
    paper = kit.OUT / "slides.pdf"
    maker.pdf(path=str(paper), prefer_css_page_size=True)
    maker.close()
    with host.expect_file_chooser() as chooser:
        menu(host, "#bar-share", "สไลด์ PDF")
    chooser.value.set_files(str(paper))
    shown = "document.querySelector('#page').naturalWidth > 100 && !document.querySelector('#page').hidden"
    until(lambda: guest.evaluate(shown) or guest.wait_for_timeout(100), 20, "the first page of slides")
    if "1 " not in guest.locator("#page").get_attribute("alt"):
        sys.exit("not the first page")
    look(guest, "slides")
    source = guest.locator("#page").get_attribute("src")
    host.click("#turn [data-act=next]")
    turned = "(was) => document.querySelector('#page').src !== was"
    until(lambda: guest.evaluate(turned, source) or guest.wait_for_timeout(50), 10, "the next page of slides")
    host.click("#turn [data-act=stop]")
    guest.wait_for_selector("#desk", state="hidden")
    print("slides go as pages")


def share(host, guest):
    menu(host, "#bar-share", "แชร์จอ")
    guest.wait_for_selector(".tile[data-kind=screen].has-picture", timeout=15_000)
    host.wait_for_selector("#bar-share[aria-pressed=true]")
    look(guest, "screen")
    menu(host, "#bar-share", "หยุดแชร์จอ")
    guest.wait_for_selector(".tile[data-kind=screen]", state="detached")
    print("a shared screen is seen")


def says(host, guest):
    """Captions are typed by one and read by all; a reaction floats by."""
    menu(host, "#bar-more", "พิมพ์คำบรรยาย")
    host.fill("#caption-text", "ยินดีต้อนรับทุกท่านเข้าสู่การประชุม")
    host.press("#caption-text", "Enter")
    guest.locator("#caption", has_text="ยินดีต้อนรับทุกท่าน").wait_for()
    menu(guest, "#bar-react", "ปรบมือ")
    host.locator(".float", has_text="👏").wait_for()
    host.screenshot(path=str(kit.OUT / "says.png"))
    menu(host, "#bar-more", "พิมพ์คำบรรยาย")
    print("captions and reactions are seen")


def saves(host, guest):
    """Low-data mode: sound and slides, at most 30 MB an hour."""
    menu(guest, "#bar-more", "โหมดประหยัดเน็ต")
    guest.wait_for_selector(".tile .rest:visible")
    guest.wait_for_timeout(1_500)
    before, pictures = received(guest), flow(guest, "video", "inbound", "packetsReceived")
    guest.wait_for_timeout(4_000)
    sound = (received(guest) - before) / 4 * 3_600 / 1e6
    if flow(guest, "video", "inbound", "packetsReceived") != pictures:
        sys.exit("a picture comes in low-data mode")
    # A page of slides in a minute, as large as those that were shown.
    page = guest.evaluate("""() => { const all = performance.getEntriesByType("resource")
        .filter(({ name }) => name.includes("/decks/")).map((one) => one.transferSize);
        return all.reduce((sum, one) => sum + one, 0) / all.length; }""")
    megabytes = sound + page * 60 / 1e6
    print(f"in low-data mode an hour is {sound:.1f} MB of sound, with a slide of {page / 1e3:.0f} kB a minute {megabytes:.1f} MB")
    if not 1 < sound < megabytes <= 30:
        sys.exit("that is not what low-data mode promises")
    look(guest, "saves")
    menu(guest, "#bar-more", "โหมดประหยัดเน็ต")
    until(lambda: clock(guest, HOST) or guest.wait_for_timeout(50), 10, "the picture after low-data mode")
    # The camera was put to rest with it, and comes back when it is wanted.
    guest.click("#bar-camera")
    host.wait_for_selector(f"{tile(GUEST)}.has-picture")


def received(page):
    """Bytes that came by the calls, with everything that carries and accompanies them: RTP and RTCP as they were protected."""
    return page.evaluate("""async () => { let sum = 0;
        for (const call of calls_.filter((one) => one.connectionState !== "closed")) {
            for (const one of (await call.getStats()).values()) if (one.type === "transport") sum += one.bytesReceived;
        }
        return sum; }""")


def returns(host, guest):
    """A reload is the same person in the same seat, with the hand still up; a change of network costs no seat either."""
    was = guest.evaluate("document.querySelector('.tile.mirrored')?.dataset.person")
    if not guest.locator("#bar-hand[aria-pressed=true]").count():
        guest.click("#bar-hand")
        guest.wait_for_selector("#bar-hand[aria-pressed=true]")
    guest.reload(wait_until="domcontentloaded")
    until(lambda: clock(guest, HOST) or guest.wait_for_timeout(30), 10, "the picture after a reload")
    print(f"after a reload the picture came {guest.evaluate('seenAt_'):.0f} ms after opening the page")
    guest.wait_for_selector("#bar-hand[aria-pressed=true]")
    if guest.evaluate("document.querySelector('.tile.mirrored')?.dataset.person") != was or not was:
        sys.exit(f"somebody else came back, not {was}")
    host.wait_for_selector(f"{tile(GUEST)}.has-picture")
    made = guest.evaluate("calls_.length")
    shown = clock(guest, HOST)["shown"]
    guest.evaluate("dispatchEvent(new Event('online'))")
    guest.wait_for_timeout(1_500)

    def goes_on():
        found = clock(guest, HOST)
        return found and found["shown"] != shown and found["late"] < 3_000 or guest.wait_for_timeout(50)

    until(goes_on, 6, "the picture after another network")
    if guest.evaluate("calls_.length") != made:
        sys.exit("the network's change was not healed by a restart of ICE, but by another call")
    guest.click("#bar-hand")
    print("a reload and another network come back to the same seat")


def lobby(host, late_one, address):
    """Who comes while the lobby is on waits until a host says so."""
    menu(host, "#bar-more", "ผู้ดูแล")
    host.select_option("#hosts-lobby", "everybody")
    host.wait_for_timeout(300)
    look(host, "hosts")
    host.click("#side-close")
    enter(late_one, address, LATE)
    late_one.wait_for_selector("#lobby:not([hidden])")
    host.locator(".toast", has_text=LATE).wait_for()
    look(late_one, "lobby")
    host.click("#bar-people")
    host.locator(".waiting .one", has_text=LATE).wait_for()
    look(host, "waiting")
    host.locator(".waiting .one .quiet").first.click()
    late_one.wait_for_selector("body[data-place=inside]")
    host.wait_for_selector(tile(LATE))
    until(lambda: clock(late_one, HOST) or late_one.wait_for_timeout(50), 10, "a picture for who was let in")
    host.click("#side-close")
    print("who waits is let in by a host")


def end(host, guest, late_one):
    menu(host, f"{tile(LATE)} .more", "ให้ออกจากห้อง")
    host.click("#card button[type=submit]")
    late_one.wait_for_selector("#over:not([hidden])")
    look(late_one, "removed", schemes=("light",))
    menu(host, "#bar-more", "ผู้ดูแล")
    host.locator("#panel-hosts button", has_text="จบการประชุมสำหรับทุกคน").click()
    host.click("#card button[type=submit]")
    guest.wait_for_selector("#over:not([hidden])")
    look(guest, "over")
    print("a host ends it for everybody")


def main():
    studio = Studio()
    address = studio.address + "/room/hall"
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FLAGS)
            with reader(chromium, "host", 1280, 800, clock=LARGE) as host, reader(chromium, "guest", 1280, 800) as guest:
                host.goto(address, wait_until="domcontentloaded")
                host.wait_for_selector("#advice li", timeout=15_000)
                look(host, "door")
                enter(host, address, HOST)
                enter(guest, address, GUEST)
                meet(host, guest)
                look(guest, "grid")
                write(host, guest)
                hands(host, guest)
                mute(host, guest)
                vote(host, guest)
                draw(host, guest)
                present(host, guest, chromium)
                share(host, guest)
                says(host, guest)
                saves(host, guest)
                returns(host, guest)
                with reader(chromium, "late", 320, 640) as late_one:
                    lobby(host, late_one, address)
                    end(host, guest, late_one)
            chromium.close()
    finally:
        studio.close()


main()

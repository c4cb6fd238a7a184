# SPDX-License-Identifier: Apache-2.0
"""A council's meeting from the office's side: settled, its links given out, led in the room and from the console, recorded,
put on air, killed in the middle and begun again, filmed and ended; then what the matter, the minutes and the month have."""

import json
import re
import subprocess
import time
import urllib.parse

from playwright.sync_api import sync_playwright

import demo
import films
import kit
import office
from kit import Wrong, expect
from office import go, press, same, told, unfold
from room_page import FLAGS, menu, person, reader, tile
from studio import until

AIRED = "ขอความอนุเคราะห์ถ่ายทอดสดพิธีเปิดนิทรรศการศิลปนิพนธ์"
COMING = "ขอความอนุเคราะห์จัดประชุมออนไลน์คณบดีทั่วประเทศ"
HOST, GUEST = "รองศาสตราจารย์ตัวอย่าง นำประชุม", "อาจารย์ตัวอย่าง ร่วมประชุม"
AGENDA = ["เรื่องแจ้งเพื่อทราบ", "เรื่องเพื่อพิจารณา"]
CONSENT = "การประชุมนี้บันทึกเสียงและภาพไว้ประกอบรายงานการประชุม"
QUESTION = "รับรองรายงานการประชุมครั้งที่แล้ว"
SIGN = "#console-state"

# Two rooms, a console and an encoder at once are much for a small machine.
expect.set_options(timeout=30_000)


# Before the day


def tests(chromium, page):
    """An officer's own devices, tried at the room's door, are the evidence that the matter's check was done."""
    matter = office.matter_of(page, COMING)
    go(page, matter + "/room")
    expect(page.locator("#console-measured")).to_contain_text("ยังไม่มีใครทดสอบ")
    press(page, "แสดงลิงก์ของผู้ดำเนินการ")
    link = page.locator("a.grand").get_attribute("href")
    with reader(chromium, "tester", 1280, 800) as room:
        room.goto(link, wait_until="domcontentloaded")
        room.locator("#measured", has_text="เมกะบิต").wait_for(timeout=20_000)
        room.wait_for_selector("#door-camera[aria-pressed=true]")
        room.click("#tone")
        room.click("#heard-yes")
        enter(room)
        room.wait_for_selector("body[data-place=inside]")
        go(page, matter + "/room")
        measured = page.locator("#console-measured")
        expect(measured).to_contain_text("กล้องใช้ได้")
        expect(measured).to_contain_text("ในห้อง 1 คน")
        kit.check(page, "trial")
        said = measured.inner_text()
        for part in ("ไมโครโฟนใช้ได้", "ลำโพงใช้ได้", "Mbit/s"):
            if part not in said:
                raise Wrong(f"the evidence does not say {part}: {said}")
        same(page.locator("#check").input_value(), "meeting-test", "the check that is offered")
        press(page, "บันทึกเป็นหลักฐาน")
        told(page, "บันทึกการตรวจแล้ว")
    go(page, matter + "/preparation")
    expect(page.locator("main")).to_contain_text(said)
    stranger(chromium, link.split("#")[0])


def stranger(chromium, address):
    """Where everybody is identified nobody comes in by a name."""
    with reader(chromium, "stranger", 320, 640) as room:
        room.goto(address, wait_until="domcontentloaded")
        room.wait_for_selector("body[data-place=door]")
        room.wait_for_selector("#entry-name", state="hidden")
        enter(room)
        expect(room.locator("#entry-said")).to_contain_text("ต้องยืนยันตัวตน")
        name = urllib.parse.urlparse(address).path
        status = room.evaluate(
            "(name) => fetch(name + '/people', { method: 'POST', headers: { 'content-type': 'application/json' },"
            " body: JSON.stringify({ name: '" + GUEST + "', consent: true }) }).then(({ status }) => status)", name)
        same(status, 401, "somebody's name without their link")


def settles(page, matter):
    """What the law requires of it, what is taken up, and what people agree to."""
    go(page, matter + "/meeting")
    page.locator("input[name=kinds][value=legal]").check()
    page.locator("[name=agenda]").fill("\n".join(AGENDA))
    page.locator("[name=quorum]").fill("2")
    page.locator("input[name=lobby][value=everybody]").check()
    page.locator("[name=consent]").fill(CONSENT)
    kit.check(page, "settings")
    page.locator("input[name=recording]").uncheck()
    press(page, "บันทึก", exact=True)
    expect(page.locator(".errors")).to_contain_text("ต้องบันทึก")
    page.locator("input[name=recording]").check()
    press(page, "บันทึก", exact=True)
    told(page, "บันทึกการตั้งค่าห้องประชุมแล้ว")


def invites(page, matter):
    """A link for each of them; answers the links by name."""
    for name, role in ((HOST, "host"), (GUEST, "speaker")):
        go(page, matter + "/links")
        page.locator("[name=people]").fill(name)
        page.locator(f"input[name=role][value={role}]").check()
        office.follow(page, page.locator("form", has=page.locator("[name=people]")).locator("button"))
        told(page, "ออกลิงก์แล้ว")
    kit.check(page, "links")
    press(page, "แสดงลิงก์ทุกคน")
    kit.check(page, "seat-links")
    cards = page.locator(".seat-links section").all()
    links = {one.locator("h2").inner_text(): one.locator("input[readonly]").input_value() for one in cards}
    return {name: links[name] for name in (HOST, GUEST)}


# In the room and at its console


def enter(room):
    room.locator("#enter:not([disabled])").click()


def comes(room, name, links):
    """Through the door by a link that says who somebody is: no name is asked, consent is."""
    room.goto(links[name], wait_until="domcontentloaded")
    expect(room.locator("#consent-words")).to_have_text(CONSENT)
    expect(room.locator("#entry-name[readonly]")).to_have_value(name)
    room.wait_for_selector("#door-camera[aria-pressed=true]")
    # One camera is enough to see and to record, and two are much for two cores.
    if name == GUEST:
        room.click("#door-camera")
    enter(room)


def steer(page, name):
    press(page, name, within=page.locator("#meeting-steer"))


def sign(page, rooms, word, kind, is_on):
    """The console and everybody in the room see it, or see it no more."""
    expect(page.locator(SIGN)).to_contain_text(word) if is_on else expect(page.locator(SIGN)).not_to_contain_text(word)
    for room in rooms:
        room.wait_for_selector(f"#chips .chip.{kind}", state="attached" if is_on else "detached")


def meets(page, host, guest, links):
    """Everybody waits but who leads; the office lets them in, and what the law requires is recorded at once."""
    comes(host, HOST, links)
    host.wait_for_selector("body[data-place=inside]")
    comes(guest, GUEST, links)
    guest.wait_for_selector("body[data-place=lobby]")
    expect(page.locator("#console-complaints")).to_contain_text("รอในห้องรอ")
    steer(page, "ให้ทุกคนในห้องรอเข้า")
    guest.wait_for_selector("body[data-place=inside]")
    host.wait_for_selector(tile(GUEST))
    guest.wait_for_selector(f"{tile(HOST)}.has-picture")
    expect(page.locator(SIGN)).to_contain_text("ในห้อง 2 คน")
    sign(page, [host, guest], "กำลังบันทึก", "record", True)


def resolves(host, guest):
    """A point of the agenda, and a formal vote with its quorum."""
    menu(host, "#bar-more", "ผู้ดูแล")
    host.locator("#panel-hosts button", has_text="ขึ้นวาระใหม่").click()
    host.fill("#card input[name=text]", AGENDA[0])
    host.click("#card button[type=submit]")
    guest.locator(".toast", has_text=AGENDA[0]).wait_for()
    host.click("#side-close")
    menu(host, "#bar-more", "ลงคะแนน")
    host.locator("#panel-polls button", has_text="ลงมติ").first.click()
    host.fill("#card input[name=question]", QUESTION)
    host.click("#card button[type=submit]")
    guest.locator(".toast", has_text=QUESTION).locator("button").first.click()
    for page in (host, guest):
        page.locator(".poll.open button.vote", has_text="เห็นชอบ").first.click()
        page.click("#card button[type=submit]")
        page.wait_for_selector(".poll.open button.vote[aria-pressed=true]")
    host.locator(".poll.open button[data-act=close]").click()
    guest.locator(".verdict", has_text="ผล: เห็นชอบ (2 คะแนน)").wait_for()
    for page in (host, guest):
        page.click("#side-close")
    guest.reload(wait_until="domcontentloaded")
    guest.wait_for_selector(f"{tile(HOST)}.has-picture")
    host.wait_for_selector(tile(GUEST))


def steers(page, matter, host, guest):
    """Every button of the console, seen in the room and at the console."""
    rooms = [host, guest]
    steer(page, "ล็อกห้อง")
    sign(page, rooms, "ล็อกห้อง", "lock", True)
    steer(page, "ปลดล็อกห้อง")
    sign(page, rooms, "ล็อกห้อง", "lock", False)
    steer(page, "หยุดบันทึก")
    sign(page, rooms, "กำลังบันทึก", "record", False)
    expect(rows(page)).to_have_count(1)
    expect(rows(page).first).to_contain_text("เก็บไว้")
    steer(page, "เริ่มบันทึก")
    sign(page, rooms, "กำลังบันทึก", "record", True)
    expect(rows(page)).to_have_count(2)
    page.locator("#meeting-steer select").select_option("grid")
    steer(page, "นำขึ้นออกอากาศ")
    sign(page, rooms, "ออกอากาศ", "air", True)
    kit.check(page, "on-air")
    with kit.phone(page.context.browser) as small:
        small.set_default_timeout(30_000)
        office.sign_in(small, "kanya")
        go(small, matter + "/room")
        expect(small.locator(SIGN)).to_contain_text("ออกอากาศ")
        kit.check(small, "phone")
    steer(page, "หยุดออกอากาศ")
    sign(page, rooms, "ออกอากาศ", "air", False)


def rows(page):
    return page.locator("#console-films li")


# When everything is killed


def returns(house, page, matter, host, guest):
    """The same people are back in the same meeting by themselves, it is recorded on, and what was recorded is whole."""
    page.goto("about:blank")
    before = recordings(house)
    seats = {other: person(room, other) for room, other in ((host, GUEST), (guest, HOST))}
    house.kill()
    began = time.monotonic()
    house.start()
    go(page, matter + "/room")
    for room, other in ((host, GUEST), (guest, HOST)):
        until(lambda: person(room, other) not in ("", seats[other]) or room.wait_for_timeout(50), 60, f"{other} again")
    guest.wait_for_selector(f"{tile(HOST)}.has-picture")
    print(f"everybody was back {time.monotonic() - began:.1f} s after everything was killed", flush=True)
    expect(page.locator(SIGN)).to_contain_text("ในห้อง 2 คน")
    sign(page, [host, guest], "กำลังบันทึก", "record", True)
    expect(rows(page)).to_have_count(3)
    expect(rows(page).nth(1)).to_contain_text("เก็บไว้")
    after = recordings(house)
    same(sorted(after)[:2], sorted(before), "the recordings that there were")
    broken = json.loads((after[sorted(before)[1]] / "log.jsonl").read_text().splitlines()[-1])
    same((broken["kind"], broken.get("isBroken")), ("tapeEnded", True), "how the log of the killed recording ends")


def recordings(house):
    """The folders of recordings, by name."""
    return {path.name: path for path in house.folder.glob("meetings/*/2*Z") if path.is_dir()}


# Afterwards


def filmed(house, page):
    """One film of what the kill has broken off, fetched, and erased for good."""
    row = rows(page).nth(1)
    name = row.get_attribute("data-file")
    unfold(page, "ทำวิดีโอไฟล์เดียว", within=row)
    row.locator("select").select_option("grid")
    office.follow(page, row.locator("details button", has_text="ทำวิดีโอไฟล์เดียว"))
    link = rows(page).nth(1).get_by_role("link", name="ดาวน์โหลด")
    expect(link).to_be_visible(timeout=40_000)
    kit.check(page, "filmed")
    film = kit.OUT / "film.mp4"
    film.write_bytes(page.request.get(link.get_attribute("href")).body())
    found = films.probe(film)
    print("the film:", {one["codec_type"]: one["codec_name"] for one in found["streams"]}, found["format"]["duration"])
    same({one["codec_name"] for one in found["streams"]}, {"h264", "aac"}, "what the film is made of")
    if float(found["format"]["duration"]) < 2:
        raise Wrong(f"the film is too short: {found['format']['duration']}")
    films.decode(film)
    unfold(page, "ลบไฟล์นี้", within=rows(page).nth(1))
    office.follow(page, rows(page).nth(1).locator("button.danger"))
    told(page, "ลบไฟล์บันทึกแล้ว")
    expect(rows(page)).to_have_count(2)
    until(lambda: name not in recordings(house), 10, "that the erased recording is gone from the disk")


def ends(page, matter, host, guest):
    """The office ends it: everybody goes, and what it came to is in the matter."""
    unfold(page, "จบการประชุม")
    press(page, "จบการประชุม", within=page.locator("details", has_text="จบการประชุม"))
    told(page, "จบการประชุมแล้ว")
    for room in (host, guest):
        room.wait_for_selector("#over:not([hidden])")
    expect(page.locator("#sittings-title")).to_be_visible()
    table = page.locator(".table tbody tr")
    for one, name in zip(table.all(), (HOST, GUEST), strict=True):
        if not re.fullmatch(rf"{name} ✓ แสดงตน ยินยอมให้บันทึก \d\d:\d\d น\.", one.locator("th").inner_text()):
            raise Wrong(f"not {name}, who agreed to be recorded: {one.locator('th').inner_text()}")
        stays = one.locator("td").nth(1).inner_text().split(", ")
        if not 1 <= len(stays) <= 3 or not all(re.fullmatch(r"\d\d:\d\d–\d\d:\d\d", stay) for stay in stays):
            raise Wrong(f"from when to when somebody was there: {stays}")
    same(pairs(page, ".votes"), {QUESTION: "ลงมติโดยเปิดเผย · เห็นชอบ 2, ไม่เห็นชอบ 0, งดออกเสียง 0 · "
                                           "ครบองค์ประชุม 2 คน (ต้องการ 2)"}, "how it was voted")
    kit.check(page, "sittings")
    go(page, matter)
    found = pairs(page, "section:has(h2:text-is('การประชุมออนไลน์'))")
    same({key: found[key] for key in ("ผู้เข้าร่วม", "พร้อมกันสูงสุด", "ลงมติ (ครั้ง)", "แสดงตนด้วยลิงก์เฉพาะบุคคล")},
         {"ผู้เข้าร่วม": "2 คน", "พร้อมกันสูงสุด": "2 คน", "ลงมติ (ครั้ง)": "1", "แสดงตนด้วยลิงก์เฉพาะบุคคล": "2 คน"},
         "what the matter's page says")
    same(found["หลุดแล้วกลับมา (ครั้ง)"] != "0", True, "that a line broke and came back")
    kit.check(page, "matter")


def pairs(page, place):
    """A list of terms and what stands for them."""
    found = {}
    for pair in page.locator(f"{place} dl.pairs > div, dl{place}.pairs > div").all():
        found[pair.locator("dt").inner_text()] = pair.locator("dd").inner_text()
    return found


def minuted(page, matter):
    """The draft of the minutes, on paper."""
    bytes_ = page.request.get(f"{kit.BASE_URL}{matter}/minutes.pdf", timeout=60_000).body()
    paper = kit.OUT / "minutes.pdf"
    paper.write_bytes(bytes_)
    subprocess.run(["pdftoppm", "-r", "60", "-png", str(paper), str(kit.OUT / "minutes")], check=True)
    said = subprocess.run(["pdftotext", "-raw", str(paper), "-"], check=True, capture_output=True, text=True).stdout
    for part in (HOST, GUEST, "แสดงตนแล้ว", AGENDA[0], f"{AGENDA[1]} (ไม่ได้พิจารณาในช่วงนี้)", QUESTION, "เห็นชอบ 2 เสียง",
                 "ยินยอม", "มาตรา 9"):
        if office.bare(part) not in office.bare(said):
            raise Wrong(f"the minutes do not say {part}:\n{said}")


def figures(page):
    """What this month's report counts, by the names of its figures."""
    go(page, f"/reports/{office.today().year + 543}-{office.today().month:02}")
    return {
        one.locator("span").inner_text(): int(one.locator("strong").inner_text().replace(",", ""))
        for one in page.locator(".figure").all()
        if re.fullmatch(r"[\d,]+", one.locator("strong").inner_text())
    }


def main():
    began = time.monotonic()

    def step(what):
        print(f"{time.monotonic() - began:5.1f} s: {what}", flush=True)

    with demo.running() as house, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=kit.CHROMIUM, args=FLAGS)
        step("the office is open")
        with office.person(chromium, "anan") as page:
            tests(chromium, page)
            step("an officer's test is the evidence, and nobody comes in by a name")
            matter = office.matter_of(page, AIRED)
            settles(page, matter)
            links = invites(page, matter)
            before = figures(page)
            step("settled, and links given out")
            go(page, matter + "/room")
            with reader(chromium, "host", 1280, 800, forgives="net::ERR_") as host, \
                    reader(chromium, "guest", 1280, 800, forgives="net::ERR_") as guest:
                for one in (page, host, guest):
                    one.set_default_timeout(30_000)
                meets(page, host, guest, links)
                resolves(host, guest)
                step("they meet, and vote")
                steers(page, matter, host, guest)
                step("the console's buttons do what they say")
                returns(house, page, matter, host, guest)
                filmed(house, page)
                step("filmed, fetched, erased")
                ends(page, matter, host, guest)
                step("over, and in the matter")
            minuted(page, matter)
            step("on paper")
            after = figures(page)
            kit.check(page, "report")
            more = {key: after[key] - before[key] for key in after}
            for key, count in (("เรื่องที่ประชุมออนไลน์ที่นี่", 1), ("ผู้เข้าประชุมรวม", 2), ("การลงมติ (ครั้ง)", 1)):
                same(more[key], count, f"what the month has more of {key}")
            if more["ผู้เข้าประชุมหลุดแล้วกลับมา (ครั้ง)"] < 1:
                raise Wrong("the month counts no line that broke")
            step("in the month's report")
        chromium.close()


main()

# SPDX-License-Identifier: Apache-2.0
"""The main acts in a browser that runs no scripts: everything but the live inbox."""
import urllib.parse

import kit
import office
from kit import expect
from office import follow, go, press, same, told, unfold

TITLE = "ขอความอนุเคราะห์ถ่ายทอดสดการบรรยายประวัติศาสตร์ท้องถิ่น"


def play(chromium):
    with (
        kit.plain(chromium, 320, 640) as requester,
        office.person(chromium, "somsri", kit.plain) as secretariat,
        office.person(chromium, "wichai", kit.plain) as executive,
        office.person(chromium, "kanya", kit.plain) as officer,
        office.person(chromium, "narong", kit.plain) as network,
    ):
        track = request(requester)
        matter = office.registration_of(secretariat, TITLE)
        office.register(secretariat, matter)
        office.submit(secretariat)
        go(executive, "/decisions")
        follow(executive, office.card(executive, TITLE).locator("form.approve button"))
        told(executive, "อนุมัติแล้ว: " + TITLE)
        assign(secretariat, matter)
        prepare(officer, network, matter)
        serve(officer, matter)
        evaluate(requester, track)
        keyed(secretariat)


def request(page):
    """First with a wrong end, so that the refusal is seen without scripts too; the file is kept."""
    fields = office.letter(title=TITLE, start_date=office.typed_day(office.working_day(12)), end_time="09:00")
    go(page, "/request")
    office.fill(page, fields)
    page.locator('[name="file"]').set_input_files([office.letter_file()])
    press(page, "ส่งคำขอ")
    same(len(office.complaints(page)), 1, "sentences about an end before the start")
    same(office.values(page, fields), fields, "what was typed")
    page.locator('[name="end_time"]').fill("15:30")
    press(page, "ส่งคำขอ")
    told(page, "ส่งคำขอเรียบร้อยแล้ว")
    expect(page.get_by_role("button", name="คัดลอกลิงก์")).to_be_hidden()
    kit.narrow(page)
    kit.shot(page, "receipt")
    return urllib.parse.urlparse(page.url).path


def assign(page, matter):
    go(page, matter + "/assignment")
    row = page.locator("ul.choosing li", has_text=office.PEOPLE["kanya"])
    row.locator('[name="officer"]').check()
    row.locator('[name="charge"]').check()
    press(page, "ตรวจสอบความว่าง")
    told(page, "รายการที่เลือกว่างทั้งหมด")
    press(page, "มอบหมายและจอง")
    told(page, "มอบหมายและจองแล้ว")
    kit.shot(page, "assigned")


def prepare(page, network, matter):
    go(page, "/inbox")
    row = page.locator("#inbox > .inbox:not(.seen) > li", has_text=TITLE)
    press(page, "รับทราบ", within=row, exact=False)
    expect(page.locator("#inbox > .seen > li", has_text=TITLE)).to_be_visible()
    go(page, matter + "/preparation")
    while page.locator("form.tick").count():
        check = page.locator("li.check", has=page.locator("form.tick")).first
        if check.locator("summary", has_text="ต้องมีหลักฐาน").count():
            unfold(page, "หลักฐาน", check)
            check.locator('[name="value"]').fill("92 Mbit/s")
        press(page, "ตรวจแล้ว", within=check, exact=False)
        told(page, "บันทึกการตรวจแล้ว")
    press(page, "แจ้งงานเครือข่าย")
    told(page, "แจ้งงานเครือข่ายแล้ว")
    go(network, "/watch")
    row = network.get_by_role("listitem").filter(has_text=TITLE)
    press(network, "รับทราบ", within=row, exact=False)
    told(network, "บันทึกการรับทราบแล้ว")
    kit.shot(network, "watch")


def serve(page, matter):
    go(page, matter + "/service")
    press(page, "เริ่มให้บริการ")
    page.locator("label.tap", has_text="ภาพ").click()
    follow(page, page.locator(".severities button").first)
    told(page, "บันทึกเหตุการณ์แล้ว")
    unfold(page, "สิ้นสุดการให้บริการ")
    page.locator('[name="audience"]').fill("๘๐")
    press(page, "สิ้นสุดการให้บริการ", within=page.locator("details", has_text="สิ้นสุดการให้บริการ"))
    told(page, "สิ้นสุดการให้บริการแล้ว")
    expect(page.locator("main svg").first).to_be_visible()
    kit.shot(page, "ended")


def evaluate(page, track):
    go(page, track)
    follow(page, page.get_by_role("link", name="ประเมินผล").first)
    for question in page.locator("fieldset.scores").all():
        question.locator("label.score", has_text="5").click()
    press(page, "ส่งผลประเมิน")
    go(page, track)
    expect(page.locator("main")).to_contain_text("จบเรื่อง")
    kit.shot(page, "closed")


def keyed(page):
    """The counter takes a letter through the plain file field."""
    title = "ขอความอนุเคราะห์จัดประชุมออนไลน์สหกรณ์การเกษตร"
    fields = office.letter(title=title, unit="สหกรณ์การเกษตรตัวอย่าง", origin="external", remarks=None)
    go(page, "/counter")
    office.fill(page, fields)
    page.locator("input[type=file]").first.set_input_files([office.letter_file("สแกน.pdf")])
    follow(page, page.locator("form.keyed button.grand"))
    told(page, "รับหนังสือเข้าแล้ว")
    office.register(page, "/matters/" + urllib.parse.urlparse(page.url).path.split("/")[2])


with kit.browser() as chromium:
    play(chromium)

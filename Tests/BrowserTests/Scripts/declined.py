# SPDX-License-Identifier: Apache-2.0
"""The ways back: declined, returned because something is missing, withdrawn."""
import subprocess

import kit
import office
from kit import Wrong, expect
from office import follow, go, press, same, told, unfold

REASON = "วันนั้นหอประชุมปิดปรับปรุง ขอให้เลือกวันอื่น"


def letter(title, **changes):
    return office.letter(title=title, start_date=office.typed_day(office.working_day(9)), **changes)


def paper_names(page, path, words):
    """The PDF at a path names this."""
    answer = page.context.request.get(kit.BASE_URL + path, timeout=60_000)
    same((answer.status, answer.headers["content-type"]), (200, "application/pdf"), path)
    file = kit.OUT / "paper.pdf"
    file.write_bytes(answer.body())
    text = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True, text=True).stdout
    if office.bare(words) not in office.bare(text):
        raise Wrong(f"{path} does not say {words}:\n{text[:2000]}")


def declined(requester, secretariat, executive):
    """Declined with a reason, and back to the unit with an outgoing number and a paper."""
    title = "ขอความอนุเคราะห์ถ่ายทอดสดงานเดินวิ่งการกุศล"
    track = office.request(requester, letter(title), [office.letter_file()])
    matter = office.registration_of(secretariat, title)
    office.register(secretariat, matter)
    office.submit(secretariat)
    go(executive, matter + "/decision")
    unfold(executive, "ไม่อนุมัติ")
    form = executive.locator("details.danger form")
    # Not without a reason: first the browser's own check is off, so that the office says it.
    office.unlock(executive)
    form.locator("textarea").fill(REASON)
    press(executive, "ยืนยันไม่อนุมัติ", within=form, exact=False)
    expect(executive.locator(".errors")).to_contain_text("กรุณาเลือกเหตุผลที่ไม่อนุมัติ")
    form = executive.locator("details.danger[open] form")
    expect(form.locator("textarea")).to_have_value(REASON)
    form.locator("select").select_option("noRoom")
    press(executive, "ยืนยันไม่อนุมัติ", within=form, exact=False)
    kit.check(executive, "declined")
    before = office.last_number(secretariat, "outgoing")
    go(secretariat, matter + "/return")
    expect(secretariat.locator("main")).to_contain_text(REASON)
    kit.check(secretariat, "return")
    press(secretariat, "ส่งเรื่องคืน", exact=False)
    told(secretariat, "ส่งเรื่องคืนแล้ว")
    number = f"{before + 1}/{office.today().year + 543}"
    expect(secretariat.locator(".stamp")).to_contain_text(number)
    paper_names(secretariat, matter + "/return.pdf", title)
    go(requester, track)
    for words in [REASON, number, "ส่งคืนแล้ว"]:
        expect(requester.locator("main")).to_contain_text(words)
    kit.check(requester, "declined-track")


def incomplete(requester, secretariat):
    """Something is missing: back to the requester, completed by the tracking link, registered."""
    title = "ขอความอนุเคราะห์จัดประชุมออนไลน์ชมรมผู้สูงอายุ"
    track = office.request(requester, letter(title))
    matter = office.registration_of(secretariat, title)
    go(secretariat, matter + "/registration")
    # It cannot be registered like this.
    press(secretariat, "ลงทะเบียนรับ")
    expect(secretariat.locator(".errors")).to_contain_text("ลงทะเบียนไม่ได้ เพราะยังขาด")
    unfold(secretariat, "ส่งคืนเพื่อแก้ไขให้ครบ")
    note = "ขอหนังสือที่หัวหน้าหน่วยงานลงนามแล้ว"
    secretariat.locator('textarea[name="note"]').fill(note)
    press(secretariat, "ส่งคืนและออกเลขส่ง")
    told(secretariat, "ส่งคืนเพื่อแก้ไขให้ครบแล้ว")
    kit.check(secretariat, "returned-incomplete")
    go(requester, track)
    for words in ["เอกสารยังไม่ครบ", "ลงนามโดยผู้มีอำนาจ", "ไฟล์หรือสำเนาหนังสือแนบ", note]:
        expect(requester.locator("main")).to_contain_text(words)
    kit.check(requester, "to-complete")
    requester.locator('input[type=file][name="file"]').set_input_files([office.letter_file("หนังสือลงนามแล้ว.pdf")])
    requester.locator('[name="audience"]').fill("95")
    press(requester, "ส่งเอกสารที่แก้ไขแล้ว")
    told(requester, "ส่งเอกสารที่แก้ไขแล้วเรียบร้อย")
    expect(requester.locator("main")).to_contain_text("หนังสือลงนามแล้ว.pdf")
    before = office.last_number(secretariat)
    same(
        office.register(secretariat, matter), f"{before + 1}/{office.today().year + 543}",
        "the number of a completed letter")


def withdrawn(requester, secretariat, executive, officer):
    """Taken back by the requester: nobody is reminded of it any more."""
    title = "ขอความอนุเคราะห์ถ่ายทอดสดปาฐกถาพิเศษ"
    track = office.request(requester, letter(title), [office.letter_file()])
    matter = office.registration_of(secretariat, title)
    office.register(secretariat, matter)
    office.submit(secretariat)
    go(executive, matter + "/decision")
    follow(executive, executive.locator("form.approve button"))
    go(secretariat, matter + "/assignment")
    secretariat.locator("ul.choosing li", has_text=office.PEOPLE["anan"]).locator('[name="officer"]').check()
    secretariat.locator("ul.choosing li", has_text=office.PEOPLE["anan"]).locator('[name="charge"]').check()
    press(secretariat, "มอบหมายและจอง")
    reminder = secretariat.locator("tr", has_text="เตือนก่อนเริ่ม").filter(has_text=office.PEOPLE["anan"])
    unfold(secretariat, "การแจ้งเตือน")
    expect(reminder).to_contain_text("รอถึงเวลา")
    go(requester, track)
    unfold(requester, "ถอนเรื่อง")
    office.unlock(requester)
    press(requester, "ยืนยันถอนเรื่อง")
    expect(requester.locator(".errors")).to_contain_text("กรุณาเขียนเหตุผล")
    requester.locator('[name="reason"]').fill("วิทยากรติดภารกิจ ขอเลื่อนออกไป")
    press(requester, "ยืนยันถอนเรื่อง")
    told(requester, "ถอนเรื่อง")
    kit.check(requester, "withdrawn")
    go(officer, "/inbox")
    row = officer.locator("#inbox > .inbox:not(.seen) > li", has_text=title).first
    expect(row).to_contain_text("ยกเลิก")
    go(secretariat, matter)
    unfold(secretariat, "การแจ้งเตือน")
    expect(reminder).to_contain_text("ไม่ส่ง เพราะเรื่องเปลี่ยนแปลง")
    kit.check(secretariat, "withdrawn-folder")


with kit.browser() as chromium:
    with (
        kit.desktop(chromium) as requester,
        office.person(chromium, "pimjai") as secretariat,
        office.person(chromium, "wichai") as executive,
        office.person(chromium, "anan") as officer,
    ):
        declined(requester, secretariat, executive)
        print("declined", flush=True)
        incomplete(requester, secretariat)
        print("incomplete", flush=True)
        withdrawn(requester, secretariat, executive, officer)
        print("withdrawn", flush=True)

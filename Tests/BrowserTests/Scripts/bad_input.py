# SPDX-License-Identifier: Apache-2.0
"""What people get wrong: each time a clear sentence, what to do next, and nothing typed is lost."""
import contextlib
import datetime
import urllib.parse

import kit
import office
from kit import Wrong, expect
from office import fill, follow, go, press, same, told, unfold

DAY = office.working_day(9)
OTHER_WEEKDAY = office.WEEKDAYS[(DAY.weekday() + 1) % 7]
NOT_A_PDF = {"name": "หนังสือ.pdf", "mimeType": "application/pdf", "buffer": "ข้อความธรรมดา".encode()}
MARKUP = "<script>document.title='ถูกแก้'</script><img src=x onerror=\"document.title='ถูกแก้'\">\"'&amp;{{title}}"
THAI_YEAR = DAY.year + 543

# What is typed instead, and the sentence that answers it.
TYPED = {
    "an end before its start": ({"end_time": "08:00"}, "เวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม กรุณาตรวจสอบวันและเวลา"),
    "a past date": (
        {"start_date": office.typed_day(office.today() - datetime.timedelta(days=3))},
        "วันเวลาที่ขอผ่านไปแล้ว กรุณาเลือกวันเวลาที่ยังมาไม่ถึง"),
    "31 February": (
        {"start_date": f"31 กุมภาพันธ์ {THAI_YEAR + 1}"}, "ไม่มีวันนี้ในปฏิทิน กรุณาตรวจสอบวันที่และเดือน"),
    "a Christian year": (
        {"start_date": f"{DAY.day}/{DAY.month}/{DAY.year}"},
        "ปีที่กรอกเป็นคริสต์ศักราช กรุณากรอกปีพุทธศักราช (เช่น 2569)"),
    "another weekday": (
        {"start_date": f"วัน{OTHER_WEEKDAY}ที่ {DAY.day} {office.LONG_MONTHS[DAY.month - 1]} {THAI_YEAR}"},
        "ชื่อวันไม่ตรงกับวันที่ กรุณาตรวจสอบว่าต้องการวันใด"),
    "no time": ({"start_time": "บ่ายโมง"}, "อ่านเวลาไม่ได้ กรุณากรอกแบบ 24 ชั่วโมง เช่น 09:30"),
    "no way to reach anybody": (
        {"contact_phone": "", "contact_mail": ""},
        "กรุณากรอกโทรศัพท์หรืออีเมลอย่างน้อยหนึ่งอย่าง เพื่อให้ติดต่อกลับได้"),
    "no number": ({"audience": "หลายคน"}, "จำนวนผู้เข้าร่วมต้องอยู่ระหว่าง 1 ถึง 1,000,000 คน กรุณากรอกเป็นตัวเลข"),
}


def letter(**changes):
    return office.letter(**({"start_date": office.typed_day(DAY)} | changes))


def refused(page, fields, sentences, what):
    """Exactly these sentences, each leading to its field, and every field as it was typed."""
    same(office.complaints(page), sentences, what)
    same(office.values(page, fields), fields, f"what stands in the form after {what}")
    for line in page.locator(".errors a").all():
        target = line.get_attribute("href")
        if page.locator(f'[id="{target[1:]}"]').count() != 1:
            raise Wrong(f"{what}: the sentence leads nowhere ({target})")


def wrong_fields(page):
    """Each wrong date, time and number in turn; the file, once sent, is kept through all of them."""
    go(page, "/request")
    file = office.letter_file("หนังสือฉบับลงนาม.pdf")
    page.locator('[name="file"]').set_input_files([file])
    for what, (changes, sentence) in TYPED.items():
        fields = letter(**changes)
        office.unlock(page)
        fill(page, fields)
        press(page, "ส่งคำขอ")
        refused(page, fields, [sentence], what)
        expect(page.locator('input[name="kept"]')).to_have_count(1)
        expect(page.locator("main")).to_contain_text("หนังสือฉบับลงนาม.pdf")
    kit.check(page, "wrong-fields")
    fill(page, letter(title="ขอความอนุเคราะห์ถ่ายทอดสดวันภาษาไทย"))
    press(page, "ส่งคำขอ")
    told(page, "ส่งคำขอเรียบร้อยแล้ว")
    expect(page.get_by_role("link", name="หนังสือฉบับลงนาม.pdf")).to_have_count(1)


def wrong_files(page):
    """A text that calls itself PDF, and 51 MB; the good file chosen beside them stays."""
    big = kit.OUT / "51.pdf"
    with big.open("wb") as file:
        file.write(office.pdf("big"))
        file.truncate(51 * 1024 * 1024)
    fields = letter()
    for files, sentence in [
        (NOT_A_PDF, "รับเฉพาะไฟล์ PDF, JPEG, PNG และ DOCX (ตรวจจากเนื้อไฟล์ ไม่ใช่จากชื่อ) กรุณาแปลงไฟล์แล้วเลือกใหม่"),
        (str(big), "ไฟล์ใหญ่เกิน 50 MB กรุณาย่อขนาดหรือแยกไฟล์ แล้วเลือกใหม่"),
    ]:
        go(page, "/request")
        fill(page, fields)
        page.locator('[name="file"]').set_input_files(files)
        press(page, "ส่งคำขอ")
        refused(page, fields, [sentence], sentence[:20])
        page.locator('[name="file"]').set_input_files([office.letter_file("ฉบับจริง.pdf")])
        page.locator('[name="end_time"]').fill("07:00")
        press(page, "ส่งคำขอ")
        expect(page.locator('input[name="kept"]')).to_have_count(1)
    big.unlink()


def in_english(page):
    """The same in the other language of the house."""
    go(page, "/request")
    press(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    fields = letter(end_time="08:00")
    fill(page, fields)
    follow(page, page.locator("form.form button.grand"))
    lines = office.complaints(page)
    if len(lines) != 1 or not lines[0].isascii():
        raise Wrong(f"not one English sentence: {lines}")
    same(office.values(page, fields), fields, "what was typed in English")
    kit.check(page, "wrong-in-english")
    press(page, "ไทย")


def sent_twice(page, secretariat):
    """The back button and once more: one matter only, and the same receipt."""
    title = "ขอความอนุเคราะห์จัดประชุมออนไลน์เครือข่ายพิพิธภัณฑ์"
    first = office.request(page, letter(title=title), [office.letter_file()])
    page.go_back()
    if page.locator('[name="title"]').input_value() != title:
        fill(page, letter(title=title))
    press(page, "ส่งคำขอ")
    same(urllib.parse.urlparse(page.url).path.split("/")[1], "track", "what a second sending leads to")
    go(secretariat, "/matters?q=" + urllib.parse.quote(title))
    return first, secretariat.locator("article.matter", has_text=title).count()


def stale(secretariat):
    """Two tabs on one letter: the second press changes nothing and says so, and keeps what was written."""
    title = "ขอความอนุเคราะห์จัดประชุมออนไลน์ชี้แจงงบประมาณประจำปี"
    matter = office.registration_of(secretariat, title)
    other = secretariat.context.new_page()
    for tab in [secretariat, other]:
        go(tab, matter + "/registration")
        for box in tab.locator('input[name="papers"]').all():
            box.check()
    unfold(other, "ส่งคืนเพื่อแก้ไขให้ครบ")
    office.register(secretariat, matter)
    number = secretariat.locator(".stamp .big strong").inner_text()
    press(other, "ลงทะเบียนรับ")
    expect(other.locator(".errors")).to_be_visible()
    expect(other.locator(".stamp")).to_contain_text(number)
    kit.check(other, "stale")
    other.close()
    # The same with words in the form: a folder's page that has grown old keeps them.
    tabs = [secretariat, secretariat.context.new_page()]
    for tab in tabs:
        go(tab, matter + "/withdrawal")
        tab.locator('[name="reason"]').fill("หน่วยงานขอเลื่อนไปเดือนหน้า")
    go(tabs[0], matter + "/registration")
    office.submit(tabs[0])
    press(tabs[1], "ยืนยันถอนเรื่อง")
    expect(tabs[1].locator(".errors")).to_contain_text("มีผู้บันทึกในแฟ้มนี้หลังจากที่ท่านเปิดหน้า")
    expect(tabs[1].locator('[name="reason"]')).to_have_value("หน่วยงานขอเลื่อนไปเดือนหน้า")
    tabs[1].close()


def bad_links(page, track):
    """A link that was cut or mistyped opens nothing and says what to do."""
    for path in [track[:-3], track[:-1] + ("A" if track[-1] != "A" else "B"), "/track/มั่ว", "/evaluate/" + track[7:]]:
        answer = page.goto(kit.BASE_URL + path)
        same(answer.status, 404, f"the answer to {path[:12]}…")
        for words in ["ลิงก์นี้ไม่ถูกต้อง", "กรุณาคัดลอกลิงก์ทั้งบรรทัดจากใบรับเรื่อง หรือสแกนคิวอาร์โค้ดอีกครั้ง"]:
            expect(page.locator("main")).to_contain_text(words)
    kit.check(page, "bad-link")


def markup(page, secretariat):
    """Markup and quotes in every field are shown as they were typed, everywhere."""
    mean = letter(
        title="ชื่อเรื่อง " + MARKUP, place="ที่ " + MARKUP, unit="หน่วย " + MARKUP, reference="อว " + MARKUP[:60],
        remarks="หมายเหตุ " + MARKUP, contact_name="ชื่อ " + MARKUP)
    track = office.request(page, mean, [office.letter_file("<b>หนังสือ</b>'\".pdf")])
    expect(page.locator("h1")).to_have_text(mean["title"])
    kit.check(page, "markup-track")
    matter = office.registration_of(secretariat, "ชื่อเรื่อง <script>")
    for place in ["/registration", ""]:
        go(secretariat, matter + place)
        for words in [mean["place"], mean["remarks"], mean["contact_name"]]:
            expect(secretariat.locator("main")).to_contain_text(words)
        same(secretariat.locator("main script, main img[onerror]").count(), 0, "elements made of what was typed")
        if "ถูกแก้" in secretariat.title() and "<script>" not in secretariat.title():
            raise Wrong("what was typed has run")
        kit.check(secretariat, "markup" + place.replace("/", "-"))
    go(page, track)


def long_text(page):
    """Very long Thai in every field: told how long it may be, kept whole, and no page grows wide."""
    long = "ขอความอนุเคราะห์ถ่ายทอดสดพิธี" * 400
    fields = letter(title=long, place=long, unit=long, remarks=long * 2, contact_name=long)
    go(page, "/request")
    fill(page, fields)
    press(page, "ส่งคำขอ")
    lines = office.complaints(page)
    if not all("ยาวเกินไป กรุณาย่อให้ไม่เกิน" in line for line in lines) or len(lines) < 4:
        raise Wrong(f"about long texts: {lines}")
    same(office.values(page, fields), fields, "long texts after the refusal")
    kit.check(page, "long")
    # As long as they may be: one word without a place to break.
    word = "ก" * 180
    office.request(page, letter(title=word, place=word, unit=word), [office.letter_file()])
    kit.check(page, "long-word")


def two_executives(chromium, secretariat):
    """Both press at once: exactly one decision, and the other is told."""
    with contextlib.ExitStack() as pages:
        tabs = [pages.enter_context(office.person(chromium, name)) for name in ("wichai", "ratana")]
        for tab in tabs:
            go(tab, "/decisions")
        title = tabs[0].locator("article.decision h2").first.inner_text()
        cards = [office.card(tab, title).locator("form.approve") for tab in tabs]
        matter = cards[0].get_attribute("action").removesuffix("/decision")
        # Both buttons are pressed before either answer is waited for.
        with tabs[0].expect_navigation(), tabs[1].expect_navigation():
            for card in cards:
                card.locator("button").evaluate("(button) => { setTimeout(() => button.click(), 50) }")
        same(sorted(tab.locator("#decided").count() for tab in tabs), [0, 1], "who was told that it is decided")
        winner, other = sorted(tabs, key=lambda tab: tab.locator("#decided").count())
        told(winner, "อนุมัติแล้ว: " + title)
        expect(other.locator("#decided")).to_contain_text("อนุมัติแฟ้มนี้แล้ว")
        expect(other.locator("#decided")).to_contain_text(winner.locator(".who strong").inner_text())
        kit.check(other, "told")
        go(secretariat, matter)
        entries = secretariat.locator(".timeline > li").filter(has=secretariat.get_by_text("อนุมัติ", exact=True))
        same(entries.count(), 1, "decisions in the folder")


with kit.browser() as chromium:
    with kit.desktop(chromium) as page, office.person(chromium, "somsri") as secretariat:
        wrong_fields(page)
        print("wrong fields", flush=True)
        wrong_files(page)
        print("wrong files", flush=True)
        in_english(page)
        print("in English", flush=True)
        track, count = sent_twice(page, secretariat)
        same(count, 1, "matters from a form sent twice")
        print("sent twice", flush=True)
        stale(secretariat)
        print("stale", flush=True)
        bad_links(page, track)
        print("bad links", flush=True)
        markup(page, secretariat)
        print("markup", flush=True)
        long_text(page)
        print("long text", flush=True)
        two_executives(chromium, secretariat)
        print("two executives", flush=True)
    with kit.phone(chromium) as page:
        wrong_fields(page)
        long_text(page)
        print("the same on a phone", flush=True)

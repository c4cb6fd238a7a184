# SPDX-License-Identifier: Apache-2.0
"""The demo office as its visitors know it: who works there, a letter to bring, and the small acts of every desk.

Every act is done as a person would: by the words on the button, by the label of the field.
"""
import contextlib
import datetime
import re
import struct
import subprocess
import urllib.parse
import zlib

import kit
from kit import Wrong, expect

PEOPLE = {
    "somsri": "นางสมศรี ใจเย็น",
    "pimjai": "นางสาวพิมพ์ใจ ยิ้มง่าย",
    "wichai": "ผู้ช่วยศาสตราจารย์วิชัย ฟังก่อน",
    "ratana": "รองศาสตราจารย์รัตนา ตัดสินไว",
    "anan": "นายอนันต์ เสียงใส",
    "kanya": "นางสาวกัญญา กล้องนิ่ง",
    "thongchai": "นายธงไชย สายไม่พัน",
    "malee": "นางสาวมาลี สัญญาณแรง",
    "narong": "นายณรงค์ เน็ตลื่น",
    "prasert": "นายประเสริฐ รอบคอบ",
    "somchai": "นายสมชาย หลายบทบาท",
}
MONTHS = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()
LONG_MONTHS = (
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()
)
WEEKDAYS = "จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์".split()
BANGKOK = datetime.timezone(datetime.timedelta(hours=7))


def today():
    """Today in Bangkok."""
    return datetime.datetime.now(BANGKOK).date()


def typed_day(day):
    """A day as people type it: 14/12/2569."""
    return f"{day.day}/{day.month}/{day.year + 543}"


def working_day(ahead):
    """A Monday to Friday at least so many days ahead."""
    day = today() + datetime.timedelta(days=ahead)
    while day.weekday() > 4:
        day += datetime.timedelta(days=1)
    return day


def read_day(text):
    """The first Thai date in a text, as `14 ธ.ค. 2569`."""
    names = "|".join(re.escape(name) for name in MONTHS + LONG_MONTHS)
    found = re.search(rf"(\d{{1,2}})\s+({names})\s+(\d{{4}})", text)
    if not found:
        raise Wrong(f"no date in: {text}")
    number, name, year = found.groups()
    month = (MONTHS.index(name) if name in MONTHS else LONG_MONTHS.index(name)) + 1
    return datetime.date(int(year) - 543, month, int(number))


def bare(text):
    """A text without the vowels and tone marks that stand on other letters, and without blanks.

    The paper's font draws many of those by shapes of their own, which no reader of a PDF turns back into letters.
    """
    return "".join(letter for letter in text if not letter.isspace() and not "\u0e31" <= letter <= "\u0e3a"
                   and not "\u0e47" <= letter <= "\u0e4e")


# Files


def pdf(words):
    """A small valid PDF with a line of Latin text on an A4 page."""
    stream = f"BT /F1 18 Tf 72 760 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    text, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return text + tail % (table, len(text))


def letter_file(name="หนังสือขอความอนุเคราะห์.pdf", words="Request letter"):
    """A real PDF to be chosen in a file field."""
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf(words)}


def picture():
    """A small PNG, as a telephone would take of a level meter."""
    width, height = 320, 200
    rows = b"".join(b"\0" + bytes([0, 128 * (height - row) // height, 128]) * width for row in range(height))

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return {"name": "meter.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"".join(chunks)}


# Forms


def letter(**changes):
    """What a requester types; `None` takes a field out."""
    day = working_day(6)
    fields = {
        "title": "ขอความอนุเคราะห์ถ่ายทอดสดการแข่งขันหุ่นยนต์นักเรียน",
        "service": "both",
        "start_date": typed_day(day),
        "start_time": "13:30",
        "end_date": "",
        "end_time": "16:30",
        "place": "ห้องสตูดิโอ 1 อาคารสื่อการเรียนรู้",
        "audience": "180",
        "recording": True,
        "remarks": "ใช้กล้อง 2 ตัว ไมโครโฟน 4 ตัว",
        "origin": "internal",
        "unit": "ชมรมหุ่นยนต์ คณะวิศวกรรมศาสตร์",
        "reference": "อว 0000.9/321",
        "dated": typed_day(today()),
        "contact_name": "นางสาวแก้วใจ ใฝ่รู้",
        "contact_phone": "ต่อ 2468",
        "contact_mail": "kaewjai@example.ac.th",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def fill(page, fields):
    """Fills a form's fields by their names: text, radio buttons, one check box."""
    for name, value in fields.items():
        field = page.locator(f'[name="{name}"]')
        if value is True:
            field.first.check()
        elif field.first.get_attribute("type") == "radio":
            page.locator(f'input[name="{name}"][value="{value}"]').check()
        else:
            field.first.fill(value)


def values(page, fields):
    """What now stands in the same fields."""
    found = {}
    for name, value in fields.items():
        field = page.locator(f'[name="{name}"]')
        if value is True:
            found[name] = field.first.is_checked()
        elif field.first.get_attribute("type") == "radio":
            chosen = page.locator(f'input[name="{name}"]:checked')
            found[name] = chosen.get_attribute("value") if chosen.count() else None
        else:
            found[name] = field.first.input_value()
    return found


def unlock(page):
    """Takes the browser's own checks off, so that the server's are seen."""
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")


def same(found, wanted, what):
    """Equality that tells both sides."""
    if found != wanted:
        raise Wrong(f"{what}:\n  found  {found!r}\n  wanted {wanted!r}")


def press(page, name, within=None, exact=True):
    """Presses the button of that name and waits for the page that follows."""
    follow(page, (within or page).get_by_role("button", name=name, exact=exact).first)


def follow(page, element):
    """Presses a link or a button and waits for the page that follows."""
    with page.expect_navigation():
        element.click()


def unfold(page, name, within=None):
    """Opens the folded part of that name, when it is still folded."""
    summary = (within or page).locator("summary", has_text=name).first
    if not summary.evaluate("(summary) => summary.parentElement.open"):
        summary.click()


def told(page, text):
    """Fails when no notice of the page says this, with what it complains of instead."""
    if not page.locator("main .notice", has_text=text).count():
        notices = page.locator("main .notice").all_inner_texts()
        raise Wrong(f"{page.url} does not say “{text}” but {notices}; it complains: {complaints(page)}")


def complaints(page):
    """The lines of the error summary."""
    return [line.strip() for line in page.locator(".errors li").all_inner_texts()]


def go(page, path):
    """Opens a page of the office, which must be there."""
    answer = page.goto(kit.BASE_URL + path)
    if answer is None or not answer.ok:
        raise Wrong(f"{path} answers {answer and answer.status}: {page.locator('body').inner_text()[:400]}")
    return answer


# People


@contextlib.contextmanager
def person(chromium, username, open_reader=kit.desktop, **more):
    """A page in which somebody of the office is signed in."""
    with open_reader(chromium, **more) as page:
        sign_in(page, username)
        yield page


def sign_in(page, username):
    go(page, "/sign-in")
    press(page, PEOPLE[username], exact=False)
    expect(page.locator(".who strong")).to_have_text(PEOPLE[username])


# The requester


def request(page, fields, files=()):
    """Fills the requester's form and sends it; answers the tracking link's path."""
    go(page, "/request")
    fill(page, fields)
    if files:
        page.locator('input[type=file][name="file"]').set_input_files(list(files))
    press(page, "ส่งคำขอ")
    told(page, "ส่งคำขอเรียบร้อยแล้ว")
    return urllib.parse.urlparse(page.url).path


def scanned(element, name):
    """What a QR code on the screen says."""
    picture = kit.OUT / f"{name}.png"
    element.screenshot(path=str(picture))
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=False)
    return read.stdout.strip()


# The desks


def matter_of(page, title):
    """The path of a matter by its title, found by searching as people do."""
    go(page, "/matters?q=" + urllib.parse.quote(title))
    link = page.locator("article.matter h3 a", has_text=title).first
    return re.match(r"/matters/\d+", link.get_attribute("href")).group()


def registration_of(page, title):
    """The path of a letter that waits to be registered, from the secretariat's desk."""
    go(page, "/desk")
    link = page.locator("article.matter", has_text=title).locator("a.button, h3 a").first
    return re.match(r"/matters/\d+", link.get_attribute("href")).group()


def register(page, matter):
    """Checks, classifies and registers; answers the number of the stamp, as 27/2569."""
    go(page, matter + "/registration")
    for box in page.locator('input[name="papers"]').all():
        box.check()
    press(page, "ลงทะเบียนรับ", exact=False)
    told(page, "ลงทะเบียนรับเรียบร้อยแล้ว")
    return page.locator(".stamp .big strong").inner_text().strip()


def card(page, title):
    """The card of the matter of that title; another may name it as what is on at the same time."""
    return page.locator("article.decision", has=page.locator("h2", has_text=title))


def submit(page):
    press(page, "เสนอแฟ้ม", exact=False)
    told(page, "เสนอแฟ้มต่อผู้บริหารแล้ว")


def last_number(page, book="incoming"):
    """The newest running number of a register of this year; 0 when there is none."""
    go(page, f"/register/{book}")
    numbers = [
        int(found.group(1))
        for text in page.locator("table.register tbody th").all_inner_texts()
        if (found := re.search(r"(\d+)", text))
    ]
    return max(numbers, default=0)

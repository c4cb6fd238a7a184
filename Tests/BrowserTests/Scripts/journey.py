# SPDX-License-Identifier: Apache-2.0
"""One real letter through every row of the procedure and six desks, at a desk's width and again on a small phone."""
import contextlib
import subprocess
import sys
import urllib.parse

import kit
import office
from kit import Wrong, expect
from office import follow, go, press, same, told, unfold

LINK = "https://meet.example.ac.th/robot-2569"
# At 10:00 everybody of the planted booking (the hall, Thongchai, Malee, from 13:30) is still free but for its set-up.
LETTERS = {
    "desktop": {
        "title": "ขอความอนุเคราะห์ถ่ายทอดสดการแข่งขันหุ่นยนต์นักเรียน",
        "start_time": "13:30",
        "end_time": "16:30",
        "officers": ["anan", "kanya"],
        "room": "ห้องสตูดิโอ 1",
        "tear_down": None,
    },
    "phone": {
        "title": "ขอความอนุเคราะห์ถ่ายทอดสดพิธีปิดค่ายหุ่นยนต์",
        "start_time": "10:00",
        "end_time": "12:30",
        "officers": ["anan", "malee"],
        "room": "หอประชุมใหญ่",
        "tear_down": "0",
    },
}


class Journey:
    """Everybody's page, and the letter that goes from one to the next."""

    def __init__(self, chromium, width, pages):
        self.width = width
        self.plan = LETTERS[width]
        self.open_reader = getattr(kit, width)
        self.requester = pages.enter_context(self.open_reader(chromium))
        for desk, username in [
            ("secretariat", "somsri"), ("executive", "ratana"), ("officer", "anan"), ("network", "narong"),
        ]:
            page = pages.enter_context(office.person(chromium, username, self.open_reader))
            setattr(self, desk, page)
        self.second = {"kanya": "kanya", "malee": "malee"}[self.plan["officers"][1]]
        self.matter = self.track = self.number = ""

    def play(self):
        for row in [
            self.letter, self.registration, self.submission, self.decision, self.assignment, self.notice,
            self.preparation, self.network_notice, self.link, self.service, self.evaluation, self.report,
        ]:
            row()
            print(f"{self.width}: {row.__name__}", flush=True)

    def look(self, page, name):
        """A picture, axe, and no sideways scrolling."""
        kit.check(page, f"{self.width}-{name}")

    # Row by row

    def planted(self):
        """The day of a booking that stands already: the hall, Thongchai and Malee, from 13:30."""
        go(self.secretariat, office.matter_of(self.secretariat, "เปิดบ้านวิชาการ"))
        return office.read_day(self.secretariat.locator("dl.pairs dd", has_text="13:30").first.inner_text())

    def letter(self):
        page = self.requester
        self.day = self.planted()
        fields = office.letter(
            title=self.plan["title"], start_date=office.typed_day(self.day), start_time=self.plan["start_time"],
            end_time=self.plan["end_time"])
        self.unit = fields["unit"]
        go(page, "/")
        self.look(page, "home")
        page.get_by_role("link", name="ขอใช้บริการ").first.click()
        page.wait_for_url("**/request")
        self.look(page, "request")
        self.track = office.request(page, fields, [office.letter_file()])
        self.look(page, "receipt")
        link = page.locator("#link").input_value()
        same(link, kit.BASE_URL + self.track, "the tracking link")
        same(office.scanned(page.locator("figure.code svg"), f"{self.width}-code"), link, "what the QR code says")
        expect(page.locator("section", has_text="เรื่องอยู่ที่ไหน").locator(".chip").first).to_contain_text("รอตรวจและลงทะเบียน")

    def registration(self):
        page = self.secretariat
        before = office.last_number(page)
        self.matter = office.registration_of(page, self.plan["title"])
        go(page, self.matter + "/registration")
        self.look(page, "registration")
        with page.expect_popup() as beside:
            page.locator("ul.sheets a").first.click()
        beside.value.close()
        self.number = office.register(page, self.matter)
        same(self.number, f"{before + 1}/{office.today().year + 543}", "the next number of the register")
        self.look(page, "registered")
        go(page, "/register/incoming")
        expect(page.locator("table.register tbody tr", has_text=self.plan["title"])).to_contain_text(self.number)
        self.look(page, "register")
        go(page, self.matter + "/registration")

    def submission(self):
        office.submit(self.secretariat)
        self.look(self.secretariat, "folder-submitted")

    def decision(self):
        page = self.executive
        go(page, "/decisions")
        card = office.card(page, self.plan["title"])
        expect(card).to_contain_text(self.unit)
        self.look(page, "decisions")
        # A link in a message only opens the page: a GET decides nothing.
        go(page, self.matter + "/decision")
        self.look(page, "decision")
        go(page, "/decisions")
        follow(page, card.locator("form.approve button"))
        told(page, "อนุมัติแล้ว: " + self.plan["title"])
        expect(office.card(page, self.plan["title"])).to_have_count(0)

    def assignment(self):
        page = self.secretariat
        go(page, self.matter + "/assignment")
        taken = page.locator("ul.choosing li", has_text="หอประชุมใหญ่")
        expect(taken).to_contain_text("ไม่ว่าง")
        expect(taken.locator("p.taken")).to_contain_text("เปิดบ้านวิชาการ")
        page.locator("ul.choosing li", has_text="หอประชุมใหญ่").locator('[name="room"]').check()
        press(page, "ตรวจสอบความว่าง")
        expect(page.locator("main > .notice")).to_contain_text("ไม่ว่าง")
        self.look(page, "conflict")
        self.choose(page)
        press(page, "ตรวจสอบความว่าง")
        told(page, "รายการที่เลือกว่างทั้งหมด")
        self.look(page, "assignment")
        # The officers' pages are open while this happens.
        go(self.officer, "/inbox")
        self.officer.evaluate("window.stillTheSamePage = true")
        press(page, "มอบหมายและจอง")
        told(page, "มอบหมายและจองแล้ว")
        self.look(page, "folder-assigned")

    def choose(self, page):
        """Two officers and a room that are free; where they are not, less time to clear away makes them so."""
        for box in page.locator('ul.choosing input[type="checkbox"]').all():
            box.set_checked(False)
        for number, username in enumerate(self.plan["officers"]):
            row = page.locator("ul.choosing li", has_text=office.PEOPLE[username])
            row.locator('[name="officer"]').check()
            if number == 0:
                row.locator('[name="charge"]').check()
        page.locator("ul.choosing li", has_text=self.plan["room"]).locator('[name="room"]').check()
        if self.plan["tear_down"] is not None:
            page.locator('[name="tear_down"]').fill(self.plan["tear_down"])

    def notice(self):
        """Live, in a page that stays open; and one press says it was seen."""
        page = self.officer
        row = page.locator("#inbox > .inbox:not(.seen) > li", has_text=self.plan["title"])
        expect(row).to_be_visible()
        if not page.evaluate("window.stillTheSamePage === true"):
            raise Wrong("the open page was loaded again")
        self.look(page, "inbox")
        press(page, "รับทราบ", within=row, exact=False)
        expect(page.locator("#inbox > .seen > li", has_text=self.plan["title"])).to_be_visible()

    def preparation(self):
        page = self.officer
        go(page, self.matter + "/preparation")
        self.look(page, "preparation")
        first = True
        while page.locator("form.tick").count():
            check = page.locator("li.check", has=page.locator("form.tick")).first
            if check.locator("summary", has_text="ต้องมีหลักฐาน").count():
                if first:
                    # Not without evidence.
                    press(page, "ตรวจแล้ว", within=check, exact=False)
                    expect(page.locator(".errors li")).to_contain_text("รายการนี้ต้องมีหลักฐาน")
                    check = page.locator("li.check", has=page.locator("form.tick.wrong")).first
                    self.look(page, "no-evidence")
                unfold(page, "หลักฐาน", check)
                check.locator('[name="value"]').fill("-16 LUFS")
                if first:
                    check.locator('input[name="photo"]').last.set_input_files(office.picture())
                    first = False
            press(page, "ตรวจแล้ว", within=check, exact=False)
            told(page, "บันทึกการตรวจแล้ว")
        expect(page.locator("a.evidence img").first).to_be_visible()
        self.look(page, "checked")

    def network_notice(self):
        page = self.officer
        page.locator('[name="megabits"]').fill("35")
        page.locator('[name="network_note"]').fill("กล้องสองตัว ส่งออกสองเส้นทาง")
        press(page, "แจ้งงานเครือข่าย")
        told(page, "แจ้งงานเครือข่ายแล้ว")
        page = self.network
        go(page, "/watch")
        row = page.get_by_role("listitem").filter(has_text=self.plan["title"])
        expect(row).to_contain_text("35")
        self.look(page, "watch")
        press(page, "รับทราบ", within=row, exact=False)
        told(page, "บันทึกการรับทราบแล้ว")
        expect(page.get_by_role("listitem").filter(has_text=self.plan["title"]).get_by_role("button")).to_have_count(0)

    def link(self):
        page = self.officer
        go(page, self.matter + "/preparation")
        page.locator('[name="link"]').fill(LINK.replace("https", "http"))
        press(page, "บันทึกลิงก์")
        same(len(office.complaints(page)), 1, "sentences about http://")
        expect(page.locator(".errors")).to_contain_text("ลิงก์ต้องขึ้นต้นด้วย https://")
        expect(page.locator('[name="link"]')).to_have_value(LINK.replace("https", "http"))
        page.locator('[name="link"]').fill(LINK)
        press(page, "บันทึกลิงก์")
        told(page, "บันทึกลิงก์แล้ว")
        self.look(page, "ready")
        self.requester.reload()
        expect(self.requester.locator(f'a[href="{LINK}"]')).to_be_visible()

    def service(self):
        page = self.officer
        go(page, self.matter + "/service")
        self.look(page, "runsheet-before")
        press(page, "เริ่มให้บริการ")
        told(page, "เริ่มให้บริการแล้ว")
        page.locator("label.tap", has_text="เสียง").click()
        page.locator('[name="note"]').first.fill("ไมโครโฟนตัวที่ 2 แบตเตอรี่หมด เปลี่ยนแล้ว")
        follow(page, page.locator(".severities button").first)
        told(page, "บันทึกเหตุการณ์แล้ว")
        expect(page.locator(".timeline")).to_contain_text("แบตเตอรี่หมด")
        self.look(page, "runsheet")
        unfold(page, "สิ้นสุดการให้บริการ")
        page.locator('[name="audience"]').fill("164")
        page.locator('[name="summary"]').fill("ถ่ายทอดครบทุกรอบ")
        press(page, "สิ้นสุดการให้บริการ", within=page.locator("details", has_text="สิ้นสุดการให้บริการ"))
        told(page, "สิ้นสุดการให้บริการแล้ว")
        self.look(page, "runsheet-ended")

    def evaluation(self):
        page = self.officer
        self.asked = page.locator(".evaluation .address a").get_attribute("href")
        page.get_by_role("link", name="แสดงคิวอาร์โค้ดเต็มจอ").click()
        page.wait_for_url("**/evaluation-qr")
        self.look(page, "evaluation-qr")
        same(office.scanned(page.locator("main svg").first, f"{self.width}-evaluation-code"), self.asked, "the hall's code")
        page = self.requester
        page.reload()
        same(
            kit.BASE_URL + page.get_by_role("link", name="ประเมินผล").first.get_attribute("href"), self.asked,
            "the requester's link to the three questions")
        go(page, urllib.parse.urlparse(self.asked).path)
        self.look(page, "evaluate")
        for number, question in enumerate(page.locator("fieldset.scores").all()):
            question.locator("label.score", has_text="54"[number % 2]).click()
        page.locator("textarea").fill("ภาพคมชัด เสียงดี ขอบคุณทีมงาน")
        press(page, "ส่งผลประเมิน")
        self.look(page, "evaluated")
        go(page, self.track)
        expect(page.locator("main")).to_contain_text("จบเรื่อง")
        self.look(page, "track-closed")

    def report(self):
        page = self.executive
        month = f"{self.day.year + 543}-{self.day.month:02}"
        go(page, f"/reports/{month}")
        self.look(page, "report")
        figure = page.locator(".figure", has_text="ครั้งที่ให้บริการแล้ว")
        served = int(figure.locator("strong").inner_text())
        follow(page, figure.locator("a"))
        expect(page.locator("article.matter")).to_have_count(min(served, 50))
        self.look(page, "counted")
        page.locator("article.matter h3 a", has_text=self.plan["title"]).first.click()
        page.wait_for_url(f"**{self.matter}**")
        expect(page.locator("main")).to_contain_text(self.number)
        expect(page.locator(".timeline").last).to_contain_text("ประเมิน")
        self.look(page, "folder-closed")
        answer = page.context.request.get(f"{kit.BASE_URL}/reports/{month}.pdf", timeout=60_000)
        same((answer.status, answer.headers["content-type"]), (200, "application/pdf"), "the report's paper")
        paper = kit.OUT / f"{self.width}-report.pdf"
        paper.write_bytes(answer.body())
        text = subprocess.run(["pdftotext", "-layout", str(paper), "-"], check=True, capture_output=True, text=True)
        name = "งานบริการเทคโนโลยีดิจิทัล สำนักคอมพิวเตอร์ (สาธิต)"
        if office.bare(name) not in office.bare(text.stdout):
            raise Wrong(f"the paper does not name {name}:\n{text.stdout[:2000]}")


widths = sys.argv[1:] or ["desktop", "phone"]
with kit.browser() as chromium:
    for width in widths:
        with contextlib.ExitStack() as pages:
            Journey(chromium, width, pages).play()

// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// มอบหมายงาน, แก้ไขรายละเอียด, ถอนเรื่อง: the secretariat's three pages of a folder under way.
@Suite struct AssignmentRouteTests {
    @Test func lookingSaysWhoIsFreeAndBooksNothing() async throws {
        let office = try await OfficeFixture()
        var other = Samples.letter()
        other.title = "ปฐมนิเทศนิสิตใหม่"
        let taken = try await office.matter(at: .toPrepare, letter: other)
        var letter = Samples.letter()
        letter.span = Span(start: letter.span.end + .hours(1), end: letter.span.end + .hours(3))
        let matter = try await office.matter(at: .toAssign, letter: letter)
        let path = "/matters/\(matter.id)/assignment"
        let first = try await office.get(path, as: Samples.somsri)
        #expect(first.status == 200)
        #expect(first.body.contains("name=\"room\" value=\"1\" checked"), "the room that the letter names is proposed")
        #expect(first.text.contains(taken.letter.title), "set-up begins before the other's tear-down is over")
        let short = try await office.get("\(path)?officer=5&charge=5&room=1&set_up=15&tear_down=0", as: Samples.somsri)
        #expect(short.text.contains("รายการที่เลือกว่างทั้งหมด"))
        #expect(!short.text.contains(taken.letter.title))
        let long = try await office.get("\(path)?officer=7&charge=5&room=1&set_up=60&tear_down=0", as: Samples.somsri)
        #expect(long.text.contains("รายการที่เลือกไม่ว่าง 2 รายการ"))
        #expect(long.body.contains("name=\"officer\" value=\"7\" checked"))
        let odd = try await office.get("\(path)?set_up=%E0%B9%99%E0%B9%90&tear_down=soon", as: Samples.somsri)
        #expect(odd.body.matches(of: /<p class="error"/).count == 1, "Thai digits are read, a word is not")
        #expect(try await office.now(matter.id) == matter)
    }

    @Test func assigningBooksAndADoubleBookingKeepsWhatWasChosen() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toAssign)
        let rival = try await office.matter(at: .toAssign)
        func assign(_ id: Matter.ID, _ seen: Int, officer: String, room: String) async throws -> Answer {
            try await office.post(
                "/matters/\(id)/assignment",
                [
                    "officer": "6", "officer": officer, "charge": officer, "room": room, "set_up": "60",
                    "tear_down": "30", "seen": String(seen), "once": "m\(id)-\(officer)",
                ], as: Samples.somsri)
        }
        let done = try await assign(matter.id, matter.folder.count, officer: "5", room: "1")
        #expect(done.location == "/matters/\(matter.id)?done=assigned")
        #expect(
            try await office.now(matter.id).assignment
                == Assignment(
                    officers: [Samples.anan.id, Samples.kanya.id], rooms: [Room.ID(1)], setUpMinutes: 60,
                    tearDownMinutes: 30))
        let refused = try await assign(rival.id, rival.folder.count, officer: "7", room: "1")
        #expect(refused.status == 409)
        #expect(refused.text.contains("ห้องประชุมราชพฤกษ์ อาคารสำนักคอมพิวเตอร์ ชั้น 3 ไม่ว่างในช่วงที่จะจอง"))
        #expect(refused.text.contains("นางสาวกัญญา กล้องนิ่ง ไม่ว่างในช่วงที่จะจอง"))
        #expect(refused.body.contains("name=\"officer\" value=\"7\" checked"))
        #expect(refused.body.contains("name=\"charge\" value=\"7\" checked"))
        #expect(refused.body.contains("<li id=\"room-1\" tabindex=\"-1\" class=\"wrong\">"))
        #expect(try await office.now(rival.id) == rival)
    }

    @Test func whatIsWrongIsSaidBesideItsPlace() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toAssign)
        let path = "/matters/\(matter.id)/assignment"
        let seen = String(matter.folder.count)
        let nobody = try await office.post(
            path, ["room": "1", "set_up": "60", "tear_down": "30", "seen": seen], as: Samples.somsri)
        #expect(nobody.status == 422)
        #expect(nobody.body.contains("<a href=\"#officers\">"))
        let minutes = try await office.post(
            path, ["officer": "5", "set_up": "9999999999999999999", "tear_down": "30", "seen": seen], as: Samples.somsri
        )
        #expect(minutes.status == 422)
        #expect(minutes.body.contains("<a href=\"#set_up\">"))
        let clerk = try await office.post(
            path, ["officer": "1", "set_up": "60", "tear_down": "30", "seen": seen], as: Samples.somsri)
        #expect(clerk.status == 422)
        let stale = try await office.post(
            path, ["officer": "5", "set_up": "60", "tear_down": "30", "seen": "1"], as: Samples.somsri)
        #expect(stale.status == 409)
        #expect(stale.field("seen") == seen)
        #expect(try await office.get(path, as: Samples.anan).status == 403)
        let early = try await office.matter(at: .toDecide, letter: Samples.letter(inDays: 12))
        #expect(try await office.get("/matters/\(early.id)/assignment", as: Samples.somsri).status == 409)
        #expect(try await office.now(matter.id) == matter)
    }

    private func typed(_ change: (inout [String: String]) -> Void) -> [String: String] {
        var fields = [
            "origin": "internal", "unit": "คณะวิทยาศาสตร์", "reference": "อว 0000.4/123", "dated": "23/11/2569",
            "title": "ขอความอนุเคราะห์จัดประชุมออนไลน์คณะกรรมการบริหารหลักสูตร", "service": "meeting",
            "start_date": "30/11/2569", "start_time": "09:00", "end_date": "30/11/2569", "end_time": "12:00",
            "place": "ห้องประชุมราชพฤกษ์", "audience": "45", "remarks": "", "contact_name": "นางสาวดวงใจ ประสานดี",
            "contact_phone": "ต่อ 2345", "contact_mail": "", "reason": "ผู้ขอแจ้งทางโทรศัพท์",
        ]
        change(&fields)
        return fields
    }

    @Test func anAmendmentSaysFirstWhetherTheApprovalFalls() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let path = "/matters/\(matter.id)/amendment"
        let page = try await office.get(path, as: Samples.somsri)
        #expect(page.text.contains("คำอนุมัติและการจองจะสิ้นผล"))
        let small = try await office.post(
            path,
            fields: typed {
                $0["audience"] = "๖๐"; $0["look"] = "1"
            }, as: Samples.somsri)
        #expect(small.text.contains("45 คน แก้เป็น 60 คน"))
        #expect(small.text.contains("คำอนุมัติยังใช้ได้"))
        let big = try await office.post(
            path,
            fields: typed {
                $0["start_time"] = "10:00"; $0["look"] = "1"
            }, as: Samples.somsri)
        #expect(big.text.contains("คำอนุมัติและการจองจะสิ้นผล และต้องเสนอผู้บริหารใหม่"))
        #expect(try await office.now(matter.id) == matter, "looking changes nothing")
        let saved = try await office.post(
            path,
            fields: typed {
                $0["start_time"] = "10:00"; $0["seen"] = String(matter.folder.count)
            }, as: Samples.somsri)
        #expect(saved.location == "/matters/\(matter.id)?done=amended")
        #expect(try await office.now(matter.id).stage == .toDecide)
        #expect(try await office.now(matter.id).assignment == nil)
    }

    @Test func aContactAloneIsCorrectedWithoutAnEntry() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let path = "/matters/\(matter.id)/amendment"
        let page = try await office.get(path, as: Samples.somsri)
        func fields(_ changes: [String: String]) -> [String: String] {
            var fields = [
                "origin": matter.letter.origin.rawValue, "service": matter.letter.service.rawValue,
                "remarks": matter.letter.remarks, "contact_name": "นายชื่นใจ รับสายไว", "contact_phone": "ต่อ 9999",
                "contact_mail": "", "reason": "", "seen": String(matter.folder.count),
            ]
            for name in [
                "unit", "reference", "dated", "title", "start_date", "start_time", "end_date", "end_time", "place",
                "audience",
            ] { fields[name] = page.field(name) ?? "" }
            if matter.letter.wantsRecording { fields["recording"] = "yes" }
            return fields.merging(changes) { $1 }
        }
        let looked = try await office.post(path, fields: fields(["look": "1"]), as: Samples.somsri)
        #expect(looked.text.contains("เปลี่ยนเฉพาะผู้ประสานงาน"))
        let unreachable = try await office.post(
            path, fields: fields(["contact_phone": ""]), as: Samples.somsri)
        #expect(unreachable.status == 422)
        #expect(unreachable.field("contact_name") == "นายชื่นใจ รับสายไว")
        #expect(try await office.cabinet.contact(of: matter.id) == Samples.contact)
        let saved = try await office.post(path, fields: fields([:]), as: Samples.somsri)
        #expect(saved.location == "/matters/\(matter.id)?done=contact_corrected")
        #expect(
            try await office.cabinet.contact(of: matter.id)
                == Contact(name: "นายชื่นใจ รับสายไว", phone: "ต่อ 9999", mail: ""))
        #expect(try await office.now(matter.id) == matter, "not an entry, and the approval stands")
        let change = try #require(try await office.cabinet.rosterChanges(limit: 1).first)
        #expect(change.what == "contact" && change.subject == "\(matter.id)")
        let again = try await office.post(path, fields: fields([:]), as: Samples.somsri)
        #expect(again.status == 409, "nothing has changed")
        #expect(try await office.post(path, fields: fields([:]), as: Samples.anan).status == 403)
    }

    @Test(arguments: [
        ("end_time", "08:00", "เวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม กรุณาตรวจสอบวันและเวลา"),
        ("start_date", "1/11/2569", "วันเวลาที่ขอผ่านไปแล้ว กรุณาเลือกวันเวลาที่ยังมาไม่ถึง"),
        ("start_date", "31 กุมภาพันธ์ 2570", "ไม่มีวันนี้ในปฏิทิน กรุณาตรวจสอบวันที่และเดือน"),
        ("start_date", "30/11/2026", "ปีที่กรอกเป็นคริสต์ศักราช กรุณากรอกปีพุทธศักราช (เช่น 2569)"),
        ("reason", " ", "กรุณาเขียนเหตุผล"),
        ("audience", "มาก", "จำนวนผู้เข้าร่วมต้องอยู่ระหว่าง 1 ถึง 1,000,000 คน กรุณากรอกเป็นตัวเลข"),
        ("unit", "", "กรุณากรอกหน่วยงานที่ขอ"),
    ])
    func aWrongAmendmentLosesNothing(field: String, value: String, sentence: String) async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toDecide)
        let wrong = try await office.post(
            "/matters/\(matter.id)/amendment",
            fields: typed {
                $0["title"] = "<script>alert(1)</script>"
                $0[field] = value
                $0["seen"] = String(matter.folder.count)
            }, as: Samples.somsri)
        #expect(wrong.status == 422)
        #expect(wrong.text.contains(sentence))
        #expect(wrong.body.contains("value=\"&lt;script&gt;alert(1)&lt;/script&gt;\""))
        #expect(wrong.body.contains("ผู้ขอแจ้งทางโทรศัพท์</textarea>") == (field != "reason"))
        #expect(try await office.now(matter.id) == matter)
    }

    @Test func withdrawingAsksForItsReason() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let path = "/matters/\(matter.id)/withdrawal"
        let seen = String(matter.folder.count)
        let empty = try await office.post(path, ["reason": " ", "seen": seen], as: Samples.somsri)
        #expect(empty.status == 422)
        #expect(empty.body.contains("<a href=\"#reason\">"))
        #expect(try await office.post(path, ["reason": "เลื่อน", "seen": "1"], as: Samples.somsri).status == 409)
        let done = try await office.post(path, ["reason": "เลื่อนงาน", "seen": seen], as: Samples.somsri)
        #expect(done.location == "/matters/\(matter.id)?done=withdrawn")
        #expect(try await office.now(matter.id).stage == .withdrawn)
        #expect(try await office.get(path, as: Samples.somsri).status == 409)
    }
}

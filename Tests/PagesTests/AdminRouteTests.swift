// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Secure
import Testing

@testable import Pages

/// The settings: only an administrator changes them, nothing typed is lost, and the office never locks itself out.
@Suite struct AdminRouteTests {
    private let prasert = Samples.prasert

    @Test(
        arguments: [
            "/admin", "/admin/people", "/admin/people/new", "/admin/people/1", "/admin/rooms", "/admin/rooms/1",
            "/admin/holidays", "/admin/holidays/2026-12-10", "/admin/limits", "/admin/checklists",
            "/admin/checklists/meeting/sound", "/admin/checklists/broadcast/new", "/admin/office", "/admin/changes",
        ])
    func onlyAdministratorsSeeTheSettings(path: String) async throws {
        let office = try await OfficeFixture()
        #expect(try await office.get(path, as: prasert).status == 200)
        #expect(try await office.get(path, as: Samples.somsri).status == 403)
        #expect(try await office.get(path).location == "/sign-in?to=\(path)")
    }

    @Test(
        arguments: [
            "/admin/people/new", "/admin/people/1", "/admin/rooms/1", "/admin/holidays/new", "/admin/limits",
            "/admin/checklists", "/admin/checklists/meeting/sound", "/admin/office",
        ])
    func onlyAdministratorsChangeThem(path: String) async throws {
        let office = try await OfficeFixture()
        let before = try await office.cabinet.rosterChanges(limit: 500).count
        #expect(try await office.post(path, ["name": "x"], as: Samples.wichai).status == 403)
        #expect(try await office.post(path, ["name": "x"]).status == 401)
        #expect(try await office.cabinet.rosterChanges(limit: 500).count == before)
    }

    @Test func aNewPersonMaySignIn() async throws {
        let office = try await OfficeFixture()
        let answer = try await office.post(
            "/admin/people/new",
            [
                "name": "นางสาวใหม่ สดใส", "position": "นักวิชาการโสตทัศนศึกษา", "username": "mai", "roles": "officer",
                "roles": "network", "phone": "ต่อ 1205", "mail": "mai@example.ac.th", "active": "yes",
                "password": "กล้องนิ่งภาพชัด",
            ], as: prasert)
        #expect(answer.location == "/admin/people?done=person_saved")
        let made = try #require(try await office.cabinet.credential(username: "mai"))
        #expect(made.person.roles == [.officer, .network])
        #expect(PasswordHash.verify("กล้องนิ่งภาพชัด", against: made.passwordHash))
        #expect(try await office.get("/admin/people", as: prasert).text.contains("นางสาวใหม่ สดใส"))
        #expect(try await office.cabinet.rosterChanges(limit: 1).first?.by == prasert.id)
        #expect(try await office.get("/admin/changes", as: prasert).text.contains("บุคลากร mai"))
    }

    @Test func aFaultyPersonIsExplainedFieldByField() async throws {
        let office = try await OfficeFixture()
        let answer = try await office.post(
            "/admin/people/new",
            [
                "name": "", "username": "somsri", "mail": "ไม่ใช่เมล", "phone": "<i>1</i>", "password": "สั้น",
                "roles": "sanyan",
            ],
            as: prasert)
        #expect(answer.status == 422)
        let wrong = answer.body.matches(of: /id="([a-z]+)-error"/).map { String($0.1) }
        #expect(wrong.sorted() == ["mail", "name", "password", "roles", "username"])
        #expect(answer.field("phone") == "&lt;i&gt;1&lt;/i&gt;")
        #expect(answer.field("username") == "somsri")
    }

    @Test func theLastAdministratorStays() async throws {
        let office = try await OfficeFixture()
        func save(_ person: Person, roles: String, active: Bool) async throws -> Answer {
            try await office.post(
                "/admin/people/\(person.id)",
                [
                    "name": person.name, "username": person.username, "roles": roles,
                    active ? "active" : "nothing": "yes",
                ], as: prasert)
        }
        #expect(try await save(Samples.somchai, roles: "officer", active: true).status == 303)
        for (roles, active, field) in [("officer", true, "roles"), ("administrator", false, "active")] {
            let answer = try await save(prasert, roles: roles, active: active)
            #expect(answer.status == 422)
            #expect(answer.body.contains("id=\"\(field)-error\""))
        }
        #expect(try await save(prasert, roles: "administrator", active: true).status == 303)
    }

    @Test func aHolidayMovesTheTestOfWhatIsOpen() async throws {
        let office = try await OfficeFixture()
        // The occasion is on Monday 30 November, so its test is due on Friday the 27th.
        let matter = try await office.matter(at: .toPrepare)
        let before = try #require(Samples.reckoner.deadline(of: matter)?.due)
        let answer = try await office.post(
            "/admin/holidays/new",
            ["day": "27/11/2569", "name": "วันกีฬาบุคลากร", "kind": "university", "source": "ประกาศมหาวิทยาลัย"], as: prasert
        )
        #expect(answer.location == "/admin/holidays?year=2569&moved=1")
        let page = try await office.get("/admin/holidays?year=2569&moved=1", as: prasert)
        #expect(page.text.contains("กำหนดเวลา 1 เรื่องเลื่อน"))
        #expect(page.text.contains("วันกีฬาบุคลากร วันหยุดของมหาวิทยาลัย ประกาศมหาวิทยาลัย"))
        let after = try #require(try await office.counter.reckoner().deadline(of: matter)?.due)
        #expect(before - after == .days(1))
        let removed = try await office.post("/admin/holidays/2026-11-27", ["remove": "1"], as: prasert)
        #expect(removed.location == "/admin/holidays?year=2569&moved=1")
        #expect(try await office.counter.reckoner().deadline(of: matter)?.due == before)
    }

    @Test(arguments: ["31 กุมภาพันธ์ 2570", "10/12/2026", "", "เมื่อวาน", "10/12/2569"])
    func aDayThatIsNoneIsRefused(day: String) async throws {
        let office = try await OfficeFixture()
        let answer = try await office.post(
            "/admin/holidays/new", ["day": day, "name": "วันหยุด", "kind": "law", "source": "ประกาศ"], as: prasert)
        #expect(answer.status == 422)
        #expect(answer.body.contains("id=\"day-error\""))
        #expect(answer.field("day") == day)
        #expect(answer.field("name") == "วันหยุด")
    }

    @Test func aMovedHolidayLeavesItsOldDay() async throws {
        let office = try await OfficeFixture()
        _ = try await office.post(
            "/admin/holidays/2026-12-10",
            ["day": "11/12/2569", "name": "วันรัฐธรรมนูญ", "kind": "law", "source": "ประกาศ"], as: prasert)
        let days = try await office.cabinet.holidays().map(\.day)
        #expect(days.contains(Samples.day(2569, 12, 11)))
        #expect(!days.contains(Samples.day(2569, 12, 10)))
    }

    private var limits: [String: String] {
        var texts = [
            "registration-amount": "5", "submission-amount": "24", "decision-amount": "24", "calendar-amount": "24",
            "preparation-amount": "1", "networkNotice-amount": "1", "sendBack-amount": "24", "reminder": "30",
            "evaluation": "7", "setup": "60", "teardown": "30",
        ]
        for step in ["registration", "submission", "decision", "calendar", "sendBack"] {
            texts["\(step)-counting"] = "clock"
        }
        return texts
    }

    private func send(_ texts: [String: String], to office: OfficeFixture) async throws -> Answer {
        var headers = office.cookie(prasert)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        let body = texts.map { "\(OfficeFixture.encoded($0))=\(OfficeFixture.encoded($1))" }.joined(separator: "&")
        return try await office.site.ask("POST", "/admin/limits", headers: headers, body: body)
    }

    @Test func anOfficeSetsItsOwnLimitsBesideThePublishedOnes() async throws {
        let office = try await OfficeFixture()
        #expect(try await send(limits, to: office).location == "/admin/limits?moved=0")
        #expect(try await office.cabinet.office().limits.isEmpty, "the published limits are not the office's own")
        try await office.matter(at: .toDecide)
        var own = limits
        own["decision-amount"] = "๖"
        own["decision-counting"] = "working"
        own["reminder"] = "45"
        #expect(try await send(own, to: office).location == "/admin/limits?moved=1")
        let kept = try await office.cabinet.office()
        #expect(kept.limits == [.decision: OfficeLimit(.hours(6), counting: .working)])
        #expect(kept.reminderMinutes == 45)
        let page = try await office.get("/admin/limits", as: prasert)
        #expect(page.field("decision-amount") == "6")
        #expect(page.text.contains("ตามประกาศ: ไม่เกิน 24 ชั่วโมง (นับชั่วโมงนาฬิกา)"))
    }

    @Test(arguments: ["0", "-1", "สามวัน", "99999999999999999999", ""]) func aLimitIsANumber(text: String) async throws {
        let office = try await OfficeFixture()
        var own = limits
        own["decision-amount"] = text
        let answer = try await send(own, to: office)
        #expect(answer.status == 422)
        #expect(answer.body.contains("id=\"decision-amount-error\""))
        #expect(answer.field("decision-amount") == text)
    }

    @Test func linesOfAChecklistAreAddedMovedAndTakenAway() async throws {
        let office = try await OfficeFixture()
        func ids() async throws -> [String] { try await office.cabinet.office().meetingChecklist.map(\.id) }
        let start = try await ids()
        _ = try await office.post(
            "/admin/checklists/meeting/new",
            ["thai": "ป้ายชื่อผู้เข้าร่วมพร้อม", "english": "Name plates ready", "marks": "evidence"], as: prasert)
        #expect(try await ids() == start + ["check-1"])
        #expect(try await office.cabinet.office().meetingChecklist.last?.needsEvidence == true)
        _ = try await office.post("/admin/checklists", ["service": "meeting", "up": "check-1"], as: prasert)
        #expect(try await ids() == start.dropLast() + ["check-1", start[start.count - 1]])
        let removed = try await office.post(
            "/admin/checklists", ["service": "meeting", "remove": "check-1"], as: prasert)
        #expect(removed.location == "/admin/checklists?done=checklist_saved#meeting")
        #expect(try await ids() == start)
        let empty = try await office.post("/admin/checklists/meeting/sound", ["thai": "", "english": "x"], as: prasert)
        #expect(empty.status == 422)
    }

    @Test(
        arguments: [
            ("https://sanyan.example.ac.th/", true), ("http://127.0.0.1:8080", true), ("http://localhost", true),
            ("http://[::1]:8080", true), ("http://sanyan.example.ac.th", false),
            ("http://127.0.0.1.example.org", false),
            ("https://", false), ("https://a.example/path", false), ("javascript:alert(1)", false),
            ("https://a.example\"><script>", false), ("http://localhost@example.org", false), ("", false),
        ])
    func theAddressIsHTTPSOrThisMachine(address: String, isGood: Bool) async throws {
        let office = try await OfficeFixture()
        let answer = try await office.post(
            "/admin/office",
            [
                "thaiName": "งานทดสอบ สำนักคอมพิวเตอร์", "englishName": "Test", "organisation": "มหาวิทยาลัยตัวอย่าง",
                "memoHead": "สำนักคอมพิวเตอร์", "outgoingPrefix": "อว 0001", "address": address, "opens": "8.30",
                "closes": "16:30", "thaiDigits": "yes",
            ], as: prasert)
        #expect(answer.status == (isGood ? 303 : 422))
        if isGood { #expect(try await office.cabinet.office().usesThaiDigits) }
    }

    @Test func theOverviewSaysWhatIsMissing() async throws {
        let office = try await OfficeFixture()
        for room in try await office.cabinet.rooms() {
            var shut = room
            shut.isActive = false
            _ = try await office.cabinet.save(shut, by: nil, at: Samples.now)
        }
        let text = try await office.get("/admin", as: prasert).text
        #expect(text.contains("เพิ่มห้องที่ให้บริการ"))
        #expect(!text.contains("ยังไม่มีผู้รับผิดชอบ"))
    }
}

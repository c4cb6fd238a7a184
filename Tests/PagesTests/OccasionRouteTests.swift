// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// ให้บริการ and เฝ้าระวัง: the run sheet on a phone, the watch board on a wall.
@Suite struct OccasionRouteTests {
    @Test func openedLoggedEndedAndAskedHowItWas() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .ready)
        let path = "/matters/\(matter.id)"
        let start = matter.letter.span.start
        office.clock.set(start - .minutes(90))
        let before = try await office.get("\(path)/service", as: Samples.anan)
        #expect(before.text.contains("จะเริ่มในอีก 1 ชั่วโมง 30 นาที"))
        office.clock.set(start - .minutes(5))
        #expect(
            try await office.post("\(path)/opening", ["once": "o"], as: Samples.anan).location
                == "\(path)/service?done=occasion_opened")
        let second = try await office.post("\(path)/opening", ["once": "p"], as: Samples.kanya)
        #expect(second.status == 409)

        office.clock.set(start + .minutes(20))
        let logged = try await office.post(
            "\(path)/incidents",
            [
                "once": "i", "back": "\(path)/service", "what": "sound", "what": "power", "note": "ไมค์ดับ",
                "severity": "disturbed",
            ],
            as: Samples.kanya)
        #expect(logged.location == "\(path)/service?done=incident_logged")
        let incident = try #require(try await office.now(matter.id).incidents.last)
        #expect(incident.note == "เสียง · ไฟฟ้า · ไมค์ดับ")
        #expect(incident.by == Samples.kanya.id)
        #expect(incident.at == start + .minutes(20))

        office.clock.set(matter.letter.span.end)
        let wrong = try await office.post(
            "\(path)/ending", ["once": "e", "audience": "หลายคน", "summary": "ดี<br>"], as: Samples.anan)
        #expect(wrong.status == 422)
        #expect(wrong.field("audience") == "หลายคน")
        #expect(wrong.body.contains("ดี&lt;br&gt;</textarea>"))
        let ended = try await office.post(
            "\(path)/ending", ["once": "e", "audience": "๑,๒๓๔", "summary": "ดี"], as: Samples.anan)
        #expect(ended.location == "\(path)/service?done=occasion_ended")
        #expect(try await office.now(matter.id).audience == 1234)
        let after = try await office.get("\(path)/service", as: Samples.anan)
        let address = try #require(after.body.firstMatch(of: /http:\/\/127\.0\.0\.1:8080(\/evaluate\/[^"]+)"/)).1
        #expect(try await office.get(String(address)).status == 200)
        #expect(try await office.get("\(path)/evaluation-qr", as: Samples.anan).status == 200)
    }

    @Test(
        arguments: [
            (["severity": "minor"], "ยังไม่ได้บอกว่าเกิดอะไรขึ้น"), (["note": "<script>"], "ยังไม่ได้กดระดับความรุนแรง"),
            (["note": "<script>", "severity": "terrible"], "ยังไม่ได้กดระดับความรุนแรง"),
        ] as [(KeyValuePairs<String, String>, String)])
    func anIncidentSaysWhatAndHowBad(fields: KeyValuePairs<String, String>, sentence: String) async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .inService)
        office.clock.set(matter.letter.span.start + .hours(1))
        let answer = try await office.post("/matters/\(matter.id)/incidents", fields, as: Samples.anan)
        #expect(answer.status == 422)
        #expect(answer.text.contains(sentence))
        #expect(!answer.body.contains("<script>"))
        #expect(answer.body.contains("&lt;script&gt;</textarea>") == fields.contains { $0.key == "note" })
        #expect(try await office.now(matter.id) == matter)
    }

    @Test func theRunSheetWaitsForReadiness() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .toPrepare)
        let page = try await office.get("/matters/\(matter.id)/service", as: Samples.anan)
        #expect(page.text.contains("งานนี้ยังเตรียมไม่ครบ"))
        let opened = try await office.post("/matters/\(matter.id)/opening", ["once": "o"], as: Samples.anan)
        #expect(opened.status == 409)
        #expect(try await office.get("/matters/\(matter.id)/evaluation-qr", as: Samples.anan).status == 409)
    }

    @Test func theBoardShowsWhatIsOnAndWhatComes() async throws {
        let office = try await OfficeFixture()
        let on = try await office.matter(at: .inService)
        let letter = Samples.letter(inDays: 9)
        let rooms = Assignment(
            officers: [Samples.malee.id], rooms: [Samples.rooms[2].id], setUpMinutes: 90, tearDownMinutes: 30)
        let coming = try await office.matter(at: .toPrepare, letter: letter, assignment: rooms)
        office.clock.set(on.letter.span.start + .minutes(50))
        let board = try await office.get("/watch", as: Samples.narong)
        #expect(board.status == 200)
        #expect(board.text.contains("กำลังให้บริการ 1 ชั่วโมง"))
        #expect(board.text.contains("เตรียม 07:30 เก็บเสร็จ 12:30"))
        #expect(board.text.contains("นางสาวมาลี สัญญาณแรง ☎ ต่อ 1204"))
        #expect(board.text.contains("ประมาณ 60 Mbit/s (ตามห้องที่จอง)"))
        #expect(board.body.contains("class=\"board stack\""))
        let wall = try await office.get("/watch?wall=1", as: Samples.narong)
        #expect(wall.body.contains("class=\"board wall stack\""))

        let path = "/matters/\(coming.id)"
        _ = try await office.post("\(path)/network-notice", ["once": "n", "megabits": "75"], as: Samples.malee)
        let told = try await office.get("/watch?wall=1", as: Samples.narong)
        #expect(told.body.contains("action=\"\(path)/network\""))
        let seen = try await office.post("\(path)/network", ["once": "a", "back": "/watch?wall=1"], as: Samples.narong)
        #expect(seen.location == "/watch?wall=1&done=network_acknowledged")
        #expect(try await office.now(coming.id).networkAcknowledgedAt == office.clock.now)
        let again = try await office.post("\(path)/network", ["once": "b"], as: Samples.narong)
        #expect(again.status == 409)
        #expect(again.text.contains("งานเครือข่ายรับทราบแล้ว"))
        #expect(
            try await office.post("\(path)/network", ["once": "c", "back": "//evil.example"], as: Samples.anan).status
                == 403)
    }

    @Test func theNetworkSectionLogsFromTheBoard() async throws {
        let office = try await OfficeFixture()
        let matter = try await office.matter(at: .inService)
        office.clock.set(matter.letter.span.start + .hours(1))
        let path = "/matters/\(matter.id)/incidents"
        let refused = try await office.post(
            path, ["once": "a", "back": "/watch", "what": "network"], as: Samples.narong)
        #expect(refused.status == 422)
        #expect(refused.body.contains("id=\"board\""))
        #expect(refused.body.contains("value=\"network\" checked"))
        let logged = try await office.post(
            path, ["once": "a", "back": "/watch", "what": "network", "severity": "interrupted"], as: Samples.narong)
        #expect(logged.location == "/watch?done=incident_logged")
        #expect(try await office.now(matter.id).incidents.last?.by == Samples.narong.id)
    }

    @Test func whatIsClassifiedShowsWhenButNotWhat() async throws {
        let office = try await OfficeFixture()
        var matter = try await office.matter(at: .toRegister)
        let classified = Classification(origin: .internal, service: .meeting, secrecy: .secret)
        let acts: [(Act, Role)] = [
            (.register(classified, papers: Samples.allPapers), .secretariat), (.submit, .secretariat),
            (.approve(note: ""), .executive), (.assign(Samples.assignment), .secretariat),
        ]
        for (act, role) in acts {
            matter = try await office.cabinet.perform(
                act, on: matter.id, by: Samples.hand(role), at: Samples.now, seen: nil, contact: nil, lateReason: "",
                once: nil)
        }
        let board = try await office.get("/watch", as: Samples.narong)
        #expect(board.text.contains("เรื่องลับ"))
        #expect(!board.text.contains(matter.letter.title))
        #expect(try await office.get("/matters/\(matter.id)/preparation", as: Samples.anan).status == 200)
        #expect(try await office.get("/matters/\(matter.id)/preparation", as: Samples.malee).status == 403)
    }

    @Test func trafficIsSummedByTheHour() {
        let day = Samples.day(2569, 12, 1)
        func span(_ from: String, _ to: String) -> Span {
            Span(start: day.at(Samples.time(from)), end: day.at(Samples.time(to)))
        }
        let traffic = Traffic(loads: [
            (span("09:00", "12:00"), 20), (span("11:30", "13:00"), 45), (span("15:00", "15:10"), 5),
        ])
        #expect(Array(traffic.hours(of: day)[8...16]) == [0, 20, 20, 65, 45, 0, 0, 5, 0])
        #expect(traffic.peak(of: day) == 65)
        #expect(traffic.peak(of: day.adding(days: 1)) == 0)
    }
}

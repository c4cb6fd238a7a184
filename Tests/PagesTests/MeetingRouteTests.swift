// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Secure
import Studio
import Testing

@testable import Pages

/// A meeting at the desk: its settings, the console, and what other pages say.
@Suite struct MeetingRouteTests {
    // MARK: Settings

    @Test func settingsAreSavedAndAFaultStandsAtItsField() async throws {
        let seated = try await Seated()
        let path = "\(seated.path)/meeting"
        var fields = [
            "title": "สภาวิชาการ", "kinds": "legal", "door": "link", "lobby": "everybody",
            "domains": "Example.ac.th", "early": "๓๐", "freedoms": "chat", "agenda": "แจ้งเพื่อทราบ\n\n รับรองรายงาน ",
            "quorum": "12", "recording": "records", "consent": "ยินยอมให้บันทึก", "days": "120",
        ]
        let saved = try await seated.office.post(path, fields: fields, as: Samples.somsri)
        #expect(saved.location == "\(seated.path)/room?done=meeting_saved")
        let settings = try await seated.plan().settings
        #expect(settings.isLegal && settings.records && !settings.isWebinar)
        #expect(settings.lobby == .everybody)
        #expect(settings.domains == ["example.ac.th"])
        #expect(settings.earlyMinutes == 30)
        #expect(settings.freedoms == [.chat])
        #expect(settings.agenda == ["แจ้งเพื่อทราบ", "รับรองรายงาน"])
        #expect(settings.quorum == 12)
        #expect(settings.keepsDays == 120)
        let page = try await seated.office.get(path, as: Samples.anan)
        #expect(page.body.contains("value=\"everybody\" checked"))
        #expect(page.text.contains("รับรองรายงาน"))
        #expect(!page.body.contains("value=\"aired\""), "it asks for no broadcast")

        fields["door"] = "open"
        fields["days"] = "soon"
        fields["recording"] = ""
        let wrong = try await seated.office.post(path, fields: fields, as: Samples.anan)
        #expect(wrong.status == 422)
        for field in ["door", "days", "recording"] { #expect(wrong.body.contains("href=\"#\(field)\"")) }
        #expect(try await seated.plan().settings == settings)
        #expect(try await seated.office.post(path, fields: fields, as: Samples.narong).status == 403)
    }

    @Test func onlyApprovedMeetingsHaveOne() async throws {
        let airing = try await Airing()
        for place in ["meeting", "links", "room"] {
            #expect(try await airing.office.get("/matters/\(airing.id)/\(place)", as: Samples.anan).status == 404)
        }
        let plain = try await OfficeFixture()
        let matter = try await plain.matter(at: .toPrepare, letter: Seated.letter)
        #expect(try await plain.get("/matters/\(matter.id)/room", as: Samples.anan).status == 404)
    }

    // MARK: The console

    @Test func officersActAndOthersLook() async throws {
        let seated = try await Seated()
        seated.room.see(seated.state())
        for person in [Samples.anan, Samples.malee, Samples.narong, Samples.somsri, Samples.wichai] {
            let page = try await seated.office.get("\(seated.path)/room", as: person)
            #expect(page.status == 200)
            #expect(page.text.contains("ในห้อง 17 คน"))
            let acts = page.body.contains("action=\"\(seated.path)/room/closing\"")
            #expect(acts == person.roles.contains(.officer), "\(person.username)")
            #expect(page.body.contains("/room/host\"") == (person == Samples.anan))
        }
        #expect(try await seated.office.get("\(seated.path)/room", as: Samples.prasert).status == 403)
        for act in ["opening", "closing", "evidence", "host"] {
            let answer = try await seated.office.post("\(seated.path)/room/\(act)", ["press": "on"], as: Samples.narong)
            #expect(answer.status == 403, "\(act)")
        }
        #expect(seated.room.orders == [])
    }

    @Test func whatIsWrongInTheRoomIsSaid() async throws {
        let seated = try await Seated(at: .inService)
        seated.office.clock.set(seated.start + .minutes(5))
        try await seated.settle { ($0.isLegal, $0.records) = (true, true) }
        seated.room.see(seated.state { ($0.hasHost, $0.waiting, $0.troubled) = (false, 3, 2) })
        let page = try await seated.office.get("\(seated.path)/room", as: Samples.anan)
        for said in ["ไม่มีผู้ดำเนินการ", "3 คนรอในห้องรอ", "2 คนรับสัญญาณได้ไม่ดี", "ยังไม่ได้บันทึก"] {
            #expect(page.text.contains(said), "\(said)")
        }
        seated.room.see(seated.state { $0.isRecording = true })
        let well = try await seated.office.get("\(seated.path)/room", as: Samples.anan)
        #expect(!well.text.contains("ไม่มีผู้ดำเนินการ"))
        #expect(well.text.contains("กำลังบันทึก"))
        seated.room.goAway()
        #expect(
            try await seated.office.get("\(seated.path)/room", as: Samples.anan).text.contains("ห้องส่งไม่อยู่"))
    }

    @Test func theOccasionIsOpenedAndTheMeetingClosed() async throws {
        let seated = try await Seated(at: .ready)
        seated.office.clock.set(seated.start - .minutes(10))
        seated.room.see(seated.state())
        #expect(try await seated.office.get("\(seated.path)/room", as: Samples.anan).text.contains("เริ่มให้บริการ"))
        let opened = try await seated.office.post("\(seated.path)/room/opening", ["once": "a"], as: Samples.anan)
        #expect(opened.location == "\(seated.path)/room?done=occasion_opened")
        #expect(try await seated.office.now(seated.id).stage == .inService)
        let closed = try await seated.office.post("\(seated.path)/room/closing", ["press": "1"], as: Samples.malee)
        #expect(closed.location == "\(seated.path)/room?done=meeting_closed")
        #expect(seated.room.orders == [.closeMeeting(name: seated.name)])
        seated.room.refuse(StudioRefusal(thai: "ไม่มีห้องนี้ <1>", english: "There is none."))
        let refused = try await seated.office.post("\(seated.path)/room/closing", ["press": "1"], as: Samples.anan)
        #expect(refused.status == 409)
        #expect(refused.text.contains("ไม่มีห้องนี้ &lt;1&gt;"))
        let over = try await Seated(at: .closed)
        let late = try await over.office.post("\(over.path)/room/closing", ["press": "1"], as: Samples.anan)
        #expect(late.status == 409)
        #expect(over.room.orders == [])
    }

    @Test func everyOrderIsWhatItsFormSays() async throws {
        var letter = Seated.letter
        letter.service = .both
        let seated = try await Seated(at: .inService, letter: letter)
        seated.office.clock.set(seated.start + .minutes(30))
        try await seated.settle { ($0.records, $0.isAired) = (true, true) }
        seated.room.see(seated.state { $0.waiting = 2 })
        let page = try await seated.office.get("\(seated.path)/room", as: Samples.anan)
        for place in ["lobby", "lock", "recording", "air"] {
            #expect(page.body.contains("action=\"\(seated.path)/room/\(place)\""), "\(place)")
        }
        let name = seated.name
        let forms: [(String, KeyValuePairs<String, String>, Order)] = [
            ("lobby", ["press": "on"], .admitAll(name: name)),
            ("lock", ["press": "on"], .lockMeeting(name: name, isLocked: true)),
            ("lock", ["press": "off"], .lockMeeting(name: name, isLocked: false)),
            ("recording", ["press": "on"], .recordMeeting(name: name, isOn: true)),
            ("air", ["press": "on", "layout": "grid"], .airMeeting(name: name, isOn: true, layout: "grid")),
            ("air", ["press": "off"], .airMeeting(name: name, isOn: false, layout: "speaker")),
            (
                "recordings/a/film", ["layout-a": "side"],
                .composeMeeting(name: name, recording: "a", layout: "side")
            ),
            ("recordings/a/removal", ["press": "1"], .eraseMeeting(name: name, recording: "a")),
        ]
        for (path, fields, order) in forms {
            let answer = try await seated.office.post("\(seated.path)/room/\(path)", fields, as: Samples.anan)
            #expect(answer.status == 303, "\(path)")
            #expect(seated.room.orders.last == order)
            #expect(
                try await seated.office.post("\(seated.path)/room/\(path)", fields, as: Samples.narong).status == 403)
        }
        #expect(seated.room.orders.count == forms.count)
        try await seated.settle { $0.records = true }
        let air = try await seated.office.post("\(seated.path)/room/air", ["press": "on"], as: Samples.anan)
        #expect(air.status == 404, "it is not settled to be aired")
    }

    @Test func recordingsAreWorkedOnAfterwardsAndTheFilmIsFetchedWithATicket() async throws {
        let seated = try await Seated(at: .toEvaluate)
        seated.office.clock.set(seated.start + .days(1))
        seated.room.see(
            seated.state { state in
                state.phase = .over
                state.recordings = [
                    MeetingRecording(
                        name: "a", bytes: 900_000_000, milliseconds: 5_400_000, startedAt: seated.start.milliseconds,
                        isOpen: false, film: .init(stage: .made, percent: 100, file: "film.mp4", bytes: 1)),
                    MeetingRecording(
                        name: "b", bytes: 1, milliseconds: 1, startedAt: seated.start.milliseconds, isOpen: false,
                        film: .init(stage: .making, percent: 42)),
                ]
            })
        let page = try await seated.office.get("\(seated.path)/room", as: Samples.anan)
        #expect(page.body.contains("<progress max=\"100\" value=\"42\""))
        let start = "https://live.example.ac.th/room/\(seated.name)/recordings/a/film.mp4?ticket="
        let link = try #require(page.body.matches(of: /href="([^"]*film\.mp4[^"]*)"/).first).1
        #expect(link.hasPrefix(start))
        let key = try #require(Hex.bytes(try await seated.plan().passKey))
        #expect(
            Ticket.isGood(
                String(link.dropFirst(start.count)), key: key, name: seated.name, kind: .preview,
                atSecond: seated.office.clock.now.milliseconds / 1000))
        let late = try await seated.office.post("\(seated.path)/room/lock", ["press": "on"], as: Samples.anan)
        #expect(late.status == 409)
        let film = try await seated.office.post(
            "\(seated.path)/room/recordings/a/film", ["layout-a": "speaker"], as: Samples.anan)
        #expect(film.location == "\(seated.path)/room#console-films")
        #expect(seated.room.orders == [.composeMeeting(name: seated.name, recording: "a", layout: "speaker")])
        #expect(try await !seated.office.get("\(seated.path)/room", as: Samples.narong).body.contains("film.mp4"))
    }

    @Test func whatWasMeasuredAtTheDoorBecomesTheChecksEvidence() async throws {
        let seated = try await Seated()
        let path = "\(seated.path)/room/evidence"
        let nothing = try await seated.office.post(path, ["check": "meeting-test", "once": "a"], as: Samples.anan)
        #expect(nothing.status == 409)
        var check = DeviceCheck()
        (check.key, check.camera, check.height, check.microphone) = ("p3", true, 720, true)
        (check.upKilobits, check.roundTripMilliseconds, check.lossPerMille) = (18_400, 9, 3)
        (check.way, check.agent) = ("udp", String(repeating: "x", count: 900))
        seated.room.see(seated.state { $0.people = 2 }, check: check)
        let said = "กล้องใช้ได้ 720p · ไมโครโฟนใช้ได้ · ขึ้น 18.40 Mbit/s · ไปกลับ 9 มิลลิวินาที · สูญหาย 0.3% · UDP · ในห้อง 2 คน"
        #expect(try await seated.office.get("\(seated.path)/room", as: Samples.anan).text.contains(said))
        let filed = try await seated.office.post(path, ["check": "meeting-test", "once": "b"], as: Samples.anan)
        #expect(filed.location == "\(seated.path)/room?done=check_ticked")
        let tick = try await seated.office.now(seated.id).ticks["meeting-test"]
        #expect(tick?.evidence == Evidence(value: said))
        #expect(tick?.by == Samples.anan.id)
    }

    @Test func anOpenConsoleIsSentItsParts() async throws {
        let seated = try await Seated(at: .inService)
        seated.office.clock.set(seated.start + .minutes(5))
        seated.room.see(seated.state())
        let answer = try await seated.office.get("\(seated.path)/room/live", as: Samples.narong)
        #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
        let parts = answer.body.split(separator: "\n").filter { $0.hasPrefix("data: ") }.compactMap {
            try? JSONDecoder().decode(LivePart.self, from: Data($0.dropFirst(6).utf8))
        }
        #expect(
            parts.map(\.id) == [
                "console-state", "console-complaints", "meeting-steer", "meeting-people", "meeting-sittings",
                "console-films",
                "console-measured",
            ])
        let page = try await seated.office.get("\(seated.path)/room", as: Samples.narong)
        #expect(parts.filter { !$0.html.contains("id=\"\($0.id)\"") }.map(\.id) == [])
        // Each is drawn as on the page; what is measured stands there before the occasion only.
        #expect(parts.dropLast().filter { !page.body.contains($0.html) }.map(\.html) == [])
        #expect(try await seated.office.get("\(seated.path)/room/live", as: Samples.prasert).status == 403)
    }

    // MARK: What it came to

    @Test func theFolderTheReportAndTheMinutesSayWhatItCameTo() async throws {
        let seated = try await Seated(at: .closed)
        let cabinet = seated.office.cabinet
        seated.office.clock.set(seated.start + .days(2))
        let end = seated.start + .minutes(90)
        let sitting = Sitting(
            opened: seated.start, ended: end, peak: 1,
            attendance: [
                .init(
                    name: "รศ.มานะ <b>", role: .host, isIdentified: true, stays: [Span(start: seated.start, end: end)],
                    lossBasisPoints: 130)
            ],
            votes: [
                .init(
                    question: "รับรองรายงาน", isSecret: false, isFormal: true, quorum: 2, present: 1, opened: end,
                    closed: end, choices: [.init(text: "รับรอง", count: 1)])
            ])
        #expect(try await seated.office.get("\(seated.path)/minutes.pdf", as: Samples.anan).status == 404)
        try await cabinet.keep(sitting, of: seated.id)
        _ = try await cabinet.perform(
            .meet(MeetFigures(of: sitting)), on: seated.id, by: .sanyan, at: seated.office.clock.now, seen: nil,
            contact: nil, lateReason: "", once: nil)
        let folder = try await seated.office.get(seated.path, as: Samples.somsri)
        #expect(folder.text.contains("ประชุมออนไลน์ 09:00 น. – 10:30 น. ผู้เข้าร่วม 1 พร้อมกันสูงสุด 1 คน"))
        #expect(folder.body.contains("class=\"chart curve\""))
        #expect(!folder.text.contains("รศ.มานะ"), "a folder names nobody")
        let room = try await seated.office.get("\(seated.path)/room", as: Samples.somsri)
        #expect(room.text.contains("รศ.มานะ &lt;b&gt;"))
        #expect(room.text.contains("ไม่ครบองค์ประชุม 1 คน (ต้องการ 2)"))
        #expect(try await !seated.office.get("\(seated.path)/room", as: Samples.narong).text.contains("รศ.มานะ"))
        let minutes = try await seated.office.get("\(seated.path)/minutes.pdf", as: Samples.wichai)
        #expect(minutes.body == "%PDF-minutes of 1")
        #expect(minutes.headers["content-type"] == "application/pdf")
        #expect(try await seated.office.get("\(seated.path)/minutes.pdf", as: Samples.narong).status == 403)

        let report = try await seated.office.get("/reports/2569-11", as: Samples.wichai)
        let opened = report.body.matches(of: /<a href="([^"]*)">([^<]*)<\/a><\/strong><span>([^<]*)/)
        for (name, number) in [("นาทีเข้าประชุมรวม", "90"), ("การลงมติ (ครั้ง)", "1"), ("ผู้เข้าประชุมรวม", "1")] {
            let figure = opened.first { $0.3 == name }
            #expect(figure?.2 == Substring(number), "\(name)")
            #expect(figure?.1.hasPrefix("/matters?ids=\(seated.id)&amp;of=") == true)
        }

        let forgotten = try await seated.office.post("\(seated.path)/room/forgetting", ["x": ""], as: Samples.somsri)
        #expect(forgotten.location == "\(seated.path)/room?done=meeting_forgotten")
        #expect(try await cabinet.sittings(of: seated.id) == [sitting.forgotten])
        #expect(try await !seated.office.get("\(seated.path)/room", as: Samples.somsri).text.contains("รศ.มานะ"))
        #expect(
            try await seated.office.post("\(seated.path)/room/forgetting", ["x": ""], as: Samples.anan).status == 403)
    }
}

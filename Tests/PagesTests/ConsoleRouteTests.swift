// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Secure
import Studio
import Testing

@testable import Pages

/// The console: who sees it, who acts on it, and what the folder learns of that.
@Suite struct ConsoleRouteTests {
    @Test func officersActAndOthersLook() async throws {
        let airing = try await Airing()
        airing.room.see(airing.state())
        for person in [Samples.anan, Samples.malee, Samples.narong, Samples.somsri, Samples.wichai] {
            let page = try await airing.office.get(airing.path, as: person)
            #expect(page.status == 200)
            #expect(page.text.contains("ซ้อม ยังไม่ออกอากาศ"))
            let acts = page.body.contains("action=\"\(airing.path)/air\"")
            #expect(acts == person.roles.contains(.officer), "\(person.username)")
            #expect(page.body.contains("/stream-keys\"") == person.roles.contains(.officer))
        }
        #expect(try await airing.office.get(airing.path, as: Samples.prasert).status == 403)
        #expect(try await airing.office.get(airing.path).location?.hasPrefix("/sign-in") == true)
        for act in ["air", "slate", "markers", "captions", "remarks", "remarks/1", "publisher", "closing", "evidence"] {
            let answer = try await airing.office.post("\(airing.path)/\(act)", ["press": "on"], as: Samples.narong)
            #expect(answer.status == 403, "\(act)")
        }
        #expect(airing.room.orders == [])
    }

    @Test func onlyApprovedBroadcastsHaveOne() async throws {
        let airing = try await Airing()
        let meeting = try await airing.office.matter(
            at: .toAssign, letter: Samples.letter(inDays: 9))
        #expect(try await airing.office.get("/matters/\(meeting.id)/console", as: Samples.anan).status == 404)
        let plain = try await OfficeFixture()
        let matter = try await plain.matter(at: .toPrepare, letter: Airing.letter)
        #expect(try await plain.get("/matters/\(matter.id)/console", as: Samples.anan).status == 404)
    }

    @Test func itShowsWhatIsWrongInThePersonsLanguage() async throws {
        let airing = try await Airing()
        airing.room.see(airing.state { $0.complaints = [State.Complaint(.keyFramesTooFar(seconds: 10))] })
        let fault = Fault.keyFramesTooFar(seconds: 10)
        let thai = try await airing.office.get(airing.path, as: Samples.anan)
        #expect(thai.text.contains(fault.thai))
        var headers = airing.office.cookie(Samples.anan)
        headers["Cookie", default: ""] += "; \(Language.cookieName)=en"
        let english = try await airing.office.site.ask("GET", airing.path, headers: headers)
        #expect(english.text.contains(fault.english))
        #expect(english.text.contains("4.25 Mbit/s"))
        airing.room.goAway()
        let away = try await airing.office.get(airing.path, as: Samples.anan)
        #expect(away.text.contains("ห้องส่งไม่อยู่ โปรแกรมกำลังเปิดให้ใหม่"))
        #expect(!away.body.contains("<iframe"))
    }

    @Test func thePreviewHasATicketAndTheFrameIsTheStudiosAlone() async throws {
        let airing = try await Airing()
        airing.room.see(airing.state())
        let page = try await airing.office.get(airing.path, as: Samples.narong)
        #expect(page.headers["content-security-policy"]?.hasSuffix("; frame-src https://live.example.ac.th") == true)
        let frame = try #require(page.body.firstMatch(of: /<iframe[^>]*src="([^"]*)"/)).1
        let start = "https://live.example.ac.th/watch/\(airing.name)?embed&amp;preview="
        #expect(frame.hasPrefix(start))
        let ticket = String(frame.dropFirst(start.count))
        let plan = try #require(try await airing.office.cabinet.airPlan(of: airing.id))
        let now = airing.office.clock.now.milliseconds / 1000
        let key = try #require(Hex.bytes(plan.ticketKey))
        #expect(Ticket.isGood(ticket, key: key, name: airing.name, kind: .preview, atSecond: now + 12 * 3600))
        #expect(!Ticket.isGood(ticket, key: key, name: airing.name, kind: .preview, atSecond: now + 25 * 3600))
        let desk = try await airing.office.get("/desk", as: Samples.narong)
        #expect(desk.headers["content-security-policy"]?.contains("frame-src") == false)
    }

    // MARK: Acts

    @Test func onAirOnTheDayOpensTheOccasion() async throws {
        let airing = try await Airing(at: .ready)
        airing.office.clock.set(airing.start - .minutes(10))
        airing.room.see(airing.state())
        let page = try await airing.office.get(airing.path, as: Samples.anan)
        #expect(page.text.contains("เริ่มให้บริการและออกอากาศ"))
        let answer = try await airing.office.post("\(airing.path)/air", ["press": "on"], as: Samples.malee)
        #expect(answer.location == "\(airing.path)#console-air")
        #expect(airing.room.orders == [.air(name: airing.name, isOn: true)])
        let matter = try await airing.office.now(airing.id)
        #expect(matter.stage == .inService)
        #expect(matter.folder.last?.person == Samples.malee.id)
        _ = try await airing.office.post("\(airing.path)/air", ["press": "off"], as: Samples.anan)
        #expect(airing.room.orders.last == .air(name: airing.name, isOn: false))
        #expect(try await airing.office.now(airing.id).folder.count == matter.folder.count)
    }

    @Test func aTrialChangesNothingInTheFolder() async throws {
        let airing = try await Airing(at: .ready)
        airing.office.clock.set(airing.start - .days(1))
        airing.room.see(airing.state())
        #expect(try await airing.office.get(airing.path, as: Samples.anan).text.contains("ทดลองออกอากาศ"))
        _ = try await airing.office.post("\(airing.path)/air", ["press": "on"], as: Samples.anan)
        #expect(airing.room.orders == [.air(name: airing.name, isOn: true)])
        #expect(try await airing.office.now(airing.id).stage == .ready)
        let closing = try await airing.office.post("\(airing.path)/closing", ["press": "1"], as: Samples.anan)
        #expect(closing.status == 409)
        #expect(airing.room.orders.count == 1)
    }

    @Test func everyOrderIsWhatItsFormSays() async throws {
        let airing = try await Airing(at: .inService)
        airing.office.clock.set(airing.start + .minutes(30))
        let name = airing.name
        let forms: [(String, KeyValuePairs<String, String>, Order)] = [
            ("slate", ["slate": "backSoon"], .slate(name: name, .backSoon)),
            ("slate", ["slate": "none"], .slate(name: name, nil)),
            ("markers", ["mark": " เปิดพิธี "], .mark(name: name, text: "เปิดพิธี")),
            ("captions", ["caption": "ขอเชิญประธาน"], .caption(name: name, text: "ขอเชิญประธาน")),
            ("remarks", ["say": "เริ่ม 13.30 น."], .say(name: name, text: "เริ่ม 13.30 น.")),
            ("remarks/7", ["verdict": "answered"], .judge(name: name, remark: 7, .answered)),
            ("publisher", ["press": "drop"], .drop(name: name)),
            (
                "recordings/a-1.mp4/trim", ["from": "0:05", "to": "๑:๐๒:๐๓"],
                .trim(name: name, recording: "a-1.mp4", from: 5_000, to: 3_723_000)
            ),
            ("recordings/a-1.mp4/removal", ["press": "1"], .erase(name: name, recording: "a-1.mp4")),
            ("closing", ["press": "1"], .close(name: name)),
        ]
        for (path, fields, order) in forms {
            let answer = try await airing.office.post("\(airing.path)/\(path)", fields, as: Samples.anan)
            #expect(answer.status == 303, "\(path)")
            #expect(answer.location?.hasPrefix(airing.path) == true)
            #expect(airing.room.orders.last == order)
        }
        #expect(airing.room.orders.count == forms.count)
        for (path, fields) in [
            ("markers", ["mark": " "]), ("recordings/a-1.mp4/trim", ["from": "5:00", "to": "4:59"]),
            ("recordings/a-1.mp4/trim", ["from": "0:60", "to": "2:00"]),
        ] as [(String, KeyValuePairs<String, String>)] {
            #expect(try await airing.office.post("\(airing.path)/\(path)", fields, as: Samples.anan).status == 422)
        }
        #expect(airing.room.orders.count == forms.count)
    }

    @Test func whatTheStudioRefusesIsSaidOnThePage() async throws {
        let airing = try await Airing(at: .inService)
        airing.office.clock.set(airing.start)
        airing.room.refuse(StudioRefusal(thai: "ยังไม่มีสัญญาณ <1>", english: "Nothing comes in."))
        let refused = try await airing.office.post("\(airing.path)/air", ["press": "on"], as: Samples.anan)
        #expect(refused.status == 409)
        #expect(refused.text.contains("ยังไม่มีสัญญาณ &lt;1&gt;"))
        airing.room.refuse(nil)
        airing.room.goAway()
        let away = try await airing.office.post("\(airing.path)/air", ["press": "on"], as: Samples.anan)
        #expect(away.status == 503)
        #expect(away.text.contains("ห้องส่งยังไม่พร้อม"))
    }

    @Test func afterTheEndOnlyRecordingsAreWorkedOn() async throws {
        let airing = try await Airing(at: .toEvaluate)
        airing.office.clock.set(airing.start + .days(1))
        let air = try await airing.office.post("\(airing.path)/air", ["press": "on"], as: Samples.anan)
        #expect(air.status == 409)
        let erase = try await airing.office.post(
            "\(airing.path)/recordings/a.mp4/removal", ["press": "1"], as: Samples.anan)
        #expect(erase.location == "\(airing.path)?done=film_erased")
        #expect(airing.room.orders == [.erase(name: airing.name, recording: "a.mp4")])
    }

    @Test func whatIsMeasuredBecomesTheCheckssEvidence() async throws {
        let airing = try await Airing()
        let nothing = try await airing.office.post(
            "\(airing.path)/evidence", ["check": "broadcast-test", "once": "a"], as: Samples.anan)
        #expect(nothing.status == 409)
        #expect(try await airing.office.now(airing.id).ticks["broadcast-test"] == nil)
        airing.room.see(airing.state())
        let page = try await airing.office.get(airing.path, as: Samples.anan)
        let said = "4.25 Mbit/s · 30.0 ภาพ/วินาที · คีย์เฟรมทุก 2.0 วินาที · -16.1 LUFS · เฟรมเสีย 3 · 12 นาที"
        #expect(page.text.contains(said))
        #expect(said.count <= 200)
        let answer = try await airing.office.post(
            "\(airing.path)/evidence", ["check": "broadcast-test", "once": "b"], as: Samples.anan)
        #expect(answer.location == "\(airing.path)?done=check_ticked")
        let tick = try await airing.office.now(airing.id).ticks["broadcast-test"]
        #expect(tick?.evidence == Evidence(value: said))
        #expect(tick?.by == Samples.anan.id)
        let twice = try await airing.office.post(
            "\(airing.path)/evidence", ["check": "broadcast-test", "once": "c"], as: Samples.anan)
        #expect(twice.status == 409)
    }

    @Test func anIncidentIsLoggedFromTheConsoleAndLeadsBack() async throws {
        let airing = try await Airing(at: .inService)
        airing.office.clock.set(airing.start + .minutes(5))
        let answer = try await airing.office.post(
            "/matters/\(airing.id)/incidents",
            ["back": airing.path, "what": "sound", "severity": "disturbed", "note": "ไมค์หอน", "once": "x"],
            as: Samples.narong)
        #expect(answer.location == "\(airing.path)?done=incident_logged")
        let wrong = try await airing.office.post(
            "/matters/\(airing.id)/incidents", ["back": airing.path, "note": "ไม่ได้เลือกระดับ"], as: Samples.anan)
        #expect(wrong.status == 422)
        #expect(wrong.body.contains("data-live=\"\(airing.path)/live\""))
        #expect(wrong.body.contains("ไม่ได้เลือกระดับ"))
    }

    // MARK: Live

    @Test func anOpenConsoleIsSentItsParts() async throws {
        let airing = try await Airing(at: .inService)
        airing.office.clock.set(airing.start + .minutes(5))
        airing.room.see(airing.state { $0.viewers = 318 })
        let answer = try await airing.office.get("\(airing.path)/live", as: Samples.narong)
        #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
        let parts = answer.body.split(separator: "\n").filter { $0.hasPrefix("data: ") }.compactMap {
            try? JSONDecoder().decode(LivePart.self, from: Data($0.dropFirst(6).utf8))
        }
        #expect(
            parts.map(\.id) == [
                "console-state", "console-complaints", "console-air", "console-signal", "console-audience",
                "console-remarks", "console-others", "console-films", "console-measured",
            ])
        let page = try await airing.office.get(airing.path, as: Samples.narong)
        #expect(parts.filter { !$0.html.contains("id=\"\($0.id)\"") }.map(\.id) == [])
        // Each is drawn as on the page.
        #expect(parts.dropLast().filter { !page.body.contains($0.html) }.map(\.html) == [])
        #expect(try await airing.office.get("\(airing.path)/live", as: Samples.prasert).status == 403)
    }
}

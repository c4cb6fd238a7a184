// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Secure
import Studio
import Testing

@testable import Pages

/// Stream keys, settings, watch links, and what other pages say of a broadcast.
@Suite struct BroadcastRouteTests {
    // MARK: Keys

    @Test func aKeyIsShownToItsOfficersWhenTheyAsk() async throws {
        let airing = try await Airing()
        let path = "/matters/\(airing.id)/stream-keys"
        let console = try await airing.office.get(airing.path, as: Samples.anan)
        let page = try await airing.office.post(path, ["x": ""], as: Samples.anan)
        let key = try #require(page.body.firstMatch(of: /id="key-0"[^>]*value="([^"]*)"/)).1
        #expect(key.count == 32)
        #expect(!console.body.contains(key))
        #expect(page.headers["cache-control"] == "no-store")
        #expect(page.body.contains("value=\"srt://live.example.ac.th:8890?streamid=publish:\(key)\""))
        #expect(try await airing.office.get(path, as: Samples.anan).location == airing.path)
        #expect(try await airing.office.post(path, ["x": ""], as: Samples.malee).status == 403)
        #expect(try await airing.office.post(path, ["x": ""], as: Samples.narong).status == 403)

        let file = try await airing.office.post("\(path)/service.json", ["x": ""], as: Samples.kanya)
        #expect(file.headers["content-disposition"] == "attachment; filename=\"service.json\"")
        struct Service: Decodable {
            struct Settings: Decodable { let server: String; let key: String }
            let type: String
            let settings: Settings
        }
        let service = try JSONDecoder().decode(Service.self, from: Data(file.body.utf8))
        #expect(service.type == "rtmp_custom")
        #expect(service.settings.server == "rtmp://live.example.ac.th/live")
        #expect(service.settings.key == key)

        let changes = try await airing.office.get("/admin/changes", as: Samples.prasert)
        #expect(changes.text.matches(of: /เปิดดูสตรีมคีย์ของเรื่อง/).count == 2)
        #expect(!changes.body.contains(key))
    }

    @Test func aNewKeyComesAtOnceAndTheOldOneAsLongAsIsSaid() async throws {
        let airing = try await Airing()
        let path = "/matters/\(airing.id)/stream-keys"
        func keys(_ answer: Answer) -> [String] {
            answer.body.matches(of: /id="key-\d"[^>]*value="([^"]*)"/).map { String($0.1) }
        }
        let first = keys(try await airing.office.post(path, ["x": ""], as: Samples.anan))
        let both = keys(try await airing.office.post("\(path)/renewal", ["overlap": "hour"], as: Samples.anan))
        #expect(both.count == 2)
        #expect(both[1] == first[0])
        let captions = try await airing.office.cabinet.airPlan(of: airing.id)?.captionKey
        airing.office.clock.set(airing.office.clock.now + .hours(1))
        #expect(keys(try await airing.office.post(path, ["x": ""], as: Samples.anan)) == [both[0]])
        let alone = keys(try await airing.office.post("\(path)/renewal", ["overlap": "none"], as: Samples.anan))
        #expect(alone.count == 1)
        #expect(alone != [both[0]])
        #expect(try await airing.office.cabinet.airPlan(of: airing.id)?.captionKey != captions)
    }

    // MARK: Settings

    @Test func settingsAreSavedAndAFaultStandsAtItsField() async throws {
        let airing = try await Airing()
        let path = "/matters/\(airing.id)/broadcast"
        let fields = [
            "title": "พิธีไหว้ครู", "door": "link", "profile": "campus", "second": "takeOver", "talk": "questions",
            "rungs": "p480", "films": "records", "embedders": "https://lms.example.ac.th",
            "target-1": "YouTube", "target-1-address": "rtmps://a.example.com/live2/very-secret",
        ]
        let saved = try await airing.office.post(path, fields: fields, as: Samples.somsri)
        #expect(saved.location == "\(airing.path)?done=broadcast_saved")
        var settings = try #require(try await airing.office.cabinet.airPlan(of: airing.id)).settings
        #expect(settings.door == .link)
        #expect(settings.rungs == [.p480])
        #expect(settings.records && !settings.offersFilms)
        #expect(settings.targets == [AirTarget(name: "YouTube", address: "rtmps://a.example.com/live2/very-secret")])

        let page = try await airing.office.get(path, as: Samples.anan)
        #expect(page.text.contains("rtmps://a.example.com"))
        #expect(!page.body.contains("very-secret"))
        #expect(page.body.contains("value=\"campus\" checked"))
        var again = fields
        again["target-1-address"] = ""
        _ = try await airing.office.post(path, fields: again, as: Samples.anan)
        settings = try #require(try await airing.office.cabinet.airPlan(of: airing.id)).settings
        #expect(settings.targets.map(\.address) == ["rtmps://a.example.com/live2/very-secret"], "an empty one stays")

        var named = fields
        (named["sound-0"], named["sound-0-language"], named["sound-1"]) = ("ในห้อง", "th", "English")
        named["srt-passphrase"] = "quite-secret-words"
        _ = try await airing.office.post(path, fields: named, as: Samples.anan)
        settings = try #require(try await airing.office.cabinet.airPlan(of: airing.id)).settings
        #expect(
            settings.sounds == [
                AirSound(number: 0, name: "ในห้อง", language: "th"), AirSound(number: 1, name: "English"),
            ])
        #expect(settings.srtPassphrase == "quite-secret-words")
        let kept = try await airing.office.get(path, as: Samples.anan)
        #expect(kept.body.contains("value=\"English\""))
        #expect(!kept.body.contains("quite-secret"))
        let keys = try await airing.office.post("/matters/\(airing.id)/stream-keys", fields: [:], as: Samples.anan)
        #expect(keys.body.contains("&amp;passphrase=quite-secret-words"))
        named["srt-passphrase"] = ""
        _ = try await airing.office.post(path, fields: named, as: Samples.anan)
        settings = try #require(try await airing.office.cabinet.airPlan(of: airing.id)).settings
        #expect(settings.srtPassphrase == "quite-secret-words", "an empty one stays")
        named["srt"] = "open"
        _ = try await airing.office.post(path, fields: named, as: Samples.anan)
        #expect(try await airing.office.cabinet.airPlan(of: airing.id)?.settings.srtPassphrase == "")

        again["target-1-address"] = "https://a.example.com/x"
        again["embedders"] = "lms"
        let wrong = try await airing.office.post(path, fields: again, as: Samples.anan)
        #expect(wrong.status == 422)
        #expect(wrong.body.contains("href=\"#target-1-address\""))
        #expect(wrong.body.contains("href=\"#embedders\""))
        again["target-1"] = ""
        again["target-1-address"] = ""
        again["embedders"] = ""
        #expect(try await airing.office.post(path, fields: again, as: Samples.anan).status == 303)
        #expect(try await airing.office.cabinet.airPlan(of: airing.id)?.settings.targets == [])
        #expect(try await airing.office.post(path, fields: fields, as: Samples.narong).status == 403)
    }

    @Test func recordingIsAskedOnlyWhereTheLetterAsksForIt() async throws {
        var letter = Airing.letter
        letter.wantsRecording = false
        let airing = try await Airing(letter: letter)
        let page = try await airing.office.get("/matters/\(airing.id)/broadcast", as: Samples.anan)
        #expect(!page.body.contains("name=\"films\""))
        #expect(page.text.contains("หนังสือไม่ได้ขอให้บันทึก"))
    }

    // MARK: Links

    @Test func theRequesterGetsTheWatchLinkWhenApproved() async throws {
        let airing = try await Airing()
        let matter = try await airing.office.now(airing.id)
        let track = "/track/\(airing.office.counter.trackingToken(matter))"
        let open = "https://live.example.ac.th/watch/\(airing.name)"
        #expect(try await airing.office.get(track).body.contains("href=\"\(open)\""))
        try await airing.settle { $0.door = .link }
        let link = try #require(try await airing.office.get(track).body.firstMatch(of: /href="([^"]*ticket=[^"]*)"/)).1
        #expect(link.hasPrefix(open + "?ticket="))
        let plan = try #require(try await airing.office.cabinet.airPlan(of: airing.id))
        let end = (matter.letter.span.end + .days(30)).milliseconds / 1000
        let key = try #require(Hex.bytes(plan.ticketKey))
        let ticket = String(link.dropFirst(open.count + 8))
        #expect(Ticket.isGood(ticket, key: key, name: airing.name, kind: .viewer, atSecond: end - 1))
        #expect(!Ticket.isGood(ticket, key: key, name: airing.name, kind: .viewer, atSecond: end))
        try await airing.settle { $0.door = .signedIn }
        #expect(try await airing.office.get(track).body.contains("href=\"http://127.0.0.1:8080/air/\(airing.name)\""))

        let waiting = try await airing.office.matter(
            at: .toDecide, letter: Samples.letter(service: .broadcast, inDays: 9))
        let before = try await airing.office.get("/track/\(airing.office.counter.trackingToken(waiting))")
        #expect(!before.body.contains("/watch/"))
    }

    @Test func peopleOfTheOfficeAreShownInWithATicket() async throws {
        let airing = try await Airing()
        try await airing.settle { $0.door = .signedIn }
        let path = "/air/\(airing.name)"
        #expect(try await airing.office.get(path).location?.hasPrefix("/sign-in") == true)
        let shown = try await airing.office.get(path, as: Samples.prasert)
        #expect(shown.status == 303)
        #expect(shown.location?.hasPrefix("https://live.example.ac.th/watch/\(airing.name)?ticket=") == true)
        #expect(try await airing.office.get("/air/nobody", as: Samples.prasert).status == 404)
        try await airing.settle { $0.door = .open }
        #expect(
            try await airing.office.get(path, as: Samples.narong).location
                == "https://live.example.ac.th/watch/\(airing.name)")
    }

    @Test func aSecretBroadcastIsForThoseWhoHaveItInHand() async throws {
        let room = PlayedRoom()
        let office = try await OfficeFixture(studio: room)
        let letter = Airing.letter
        let id = try await office.matter(at: .toRegister, letter: letter).id
        let how = Classification(origin: .internal, service: .broadcast, secrecy: .confidential)
        for (act, role) in [
            (.register(how, papers: Samples.allPapers), .secretariat), (.submit, .secretariat),
            (.approve(note: ""), .executive), (.assign(Samples.assignment), .secretariat),
            (.override(reason: "รีบ"), .officer), (.open, .officer),
        ] as [(Act, Role)] {
            _ = try await office.cabinet.perform(
                act, on: id, by: Samples.hand(role), at: Samples.now, seen: nil, contact: nil, lateReason: "", once: nil
            )
        }
        let name = try #require(try await office.cabinet.airPlan(of: id)).name
        #expect(try await office.get("/air/\(name)", as: Samples.anan).status == 303)
        #expect(try await office.get("/air/\(name)", as: Samples.malee).status == 403)
        #expect(try await office.get("/matters/\(id)/console", as: Samples.narong).status == 403)
        var state = State(name: name)
        (state.phase, state.isReceiving, state.bitsPerSecond) = (.onAir, true, 4_250_000)
        room.see(state)
        #expect(try await office.get("/watch", as: Samples.anan).text.contains("4.25 Mbit/s"))
        #expect(try await !office.get("/watch", as: Samples.narong).text.contains("4.25 Mbit/s"))
        #expect(try await !office.get("/watch?wall=1", as: Samples.anan).text.contains("4.25 Mbit/s"))
        #expect(
            try await office.post("/matters/\(id)/broadcast", fields: ["door": "open"], as: Samples.anan).status == 422)
    }

    // MARK: Other pages

    @Test func theBoardAndTheRunSheetSayHowItIs() async throws {
        let airing = try await Airing(at: .inService)
        airing.office.clock.set(airing.start + .minutes(40))
        airing.room.see(
            airing.state {
                ($0.phase, $0.isOnAir, $0.viewers, $0.peak) = (.onAir, true, 318, 402)
                $0.openedAt = airing.start.milliseconds
                $0.complaints = [State.Complaint(.noSound)]
            })
        for path in ["/watch", "/watch?wall=1", "/matters/\(airing.id)/service"] {
            let page = try await airing.office.get(path, as: Samples.anan)
            #expect(page.text.contains("กำลังชม 318 คน · 4.25 Mbit/s"), "\(path)")
            #expect(page.text.contains(Fault.noSound.thai))
            #expect(page.body.contains("href=\"\(airing.path)\""))
        }
        #expect(
            try await airing.office.get("/matters/\(airing.id)/service", as: Samples.anan).field("audience") == "402")
    }

    @Test func theFolderShowsWhatItCameTo() async throws {
        let airing = try await Airing(at: .closed)
        let figures = AirFigures(
            opened: airing.start, ended: airing.start + .minutes(90), peak: 412, average: 305, viewerMinutes: 27_450,
            curve: [100, 412, 300], curveMinutes: 30, interruptions: 2)
        airing.office.clock.set(airing.start + .days(2))
        try await airing.act(.air(figures), .sanyan)
        let page = try await airing.office.get("/matters/\(airing.id)", as: Samples.somsri)
        #expect(page.text.contains("ผู้ชมสูงสุด 412 คน"))
        #expect(page.text.contains("27,450"))
        #expect(page.body.contains("class=\"chart curve\""))
        #expect(page.text.contains("ถ่ายทอดสด 09:00 น. – 10:30 น. ผู้ชมสูงสุด 412 เฉลี่ย 305 คน"))
        let report = try await airing.office.get("/reports/2569-11", as: Samples.wichai)
        #expect(report.text.contains("นาทีรับชมรวม"))
        let opened = report.body.matches(of: /<a href="([^"]*)">([^<]*)<\/a><\/strong>/)
        for number in ["27,450", "412", "305", "2"] {
            let link = opened.first { $0.2 == number }?.1
            #expect(link?.hasPrefix("/matters?ids=\(airing.id)&amp;of=") == true, "\(number)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Rehearsal
import Secure
import Testing

@testable import Messenger

@Suite("Google Calendar: ลงปฏิทิน แก้ ถอน โดยไม่ทับมือใคร") struct GoogleTests {
    @Test("an assigned occasion stands in the shared calendar, with its times, its reminder and its mark")
    func putIn() async throws {
        let desk = try await GoogleDesk()
        let matter = try await desk.post.matter(at: .toPrepare)
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        let event = try #require(try await desk.event(of: matter))
        #expect(event["summary"] == .text(matter.letter.title))
        #expect(event["location"] == .text("ห้องประชุมราชพฤกษ์ อาคารสำนักคอมพิวเตอร์ ชั้น 3"))
        #expect(
            event["start"]
                == .object(["dateTime": .text("2026-11-30T09:00:00+07:00"), "timeZone": .text("Asia/Bangkok")]))
        #expect(event["status"] == .text("confirmed"))
        #expect(
            event["extendedProperties"]
                == .object([
                    "private": .object(["sanyanMatter": .text("matter-1@127.0.0.1"), "sanyanRevision": .text("1")])
                ]))
        let id = try #require(event["id"]?.text)
        #expect(
            await desk.stage.google.reminders(of: GoogleDesk.account, on: id, in: GoogleDesk.calendar)
                == .object([
                    "useDefault": .flag(false),
                    "overrides": .list([.object(["method": .text("popup"), "minutes": .number(30)])]),
                ]))
        #expect(try await desk.carry(matter) == [])
    }

    @Test("a moved occasion moves, a withdrawn one is taken out, and each is one event for ever")
    func changeAndWithdraw() async throws {
        let desk = try await GoogleDesk()
        var matter = try await desk.post.matter(at: .ready)
        try await desk.carry(matter)
        var letter = matter.letter
        letter.title = "ขอความอนุเคราะห์ (แก้ไข)"
        matter = try await desk.post.act(
            .amend(letter, reason: "แก้ชื่อ"), matter.id, by: Samples.hand(.secretariat))
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        #expect(try await desk.event(of: matter)?["summary"] == .text(letter.title))
        matter = try await desk.post.act(.withdraw(reason: "งด"), matter.id, by: .requester)
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        #expect(try await desk.event(of: matter) == nil)
        #expect(try await desk.copy(of: matter)?.isOut == true)
        let stage = desk.stage
        #expect(await stage.google.calendars[GoogleDesk.calendar]?.ids == [])
    }

    @Test("a classified matter shows when and where, and nothing of what")
    func secret() async throws {
        let desk = try await GoogleDesk()
        var matter = try await desk.post.cabinet.receive(
            Samples.letter(), contact: Samples.contact, documents: [], via: .web, keyingSeconds: nil, by: .requester,
            at: desk.post.clock.now, once: nil)
        let secret = Classification(origin: .internal, service: .meeting, secrecy: .secret)
        for (act, role) in [
            (.register(secret, papers: Samples.allPapers), .secretariat), (.submit, .secretariat),
            (.approve(note: ""), .executive), (.assign(Samples.assignment), .secretariat),
            (.link("https://zoom.example.com/j/1"), .officer),
        ] as [(Act, Role)] {
            matter = try await desk.post.act(act, matter.id, by: Samples.hand(role))
        }
        try await desk.carry(matter)
        let event = try #require(try await desk.event(of: matter))
        #expect(event["summary"] == .text("เรื่องลับ"))
        #expect(event["visibility"] == .text("private"))
        let all = String(describing: event)
        #expect(!all.contains(matter.letter.title))
        #expect(!all.contains("zoom"))
        #expect(!all.contains(matter.letter.unit))
    }

    @Test(
        "an answer that never came: the second try finds what the first has done",
        arguments: [
            GoogleRehearsal.Mischief.timeOutAfterwards, .cutAfterwards,
        ])
    func lostAnswer(_ mischief: GoogleRehearsal.Mischief) async throws {
        let desk = try await GoogleDesk()
        let matter = try await desk.post.matter(at: .toPrepare)
        await desk.stage.arrange { $0.mischief = [mischief] }
        #expect(try await desk.carry(matter).map(\.isAccepted) == [false])
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        #expect(await desk.stage.google.calendars[GoogleDesk.calendar]?.ids.count == 1)

        // The same when it was a change: our own version there is no drift.
        let moved = try await desk.post.act(
            .link("https://zoom.example.com/j/1"), matter.id, by: Samples.hand(.officer))
        await desk.stage.arrange { $0.mischief = [mischief] }
        #expect(try await desk.carry(moved).map(\.isAccepted) == [false])
        #expect(try await desk.carry(moved).map(\.isAccepted) == [true])
        #expect(try await desk.post.cabinet.drifts(of: matter.id) == [])
    }

    @Test(
        "what hinders is told by its kind, and when to come back",
        arguments: [
            (GoogleRehearsal.Mischief.rateLimit, Trouble.Kind.busy), (.quota, .quotaUsed), (.tooMany(120), .busy),
            (.unavailable, .unreachable), (.timeOut, .timedOut), (.nonsense, .nonsense),
        ])
    func troubles(_ mischief: GoogleRehearsal.Mischief, _ kind: Trouble.Kind) async throws {
        let desk = try await GoogleDesk()
        let matter = try await desk.post.matter(at: .toPrepare)
        await desk.stage.arrange { $0.mischief = [mischief] }
        let carriage = try #require(try await desk.carry(matter).first)
        guard case .later(let trouble, let after) = carriage else {
            Issue.record("\(carriage)")
            return
        }
        #expect(trouble.kind == kind)
        if case .tooMany(let seconds) = mischief { #expect(after == .seconds(seconds)) }
        if mischief == .quota { #expect(after == .minutes(10)) }
        #expect(try await desk.post.cabinet.calendarHealth().map(\.trouble?.kind) == [kind])
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        #expect(try await desk.post.cabinet.calendarHealth().map(\.trouble) == [nil])
    }

    @Test("a token that Google no longer knows is drawn anew, and the occasion still goes in")
    func revoked() async throws {
        let desk = try await GoogleDesk()
        let matter = try await desk.post.matter(at: .toPrepare)
        await desk.stage.arrange { $0.mischief = [.tokenRevoked] }
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        let asked = await desk.stage.google.log.filter { $0.hasSuffix("/token") }
        #expect(asked.count == 2)
    }

    @Test("one token serves for most of an hour, then a new one is drawn")
    func tokens() async throws {
        let desk = try await GoogleDesk()
        let matter = try await desk.post.matter(at: .toPrepare)
        try await desk.carry(matter)
        func asked() async -> Int { await desk.stage.google.log.filter { $0.hasSuffix("/token") }.count }
        desk.post.clock.set(desk.post.clock.now + .minutes(58))
        #expect(await desk.carrier.probe(for: nil, at: desk.post.clock.now) == nil)
        #expect(await asked() == 1)
        desk.post.clock.set(desk.post.clock.now + .minutes(1))
        #expect(await desk.carrier.probe(for: nil, at: desk.post.clock.now) == nil)
        #expect(await asked() == 2)
    }

    @Test("the test says what is wrong with what was set up")
    func probes() async throws {
        let now = Samples.now
        #expect(await (try GoogleDesk()).carrier.probe(for: nil, at: now) == nil)
        let reader = try await GoogleDesk(role: "reader")
        #expect(await reader.carrier.probe(for: nil, at: now)?.kind == .notAllowed)
        let elsewhere = try await GoogleDesk(
            settings: GoogleSettings(keyFile: GoogleDesk.keyFile, calendar: "nobody@example.com"))
        #expect(await elsewhere.carrier.probe(for: nil, at: now)?.kind == .gone)
        let broken = try await GoogleDesk(settings: GoogleSettings(keyFile: "{}", calendar: GoogleDesk.calendar))
        #expect(await broken.carrier.probe(for: nil, at: now)?.kind == .wrongCredentials)
        let unset = try await GoogleDesk(settings: GoogleSettings(keyFile: GoogleDesk.keyFile))
        #expect(await unset.carrier.probe(for: nil, at: now)?.kind == .notSetUp)
        let undelegated = try await GoogleDesk(
            settings: GoogleSettings(keyFile: GoogleDesk.keyFile, calendar: GoogleDesk.calendar, isDelegated: true))
        #expect(await undelegated.carrier.probe(for: Samples.anan, at: now)?.kind == .notAllowed)
        let foreign = try await GoogleDesk()
        await foreign.stage.arrange { $0.accounts[0].keys = "{\"keys\":[]}" }
        #expect(await foreign.carrier.probe(for: nil, at: now)?.kind == .wrongCredentials)
    }

    @Test(
        "an officer who wants it has the job in their own calendar, where the reminder is theirs; who is replaced loses it"
    )
    func delegation() async throws {
        let desk = try await GoogleDesk(delegated: true)
        for person in [Samples.anan, Samples.malee] {
            try await desk.post.cabinet.setReach(of: person.id, by: .google, to: person.mail, at: Samples.now)
        }
        let matter = try await desk.post.matter(at: .toPrepare)
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true, true])
        let id = try #require(try await desk.event(of: matter, in: Samples.anan.mail)?["id"]?.text)
        #expect(
            await desk.stage.google.reminders(of: Samples.anan.mail, on: id, in: Samples.anan.mail)?["useDefault"]
                == .flag(false))
        #expect(await desk.stage.google.calendars[Samples.kanya.mail]?.ids == [])

        var other = Samples.assignment
        other.officers = [Samples.malee.id]
        let again = try await desk.post.act(.assign(other), matter.id, by: Samples.hand(.secretariat))
        #expect(try await desk.carry(again).map(\.isAccepted) == [true, true, true])
        #expect(await desk.stage.google.calendars[Samples.anan.mail]?.ids == [])
        #expect(await desk.stage.google.calendars[Samples.malee.mail]?.ids == [id])
        #expect(await desk.stage.google.calendars[GoogleDesk.calendar]?.ids == [id])
    }

    @Test("switched off it takes nothing, not even out; what waits goes when it is on again")
    func off() async throws {
        let desk = try await GoogleDesk()
        let matter = try await desk.post.matter(at: .toPrepare)
        try await desk.carry(matter)
        let settings = try await desk.post.cabinet.way(.google).settings
        try await desk.post.cabinet.save(.google, settings: settings, isOn: false, by: nil, at: Samples.now)
        let off = try await desk.post.act(.withdraw(reason: "งด"), matter.id, by: .requester)
        #expect(try await desk.carry(off) == [.later(Trouble(.notSetUp), after: .minutes(15))])
        #expect(try await desk.event(of: matter) != nil)
        try await desk.post.cabinet.save(.google, settings: settings, isOn: true, by: nil, at: Samples.now)
        #expect(try await desk.carry(off).map(\.isAccepted) == [true])
        #expect(try await desk.event(of: matter) == nil)
    }

    @Test("two deliveries about one matter at the same time leave one event, the newest, and no drift")
    func atOnce() async throws {
        let desk = try await GoogleDesk()
        let matter = try await desk.post.matter(at: .toPrepare)
        let linked = try await desk.post.act(
            .link("https://meet.example.ac.th/1"), matter.id, by: Samples.hand(.officer))
        let deliveries = try await desk.deliveries(of: linked)
        #expect(deliveries.count == 2)
        let (carrier, now) = (desk.carrier, desk.post.clock.now)
        await withTaskGroup(of: Void.self) { group in
            for delivery in deliveries + deliveries {
                group.addTask { #expect(await carrier.carry(delivery, at: now).isAccepted) }
            }
        }
        #expect(await desk.stage.google.calendars[GoogleDesk.calendar]?.ids.count == 1)
        #expect(try await desk.copy(of: matter)?.revision == linked.sequence)
        await desk.rounds().look()
        #expect(try await desk.post.cabinet.drifts(of: matter.id) == [])
    }

    @Test("ids are base32hex in lower case, and the same for the same matter", arguments: ["matter-1@a", "matter-2@a"])
    func ids(uid: String) {
        let id = GoogleEvent.id(of: uid)
        #expect(id == GoogleEvent.id(of: uid))
        #expect(id.count == 52)
        #expect(id.allSatisfy { "0123456789abcdefghijklmnopqrstuv".contains($0) })
        #expect(id != GoogleEvent.id(of: uid + "x"))
    }

    @Test("back-off doubles up to a quarter of an hour, with up to a second of jitter that differs by name")
    func backOff() {
        let pauses = (0...12).map { BackOff.pause(tries: $0, for: "a").milliseconds }
        for (tries, pause) in pauses.enumerated() {
            let least = Int64(min(900, 1 << tries) * 1000)
            #expect((least..<least + 1000).contains(pause))
        }
        #expect(Set((1...20).map { BackOff.pause(tries: 3, for: "\($0)") }).count > 10)
    }

    @Test(
        "RFC 3339, with any offset",
        arguments: [
            ("2026-12-14T09:00:00+07:00", "2026-12-14T09:00:00+07:00"),
            ("2026-12-14T02:00:00Z", "2026-12-14T09:00:00+07:00"),
            ("2026-12-13T21:00:00.000-05:00", "2026-12-14T09:00:00+07:00"),
            ("2026-12-31T18:30:00Z", "2027-01-01T01:30:00+07:00"),
        ])
    func rfc3339(text: String, same: String) throws {
        #expect(RFC3339.text(try #require(RFC3339.moment(text))) == same)
    }
}

extension Carriage {
    var isAccepted: Bool { if case .accepted = self { true } else { false } }
}

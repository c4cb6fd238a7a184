// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Rehearsal
import Testing

@testable import Messenger

@Suite("ความต่าง: ใครแก้หรือลบในปฏิทิน สำนักงานเห็น และไม่มีอะไรถูกทับเงียบ ๆ") struct DriftTests {
    private func change(_ desk: GoogleDesk, _ matter: Matter, _ title: String) async throws {
        let event = try #require(try await desk.copy(of: matter)?.event)
        await desk.stage.arrange { $0.change(event, in: GoogleDesk.calendar, ["summary": .text(title)]) }
    }

    private func delete(_ desk: GoogleDesk, _ matter: Matter) async throws {
        let event = try #require(try await desk.copy(of: matter)?.event)
        await desk.stage.arrange { $0.change(event, in: GoogleDesk.calendar, ["status": .text("cancelled")]) }
    }

    private func inCalendar(_ desk: GoogleDesk) async throws -> Matter {
        let matter = try await desk.post.matter(at: .ready)
        #expect(try await desk.carry(matter).allSatisfy(\.isAccepted))
        return matter
    }

    @Test("nothing was touched: no drift, however often it is looked, and only the first look is a whole one")
    func untouched() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        for _ in 1...3 { await desk.rounds().look() }
        #expect(try await desk.post.cabinet.drifts(of: matter.id) == [])
        let health = try #require(try await desk.post.cabinet.calendarHealth().first)
        #expect(health.lookedAt == desk.post.clock.now)
        #expect(health.token.hasPrefix("sync-"))
    }

    @Test("a changed title is noticed once, told to the secretariat once, and changes nothing of ours")
    func changed() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        await desk.rounds().look()
        try await change(desk, matter, "ย้ายไปห้องอื่นแล้ว")
        await desk.rounds().look()
        await desk.rounds().look()
        let drifts = try await desk.post.cabinet.openDrifts(limit: 0)
        #expect(drifts.map(\.theirs?.title) == ["ย้ายไปห้องอื่นแล้ว"])
        try await desk.post.outbox.carryDue()
        #expect(try await desk.post.notices(.drift, of: Samples.somsri).count == 1)
        #expect(try await desk.post.cabinet.matter(matter.id) == matter)
        #expect(try await desk.event(of: matter)?["summary"] == .text("ย้ายไปห้องอื่นแล้ว"))
    }

    @Test("our next change does not overwrite theirs; put back, it does, and the board is empty")
    func putBack() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        try await change(desk, matter, "ของเขา")
        let linked = try await desk.post.act(
            .link("https://zoom.example.com/j/1"), matter.id, by: Samples.hand(.officer))
        #expect(try await desk.carry(linked) == [.never(Trouble(.changedThere))])
        #expect(try await desk.event(of: matter)?["summary"] == .text("ของเขา"))
        let drift = try #require(try await desk.post.cabinet.openDrifts(limit: 0).first)
        #expect(
            try await desk.post.cabinet.resolve(drift.id, .putBack, by: Samples.somsri.id, at: desk.post.clock.now))
        // Between the word and the deed a look finds nothing new.
        await desk.rounds().look()
        #expect(try await desk.post.cabinet.openDrifts(limit: 0) == [])
        #expect(try await desk.carry(linked).map(\.isAccepted) == [true])
        #expect(try await desk.event(of: matter)?["summary"] == .text(matter.letter.title))
        await desk.rounds().look()
        #expect(try await desk.post.cabinet.drifts(of: matter.id).map(\.fate) == [.putBack])
    }

    @Test("left and remembered: the same is no drift any more, another change is, and our next revision goes over it")
    func left() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        try await change(desk, matter, "ของเขา")
        await desk.rounds().look()
        let drift = try #require(try await desk.post.cabinet.openDrifts(limit: 0).first)
        #expect(try await desk.post.cabinet.resolve(drift.id, .left, by: Samples.somsri.id, at: desk.post.clock.now))
        #expect(try await !desk.post.cabinet.resolve(drift.id, .putBack, by: nil, at: desk.post.clock.now))
        await desk.rounds().look()
        #expect(try await desk.post.cabinet.openDrifts(limit: 0) == [])
        try await change(desk, matter, "ของเขาอีกครั้ง")
        await desk.rounds().look()
        let second = try #require(try await desk.post.cabinet.openDrifts(limit: 0).first)
        #expect(second.theirs?.title == "ของเขาอีกครั้ง")
        #expect(try await desk.post.cabinet.resolve(second.id, .left, by: nil, at: desk.post.clock.now))
        let linked = try await desk.post.act(
            .link("https://zoom.example.com/j/1"), matter.id, by: Samples.hand(.officer))
        #expect(try await desk.carry(linked).map(\.isAccepted) == [true])
        #expect(try await desk.event(of: matter)?["summary"] == .text(matter.letter.title))
    }

    @Test("deleted there: noticed, and put back under the same id, which a deleted event keeps")
    func deleted() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        let event = try await desk.copy(of: matter)?.event
        await desk.rounds().look()
        try await delete(desk, matter)
        await desk.rounds().look()
        let drift = try #require(try await desk.post.cabinet.openDrifts(limit: 0).first)
        #expect(drift.isDeletion)
        #expect(try await desk.post.cabinet.resolve(drift.id, .putBack, by: nil, at: desk.post.clock.now))
        #expect(try await desk.carry(matter).map(\.isAccepted) == [true])
        #expect(try await desk.event(of: matter)?["status"] == .text("confirmed"))
        #expect(try await desk.copy(of: matter)?.event == event)
    }

    @Test("deleted there and left so: it stays away until the folder brings something new")
    func deletedAndLeft() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        try await delete(desk, matter)
        await desk.rounds().look()
        let drift = try #require(try await desk.post.cabinet.openDrifts(limit: 0).first)
        #expect(try await desk.post.cabinet.resolve(drift.id, .left, by: nil, at: desk.post.clock.now))
        await desk.rounds().look()
        #expect(try await desk.post.cabinet.openDrifts(limit: 0) == [])
        let linked = try await desk.post.act(
            .link("https://zoom.example.com/j/1"), matter.id, by: Samples.hand(.officer))
        #expect(try await desk.carry(linked).map(\.isAccepted) == [true])
        #expect(try await desk.event(of: matter)?["status"] == .text("confirmed"))
    }

    @Test("a colour is nobody's drift, and the next change of ours goes through")
    func colour() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        let event = try #require(try await desk.copy(of: matter)?.event)
        await desk.stage.arrange { $0.change(event, in: GoogleDesk.calendar, ["colorId": .text("5")]) }
        let linked = try await desk.post.act(
            .link("https://zoom.example.com/j/1"), matter.id, by: Samples.hand(.officer))
        #expect(try await desk.carry(linked).map(\.isAccepted) == [true])
        await desk.stage.arrange { $0.change(event, in: GoogleDesk.calendar, ["colorId": .text("6")]) }
        await desk.rounds().look()
        #expect(try await desk.post.cabinet.drifts(of: matter.id) == [])
    }

    @Test("put right there by their own hand: the drift is past")
    func putRight() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        try await change(desk, matter, "ของเขา")
        await desk.rounds().look()
        try await change(desk, matter, matter.letter.title)
        await desk.rounds().look()
        #expect(try await desk.post.cabinet.drifts(of: matter.id).map(\.fate) == [.past])
    }

    @Test("a sync token that is too old: everything is looked at anew, and the change is found")
    func oldToken() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        await desk.rounds().look()
        try await delete(desk, matter)
        await desk.stage.arrange { $0.forgetSyncTokens() }
        await desk.rounds().look()
        #expect(try await desk.post.cabinet.openDrifts(limit: 0).map(\.isDeletion) == [true])
    }

    @Test("a person's calendar: only our entry is asked for, nothing is listed, and a change in it is found")
    func personal() async throws {
        let desk = try await GoogleDesk(delegated: true)
        try await desk.post.cabinet.setReach(
            of: Samples.anan.id, by: .google, to: Samples.anan.mail, at: desk.post.clock.now)
        let matter = try await inCalendar(desk)
        let copy = try #require(try await desk.copy(of: matter, to: .person(Samples.anan.id)))
        await desk.stage.arrange { $0.change(copy.event, in: Samples.anan.mail, ["location": .text("ที่อื่น")]) }
        await desk.rounds().look()
        let drift = try #require(try await desk.post.cabinet.openDrifts(limit: 0).first)
        #expect(drift.to == .person(Samples.anan.id))
        #expect(drift.theirs?.place == "ที่อื่น")
        let lists = await desk.stage.google.log.filter { $0.hasPrefix("GET") && $0.hasSuffix("/events") }
        #expect(lists.count == 1)
        #expect(lists.allSatisfy { $0.contains("office%40") })
    }

    @Test("a calendar that is taken from us is no deletion: a change waits, and is no drift")
    func taken() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        await desk.stage.arrange { $0.calendars[GoogleDesk.calendar]?.roles = [:] }
        let linked = try await desk.post.act(
            .link("https://zoom.example.com/j/1"), matter.id, by: Samples.hand(.officer))
        let carriage = try #require(try await desk.carry(linked).first)
        guard case .later(let trouble, _) = carriage else {
            Issue.record("\(carriage)")
            return
        }
        #expect(trouble.kind == .gone)
        #expect(try await desk.post.cabinet.drifts(of: matter.id) == [])
    }

    @Test("a calendar that cannot be read is a trouble of its health, and no drift")
    func unreadable() async throws {
        let desk = try await GoogleDesk()
        let matter = try await inCalendar(desk)
        await desk.stage.arrange { $0.calendars[GoogleDesk.calendar]?.roles = [:] }
        await desk.rounds().look()
        #expect(try await desk.post.cabinet.drifts(of: matter.id) == [])
        #expect(try await desk.post.cabinet.calendarHealth().map(\.trouble?.kind) == [.gone])
    }
}

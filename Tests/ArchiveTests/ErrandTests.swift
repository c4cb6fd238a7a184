// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Synchronization
import Testing

/// Errands: issued and cancelled with the entry, carried once.
@Suite struct ErrandTests {
    private func fates(_ bureau: Bureau, _ id: Matter.ID) async throws -> [String: ErrandFate?] {
        Dictionary(uniqueKeysWithValues: try await bureau.cabinet.errands(of: id).map { ($0.errand.id, $0.fate) })
    }

    @Test func `a moved occasion rings nobody at the old time`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.matter(at: .toPrepare)
        let reminder = "m\(matter.id)/e5/reminder/p\(bureau.officers[0].id)"
        #expect(try await fates(bureau, matter.id)[reminder] == .some(.none))
        var moved = matter.letter
        moved.span = Span(start: moved.span.start + .days(1), end: moved.span.end + .days(1))
        try await bureau.act(.amend(moved, reason: "วิทยากรติดภารกิจ"), matter.id, at: monday + .hours(1))
        #expect(try await fates(bureau, matter.id)[reminder] == .dropped(at: monday + .hours(1), why: .cancelled))
        let due = try await bureau.cabinet.dueErrands(at: monday + .days(90), limit: 100)
        #expect(due.filter { $0.kind == .reminder } == [])
        #expect(due.filter { $0.kind == .change }.map(\.to) == [.person(bureau.officers[0].id)])
    }

    @Test func `a withdrawn occasion rings nobody and frees the calendar`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.matter(at: .ready)
        try await bureau.act(.withdraw(reason: "งดจัดงาน"), matter.id, at: monday + .hours(2))
        let due = try await bureau.cabinet.dueErrands(at: monday + .days(90), limit: 100)
        #expect(due.filter { $0.kind == .reminder } == [])
        #expect(due.map(\.kind).filter { $0 == .withdrawal }.count == 1)
        #expect(try await bureau.cabinet.bookings(during: matter.letter.span, but: nil) == [])
    }

    @Test func `a matter that has moved on awaits the next one only`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.matter(at: .toDecide)
        let waiting = try await bureau.cabinet.dueErrands(at: monday, limit: 10)
        #expect(waiting.map(\.kind) == [.awaiting(.toDecide)])
        #expect(waiting.map(\.to) == [.role(.executive)])
        let ended = try await bureau.cabinet.errands(of: matter.id).compactMap(\.fate)
        // The secretariat was awaited for registering; that it then awaits itself for submitting is told to nobody.
        #expect(ended == [.dropped(at: monday, why: .cancelled)])
    }

    @Test func `an errand is carried once`() async throws {
        let bureau = try await Bureau.inMemory()
        let matter = try await bureau.matter(at: .toDecide)
        let errand = try #require(try await bureau.cabinet.dueErrands(at: monday, limit: 1).first)
        let later = monday + .minutes(5)
        let people = [bureau.executive.id, bureau.secretary.id, bureau.executive.id]
        let notices = try await bureau.cabinet.deliver([Handing(errand.id, to: people, isLate: true)], at: later)
        #expect(notices.map(\.person) == [bureau.executive.id, bureau.secretary.id])
        #expect(try await bureau.cabinet.deliver([Handing(errand.id, to: people, isLate: true)], at: later) == [])
        try await bureau.cabinet.settle(errand.id, .dropped(at: later, why: .stale))
        #expect(try await fates(bureau, matter.id)[errand.id] == .carried(at: later, late: true))
        #expect(try await bureau.cabinet.notices(of: matter.id) == notices)
        #expect(try await bureau.cabinet.inbox(of: bureau.executive.id, limit: 0) == [notices[0]])
        #expect(
            try await bureau.cabinet.deliver([Handing("no such errand", to: people, isLate: false)], at: later) == [])
    }

    @Test func `a notice is acknowledged by its own person, once`() async throws {
        let bureau = try await Bureau.inMemory()
        _ = try await bureau.matter(at: .toDecide)
        let errand = try #require(try await bureau.cabinet.dueErrands(at: monday, limit: 1).first)
        let person = bureau.executive.id
        var notice = try #require(
            try await bureau.cabinet.deliver([Handing(errand.id, to: [person], isLate: false)], at: monday).first)
        #expect(try await bureau.cabinet.unacknowledged(of: person) == 1)
        #expect(try await bureau.cabinet.acknowledge(notice.id, by: bureau.secretary.id, at: monday) == false)
        #expect(try await bureau.cabinet.acknowledge(notice.id, by: person, at: monday + .minutes(1)))
        #expect(try await bureau.cabinet.acknowledge(notice.id, by: person, at: monday + .minutes(2)))
        notice.acknowledgedAt = monday + .minutes(1)
        #expect(try await bureau.cabinet.inbox(of: person, limit: 5) == [notice])
        #expect(try await bureau.cabinet.unacknowledged(of: person) == 0)
    }

    @Test func `whoever carries is told of new errands, and knows when the next is due`() async throws {
        let rings = Mutex(0)
        let cabinet = try SQLiteCabinet.inMemory(errandsChanged: { rings.withLock { $0 += 1 } })
        #expect(try await cabinet.nextErrandDue() == nil)
        let calendar = WorkingCalendar(opens: .eightThirty, closes: .halfPastFour, holidays: [])
        let draft = Errand.draft(Month(of: monday), calendar: calendar)
        try await cabinet.issue(draft)
        try await cabinet.issue(draft)
        #expect(rings.withLock { $0 } == 2)
        #expect(try await cabinet.nextErrandDue() == draft.due)
        #expect(try await cabinet.dueErrands(at: draft.due - .seconds(1), limit: 9) == [])
        #expect(try await cabinet.dueErrands(at: draft.due, limit: 9) == [draft])
        try await cabinet.settle(draft.id, .carried(at: draft.due, late: false))
        #expect(try await cabinet.nextErrandDue() == nil)
    }
}

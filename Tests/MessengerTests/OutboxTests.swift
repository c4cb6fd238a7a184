// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Logging
import Messenger
import Rehearsal
import Synchronization
import Testing

@Suite("คนส่งข่าว: ถึงเวลา ครั้งเดียว และไม่ส่งสิ่งที่ไม่ควรส่ง") struct OutboxTests {
    let reminded = [Samples.anan, Samples.kanya]

    @Test("the reminder rings every assigned officer 30 minutes before, and not a minute earlier")
    func inTime() async throws {
        let post = try await Post()
        let matter = try await post.matter(at: .ready)
        let due = matter.letter.span.start - .minutes(30)
        try await post.pass(to: due - .minutes(1))
        for person in reminded { #expect(try await post.notices(.reminder, of: person) == []) }
        try await post.pass(to: due)
        for person in reminded {
            let notices = try await post.notices(.reminder, of: person)
            #expect(notices.map(\.at) == [due])
            #expect(notices.map(\.isLate) == [false])
            #expect(try await post.notices(.assignment, of: person).count == 1)
        }
        #expect(try await post.notices(.reminder, of: Samples.malee) == [])
    }

    @Test("once: however often the outbox looks, and when two look at the same time")
    func once() async throws {
        let post = try await Post()
        let matter = try await post.matter(at: .ready)
        post.clock.set(matter.letter.span.start - .minutes(30))
        let clock = post.clock
        let second = Outbox(
            cabinet: post.cabinet, bell: post.bell, logger: Logger(label: "second"), now: { clock.now })
        async let one = post.outbox.carryDue()
        async let other = second.carryDue()
        _ = try await (one, other)
        try await post.outbox.carryDue()
        for person in reminded { #expect(try await post.notices(.reminder, of: person).count == 1) }
    }

    @Test("after an outage it rings late and says so")
    func late() async throws {
        let post = try await Post()
        let matter = try await post.matter(at: .ready)
        let back = matter.letter.span.start - .minutes(12)
        post.clock.set(back)
        try await post.outbox.carryDue()
        let notice = try #require(try await post.notices(.reminder, of: Samples.anan).first)
        #expect(notice.isLate)
        #expect(notice.due == matter.letter.span.start - .minutes(30))
        #expect(notice.at == back)
        #expect(
            try await post.fates(.reminder, of: matter.id) == [
                .carried(at: back, late: true), .carried(at: back, late: true),
            ])
    }

    @Test("an outage past the beginning: dropped, with a record, and nobody is rung")
    func stale() async throws {
        let post = try await Post()
        let matter = try await post.matter(at: .ready)
        let back = matter.letter.span.start
        post.clock.set(back)
        try await post.outbox.carryDue()
        for person in reminded { #expect(try await post.notices(.reminder, of: person) == []) }
        let dropped = ErrandFate.dropped(at: back, why: .stale)
        #expect(try await post.fates(.reminder, of: matter.id) == [dropped, dropped])
    }

    @Test("a withdrawn occasion rings nobody; its officers are told once that it is off")
    func withdrawn() async throws {
        let post = try await Post()
        let matter = try await post.matter(at: .ready)
        try await post.act(.withdraw(reason: "เลื่อนไม่มีกำหนด"), matter.id, by: .requester)
        try await post.pass(to: matter.letter.span.end)
        for person in reminded {
            #expect(try await post.notices(.reminder, of: person) == [])
            #expect(try await post.notices(.withdrawal, of: person).count == 1)
        }
        #expect(try await post.notices(.withdrawal, of: Samples.narong).count == 1)
    }

    @Test("a moved occasion rings at its new time only, once it is decided and assigned again")
    func moved() async throws {
        let post = try await Post()
        let matter = try await post.matter(at: .ready)
        var letter = matter.letter
        letter.span = Span(start: letter.span.start + .days(2), end: letter.span.end + .days(2))
        try await post.act(.amend(letter, reason: "เลื่อนสองวัน"), matter.id, by: Samples.hand(.secretariat))
        try await post.act(.approve(note: ""), matter.id, by: Samples.hand(.executive))
        try await post.act(.assign(Samples.assignment), matter.id, by: Samples.hand(.secretariat))
        try await post.pass(to: matter.letter.span.end)
        #expect(try await post.notices(.reminder, of: Samples.anan) == [])
        try await post.pass(to: letter.span.start)
        #expect(try await post.notices(.reminder, of: Samples.anan).map(\.at) == [letter.span.start - .minutes(30)])
    }

    @Test("a matter that nobody evaluates closes itself after the set days; an answered one is left alone")
    func lapse() async throws {
        let post = try await Post()
        let matter = try await post.matter(at: .toEvaluate)
        let ended = try #require(matter.endedAt)
        try await post.pass(to: ended + .days(7) - .minutes(1))
        #expect(try await post.cabinet.matter(matter.id)?.stage == .toEvaluate)
        try await post.pass(to: ended + .days(7))
        let closed = try #require(try await post.cabinet.matter(matter.id))
        #expect(closed.stage == .closed)
        #expect(closed.folder.last?.fact == .lapsed)
        #expect(closed.folder.last?.role == .sanyan)

        let answered = try await Post()
        let other = try await answered.matter(at: .closed)
        try await answered.pass(to: ended + .days(30))
        #expect(try await answered.cabinet.matter(other.id) == other)
        #expect(try await answered.fates(.lapse, of: other.id) == [.dropped(at: ended + .days(7), why: .refused)])
    }

    @Test("an office that gives more days afterwards closes its matters after those")
    func lapseLater() async throws {
        let post = try await Post()
        let matter = try await post.matter(at: .toEvaluate)
        let ended = try #require(matter.endedAt)
        var office = Samples.office
        office.evaluationDays = 14
        try await post.cabinet.save(office, by: nil, at: post.clock.now)
        try await post.pass(to: ended + .days(14) - .minutes(1))
        #expect(try await post.cabinet.matter(matter.id)?.stage == .toEvaluate)
        try await post.pass(to: ended + .days(14))
        #expect(try await post.cabinet.matter(matter.id)?.stage == .closed)
    }

    @Test("the report drafts itself on the first working day, tells the secretariat, and sets the next month's timer")
    func report() async throws {
        let post = try await Post()
        let december = Month(of: Samples.day(2569, 12, 1))
        try await post.outbox.scheduleDraft(of: december)
        try await post.outbox.scheduleDraft(of: december)
        // 1 January is a holiday, 2 and 3 January 2570 a weekend.
        let first = Samples.calendar.firstWorkingDay(from: december.next.firstDay)
        #expect(first == Samples.day(2570, 1, 4))
        try await post.pass(to: first.at(.eightThirty) - .minutes(1))
        #expect(try await post.cabinet.reports() == [])
        try await post.pass(to: first.at(.eightThirty))
        #expect(try await post.cabinet.reports() == [ReportRecord(month: december, draftedAt: first.at(.eightThirty))])
        for person in [Samples.somsri, Samples.pimjai] {
            #expect(try await post.notices(.draftReport(december), of: person).count == 1)
        }
        #expect(try await post.cabinet.nextErrandDue() == Samples.day(2570, 2, 1).at(.eightThirty))
    }

    @Test("an outage of two months drafts both reports")
    func reportsAfterOutage() async throws {
        let post = try await Post()
        let december = Month(of: Samples.day(2569, 12, 1))
        try await post.outbox.scheduleDraft(of: december)
        post.clock.set(Samples.day(2570, 2, 10).at(.eight))
        try await post.outbox.carryDue()
        #expect(Set(try await post.cabinet.reports().map(\.month)) == [december, december.next])
    }

    @Test("what the clock does for people who left goes to nobody")
    func peopleWhoLeft() async throws {
        let post = try await Post()
        let matter = try await post.matter(at: .ready)
        var gone = Samples.anan
        gone.isActive = false
        _ = try await post.cabinet.save(gone, passwordHash: nil, by: nil, at: post.clock.now)
        try await post.pass(to: matter.letter.span.start)
        #expect(try await post.notices(.reminder, of: Samples.anan) == [])
        #expect(try await post.notices(.reminder, of: Samples.kanya).count == 1)
    }

    @Test("open pages hear every notice, and only their own person's")
    func bell() async throws {
        let post = try await Post()
        let heard = await post.bell.notices(for: Samples.anan.id)
        let others = await post.bell.notices(for: Samples.malee.id)
        _ = try await post.matter(at: .toPrepare)
        await post.bell.close()
        var kinds: [Errand.Kind] = []
        for await notice in heard { kinds.append(notice.kind) }
        #expect(kinds == [.assignment])
        for await notice in others { Issue.record("rang for nobody's notice: \(notice)") }
    }

    @Test("the twenty-first open page lets the first one go")
    func manyPages() async throws {
        let bell = Doorbell()
        var lines: [AsyncStream<Notice>] = []
        for _ in 0...20 { lines.append(await bell.notices(for: Samples.anan.id)) }
        for await notice in lines[0] { Issue.record("still open: \(notice)") }
        await bell.close()
    }

    @Test("a stir wakes the sleeper: what was written is carried without waiting for the next look")
    func stir() async throws {
        let stirrer = Stirrer()
        let post = try await Post(errandsChanged: { stirrer.stir() })
        stirrer.outbox.withLock { $0 = post.outbox }
        let heard = await post.bell.notices(for: Samples.somsri.id)
        let running = Task { await post.outbox.run() }
        // Until the notice comes nothing else happens here; the longest sleep of the outbox is half a minute.
        let began = ContinuousClock.now
        _ = try await post.cabinet.receive(
            Samples.letter(), contact: Samples.contact, documents: [], via: .web, keyingSeconds: nil, by: .requester,
            at: post.clock.now, once: nil)
        var ears = heard.makeAsyncIterator()
        #expect(await ears.next()?.kind == .awaiting(.toRegister))
        #expect(began.duration(to: .now) < .seconds(15))
        running.cancel()
        await running.value
    }
}

private final class Stirrer: Sendable {
    let outbox = Mutex<Outbox?>(nil)
    func stir() {
        guard let outbox = outbox.withLock({ $0 }) else { return }
        Task { await outbox.stir() }
    }
}

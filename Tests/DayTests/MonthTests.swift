// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Messenger
import Rehearsal
import Testing

@Suite("หนึ่งเดือนของสำนักงาน ในชั่วพริบตา")
struct MonthTests {
    private static let first = Samples.day(2569, 11, 1)
    private static let mondays = [2, 9, 16, 23].map { Samples.day(2569, 11, $0) }

    /// A letter that comes on a Monday at nine, for an occasion ten days later; the last one's is a week later.
    private func letter(_ number: Int) -> Letter {
        let day = Self.mondays[number].adding(days: number == 3 ? 7 : 10)
        var letter = Samples.letter(at: Self.mondays[number].at(Samples.time("09:00")))
        letter.span = Span(start: day.at(Samples.time("13:30")), end: day.at(Samples.time("15:30")))
        return letter
    }

    /// Sets everything that people do about one letter.
    private func plan(_ number: Int, in office: inout PlayedOffice) {
        let letter = letter(number)
        let received = Self.mondays[number].at(Samples.time("09:00"))
        office.world.wake(at: received, .letter(number, letter))
        func then(_ act: Act, _ role: Role, at moment: Moment) {
            office.world.wake(at: moment, .act(number, act, Samples.hand(role)))
        }
        then(.register(Samples.classification, papers: Samples.allPapers), .secretariat, at: received + .minutes(4))
        then(.submit, .secretariat, at: received + .minutes(20))
        let tuesday = received + .hours(24)
        then(.approve(note: "อนุมัติ"), .executive, at: tuesday)
        then(.assign(Samples.assignment), .secretariat, at: tuesday + .minutes(30))
        let test = Samples.calendar.workingDay(1, before: Day(of: letter.span.start)).day.at(Samples.time("14:00"))
        for check in Samples.office.meetingChecklist {
            then(.tick(check.id, Evidence(value: "ปกติ"), note: ""), .officer, at: test)
        }
        then(.notifyNetwork(NetworkNotice(megabitsPerSecond: 20), note: ""), .officer, at: test)
        then(.acknowledgeNetwork, .network, at: test + .minutes(10))
        then(.link("https://meet.example.ac.th/\(number)"), .officer, at: test + .minutes(15))
        then(.open, .officer, at: letter.span.start - .minutes(5))
        if number == 1 { then(.logIncident(.disturbed, note: "เสียงสะท้อน"), .officer, at: letter.span.start) }
        then(.end(Summary(audience: 40 + number), note: ""), .officer, at: letter.span.end)
        if number != 3 {
            let answers = Evaluation(overall: 5 - number, signal: 4, staff: 5)
            then(.evaluate(answers, note: ""), .requester, at: letter.span.end + .hours(2))
        }
    }

    // A third of a second by itself; the limit only ends what hangs, since hundreds of tests run beside it.
    @Test("หนังสือมาทุกวันจันทร์ ลงรับใน 4 นาที อนุมัติวันรุ่งขึ้น เตือนก่อน 30 นาทีพอดี และรายงานนับครบ", .timeLimit(.minutes(5)))
    func aMonth() async throws {
        var office = try await PlayedOffice(at: Self.first.start)
        for number in 0..<4 { plan(number, in: &office) }
        let november = Month(of: Self.first)
        try await office.outbox.scheduleDraft(of: november)
        try await office.play(until: Samples.moment(2569, 12, 8, "00:00"))

        try await everyLetterWasServed(office)
        try await everyReminderCameOnTime(office)
        try await theReportCounts(office, november)
    }

    private func everyLetterWasServed(_ office: PlayedOffice) async throws {
        for number in 0..<4 {
            let matter = try await office.matter(number)
            #expect(matter.stage == .closed)
            #expect(matter.incoming == RegisterNumber(number: number + 1, buddhistYear: 2569))
            #expect((matter.evaluation == nil) == (number == 3))
            #expect(Samples.reckoner.passages(of: matter).filter(\.isLate).map(\.deadline.step) == [])
        }
        let last = try await office.matter(3)
        #expect(last.folder.last?.fact == .lapsed)
        #expect(last.folder.last?.at == letter(3).span.end + .days(7))
        let lines = try await office.cabinet.register(.incoming, year: 2569, text: "", limit: 0, offset: 0)
        #expect(lines.map(\.number.number).sorted() == [1, 2, 3, 4])
    }

    private func everyReminderCameOnTime(_ office: PlayedOffice) async throws {
        for officer in [Samples.anan, Samples.kanya] {
            let inbox = try await office.cabinet.inbox(of: officer.id, limit: 0)
            let reminders = inbox.filter { $0.kind == .reminder }.sorted { $0.at < $1.at }
            #expect(reminders.map(\.at) == (0..<4).map { letter($0).span.start - .minutes(30) })
            #expect(inbox.filter { $0.kind == .assignment }.count == 4)
            #expect(inbox.filter(\.isLate) == [])
        }
        #expect(try await office.cabinet.inbox(of: Samples.malee.id, limit: 0) == [])
        let network = try await office.cabinet.inbox(of: Samples.narong.id, limit: 0)
        #expect(network.map(\.kind) == Array(repeating: .networkNotice, count: 4))
        let executive = try await office.cabinet.inbox(of: Samples.wichai.id, limit: 0)
        #expect(executive.map(\.kind) == Array(repeating: .awaiting(.toDecide), count: 4))
    }

    private func theReportCounts(_ office: PlayedOffice, _ month: Month) async throws {
        let record = try #require(try await office.cabinet.reports().first { $0.month == month })
        #expect(record.draftedAt == Samples.moment(2569, 12, 1, "08:30"))
        var filter = MatterFilter()
        filter.startsIn = month.span
        let drawn = MonthlyReport(
            month, of: try await office.cabinet.matters(filter), reckoner: Samples.reckoner, at: office.clock.now)
        #expect(drawn.served.count == 4)
        #expect(drawn.servedMinutes == 4 * 125)
        #expect(drawn.audience == 40 + 41 + 42 + 43)
        #expect(drawn.withIncidents.count == 1)
        #expect(drawn.satisfaction?.matters.count == 3)
        #expect(drawn.satisfaction?.overall == 4)
        #expect(
            drawn.compliance.map(\.step) == [
                .registration, .submission, .decision, .calendar, .preparation, .networkNotice, .evaluation,
            ])
        #expect(Set(drawn.compliance.map(\.percentInTime)) == [100])
        #expect(drawn.compliance.first?.median == .minutes(4))
    }

    @Test("ถอนเรื่องหลังมอบหมาย: ไม่มีใครถูกเตือน")
    func withdrawnRingsNobody() async throws {
        var office = try await PlayedOffice(at: Self.first.start)
        plan(0, in: &office)
        try await office.play(until: Self.mondays[0].at(Samples.time("23:00")) + .days(1))
        #expect(try await office.matter(0).stage == .toPrepare)
        let id = try #require(office.ids[0])
        _ = try await office.cabinet.perform(
            .withdraw(reason: "ยกเลิก"), on: id, by: .requester, at: office.world.now, seen: nil, contact: nil,
            lateReason: "", once: nil)
        office.world = World(at: office.world.now)
        try await office.play(until: Samples.moment(2569, 11, 30, "00:00"))
        let inbox = try await office.cabinet.inbox(of: Samples.anan.id, limit: 0)
        #expect(Set(inbox.map(\.kind)) == [.assignment, .withdrawal])
    }

    @Test("ระบบหยุดข้ามเวลาเตือน: แจ้งช้าพร้อมบอกว่าช้า ถ้างานเริ่มแล้วบันทึกว่าไม่แจ้ง", arguments: [-5, 1])
    func outage(_ minutesAfterStart: Int) async throws {
        var office = try await PlayedOffice(at: Self.first.start)
        plan(0, in: &office)
        let start = letter(0).span.start
        try await office.play(until: start - .hours(2))
        let back = start + .minutes(minutesAfterStart)
        office.clock.step(to: back)
        try await office.outbox.carryDue()
        try await office.outbox.carryDue()
        let isInTime = minutesAfterStart < 0
        let reminders = try await office.cabinet.inbox(of: Samples.kanya.id, limit: 0).filter { $0.kind == .reminder }
        #expect(reminders.map(\.isLate) == (isInTime ? [true] : []))
        let id = try #require(office.ids[0])
        let fates = try await office.cabinet.errands(of: id).filter { $0.errand.kind == .reminder }.map(\.fate)
        let expected: ErrandFate = isInTime ? .carried(at: back, late: true) : .dropped(at: back, why: .stale)
        #expect(fates == [expected, expected])
    }
}

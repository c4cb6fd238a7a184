// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("การแจ้งเตือน: ใครได้รับเมื่อใด และเมื่อใดต้องเงียบ")
struct ErrandTests {
    /// A matter on paper that has come to a stage.
    private func archive(at stage: Stage) throws -> PaperArchive {
        var archive = PaperArchive()
        let letter = Samples.letter()
        let id = try archive.receive(letter, at: Samples.now).id
        for stride in Samples.strides(to: stage, letter: letter, received: Samples.now) {
            try archive.perform(stride.act, on: id, by: stride.hand, at: Samples.now + stride.after)
        }
        return archive
    }

    private let id = Matter.ID(1)
    private let start = Samples.letter().span.start

    private func kinds(_ errands: [Errand]) -> Set<Errand.Kind> { Set(errands.map(\.kind)) }

    @Test("เรื่องมาถึงใคร สำนักงานเลขานุการหรือผู้บริหารได้รู้ทันที")
    func awaiting() throws {
        var archive = try archive(at: .toDecide)
        let pending = archive.errands.filter { $0.fate == nil }.map(\.errand)
        #expect(pending.map(\.kind) == [.awaiting(.toDecide)])
        #expect(pending.map(\.to) == [.role(.executive)])
        try archive.perform(.approve(note: ""), on: id, by: Samples.hand(.executive), at: Samples.now + .hours(3))
        let rest = archive.errands.filter { $0.fate == nil }.map(\.errand)
        #expect(rest.map(\.kind) == [.awaiting(.toAssign)])
    }

    @Test("มอบหมายแล้ว เจ้าหน้าที่ทุกคนได้รับแจ้งทันที และอีกครั้งก่อนเวลา 30 นาที")
    func assignment() throws {
        let archive = try archive(at: .toPrepare)
        let pending = archive.errands.filter { $0.fate == nil }.map(\.errand)
        let told = pending.filter { $0.kind == .assignment }
        #expect(told.map(\.to) == Samples.assignment.officers.map { .person($0) })
        #expect(told.allSatisfy { $0.due == Samples.now + .hours(27) })
        let reminders = pending.filter { $0.kind == .reminder }
        #expect(reminders.map(\.to) == Samples.assignment.officers.map { .person($0) })
        #expect(reminders.allSatisfy { $0.due == start - .minutes(30) && $0.stale == start })
        #expect(Set(pending.map(\.id)).count == pending.count)
    }

    @Test("เตือนก่อนกี่นาทีเป็นไปตามที่หน่วยงานตั้ง")
    func reminderMinutes() throws {
        var archive = PaperArchive()
        archive.office.reminderMinutes = 45
        try archive.receive(Samples.letter(), at: Samples.now)
        for stride in Samples.strides(to: .toPrepare, letter: Samples.letter(), received: Samples.now) {
            try archive.perform(stride.act, on: id, by: stride.hand, at: Samples.now + stride.after)
        }
        #expect(
            archive.errands.filter { $0.errand.kind == .reminder }.map(\.errand.due) == [
                start - .minutes(45), start - .minutes(45),
            ])
    }

    @Test("ระบบล่มเลยเวลาเตือน: ยังแจ้งพร้อมบอกว่าช้า แต่เริ่มงานแล้วไม่แจ้ง")
    func outages() throws {
        var late = try archive(at: .ready)
        _ = late.carry(at: start - .hours(1))
        #expect(kinds(late.carry(at: start - .minutes(5))) == [.reminder])
        let fates = late.errands.filter { $0.errand.kind == .reminder }.compactMap(\.fate)
        #expect(fates == Array(repeating: .carried(at: start - .minutes(5), late: true), count: 2))
        #expect(late.carry(at: start - .minutes(4)) == [])

        var stale = try archive(at: .ready)
        _ = stale.carry(at: start - .hours(1))
        #expect(stale.carry(at: start) == [])
        #expect(
            stale.errands.filter { $0.errand.kind == .reminder }.compactMap(\.fate)
                == Array(repeating: .dropped(at: start, why: .stale), count: 2))
    }

    @Test("ถอนเรื่องหรือเลื่อนวัน ไม่มีใครถูกเตือนตามเวลาเดิม")
    func movedOrWithdrawnRingsNobody() throws {
        var withdrawn = try archive(at: .ready)
        let then = Samples.now + .hours(34)
        _ = withdrawn.carry(at: then)
        try withdrawn.perform(.withdraw(reason: "ยกเลิก"), on: id, by: .requester, at: then)
        #expect(kinds(withdrawn.carry(at: then)) == [.withdrawal, .calendarEntry])
        #expect(withdrawn.carry(at: start + .days(30)) == [])

        var moved = try archive(at: .ready)
        _ = moved.carry(at: then)
        let letter = Samples.letter().with {
            $0.span = Span(start: $0.span.start + .days(1), end: $0.span.end + .days(1))
        }
        try moved.perform(.amend(letter, reason: "เลื่อน"), on: id, by: Samples.hand(.secretariat), at: then)
        #expect(kinds(moved.carry(at: then)) == [.change, .awaiting(.toDecide), .calendarEntry])
        #expect(moved.carry(at: start) == [])
        try moved.perform(.approve(note: ""), on: id, by: Samples.hand(.executive), at: then)
        try moved.perform(.assign(Samples.assignment), on: id, by: Samples.hand(.secretariat), at: then)
        _ = moved.carry(at: then)
        let again = moved.carry(at: start + .days(1) - .minutes(30))
        #expect(again.map(\.kind) == [.reminder, .reminder])
    }

    @Test("เปลี่ยนเจ้าหน้าที่: คนใหม่ได้รับมอบหมาย คนเดิมได้รู้ คนที่พ้นไม่ถูกเตือน")
    func reassignment() throws {
        var archive = try archive(at: .ready)
        let then = Samples.now + .hours(34)
        _ = archive.carry(at: then)
        var other = Samples.assignment
        other.officers = [Samples.kanya.id, Samples.malee.id]
        try archive.perform(.assign(other), on: id, by: Samples.hand(.secretariat), at: then)
        let told = archive.carry(at: then)
        #expect(told.filter { $0.kind == .assignment }.map(\.to) == [.person(Samples.malee.id)])
        #expect(told.filter { $0.kind == .change }.map(\.to) == [.person(Samples.kanya.id)])
        #expect(told.filter { $0.kind == .withdrawal }.map(\.to) == [.person(Samples.anan.id)])
        #expect(
            archive.carry(at: start - .minutes(30)).map(\.to) == [.person(Samples.kanya.id), .person(Samples.malee.id)])
    }

    @Test("งานเครือข่ายได้รับแจ้ง และรู้เมื่อเรื่องเปลี่ยนหรือถอน")
    func network() throws {
        var archive = try archive(at: .ready)
        let rung = archive.carry(at: Samples.now + .hours(33))
        #expect(rung.filter { $0.kind == .networkNotice }.map(\.to) == [.role(.network)])
        try archive.perform(.withdraw(reason: "ยกเลิก"), on: id, by: .requester, at: Samples.now + .hours(34))
        let after = archive.carry(at: Samples.now + .hours(34))
        #expect(after.filter { $0.to == .role(.network) }.map(\.kind) == [.withdrawal])
    }

    @Test("เปิดงานก่อนเวลา การเตือนที่ค้างอยู่ก็หมดความหมาย")
    func openedEarly() throws {
        var archive = try archive(at: .ready)
        _ = archive.carry(at: start - .hours(1))
        try archive.perform(.open, on: id, by: Samples.hand(.officer), at: start - .minutes(45))
        #expect(archive.carry(at: start - .minutes(30)) == [])
    }

    @Test("จบงานแล้วตั้งเวลาปิดเรื่องเอง 7 วัน")
    func lapse() throws {
        var archive = try archive(at: .toEvaluate)
        let end = Samples.letter().span.end
        _ = archive.carry(at: end)
        let due = archive.errands.filter { $0.fate == nil }.map(\.errand)
        #expect(due.map(\.kind) == [.lapse])
        #expect(due.map(\.due) == [end + .days(7)])
        let closed = try archive.perform(.lapse, on: id, by: .sanyan, at: end + .days(7))
        #expect(closed.stage == .closed)
        #expect(closed.evaluation == nil)
    }

    @Test("รายงานร่างตนเองในวันทำการแรกของเดือน เวลาเปิดทำการ")
    func draft() throws {
        let month = try #require(Month("2569-12"))
        let errand = Errand.draft(month, calendar: Samples.calendar)
        #expect(errand.due == Samples.moment(2570, 1, 4, "08:30"))
        #expect(errand.id == "report/2569-12")
        #expect(errand.to == .sanyan)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("รายการปฏิทิน: มาจากแฟ้มอย่างเดียว") struct CalendarEntryTests {
    private func entry(_ matter: Matter) throws -> CalendarEntry {
        try #require(CalendarEntry(matter, office: Samples.office, rooms: Samples.rooms))
    }

    @Test("เรื่องที่ยังไม่เคยมอบหมายไม่อยู่ในปฏิทินใด", arguments: [Stage.toRegister, .toSubmit, .toDecide, .toAssign])
    func nothing(stage: Stage) {
        #expect(CalendarEntry(Samples.matter(at: stage), office: Samples.office) == nil)
    }

    @Test("สถานที่คือห้องที่จอง ถ้าไม่รู้จักห้องก็เป็นถ้อยคำในหนังสือ")
    func place() throws {
        let matter = Samples.matter(at: .ready)
        #expect(try entry(matter).content.place == "ห้องประชุมราชพฤกษ์ อาคารสำนักคอมพิวเตอร์ ชั้น 3")
        #expect(CalendarEntry(matter, office: Samples.office)?.content.place == "ห้องประชุมราชพฤกษ์")
    }

    @Test("เตือนก่อนเวลาตามที่สำนักงานตั้ง และไม่เตือนเมื่อเรื่องจบแล้ว")
    func alarm() throws {
        #expect(try entry(Samples.matter(at: .ready)).alarmMinutes == 30)
        #expect(try entry(Samples.matter(at: .closed)).alarmMinutes == nil)
    }

    /// The acts of a matter's life, each with the errands that follow from it.
    private func errands(after act: Act, by role: Role, at stage: Stage = .ready) throws -> (Matter, [Errand]) {
        let before = Samples.matter(at: stage)
        var after = before
        let entries = try decide(
            act, in: before, by: Samples.hand(role), at: Samples.now + .hours(40),
            given: PaperArchive().circumstances(at: Samples.now))
        after.append(entries, letter: act.letter)
        let change = Desk.errands(before: before, after: after, office: Samples.office)
        return (after, change.issued.filter { $0.kind == .calendarEntry })
    }

    @Test("สิ่งที่เปลี่ยนในปฏิทินออกงานลงปฏิทินหนึ่งรายการ สิ่งที่ไม่เปลี่ยนไม่ออก")
    func issued() throws {
        var letter = Samples.letter()
        letter.title = "ชื่อใหม่"
        let changes: [(Act, Role, Stage)] = [
            (.assign(Samples.assignment), .secretariat, .toAssign),
            (.amend(letter, reason: "แก้"), .secretariat, .ready),
            (.withdraw(reason: "งด"), .requester, .ready), (.link("https://meet.example.ac.th/1"), .officer, .ready),
        ]
        for (act, role, stage) in changes {
            let (matter, errands) = try errands(after: act, by: role, at: stage)
            #expect(errands.map(\.to) == [.sanyan])
            #expect(errands.map(\.id) == ["m1/e\(matter.folder.count)/calendar"])
        }
        for (act, role, stage) in [
            (.open, .officer, .ready), (.submit, .secretariat, .toSubmit),
            (.withdraw(reason: "งด"), .requester, .toDecide),
        ] as [(Act, Role, Stage)] {
            #expect(try errands(after: act, by: role, at: stage).1 == [])
        }
    }

    @Test("เลื่อนวันแล้วไม่อนุมัติ: เลขรุ่นสูงขึ้นทุกครั้ง และรายการถูกยกเลิก")
    func declined() throws {
        var archive = PaperArchive()
        var letter = Samples.letter()
        var matter = try archive.receive(letter, at: Samples.now, id: .init(1))
        for stride in Samples.strides(to: .ready, letter: letter, received: Samples.now) {
            matter = try archive.perform(stride.act, on: matter.id, by: stride.hand, at: Samples.now + stride.after)
        }
        let first = try entry(matter)
        letter.span = Span(start: letter.span.start + .days(2), end: letter.span.end + .days(2))
        matter = try archive.perform(
            .amend(letter, reason: "เลื่อน"), on: matter.id, by: Samples.hand(.secretariat), at: Samples.now + .hours(41))
        let moved = try entry(matter)
        #expect(moved.certainty == .tentative)
        let before = matter
        matter = try archive.perform(
            .decline(.noOfficers, note: "ไม่มีคน"), on: matter.id, by: Samples.hand(.executive),
            at: Samples.now + .hours(42))
        let off = try entry(matter)
        #expect(off.isCancelled)
        #expect(first.revision < moved.revision)
        #expect(moved.revision < off.revision)
        #expect(
            Desk.errands(before: before, after: matter, office: Samples.office).issued.contains {
                $0.kind == .calendarEntry
            })
    }

    @Test("เนื้อความเดียวกันอ่านได้เท่ากัน แม้ปลายทางเปลี่ยนการขึ้นบรรทัดและช่องว่างหัวท้าย")
    func canonical() throws {
        let content = try entry(Samples.matter(at: .ready)).content
        var same = content
        same.description = " " + content.description.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
        #expect(same.canonical == content.canonical)
        #expect(same.differences(from: content) == [])
        var other = content
        other.title += "."
        other.span?.end = content.span.map { $0.end + .minutes(1) } ?? Samples.now
        #expect(other.canonical != content.canonical)
        #expect(other.differences(from: content) == [.span, .title])
        // No two contents are written alike by moving a letter from one part to the next.
        #expect(
            CalendarContent(title: "ab", place: "", description: "", span: nil).canonical
                != CalendarContent(title: "a", place: "b", description: "", span: nil).canonical)
    }

    @Test("งานเดียวกันในปฏิทินเดียวกันมีชื่อเดียวเสมอ")
    func deliveries() throws {
        let matter = Samples.matter(at: .ready)
        let errand = Errand(
            id: "m1/e5/calendar", matter: matter.id, kind: .calendarEntry, to: .sanyan, due: Samples.now)
        let deliveries = Delivery.entries(
            of: errand, matter: matter,
            to: [.init(.google, .office), .init(.google, .person(.init(5))), .init(.invitation, .person(.init(5)))])
        #expect(
            deliveries.map(\.id) == [
                "m1/e5/calendar/google/office", "m1/e5/calendar/google/p5", "m1/e5/calendar/invitation/p5",
            ])
        #expect(Set(deliveries.map(\.freight)) == [.calendarEntry])
        #expect(Set(deliveries.map(\.stale)) == [matter.letter.span.end + .days(1)])
    }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("การอนุมัติ และสิ่งที่ทำให้ต้องขออนุมัติใหม่")
struct ApprovalTests {
    static let later: [Stage] = [.toAssign, .toPrepare, .ready]

    @Test("แก้ไขเล็กน้อย การอนุมัติยังอยู่ และเรื่องอยู่ที่เดิม", arguments: later)
    func smallEdits(_ stage: Stage) throws {
        let matter = Samples.matter(at: stage)
        let edits: [@Sendable (inout Letter) -> Void] = [
            { $0.title = "ชื่อใหม่" }, { $0.remarks = "เพิ่มไมโครโฟน" }, { $0.expectedAudience = 60 },
            { $0.reference = "อว 0000/9" }, { $0.dated = nil }, { $0.unit = "คณะใหม่" }, { $0.wantsRecording = true },
        ]
        for edit in edits {
            let letter = matter.letter.with(edit)
            var after = matter
            after.append(
                try decideSample(.amend(letter, reason: "ผู้ขอแจ้ง"), in: matter, by: Samples.hand(.secretariat)).get(),
                letter: letter)
            #expect(after.stage == stage)
            #expect(after.decision == matter.decision)
            #expect(after.assignment == matter.assignment)
            #expect(after.ticks == matter.ticks)
            #expect(after.letter == letter)
            #expect(after.revision == 2)
        }
    }

    @Test("เปลี่ยนวันเวลา สถานที่ หรือประเภทบริการ ต้องขออนุมัติใหม่ และปล่อยที่จองไว้", arguments: later)
    func greatEdits(_ stage: Stage) throws {
        let matter = Samples.matter(at: stage)
        let edits: [@Sendable (inout Letter) -> Void] = [
            { $0.span.start = $0.span.start + .minutes(30) }, { $0.span.end = $0.span.end + .hours(1) },
            { $0.place = "หอประชุมใหญ่" }, { $0.service = .both },
        ]
        for edit in edits {
            let letter = matter.letter.with(edit)
            var after = matter
            after.append(
                try decideSample(.amend(letter, reason: "ผู้ขอเลื่อน"), in: matter, by: Samples.hand(.secretariat)).get(),
                letter: letter)
            #expect(after.stage == .toDecide)
            #expect(after.decision == nil)
            #expect(after.assignment == nil)
            #expect(after.bookings == [])
            #expect(after.checklist == [])
            #expect(after.networkNotice == nil)
            #expect(after.incoming == matter.incoming)
            #expect(after.sequence > matter.sequence)
        }
    }

    @Test("แก้ไขก่อนอนุมัติ เรื่องไม่ย้ายที่", arguments: [Stage.toSubmit, .toDecide])
    func beforeApproval(_ stage: Stage) throws {
        let matter = Samples.matter(at: stage)
        let letter = matter.letter.with { $0.place = "หอประชุมใหญ่" }
        let entries = try decideSample(
            .amend(letter, reason: "ย้ายห้อง"), in: matter, by: Samples.hand(.secretariat)
        ).get()
        #expect(entries.map(\.stage) == [stage])
    }

    @Test("เปลี่ยนประเภทบริการแล้ว รายการตรวจเป็นของประเภทใหม่")
    func changedServiceChangesTheChecklist() throws {
        var matter = Samples.matter(at: .toPrepare)
        let letter = matter.letter.with { $0.service = .broadcast }
        matter.append(
            try decideSample(.amend(letter, reason: "ขอถ่ายทอดสดแทน"), in: matter, by: Samples.hand(.secretariat)).get(),
            letter: letter)
        #expect(matter.service == .broadcast)
        matter.append(try decideSample(.approve(note: ""), in: matter, by: Samples.hand(.executive)).get())
        matter.append(try decideSample(.assign(Samples.assignment), in: matter, by: Samples.hand(.secretariat)).get())
        #expect(matter.checklist == Samples.office.broadcastChecklist)
        let read = Matter(id: matter.id, letters: [Samples.letter(), letter], folder: matter.folder)
        #expect(read == matter)
    }

    @Test("ขอทั้งสองบริการ ได้รายการตรวจทั้งสอง ไม่ซ้ำกัน")
    func bothServices() {
        let ids = Samples.office.checklist(for: .both).map(\.id)
        #expect(
            ids == [
                "computer", "camera", "sound", "uplink", "meeting-test", "power", "switcher", "broadcast-test",
                "recording",
            ])
    }

    @Test("ไม่อนุมัติ เรื่องกลับหน่วยงานพร้อมเหตุผลและเลขส่ง")
    func declined() throws {
        let matter = Samples.matter(at: .returned)
        #expect(matter.decision?.isApproval == false)
        #expect(matter.decision?.reason == .noOfficers)
        #expect(matter.decision?.note == "เจ้าหน้าที่ติดภารกิจทุกคนในวันดังกล่าว")
        #expect(matter.outgoing == [RegisterNumber(number: 1, buddhistYear: 2569)])
    }
}

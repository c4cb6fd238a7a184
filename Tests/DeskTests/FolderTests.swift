// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("แฟ้ม: มีแต่เพิ่ม และอ่านได้เสมอ")
struct FolderTests {
    @Test("อ่านแฟ้มซ้ำได้เรื่องเดิมทุกประการ", arguments: Stage.allCases.filter { $0 != .letterAwaited })
    func readingAgainGivesTheSame(_ stage: Stage) {
        let matter = Samples.matter(at: stage)
        #expect(Matter(id: matter.id, letters: [matter.letter], folder: matter.folder) == matter)
    }

    @Test("แฟ้มที่เขียนตามระเบียบเก่า ยังอ่านว่าเรื่องอยู่ที่ใดตามที่บันทึกไว้")
    func foldersOfOldRules() throws {
        let letter = Samples.letter()
        // Once, an approval led straight to preparation; no move says so any more.
        let old = [
            Entry(
                number: 1, fact: .received(revision: 1, documents: [], via: .counter, keyingSeconds: 90),
                role: .secretariat, person: Samples.somsri.id, at: Samples.now, stage: .toDecide),
            Entry(
                number: 2, fact: .approved, role: .executive, person: Samples.wichai.id, at: Samples.now + .hours(1),
                stage: .toPrepare),
        ]
        let matter = try #require(Matter(id: Matter.ID(1), letters: [letter], folder: old))
        #expect(matter.stage == .toPrepare)
        #expect(matter.intake == .counter)
        #expect(matter.incoming == nil)
        #expect(matter.checklist == [])
        #expect(matter.decision?.isApproval == true)
        #expect(matter.stageSince == Samples.now + .hours(1))
    }

    @Test("ไม่มีหนังสือ ไม่มีเรื่อง")
    func noLetterNoMatter() { #expect(Matter(id: Matter.ID(1), letters: [], folder: []) == nil) }

    @Test("แฟ้มเก็บฉบับแก้ไขทุกฉบับ และอ่านฉบับล่าสุด")
    func revisions() throws {
        var archive = PaperArchive()
        let first = Samples.letter()
        let id = try archive.receive(first, at: Samples.now).id
        try archive.perform(
            .returnForCompletion(missing: [.contact], note: ""), on: id, by: Samples.hand(.secretariat),
            at: Samples.now + .minutes(4))
        let second = first.with(remarks: "ผู้ประสานงาน: งานสารบรรณ")
        let matter = try archive.perform(
            .complete(second, documents: [Document.ID(4)]), on: id, by: .requester, at: Samples.now + .hours(1))
        #expect(matter.letter == second)
        #expect(matter.revision == 2)
        #expect(matter.documents == [Document.ID(4)])
        #expect(matter.missing == [])
        #expect(archive.letters[id] == [first, second])
        #expect(Matter(id: id, letters: [first, second], folder: matter.folder) == matter)
    }

    @Test("เลขรับและเลขส่งเรียงไม่ขาด และเริ่มหนึ่งใหม่ทุกปี พ.ศ.")
    func registers() throws {
        var archive = PaperArchive()
        let secretariat = Samples.hand(.secretariat)
        let moments = [
            Samples.moment(2569, 12, 30, "10:00"), Samples.moment(2569, 12, 31, "23:59"),
            Samples.moment(2570, 1, 1, "00:00"), Samples.moment(2570, 1, 4, "09:00"),
        ]
        for moment in moments {
            let matter = try archive.receive(Samples.letter(at: moment, inDays: 30), at: moment)
            try archive.perform(
                .register(Samples.classification, papers: Samples.allPapers), on: matter.id, by: secretariat, at: moment
            )
        }
        #expect(archive.incoming.map(\.description) == ["1/2569", "2/2569", "1/2570", "2/2570"])
        #expect(archive.incoming == archive.incoming.sorted())
    }

    @Test("เลขที่ยกเลิกแล้วไม่ถูกใช้ซ้ำ")
    func voidedNumbersStay() throws {
        var archive = PaperArchive()
        let secretariat = Samples.hand(.secretariat)
        for _ in 1...2 {
            let matter = try archive.receive(Samples.letter(), at: Samples.now)
            try archive.perform(
                .register(Samples.classification, papers: Samples.allPapers), on: matter.id, by: secretariat,
                at: Samples.now)
            try archive.perform(.void(reason: "ลงรับซ้ำ"), on: matter.id, by: secretariat, at: Samples.now)
        }
        #expect(archive.incoming.map(\.number) == [1, 2])
        #expect(archive.matters.values.map(\.stage) == [.voided, .voided])
    }
}

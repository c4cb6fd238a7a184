// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("รายงานผลการปฏิบัติงานประจำเดือน")
struct MonthlyReportTests {
    private let month = Month(of: Samples.letter().span.start)

    private func report(_ matters: [Matter]) -> MonthlyReport {
        MonthlyReport(month, of: matters, reckoner: Samples.reckoner, at: Samples.now + .days(30))
    }

    @Test("เดือนที่ไม่มีเรื่อง: ทุกตัวเลขเป็นศูนย์ ไม่มีค่าเฉลี่ย")
    func empty() {
        let empty = report([])
        #expect(empty.matters == [])
        #expect(empty.servedMinutes == 0)
        #expect(empty.audience == 0)
        #expect(empty.satisfaction == nil)
        #expect(empty.compliance == [])
        #expect(empty.loads == [])
    }

    @Test("นับเรื่องตามเดือนของวันงาน ไม่ใช่วันที่หนังสือมา")
    func belongsToTheMonthOfTheOccasion() {
        let inside = Samples.matter(at: .closed, id: Matter.ID(1))
        let outside = Samples.matter(at: .closed, id: Matter.ID(2), letter: Samples.letter(inDays: 9))
        #expect(report([outside, inside]).matters == [Matter.ID(1)])
    }

    @Test("นับผลแต่ละขั้น เวลาที่ให้บริการ ผู้ชม เหตุขัดข้อง และความพึงพอใจ")
    func arithmetic() {
        let stages: [Stage] = [.closed, .toEvaluate, .returned, .withdrawn]
        let matters = stages.enumerated().map { Samples.matter(at: $1, id: Matter.ID(Int64($0 + 1))) }
        let drawn = report(matters)
        #expect(drawn.matters.count == 4)
        #expect(drawn.served == [Matter.ID(1), Matter.ID(2)])
        #expect(
            Dictionary(uniqueKeysWithValues: drawn.byOutcome.map { ($0.label, $0.count) }) == [
                .stage(.closed): 1, .stage(.toEvaluate): 1, .stage(.returned): 1, .stage(.withdrawn): 1,
            ])
        #expect(drawn.byService.map(\.count) == [4, 0, 0])
        #expect(drawn.byOrigin.map(\.count) == [4, 0])
        #expect(drawn.byUnit.map(\.label) == [.unit("คณะวิทยาศาสตร์")])
        #expect(drawn.byRoom.map(\.label) == [.room(Samples.rooms[0].id)])
        #expect(drawn.byRoom.map(\.count) == [2])
        // From ten minutes before nine until twelve, twice.
        #expect(drawn.servedMinutes == 380)
        #expect(drawn.audience == 104)
        #expect(drawn.peakAudience == 52)
        #expect(drawn.counted == [Matter.ID(1), Matter.ID(2)])
        #expect(drawn.incidents.map(\.count) == [0, 2, 0])
        #expect(drawn.withIncidents == [Matter.ID(1), Matter.ID(2)])
        #expect(drawn.satisfaction?.overall == 5)
        #expect(drawn.satisfaction?.signal == 4)
        #expect(drawn.satisfaction?.distribution == [0, 0, 0, 0, 1])
        #expect(drawn.loads.map(\.officer) == [Samples.anan.id, Samples.kanya.id])
        #expect(drawn.loads.map(\.minutes) == [380, 380])
        #expect(drawn.overridden == [])
        #expect(drawn.byWeek.map(\.count).reduce(0, +) == 2)
    }

    @Test("การรักษากำหนดเวลา: มัธยฐาน เปอร์เซ็นไทล์ที่ 90 และเรื่องที่ช้าพร้อมเหตุผล")
    func compliance() throws {
        var archive = PaperArchive()
        let secretariat = Samples.hand(.secretariat)
        for minutes in 1...10 {
            let id = try archive.receive(Samples.letter(), at: Samples.now).id
            try archive.perform(
                .register(Samples.classification, papers: Samples.allPapers), on: id, by: secretariat,
                at: Samples.now + .minutes(minutes), lateReason: minutes > 5 ? "คิวยาว" : "")
        }
        let drawn = report(Array(archive.matters.values))
        let kept = try #require(drawn.compliance.first { $0.step == .registration })
        #expect(kept.matters.count == 10)
        #expect(kept.median == .minutes(5))
        #expect(kept.ninetieth == .minutes(9))
        #expect(kept.late.map(\.by) == (1...5).map { .minutes($0) })
        #expect(Set(kept.late.map(\.reason)) == ["คิวยาว"])
        #expect(kept.percentInTime == 50)
        #expect(kept.limit == .minutes(5))
        #expect(drawn.compliance.map(\.step) == [.registration])
    }

    @Test("แต่ละตัวเลขเปิดไปยังเรื่องที่อยู่เบื้องหลังได้ และรวมกันไม่ขาดไม่เกิน")
    func everyNumberOpens() {
        let archive = playedOnPaper(DemoOffice.script(now: Samples.now))
        let last = Month(of: Samples.now).previous
        let matters = archive.matters.values.map { $0 }
        let drawn = MonthlyReport(last, of: matters, reckoner: Samples.reckoner, at: Samples.now)
        for counts in [drawn.byService, drawn.byOrigin, drawn.byUnit, drawn.byOutcome] {
            #expect(counts.flatMap(\.matters).sorted() == drawn.matters)
        }
        #expect(drawn.byWeek.flatMap(\.matters).sorted() == drawn.served)
        #expect(drawn.served.allSatisfy { drawn.matters.contains($0) })
        #expect(drawn.loads.flatMap(\.matters).allSatisfy { drawn.served.contains($0) })
        #expect(drawn.satisfaction?.distribution.reduce(0, +) == drawn.satisfaction?.matters.count)
        // Whatever the order in which the matters come, the report is the same.
        #expect(
            drawn == MonthlyReport(last, of: matters.reversed(), reckoner: Samples.reckoner, at: Samples.now))
    }
}

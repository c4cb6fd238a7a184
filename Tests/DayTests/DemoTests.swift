// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Rehearsal
import Testing

@Suite("สำนักงานสาธิตในตู้แฟ้มจริง")
struct DemoTests {
    @Test("เปิดได้ทุกวันในสัปดาห์ ไม่มีแจ้งเตือนเก่าค้าง และรายงานเดือนก่อนร่างแล้ว", arguments: [0, 2, 5])
    func furnishes(_ offset: Int) async throws {
        let now = Samples.moment(2569, 11, 23, "03:17") + .hours(offset * 29)
        let cabinet = try SQLiteCabinet.inMemory()
        try await DemoOffice.furnish(cabinet: cabinet, passwordHash: "x", now: now)
        let counts = try await cabinet.counts()
        #expect(Set(counts.filter { $0.value > 0 }.keys) == Set(Stage.allCases).subtracting([.letterAwaited]))
        #expect(try await cabinet.dueErrands(at: now, limit: 0) == [])
        let next = try #require(try await cabinet.nextErrandDue())
        #expect(next > now)
        #expect(try await cabinet.reports().map(\.month) == [Month(of: now).previous])
        for person in try await cabinet.people() {
            let inbox = try await cabinet.inbox(of: person.id, limit: 0)
            #expect(inbox.filter(\.isLate) == [])
        }
    }
}

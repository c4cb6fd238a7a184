// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Testing

/// Sessions and keys end; a one-time key opens once.
@Suite struct KeyTests {
    @Test func `a session ends at its time`() async throws {
        let bureau = try await Bureau.inMemory()
        let until = monday + .hours(8)
        try await bureau.cabinet.openSession(hash: "h", person: bureau.secretary.id, until: until)
        #expect(try await bureau.cabinet.session(hash: "h", at: until - .seconds(1)) == bureau.secretary)
        #expect(try await bureau.cabinet.session(hash: "h", at: until) == nil)
        #expect(try await bureau.cabinet.session(hash: "other", at: monday) == nil)
        try await bureau.cabinet.closeSession(hash: "h")
        #expect(try await bureau.cabinet.session(hash: "h", at: monday) == nil)
    }

    @Test func `who has left or has a new password is signed out`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        for person in [bureau.secretary, bureau.executive] {
            try await cabinet.openSession(hash: person.username, person: person.id, until: monday + .days(1))
        }
        var gone = bureau.secretary
        gone.isActive = false
        _ = try await cabinet.save(gone, passwordHash: nil, by: nil, at: monday)
        #expect(try await cabinet.session(hash: "mali", at: monday) == nil)
        _ = try await cabinet.save(bureau.executive, passwordHash: nil, by: nil, at: monday)
        #expect(try await cabinet.session(hash: "singha", at: monday) == bureau.executive)
        _ = try await cabinet.save(bureau.executive, passwordHash: "new", by: nil, at: monday)
        #expect(try await cabinet.session(hash: "singha", at: monday) == nil)
        #expect(try await cabinet.credential(username: "singha")?.passwordHash == "new")
        #expect(try await cabinet.credential(username: "mali")?.person == gone)
        #expect(try await cabinet.credential(username: "nobody") == nil)
    }

    @Test func `the twenty-first session of a person closes the one that ends first`() async throws {
        let bureau = try await Bureau.inMemory()
        for index in 1...21 {
            try await bureau.cabinet.openSession(
                hash: "h\(index)", person: bureau.network.id, until: monday + .hours(index))
        }
        #expect(try await bureau.cabinet.session(hash: "h1", at: monday) == nil)
        #expect(try await bureau.cabinet.session(hash: "h2", at: monday) == bureau.network)
        #expect(try await bureau.cabinet.session(hash: "h21", at: monday) == bureau.network)
    }

    @Test func `a one-time key opens once, in time, for its purpose`() async throws {
        let cabinet = try SQLiteCabinet.inMemory()
        let until = monday + .days(1)
        try await cabinet.keep(key: "k", purpose: "welcome", person: nil, until: until)
        let record = KeyRecord(person: nil, until: until, isSpent: false)
        #expect(try await cabinet.key(hash: "k", purpose: "welcome", at: monday) == record)
        #expect(try await cabinet.key(hash: "k", purpose: "feed", at: monday) == nil)
        #expect(try await cabinet.key(hash: "k", purpose: "welcome", at: until) == nil)
        #expect(try await cabinet.spend(key: "k", purpose: "welcome", at: until) == false)
        #expect(try await cabinet.spend(key: "k", purpose: "welcome", at: monday))
        #expect(try await cabinet.spend(key: "k", purpose: "welcome", at: monday) == false)
        try await cabinet.keep(key: "k", purpose: "welcome", person: nil, until: until)
        #expect(try await cabinet.key(hash: "k", purpose: "welcome", at: monday)?.isSpent == true)
    }

    @Test func `keys are taken back by purpose and holder`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        try await cabinet.keep(key: "a", purpose: "feed", person: bureau.secretary.id, until: nil)
        try await cabinet.keep(key: "b", purpose: "feed", person: bureau.executive.id, until: nil)
        try await cabinet.keep(key: "c", purpose: "feed", person: nil, until: nil)
        try await cabinet.revokeKeys(purpose: "feed", person: bureau.secretary.id)
        try await cabinet.revokeKeys(purpose: "feed", person: nil)
        var left: [String] = []
        for key in ["a", "b", "c"] where try await cabinet.key(hash: key, purpose: "feed", at: monday) != nil {
            left.append(key)
        }
        #expect(left == ["b"])
    }

    @Test func `the roster comes back as saved, and its changes are on record`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let people = [bureau.secretary, bureau.executive] + bureau.officers + [bureau.network]
        #expect(try await cabinet.people() == people)
        #expect(try await cabinet.rooms() == bureau.rooms)
        let day = try #require(Day(iso: "2026-12-10"))
        let holiday = Holiday(day: day, name: "วันรัฐธรรมนูญ", kind: .law, source: "ประกาศสำนักนายกรัฐมนตรี")
        let administrator = try await cabinet.save(
            Person(id: Person.ID(0), username: "dulae", name: "นายดูแล ทั่วถึง", roles: [.administrator]),
            passwordHash: "hash", by: nil, at: monday)
        await #expect(throws: Refusal.administratorsOnly) {
            try await cabinet.save(holiday, by: bureau.secretary.id, at: monday)
        }
        await #expect(throws: Refusal.administratorsOnly) {
            try await cabinet.save(bureau.rooms[0], by: Person.ID(999), at: monday)
        }
        await #expect(throws: Refusal.administratorsOnly) {
            try await cabinet.save(bureau.officers[0], passwordHash: "stolen", by: Person.ID(999), at: monday)
        }
        try await cabinet.save(holiday, by: administrator.id, at: monday)
        #expect(try await cabinet.holidays() == [holiday])
        try await cabinet.removeHoliday(on: day, by: administrator.id, at: monday)
        try await cabinet.removeHoliday(on: day, by: administrator.id, at: monday)
        #expect(try await cabinet.holidays() == [])
        var office = try await cabinet.office()
        #expect(office == .unnamed)
        office.limits = [.decision: OfficeLimit(.hours(8), counting: .working)]
        try await cabinet.save(office, by: nil, at: monday)
        #expect(try await cabinet.office() == office)
        let changes = try await cabinet.rosterChanges(limit: 3)
        #expect(changes.map(\.what) == ["office", "holiday", "holiday"])
        #expect(changes.map(\.by) == [nil, administrator.id, administrator.id])
        let twin = Person(id: Person.ID(0), username: "mali", name: "นางสาวมะลิ คนที่สอง", roles: [.network])
        await #expect(throws: Mishap.self) { try await cabinet.save(twin, passwordHash: nil, by: nil, at: monday) }
    }

    @Test func `reports come back, the newest first`() async throws {
        let cabinet = try SQLiteCabinet.inMemory()
        var first = ReportRecord(month: Month(of: monday), draftedAt: monday)
        let second = ReportRecord(month: Month(of: monday).next, draftedAt: monday)
        try await cabinet.save(first)
        try await cabinet.save(second)
        first.presentedAt = monday + .days(1)
        first.presentedBy = Person.ID(3)
        first.remarks = "เดือนนี้งานมาก"
        try await cabinet.save(first)
        #expect(try await cabinet.reports() == [second, first])
    }
}

// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Testing

/// A thousand hands at once, on a real file.
@Suite struct RaceTests {
    @Test func `a thousand letters registered at once get the numbers 1 to 1000`() async throws {
        let folder = try Folder()
        let bureau = try await Bureau(try SQLiteCabinet.open(at: folder.path, errandsChanged: {}))
        let outcome = await atOnce(1000) { index in
            let matter = try await bureau.receive(letter("เรื่องที่ \(index)"))
            return try await bureau.act(registration, matter.id)
        }
        #expect(outcome.others == [])
        #expect(outcome.refusals == [])
        #expect(outcome.answers.compactMap(\.incoming?.number).sorted() == Array(1...1000))
        #expect(Set(outcome.answers.compactMap(\.incoming?.buddhistYear)) == [2569])
        let lines = try await bureau.cabinet.register(.incoming, year: 2569, text: "", limit: 0, offset: 0)
        #expect(lines.map(\.number.number) == (1...1000).reversed())
    }

    @Test func `the new year in Bangkok begins a new register`() async throws {
        let bureau = try await Bureau.inMemory()
        let newYear = try #require(Day(iso: "2027-01-01")).start
        var numbers: [String] = []
        for moment in [newYear - .days(1), newYear - .minutes(1), newYear, newYear + .minutes(1)] {
            let matter = try await bureau.receive(letter(inDays: 60), at: moment)
            numbers.append(try await bureau.act(registration, matter.id, at: moment).incoming?.description ?? "-")
        }
        #expect(numbers == ["1/2569", "2/2569", "1/2570", "2/2570"])
        #expect(try await bureau.cabinet.registerYears(.incoming) == [2570, 2569])
    }

    @Test func `of a thousand simultaneous approvals exactly one wins`() async throws {
        let folder = try Folder()
        let bureau = try await Bureau(try SQLiteCabinet.open(at: folder.path, errandsChanged: {}))
        let matter = try await bureau.matter(at: .toDecide)
        let outcome = await atOnce(1000) { _ in
            try await bureau.act(.approve(note: ""), matter.id, seen: matter.folder.count)
        }
        #expect(outcome.answers.count == 1)
        #expect(outcome.others == [])
        let told = Refusal.stalePage(stage: .toAssign, by: bureau.executive.id)
        #expect(outcome.refusals == Array(repeating: told, count: 999))
        let after = try #require(try await bureau.cabinet.matter(matter.id))
        #expect(after.folder.filter { $0.fact == .approved }.count == 1)
    }

    @Test func `of a thousand matters assigned to one room at one time exactly one gets it`() async throws {
        let folder = try Folder()
        let bureau = try await Bureau(try SQLiteCabinet.open(at: folder.path, errandsChanged: {}))
        var ids: [Matter.ID] = []
        for index in 0..<1000 { ids.append(try await bureau.matter(at: .toAssign, letter("เรื่องที่ \(index)")).id) }
        let room = Assignment(
            officers: [bureau.officers[1].id], rooms: [bureau.rooms[0].id], setUpMinutes: 15, tearDownMinutes: 15)
        let matters = ids
        let outcome = await atOnce(1000) { index in try await bureau.act(.assign(room), matters[index]) }
        #expect(outcome.others == [])
        let winner = try #require(outcome.answers.first)
        #expect(outcome.answers.count == 1)
        #expect(outcome.refusals == Array(repeating: .doubleBooked(winner.bookings), count: 999))
        let span = Span(start: monday, end: monday + .days(30))
        #expect(Set(try await bureau.cabinet.bookings(during: span, but: nil)) == Set(winner.bookings))
        // The refused ones are as they were: nothing of the act is left.
        #expect(try await bureau.cabinet.counts() == [.toAssign: 999, .toPrepare: 1])
    }
}

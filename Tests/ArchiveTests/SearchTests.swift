// SPDX-License-Identifier: Apache-2.0
import Desk
import Testing

@testable import Archive

/// What a list finds, and what a register shows.
@Suite struct SearchTests {
    @Test(arguments: [
        ("น้ำ", "น\u{0E49}\u{0E4D}\u{0E32}"), ("น้ำ", "น\u{0E4D}\u{0E49}\u{0E32}"), ("ที่", "ท\u{0E48}\u{0E35}"),
        ("แผน", "\u{0E40}\u{0E40}ผน"), ("ปี ๒๕๖๙", "ปี 2569"), ("Zoom", "ZOOM"), ("ประ\u{200B}ชุม", "ประชุม"),
        ("ก\u{00A0} ข", "ก ข"),
    ])
    func `what looks alike is alike`(_ one: String, _ other: String) {
        #expect(SearchText.folded(one) == SearchText.folded(other))
    }

    @Test func `different words stay different`() {
        #expect(SearchText.folded("นา") != SearchText.folded("น้ำ"))
        #expect(SearchText.folded("ข้าว") != SearchText.folded("ขาว"))
    }

    @Test func `a list is filtered, ordered and cut`() async throws {
        let bureau = try await Bureau.inMemory()
        var water = letter("ประชุมบริหารจัดการน้ำ", inDays: 9)
        water.unit = "คณะเกษตร"
        let first = try await bureau.matter(at: .toPrepare, water)
        let second = try await bureau.matter(
            at: .toDecide, letter("ปฐมนิเทศ 100% นักศึกษา", inDays: 3), now: monday + .minutes(1))
        let third = try await bureau.receive(letter("งาน_ขีดล่าง", inDays: 5), at: monday + .minutes(2))
        func found(_ change: (inout MatterFilter) -> Void) async throws -> [Matter] {
            var filter = MatterFilter()
            change(&filter)
            return try await bureau.cabinet.matters(filter)
        }
        #expect(try await found { _ in } == [third, second, first])
        #expect(try await found { $0.order = .oldestFirst } == [first, second, third])
        #expect(try await found { $0.order = .occasion } == [second, third, first])
        #expect(
            try await found {
                $0.limit = 1; $0.offset = 1
            } == [second])
        #expect(try await found { $0.stages = [.toDecide, .toPrepare] } == [second, first])
        #expect(try await found { $0.services = [.broadcast, .both] } == [])
        #expect(try await found { $0.officer = bureau.officers[0].id } == [first])
        #expect(try await found { $0.officer = bureau.officers[1].id } == [])
        #expect(try await found { $0.ids = [first.id, third.id] } == [third, first])
        let day = Span(start: monday + .days(5), end: monday + .days(9))
        #expect(try await found { $0.startsIn = day } == [third])
        #expect(
            try await found { $0.during = Span(start: day.start + .hours(1), end: day.end + .hours(1)) } == [
                third, first,
            ])
        #expect(try await found { $0.text = "น\u{0E49}\u{0E4D}\u{0E32} เกษตร" } == [first])
        #expect(try await found { $0.text = "2/2569" } == [second])
        #expect(try await found { $0.text = "๑/๒๕๖๙" } == [first])
        #expect(try await found { $0.text = "%" } == [second])
        #expect(try await found { $0.text = "_" } == [third])
        #expect(try await found { $0.text = "'; DROP TABLE matter; --" } == [])
    }

    @Test func `a register shows its official columns and its voided lines`() async throws {
        let bureau = try await Bureau.inMemory()
        var office = Office.unnamed
        office.outgoingPrefix = "อว 0605"
        try await bureau.cabinet.save(office, by: nil, at: monday)
        let first = try await bureau.matter(at: .toSubmit, letter("เรื่องแรก"))
        try await bureau.act(.void(reason: "ลงรับซ้ำ"), first.id)
        let second = try await bureau.matter(at: .toReturn, letter("เรื่องที่สอง"))
        try await bureau.act(.sendBack, second.id)
        let incoming = try await bureau.cabinet.register(.incoming, year: 2569, text: "", limit: 0, offset: 0)
        func line(_ number: Int, _ matter: Matter, _ title: String, _ stage: Stage, voided: String?) -> RegisterLine {
            RegisterLine(
                number: RegisterNumber(number: number, buddhistYear: 2569), matter: matter.id, at: monday,
                reference: "อว 0605.2/123", dated: Day(of: monday), from: "คณะวิทยาศาสตร์", to: office.thaiName,
                title: title, stage: stage, urgency: .normal, secrecy: .open, voidedBecause: voided)
        }
        let lines = [
            line(2, second, "เรื่องที่สอง", .returned, voided: nil), line(1, first, "เรื่องแรก", .voided, voided: "ลงรับซ้ำ"),
        ]
        #expect(incoming == lines)
        #expect(
            try await bureau.cabinet.register(.incoming, year: 2569, text: "แรก", limit: 5, offset: 0) == [lines[1]])
        #expect(try await bureau.cabinet.register(.incoming, year: 2568, text: "", limit: 0, offset: 0) == [])
        let outgoing = try await bureau.cabinet.register(.outgoing, year: 2569, text: "", limit: 0, offset: 0)
        var back = line(1, second, "เรื่องที่สอง", .returned, voided: nil)
        (back.reference, back.from, back.to) = ("อว 0605/1", office.thaiName, "คณะวิทยาศาสตร์")
        #expect(outgoing == [back])
        #expect(try await bureau.cabinet.registerYears(.outgoing) == [2569])
    }
}

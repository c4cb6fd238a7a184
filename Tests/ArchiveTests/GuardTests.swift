// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB
import Testing

@testable import Archive

/// What the database itself refuses, whoever writes to it.
@Suite struct GuardTests {
    struct Attempt: Sendable, CustomTestStringConvertible {
        var sql: String
        var answer: String
        var testDescription: String { sql }
    }

    static let attempts = [
        Attempt(sql: "UPDATE entry SET stage = 'closed'", answer: "an entry is never changed"),
        Attempt(sql: "DELETE FROM entry WHERE number = 2", answer: "an entry is never deleted"),
        Attempt(
            sql: "INSERT INTO entry VALUES (1, 99, '{}', 'officer', NULL, 0, 'closed')",
            answer: "entries are numbered without a gap"),
        Attempt(
            sql: "INSERT OR REPLACE INTO entry VALUES (1, 1, '{}', 'officer', NULL, 0, 'closed')",
            answer: "entries are numbered without a gap"),
        Attempt(sql: "UPDATE letter SET json = '{}'", answer: "a revision is never changed"),
        Attempt(sql: "DELETE FROM letter", answer: "a revision is never deleted"),
        Attempt(
            sql: "INSERT OR REPLACE INTO letter VALUES (1, 1, '{}')", answer: "revisions are numbered without a gap"),
        Attempt(
            sql: "UPDATE register_number SET number = 7", answer: "a register line is never changed, but voided once"),
        Attempt(
            sql: "UPDATE register_number SET voided_at = 1, voided_because = 'x', matter = 2 WHERE matter = 1",
            answer: "a register line is never changed, but voided once"),
        Attempt(
            sql: "UPDATE register_number SET voided_because = 'ใหม่' WHERE matter = 2",
            answer: "a register line is never changed, but voided once"),
        Attempt(sql: "DELETE FROM register_number", answer: "a register line is never deleted"),
        Attempt(
            sql: "INSERT INTO register_number VALUES ('incoming', 2569, 9, 1, 2, 1795399200000, NULL, NULL)",
            answer: "register numbers run without a gap"),
        Attempt(
            sql: "INSERT OR REPLACE INTO register_number VALUES ('incoming', 2569, 1, 1, 2, 1795399200000, NULL, NULL)",
            answer: "register numbers run without a gap"),
        Attempt(
            sql: "INSERT INTO register_number VALUES ('incoming', 2570, 1, 1, 2, 1795399200000, NULL, NULL)",
            answer: "the register has another year on that day"),
        Attempt(
            sql: "INSERT INTO booking SELECT kind, resource, starts + 60000, ends + 60000, 2 FROM booking LIMIT 1",
            answer: "double booked"),
        Attempt(sql: "UPDATE booking SET starts = 0", answer: "a booking is taken anew, never moved"),
        Attempt(
            sql: "UPDATE errand SET fate = '{}', fate_at = 1 WHERE fate IS NOT NULL", answer: "an errand ends once"),
    ]

    @Test(arguments: attempts) func `raw statements are refused`(_ attempt: Attempt) async throws {
        let bureau = try await Bureau.inMemory()
        let first = try await bureau.matter(at: .toPrepare)
        let second = try await bureau.matter(at: .toSubmit)
        try await bureau.act(.void(reason: "ลงรับซ้ำ"), second.id)
        let error = await #expect(throws: DatabaseError.self) {
            try await bureau.cabinet.writer.write { db in try db.execute(sql: attempt.sql) }
        }
        #expect(error?.message == attempt.answer)
        #expect(try await bureau.cabinet.matter(first.id) == first)
    }

    @Test func `the same hour next door and the same room later are free`() async throws {
        let bureau = try await Bureau.inMemory()
        let first = try await bureau.matter(at: .toPrepare)
        let held = bureau.assignment.held(around: first.letter.span)
        func taken(_ kind: String, _ resource: Int64, _ span: Span) async throws {
            try await bureau.cabinet.writer.write { db in
                try db.execute(
                    sql: "INSERT INTO booking VALUES (?, ?, ?, ?, ?)",
                    arguments: [kind, resource, span.start.milliseconds, span.end.milliseconds, first.id.number + 1])
            }
        }
        let other = try await bureau.receive()
        #expect(other.id.number == first.id.number + 1)
        try await taken("room", bureau.rooms[1].id.number, held)
        try await taken("room", bureau.rooms[0].id.number, Span(start: held.end, end: held.end + .hours(1)))
        try await taken("room", bureau.rooms[0].id.number, Span(start: held.start - .hours(1), end: held.start))
        await #expect(throws: DatabaseError.self) {
            try await taken("room", bureau.rooms[0].id.number, Span(start: held.end - .seconds(1), end: held.end))
        }
    }

    @Test func `what has returned is on the disk`() async throws {
        let folder = try Folder()
        let cabinet = try SQLiteCabinet.open(at: folder.path, errandsChanged: {})
        let settings = try await cabinet.writer.writeWithoutTransaction { db in
            try ["journal_mode", "synchronous", "foreign_keys"].map { try String.fetchOne(db, sql: "PRAGMA \($0)") }
        }
        #expect(settings == ["wal", "2", "1"])
    }

    @Test func `an archive of a newer program is left alone`() async throws {
        let folder = try Folder()
        let cabinet = try SQLiteCabinet.open(at: folder.path, errandsChanged: {})
        try await cabinet.writer.write { db in try db.execute(sql: "PRAGMA user_version = 99") }
        try cabinet.close()
        #expect(throws: Mishap.self) { try SQLiteCabinet.open(at: folder.path, errandsChanged: {}) }
        #expect(throws: Mishap.self) { try SQLiteCabinet.migrate(folder.path) }
        #expect(SQLiteCabinet.verify(folder.path) == ["the archive is of version 99; this program reads 9"])
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB

extension SQLiteCabinet {
    /// Lines of a register, the highest number first; `text` is looked for as in `MatterFilter.text`; 0 is no limit.
    public func register(_ register: Register, year: Int, text: String, limit: Int, offset: Int) async throws
        -> [RegisterLine]
    {
        try await read("read a register") { db in
            let words = SearchText.words(text)
            var arguments: StatementArguments = [register.rawValue, year]
            for word in words { arguments += [word] }
            arguments += [limit > 0 ? limit : -1, max(0, offset)]
            let office = try Self.office(db)
            return try Row.all(
                db,
                sql: """
                    SELECT line.number, line.at, line.voided_because, matter.*
                    FROM register_number AS line JOIN matter ON matter.id = line.matter
                    WHERE line.register = ? AND line.year = ?
                        \(words.map { _ in "AND instr(search, ?) > 0" }.joined(separator: " "))
                    ORDER BY line.number DESC LIMIT ? OFFSET ?
                    """, arguments: arguments
            ).map { try Self.line($0, register, year, office) }
        }
    }

    public func registerYears(_ register: Register) async throws -> [Int] {
        try await read("read a register's years") { db in
            try Int.all(
                db, sql: "SELECT DISTINCT year FROM register_number WHERE register = ? ORDER BY year DESC",
                arguments: [register.rawValue])
        }
    }

    private static func line(_ row: Row, _ register: Register, _ year: Int, _ office: Office) throws -> RegisterLine {
        let number = RegisterNumber(number: row["number"], buddhistYear: year)
        let unit: String = row["unit"]
        let isIncoming = register == .incoming
        let dated = (row["dated"] as String?).flatMap { Day(iso: $0) }
        return RegisterLine(
            number: number, matter: row.id("id"), at: row.moment("at"),
            reference: isIncoming ? row["reference"] : "\(office.outgoingPrefix)/\(number.number)",
            dated: isIncoming ? dated : Day(of: row.moment("at")), from: isIncoming ? unit : office.thaiName,
            to: isIncoming ? office.thaiName : unit, title: row["title"], stage: try row.code("stage"),
            urgency: try row.code("urgency"), secrecy: try row.code("secrecy"), voidedBecause: row["voided_because"])
    }

    // MARK: Numbers

    static func nextNumber(_ register: Register, at now: Moment, _ db: Database) throws -> RegisterNumber {
        let year = Day(of: now).buddhistYear
        let number = try Int.one(
            db, sql: "SELECT coalesce(max(number), 0) + 1 FROM register_number WHERE register = ? AND year = ?",
            arguments: [register.rawValue, year])
        return RegisterNumber(number: number ?? 1, buddhistYear: year)
    }

    static func enter(
        _ number: RegisterNumber, in register: Register, _ entry: Entry, of id: Matter.ID, _ db: Database
    ) throws {
        try db.run(
            sql: "INSERT INTO register_number (register, year, number, matter, entry, at) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                register.rawValue, number.buddhistYear, number.number, id.number, entry.number, entry.at.milliseconds,
            ])
    }

    static func void(_ number: RegisterNumber, because reason: String, at now: Moment, _ db: Database) throws {
        try db.run(
            sql: """
                UPDATE register_number SET voided_at = ?, voided_because = ?
                WHERE register = 'incoming' AND year = ? AND number = ?
                """, arguments: [now.milliseconds, reason, number.buddhistYear, number.number])
    }
}

// MARK: Bookings

extension SQLiteCabinet {
    public func bookings(during span: Span, but id: Matter.ID?) async throws -> [Booking] {
        try await read("read the bookings") { db in
            try Row.all(
                db,
                sql: """
                    SELECT * FROM booking WHERE starts < ? AND ends > ? AND matter IS NOT ?
                    ORDER BY starts, kind, resource, matter
                    """, arguments: [span.end.milliseconds, span.start.milliseconds, id?.number]
            ).map { try Self.booking($0) }
        }
    }

    /// Takes what a matter holds of the calendar anew.
    ///
    /// - Throws: `Refusal.doubleBooked` with the bookings of others that are in the way, as the database itself says.
    static func book(_ bookings: [Booking], for id: Matter.ID, _ db: Database) throws {
        try db.run(sql: "DELETE FROM booking WHERE matter = ?", arguments: [id.number])
        do {
            for booking in bookings {
                let (kind, resource) = booking.resource.column
                try db.run(
                    sql: "INSERT INTO booking (kind, resource, starts, ends, matter) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        kind, resource, booking.span.start.milliseconds, booking.span.end.milliseconds, id.number,
                    ])
            }
        } catch let error as DatabaseError where error.message == "double booked" {
            throw Refusal.doubleBooked(try bookings.flatMap { try others(in: $0, db) })
        }
    }

    private static func others(in wanted: Booking, _ db: Database) throws -> [Booking] {
        let (kind, resource) = wanted.resource.column
        return try Row.all(
            db,
            sql: """
                SELECT * FROM booking
                WHERE kind = ? AND resource = ? AND matter <> ? AND starts < ? AND ends > ? ORDER BY starts
                """,
            arguments: [
                kind, resource, wanted.matter.number, wanted.span.end.milliseconds, wanted.span.start.milliseconds,
            ]
        ).map { try booking($0) }
    }

    static func booking(_ row: Row) throws -> Booking {
        let kind: String = row["kind"]
        return Booking(
            resource: kind == "room" ? .room(row.id("resource")) : .officer(row.id("resource")),
            span: Span(start: row.moment("starts"), end: row.moment("ends")), matter: row.id("matter"))
    }
}

extension Booking.Resource {
    var column: (kind: String, resource: Int64) {
        switch self {
        case .officer(let id): ("officer", id.number)
        case .room(let id): ("room", id.number)
        }
    }
}

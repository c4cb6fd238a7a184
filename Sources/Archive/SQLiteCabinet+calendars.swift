// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

extension Sealed {
    static let calendar = "calendar outside"
    static let theirs = "content of a calendar outside"
}

extension SQLiteCabinet {
    public func calendarCopies(of id: Matter.ID) async throws -> [CalendarCopy] {
        try await read("read a matter's copies in calendars") { [box] db in
            try Row.all(
                db, sql: "SELECT * FROM calendar_copy WHERE matter = ? ORDER BY way, recipient", arguments: [id.number]
            ).map { try Self.copy($0, box) }
        }
    }

    public func calendarCopies(by way: Way, endingAfter moment: Moment) async throws -> [CalendarCopy] {
        try await read("read the copies in calendars") { [box] db in
            try Row.all(
                db,
                sql: """
                    SELECT calendar_copy.* FROM calendar_copy JOIN matter ON matter.id = calendar_copy.matter
                    WHERE way = ? AND ends_at > ? ORDER BY matter, recipient
                    """, arguments: [way.rawValue, moment.milliseconds]
            ).map { try Self.copy($0, box) }
        }
    }

    public func keep(_ copy: CalendarCopy) async throws {
        try await write("remember a copy in a calendar") { [box] db in
            try Self.store(copy, box, db)
            try Self.pass(copy, at: copy.putAt, db)
        }
    }

    public func agree(_ copy: CalendarCopy, on etag: String, at now: Moment) async throws {
        try await write("agree on a copy in a calendar") { db in
            // Put anew meanwhile: what was compared is no longer what is known.
            guard try Self.isStill(copy.matter, copy.way, copy.to, of: copy.etag, db) else { return }
            if etag != copy.etag {
                try db.run(
                    sql: "UPDATE calendar_copy SET etag = ? WHERE matter = ? AND way = ? AND recipient = ?",
                    arguments: [etag, copy.matter.number, copy.way.rawValue, try JSON.text(copy.to)])
            }
            try Self.pass(copy, at: now, db)
        }
    }

    public func calendarHealth() async throws -> [CalendarHealth] {
        try await read("read how the calendars are doing") { [box] db in
            try Row.all(db, sql: "SELECT * FROM calendar_health ORDER BY way, recipient").map {
                try Self.health($0, box)
            }
        }
    }

    public func note(
        _ news: CalendarNews, of calendar: String, _ way: Way, _ to: Delivery.Recipient, at now: Moment
    ) async throws {
        try await write("note how a calendar is doing") { [box] db in
            let recipient = try JSON.text(to)
            let row = try Row.one(
                db, sql: "SELECT * FROM calendar_health WHERE way = ? AND recipient = ?",
                arguments: [way.rawValue, recipient])
            let known = try row.map { try Self.health($0, box) }
            // Trouble on the way to a calendar knows no name: it is of the one that was known.
            let name = calendar.isEmpty ? known?.calendar ?? "" : calendar
            let before =
                known.flatMap { $0.calendar == name ? $0 : nil }
                ?? CalendarHealth(way: way, to: to, calendar: name)
            let health = before.after(news, at: now)
            try db.run(
                sql: """
                    INSERT INTO calendar_health
                        (way, recipient, calendar, token, taken_at, looked_at, trouble, trouble_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (way, recipient) DO UPDATE SET calendar = excluded.calendar, token = excluded.token,
                        taken_at = excluded.taken_at, looked_at = excluded.looked_at, trouble = excluded.trouble,
                        trouble_at = excluded.trouble_at
                    """,
                arguments: [
                    way.rawValue, recipient, box.put(name, for: Sealed.calendar), health.token,
                    health.takenAt?.milliseconds, health.lookedAt?.milliseconds, try health.trouble.map(JSON.text),
                    health.troubleAt?.milliseconds,
                ])
        }
    }
}

// MARK: Drifts

extension SQLiteCabinet {
    public func note(_ drift: Drift, over etag: String) async throws -> Bool {
        let noted = try await write("note a drift") { [box] db in
            guard try Self.isStill(drift.matter, drift.way, drift.to, of: etag, db) else { return false }
            let arguments: StatementArguments = [
                drift.theirs == nil ? "" : box.put(try JSON.text(drift.theirs), for: Sealed.theirs), drift.etag,
                drift.digest, drift.matter.number, drift.way.rawValue, try JSON.text(drift.to),
            ]
            try db.run(
                sql: """
                    UPDATE drift SET theirs = ?, etag = ?, digest = ?
                    WHERE matter = ? AND way = ? AND recipient = ? AND fate IS NULL
                    """, arguments: arguments)
            if db.changesCount > 0 { return true }
            try db.run(
                sql: """
                    INSERT INTO drift (theirs, etag, digest, matter, way, recipient, noticed_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """, arguments: arguments + [drift.noticedAt.milliseconds])
            try Self.store(
                Errand(
                    id: "drift/\(db.lastInsertedRowID)", matter: drift.matter, kind: .drift, to: .role(.secretariat),
                    due: drift.noticedAt), db)
            return true
        }
        if noted { errandsChanged() }
        return noted
    }

    public func openDrifts(limit: Int) async throws -> [Drift] {
        try await read("read what drifts") { [box] db in
            try Row.all(
                db, sql: "SELECT * FROM drift WHERE fate IS NULL ORDER BY noticed_at, id LIMIT ?",
                arguments: [limit > 0 ? limit : -1]
            ).map { try Self.drift($0, box) }
        }
    }

    public func drifts(of id: Matter.ID) async throws -> [Drift] {
        try await read("read a matter's drifts") { [box] db in
            try Row.all(
                db, sql: "SELECT * FROM drift WHERE matter = ? ORDER BY noticed_at, id", arguments: [id.number]
            ).map { try Self.drift($0, box) }
        }
    }

    public func drift(_ id: Drift.ID) async throws -> Drift? {
        try await read("read a drift") { [box] db in
            try Row.one(db, sql: "SELECT * FROM drift WHERE id = ?", arguments: [id.number])
                .map { try Self.drift($0, box) }
        }
    }

    public func resolve(_ id: Drift.ID, _ fate: Drift.Fate, by: Person.ID?, at now: Moment) async throws -> Bool {
        let judged = try await write("judge a drift") { [box] db in
            guard let row = try Row.one(db, sql: "SELECT * FROM drift WHERE id = ?", arguments: [id.number]) else {
                return false
            }
            let drift = try Self.drift(row, box)
            guard drift.fate == nil else { return false }
            try db.run(
                sql: "UPDATE drift SET fate = ?, judged_at = ?, judged_by = ? WHERE id = ?",
                arguments: [fate.rawValue, now.milliseconds, by?.number, id.number])
            try Self.settle(drift, fate, at: now, box, db)
            return true
        }
        if judged { errandsChanged() }
        return judged
    }

    /// From here on the version that stands there is known. Left, it is what we expect; put back, ours goes over it.
    private static func settle(
        _ drift: Drift, _ fate: Drift.Fate, at now: Moment, _ box: Strongbox, _ db: Database
    ) throws {
        guard fate != .past, let matter = try load(drift.matter, db),
            let row = try Row.one(
                db, sql: "SELECT * FROM calendar_copy WHERE matter = ? AND way = ? AND recipient = ?",
                arguments: [drift.matter.number, drift.way.rawValue, try JSON.text(drift.to)])
        else { return }
        var copy = try copy(row, box)
        copy.etag = drift.etag
        copy.isLeft = fate == .left
        copy.isOut = fate == .left && drift.isDeletion
        copy.digest = fate == .left ? drift.digest : ""
        copy.revision = matter.sequence
        try store(copy, box, db)
        if fate == .putBack {
            try store(
                Delivery(
                    id: "drift/\(drift.id)/\(drift.way)/\(drift.to.mark)", way: drift.way, freight: .calendarEntry,
                    to: drift.to, matter: drift.matter, due: now, stale: max(matter.letter.span.end, now) + .days(1)),
                db)
        }
    }

    /// A drift that waited is no more: ours was put, or it was put right there.
    private static func pass(_ copy: CalendarCopy, at now: Moment, _ db: Database) throws {
        try db.run(
            sql: """
                UPDATE drift SET fate = 'past', judged_at = ? WHERE matter = ? AND way = ? AND recipient = ? AND fate IS NULL
                """,
            arguments: [now.milliseconds, copy.matter.number, copy.way.rawValue, try JSON.text(copy.to)])
    }
}

// MARK: Reading and writing

extension SQLiteCabinet {
    private static func isStill(
        _ matter: Matter.ID, _ way: Way, _ to: Delivery.Recipient, of etag: String, _ db: Database
    ) throws -> Bool {
        try Int.one(
            db,
            sql:
                "SELECT 1 FROM calendar_copy WHERE matter = ? AND way = ? AND recipient = ? AND etag = ? AND is_out = 0",
            arguments: [matter.number, way.rawValue, try JSON.text(to), etag]) != nil
    }

    private static func store(_ copy: CalendarCopy, _ box: Strongbox, _ db: Database) throws {
        try db.run(
            sql: """
                INSERT INTO calendar_copy
                    (matter, way, recipient, calendar, event, etag, revision, digest, put_at, is_out, is_left)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (matter, way, recipient) DO UPDATE SET calendar = excluded.calendar, event = excluded.event,
                    etag = excluded.etag, revision = excluded.revision, digest = excluded.digest,
                    put_at = excluded.put_at, is_out = excluded.is_out, is_left = excluded.is_left
                """,
            arguments: [
                copy.matter.number, copy.way.rawValue, try JSON.text(copy.to),
                box.put(copy.calendar, for: Sealed.calendar),
                copy.event, copy.etag, copy.revision, copy.digest, copy.putAt.milliseconds, copy.isOut, copy.isLeft,
            ])
    }

    private static func copy(_ row: Row, _ box: Strongbox) throws -> CalendarCopy {
        CalendarCopy(
            matter: row.id("matter"), way: try row.code("way"),
            to: try JSON.value(Delivery.Recipient.self, row["recipient"]),
            calendar: box.take(row["calendar"], for: Sealed.calendar) ?? "", event: row["event"], etag: row["etag"],
            revision: row["revision"], digest: row["digest"], putAt: row.moment("put_at"), isOut: row["is_out"],
            isLeft: row["is_left"])
    }

    private static func drift(_ row: Row, _ box: Strongbox) throws -> Drift {
        let sealed: String = row["theirs"]
        let fate = try (row["fate"] as String?).map { _ -> Drift.Fate in try row.code("fate") }
        // What was sealed under a lost key is still known to be a change, not what it was.
        let theirs =
            sealed.isEmpty
            ? nil
            : try box.take(sealed, for: Sealed.theirs).map { try JSON.value(CalendarContent.self, $0) }
                ?? CalendarContent(title: "", place: "", description: "", span: nil)
        return Drift(
            id: row.id("id"), matter: row.id("matter"), way: try row.code("way"),
            to: try JSON.value(Delivery.Recipient.self, row["recipient"]), noticedAt: row.moment("noticed_at"),
            theirs: theirs, etag: row["etag"], digest: row["digest"], fate: fate,
            judgedAt: row.momentIfAny("judged_at"), judgedBy: row.idIfAny("judged_by"))
    }

    private static func health(_ row: Row, _ box: Strongbox) throws -> CalendarHealth {
        CalendarHealth(
            way: try row.code("way"), to: try JSON.value(Delivery.Recipient.self, row["recipient"]),
            calendar: box.take(row["calendar"], for: Sealed.calendar) ?? "", token: row["token"],
            takenAt: row.momentIfAny("taken_at"), lookedAt: row.momentIfAny("looked_at"),
            trouble: try (row["trouble"] as String?).map { try JSON.value(Trouble.self, $0) },
            troubleAt: row.momentIfAny("trouble_at"))
    }
}

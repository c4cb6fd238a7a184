// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB

extension SQLiteCabinet {
    public func dueErrands(at now: Moment, limit: Int) async throws -> [Errand] {
        try await read("look for errands that are due") { db in
            try Row.all(
                db, sql: "SELECT * FROM errand WHERE fate IS NULL AND due <= ? ORDER BY due, id LIMIT ?",
                arguments: [now.milliseconds, limit > 0 ? limit : -1]
            ).map { try Self.errand($0) }
        }
    }

    public func nextErrandDue() async throws -> Moment? {
        try await read("look for the next errand") { db in
            try Int64.one(db, sql: "SELECT min(due) FROM errand WHERE fate IS NULL")
                .map { Moment(milliseconds: $0) }
        }
    }

    /// Issues an errand; one of the same name changes nothing.
    public func issue(_ errand: Errand) async throws {
        try await write("issue an errand") { db in try Self.store(errand, db) }
        errandsChanged()
    }

    public func deliver(_ handings: [Handing], at now: Moment) async throws -> [Notice] {
        try await write("deliver errands") { db in
            let ladder = try Self.office(db).ladder
            return try handings.flatMap { handing in
                try Self.deliver(handing, at: now, ladder, db)
            }
        }
    }

    private static func deliver(
        _ handing: Handing, at now: Moment, _ ladder: Ladder, _ db: Database
    ) throws -> [Notice] {
        guard
            let row = try Row.one(
                db,
                sql: """
                    SELECT errand.*, matter.starts_at AS starts_at FROM errand
                    LEFT JOIN matter ON matter.id = errand.matter WHERE errand.id = ? AND fate IS NULL
                    """, arguments: [handing.errand])
        else { return [] }
        let errand = try errand(row)
        try end(errand.id, .carried(at: now, late: handing.isLate), db)
        var seen: Set<Person.ID> = []
        return try handing.people.filter { seen.insert($0).inserted }.map { person in
            let notice = try put(errand, before: person, at: now, late: handing.isLate, db)
            var ways = try reach(of: person, db)
            if let nudge = errand.kind.nudge, try unwantedMail(of: person, db).contains(nudge) { ways.remove(.mail) }
            let climbing = Desk.deliveries(
                for: notice, of: errand, reach: ways, occasion: row.momentIfAny("starts_at"),
                ladder: ladder, at: now)
            for delivery in climbing { try store(delivery, db) }
            return notice
        }
    }

    public func settle(_ errand: Errand.ID, _ fate: ErrandFate) async throws {
        try await write("settle an errand") { db in try Self.end(errand, fate, db) }
    }

    public func errands(of id: Matter.ID) async throws -> [ErrandRecord] {
        try await read("read a matter's errands") { db in
            try Row.all(
                db, sql: "SELECT * FROM errand WHERE matter = ? ORDER BY due, id", arguments: [id.number]
            ).map { row in
                let fate = try (row["fate"] as String?).map { try JSON.value(ErrandFate.self, $0) }
                return ErrandRecord(errand: try Self.errand(row), fate: fate)
            }
        }
    }

    // MARK: Inboxes

    /// The newest notice first; 0 is no limit.
    public func inbox(of person: Person.ID, limit: Int) async throws -> [Notice] {
        try await read("read an inbox") { db in
            try Row.all(
                db, sql: "SELECT * FROM notice WHERE person = ? ORDER BY at DESC, id DESC LIMIT ?",
                arguments: [person.number, limit > 0 ? limit : -1]
            ).map { try Self.notice($0) }
        }
    }

    public func unacknowledged(of person: Person.ID) async throws -> Int {
        try await read("count an inbox") { db in
            try Int.one(
                db, sql: "SELECT count(*) FROM notice WHERE person = ? AND acknowledged_at IS NULL",
                arguments: [person.number]) ?? 0
        }
    }

    public func acknowledge(_ notice: Notice.ID, by person: Person.ID, at now: Moment) async throws -> Bool {
        try await write("acknowledge a notice") { db in try Self.acknowledge(notice, by: person, at: now, db) }
    }

    static func acknowledge(_ notice: Notice.ID, by person: Person.ID, at now: Moment, _ db: Database) throws -> Bool {
        try db.run(
            sql: """
                UPDATE notice SET acknowledged_at = coalesce(acknowledged_at, ?) WHERE id = ? AND person = ?
                """, arguments: [now.milliseconds, notice.number, person.number])
        guard db.changesCount == 1 else { return false }
        try stopClimbing(notice, at: now, db)
        return true
    }

    public func acknowledge(_ notice: Notice.ID, onBehalfBy desk: Person.ID, at now: Moment) async throws -> Bool {
        try await write("acknowledge a notice by telephone") { db in
            try db.run(
                sql: """
                    UPDATE notice SET acknowledged_at = ?, acknowledged_by = ?
                    WHERE id = ? AND acknowledged_at IS NULL
                    """, arguments: [now.milliseconds, desk.number, notice.number])
            guard db.changesCount == 1 else { return false }
            try Self.stopClimbing(notice, at: now, db)
            return true
        }
    }

    /// Somebody knows: what has not left yet stays here.
    private static func stopClimbing(_ notice: Notice.ID, at now: Moment, _ db: Database) throws {
        try db.run(
            sql:
                "UPDATE delivery SET acknowledged_at = ? WHERE notice = ? AND sent_at IS NOT NULL AND acknowledged_at IS NULL",
            arguments: [now.milliseconds, notice.number])
        try db.run(
            sql: "UPDATE delivery SET fate = 'known', fate_at = ? WHERE notice = ? AND fate IS NULL AND is_out = 0",
            arguments: [now.milliseconds, notice.number])
    }

    public func notice(_ id: Notice.ID) async throws -> Notice? {
        try await read("read a notice") { db in
            try Row.one(db, sql: "SELECT * FROM notice WHERE id = ?", arguments: [id.number])
                .map { try Self.notice($0) }
        }
    }

    public func callList(at now: Moment) async throws -> [Notice] {
        try await read("read the call list") { db in
            try Row.all(
                db,
                sql: """
                    SELECT notice.* FROM delivery JOIN notice ON notice.id = delivery.notice
                    JOIN matter ON matter.id = notice.matter
                    WHERE delivery.way = 'callList' AND delivery.accepted_at IS NOT NULL
                    AND notice.acknowledged_at IS NULL AND matter.ends_at > ? ORDER BY matter.starts_at, notice.id
                    """, arguments: [now.milliseconds]
            ).map { try Self.notice($0) }
        }
    }

    public func notices(of id: Matter.ID) async throws -> [Notice] {
        try await read("read a matter's notices") { db in
            try Row.all(db, sql: "SELECT * FROM notice WHERE matter = ? ORDER BY at, id", arguments: [id.number])
                .map { try Self.notice($0) }
        }
    }
}

extension SQLiteCabinet {
    /// Cancels what an act made pointless, then issues what it asks for.
    static func apply(_ change: ErrandChange, to id: Matter.ID, at now: Moment, _ db: Database) throws {
        if change.cancelsReminders || change.cancelsAwaiting {
            let rows = try Row.all(
                db, sql: "SELECT * FROM errand WHERE matter = ? AND fate IS NULL", arguments: [id.number])
            for errand in try rows.map({ try Self.errand($0) }) {
                let isCancelled =
                    switch errand.kind {
                    case .reminder: change.cancelsReminders
                    case .awaiting: change.cancelsAwaiting
                    default: false
                    }
                if isCancelled { try end(errand.id, .dropped(at: now, why: .cancelled), db) }
            }
            try cancelDeliveries(of: id, at: now, db) { kind in
                switch kind {
                case .reminder, .unanswered: change.cancelsReminders
                case .awaiting: change.cancelsAwaiting
                default: false
                }
            }
        }
        for errand in change.issued { try store(errand, db) }
    }

    static func store(_ errand: Errand, _ db: Database) throws {
        try db.run(
            sql: """
                INSERT INTO errand (id, matter, kind, addressee, due, stale) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """,
            arguments: [
                errand.id, errand.matter?.number, try JSON.text(errand.kind), try JSON.text(errand.to),
                errand.due.milliseconds, errand.stale?.milliseconds,
            ])
    }

    /// An errand ends once: a second fate changes nothing.
    private static func end(_ id: Errand.ID, _ fate: ErrandFate, _ db: Database) throws {
        try db.run(
            sql: "UPDATE errand SET fate = ?, fate_at = ? WHERE id = ? AND fate IS NULL",
            arguments: [try JSON.text(fate), fate.at.milliseconds, id])
    }

    private static func put(
        _ errand: Errand, before person: Person.ID, at now: Moment, late: Bool, _ db: Database
    ) throws -> Notice {
        try db.run(
            sql: "INSERT INTO notice (errand, person, kind, matter, due, at, is_late) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                errand.id, person.number, try JSON.text(errand.kind), errand.matter?.number, errand.due.milliseconds,
                now.milliseconds, late,
            ])
        return Notice(
            id: Notice.ID(db.lastInsertedRowID), person: person, kind: errand.kind, matter: errand.matter,
            due: errand.due, at: now, isLate: late)
    }

    static func errand(_ row: Row) throws -> Errand {
        Errand(
            id: row["id"], matter: row.idIfAny("matter"), kind: try JSON.value(Errand.Kind.self, row["kind"]),
            to: try JSON.value(Errand.Addressee.self, row["addressee"]), due: row.moment("due"),
            stale: row.momentIfAny("stale"))
    }

    private static func notice(_ row: Row) throws -> Notice {
        Notice(
            id: row.id("id"), person: row.id("person"), kind: try JSON.value(Errand.Kind.self, row["kind"]),
            matter: row.idIfAny("matter"), due: row.moment("due"), at: row.moment("at"), isLate: row["is_late"],
            acknowledgedAt: row.momentIfAny("acknowledged_at"),
            acknowledgedBy: row.idIfAny("acknowledged_by"))
    }
}

extension ErrandFate {
    var at: Moment {
        switch self {
        case .carried(let at, _), .dropped(let at, _): at
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB

extension SQLiteCabinet {
    public func waitingDeliveries(at now: Moment, limits: [Way: Int]) async throws -> [Delivery] {
        try await read("look for deliveries that are due") { db in
            try limits.filter { $0.value > 0 }.flatMap { way, limit in
                try Row.all(
                    db,
                    sql: """
                        SELECT * FROM delivery WHERE way = ? AND fate IS NULL AND is_out = 0 AND next_at <= ?
                        ORDER BY next_at, id LIMIT ?
                        """, arguments: [way.rawValue, now.milliseconds, limit]
                ).map { try Self.delivery($0) }
            }.sorted { ($0.due, $0.id) < ($1.due, $1.id) }
        }
    }

    public func nextDeliveryDue(on ways: Set<Way>) async throws -> Moment? {
        try await read("look for the next delivery") { db in
            try Int64.one(
                db,
                sql: """
                    SELECT min(next_at) FROM delivery
                    WHERE fate IS NULL AND is_out = 0 AND way IN (SELECT value FROM json_each(?))
                    """, arguments: [try JSON.text(ways.map(\.rawValue))]
            ).map { Moment(milliseconds: $0) }
        }
    }

    public func takeBackDeliveries(at now: Moment) async throws {
        try await write("take deliveries back") { db in
            try db.run(
                sql: "UPDATE delivery SET is_out = 0, next_at = ? WHERE is_out = 1", arguments: [now.milliseconds])
        }
    }

    public func issue(_ deliveries: [Delivery]) async throws {
        guard !deliveries.isEmpty else { return }
        try await write("issue deliveries") { db in for delivery in deliveries { try Self.store(delivery, db) } }
        errandsChanged()
    }

    public func handOver(_ ids: [Delivery.ID], at now: Moment) async throws -> [Delivery] {
        try await write("hand deliveries over") { db in
            try ids.compactMap { id in
                guard
                    let row = try Row.one(
                        db,
                        sql: """
                            SELECT delivery.*, notice.acknowledged_at AS known_at FROM delivery
                            LEFT JOIN notice ON notice.id = delivery.notice
                            WHERE delivery.id = ? AND fate IS NULL AND is_out = 0
                            """, arguments: [id])
                else { return nil }
                var delivery = try Self.delivery(row)
                if row.momentIfAny("known_at") != nil {
                    try Self.end(id, .known, at: now, db)
                    return nil
                }
                if let stale = delivery.stale, stale <= now {
                    try Self.end(id, .stale, at: now, db)
                    return nil
                }
                delivery.tries += 1
                delivery.sentAt = delivery.sentAt ?? now
                try db.run(
                    sql: "UPDATE delivery SET is_out = 1, tries = ?, sent_at = ? WHERE id = ?",
                    arguments: [delivery.tries, delivery.sentAt?.milliseconds, id])
                return delivery
            }
        }
    }

    public func note(_ results: [DeliveryResult]) async throws {
        try await write("note what became of deliveries") { db in
            for result in results { try Self.note(result, db) }
        }
    }

    private static func note(_ result: DeliveryResult, _ db: Database) throws {
        // Cancelled while it was with its carrier: what the carrier says is of no account but for the times.
        guard let row = try Row.one(db, sql: "SELECT * FROM delivery WHERE id = ?", arguments: [result.id])
        else { return }
        let delivery = try Self.delivery(row)
        let now = result.at.milliseconds
        func stay(_ trouble: Trouble, until again: Moment?) throws {
            try db.run(
                sql: "UPDATE delivery SET is_out = 0, next_at = ?, trouble = ? WHERE id = ?",
                arguments: [(again ?? result.at).milliseconds, try JSON.text(trouble), result.id])
            if again == nil, delivery.fate == nil { try end(result.id, .refused, at: result.at, db) }
            if trouble.kind.isOfTheWay { try blame(delivery.way, trouble, at: result.at, db) }
        }
        switch result.carriage {
        case .accepted(let reference):
            try db.run(
                sql: """
                    UPDATE delivery SET is_out = 0, accepted_at = ?, reference = ?, trouble = NULL WHERE id = ?
                    """, arguments: [now, reference, result.id])
            let late = result.at - delivery.due > .minutes(1)
            if delivery.fate == nil { try end(result.id, late ? .acceptedLate : .accepted, at: result.at, db) }
            try db.run(
                sql: """
                    INSERT INTO way (way, accepted_at) VALUES (?, ?)
                    ON CONFLICT (way) DO UPDATE SET accepted_at = excluded.accepted_at, trouble = NULL, trouble_at = NULL
                    """, arguments: [delivery.way.rawValue, now])
        case .later(let trouble, _): try stay(trouble, until: result.again)
        case .never(let trouble): try stay(trouble, until: nil)
        }
    }

    private static func blame(_ way: Way, _ trouble: Trouble, at now: Moment, _ db: Database) throws {
        try db.run(
            sql: """
                INSERT INTO way (way, trouble, trouble_at) VALUES (?, ?, ?)
                ON CONFLICT (way) DO UPDATE SET trouble = excluded.trouble, trouble_at = excluded.trouble_at
                """, arguments: [way.rawValue, try JSON.text(trouble), now.milliseconds])
    }

    public func shown(_ notice: Notice.ID, by way: Way, at now: Moment) async throws {
        try await write("note that a notice was shown") { db in
            try db.run(
                sql: "UPDATE delivery SET shown_at = coalesce(shown_at, ?) WHERE notice = ? AND way = ?",
                arguments: [now.milliseconds, notice.number, way.rawValue])
        }
    }

    public func retry(_ id: Delivery.ID, at now: Moment) async throws {
        try await write("try a delivery again") { db in
            try db.run(
                sql: """
                    UPDATE delivery SET fate = NULL, fate_at = NULL, next_at = ?, stale = NULL
                    WHERE id = ? AND fate = 'refused'
                    """, arguments: [now.milliseconds, id])
        }
        errandsChanged()
    }

    // MARK: Reading

    public func delivery(_ id: Delivery.ID) async throws -> Delivery? {
        try await read("read a delivery") { db in
            try Row.one(db, sql: "SELECT * FROM delivery WHERE id = ?", arguments: [id]).map { try Self.delivery($0) }
        }
    }

    public func deliveries(of id: Matter.ID) async throws -> [Delivery] {
        try await read("read a matter's deliveries") { db in
            try Row.all(
                db, sql: "SELECT * FROM delivery WHERE matter = ? ORDER BY due, id", arguments: [id.number]
            ).map { try Self.delivery($0) }
        }
    }

    public func deliveries(of notice: Notice.ID) async throws -> [Delivery] {
        try await read("read a notice's deliveries") { db in
            try Row.all(
                db, sql: "SELECT * FROM delivery WHERE notice = ? ORDER BY due, id", arguments: [notice.number]
            ).map { try Self.delivery($0) }
        }
    }

    public func unfinishedDeliveries(refusedSince: Moment, limit: Int) async throws -> [Delivery] {
        try await read("read the board of deliveries") { db in
            try Row.all(
                db,
                sql: """
                    SELECT * FROM delivery WHERE fate IS NULL AND (tries > 0 OR is_out = 1)
                    UNION ALL SELECT * FROM delivery WHERE fate = 'refused' AND fate_at >= ?
                    UNION ALL SELECT * FROM (SELECT * FROM delivery WHERE fate IS NULL AND tries = 0 AND is_out = 0
                        ORDER BY next_at LIMIT ?)
                    ORDER BY due, id LIMIT ?
                    """, arguments: [refusedSince.milliseconds, limit, limit]
            ).map { try Self.delivery($0) }
        }
    }

    static func delivery(_ row: Row) throws -> Delivery {
        Delivery(
            id: row["id"], way: try row.code("way"), freight: try JSON.value(Delivery.Freight.self, row["freight"]),
            to: try JSON.value(Delivery.Recipient.self, row["recipient"]), matter: row.idIfAny("matter"),
            due: row.moment("due"), stale: row.momentIfAny("stale"), tries: row["tries"],
            sentAt: row.momentIfAny("sent_at"), acceptedAt: row.momentIfAny("accepted_at"),
            shownAt: row.momentIfAny("shown_at"), acknowledgedAt: row.momentIfAny("acknowledged_at"),
            reference: row["reference"],
            trouble: try (row["trouble"] as String?).map { try JSON.value(Trouble.self, $0) },
            fate: try (row["fate"] as String?).map { try Self.fate($0) })
    }

    private static func fate(_ word: String) throws -> DeliveryFate {
        guard let fate = DeliveryFate(rawValue: word) else { throw Mishap(doing: "read a delivery's fate `\(word)`") }
        return fate
    }

    // MARK: Writing

    static func store(_ delivery: Delivery, _ db: Database) throws {
        var notice: Int64?
        if case .notice(let id) = delivery.freight { notice = id.number }
        try db.run(
            sql: """
                INSERT INTO delivery (id, way, freight, recipient, notice, matter, due, next_at, stale)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                """,
            arguments: [
                delivery.id, delivery.way.rawValue, try JSON.text(delivery.freight), try JSON.text(delivery.to), notice,
                delivery.matter?.number, delivery.due.milliseconds, delivery.due.milliseconds,
                delivery.stale?.milliseconds,
            ])
    }

    static func end(_ id: Delivery.ID, _ fate: DeliveryFate, at now: Moment, _ db: Database) throws {
        try db.run(
            sql: "UPDATE delivery SET fate = ?, fate_at = ?, is_out = 0 WHERE id = ? AND fate IS NULL",
            arguments: [fate.rawValue, now.milliseconds, id])
    }

    /// What a matter's waiting notices would still send out is called off.
    static func cancelDeliveries(
        of id: Matter.ID, at now: Moment, _ db: Database, where isCancelled: (Errand.Kind) -> Bool
    ) throws {
        let rows = try Row.all(
            db,
            sql: """
                SELECT delivery.id AS id, notice.kind AS kind FROM delivery JOIN notice ON notice.id = delivery.notice
                WHERE delivery.matter = ? AND fate IS NULL
                """, arguments: [id.number])
        for row in rows where isCancelled(try JSON.value(Errand.Kind.self, row["kind"])) {
            try end(row["id"], .cancelled, at: now, db)
        }
    }
}

extension Trouble.Kind {
    /// Says something about the way itself, not about one recipient.
    var isOfTheWay: Bool {
        switch self {
        case .notSetUp, .unreachable, .timedOut, .wrongCredentials, .notAllowed, .quotaUsed, .busy, .nonsense,
            .ourFault:
            true
        case .noReach, .unsafeAddress, .tooLarge, .gone, .rejected, .changedThere: false
        }
    }
}

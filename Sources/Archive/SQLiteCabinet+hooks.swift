// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

extension Sealed {
    static func hook(_ id: Int64) -> String { "hook \(id)" }
}

/// What of a hook is sealed.
private struct SealedHook: Codable {
    var address: String
    var secret: String
    var oldSecret: Hook.OldSecret?
}

extension SQLiteCabinet {
    public func hooks() async throws -> [Hook] {
        try await read("read the hooks") { [box] db in
            try Row.all(db, sql: "SELECT * FROM hook ORDER BY id").map { try Self.hook($0, box) }
        }
    }

    public func hook(_ id: Int64) async throws -> Hook? {
        try await read("read a hook") { [box] db in try Self.hook(id, box, db) }
    }

    public func save(_ hook: Hook, by: Person.ID?, at now: Moment) async throws -> Hook {
        let saved = try await write("save a hook") { [box] db in
            try Self.checkAdministrator(by, db)
            var saved = hook
            if saved.id == 0 {
                guard try Int.one(db, sql: "SELECT count(*) FROM hook") ?? 0 < Hook.limit else {
                    throw Mishap(doing: "make more hooks than \(Hook.limit)")
                }
                try db.run(sql: "INSERT INTO hook (name, sealed, is_on, stays_inside) VALUES ('', '', 0, 0)")
                saved.id = db.lastInsertedRowID
            }
            try Self.store(saved, box, db)
            if !saved.isOn { try Self.callOff(hook: saved.id, at: now, db) }
            try Self.note(.init(at: now, by: by, what: "hook", subject: saved.name), db)
            return saved
        }
        errandsChanged()
        return saved
    }

    public func removeHook(_ id: Int64, by: Person.ID?, at now: Moment) async throws {
        try await write("remove a hook") { [box] db in
            try Self.checkAdministrator(by, db)
            guard let hook = try Self.hook(id, box, db) else { return }
            try db.run(sql: "DELETE FROM hook WHERE id = ?", arguments: [id])
            try Self.callOff(hook: id, at: now, db)
            try Self.note(.init(at: now, by: by, what: "hookRemoved", subject: hook.name), db)
        }
    }

    public func note(hook id: Int64, _ carriage: Carriage, at now: Moment) async throws {
        try await write("note what became of a hook's request") { [box] db in
            guard var hook = try Self.hook(id, box, db) else { return }
            let isGivenUp = hook.note(carriage, at: now)
            try db.run(
                sql: """
                    UPDATE hook SET is_on = ?, accepted_at = ?, failing_since = ?, trouble = ?, stopped_at = ?
                    WHERE id = ?
                    """,
                arguments: [
                    hook.isOn, hook.acceptedAt?.milliseconds, hook.failingSince?.milliseconds,
                    try hook.trouble.map { try JSON.text($0) }, hook.stoppedAt?.milliseconds, id,
                ])
            guard isGivenUp else { return }
            try Self.callOff(hook: id, at: now, db)
            try Self.note(.init(at: now, by: nil, what: "hookStopped", subject: hook.name), db)
        }
    }
}

extension SQLiteCabinet {
    /// One delivery to every hook that is on, for every new entry.
    static func tellHooks(of entries: [Entry], in id: Matter.ID, at now: Moment, _ db: Database) throws {
        for hook in try Int64.all(db, sql: "SELECT id FROM hook WHERE is_on = 1 ORDER BY id") {
            for entry in entries {
                try store(
                    Delivery(
                        id: "hook/\(hook)/m\(id)/e\(entry.number)", way: .webhook, freight: .entry(entry.number),
                        to: .hook(hook), matter: id, due: now, stale: now + Hook.patience), db)
            }
        }
    }

    /// What waits for a hook that is there no more is called off.
    private static func callOff(hook id: Int64, at now: Moment, _ db: Database) throws {
        let rows = try String.all(
            db, sql: "SELECT id FROM delivery WHERE way = 'webhook' AND recipient = ? AND fate IS NULL",
            arguments: [try JSON.text(Delivery.Recipient.hook(id))])
        for delivery in rows { try end(delivery, .cancelled, at: now, db) }
    }

    private static func store(_ hook: Hook, _ box: Strongbox, _ db: Database) throws {
        let sealed = SealedHook(address: hook.address, secret: hook.secret, oldSecret: hook.oldSecret)
        try db.run(
            sql: """
                UPDATE hook SET name = ?, sealed = ?, is_on = ?, stays_inside = ?, accepted_at = ?, failing_since = ?,
                    trouble = ?, stopped_at = ? WHERE id = ?
                """,
            arguments: [
                hook.name, box.put(try JSON.text(sealed), for: Sealed.hook(hook.id)), hook.isOn, hook.mayStayInside,
                hook.acceptedAt?.milliseconds, hook.failingSince?.milliseconds,
                try hook.trouble.map { try JSON.text($0) }, hook.stoppedAt?.milliseconds, hook.id,
            ])
    }

    private static func hook(_ id: Int64, _ box: Strongbox, _ db: Database) throws -> Hook? {
        try Row.one(db, sql: "SELECT * FROM hook WHERE id = ?", arguments: [id]).map { try Self.hook($0, box) }
    }

    /// Sealed under a lost key, a hook has neither address nor secret: it has to be set up again.
    private static func hook(_ row: Row, _ box: Strongbox) throws -> Hook {
        let id: Int64 = row["id"]
        let sealed = try box.take(row["sealed"], for: Sealed.hook(id)).map { try JSON.value(SealedHook.self, $0) }
        return Hook(
            id: id, name: row["name"], address: sealed?.address ?? "", secret: sealed?.secret ?? "",
            oldSecret: sealed?.oldSecret, isOn: row["is_on"], mayStayInside: row["stays_inside"],
            acceptedAt: row.momentIfAny("accepted_at"), failingSince: row.momentIfAny("failing_since"),
            trouble: try (row["trouble"] as String?).map { try JSON.value(Trouble.self, $0) },
            stoppedAt: row.momentIfAny("stopped_at"))
    }
}

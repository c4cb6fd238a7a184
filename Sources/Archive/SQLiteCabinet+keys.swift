// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB

extension SQLiteCabinet {
    public func credential(username: String) async throws -> (person: Person, passwordHash: String)? {
        try await read("look up a username") { db in
            guard
                let row = try Row.one(db, sql: "SELECT * FROM person WHERE username = ?", arguments: [username])
            else { return nil }
            return (try Self.person(row), row["password_hash"])
        }
    }

    // MARK: Sessions

    /// Opens a session. A person has at most twenty; the one that ends first makes room.
    public func openSession(hash: String, person: Person.ID, until: Moment) async throws {
        try await write("open a session") { db in
            try db.run(
                sql: "INSERT INTO session (hash, person, until) VALUES (?, ?, ?)",
                arguments: [hash, person.number, until.milliseconds])
            try db.run(
                sql: """
                    DELETE FROM session WHERE hash IN (
                        SELECT hash FROM session WHERE person = ? ORDER BY until DESC, hash LIMIT -1 OFFSET 20)
                    """, arguments: [person.number])
        }
    }

    /// Whose session it is; nil when it is over or the person has left.
    public func session(hash: String, at now: Moment) async throws -> Person? {
        try await read("look up a session") { db in
            try Row.one(
                db,
                sql: """
                    SELECT person.* FROM session JOIN person ON person.id = session.person
                    WHERE session.hash = ? AND session.until > ? AND person.is_active = 1
                    """, arguments: [hash, now.milliseconds]
            ).map { try Self.person($0) }
        }
    }

    public func closeSession(hash: String) async throws {
        try await write("close a session") { db in
            try db.run(sql: "DELETE FROM session WHERE hash = ?", arguments: [hash])
        }
    }

    // MARK: Keys

    /// Keeping the same key again sets its holder and its end anew, and never makes a spent key whole.
    public func keep(key hash: String, purpose: String, person: Person.ID?, until: Moment?) async throws {
        try await write("keep a key") { db in
            try db.run(
                sql: """
                    INSERT INTO key (hash, purpose, person, until) VALUES (?, ?, ?, ?)
                    ON CONFLICT (hash, purpose) DO UPDATE SET person = excluded.person, until = excluded.until
                    """, arguments: [hash, purpose, person?.number, until?.milliseconds])
        }
    }

    /// The key's particulars; nil when there is none or its time is over.
    public func key(hash: String, purpose: String, at now: Moment) async throws -> KeyRecord? {
        try await read("look up a key") { db in
            try Row.one(
                db, sql: "SELECT * FROM key WHERE hash = ? AND purpose = ? AND (until IS NULL OR until > ?)",
                arguments: [hash, purpose, now.milliseconds]
            ).map { row in
                KeyRecord(
                    person: row.idIfAny("person"), until: row.momentIfAny("until"),
                    isSpent: (row["spent_at"] as Int64?) != nil)
            }
        }
    }

    public func spend(key hash: String, purpose: String, at now: Moment) async throws -> Bool {
        try await write("spend a key") { db in
            try db.run(
                sql: """
                    UPDATE key SET spent_at = ?
                    WHERE hash = ? AND purpose = ? AND spent_at IS NULL AND (until IS NULL OR until > ?)
                    """, arguments: [now.milliseconds, hash, purpose, now.milliseconds])
            return db.changesCount == 1
        }
    }

    public func revokeKeys(purpose: String, person: Person.ID?) async throws {
        try await write("take keys back") { db in
            try db.run(
                sql: "DELETE FROM key WHERE purpose = ? AND person IS ?", arguments: [purpose, person?.number])
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

/// A passkey as it is sealed.
private struct StoredPasskey: Codable {
    var name: String
    var credential: String
    var publicKey: String
    var algorithm: Passkey.Algorithm
}

extension Sealed {
    static func passkey(_ person: Person.ID) -> String { "passkey of person \(person)" }
}

extension SQLiteCabinet {
    public func passkeys(of person: Person.ID) async throws -> [Passkey] {
        try await read("read a person's passkeys") { [box] db in
            try Row.all(db, sql: "SELECT * FROM passkey WHERE person = ? ORDER BY id", arguments: [person.number])
                .compactMap { try Self.passkey($0, box) }
        }
    }

    public func passkey(credential: [UInt8]) async throws -> Passkey? {
        try await read("look up a passkey") { [box] db in
            try Row.one(
                db, sql: "SELECT * FROM passkey WHERE mark = ?", arguments: [Self.mark(ofCredential: credential, box)]
            ).flatMap { try Self.passkey($0, box) }
        }
    }

    public func keep(_ passkey: Passkey, at now: Moment) async throws -> Passkey? {
        try await write("keep a passkey") { [box] db in
            let person = passkey.person.number
            let kept = try Int.one(db, sql: "SELECT count(*) FROM passkey WHERE person = ?", arguments: [person]) ?? 0
            guard kept < Passkey.mostOfPerson else { return nil }
            let stored = StoredPasskey(
                name: passkey.name, credential: Base64URL.text(passkey.credential),
                publicKey: Base64URL.text(passkey.publicKey), algorithm: passkey.algorithm)
            try db.run(
                sql: """
                    INSERT OR IGNORE INTO passkey (person, mark, sealed, count, made_at, used_at)
                    VALUES (?, ?, ?, ?, ?, NULL)
                    """,
                arguments: [
                    person, Self.mark(ofCredential: passkey.credential, box),
                    box.put(try JSON.text(stored), for: Sealed.passkey(passkey.person)), passkey.count,
                    now.milliseconds,
                ])
            guard db.changesCount == 1 else { return nil }
            var saved = passkey
            (saved.id, saved.madeAt) = (Passkey.ID(db.lastInsertedRowID), now)
            try Self.notePasskey("passkeyMade", of: passkey.person, at: now, db)
            return saved
        }
    }

    public func use(_ passkey: Passkey.ID, count: Int, at now: Moment) async throws -> Bool {
        try await write("note a passkey's use") { db in
            // The same rule as `Passkey.isFollowed(by:)`, under the lock.
            try db.run(
                sql: """
                    UPDATE passkey SET count = ?, used_at = ?
                    WHERE id = ? AND (count < ? OR (count = 0 AND ? = 0))
                    """, arguments: [count, now.milliseconds, passkey.number, count, count])
            return db.changesCount == 1
        }
    }

    public func removePasskey(_ id: Passkey.ID, of person: Person.ID, at now: Moment) async throws -> Bool {
        try await write("forget a passkey") { db in
            try db.run(
                sql: "DELETE FROM passkey WHERE id = ? AND person = ?", arguments: [id.number, person.number])
            guard db.changesCount == 1 else { return false }
            try Self.notePasskey("passkeyRemoved", of: person, at: now, db)
            return true
        }
    }

    public func useOnce(_ hash: String, purpose: String, until: Moment, at now: Moment) async throws -> Bool {
        try await write("use a mark up") { db in
            try db.run(
                sql: "DELETE FROM key WHERE purpose = ? AND until <= ?", arguments: [purpose, now.milliseconds])
            try db.run(
                sql: "INSERT OR IGNORE INTO key (hash, purpose, person, until, spent_at) VALUES (?, ?, NULL, ?, ?)",
                arguments: [hash, purpose, until.milliseconds, now.milliseconds])
            return db.changesCount == 1
        }
    }

    private static func notePasskey(_ what: String, of person: Person.ID, at now: Moment, _ db: Database) throws {
        let name = try String.one(db, sql: "SELECT username FROM person WHERE id = ?", arguments: [person.number])
        try note(.init(at: now, by: person, what: what, subject: name ?? "\(person)"), db)
    }

    /// Nil for one that was sealed under a lost key: it cannot be checked any more.
    private static func passkey(_ row: Row, _ box: Strongbox) throws -> Passkey? {
        let person: Person.ID = row.id("person")
        guard let text = box.take(row["sealed"], for: Sealed.passkey(person)) else { return nil }
        let stored = try JSON.value(StoredPasskey.self, text)
        guard let credential = Base64URL.bytes(stored.credential), let key = Base64URL.bytes(stored.publicKey) else {
            throw Mishap(doing: "read a passkey")
        }
        return Passkey(
            id: row.id("id"), person: person, name: stored.name, credential: credential, publicKey: key,
            algorithm: stored.algorithm, count: row["count"], madeAt: row.moment("made_at"),
            usedAt: row.momentIfAny("used_at"))
    }

    private static func mark(ofCredential id: [UInt8], _ box: Strongbox) -> String {
        box.mark(Hex.text(id), for: "passkey")
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

extension Sealed {
    static let signIn = "settings of sign-in"
    static func account(_ person: Person.ID) -> String { "outside account of person \(person)" }
}

extension SQLiteCabinet {
    /// Settings that were sealed under a lost key are as if nobody had made them.
    public func signInSettings() async throws -> SignInSettings {
        try await read("read the settings of sign-in") { [box] db in try Self.signInSettings(box, db) }
    }

    public func save(_ settings: SignInSettings, by: Person.ID?, at now: Moment) async throws {
        try await write("settle how people sign in") { [box] db in
            try Self.checkAdministrator(by, db)
            try db.run(
                sql: "INSERT OR REPLACE INTO sign_in (one, settings) VALUES (1, ?)",
                arguments: [box.put(try JSON.text(settings), for: Sealed.signIn)])
            try Self.note(.init(at: now, by: by, what: "signIn", subject: ""), db)
        }
    }

    private static func signInSettings(_ box: Strongbox, _ db: Database) throws -> SignInSettings {
        guard let sealed = try String.one(db, sql: "SELECT settings FROM sign_in"),
            let text = box.take(sealed, for: Sealed.signIn)
        else { return SignInSettings() }
        return try JSON.value(SignInSettings.self, text)
    }

    public func entranceRoster() async throws -> EntranceRoster {
        try await read("read who may come in") { [box] db in try Self.entranceRoster(box, db) }
    }

    private static func entranceRoster(_ box: Strongbox, _ db: Database) throws -> EntranceRoster {
        let rows = try Row.all(db, sql: "SELECT * FROM person ORDER BY id")
        let withPassword = rows.filter { row in
            let hash: String = row["password_hash"]
            return !hash.isEmpty
        }
        let identities = try Row.all(db, sql: "SELECT * FROM outside_identity ORDER BY id").compactMap { row in
            let person: Person.ID = row.id("person")
            // An account that was sealed under a lost key is unknown, and is linked anew.
            return try box.take(row["account"], for: Sealed.account(person)).map { text in
                OutsideIdentity(
                    id: row.id("id"), person: person, outsider: try JSON.value(Outsider.self, text),
                    linkedAt: row.moment("linked_at"), seenAt: row.moment("seen_at"))
            }
        }
        return EntranceRoster(
            people: try rows.map { try person($0) }, withPassword: Set(withPassword.map { $0.id("id") }),
            identities: identities)
    }

    public func arrive(_ outsider: Outsider, at now: Moment) async throws -> Judgement {
        try await write("let somebody in from outside") { [box] db in
            let roster = try Self.entranceRoster(box, db)
            var judgement = Desk.judge(outsider, in: roster, by: try Self.signInSettings(box, db))
            guard let person = judgement.person, person.isActive,
                judgement.turnedAway == nil || judgement.turnedAway == .noRole
            else { return judgement }
            let saved = try Self.settle(person, in: roster, at: now, db)
            judgement.person = saved
            try Self.link(outsider, to: saved.id, at: now, box, db)
            if judgement.acquaintance != .known {
                try Self.note(.init(at: now, by: nil, what: "outsideLinked", subject: saved.username), db)
            }
            if !judgement.gained.isEmpty || !judgement.lost.isEmpty {
                try Self.note(.init(at: now, by: nil, what: "outsideRoles", subject: saved.username), db)
            }
            return judgement
        }
    }

    /// Writes the person as judged, if that changes anything; the desk is asked once more.
    private static func settle(
        _ person: Person, in roster: EntranceRoster, at now: Moment, _ db: Database
    ) throws -> Person {
        let old = roster.people.first { $0.id == person.id }
        guard old != person else { return person }
        try mayChange(old, to: person, by: nil, among: roster.people.filter { $0.id != person.id })
        return try write(person, db)
    }

    private static func link(
        _ outsider: Outsider, to person: Person.ID, at now: Moment, _ box: Strongbox, _ db: Database
    ) throws {
        let sealed = box.put(try JSON.text(outsider), for: Sealed.account(person))
        try db.run(
            sql: """
                INSERT INTO outside_identity (person, mark, account, linked_at, seen_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (mark) DO UPDATE SET person = excluded.person, account = excluded.account,
                    seen_at = excluded.seen_at
                """,
            arguments: [person.number, mark(of: outsider, box), sealed, now.milliseconds, now.milliseconds])
    }

    private static func mark(of outsider: Outsider, _ box: Strongbox) -> String {
        let parts = [outsider.source.rawValue, outsider.issuer, outsider.subject]
        return box.mark(parts.map { "\($0.utf8.count):\($0)" }.joined(), for: "outside account")
    }

    public func unlink(_ person: Person.ID, by: Person.ID?, at now: Moment) async throws {
        try await write("unlink an account") { db in
            try Self.checkAdministrator(by, db)
            try db.run(sql: "DELETE FROM outside_identity WHERE person = ?", arguments: [person.number])
            guard db.changesCount > 0 else { return }
            let name = try String.one(
                db, sql: "SELECT username FROM person WHERE id = ?", arguments: [person.number])
            try Self.note(.init(at: now, by: by, what: "outsideUnlinked", subject: name ?? "\(person)"), db)
        }
    }
}

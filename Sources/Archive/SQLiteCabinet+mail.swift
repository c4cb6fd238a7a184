// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

extension Sealed {
    static let mail = "mail that came"
}

/// What of a mail is sealed.
private struct MailWords: Codable {
    var from: String
    var fromName: String
    var subject: String
    var text: String
    var written: Moment?
    var leftOut: [String]
}

extension SQLiteCabinet {
    public func lastMail(in mailbox: String, validity: UInt32) async throws -> UInt32 {
        try await read("look for the last mail") { db in
            let last = try Int64.one(
                db, sql: "SELECT max(uid) FROM mail_in WHERE mailbox = ? AND validity = ?",
                arguments: [mailbox, Int64(validity)])
            return UInt32(clamping: last ?? 0)
        }
    }

    public func keep(_ mail: MailIn) async throws {
        try await write("keep a mail that came") { [box] db in
            var aside = mail.aside
            if aside == nil, !mail.mark.isEmpty,
                try Int.one(db, sql: "SELECT count(*) FROM mail_in WHERE mark = ?", arguments: [mail.mark]) ?? 0 > 0
            {
                aside = .duplicate
            }
            let words = MailWords(
                from: mail.from, fromName: mail.fromName, subject: mail.subject, text: mail.text,
                written: mail.written, leftOut: mail.leftOut)
            try db.run(
                sql: """
                    INSERT INTO mail_in (mailbox, validity, uid, at, mark, words, documents, aside)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mailbox, validity, uid) DO NOTHING
                    """,
                arguments: [
                    mail.place.mailbox, Int64(mail.place.validity), Int64(mail.place.uid), mail.at.milliseconds,
                    mail.mark, box.put(try JSON.text(words), for: Sealed.mail), try JSON.text(mail.documents),
                    aside?.rawValue,
                ])
        }
    }

    public func waitingMail(limit: Int) async throws -> [MailIn] {
        try await mails("WHERE aside IS NULL AND fate IS NULL ORDER BY id LIMIT ?", [limit])
    }

    public func asideMail(limit: Int) async throws -> [MailIn] {
        try await mails("WHERE aside IS NOT NULL ORDER BY id DESC LIMIT ?", [limit])
    }

    public func mail(_ id: MailIn.ID) async throws -> MailIn? {
        try await mails("WHERE id = ?", [id.number]).first
    }

    private func mails(_ condition: String, _ arguments: StatementArguments) async throws -> [MailIn] {
        try await read("read mails that came") { [box] db in
            try Row.all(db, sql: "SELECT * FROM mail_in \(condition)", arguments: arguments).map { row in
                // Words that were sealed under a lost key are lost; the mail is still in its mailbox.
                let open = box.take(row["words"], for: Sealed.mail)
                let words = try open.map { try JSON.value(MailWords.self, $0) }
                let (validity, uid): (Int64, Int64) = (row["validity"], row["uid"])
                return MailIn(
                    id: row.id("id"),
                    place: .init(
                        mailbox: row["mailbox"], validity: UInt32(clamping: validity), uid: UInt32(clamping: uid)),
                    at: row.moment("at"), written: words?.written, from: words?.from ?? "",
                    fromName: words?.fromName ?? "", subject: words?.subject ?? "", text: words?.text ?? "",
                    documents: try JSON.value([Document.ID].self, row["documents"]), leftOut: words?.leftOut ?? [],
                    mark: row["mark"], aside: (row["aside"] as String?).flatMap(MailIn.Aside.init(rawValue:)),
                    fate: (row["fate"] as String?).flatMap(MailIn.Fate.init(rawValue:)))
            }
        }
    }

    public func settle(mail id: MailIn.ID, _ fate: MailIn.Fate, by: Person.ID?, at now: Moment) async throws -> Bool {
        try await write("settle a mail that came") { db in
            try db.run(
                sql: "UPDATE mail_in SET fate = ?, fate_at = ?, fate_by = ? WHERE id = ? AND fate IS NULL",
                arguments: [fate.rawValue, now.milliseconds, by?.number, id.number])
            return db.changesCount == 1
        }
    }

    public func restore(mail id: MailIn.ID) async throws {
        try await write("let a mail wait that was set aside") { db in
            try db.run(
                sql: "UPDATE mail_in SET aside = NULL WHERE id = ? AND aside NOT IN ('tooLarge', 'unreadable')",
                arguments: [id.number])
        }
    }

    // MARK: Reports and mails that are not wanted

    public func cameBack(_ reference: String, _ trouble: Trouble, at now: Moment) async throws -> Bool {
        guard !reference.isEmpty else { return false }
        return try await write("note that a mail came back") { db in
            try db.run(
                sql: """
                    UPDATE delivery SET fate = 'refused', fate_at = ?, trouble = ?
                    WHERE reference = ? AND way IN ('mail', 'invitation') AND fate IN ('accepted', 'acceptedLate')
                    """, arguments: [now.milliseconds, try JSON.text(trouble), reference])
            return db.changesCount > 0
        }
    }

    public func unwantedMail(of person: Person.ID) async throws -> Set<Nudge> {
        try await read("read which mails a person wants") { db in try Self.unwantedMail(of: person, db) }
    }

    static func unwantedMail(of person: Person.ID, _ db: Database) throws -> Set<Nudge> {
        try Set(
            String.all(db, sql: "SELECT nudge FROM mail_off WHERE person = ?", arguments: [person.number])
                .compactMap(Nudge.init(rawValue:)))
    }

    public func setMail(_ nudge: Nudge, of person: Person.ID, isWanted: Bool, at now: Moment) async throws {
        try await write("note which mails a person wants") { db in
            if isWanted {
                try db.run(
                    sql: "DELETE FROM mail_off WHERE person = ? AND nudge = ?",
                    arguments: [person.number, nudge.rawValue])
            } else {
                try db.run(
                    sql: "INSERT INTO mail_off (person, nudge, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    arguments: [person.number, nudge.rawValue, now.milliseconds])
            }
        }
    }

    // MARK: Papers

    /// The official papers that new entries send, when mail is on.
    static func mailPapers(of entries: [Entry], in matter: Matter, _ db: Database) throws {
        guard try isMailOn(db) else { return }
        let network = try mailed(.network, db)
        let contact = try String.one(
            db, sql: "SELECT mail FROM contact WHERE matter = ?", arguments: [matter.id.number])
        for entry in entries {
            let papers = papers(
                of: entry, in: matter, hasContact: !(contact ?? "").isEmpty, network: network)
            for delivery in papers { try store(delivery, db) }
        }
    }

    static func isMailOn(_ db: Database) throws -> Bool {
        try Int.one(db, sql: "SELECT count(*) FROM way WHERE way = 'mail' AND is_on = 1") ?? 0 > 0
    }

    /// Those who hold a role, work here and have an address.
    static func mailed(_ role: Role, _ db: Database) throws -> [Person.ID] {
        try Row.all(db, sql: "SELECT * FROM person WHERE is_active = 1 AND mail <> '' ORDER BY id")
            .map { try person($0) }.filter { $0.roles.contains(role) }.map(\.id)
    }
}

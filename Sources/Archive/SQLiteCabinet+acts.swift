// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB
import Secure

/// An act with everything that comes with it.
struct Wish: Sendable {
    var act: Act
    var hand: Hand
    var at: Moment
    var contact: Contact?
    var lateReason = ""
    var once: String?
}

extension SQLiteCabinet {
    /// Decides and writes what follows, all in the transaction that is open.
    static func carryOut(_ wish: Wish, on before: Matter, box: Strongbox, _ db: Database) throws -> Matter {
        let circumstances = try circumstances(at: wish.at, db)
        let entries = try decision(wish, before, circumstances)
        var after = before
        var changes: [ErrandChange] = []
        for entry in entries {
            let previous = after
            after.append([entry], letter: wish.act.letter)
            changes.append(Desk.errands(before: previous, after: after, office: circumstances.office))
        }
        try project(after, db)
        if let letter = wish.act.letter { try store(letter, revision: after.revision, of: after.id, db) }
        for entry in entries { try store(entry, of: after.id, db) }
        try tellHooks(of: entries, in: after.id, at: wish.at, db)
        try mailPapers(of: entries, in: after, db)
        try book(after.bookings, for: after.id, db)
        if after.hasStudio { try makeBroadcast(for: after, at: wish.at, box: box, db) }
        if after.hasMeeting { try makeMeeting(for: after, at: wish.at, box: box, db) }
        if case .air(let figures) = wish.act { try forgetRunning(figures.opened, of: after.id, db) }
        if case .meet(let figures) = wish.act { try forgetRunningSitting(figures.opened, of: after.id, db) }
        if let contact = wish.contact, wish.act.letter != nil { try store(contact, of: after.id, db) }
        for change in changes { try apply(change, to: after.id, at: wish.at, db) }
        try remember(wish.once, after.id, at: wish.at, db)
        return after
    }

    /// Asks the desk, and adds to a letter's faults those of the contact that came with it.
    private static func decision(_ wish: Wish, _ before: Matter, _ circumstances: Circumstances) throws -> [Entry] {
        let contactFaults = wish.act.letter == nil ? [] : wish.contact?.faults ?? []
        let decided = Result { () throws(Refusal) in
            try decide(
                wish.act, in: before, by: wish.hand, at: wish.at, given: circumstances, lateReason: wish.lateReason)
        }
        switch decided {
        case .failure(.letterFaults(let faults)): throw Refusal.letterFaults(faults + contactFaults)
        case .failure(let refusal): throw refusal
        case .success(let entries):
            guard contactFaults.isEmpty else { throw Refusal.letterFaults(contactFaults) }
            return entries
        }
    }

    private static func circumstances(at now: Moment, _ db: Database) throws -> Circumstances {
        let office = try office(db)
        return Circumstances(
            office: office,
            calendar: WorkingCalendar(opens: office.opens, closes: office.closes, holidays: try holidays(db)),
            nextIncoming: try nextNumber(.incoming, at: now, db), nextOutgoing: try nextNumber(.outgoing, at: now, db),
            officers: try activeOfficers(db), rooms: try activeRooms(db))
    }

    // MARK: Writing

    private static func store(_ letter: Letter, revision: Int, of id: Matter.ID, _ db: Database) throws {
        try db.run(
            sql: "INSERT INTO letter (matter, revision, json) VALUES (?, ?, ?)",
            arguments: [id.number, revision, try JSON.text(letter)])
    }

    private static func store(_ entry: Entry, of id: Matter.ID, _ db: Database) throws {
        try db.run(
            sql: "INSERT INTO entry (matter, number, fact, role, person, at, stage) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                id.number, entry.number, try JSON.text(entry.fact), entry.role.rawValue, entry.person?.number,
                entry.at.milliseconds, entry.stage.rawValue,
            ])
        if !entry.note.isEmpty || !entry.lateReason.isEmpty {
            try db.run(
                sql: "INSERT INTO note (matter, number, note, late_reason) VALUES (?, ?, ?, ?)",
                arguments: [id.number, entry.number, entry.note, entry.lateReason])
        }
        if let (register, number) = entry.fact.registered { try enter(number, in: register, entry, of: id, db) }
        if case .voided(let number) = entry.fact { try void(number, because: entry.note, at: entry.at, db) }
        for document in entry.fact.documents { try attach(document, to: id, db) }
    }

    static func store(_ contact: Contact, of id: Matter.ID, _ db: Database) throws {
        try db.run(
            sql: """
                INSERT INTO contact (matter, name, phone, mail) VALUES (?, ?, ?, ?)
                ON CONFLICT (matter) DO UPDATE SET name = excluded.name, phone = excluded.phone, mail = excluded.mail
                """, arguments: [id.number, contact.name.trimmed, contact.phone.trimmed, contact.mail.trimmed])
    }

    /// Marks are kept for thirty days: no browser sends a form again after that.
    private static func remember(_ mark: String?, _ id: Matter.ID, at now: Moment, _ db: Database) throws {
        guard let mark else { return }
        let longAgo = now - .days(30)
        try db.run(sql: "DELETE FROM once WHERE at < ?", arguments: [longAgo.milliseconds])
        try db.run(
            sql: "INSERT OR IGNORE INTO once (mark, matter, at) VALUES (?, ?, ?)",
            arguments: [mark, id.number, now.milliseconds])
    }
}

extension Act {
    /// The revision of the letter that comes with the act.
    var letter: Letter? {
        switch self {
        case .receive(let letter, _, _, _), .complete(let letter, _), .amend(let letter, _): letter
        default: nil
        }
    }
}

extension Fact {
    /// The register number that the fact took.
    var registered: (Register, RegisterNumber)? {
        switch self {
        case .registered(let number, _, _): (.incoming, number)
        case .returnedForCompletion(let number, _), .sentBack(let number): (.outgoing, number)
        default: nil
        }
    }

    /// Documents that came with the fact.
    var documents: [Document.ID] {
        switch self {
        case .received(_, let documents, _, _), .completed(_, let documents): documents
        case .ticked(_, let evidence): [evidence.photo].compactMap(\.self)
        default: []
        }
    }
}

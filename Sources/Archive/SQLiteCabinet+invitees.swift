// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

extension SQLiteCabinet {
    public func invitees(of id: Matter.ID) async throws -> [Invitee] {
        try await read("read who is invited") { [box] db in try Self.invitees(of: id, box, db) }
    }

    public func invitee(_ id: Invitee.ID) async throws -> Invitee? {
        try await read("read who is invited") { [box] db in
            try Row.one(db, sql: "SELECT * FROM invitee WHERE id = ?", arguments: [id.number])
                .map { try Self.invitee($0, box) }
        }
    }

    public func invite(_ list: InviteeList, to id: Matter.ID, by hand: Hand, at now: Moment) async throws -> [Invitee] {
        try await write("invite to a meeting") { [box] db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            guard let plan = try Self.meetPlan(of: id, box, db) else { throw Refusal.noMeeting }
            let already = try Int.one(
                db, sql: "SELECT count(*) FROM invitee WHERE matter = ?", arguments: [id.number])
            try mayInvite(list, to: plan, of: matter, already: already ?? 0, by: hand, at: now)
            let invited = try list.people.map { who in
                try Self.store(
                    Invitee(matter: id, role: list.role, who: who, until: list.until, invitedAt: now),
                    by: hand.person, box, db)
            }
            try Self.note(.init(at: now, by: hand.person, what: "invited", subject: id.description), db)
            return invited
        }
    }

    public func revoke(_ invitee: Invitee.ID, of id: Matter.ID, by hand: Hand, at now: Moment) async throws {
        try await write("take a link back") { db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            try maySeeLinks(of: matter, by: hand)
            guard
                try Int.one(
                    db, sql: "SELECT 1 FROM invitee WHERE id = ? AND matter = ?",
                    arguments: [invitee.number, id.number]) != nil
            else { throw Refusal.noSuchInvitee }
            try db.run(
                sql: "UPDATE invitee SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL",
                arguments: [now.milliseconds, hand.person?.number, invitee.number])
            guard db.changesCount == 1 else { return }
            try Self.note(.init(at: now, by: hand.person, what: "linkRevoked", subject: "\(id)/\(invitee)"), db)
        }
        // The studio has to turn them away.
        errandsChanged()
    }

    public func mail(_ invitees: [Invitee.ID], of id: Matter.ID, by hand: Hand, at now: Moment) async throws -> Int {
        let sent = try await write("send links by mail") { [box] db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            try mayPrepareMeeting(of: matter, by: hand)
            // A classified matter's links do not travel by mail.
            guard try Self.isMailOn(db), !matter.isSecret else { return 0 }
            let wanted = Set(invitees)
            let people = try Self.invitees(of: id, box, db).filter { person in
                !person.mail.isEmpty && person.isGood(at: now)
                    && (wanted.isEmpty ? person.mailedAt == nil : wanted.contains(person.id))
            }
            for person in people {
                try Self.store(
                    Delivery(
                        id: "m\(id)/seat/i\(person.id)/\(now.milliseconds)", way: .mail, freight: .seat,
                        to: .invitee(person.id), matter: id, due: now, stale: min(person.until, now + .days(5))), db)
                try db.run(
                    sql: "UPDATE invitee SET mailed_at = ? WHERE id = ?",
                    arguments: [now.milliseconds, person.id.number])
            }
            if !people.isEmpty {
                try Self.note(.init(at: now, by: hand.person, what: "linksMailed", subject: id.description), db)
            }
            return people.count
        }
        if sent > 0 { errandsChanged() }
        return sent
    }

    public func noteLink(of invitee: Invitee.ID?, of id: Matter.ID, shownTo hand: Hand, at now: Moment) async throws {
        try await write("note who saw a link") { db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            if invitee == nil { try mayHost(matter, by: hand) } else { try maySeeLinks(of: matter, by: hand) }
            let subject = invitee.map { "\(id)/\($0)" } ?? id.description
            try Self.note(
                .init(at: now, by: hand.person, what: invitee == nil ? "hostLinkShown" : "linkShown", subject: subject),
                db)
        }
    }

    // MARK: Lines

    static func invitees(of id: Matter.ID, _ box: Strongbox, _ db: Database) throws -> [Invitee] {
        try Row.all(db, sql: "SELECT * FROM invitee WHERE matter = ? ORDER BY id", arguments: [id.number])
            .map { try invitee($0, box) }
    }

    @discardableResult
    static func store(_ invitee: Invitee, by person: Person.ID?, _ box: Strongbox, _ db: Database) throws -> Invitee {
        try db.run(
            sql: """
                INSERT INTO invitee (matter, role, who, until, invited_at, invited_by) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                invitee.matter.number, invitee.role.rawValue,
                box.put(try JSON.text(invitee.who), for: Sealed.invitee(invitee.matter)), invitee.until.milliseconds,
                invitee.invitedAt.milliseconds, person?.number,
            ])
        var stored = invitee
        stored.id = Invitee.ID(db.lastInsertedRowID)
        return stored
    }

    /// Whose name was sealed under a key that is lost has no link any more: it could not say who comes.
    private static func invitee(_ row: Row, _ box: Strongbox) throws -> Invitee {
        let matter: Matter.ID = row.id("matter")
        let who = try box.take(row["who"], for: Sealed.invitee(matter)).map { try JSON.value(Invitee.Who.self, $0) }
        return Invitee(
            id: row.id("id"), matter: matter, role: try row.code("role"), who: who ?? .forgotten,
            until: row.moment("until"), invitedAt: row.moment("invited_at"), revokedAt: row.momentIfAny("revoked_at"),
            mailedAt: row.momentIfAny("mailed_at"))
    }
}

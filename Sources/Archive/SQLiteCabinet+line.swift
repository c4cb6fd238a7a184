// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

extension SQLiteCabinet {
    public func take(_ event: LineEvent, at now: Moment) async throws -> LineReply? {
        let reply = try await write("take an event of LINE") { [box] db -> LineReply? in
            guard try Self.isNew(event, at: now, db) else { return nil }
            let person = try Self.person(reachedAt: event.user, db)
            let reply = try Self.answer(event, from: person, at: now, box, db)
            guard let reply, let token = event.replyToken else { return reply }
            let bound = try Self.person(reachedAt: event.user, db)
            try Self.store(
                Delivery(
                    id: "line/\(event.id)", way: .line, freight: .reply(reply, token: token),
                    to: bound.map { .person($0) } ?? .office, matter: nil, due: now, stale: now + LineEvent.replyLife),
                db)
            return reply
        }
        errandsChanged()
        return reply
    }

    public func lineAccount() async throws -> LineAccount? {
        try await read("read LINE's meter") { db in
            try String.one(db, sql: "SELECT json FROM line_account").map { try JSON.value(LineAccount.self, $0) }
        }
    }

    public func keep(_ account: LineAccount) async throws {
        try await write("keep LINE's meter") { db in
            try db.run(
                sql:
                    "INSERT INTO line_account (id, json) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json",
                arguments: [try JSON.text(account)])
        }
    }
}

extension SQLiteCabinet {
    /// Remembers an event for a week, and at most so many; false for one that was taken before.
    private static func isNew(_ event: LineEvent, at now: Moment, _ db: Database) throws -> Bool {
        try db.run(
            sql: "INSERT INTO line_event (id, at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
            arguments: [event.id, now.milliseconds])
        guard db.changesCount == 1 else { return false }
        try db.run(
            sql: "DELETE FROM line_event WHERE at < ?", arguments: [(now - LineEvent.memory).milliseconds])
        try db.run(
            sql: """
                DELETE FROM line_event WHERE id IN (SELECT id FROM line_event ORDER BY at DESC, id LIMIT -1 OFFSET ?)
                """, arguments: [LineEvent.memoryLimit])
        return true
    }

    private static func person(reachedAt user: String, _ db: Database) throws -> Person.ID? {
        try Int64.one(
            db, sql: "SELECT person FROM reach WHERE way = 'line' AND mark = ?", arguments: [mark(user, .line)]
        ).map { Person.ID($0) }
    }

    private static func answer(
        _ event: LineEvent, from person: Person.ID?, at now: Moment, _ box: Strongbox, _ db: Database
    ) throws -> LineReply? {
        switch event.what {
        case .followed: return person == nil ? .howTo : .bound
        // Who is bound and says thank you needs no answer.
        case .wrote: return person == nil ? .howTo : nil
        case .unfollowed:
            // Events may come late and out of order: one that is older than the binding says nothing about it.
            try db.run(
                sql: "DELETE FROM reach WHERE way = 'line' AND mark = ? AND since <= ?",
                arguments: [mark(event.user, .line), event.at.milliseconds])
            if db.changesCount > 0, let person {
                try note(.init(at: now, by: person, what: "lineUnbound", subject: person.description), db)
            }
            return nil
        case .code(let hash):
            guard let holder = try spend(code: hash, at: now, db) else { return .wrongCode }
            // By LINE's clock, as the events that may undo it.
            try setReach(of: holder, by: .line, to: event.user, at: event.at, box, db)
            try note(.init(at: now, by: holder, what: "lineBound", subject: holder.description), db)
            return .bound
        case .acknowledged(let notice):
            guard let person, try acknowledge(notice, by: person, at: now, db) else { return .notYours }
            return .acknowledged
        }
    }

    /// Uses a code up; whose it was, nil for one that is unknown, used or too old, or of somebody who has left.
    private static func spend(code hash: String, at now: Moment, _ db: Database) throws -> Person.ID? {
        let holder = try Int64.one(
            db,
            sql: """
                SELECT key.person FROM key JOIN person ON person.id = key.person
                WHERE hash = ? AND purpose = ? AND spent_at IS NULL AND until > ? AND person.is_active = 1
                """, arguments: [hash, LineEvent.codePurpose, now.milliseconds])
        guard let holder else { return nil }
        try db.run(
            sql: "UPDATE key SET spent_at = ? WHERE hash = ? AND purpose = ?",
            arguments: [now.milliseconds, hash, LineEvent.codePurpose])
        return Person.ID(holder)
    }
}

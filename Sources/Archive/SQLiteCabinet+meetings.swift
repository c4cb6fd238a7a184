// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

extension Sealed {
    static func passKey(_ id: Matter.ID) -> String { "pass key of matter \(id)" }
    static func invitee(_ id: Matter.ID) -> String { "invitee of matter \(id)" }
    static func sitting(_ id: Matter.ID) -> String { "sitting of matter \(id)" }
}

extension SQLiteCabinet {
    public func meetPlan(of id: Matter.ID) async throws -> MeetPlan? { try await meetPlans(of: [id]).first }

    public func meetPlan(named name: String) async throws -> MeetPlan? {
        try await meetPlans("WHERE name = ?", [name]).first
    }

    public func meetPlans(of ids: [Matter.ID]) async throws -> [MeetPlan] {
        try await meetPlans("WHERE matter IN (SELECT value FROM json_each(?)) ORDER BY matter", [try JSON.text(ids)])
    }

    public func meetPlans(endingAfter moment: Moment) async throws -> [MeetPlan] {
        try await meetPlans(
            "JOIN matter ON matter.id = meeting.matter WHERE matter.ends_at > ? ORDER BY meeting.matter",
            [moment.milliseconds])
    }

    private func meetPlans(_ condition: String, _ arguments: StatementArguments) async throws -> [MeetPlan] {
        try await read("read meetings") { [box] db in
            try Row.all(db, sql: "SELECT meeting.* FROM meeting \(condition)", arguments: arguments)
                .map { try Self.meetPlan($0, box, db) }
        }
    }

    public func save(_ settings: MeetSettings, of id: Matter.ID, by hand: Hand, at now: Moment) async throws {
        try await write("settle a meeting") { db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            try maySettle(settings, of: matter, by: hand)
            try db.run(
                sql: "UPDATE meeting SET settings = ? WHERE matter = ?",
                arguments: [try JSON.text(settings), id.number])
            try Self.note(.init(at: now, by: hand.person, what: "meeting", subject: id.description), db)
        }
        errandsChanged()
    }

    // MARK: Figures on the way

    public func keep(running figures: MeetFigures, of id: Matter.ID) async throws -> Bool {
        try await write("keep a sitting's figures") { db in
            try db.run(
                sql: """
                    UPDATE meeting SET running = ?
                    WHERE matter = ? AND (running IS NULL OR json_extract(running, '$.opened') = ?)
                    """, arguments: [try JSON.text(figures), id.number, figures.opened.milliseconds])
            return db.changesCount == 1
        }
    }

    public func runningSittings() async throws -> [Matter.ID: MeetFigures] {
        try await read("read which meetings were on") { db in
            var running: [Matter.ID: MeetFigures] = [:]
            for row in try Row.all(db, sql: "SELECT matter, running FROM meeting WHERE running IS NOT NULL") {
                running[row.id("matter")] = try JSON.value(MeetFigures.self, row["running"])
            }
            return running
        }
    }

    /// What the folder has now is no longer on the way.
    static func forgetRunningSitting(_ opened: Moment, of id: Matter.ID, _ db: Database) throws {
        try db.run(
            sql: "UPDATE meeting SET running = NULL WHERE matter = ? AND json_extract(running, '$.opened') = ?",
            arguments: [id.number, opened.milliseconds])
    }

    // MARK: Who was there

    public func keep(_ sitting: Sitting, of id: Matter.ID) async throws {
        try await write("keep who was at a meeting") { [box] db in
            let bounded = sitting.bounded
            try db.run(
                sql: """
                    INSERT INTO sitting (matter, opened, record, is_forgotten) VALUES (?, ?, ?, 0)
                    ON CONFLICT (matter, opened) DO UPDATE SET record = excluded.record WHERE is_forgotten = 0
                    """,
                arguments: [
                    id.number, sitting.opened.milliseconds, box.put(try JSON.text(bounded), for: Sealed.sitting(id)),
                ])
        }
    }

    public func sittings(of id: Matter.ID) async throws -> [Sitting] {
        try await read("read who was at a meeting") { [box] db in try Self.sittings(of: id, box, db) }
    }

    /// What was sealed under a key that is lost is lost; its numbers stand in the folder.
    private static func sittings(of id: Matter.ID, _ box: Strongbox, _ db: Database) throws -> [Sitting] {
        try Row.all(db, sql: "SELECT record FROM sitting WHERE matter = ? ORDER BY opened", arguments: [id.number])
            .compactMap { row in
                try box.take(row["record"], for: Sealed.sitting(id)).map { try JSON.value(Sitting.self, $0) }
            }
    }

    public func forgetMeeting(of id: Matter.ID, by hand: Hand, at now: Moment) async throws {
        try await write("forget who was at a meeting") { [box] db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            guard let plan = try Self.meetPlan(of: id, box, db) else { throw Refusal.noMeeting }
            try mayForgetMeeting(of: matter, settings: plan.settings, by: hand, at: now)
            try Self.forgetMeeting(of: id, by: hand, at: now, box, db)
        }
        errandsChanged()
    }

    public func forgetMeetings(at now: Moment) async throws -> [Matter.ID] {
        try await write("forget who was at meetings") { [box] db in
            let due = try Int64.all(
                db,
                sql: """
                    SELECT meeting.matter FROM meeting JOIN matter ON matter.id = meeting.matter
                    WHERE forgotten_at IS NULL
                        AND matter.ends_at + 86400000 * json_extract(settings, '$.keepsDays') <= ?
                    ORDER BY meeting.matter LIMIT 50
                    """, arguments: [now.milliseconds]
            ).map { Matter.ID($0) }
            return try due.filter { id in
                guard let matter = try Self.load(id, db), let plan = try Self.meetPlan(of: id, box, db) else {
                    return false
                }
                // What is not at its end yet waits.
                do throws(Refusal) {
                    try mayForgetMeeting(of: matter, settings: plan.settings, by: .sanyan, at: now)
                } catch { return false }
                try Self.forgetMeeting(of: id, by: .sanyan, at: now, box, db)
                return true
            }
        }
    }

    private static func forgetMeeting(
        of id: Matter.ID, by hand: Hand, at now: Moment, _ box: Strongbox, _ db: Database
    ) throws {
        try db.run(
            sql: "UPDATE meeting SET forgotten_at = ? WHERE matter = ? AND forgotten_at IS NULL",
            arguments: [now.milliseconds, id.number])
        guard db.changesCount == 1 else { return }
        let forgotten = box.put(try JSON.text(Invitee.Who.forgotten), for: Sealed.invitee(id))
        try db.run(sql: "UPDATE invitee SET who = ? WHERE matter = ?", arguments: [forgotten, id.number])
        for sitting in try sittings(of: id, box, db) {
            try db.run(
                sql: "UPDATE sitting SET record = ?, is_forgotten = 1 WHERE matter = ? AND opened = ?",
                arguments: [
                    box.put(try JSON.text(sitting.forgotten), for: Sealed.sitting(id)), id.number,
                    sitting.opened.milliseconds,
                ])
        }
        try note(.init(at: now, by: hand.person, what: "meetingForgotten", subject: id.description), db)
    }
}

// MARK: Making and reading

extension SQLiteCabinet {
    /// Makes what an approved meeting needs, once: a name, a key, what is usual, and the contact's own link.
    static func makeMeeting(for matter: Matter, at now: Moment, box: Strongbox, _ db: Database) throws {
        let id = matter.id
        guard try Int.one(db, sql: "SELECT 1 FROM meeting WHERE matter = ?", arguments: [id.number]) == nil
        else { return }
        try db.run(
            sql: "INSERT INTO meeting (matter, name, pass_key, settings) VALUES (?, ?, ?, ?)",
            arguments: [
                id.number, Token.word(letters: 10), sealedPassKey(id, box),
                try JSON.text(MeetSettings.usual(for: matter)),
            ])
        try store(
            Invitee(
                matter: id, role: .cohost, who: .contact, until: matter.letter.span.end + .days(30), invitedAt: now),
            by: nil, box, db)
    }

    private static func sealedPassKey(_ id: Matter.ID, _ box: Strongbox) -> String {
        box.put(Hex.text(Token.randomBytes(32)), for: Sealed.passKey(id))
    }

    static func meetPlan(of id: Matter.ID, _ box: Strongbox, _ db: Database) throws -> MeetPlan? {
        try Row.one(db, sql: "SELECT * FROM meeting WHERE matter = ?", arguments: [id.number])
            .map { try meetPlan($0, box, db) }
    }

    /// What cannot be opened, because the office's key was lost, is left out: the plan itself stays readable.
    private static func meetPlan(_ row: Row, _ box: Strongbox, _ db: Database) throws -> MeetPlan {
        let id: Matter.ID = row.id("matter")
        let revoked = try Int64.all(
            db, sql: "SELECT id FROM invitee WHERE matter = ? AND revoked_at IS NOT NULL ORDER BY id",
            arguments: [id.number])
        return MeetPlan(
            matter: id, name: row["name"], passKey: box.take(row["pass_key"], for: Sealed.passKey(id)) ?? "",
            settings: try JSON.value(MeetSettings.self, row["settings"]), revoked: revoked.map { Invitee.ID($0) },
            isForgotten: row["forgotten_at"] as Int64? != nil)
    }

    /// After the office's key was lost, links are signed anew from here on: those in people's hands are good no more.
    static func mendPassKeys(_ box: Strongbox, _ db: Database) throws {
        for row in try Row.fetchAll(db, sql: "SELECT matter, pass_key FROM meeting") {
            let id: Matter.ID = row.id("matter")
            guard box.take(row["pass_key"], for: Sealed.passKey(id)) == nil else { continue }
            try db.run(
                sql: "UPDATE meeting SET pass_key = ? WHERE matter = ?",
                arguments: [sealedPassKey(id, box), id.number])
        }
    }

    /// Approved before there were meetings: theirs is made when the archive is opened.
    static func makeMissingMeetings(_ box: Strongbox, _ db: Database) throws {
        for id in try withoutMeeting(db) {
            guard let matter = try load(id, db), let last = matter.folder.last, matter.hasMeeting else { continue }
            try makeMeeting(for: matter, at: last.at, box: box, db)
        }
    }

    /// Living matters that are approved, ask for a meeting, and have none.
    static func withoutMeeting(_ db: Database) throws -> [Matter.ID] {
        try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM matter WHERE service IN ('meeting', 'both')
                    AND stage IN ('toAssign', 'toPrepare', 'ready', 'inService')
                    AND id NOT IN (SELECT matter FROM meeting) ORDER BY id
                """
        ).map { Matter.ID($0) }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

/// What each sealed thing is bound to, so that none is taken for another.
enum Sealed {
    static func key(_ id: Matter.ID) -> String { "stream key of matter \(id)" }
    static func ticketKey(_ id: Matter.ID) -> String { "ticket key of matter \(id)" }
    static func targets(_ id: Matter.ID) -> String { "restreams of matter \(id)" }
}

/// A stream key as it is stored: its mark for the studio, and the key itself, sealed.
struct StoredKey: Codable, Hashable {
    var hash: String
    var sealed: String
    var from: Moment
    var until: Moment?

    /// 24 random bytes, 32 characters.
    static func draw(for id: Matter.ID, at now: Moment, _ box: Strongbox) -> StoredKey {
        let text = Token.random(bytes: 24)
        return StoredKey(hash: hash(of: text), sealed: box.put(text, for: Sealed.key(id)), from: now)
    }

    static func hash(of key: String) -> String { Hex.text(Digest.sha256(key)) }

    func open(of id: Matter.ID, _ box: Strongbox) -> String? { box.take(sealed, for: Sealed.key(id)) }

    var mark: AirKey { AirKey(hash: hash, from: from, until: until) }
}

extension SQLiteCabinet {
    public func airPlan(of id: Matter.ID) async throws -> AirPlan? { try await airPlans(of: [id]).first }

    public func airPlan(named name: String) async throws -> AirPlan? {
        try await read("read a broadcast by its name") { [box] db in
            try Row.one(db, sql: "SELECT * FROM broadcast WHERE name = ?", arguments: [name])
                .map { try Self.airPlan($0, box) }
        }
    }

    public func airPlans(of ids: [Matter.ID]) async throws -> [AirPlan] {
        try await read("read broadcasts") { [box] db in
            try Row.all(
                db,
                sql: "SELECT * FROM broadcast WHERE matter IN (SELECT value FROM json_each(?)) ORDER BY matter",
                arguments: [try JSON.text(ids)]
            ).map { try Self.airPlan($0, box) }
        }
    }

    public func airPlans(endingAfter moment: Moment) async throws -> [AirPlan] {
        try await read("read the coming broadcasts") { [box] db in
            try Row.all(
                db,
                sql: """
                    SELECT broadcast.* FROM broadcast JOIN matter ON matter.id = broadcast.matter
                    WHERE matter.ends_at > ? ORDER BY broadcast.matter
                    """, arguments: [moment.milliseconds]
            ).map { try Self.airPlan($0, box) }
        }
    }

    public func save(_ settings: AirSettings, of id: Matter.ID, by hand: Hand, at now: Moment) async throws {
        try await write("settle a broadcast") { [box] db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            try maySettle(settings, of: matter, by: hand)
            try Self.store(settings, of: id, box, db)
            try Self.note(.init(at: now, by: hand.person, what: "broadcast", subject: id.description), db)
        }
        errandsChanged()
    }

    // MARK: Keys

    public func streamKeys(of id: Matter.ID, by hand: Hand, at now: Moment) async throws -> [StreamKey] {
        try await write("show a stream key") { [box] db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            try maySeeKeys(of: matter, by: hand)
            try Self.note(.init(at: now, by: hand.person, what: "streamKeyShown", subject: id.description), db)
            return try Self.goodKeys(of: id, at: now, box, db)
        }
    }

    public func renewStreamKey(
        of id: Matter.ID, by hand: Hand, at now: Moment, oldUntil until: Moment?
    ) async throws -> [StreamKey] {
        let keys = try await write("renew a stream key") { [box] db in
            guard let matter = try Self.load(id, db) else { throw Refusal.noSuchMatter }
            try maySeeKeys(of: matter, by: hand)
            guard
                let row = try Row.one(db, sql: "SELECT * FROM broadcast WHERE matter = ?", arguments: [id.number])
            else { throw Refusal.noBroadcast }
            var plan = try Self.airPlan(row, box)
            let drawn = StoredKey.draw(for: id, at: now, box)
            plan.renew(with: drawn.mark, at: now, oldUntil: until)
            let stored = try JSON.value([StoredKey].self, row["keys"]) + [drawn]
            let kept = plan.keys.compactMap { mark in
                stored.first { $0.hash == mark.hash }.map {
                    StoredKey(hash: $0.hash, sealed: $0.sealed, from: $0.from, until: mark.until)
                }
            }
            try db.run(
                sql: "UPDATE broadcast SET keys = ? WHERE matter = ?", arguments: [try JSON.text(kept), id.number])
            // After the office's key was lost, watch links are signed anew from here on.
            if plan.ticketKey.isEmpty { try Self.drawTicketKey(for: id, box, db) }
            try Self.note(.init(at: now, by: hand.person, what: "streamKeyRenewed", subject: id.description), db)
            return try Self.goodKeys(of: id, at: now, box, db)
        }
        errandsChanged()
        return keys
    }

    private static func goodKeys(
        of id: Matter.ID, at now: Moment, _ box: Strongbox, _ db: Database
    ) throws -> [StreamKey] {
        guard let text = try String.one(db, sql: "SELECT keys FROM broadcast WHERE matter = ?", arguments: [id.number])
        else { throw Refusal.noBroadcast }
        return try JSON.value([StoredKey].self, text).filter { $0.mark.isGood(at: now) }.compactMap { key in
            key.open(of: id, box).map { StreamKey(text: $0, until: key.until) }
        }
    }

    // MARK: Figures on the way

    public func keep(running figures: AirFigures, of id: Matter.ID) async throws -> Bool {
        try await write("keep an airing's figures") { db in
            try db.run(
                sql: """
                    UPDATE broadcast SET running = ?
                    WHERE matter = ? AND (running IS NULL OR json_extract(running, '$.opened') = ?)
                    """, arguments: [try JSON.text(figures), id.number, figures.opened.milliseconds])
            return db.changesCount == 1
        }
    }

    public func runningAirings() async throws -> [Matter.ID: AirFigures] {
        try await read("read what was on air") { db in
            var running: [Matter.ID: AirFigures] = [:]
            for row in try Row.all(db, sql: "SELECT matter, running FROM broadcast WHERE running IS NOT NULL") {
                running[row.id("matter")] = try JSON.value(AirFigures.self, row["running"])
            }
            return running
        }
    }

    /// What the folder has now is no longer on the way.
    static func forgetRunning(_ opened: Moment, of id: Matter.ID, _ db: Database) throws {
        let text = try String?.fetchOne(
            db, sql: "SELECT running FROM broadcast WHERE matter = ?", arguments: [id.number])
        guard let text = text ?? nil, try JSON.value(AirFigures.self, text).opened == opened else { return }
        try db.run(sql: "UPDATE broadcast SET running = NULL WHERE matter = ?", arguments: [id.number])
    }
}

// MARK: Making and reading

extension SQLiteCabinet {
    /// Makes what an approved broadcast needs, once: a name, a key, what is usual.
    static func makeBroadcast(for matter: Matter, at now: Moment, box: Strongbox, _ db: Database) throws {
        let id = matter.id
        guard try Int.one(db, sql: "SELECT 1 FROM broadcast WHERE matter = ?", arguments: [id.number]) == nil
        else { return }
        let key = StoredKey.draw(for: id, at: now, box)
        try db.run(
            sql: """
                INSERT INTO broadcast (matter, name, keys, ticket_key, settings, targets) VALUES (?, ?, ?, '', '', '')
                """, arguments: [id.number, Token.word(letters: 10), try JSON.text([key])])
        try drawTicketKey(for: id, box, db)
        try store(.usual(for: matter), of: id, box, db)
    }

    private static func drawTicketKey(for id: Matter.ID, _ box: Strongbox, _ db: Database) throws {
        let sealed = box.put(Hex.text(Token.randomBytes(32)), for: Sealed.ticketKey(id))
        try db.run(sql: "UPDATE broadcast SET ticket_key = ? WHERE matter = ?", arguments: [sealed, id.number])
    }

    /// The addresses of restreams and the passphrase are secrets, so they are put away by themselves.
    private static func store(_ settings: AirSettings, of id: Matter.ID, _ box: Strongbox, _ db: Database) throws {
        var open = settings
        (open.targets, open.srtPassphrase) = ([], "")
        let secrets = AirSecrets(targets: settings.targets, srtPassphrase: settings.srtPassphrase)
        try db.run(
            sql: "UPDATE broadcast SET settings = ?, targets = ? WHERE matter = ?",
            arguments: [
                try JSON.text(open), box.put(try JSON.text(secrets), for: Sealed.targets(id)), id.number,
            ])
    }

    /// What cannot be opened, because the office's key was lost, is left out: the plan itself stays readable.
    private static func airPlan(_ row: Row, _ box: Strongbox) throws -> AirPlan {
        let id: Matter.ID = row.id("matter")
        var settings = try JSON.value(AirSettings.self, row["settings"])
        if let secrets = try box.take(row["targets"], for: Sealed.targets(id)).map({
            try JSON.value(AirSecrets.self, $0)
        }) {
            (settings.targets, settings.srtPassphrase) = (secrets.targets, secrets.srtPassphrase)
        }
        return AirPlan(
            matter: id, name: row["name"], keys: try JSON.value([StoredKey].self, row["keys"]).map(\.mark),
            ticketKey: box.take(row["ticket_key"], for: Sealed.ticketKey(id)) ?? "", settings: settings)
    }

    /// Approved before there was a studio: its broadcast is made when the archive is opened.
    static func makeMissingBroadcasts(_ box: Strongbox, _ db: Database) throws {
        for id in try withoutBroadcast(db) {
            guard let matter = try load(id, db), let last = matter.folder.last, matter.hasStudio else { continue }
            try makeBroadcast(for: matter, at: last.at, box: box, db)
        }
    }

    /// Living matters that are approved, ask for a broadcast, and have none.
    static func withoutBroadcast(_ db: Database) throws -> [Matter.ID] {
        try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM matter WHERE service IN ('broadcast', 'both')
                    AND stage IN ('toAssign', 'toPrepare', 'ready', 'inService')
                    AND id NOT IN (SELECT matter FROM broadcast) ORDER BY id
                """
        ).map { Matter.ID($0) }
    }
}

/// What of a broadcast's settings is kept sealed.
private struct AirSecrets: Codable {
    var targets: [AirTarget]
    var srtPassphrase: String

    init(targets: [AirTarget], srtPassphrase: String) {
        self.targets = targets
        self.srtPassphrase = srtPassphrase
    }

    /// An older program sealed the restreams alone.
    init(from decoder: any Decoder) throws {
        guard let box = try? decoder.container(keyedBy: CodingKeys.self) else {
            (targets, srtPassphrase) = (try decoder.singleValueContainer().decode([AirTarget].self), "")
            return
        }
        targets = try box.decode([AirTarget].self, forKey: .targets)
        srtPassphrase = try box.decode(String.self, forKey: .srtPassphrase)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB
import Secure

extension Sealed {
    static func settings(_ way: Way) -> String { "settings of way \(way.rawValue)" }
    static func reach(_ person: Person.ID, _ way: Way) -> String { "reach of person \(person) by \(way.rawValue)" }
}

extension SQLiteCabinet {
    public func ways() async throws -> [WayRecord] {
        try await read("read the ways") { [box] db in
            let rows = try Row.all(db, sql: "SELECT * FROM way").map { try Self.wayRecord($0, box) }
            return Way.settable.map { way in rows.first { $0.way == way } ?? Self.untouched(way) }
        }
    }

    public func way(_ way: Way) async throws -> WayRecord {
        try await read("read a way") { [box] db in
            try Row.one(db, sql: "SELECT * FROM way WHERE way = ?", arguments: [way.rawValue])
                .map { try Self.wayRecord($0, box) } ?? Self.untouched(way)
        }
    }

    public func save(_ way: Way, settings: String, isOn: Bool, by: Person.ID?, at now: Moment) async throws {
        try await write("set a way up") { [box] db in
            try Self.checkAdministrator(by, db)
            try db.run(
                sql: """
                    INSERT INTO way (way, is_on, settings) VALUES (?, ?, ?)
                    ON CONFLICT (way) DO UPDATE SET is_on = excluded.is_on, settings = excluded.settings,
                        trouble = NULL, trouble_at = NULL
                    """,
                arguments: [way.rawValue, isOn, box.put(settings, for: Sealed.settings(way))])
            // Whatever waited for better settings goes now.
            try db.run(
                sql: "UPDATE delivery SET next_at = ? WHERE way = ? AND fate IS NULL AND is_out = 0 AND tries > 0",
                arguments: [now.milliseconds, way.rawValue])
            try Self.note(.init(at: now, by: by, what: "way", subject: way.rawValue), db)
        }
        errandsChanged()
    }

    private static func untouched(_ way: Way) -> WayRecord { WayRecord(way: way, isOn: false, settings: "") }

    /// Settings that were sealed under a lost key are empty: the way has to be set up again.
    private static func wayRecord(_ row: Row, _ box: Strongbox) throws -> WayRecord {
        let way: Way = try row.code("way")
        return WayRecord(
            way: way, isOn: row["is_on"], settings: box.take(row["settings"], for: Sealed.settings(way)) ?? "",
            acceptedAt: row.momentIfAny("accepted_at"),
            trouble: try (row["trouble"] as String?).map { try JSON.value(Trouble.self, $0) },
            troubleAt: row.momentIfAny("trouble_at"))
    }

    // MARK: Whom a way reaches

    public func reach(of person: Person.ID, by way: Way) async throws -> String? {
        try await read("read how a person is reached") { [box] db in
            try String.one(
                db, sql: "SELECT address FROM reach WHERE person = ? AND way = ?",
                arguments: [person.number, way.rawValue]
            ).flatMap { box.take($0, for: Sealed.reach(person, way)) }
        }
    }

    public func setReach(of person: Person.ID, by way: Way, to address: String?, at now: Moment) async throws {
        try await write("note how a person is reached") { [box] db in
            let wasBound = try Self.setReach(of: person, by: way, to: address, at: now, box, db)
            // As when it is undone from LINE's side.
            if way == .line, address == nil, wasBound {
                try Self.note(.init(at: now, by: person, what: "lineUnbound", subject: person.description), db)
            }
        }
    }

    /// - Returns: whether the person was reached on the way before.
    @discardableResult
    static func setReach(
        of person: Person.ID, by way: Way, to address: String?, at now: Moment, _ box: Strongbox, _ db: Database
    ) throws -> Bool {
        try db.run(
            sql: "DELETE FROM reach WHERE person = ? AND way = ?", arguments: [person.number, way.rawValue])
        let wasReached = db.changesCount > 0
        guard let address else { return wasReached }
        let mark = mark(address, way)
        // An address is one person's: whoever proved it last.
        try db.run(sql: "DELETE FROM reach WHERE way = ? AND mark = ?", arguments: [way.rawValue, mark])
        try db.run(
            sql: "INSERT INTO reach (person, way, address, mark, since) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                person.number, way.rawValue, box.put(address, for: Sealed.reach(person, way)), mark, now.milliseconds,
            ])
        return wasReached
    }

    public func person(reachedAt address: String, by way: Way) async throws -> Person.ID? {
        try await read("look for who is reached") { db in
            try Int64.one(
                db, sql: "SELECT person FROM reach WHERE way = ? AND mark = ?",
                arguments: [way.rawValue, Self.mark(address, way)]
            ).map { Person.ID($0) }
        }
    }

    static func mark(_ address: String, _ way: Way) -> String {
        Hex.text(Digest.sha256("reach \(way.rawValue) \(address)"))
    }

    /// The ways that are on and reach a person, as the ladder climbs them.
    static func reach(of person: Person.ID, _ db: Database) throws -> Set<Way> {
        let on = try Set(String.all(db, sql: "SELECT way FROM way WHERE is_on = 1").compactMap(Way.init(rawValue:)))
        var reach = try Set(
            String.all(db, sql: "SELECT way FROM reach WHERE person = ?", arguments: [person.number])
                .compactMap(Way.init(rawValue:)))
        let mail = try String.one(db, sql: "SELECT mail FROM person WHERE id = ?", arguments: [person.number]) ?? ""
        if !mail.isEmpty { reach.insert(.mail) }
        return reach.intersection(on)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB

extension SQLiteCabinet {
    // MARK: Holidays

    public func holidays() async throws -> [Holiday] {
        try await read("read the holidays") { db in try Self.holidays(db) }
    }

    public func save(_ holiday: Holiday, by: Person.ID?, at now: Moment) async throws {
        try await write("save a holiday") { db in
            try Self.checkAdministrator(by, db)
            try db.run(
                sql: "INSERT OR REPLACE INTO holiday (day, name, kind, source) VALUES (?, ?, ?, ?)",
                arguments: [holiday.day.description, holiday.name, holiday.kind.rawValue, holiday.source])
            try Self.note(.init(at: now, by: by, what: "holiday", subject: holiday.day.description), db)
        }
    }

    public func removeHoliday(on day: Day, by: Person.ID?, at now: Moment) async throws {
        try await write("remove a holiday") { db in
            try Self.checkAdministrator(by, db)
            try db.run(sql: "DELETE FROM holiday WHERE day = ?", arguments: [day.description])
            guard db.changesCount > 0 else { return }
            try Self.note(.init(at: now, by: by, what: "holiday", subject: day.description), db)
        }
    }

    static func holidays(_ db: Database) throws -> [Holiday] {
        try Row.all(db, sql: "SELECT * FROM holiday").map { row in
            guard let day = Day(iso: row["day"]) else { throw Mishap(doing: "read a holiday's day") }
            return Holiday(day: day, name: row["name"], kind: try row.code("kind"), source: row["source"])
        }.sorted { $0.day < $1.day }
    }

    // MARK: The office

    /// The office as saved, or `Office.unnamed` when nobody has.
    public func office() async throws -> Office { try await read("read the office") { db in try Self.office(db) } }

    public func save(_ office: Office, by: Person.ID?, at now: Moment) async throws {
        try await write("save the office") { db in
            try Self.checkAdministrator(by, db)
            try db.run(
                sql: "INSERT OR REPLACE INTO office (one, json) VALUES (1, ?)", arguments: [try JSON.text(office)])
            try Self.note(.init(at: now, by: by, what: "office", subject: office.thaiName), db)
        }
    }

    static func office(_ db: Database) throws -> Office {
        guard let text = try String.one(db, sql: "SELECT json FROM office") else { return .unnamed }
        return try JSON.value(Office.self, text)
    }

    // MARK: The record of changes

    /// The newest changes first.
    public func rosterChanges(limit: Int) async throws -> [RosterChange] {
        try await read("read the record of changes") { db in
            try Row.all(
                db, sql: "SELECT * FROM roster_change ORDER BY id DESC LIMIT ?", arguments: [limit > 0 ? limit : -1]
            ).map { row in
                RosterChange(
                    at: row.moment("at"), by: row.idIfAny("person"), what: row["what"], subject: row["subject"])
            }
        }
    }

    static func note(_ change: RosterChange, _ db: Database) throws {
        try db.run(
            sql: "INSERT INTO roster_change (at, person, what, subject) VALUES (?, ?, ?, ?)",
            arguments: [change.at.milliseconds, change.by?.number, change.what, change.subject])
    }
}

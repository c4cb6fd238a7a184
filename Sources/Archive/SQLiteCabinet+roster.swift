// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB

extension SQLiteCabinet {
    public func people() async throws -> [Person] {
        try await read("read the people") { db in
            try Row.all(db, sql: "SELECT * FROM person ORDER BY id").map { try Self.person($0) }
        }
    }

    /// Saves a person. A new password, or being set inactive, closes that person's sessions.
    ///
    /// - Throws: a `Mishap` when the username is somebody else's.
    public func save(_ person: Person, passwordHash: String?, by: Person.ID?, at now: Moment) async throws -> Person {
        try await write("save a person") { db in
            let everybody = try Row.all(db, sql: "SELECT * FROM person").map { try Self.person($0) }
            let author = everybody.first { $0.id == by }
            guard by == nil || author != nil else { throw Refusal.administratorsOnly }
            try mayChange(
                everybody.first { $0.id == person.id }, to: person, by: author,
                among: everybody.filter { $0.id != person.id })
            let saved = try Self.write(person, db)
            if let passwordHash {
                try db.run(
                    sql: "UPDATE person SET password_hash = ? WHERE id = ?", arguments: [passwordHash, saved.id.number])
            }
            if passwordHash != nil || !saved.isActive {
                try db.run(sql: "DELETE FROM session WHERE person = ?", arguments: [saved.id.number])
            }
            try Self.note(.init(at: now, by: by, what: "person", subject: saved.username), db)
            return saved
        }
    }

    /// Writes a person's line; an id of 0 becomes a new one.
    static func write(_ person: Person, _ db: Database) throws -> Person {
        var saved = person
        if person.id.number == 0 {
            try db.run(
                sql: """
                    INSERT INTO person (username, name, position, roles, phone, mail, is_active)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """, arguments: arguments(of: person))
            saved.id = Person.ID(db.lastInsertedRowID)
        } else {
            try db.run(
                sql: """
                    UPDATE person SET username = ?, name = ?, position = ?, roles = ?, phone = ?, mail = ?,
                        is_active = ? WHERE id = ?
                    """, arguments: arguments(of: person) + [person.id.number])
            guard db.changesCount == 1 else { throw Mishap(doing: "save a person who is not there") }
        }
        return saved
    }

    private static func arguments(of person: Person) -> StatementArguments {
        [
            person.username, person.name, person.position, person.roles.map(\.rawValue).sorted().joined(separator: " "),
            person.phone, person.mail, person.isActive,
        ]
    }

    static func person(_ row: Row) throws -> Person {
        let words: String = row["roles"]
        let roles = try words.split(separator: " ").map { word in
            guard let role = Role(rawValue: String(word)) else { throw Mishap(doing: "read the role `\(word)`") }
            return role
        }
        return Person(
            id: row.id("id"), username: row["username"], name: row["name"], position: row["position"],
            roles: Set(roles), phone: row["phone"], mail: row["mail"], isActive: row["is_active"])
    }

    static func activeOfficers(_ db: Database) throws -> Set<Person.ID> {
        let people = try Row.all(db, sql: "SELECT * FROM person WHERE is_active = 1").map { try person($0) }
        return Set(people.filter { $0.roles.contains(.officer) }.map(\.id))
    }

    /// Asks the desk whether that person may change what is the administrator's; nil is the program itself.
    static func checkAdministrator(_ id: Person.ID?, _ db: Database) throws {
        guard let id else { return }
        let person = try Row.one(db, sql: "SELECT * FROM person WHERE id = ?", arguments: [id.number])
        guard let person else { throw Refusal.administratorsOnly }
        try mayAdminister(by: try Self.person(person))
    }

    // MARK: Rooms

    public func rooms() async throws -> [Room] {
        try await read("read the rooms") { db in
            try Row.all(db, sql: "SELECT * FROM room ORDER BY id").map { row in
                Room(
                    id: row.id("id"), name: row["name"], building: row["building"], seats: row["seats"],
                    megabitsPerSecond: row["megabits_per_second"], isActive: row["is_active"])
            }
        }
    }

    public func save(_ room: Room, by: Person.ID?, at now: Moment) async throws -> Room {
        try await write("save a room") { db in
            try Self.checkAdministrator(by, db)
            var saved = room
            let arguments: StatementArguments = [
                room.name, room.building, room.seats, room.megabitsPerSecond, room.isActive,
            ]
            if room.id.number == 0 {
                try db.run(
                    sql: """
                        INSERT INTO room (name, building, seats, megabits_per_second, is_active) VALUES (?, ?, ?, ?, ?)
                        """, arguments: arguments)
                saved.id = Room.ID(db.lastInsertedRowID)
            } else {
                try db.run(
                    sql: """
                        UPDATE room SET name = ?, building = ?, seats = ?, megabits_per_second = ?, is_active = ?
                        WHERE id = ?
                        """, arguments: arguments + [room.id.number])
                guard db.changesCount == 1 else { throw Mishap(doing: "save a room that is not there") }
            }
            try Self.note(.init(at: now, by: by, what: "room", subject: saved.name), db)
            return saved
        }
    }

    static func activeRooms(_ db: Database) throws -> Set<Room.ID> {
        Set(try Int64.all(db, sql: "SELECT id FROM room WHERE is_active = 1").map { Room.ID($0) })
    }
}

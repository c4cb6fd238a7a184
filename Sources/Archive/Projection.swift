// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB

/// What lists know of a matter: the columns of `matter`, by name. Read from the folder, never decided here.
struct Projection: Equatable {
    var columns: [String: DatabaseValue]
    var officers: [Int64]

    init(of matter: Matter) {
        let letter = matter.letter
        columns = [
            "id": matter.id.number.databaseValue,
            "stage": matter.stage.rawValue.databaseValue,
            "service": matter.service.rawValue.databaseValue,
            "starts_at": letter.span.start.milliseconds.databaseValue,
            "ends_at": letter.span.end.milliseconds.databaseValue,
            "received_at": (matter.receivedAt?.milliseconds ?? 0).databaseValue,
            "unit": letter.unit.databaseValue,
            "title": letter.title.databaseValue,
            "place": letter.place.databaseValue,
            "reference": letter.reference.databaseValue,
            "dated": letter.dated?.description.databaseValue ?? .null,
            "urgency": (matter.classification?.urgency ?? .normal).rawValue.databaseValue,
            "secrecy": (matter.classification?.secrecy ?? .open).rawValue.databaseValue,
            "incoming_number": matter.incoming?.number.databaseValue ?? .null,
            "incoming_year": matter.incoming?.buddhistYear.databaseValue ?? .null,
            "entries": matter.folder.count.databaseValue,
            "search": SearchText.of(matter).databaseValue,
        ]
        officers = Set(matter.assignment?.officers.map(\.number) ?? []).sorted()
    }

    /// The projection as it is stored; nil when the matter has none.
    init?(stored id: Matter.ID, _ db: Database) throws {
        guard let row = try Row.one(db, sql: "SELECT * FROM matter WHERE id = ?", arguments: [id.number]) else {
            return nil
        }
        columns = Dictionary(uniqueKeysWithValues: row.map { ($0.0, $0.1) })
        officers = try Int64.all(
            db, sql: "SELECT person FROM matter_officer WHERE matter = ? ORDER BY person", arguments: [id.number])
    }
}

extension SQLiteCabinet {
    /// Every column in a fixed order, so that the statement is compiled once.
    private static let upsert: String = {
        let names = [
            "id", "stage", "service", "starts_at", "ends_at", "received_at", "unit", "title", "place", "reference",
            "dated", "urgency", "secrecy", "incoming_number", "incoming_year", "entries", "search",
        ]
        return """
            INSERT INTO matter (\(names.joined(separator: ", "))) VALUES (\(names.map { ":" + $0 }.joined(separator: ", ")))
            ON CONFLICT (id) DO UPDATE SET \(names.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """
    }()

    /// Writes what lists know of a matter.
    static func project(_ matter: Matter, _ db: Database) throws {
        let projection = Projection(of: matter)
        try db.run(sql: upsert, arguments: StatementArguments(projection.columns))
        try db.run(sql: "DELETE FROM matter_officer WHERE matter = ?", arguments: [matter.id.number])
        for officer in projection.officers {
            try db.run(
                sql: "INSERT INTO matter_officer (matter, person) VALUES (?, ?)",
                arguments: [matter.id.number, officer])
        }
    }

    /// Reads every folder again and writes every projection anew, as after a change of their shape.
    static func rebuildProjections(_ db: Database) throws {
        for id in try Int64.all(db, sql: "SELECT DISTINCT matter FROM letter ORDER BY matter") {
            if let matter = try load(Matter.ID(id), db) { try project(matter, db) }
        }
    }
}

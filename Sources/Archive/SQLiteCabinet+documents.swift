// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB

extension SQLiteCabinet {
    public func record(hash: String, name: String, kind: Document.Kind, bytes: Int, at now: Moment) async throws
        -> Document
    {
        try await write("record a document") { db in
            try db.run(
                sql: "INSERT INTO document (hash, name, kind, bytes, at) VALUES (?, ?, ?, ?, ?)",
                arguments: [hash, name, kind.rawValue, bytes, now.milliseconds])
            return Document(id: Document.ID(db.lastInsertedRowID), hash: hash, name: name, kind: kind, bytes: bytes)
        }
    }

    /// In the order asked for; those that are not there are left out.
    public func documents(_ ids: [Document.ID]) async throws -> [Document] {
        try await read("read documents") { db in
            let rows = try Row.all(
                db, sql: "SELECT * FROM document WHERE id IN (SELECT value FROM json_each(?))",
                arguments: [try JSON.text(ids)])
            var found: [Document.ID: Document] = [:]
            for row in rows {
                let document = Document(
                    id: row.id("id"), hash: row["hash"], name: row["name"], kind: try row.code("kind"),
                    bytes: row["bytes"])
                found[document.id] = document
            }
            return ids.compactMap { found[$0] }
        }
    }

    public func matter(holding document: Document.ID) async throws -> Matter.ID? {
        try await read("find a document's matter") { db in try Self.holder(of: document, db) }
    }

    private static func holder(of document: Document.ID, _ db: Database) throws -> Matter.ID? {
        try Int64.one(
            db, sql: "SELECT matter FROM matter_document WHERE document = ?", arguments: [document.number]
        ).map { Matter.ID($0) }
    }

    /// Puts a document into a matter. One that lies in another matter stays there: its number may have been guessed.
    static func attach(_ document: Document.ID, to id: Matter.ID, _ db: Database) throws {
        if let holder = try holder(of: document, db) {
            guard holder == id else { throw Mishap(doing: "take a document out of another matter") }
            return
        }
        try db.run(
            sql: "INSERT INTO matter_document (document, matter) VALUES (?, ?)",
            arguments: [document.number, id.number])
    }
}

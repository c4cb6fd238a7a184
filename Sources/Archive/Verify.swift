// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB
import Glibc
import Secure

/// Sentences about what is wrong with an archive, for the administrator and the log. No personal data is in them.
enum Problem {
    static func missing(_ hash: String) -> String { "document \(hash) is missing from the shelf" }
    static func damaged(_ hash: String) -> String { "document \(hash) differs from its hash" }
}

extension SQLiteCabinet {
    /// Brings the archive in a folder to the present shape, as opening it does.
    ///
    /// - Returns: the versions before and after; equal when there was nothing to do.
    /// - Throws: a `Mishap`, also when there is no archive or it is of a newer program.
    @discardableResult
    public static func migrate(_ folder: String) throws -> (from: Int, to: Int) {
        guard access(folder + "/" + fileName, R_OK | W_OK) == 0 else { throw Mishap(doing: "find an archive") }
        do {
            let queue = try DatabaseQueue(path: folder + "/" + fileName, configuration: configuration)
            try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            let versions = try Migrations.run(on: queue)
            try queue.close()
            return versions
        } catch let mishap as Mishap {
            throw mishap
        } catch { throw Mishap(doing: "migrate the archive", underlying: error) }
    }

    /// Looks for everything that could be wrong with the archive in a folder, also while it is in use.
    ///
    /// - Returns: one sentence for each problem; empty when all is well.
    public static func verify(_ folder: String) -> [String] {
        guard access(folder + "/" + fileName, R_OK) == 0 else { return ["there is no \(fileName) in the folder"] }
        do {
            var reading = configuration
            reading.readonly = true
            let queue = try DatabaseQueue(path: folder + "/" + fileName, configuration: reading)
            // A key that is there and cannot be read is said by `Examination.broadcasts`, like one that is not.
            let key = try? SecretKey.find(at: folder + "/" + keyName)
            let box = key.map { Strongbox(key: $0.bytes) }
            let (problems, documents) = try queue.read { db in
                (
                    try Examination.all(db) + Examination.broadcasts(db, box: box)
                        + Examination.meetings(db, box: box) + Examination.sealed(db, box: box),
                    try Examination.documents(db)
                )
            }
            try queue.close()
            return problems + (try documents.compactMap { try Examination.file($0.hash, $0.bytes, in: folder) })
        } catch {
            return ["the database cannot be read to its end: \(error)"]
        }
    }
}

/// What `verify` asks, one question after another, in one transaction.
enum Examination {
    static func all(_ db: Database) throws -> [String] {
        let version = try Migrations.version(db)
        guard version == Migrations.newest else {
            return ["the archive is of version \(version); this program reads \(Migrations.newest)"]
        }
        var problems = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        problems += try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { row in
            "a line of `\(row["table"] as String)` points to a line of `\(row["parent"] as String)` that is not there"
        }
        problems += try schema(db)
        problems += try registers(db)
        problems += try bookings(db)
        problems += try folders(db)
        return problems
    }

    /// The triggers and tables are those of a new archive: whoever dropped one could have changed anything.
    private static func schema(_ db: Database) throws -> [String] {
        func objects(_ db: Database) throws -> [String: String] {
            let rows = try Row.fetchAll(
                db, sql: "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
            return Dictionary(
                uniqueKeysWithValues: rows.map { ("\($0["type"] as String) \($0["name"] as String)", $0["sql"] ?? "") })
        }
        let fresh = try DatabaseQueue()
        _ = try Migrations.run(on: fresh)
        let wanted = try fresh.read { try objects($0) }
        let found = try objects(db)
        return Set(wanted.keys).union(found.keys).sorted().filter { wanted[$0] != found[$0] }
            .map { "\($0) is not as this program makes it" }
    }

    private static func registers(_ db: Database) throws -> [String] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT register, year, count(*) AS count, max(number) AS highest, min(number) AS lowest
                FROM register_number GROUP BY register, year
                """
        ).compactMap { row in
            let isWhole = row["lowest"] == 1 && (row["highest"] as Int) == row["count"]
            return isWhole ? nil : "the \(row["register"] as String) register of \(row["year"] as Int) has a gap"
        }
    }

    private static func bookings(_ db: Database) throws -> [String] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT one.matter AS one, other.matter AS other FROM booking AS one JOIN booking AS other
                ON one.kind = other.kind AND one.resource = other.resource AND one.matter < other.matter
                    AND one.starts < other.ends AND one.ends > other.starts
                """
        ).map { "matters \($0["one"] as Int) and \($0["other"] as Int) are booked on one another" }
    }

    // MARK: Documents

    static func documents(_ db: Database) throws -> [(hash: String, bytes: Int)] {
        try Row.fetchAll(db, sql: "SELECT hash, max(bytes) AS bytes FROM document GROUP BY hash ORDER BY hash")
            .map { ($0["hash"], $0["bytes"]) }
    }

    static func file(_ hash: String, _ bytes: Int, in folder: String) throws -> String? {
        guard let place = FileShelf.place(of: hash), let found = try Disk.hash(of: folder + "/" + place) else {
            return Problem.missing(hash)
        }
        return found.hash == hash && found.bytes == bytes ? nil : Problem.damaged(hash)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import GRDB
import Glibc

/// A copy of an archive in a folder of its own: the database, the documents, the keys, and a list that proves them.
public enum Backup {
    /// The list inside a backup: what there is, with the SHA-256 of each file and the rows of each table.
    public struct Manifest: Codable, Hashable, Sendable {
        /// A file, by its path under the backup's folder.
        public struct File: Codable, Hashable, Sendable {
            public var path: String
            public var bytes: Int
            /// 64 lower-case hexadecimal digits.
            public var sha256: String
        }

        /// The version of the archive's shape.
        public var version: Int
        /// How many rows each table holds.
        public var rows: [String: Int]
        public var files: [File]
        /// What was wrong with the archive when it was copied; empty when all was well.
        public var problems: [String]
    }

    static let manifestName = "manifest.json"

    /// Copies an archive while it is in use, under a temporary name that becomes the real one when all is on the disk.
    ///
    /// - Parameters:
    ///   - folder: the archive's folder.
    ///   - destination: the path of the backup, where nothing may be yet.
    /// - Returns: the backup's manifest. Its `problems` name documents that are gone or damaged; the rest is copied.
    /// - Throws: a `Mishap`; then nothing is left at the destination.
    @discardableResult
    public static func make(from folder: String, to destination: String) throws -> Manifest {
        let source = folder + "/" + SQLiteCabinet.fileName
        guard access(source, R_OK) == 0 else { throw Mishap(doing: "find an archive to back up") }
        guard !exists(destination) else { throw Mishap(doing: "make a backup where something is already") }
        let draft = "\(destination).partial-\(getpid())"
        do {
            try Disk.makeFolder(draft)
            var manifest = try copyDatabase(source, to: draft)
            try copyDocuments(from: folder, to: draft, &manifest)
            try copyKeys(from: folder, to: draft, &manifest)
            try write(manifest, to: draft)
            try Disk.rename(draft, to: destination)
            try Disk.flushFolder(parent(of: destination))
            return manifest
        } catch {
            // What cannot be removed lies there under its temporary name; the fault that is told is the first one.
            try? FileManager.default.removeItem(atPath: draft)
            throw error is Mishap ? error : Mishap(doing: "back the archive up", underlying: error)
        }
    }

    /// Brings a backup back into a folder that is not there or empty, and proves it before it gets that name.
    ///
    /// - Throws: a `Mishap` when the folder holds anything, when a file differs from the manifest, or when the restored
    ///   archive has a problem that the backup did not have.
    public static func restore(_ backup: String, to folder: String) throws {
        if exists(folder) {
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
            guard names == [] else { throw Mishap(doing: "restore into a folder that is not empty") }
        }
        let manifest = try self.manifest(of: backup)
        let draft = "\(folder).partial-\(getpid())"
        do {
            try Disk.makeFolder(draft)
            for file in manifest.files { try bringBack(file, from: backup, to: draft) }
            try flushFolders(under: draft)
            let problems = SQLiteCabinet.verify(draft).filter { !manifest.problems.contains($0) }
            guard problems.isEmpty else { throw Mishap(doing: "restore: \(problems.joined(separator: "; "))") }
            if exists(folder), rmdir(folder) != 0 { throw Disk.mishap("make room for the restored archive") }
            try Disk.rename(draft, to: folder)
            try Disk.flushFolder(parent(of: folder))
        } catch {
            // As above: the first fault is the one to tell.
            try? FileManager.default.removeItem(atPath: draft)
            throw error is Mishap ? error : Mishap(doing: "restore the archive", underlying: error)
        }
    }

    /// Reads a backup's manifest.
    ///
    /// - Throws: a `Mishap` when there is none, or when it names a file that could lie outside the folder.
    public static func manifest(of backup: String) throws -> Manifest {
        do {
            let text = try Data(contentsOf: URL(fileURLWithPath: backup + "/" + manifestName))
            let manifest = try JSONDecoder().decode(Manifest.self, from: text)
            guard manifest.files.allSatisfy({ isOurs($0.path) }) else {
                throw Mishap(doing: "read the manifest's paths")
            }
            return manifest
        } catch { throw Mishap(doing: "read the backup's manifest", underlying: error) }
    }
}

// MARK: Copying

extension Backup {
    /// The online backup of SQLite (sqlite.org/backup.html), in one step: one moment of the archive, no writer waits.
    private static func copyDatabase(_ source: String, to draft: String) throws -> Manifest {
        let path = draft + "/" + SQLiteCabinet.fileName
        try Disk.touch(path)
        var plain = Configuration()
        plain.busyMode = .timeout(10)
        let from = try DatabaseQueue(path: source, configuration: plain)
        let to = try DatabaseQueue(path: path, configuration: plain)
        try from.backup(to: to)
        try from.close()
        // One file, without the companions of the write-ahead log.
        _ = try to.writeWithoutTransaction { db in try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE") }
        let manifest = try to.read { db in
            Manifest(version: try Migrations.version(db), rows: try rows(db), files: [], problems: [])
        }
        try to.close()
        try Disk.flush(path)
        guard let (hash, bytes) = try Disk.hash(of: path) else { throw Mishap(doing: "read the copy of the database") }
        var whole = manifest
        whole.files = [.init(path: SQLiteCabinet.fileName, bytes: bytes, sha256: hash)]
        return whole
    }

    static func rows(_ db: Database) throws -> [String: Int] {
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        var rows: [String: Int] = [:]
        for table in tables { rows[table] = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0 }
        return rows
    }

    /// Copies what the copied database knows of: a document is on the shelf before it is on record, so none is missed.
    private static func copyDocuments(from folder: String, to draft: String, _ manifest: inout Manifest) throws {
        let queue = try DatabaseQueue(path: draft + "/" + SQLiteCabinet.fileName)
        let hashes = try queue.read { try String.fetchAll($0, sql: "SELECT DISTINCT hash FROM document ORDER BY hash") }
        try queue.close()
        for hash in hashes {
            guard let place = FileShelf.place(of: hash) else { continue }
            try Disk.makeFolder("\(draft)/files/\(hash.prefix(2))")
            guard let found = try Disk.hash(of: "\(folder)/\(place)", copyingTo: "\(draft)/\(place)") else {
                manifest.problems.append(Problem.missing(hash))
                continue
            }
            if found.hash != hash { manifest.problems.append(Problem.damaged(hash)) }
            manifest.files.append(.init(path: place, bytes: found.bytes, sha256: found.hash))
        }
    }

    /// The small files beside the database, as the key that seals tracking links: without it those in people's hands die.
    private static func copyKeys(from folder: String, to draft: String, _ manifest: inout Manifest) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where isKey(name) {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            guard attributes[.type] as? FileAttributeType == .typeRegular,
                (attributes[.size] as? Int ?? .max) <= 1_048_576,
                let (hash, bytes) = try Disk.hash(of: "\(folder)/\(name)", copyingTo: "\(draft)/\(name)")
            else { continue }
            manifest.files.append(.init(path: name, bytes: bytes, sha256: hash))
        }
    }

    private static func write(_ manifest: Manifest, to draft: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let path = draft + "/" + manifestName
        try Disk.touch(path)
        try encoder.encode(manifest).write(to: URL(fileURLWithPath: path))
        try Disk.flush(path)
        try flushFolders(under: draft)
    }

    private static func bringBack(_ file: Manifest.File, from backup: String, to draft: String) throws {
        try Disk.makeFolder(parent(of: "\(draft)/\(file.path)"))
        let found = try Disk.hash(of: "\(backup)/\(file.path)", copyingTo: "\(draft)/\(file.path)")
        guard let found else { throw Mishap(doing: "restore \(file.path): it is missing from the backup") }
        guard found.hash == file.sha256, found.bytes == file.bytes else {
            throw Mishap(doing: "restore \(file.path): it differs from the manifest")
        }
    }

    private static func flushFolders(under folder: String) throws {
        let files = folder + "/files"
        if exists(files) {
            for name in try FileManager.default.contentsOfDirectory(atPath: files) {
                try Disk.flushFolder(files + "/" + name)
            }
            try Disk.flushFolder(files)
        }
        try Disk.flushFolder(folder)
    }
}

// MARK: Names

extension Backup {
    private static func exists(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0
    }

    private static func parent(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }

    /// A path that a backup may hold: nothing that climbs out of the folder.
    private static func isOurs(_ path: String) -> Bool {
        if path == SQLiteCabinet.fileName { return true }
        if path.hasPrefix("files/") {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 3 && FileShelf.place(of: String(parts[1] + parts[2])) == path
        }
        return isKey(path)
    }

    private static func isKey(_ name: String) -> Bool {
        name != manifestName && !name.hasPrefix(".") && !name.hasPrefix(SQLiteCabinet.fileName)
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") }
    }
}

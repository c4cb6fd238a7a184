// SPDX-License-Identifier: Apache-2.0
public import Desk
import Foundation
import GRDB
import Secure

/// The filing cabinet on SQLite: one file, one writer, a few readers.
///
/// The rhythm of every method: open a transaction, call a small function that takes the `Database`. Whatever is not a
/// `Refusal` comes out as a `Mishap`; `CancellationError` comes out as itself.
public final class SQLiteCabinet: Cabinet {
    /// The database's name inside an archive's folder.
    public static let fileName = "sanyan.sqlite"

    let writer: any DatabaseWriter
    /// What stream keys and the addresses of restreams are sealed in.
    let box: Strongbox
    let errandsChanged: @Sendable () -> Void

    private init(
        _ writer: any DatabaseWriter, key: [UInt8], errandsChanged: @escaping @Sendable () -> Void
    ) throws {
        self.writer = writer
        self.errandsChanged = errandsChanged
        let box = Strongbox(key: key)
        self.box = box
        _ = try Migrations.run(on: writer)
        try writer.write { db in
            try Self.makeMissingBroadcasts(box, db)
            try Self.makeMissingMeetings(box, db)
            try Self.mendPassKeys(box, db)
        }
    }

    /// The name of the office's key, beside the database: it seals links, and what the database must not show.
    public static let keyName = "key"

    /// Opens the archive in a folder, brings it to the present shape, and makes both when they are not there yet.
    ///
    /// - Parameters:
    ///   - folder: the path of the archive's folder.
    ///   - errandsChanged: called after every commit that issued or cancelled errands, or changed what is broadcast.
    /// - Throws: a `Mishap`, also when the archive is of a newer program.
    public static func open(at folder: String, errandsChanged: @escaping @Sendable () -> Void) throws -> SQLiteCabinet {
        do {
            try Disk.makeFolder(folder)
            let path = folder + "/" + fileName
            // SQLite gives its companions the permissions of the file it finds.
            try Disk.touch(path)
            let pool = try DatabasePool(path: path, configuration: configuration)
            // The pool chooses NORMAL for its writer; what has returned must be on the disk (sqlite.org/pragma.html#pragma_synchronous).
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            let key = try SecretKey.load(orCreateAt: folder + "/" + keyName)
            return try SQLiteCabinet(pool, key: key.bytes, errandsChanged: errandsChanged)
        } catch let mishap as Mishap {
            throw mishap
        } catch {
            throw Mishap(doing: "open the archive", underlying: error)
        }
    }

    /// An archive that lives as long as this object, for tests and rehearsals.
    public static func inMemory(errandsChanged: @escaping @Sendable () -> Void = {}) throws -> SQLiteCabinet {
        try SQLiteCabinet(
            DatabaseQueue(configuration: configuration), key: Token.randomBytes(SecretKey.length),
            errandsChanged: errandsChanged)
    }

    /// Closes the file. Nothing needs it: a cabinet that is simply let go, or killed, loses nothing.
    public func close() throws {
        // The pool closes its readers last, and they cannot bring the write-ahead log home.
        try writer.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try writer.close()
    }

    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 2
        configuration.label = "archive"
        configuration.prepareDatabase { db in
            // Memory is a feature: one mebibyte of pages to a connection is plenty for a desk.
            try db.execute(sql: "PRAGMA cache_size = -1024")
        }
        return configuration
    }

    func write<Result: Sendable>(
        _ doing: String, _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do { return try await writer.write(body) } catch { throw Self.told(error, doing) }
    }

    func read<Result: Sendable>(
        _ doing: String, _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do { return try await writer.read(body) } catch { throw Self.told(error, doing) }
    }

    private static func told(_ error: any Error, _ doing: String) -> any Error {
        switch error {
        case is Refusal, is Mishap, is CancellationError: error
        default: Mishap(doing: doing, underlying: error)
        }
    }
}

/// In this room a row is the database's; the procedure's rows are not spoken of.
typealias Row = GRDB.Row

/// Values as JSON text in a column: keys sorted, so that equal values are equal text wherever no set is in them.
enum JSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

extension Row {
    func moment(_ column: String) -> Moment { Moment(milliseconds: self[column]) }

    func momentIfAny(_ column: String) -> Moment? {
        (self[column] as Int64?).map { Moment(milliseconds: $0) }
    }

    func id<Of>(_ column: String) -> Identifier<Of> { Identifier(self[column] as Int64) }

    func idIfAny<Of>(_ column: String) -> Identifier<Of>? { (self[column] as Int64?).map { Identifier($0) } }

    /// A code of one of our enumerations; a `Mishap` for a word that a newer program has written.
    func code<Code: RawRepresentable<String>>(_ column: String) throws -> Code {
        let word: String = self[column]
        guard let code = Code(rawValue: word) else { throw Mishap(doing: "read `\(word)` in column \(column)") }
        return code
    }
}

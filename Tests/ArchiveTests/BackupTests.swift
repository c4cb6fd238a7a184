// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import GRDB
import Testing

@testable import Archive

/// A backup is worth what its restoring shows.
@Suite struct BackupTests {
    /// An office with a document, a voided line, a booking and a key file.
    private func furnished(_ folder: Folder) async throws -> Bureau {
        let bureau = try await Bureau(try SQLiteCabinet.open(at: folder.path, errandsChanged: {}))
        let upload = try await FileShelf(at: folder.path).begin()
        try await upload.write(ShelfTests.pdf)
        let kept = try await upload.finish()
        let scan = try await bureau.cabinet.record(
            hash: kept.hash, name: "สแกน.pdf", kind: kept.kind, bytes: kept.bytes, at: monday)
        _ = try await bureau.cabinet.receive(
            letter(), contact: contact, documents: [scan.id], via: .counter, keyingSeconds: 120,
            by: Hand(bureau.secretary), at: monday, once: nil)
        _ = try await bureau.matter(at: .toPrepare)
        let wrong = try await bureau.matter(at: .toSubmit)
        try await bureau.act(.void(reason: "ลงรับซ้ำ"), wrong.id)
        try Data(repeating: 7, count: 32).write(to: URL(fileURLWithPath: folder.path + "/secret.key"))
        return bureau
    }

    @Test func `a backup made while people work is whole, and comes back`() async throws {
        let folder = try Folder()
        let place = try Folder()
        let bureau = try await furnished(folder)
        let work = Task {
            var count = 0
            while !Task.isCancelled {
                _ = try await bureau.matter(at: .toDecide)
                count += 1
            }
            return count
        }
        for round in 1...5 {
            let manifest = try Backup.make(from: folder.path, to: "\(place.path)/backup-\(round)")
            #expect(manifest.problems == [])
            #expect(try Backup.manifest(of: "\(place.path)/backup-\(round)") == manifest)
            try Backup.restore("\(place.path)/backup-\(round)", to: "\(place.path)/restored-\(round)")
            #expect(SQLiteCabinet.verify("\(place.path)/restored-\(round)") == [])
        }
        work.cancel()
        // The last letter may have been cut off by the cancelling; that is its only way to end.
        _ = try? await work.value
        let last = "\(place.path)/restored-6"
        try Backup.make(from: folder.path, to: "\(place.path)/backup-6")
        try Backup.restore("\(place.path)/backup-6", to: last)
        var filter = MatterFilter()
        filter.limit = 0
        let restored = try SQLiteCabinet.open(at: last, errandsChanged: {})
        #expect(try await restored.matters(filter) == bureau.cabinet.matters(filter))
        #expect(try await restored.people() == bureau.cabinet.people())
        #expect(FileManager.default.contents(atPath: last + "/secret.key") == Data(repeating: 7, count: 32))
        #expect(SQLiteCabinet.verify(folder.path) == [])
        let left = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.contains("partial") }
        #expect(left == [])
    }

    @Test func `nothing is written over`() async throws {
        let folder = try Folder()
        let place = try Folder()
        _ = try await furnished(folder)
        #expect(throws: Mishap.self) { try Backup.make(from: folder.path, to: place.path) }
        #expect(throws: Mishap.self) { try Backup.make(from: place.path, to: place.path + "/backup") }
        try Backup.make(from: folder.path, to: place.path + "/backup")
        #expect(throws: Mishap.self) { try Backup.restore(place.path + "/backup", to: folder.path) }
        #expect(throws: Mishap.self) { try Backup.restore(folder.path, to: place.path + "/restored") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["backup"])
    }

    @Test func `a changed, shortened or climbing backup is not restored`() async throws {
        let folder = try Folder()
        let place = try Folder()
        _ = try await furnished(folder)
        let backup = place.path + "/backup"
        let manifest = try Backup.make(from: folder.path, to: backup)
        for file in manifest.files {
            let url = URL(fileURLWithPath: "\(backup)/\(file.path)")
            let whole = try Data(contentsOf: url)
            for damaged in [whole.dropLast(), whole + [0], Data(whole.map { $0 ^ 1 })] {
                try Data(damaged).write(to: url)
                #expect(throws: Mishap.self) { try Backup.restore(backup, to: place.path + "/restored") }
            }
            try FileManager.default.removeItem(at: url)
            #expect(throws: Mishap.self) { try Backup.restore(backup, to: place.path + "/restored") }
            try whole.write(to: url)
        }
        var climbing = manifest
        climbing.files[0].path = "../sanyan.sqlite"
        try JSONEncoder().encode(climbing).write(to: URL(fileURLWithPath: backup + "/manifest.json"))
        #expect(throws: Mishap.self) { try Backup.restore(backup, to: place.path + "/restored") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["backup"])
    }

    // MARK: Planted damage

    struct Damage: Sendable, CustomTestStringConvertible {
        var sql: String
        var told: [String]
        var testDescription: String { sql }
    }

    private static let dropped = "trigger entry_kept is not as this program makes it"

    static let damages = [
        Damage(sql: "DROP TRIGGER entry_kept", told: [dropped]),
        Damage(
            sql: "UPDATE matter SET stage = 'closed' WHERE id = 1",
            told: ["matter 1: the list shows something else than its folder"]),
        Damage(sql: "DELETE FROM matter_officer", told: ["matter 2: the list shows something else than its folder"]),
        Damage(sql: "DELETE FROM booking", told: ["matter 2: the calendar shows something else than its folder"]),
        Damage(
            sql: "DELETE FROM matter_document",
            told: ["matter 1: its documents are not those of its folder"]),
        Damage(
            sql: "PRAGMA foreign_keys = OFF; DELETE FROM document",
            told: ["a line of `matter_document` points to a line of `document` that is not there"]),
        Damage(
            sql: "DROP TRIGGER entry_kept; UPDATE entry SET stage = 'closed' WHERE matter = 1",
            told: [dropped, "matter 1: the list shows something else than its folder"]),
        Damage(
            sql: "DROP TRIGGER entry_kept; UPDATE entry SET number = 9 WHERE matter = 1",
            told: [dropped, "matter 1: its entries are not numbered 1, 2, 3…"]),
        Damage(
            sql: "DROP TRIGGER register_stays; DELETE FROM register_number WHERE number = 1",
            told: [
                "trigger register_stays is not as this program makes it", "the incoming register of 2569 has a gap",
                "matter 2: the registers show something else than its folder",
            ]),
        Damage(
            sql: """
                DROP TRIGGER booking_once;
                INSERT INTO booking SELECT kind, resource, starts, ends, 1 FROM booking WHERE kind = 'room'
                """,
            told: [
                "trigger booking_once is not as this program makes it", "matters 1 and 2 are booked on one another",
                "matter 1: the calendar shows something else than its folder",
            ]),
        Damage(
            sql: "DROP TRIGGER letter_stays; DELETE FROM letter WHERE matter = 3",
            told: ["trigger letter_stays is not as this program makes it", "matter 3 has no folder or no letter"]),
        Damage(
            sql: "PRAGMA user_version = 0", told: ["the archive is of version 0; this program reads 9"]),
    ]

    @Test(arguments: damages) func `verify names planted damage`(_ damage: Damage) async throws {
        let folder = try Folder()
        let bureau = try await furnished(folder)
        #expect(SQLiteCabinet.verify(folder.path) == [])
        try await bureau.cabinet.writer.writeWithoutTransaction { db in try db.execute(sql: damage.sql) }
        #expect(SQLiteCabinet.verify(folder.path) == damage.told)
    }

    @Test func `verify names a document that is damaged or gone`() async throws {
        let folder = try Folder()
        let place = try Folder()
        let bureau = try await furnished(folder)
        let scan = try #require(try await bureau.cabinet.documents([Document.ID(1)]).first)
        let path = try #require(try FileShelf(at: folder.path).path(of: scan.hash))
        try Data("%PDF-1.7 forged".utf8).write(to: URL(fileURLWithPath: path))
        let damaged = ["document \(scan.hash) differs from its hash"]
        #expect(SQLiteCabinet.verify(folder.path) == damaged)
        // What is left is worth a backup, and the backup says what it lacks.
        #expect(try Backup.make(from: folder.path, to: place.path + "/one").problems == damaged)
        try Backup.restore(place.path + "/one", to: place.path + "/restored")
        try FileManager.default.removeItem(atPath: path)
        let missing = ["document \(scan.hash) is missing from the shelf"]
        #expect(SQLiteCabinet.verify(folder.path) == missing)
        #expect(try Backup.make(from: folder.path, to: place.path + "/two").problems == missing)
    }

    @Test func `verify survives a file that is no archive`() throws {
        let folder = try Folder()
        #expect(SQLiteCabinet.verify(folder.path) == ["there is no sanyan.sqlite in the folder"])
        try Data(repeating: 65, count: 9000).write(to: URL(fileURLWithPath: folder.path + "/sanyan.sqlite"))
        #expect(SQLiteCabinet.verify(folder.path).count == 1)
        #expect(throws: Mishap.self) { try SQLiteCabinet.open(at: folder.path, errandsChanged: {}) }
    }

    @Test func `pages of the file overwritten with noise are noticed`() async throws {
        let folder = try Folder()
        let bureau = try await furnished(folder)
        try bureau.cabinet.close()
        let url = URL(fileURLWithPath: folder.path + "/sanyan.sqlite")
        var bytes = try Data(contentsOf: url)
        // Closing has brought the write-ahead log home.
        try #require(bytes.count > 4096 * 8)
        var dice = Dice(state: 7)
        for place in 4096 * 4..<4096 * 8 { bytes[place] = UInt8.random(in: 0...255, using: &dice) }
        try bytes.write(to: url)
        #expect(SQLiteCabinet.verify(folder.path).isEmpty == false)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Film
import Footage
import Foundation
import HLS
import Studio
import Synchronization

@testable import Wire

/// A vault in a folder of its own, and what it told.
final class Storeroom: Sendable {
    let folder: URL
    let vault: Vault
    private let told = Mutex<[(String, Fault)]>([])
    let space: Mutex<(free: Int64, whole: Int64)>

    init(budget: Int64? = nil, free: Int64 = 1 << 40) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sanyan-\(UUID().uuidString)")
        self.folder = folder
        space = Mutex((free, 1 << 40))
        final class Box: Sendable { let room = Mutex<Storeroom?>(nil) }
        let box = Box()
        vault = try Vault(
            folder: folder.path, budgetBytes: budget,
            room: { _ in box.room.withLock { $0?.space.withLock { $0 } } ?? (free, 1 << 40) }, changed: { _ in },
            trouble: { name, fault in box.room.withLock { $0 }?.told.withLock { $0.append((name, fault)) } })
        box.room.withLock { $0 = self }
    }

    /// What went wrong so far.
    var faults: [Fault] { told.withLock { $0.map(\.1) } }

    /// Waits for everything that the vault has been asked to do.
    func settle() { vault.queue.sync {} }

    func remove() {
        // Left behind, it is only a temporary folder.
        try? FileManager.default.removeItem(at: folder)
    }

    /// The files of a broadcast.
    func files(_ name: String = "hall") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path)) ?? []).sorted()
    }

    func path(_ file: String, of name: String = "hall") -> URL { folder.appending(path: "\(name)/\(file)") }

    func bytes(_ file: String, of name: String = "hall") throws -> [UInt8] {
        Array(try Data(contentsOf: path(file, of: name)))
    }

    func index(_ file: String, of name: String = "hall") throws -> FilmIndex {
        let bytes = try bytes(file, of: name)
        var index = FilmIndex()
        index.grow(to: Int64(bytes.count), FilmFiles.Film.reading(bytes))
        return index
    }

    /// Puts a file there.
    func put(_ bytes: [UInt8], _ file: String, of name: String = "hall", mode: Int = 0o640) throws {
        try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        try Data(bytes).write(to: path(file, of: name))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(file, of: name).path)
    }

    func mode(_ file: String, of name: String = "hall") throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(file, of: name).path)[.posixPermissions] as? Int
    }
}

/// An airing that is told to a recorder, as the booth does.
struct Show {
    var airing = Airing()
    private var map = ""
    private var count = 0

    /// One publication; answers how many segments it had.
    mutating func play(_ fixture: String, _ publication: String, to recorder: Recorder, rendition: String = "v0") throws
    {
        airing.begin(publication)
        try airing.air(told(fixture))
        airing.take(.leave)
        tell(recorder, rendition)
    }

    mutating func tell(_ recorder: Recorder, _ rendition: String) {
        for segment in airing.segments[rendition]?[count...] ?? [] {
            if segment.map != map {
                recorder.take(segment.map, .of(airing.files[segment.map] ?? []), at: segment.wall.milliseconds)
                map = segment.map
            }
            for part in segment.parts { recorder.take(part.name, .of(part.bytes), at: 0) }
            recorder.settle(rendition, segment)
        }
        count = airing.segments[rendition]?.count ?? 0
    }
}

/// What an answer's content is.
func content(_ body: Body) -> [UInt8] {
    body.pieces.flatMap { Array($0.bytes) } + (body.file.map { $0.file.read(from: $0.from, count: $0.count) } ?? [])
}

func field(_ name: String, _ body: Body) -> String? { body.fields.first { $0.name == name }?.value }

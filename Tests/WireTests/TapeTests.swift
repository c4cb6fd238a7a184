// SPDX-License-Identifier: Apache-2.0
import Foundation
import Matroska
import RTP
import Studio
import Synchronization
import Testing

@testable import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What was told, and how much is said to be free.
private final class Notes: Sendable {
    let told = Mutex<[String]>([])
    let free = Mutex<Int64>(1 << 40)
}

/// A folder of a test's own.
private struct Attic {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tape-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() {
        // What is left over in the system's own folder goes with it.
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }
    func mode(_ path: String) -> mode_t {
        var about = stat()
        return lstat(path, &about) == 0 ? about.st_mode & 0o777 : 0
    }
}

private let camera = TrackFile.Beginning(content: .vp8, configuration: [], width: 640, height: 360, title: "")

private func block(_ milliseconds: Int64, key: Bool = false) -> MatroskaFile.Block {
    MatroskaFile.Block(milliseconds: milliseconds, isKey: key, bytes: [UInt8](repeating: 1, count: 40))
}

/// What is recorded of a meeting is whole, whatever happens to the disk or the program.
@Suite("A meeting's tape") struct TapeTests {
    @Test("takes half a write away again, and goes on at a key frame") func fullDisk() throws {
        let attic = try Attic()
        defer { attic.remove() }
        let path = attic.path("1-vp8.webm")
        var writes = 0
        let file = try TrackFile(path, camera) { bytes, file in
            writes += 1
            guard writes == 3 else { return RecordingFile.write(bytes, file) }
            // The disk takes some of it, and then no more.
            _ = RecordingFile.write(UnsafeRawBufferPointer(rebasing: bytes[..<20]), file)
            return ENOSPC
        }
        try file.write([block(0, key: true), block(40)])
        #expect(throws: Obstacle.failed(ENOSPC)) { try file.write([block(80), block(120)]) }
        try file.write([block(160), block(200)])
        try file.write([block(240), block(280, key: true), block(320)])
        let index = try TrackFile.read(path)
        #expect(index.frameCount == 4)
        #expect(index.wholeBytes == file.bytes)
        #expect(index.cues.map(\.milliseconds) == [0, 280])
    }

    @Test("what was torn is finished when its meeting is opened again; what has nothing in it goes") func torn() throws
    {
        let attic = try Attic()
        defer { attic.remove() }
        let folder = attic.path("meetings/hall/20261126T104500Z")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/1-vp8.webm"
        do {
            let file = try TrackFile(path, camera)
            try file.write([block(0, key: true), block(1_000)])
            try file.write([block(2_000, key: true)])
            _ = try TrackFile(folder + "/2-opus.webm", camera)
        }
        let torn = try FileHandle(forWritingTo: URL(filePath: path))
        try torn.seekToEnd()
        try torn.write(contentsOf: MatroskaFile.cluster([block(3_000, key: true)]).dropLast(7))
        try torn.close()
        let line = #"{"at":1764153900123,"kind":"tapeBegan","name":"ประชุม"}"#
        try Data((line + "\n" + #"{"at":17641"#).utf8).write(to: URL(filePath: folder + "/log.jsonl"))
        let shelf = try MeetingShelf(folder: attic.path("meetings"), changed: { _ in }, trouble: { _, _ in })
        shelf.open("hall", mayForget: false)
        shelf.done()
        let recording = try #require(shelf.recordings(of: "hall").first)
        #expect(
            (recording.name, recording.isOpen, recording.startedAt) == ("20261126T104500Z", false, 1_764_153_900_123))
        #expect(recording.milliseconds == 3_000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["1-vp8.webm", "log.jsonl"])
        #expect(attic.mode(path) == 0o440)
        #expect(try TrackFile.read(path).frameCount == 3)
        let log = try #require(MeetingLog(reading: folder + "/log.jsonl"))
        #expect(log.lines.map(\.kind) == [.recording, .recordingEnded])
        #expect(log.lines.last?.isBroken == true && log.lines.last?.at == 1_764_153_903_123)
    }

    @Test("the oldest goes when there is too little room, and only where that was said") func room() throws {
        let attic = try Attic()
        defer { attic.remove() }
        for (meeting, folder) in [
            ("hall", "20261125T080000Z"), ("hall", "20261126T080000Z"), ("kept", "20261124T080000Z"),
        ] {
            let path = attic.path("meetings/\(meeting)/\(folder)")
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let file = try TrackFile(path + "/1-vp8.webm", camera)
            try file.write([block(0, key: true)])
        }
        let notes = Notes()
        let shelf = try MeetingShelf(
            folder: attic.path("meetings"), room: { _ in (notes.free.withLock { $0 }, 1 << 40) }, changed: { _ in },
            trouble: { name, fault in notes.told.withLock { $0.append("\(name) \(fault.code)") } })
        shelf.open("hall", mayForget: true)
        shelf.open("kept", mayForget: false)
        shelf.done()
        #expect(notes.told.withLock { $0 } == [])
        // A byte is missing: one goes, and no more.
        shelf.queue.sync {
            // Only as long as this look takes: the shelf's own clock looks on this queue, too.
            notes.free.withLock { $0 = Vault.leastFreeBytes - 1 }
            shelf.look()
            notes.free.withLock { $0 = 1 << 40 }
        }
        #expect(shelf.recordings(of: "hall").map(\.name) == ["20261126T080000Z"])
        #expect(shelf.recordings(of: "kept").map(\.name) == ["20261124T080000Z"])
        #expect(notes.told.withLock { $0 } == ["hall recording-forgotten"])
        notes.free.withLock { $0 = MeetingShelf.leastBytes - 1 }
        var plan = MeetingPlan(name: "hall", title: "")
        plan.records = true
        #expect(shelf.begin(plan) == nil)
        #expect(notes.told.withLock { $0 }.last == "hall recording-failed")
    }

    @Test("nothing of a name is an instruction to the drawer of plates") func plates() {
        let place = Arrangement.Place(x: 0, y: 0, width: 640, height: 360)
        let script = Plates.script([.init(name: "ก{\\b1}\nข", place: place)], width: 640, height: 360)
        let line = script.split(separator: "\n").last.map(String.init) ?? ""
        #expect(line == "Dialogue: 0,0:00:00.00,99:00:00.00,plate,{\\an1\\pos(15,345)\\clip(0,0,640,360)\\fs22}กb1ข")
        #expect(Plates.filter("/tmp/it's: a,b") == "ass=/tmp/it\\\\\\'s\\\\\\: a\\,b")
    }

    @Test("a canvas covers what is there as far as the fourth plane says") func cover() {
        var canvas = Canvas(width: 4, height: 4)
        let place = Arrangement.Place(x: 2, y: 0, width: 2, height: 2)
        canvas.cover([200, 200, 200, 200, 90, 240, 255, 0, 255, 128], at: place)
        // 28 below: all of it, nothing, all of it, half of it.
        #expect(Array(canvas.bytes[0..<8]) == [28, 28, 200, 28, 28, 28, 200, 114])
        // One pixel of colour for four of light, as far as the first of them is seen.
        #expect(Array(canvas.bytes[16..<24]) == [128, 90, 128, 128, 128, 240, 128, 128])
        let before = canvas.bytes
        canvas.cover([1, 2, 3], at: place)
        #expect(canvas.bytes == before)
    }

    @Test("a track's file says what is in it") func names() {
        #expect(TapeReel.file(SourceID(7), .vp9) == "7-vp9.webm" && TapeReel.file(SourceID(8), .h264) == "8-h264.mkv")
        for format in PayloadFormat.allCases {
            #expect(TapeReel.content(of: TapeReel.file(SourceID(3), format)) == format.content)
        }
        #expect(TapeReel.content(of: "film.mp4") == nil && TapeReel.content(of: "7-odd.webm") == nil)
    }

    @Test("a canvas lays a picture where it belongs, in its own size or another") func canvas() {
        var canvas = Canvas(width: 8, height: 4)
        let small = Arrangement.Place(x: 0, y: 0, width: 2, height: 2)
        canvas.lay([10, 20, 30, 40, 50, 60], from: small, into: .init(x: 4, y: 2, width: 2, height: 2))
        #expect(Array(canvas.bytes[16..<24]) == [28, 28, 28, 28, 10, 20, 28, 28])
        #expect(Array(canvas.bytes[24..<32]) == [28, 28, 28, 28, 30, 40, 28, 28])
        #expect(Array(canvas.bytes[32..<40]) == [128, 128, 128, 128, 128, 128, 50, 128])
        #expect(Array(canvas.bytes[40...]) == [128, 128, 128, 128, 128, 128, 60, 128])
        canvas.lay([10, 20, 30, 40, 50, 60], from: small, into: .init(x: 0, y: 0, width: 4, height: 4))
        #expect(Array(canvas.bytes[0..<8]) == [10, 10, 20, 20, 28, 28, 28, 28])
        #expect(Array(canvas.bytes[24..<28]) == [30, 30, 40, 40])
    }
}

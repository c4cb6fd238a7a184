// SPDX-License-Identifier: Apache-2.0
import Film
import Footage
import Foundation
import HLS
import Studio
import Synchronization
import Testing

@testable import Wire

/// What is written, and what becomes of it when something goes wrong.
@Suite("a recording", .timeLimit(.minutes(2))) struct RecordingTests {
    private func complaints(_ room: Storeroom, _ file: String) throws -> String {
        let folder = room.folder.appending(path: "hall")
        let play = try MediaFiles.run(
            "ffmpeg", ["-v", "warning", "-xerror", "-i", file, "-f", "null", "-"], in: folder)
        return play.err
    }

    @Test(
        "holds what came, says when it was, and is read-only when it is finished",
        arguments: [
            ("ffmpeg-avc-aac.rtmp", "v0"), ("obs-avc-aac.rtmp", "v0"), ("hevc-aac.samples", "v0"),
            ("ffmpeg-audio.rtmp", "a0"),
        ])
    func itHoldsWhatCame(_ fixture: String, _ rendition: String) throws {
        let room = try Storeroom()
        defer { room.remove() }
        let recorder = Recorder(room.vault, name: "hall")
        var show = Show()
        try show.play(fixture, "one", to: recorder, rendition: rendition)
        recorder.done()
        let file = try #require(room.vault.recordings(of: "hall").first).file
        #expect(room.vault.recordings(of: "hall").map(\.isOpen) == [true])
        #expect(try room.mode(file) == 0o640)
        recorder.finish()
        #expect(room.files() == [file])
        #expect(try room.mode(file) == 0o440)
        let index = try room.index(file)
        #expect(try index.flaw == nil && index.end == Int64(room.bytes(file).count))
        let segments = show.airing.segments[rendition] ?? []
        #expect(index.fragments.count == segments.flatMap(\.parts).count)
        #expect(index.fragments.compactMap(\.wall) == segments.map(\.wall.milliseconds))
        let told = try #require(room.vault.recordings(of: "hall").first)
        #expect(!told.isOpen && told.bytes == index.end && told.milliseconds == index.microseconds / 1000)
        #expect(told.startedAt == segments[0].wall.milliseconds)
        #expect(room.faults == [])
        #expect(try complaints(room, file) == "")
    }

    @Test("goes on in the same file when the publisher returns, and in another with another configuration")
    func itGoesOn() throws {
        let room = try Storeroom()
        defer { room.remove() }
        let recorder = Recorder(room.vault, name: "hall")
        var show = Show()
        try show.play("ffmpeg-avc-aac.rtmp", "one", to: recorder)
        show.airing.wall.milliseconds += 60_000
        try show.play("ffmpeg-avc-aac.rtmp", "two", to: recorder)
        try show.play("hevc-aac.samples", "three", to: recorder)
        recorder.finish()
        #expect(room.files().count == 2)
        let first = try #require(room.vault.recordings(of: "hall").first)
        #expect((7_900...8_100).contains(first.milliseconds))
        for file in room.files() { #expect(try complaints(room, file) == "") }
        // What the world's clock says shows the absence.
        let index = try room.index(first.file)
        let walls = index.segments(.vod, isComplete: true).compactMap(\.wall)
        #expect(walls.count == 2 && walls[1] - walls[0] > 60_000)
    }

    @Test("leaves slates out, without a hole")
    func slates() throws {
        let room = try Storeroom()
        defer { room.remove() }
        let recorder = Recorder(room.vault, name: "hall")
        var show = Show()
        try show.play("ffmpeg-avc-aac.rtmp", "one", to: recorder)
        recorder.rest(true)
        try show.play("hevc-aac.samples", "slate", to: recorder)
        recorder.rest(false)
        try show.play("ffmpeg-avc-aac.rtmp", "two", to: recorder)
        recorder.finish()
        #expect(room.files().count == 1)
        let file = try #require(room.files().first)
        let index = try room.index(file)
        #expect(
            zip(index.fragments, index.fragments.dropFirst()).allSatisfy { abs($0.lead.end - $1.lead.start) < 9_000 })
        #expect((7_900...8_100).contains(index.microseconds / 1000))
        #expect(try complaints(room, file) == "")
    }

    @Test("goes on where it was when the disk has room again, and nothing torn is left between")
    func fullDisk() throws {
        let room = try Storeroom()
        defer { room.remove() }
        final class Disk: Sendable { let isFull = Mutex(false) }
        let disk = Disk()
        let recorder = Recorder(room.vault, name: "hall") { bytes, file in
            guard disk.isFull.withLock({ $0 }) else { return RecordingFile.write(bytes, file) }
            // It takes a little, as a disk does.
            _ = RecordingFile.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(100)), file)
            return ENOSPC
        }
        var show = Show()
        try show.play("ffmpeg-avc-aac.rtmp", "one", to: recorder)
        recorder.done()
        let file = try #require(room.files().first)
        let whole = try room.bytes(file).count
        disk.isFull.withLock { $0 = true }
        try show.play("ffmpeg-avc-aac.rtmp", "two", to: recorder)
        recorder.done()
        #expect(try room.bytes(file).count == whole)
        #expect(Set(room.faults) == [.recordingFailed("ดิสก์เต็ม · the disk is full")])
        disk.isFull.withLock { $0 = false }
        try show.play("ffmpeg-avc-aac.rtmp", "three", to: recorder)
        recorder.finish()
        #expect(room.files() == [file])
        #expect(try room.index(file).microseconds / 1000 == 8_000)
        #expect(try complaints(room, file) == "")
    }

    @Test("that was torn is cut to what is whole when its broadcast is opened; nothing else is touched")
    func repair() throws {
        let room = try Storeroom()
        defer { room.remove() }
        let film = try FilmFiles.Film("ffmpeg-avc-aac.rtmp")
        defer { try? FileManager.default.removeItem(at: film.folder) }  // Left behind, it is only a temporary folder.
        let whole = Int(film.index.fragments[4].end)
        let torn = Array(film.bytes[..<(whole + 999)])
        try room.put(torn, "20261126T104500Z.mp4")
        try room.put(Array(film.bytes[..<whole]) + [UInt8](repeating: 0, count: 4_096), "20261126T104500Z-2.mp4")
        try room.put(film.bytes, "20261126T104501Z.mp4", mode: 0o440)
        try room.put([0, 0, 0], "20261126T104502Z.mp4")
        try room.put(torn, "20261126T104503Z-cut1.mp4.part")
        try room.put(torn, "holiday.mp4")
        room.vault.open("hall", mayForget: false)
        room.settle()
        #expect(
            room.files() == [
                "20261126T104500Z-2.mp4", "20261126T104500Z.mp4", "20261126T104501Z.mp4", "holiday.mp4",
            ])
        #expect(try room.bytes("20261126T104500Z.mp4") == Array(film.bytes[..<whole]))
        #expect(try room.bytes("20261126T104500Z-2.mp4") == Array(film.bytes[..<whole]))
        #expect(try room.mode("20261126T104500Z.mp4") == 0o440)
        #expect(try room.bytes("holiday.mp4") == torn)
        #expect(
            room.vault.recordings(of: "hall").map(\.file)
                == ["20261126T104500Z.mp4", "20261126T104500Z-2.mp4", "20261126T104501Z.mp4"])
        #expect(room.vault.recordings(of: "hall").map(\.milliseconds) == [2_000, 2_000, 4_000])
        #expect(try complaints(room, "20261126T104500Z.mp4") == "")
        #expect(room.faults == [])
    }

    @Test("that is long and strange is left alone and told")
    func strange() throws {
        let room = try Storeroom()
        defer { room.remove() }
        try room.put([], "20261126T104500Z.mp4")
        // It has no bytes on the disk, only a length.
        #expect(truncate(room.path("20261126T104500Z.mp4").path, 100 << 20) == 0)
        room.vault.open("hall", mayForget: false)
        room.settle()
        #expect(room.files() == ["20261126T104500Z.mp4"])
        #expect(room.faults.map(\.code) == ["recording-failed"])
    }

    @Test("is erased with its pictures; one that is open is not")
    func erasing() async throws {
        let room = try Storeroom()
        defer { room.remove() }
        let recorder = Recorder(room.vault, name: "hall")
        var show = Show()
        try show.play("ffmpeg-avc-aac.rtmp", "one", to: recorder)
        recorder.done()
        let file = try #require(room.files().first)
        try room.put([1], String(file.dropLast(4)) + ".poster.jpg")
        try room.put([1], "20201126T104500Z.poster.jpg")
        #expect(await erase(file, room) == .stillOpen)
        recorder.finish()
        #expect(await erase("../hall/" + file, room) == .unknown)
        #expect(await erase("20201126T104500Z.mp4", room) == .unknown)
        #expect(await erase(file, room) == nil)
        #expect(room.files() == ["20201126T104500Z.poster.jpg"])
        #expect(room.vault.recordings(of: "hall") == [])
        #expect(await erase(file, room) == .unknown)
    }

    private func erase(_ file: String, _ room: Storeroom) async -> Obstacle? {
        await withCheckedContinuation { done in room.vault.erase(file, of: "hall") { done.resume(returning: $0) } }
    }

    @Test("is cut into another one that plays from its first picture")
    func cutting() async throws {
        let room = try Storeroom()
        defer { room.remove() }
        let recorder = Recorder(room.vault, name: "hall")
        var show = Show()
        try show.play("ffmpeg-avc-aac.rtmp", "one", to: recorder)
        recorder.finish()
        let whole = try #require(room.vault.recordings(of: "hall").first)
        let made = try await cut(whole.file, 1_500, 3_500, room).get()
        #expect(made.text == whole.file.dropLast(4) + "-cut1.mp4")
        #expect(made.isCut)
        #expect(try await cut(whole.file, 0, 9_999, room).get().text == whole.file.dropLast(4) + "-cut2.mp4")
        let part = try #require(room.vault.recordings(of: "hall").first { $0.file == made.text })
        #expect(part.milliseconds == 2_500 && part.startedAt == whole.startedAt + 1_000)
        #expect(try room.index(part.file).end == part.bytes)
        #expect(try room.mode(part.file) == 0o440)
        #expect(try complaints(room, part.file) == "")
        #expect(await cut(whole.file, 3_000, 3_000, room) == .failure(.nothingBetween))
        #expect(await cut("20201126T104500Z.mp4", 0, 1, room) == .failure(.unknown))
        #expect(room.files().filter { $0.hasSuffix(".mp4") }.count == 3)
    }

    private func cut(
        _ file: String, _ from: Int64, _ to: Int64, _ room: Storeroom
    ) async -> Result<RecordingName, Obstacle> {
        await withCheckedContinuation { done in
            room.vault.cut(file, of: "hall", from: from, to: to) { done.resume(returning: $0) }
        }
    }

    @Test("goes when there is no room, the oldest first, and only where it may")
    func forgetting() throws {
        let film = try FilmFiles.Film("ffmpeg-audio.rtmp")
        defer { try? FileManager.default.removeItem(at: film.folder) }  // Left behind, it is only a temporary folder.
        let size = Int64(film.bytes.count)
        let room = try Storeroom(budget: 4 * size)
        defer { room.remove() }
        for (name, hour) in [("kept", "08"), ("hall", "09"), ("hall", "10"), ("annex", "11"), ("hall", "12")] {
            try room.put(film.bytes, "20261126T\(hour)0000Z.mp4", of: name, mode: 0o440)
        }
        for name in ["kept", "hall", "annex"] { room.vault.open(name, mayForget: name != "kept") }
        room.settle()
        room.vault.queue.sync { room.vault.look() }
        #expect(room.files("hall") == ["20261126T100000Z.mp4", "20261126T120000Z.mp4"])
        #expect(room.faults == [.recordingForgotten("20261126T090000Z.mp4")])
        // A disk that is full for other reasons: what is missing goes, and no more.
        room.space.withLock { $0.free = Vault.leastFreeBytes - size - 1 }
        room.vault.queue.sync { room.vault.look() }
        #expect(room.files("hall") == ["20261126T120000Z.mp4"])
        #expect(room.files("annex") == [])
        #expect(room.files("kept") == ["20261126T080000Z.mp4"])
        #expect(room.faults.filter { $0.code == "disk-low" }.count == 3)
        #expect(room.vault.freeBytes == Vault.leastFreeBytes - size - 1)
    }

    @Test(
        "has a name that says when it began, and no other name is one",
        arguments: [
            ("20261126T104500Z.mp4", true), ("20261126T104500Z-2.mp4", true), ("20261126T104500Z-99-cut12.mp4", true),
            ("20261126T104500Z-cut1.mp4", true), ("20261126T104500Z-1.mp4", false), ("20261126T104500Z-0.mp4", false),
            ("20261126T104500Z-cut0.mp4", false), ("20261126T104500Z-cut.mp4", false), ("20261126T104500Z-.mp4", false),
            ("20261126T104500Z-100.mp4", false), ("20261126T104500Z", false), ("20261126T104500Z.mp4.part", false),
            ("20261326T104500Z.mp4", false), ("../20261126T104500Z.mp4", false), ("20261126T104500Z/.mp4", false),
            ("20261126t104500z.mp4", false), ("", false), (".mp4", false), ("20261126T104500Z-cut1-cut2.mp4", false),
            ("２０261126T104500Z.mp4", false),
        ])
    func names(_ text: String, _ isOne: Bool) {
        let name = RecordingName(text)
        #expect((name != nil) == isOne)
        if let name {
            #expect(name.startedAt == 1_795_689_900_000)
            #expect(name.text == text)
        }
    }

    @Test("names are in the order of their making")
    func order() throws {
        let texts = [
            "20261126T104500Z.mp4", "20261126T104500Z-cut1.mp4", "20261126T104500Z-2.mp4", "20261126T104500Z-10.mp4",
            "20261126T104501Z.mp4",
        ]
        #expect(texts.compactMap { RecordingName($0) }.shuffled().sorted().map(\.text) == texts)
        let now = WallTime(milliseconds: 1_795_689_900_999)
        #expect(RecordingName(now, copy: 1)?.text == texts[0])
        #expect(RecordingName(now, copy: 2)?.text == texts[2])
        #expect(RecordingName(now, copy: 2)?.part(3)?.part(4)?.text == "20261126T104500Z-2-cut4.mp4")
    }
}

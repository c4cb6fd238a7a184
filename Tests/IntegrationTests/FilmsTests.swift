// SPDX-License-Identifier: Apache-2.0
import Film
import Footage
import Foundation
import HLS
import HTTP
import Studio
import Testing

@testable import Wire

/// Recordings as they are answered with, without a line.
@Suite("films", .timeLimit(.minutes(2))) struct FilmsTests {
    /// One finished recording of a broadcast called hall.
    struct Cinema {
        let room: Storeroom
        let films: Films
        let file: String
        let bytes: [UInt8]

        init(_ fixture: String = "ffmpeg-avc-aac.rtmp") throws {
            room = try Storeroom()
            films = Films(room.vault)
            let recorder = Recorder(room.vault, name: "hall")
            var show = Show()
            try show.play(fixture, "one", to: recorder)
            recorder.finish()
            file = room.files().first ?? ""
            bytes = try room.bytes(file)
        }

        func ask(_ name: String, _ fields: [String: String] = [:], method: Request.Method = .get) async -> Body {
            var request = Request()
            request.method = method
            for (name, value) in fields { request.take(name, value) }
            guard let ask = FilmAsk(broadcast: "hall", file: file, name: name, FilmAsk.Conditions(request)) else {
                return .notFound
            }
            return await withCheckedContinuation { done in films.answer(ask) { done.resume(returning: $0) } }
        }
    }

    @Test("are listed by playlists that keep the rules")
    func playlists() async throws {
        let cinema = try Cinema()
        defer { cinema.room.remove() }
        let index = await cinema.ask("index.m3u8")
        #expect(index.status == 200 && field("content-type", index) == "application/vnd.apple.mpegurl")
        let text = String(decoding: content(index), as: UTF8.self)
        #expect(PlaylistRules.breaches(in: text) == [])
        #expect(text.hasSuffix("\nv0.m3u8\n"))
        let list = String(decoding: content(await cinema.ask("v0.m3u8")), as: UTF8.self)
        #expect(PlaylistRules.breaches(in: list) == [])
        #expect(list.hasSuffix("\nmedia.mp4\n#EXT-X-ENDLIST\n"))
        let zipped = await cinema.ask("v0.m3u8", ["accept-encoding": "gzip"])
        #expect(field("content-encoding", zipped) == "gzip")
    }

    @Test(
        "are sent whole or in the range that is asked for",
        arguments: [
            ("bytes=0-99", 0..<100), ("bytes=1000-", 1_000..<Int.max), ("bytes=-10", -10..<Int.max),
            ("bytes=5-5", 5..<6), ("bytes=0-999999999", 0..<Int.max),
        ])
    func ranges(_ range: String, _ wanted: Range<Int>) async throws {
        let cinema = try Cinema()
        defer { cinema.room.remove() }
        for name in ["media.mp4", cinema.file] {
            let whole = await cinema.ask(name)
            #expect(whole.status == 200 && field("accept-ranges", whole) == "bytes")
            let bytes = content(whole)
            #expect(field("content-length", whole) == "\(bytes.count)")
            if name == "media.mp4" { #expect(bytes == cinema.bytes) }
            let start = wanted.lowerBound < 0 ? bytes.count + wanted.lowerBound : wanted.lowerBound
            let end = min(bytes.count, wanted.upperBound)
            let part = await cinema.ask(name, ["range": range])
            #expect(part.status == 206)
            #expect(field("content-range", part) == "bytes \(start)-\(end - 1)/\(bytes.count)")
            #expect(field("content-length", part) == "\(end - start)")
            #expect(content(part) == Array(bytes[start..<end]))
        }
    }

    @Test("answer conditions as RFC 9110 has it")
    func conditions() async throws {
        let cinema = try Cinema()
        defer { cinema.room.remove() }
        let total = cinema.bytes.count
        let tag = try #require(field("etag", await cinema.ask("media.mp4")))
        let other = try #require(field("etag", await cinema.ask(cinema.file)))
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag != other)
        let beyond = await cinema.ask("media.mp4", ["range": "bytes=\(total)-"])
        #expect(beyond.status == 416 && field("content-range", beyond) == "bytes */\(total)")
        for (fields, status) in [
            (["if-none-match": tag], 304), (["if-none-match": "\"x\", W/\(tag)"], 304), (["if-none-match": "*"], 304),
            (["if-none-match": "\"x\""], 200), (["range": "bytes=0-1", "if-range": tag], 206),
            (["range": "bytes=0-1", "if-range": other], 200), (["range": "bytes=0-1", "if-range": "W/\(tag)"], 200),
            (["range": "bytes=0-1", "if-range": "Thu, 26 Nov 2026 10:45:00 GMT"], 200),
            (["range": "bytes=0-1,5-6"], 200), (["range": "lines=0-1"], 200), (["range": "bytes=9-1"], 200),
            (["range": "bytes=0-1", "if-none-match": tag], 304),
        ] {
            #expect(await cinema.ask("media.mp4", fields).status == status, "\(fields)")
        }
        #expect(await cinema.ask("media.mp4", ["range": "bytes=0-1"], method: .head).status == 200)
    }

    @Test("can be downloaded as an ordinary MP4 that every player opens")
    func download() async throws {
        let cinema = try Cinema()
        defer { cinema.room.remove() }
        let whole = await cinema.ask(cinema.file)
        #expect(field("content-disposition", whole) == "attachment; filename=\"hall-\(cinema.file)\"")
        try Data(content(whole)).write(to: cinema.room.folder.appending(path: "whole.mp4"))
        let probe = try MediaFiles.run(
            "ffprobe", ["-v", "warning", "-show_entries", "format=start_time,duration", "-of", "csv=p=0", "whole.mp4"],
            in: cinema.room.folder)
        #expect(probe.err == "")
        #expect(probe.out.hasPrefix("0.000000,4.0"))
    }

    @Test("that nobody has are not found, whatever they are called")
    func strangers() async throws {
        let cinema = try Cinema()
        defer { cinema.room.remove() }
        for (file, name) in [
            ("20201126T104500Z.mp4", "index.m3u8"), ("../hall/" + cinema.file, "media.mp4"),
            (cinema.file, "media.mp4x"),
            (cinema.file, "../studio.key"), (cinema.file, ""), ("", "media.mp4"), (cinema.file, "poster.jpg"),
        ] {
            guard let ask = FilmAsk(broadcast: "hall", file: file, name: name) else { continue }
            let body = await withCheckedContinuation { done in
                cinema.films.answer(ask) { done.resume(returning: $0) }
            }
            #expect(body.status == 404, "\(file) \(name)")
        }
        // What stands beside a recording is found when it does.
        try cinema.room.put([1, 2, 3], String(cinema.file.dropLast(4)) + ".poster.jpg")
        let poster = await cinema.ask("poster.jpg")
        #expect(poster.status == 200 && content(poster) == [1, 2, 3] && field("content-type", poster) == "image/jpeg")
    }

    @Test("that were erased are gone, and another of the same name is another")
    func erased() async throws {
        let cinema = try Cinema()
        defer { cinema.room.remove() }
        let tag = field("etag", await cinema.ask("media.mp4"))
        _ = await withCheckedContinuation { done in
            cinema.room.vault.erase(cinema.file, of: "hall") { done.resume(returning: $0) }
        }
        #expect(await cinema.ask("media.mp4").status == 404)
        try cinema.room.put(cinema.bytes, cinema.file, mode: 0o440)
        cinema.room.vault.note(
            State.Recording(file: cinema.file, bytes: 0, milliseconds: 0, startedAt: 0, isOpen: false),
            try #require(RecordingName(cinema.file)), of: "hall")
        let again = await cinema.ask("media.mp4")
        #expect(again.status == 200 && content(again) == cinema.bytes)
        #expect(field("etag", again) != tag)
    }

    @Test("of a broadcast that goes on are its past, which only grows")
    func past() async throws {
        let room = try Storeroom()
        defer { room.remove() }
        let films = Films(room.vault)
        let recorder = Recorder(room.vault, name: "hall")
        func past(_ since: Int64 = 0, isEnded: Bool = false) async -> String {
            let body = await withCheckedContinuation { done in
                films.past(of: "hall", since: since, isEnded: isEnded, zips: false) { done.resume(returning: $0) }
            }
            return body.status == 200 ? String(decoding: content(body), as: UTF8.self) : ""
        }
        #expect(await past() == "")
        var show = Show()
        var states: [String] = []
        for (number, fixture) in ["ffmpeg-avc-aac.rtmp", "ffmpeg-avc-aac.rtmp", "hevc-aac.samples"].enumerated() {
            try show.play(fixture, "p\(number)", to: recorder)
            show.airing.wall.milliseconds += 5_000
            recorder.done()
            let text = await past()
            if text != "" { states.append(text) }
        }
        let open = try #require(room.vault.recordings(of: "hall").last)
        #expect(open.isOpen)
        // What is open is served as far as it is whole, and cannot be downloaded yet.
        let ask = try #require(FilmAsk(broadcast: "hall", file: open.file, name: open.file))
        let download = await withCheckedContinuation { done in films.answer(ask) { done.resume(returning: $0) } }
        #expect(download.status == 404)
        recorder.finish()
        states.append(await past())
        states.append(await past(isEnded: true))
        for state in states { #expect(PlaylistRules.breaches(in: state) == []) }
        for (earlier, later) in zip(states, states.dropFirst()) {
            #expect(PlaylistRules.breaches(in: later, after: earlier) == [])
        }
        let last = try #require(states.last)
        let files = room.vault.recordings(of: "hall").map(\.file)
        #expect(files.count == 2)
        for file in files { #expect(last.contains("#EXT-X-MAP:URI=\"films/\(file)/media.mp4\",BYTERANGE=")) }
        #expect(last.hasSuffix("#EXT-X-ENDLIST\n"))
        // Since the second file began.
        let some = await past(open.startedAt)
        #expect(some.contains(files[1]) && !some.contains(files[0]))
    }

    @Test("are read by many at once, and little of them is kept in mind")
    func many() async throws {
        let cinema = try Cinema()
        defer { cinema.room.remove() }
        for number in 2...90 {
            let name = "\(cinema.file.prefix(16))-\(number).mp4"
            try cinema.room.put(cinema.bytes, name, mode: 0o440)
        }
        cinema.room.vault.open("hall", mayForget: false)
        cinema.room.settle()
        let films = cinema.films
        let count = await withTaskGroup(of: Bool.self) { group in
            for recording in cinema.room.vault.recordings(of: "hall") {
                guard let ask = FilmAsk(broadcast: "hall", file: recording.file, name: recording.file) else { continue }
                group.addTask {
                    let body = await withCheckedContinuation { done in films.answer(ask) { done.resume(returning: $0) }
                    }
                    return body.status == 200
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(count == 90)
        #expect(films.kept <= 64)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Wire

/// The pictures of a recording, drawn by Debian's ffmpeg.
@Suite("pictures", .timeLimit(.minutes(4))) struct PictureTests {
    final class Play {
        var pictures: Pictures?
        /// What was told of each recording: a reason, or nothing when all is well.
        var told: [String] = []

        init(_ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop) { pictures = Pictures(ffmpeg, on: loop) }

        func draw(_ recording: String, _ milliseconds: Int64) {
            pictures?.draw(recording, milliseconds: milliseconds) { [weak self] in self?.told.append($0 ?? "") }
        }
    }

    /// A recording of so many seconds that goes from black to white.
    private func record(_ seconds: Int, _ arguments: [String], as name: String, in folder: URL) throws -> String {
        let run = try MediaFiles.run(
            "ffmpeg",
            ["-v", "error"] + arguments + ["-t", "\(seconds)", "-movflags", "frag_keyframe+empty_moov", name],
            in: folder)
        #expect(run.err == "")
        return folder.appending(path: name).path
    }

    private func size(_ file: String, in folder: URL) throws -> String {
        try MediaFiles.run(
            "ffprobe", ["-v", "error", "-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0", file],
            in: folder
        ).out
    }

    /// The brightness of the middle of each still, 0 to 255.
    private func levels(_ file: String, places: [(Int, Int)], in folder: URL) throws -> [Int] {
        try places.map { x, y in
            let run = try MediaFiles.run(
                "ffmpeg",
                [
                    "-v", "error", "-y", "-i", file, "-vf", "crop=2:2:\(x * 160 + 80):\(y * 90 + 44),format=gray",
                    "-frames:v", "1", "-f", "rawvideo", "level",
                ], in: folder)
            #expect(run.err == "")
            return Int(try Data(contentsOf: folder.appending(path: "level"))[0])
        }
    }

    @Test("a poster, stills and their list lie beside the recording, and nothing else") func drawn() async throws {
        try await withFolder { folder in
            let source = ["-f", "lavfi", "-i", "color=s=64x36:r=25,geq=lum=T*10:cb=128:cr=128,scale=640:360"]
            let path = try record(
                24, source + ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25"], as: "film.mp4", in: folder)
            let stage = try await Stage { Play(on: $0) }
            try await stage.ask { $0.draw(path, 24_000) }
            try await stage.wait("it is drawn") { !$0.told.isEmpty }
            #expect(try await stage.ask { $0.told } == [""])
            await stage.clear()
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(
                names.filter { $0.hasPrefix("film") }.sorted()
                    == ["film.mp4", "film.poster.jpg", "film.sprite.jpg", "film.sprite.vtt"])
            #expect(try size("film.poster.jpg", in: folder) == "mjpeg,640,360\n")
            #expect(try size("film.sprite.jpg", in: folder) == "mjpeg,1600,180\n")
            // A still each two seconds, ten levels brighter each second, of which 16 is black and 235 white.
            let levels = try levels("film.sprite.jpg", places: [(0, 0), (1, 0), (5, 0), (0, 1)], in: folder)
            for (found, expected) in zip(levels, [0, 5, 98, 214]) { #expect(abs(found - expected) < 14) }
            let list = try String(contentsOf: folder.appending(path: "film.sprite.vtt"), encoding: .utf8)
            #expect(
                list.hasPrefix(
                    """
                    WEBVTT

                    00:00:00.000 --> 00:00:02.000
                    sprite.jpg#xywh=0,0,160,90

                    00:00:02.000 --> 00:00:04.000
                    sprite.jpg#xywh=160,0,160,90

                    """))
            #expect(list.hasSuffix("\n00:00:22.000 --> 00:00:24.000\nsprite.jpg#xywh=160,90,160,90\n"))
        }
    }

    @Test("one after the other: what fails says why and stops nobody, what is forgotten is not drawn")
    func oneByOne() async throws {
        try await withFolder { folder in
            let picture = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-c:v", "libx264", "-preset", "ultrafast"]
            let sound = try record(1, ["-f", "lavfi", "-i", "sine"], as: "sound.mp4", in: folder)
            let first = try record(3, picture, as: "first.mp4", in: folder)
            let second = try record(3, picture, as: "second.mp4", in: folder)
            let stage = try await Stage { Play(on: $0) }
            try await stage.ask { play in
                for path in [sound, folder.path + "/none.mp4", first, second] { play.draw(path, 3_000) }
                play.pictures?.forget(first)
            }
            try await stage.wait("all had their turn") { $0.told.count == 3 }
            let told = try await stage.ask { $0.told }
            #expect(told.map(\.isEmpty) == [false, false, true])
            #expect(told[1].hasSuffix("No such file or directory"))
            await stage.clear()
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(
                names.filter { !$0.hasSuffix(".mp4") && !$0.hasSuffix(".txt") }.sorted()
                    == ["second.poster.jpg", "second.sprite.jpg", "second.sprite.vtt"])
        }
    }

    @Test("without an ffmpeg it says so") func missing() async throws {
        let stage = try await Stage { Play(FFmpeg("/nowhere/ffmpeg"), on: $0) }
        try await stage.ask { play in for _ in 0..<3 { play.draw("/nowhere/film.mp4", 1_000) } }
        try await stage.wait("all had their turn") { $0.told.count == 3 }
        #expect(try await stage.ask { $0.told } == Array(repeating: FFmpeg.missing, count: 3))
        await stage.clear()
    }

    @Test("a long recording has a hundred stills at most") func long() {
        let sprite = Sprite(milliseconds: 3 * 3_600_000)
        #expect(sprite.stepMilliseconds == 108_000)
        #expect(sprite.layout == (10, 10))
        #expect(sprite.list.split(separator: "\n").count == 201)
        #expect(sprite.list.hasSuffix("02:58:12.000 --> 03:00:00.000\nsprite.jpg#xywh=1440,810,160,90\n"))
        #expect(Sprite(milliseconds: 0).layout == (1, 1))
        #expect(Sprite(milliseconds: 201_000).stepMilliseconds == 3_000)
    }
}

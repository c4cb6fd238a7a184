// SPDX-License-Identifier: Apache-2.0
import FMP4
import Film
import Footage
import Foundation
import HLS
import Testing

/// Recordings as Debian's ffmpeg reads them: whole, repaired, as playlists, trimmed, and as an ordinary MP4.
@Suite struct FilmFiles {
    /// A recording on the disk, as the recorder writes it, with its index.
    struct Film {
        let folder: URL
        let bytes: [UInt8]
        let index: FilmIndex

        init(_ name: String, publications: Int = 1) throws {
            let (folder, airing) = try MediaFiles.folder(name, publications: publications)
            self.folder = folder
            var bytes: [UInt8] = []
            for segment in airing.segments.values.first ?? [] {
                if bytes.isEmpty { bytes = airing.files[segment.map] ?? [] }
                let size = segment.bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
                let run = try FragmentShape(moof: segment.bytes.prefix(size)).runs[0]
                let reference = ReferenceTime(
                    track: run.track, wallMilliseconds: segment.wall.milliseconds,
                    decodeTime: run.frames[0].decodeTime)
                bytes += reference.bytes + segment.bytes
            }
            self.bytes = bytes
            var index = FilmIndex()
            index.grow(to: Int64(bytes.count), Film.reading(bytes))
            self.index = index
            try Data(bytes).write(to: folder.appendingPathComponent("media.mp4"))
        }

        static func reading(_ bytes: [UInt8]) -> (Int64, Int) -> [UInt8] {
            { offset, count in
                offset < bytes.count ? Array(bytes[Int(offset)..<min(bytes.count, Int(offset) + count)]) : []
            }
        }

        func write(_ pieces: [Piece], to name: String) throws {
            let whole = pieces.flatMap { piece -> ArraySlice<UInt8> in
                switch piece {
                case .bytes(let made): made
                case .range(let offset, let count): bytes[Int(offset)..<Int(offset + count)]
                }
            }
            try Data(whole).write(to: folder.appendingPathComponent(name))
        }

        /// What ffprobe and ffmpeg have to complain of.
        func complaints(_ name: String) throws -> String {
            let probe = try MediaFiles.run("ffprobe", ["-v", "warning", "-show_streams", name], in: folder)
            let play = try MediaFiles.run(
                "ffmpeg", ["-v", "warning", "-xerror", "-i", name, "-f", "null", "-"], in: folder)
            return probe.err + play.err
        }

        /// Of each stream: its codec, where it begins, how many packets it has.
        func streams(_ name: String) throws -> [(codec: String, start: Double, packets: Int)] {
            try MediaFiles.run(
                "ffprobe",
                [
                    "-v", "error", "-count_packets", "-show_entries", "stream=codec_name,start_time,nb_read_packets",
                    "-of", "csv=p=0", name,
                ], in: folder
            ).out.split(separator: "\n").map { line in
                let words = line.split(separator: ",").map(String.init)
                return (words[0], Double(words[1]) ?? -1, Int(words[2]) ?? -1)
            }
        }

        /// The decoded pictures and sounds, each by its checksum.
        func decoded(_ name: String, _ kind: String) throws -> [String] {
            try MediaFiles.run(
                "ffmpeg", ["-v", "error", "-i", name, "-map", "0:\(kind)", "-f", "framemd5", "-"], in: folder
            ).out.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap {
                $0.split(separator: ",").last.map { $0.trimmingCharacters(in: .whitespaces) }
            }
        }
    }

    @Test(arguments: MediaFiles.fixtures, [1, 2])
    func anOrdinaryMP4(_ fixture: (name: String, codecs: [String], seconds: Double), _ publications: Int) throws {
        let film = try Film(fixture.name, publications: publications)
        defer { try? FileManager.default.removeItem(at: film.folder) }  // Left behind, it is only a temporary folder.
        let progressive = try #require(Progressive(film.index, Film.reading(film.bytes)))
        try film.write(progressive.pieces(0..<progressive.byteCount), to: "whole.mp4")
        #expect(try film.complaints("media.mp4") == "")
        #expect(try film.complaints("whole.mp4") == "")
        let (before, after) = (try film.streams("media.mp4"), try film.streams("whole.mp4"))
        #expect(after.map(\.codec) == fixture.codecs)
        // Whatever is first is at 0, and the rest as far from it as it was.
        let start = before.map(\.start).min() ?? 0
        #expect(zip(before, after).allSatisfy { abs($0.start - start - $1.start) < 0.002 })
        guard publications == 1 else { return }
        #expect(before.map(\.packets) == after.map(\.packets))
        for kind in fixture.codecs.count == 1 ? ["a"] : ["v", "a"] {
            #expect(try film.decoded("whole.mp4", kind) == film.decoded("media.mp4", kind))
        }
    }

    @Test(arguments: MediaFiles.fixtures)
    func aTrimmedRecording(_ name: String, _ codecs: [String], _ seconds: Double) throws {
        let film = try Film(name)
        defer { try? FileManager.default.removeItem(at: film.folder) }  // Left behind, it is only a temporary folder.
        let read = Film.reading(film.bytes)
        for (from, to) in [(0, 100_000), (1_200, 2_900)] as [(Int64, Int64)] {
            var trim = try #require(Trim(film.index, from: from, to: to, read))
            var pieces: [Piece] = []
            while let next = trim.next(read) { pieces += next }
            try film.write(pieces, to: "trim.mp4")
            #expect(try film.complaints("trim.mp4") == "")
            let streams = try film.streams("trim.mp4")
            #expect(streams.map(\.codec) == codecs)
            // OBS's first picture is shown two pictures after it is decoded, at ten a second, and the sound with it.
            let wait = name.hasPrefix("obs") ? 0.2 : 0
            #expect(streams.allSatisfy { (wait...(wait + 0.1)).contains($0.start) })
            // It begins with the picture that was to begin with.
            guard codecs.count == 2 else { continue }
            let all = try film.decoded("media.mp4", "v")
            let some = try film.decoded("trim.mp4", "v")
            let first = Int((Double(trim.milliseconds.lowerBound) / 1000 * Double(all.count) / seconds).rounded())
            #expect(some.first == all[first])
            // What is shown from there on is the same; at the end a picture may wait for one that is not there.
            #expect(some.count >= 3 && some.prefix(some.count - 3) == all[first...].prefix(some.count - 3))
        }
    }

    /// Cut off anywhere, what is left after the repair is read without a word.
    @Test(arguments: MediaFiles.fixtures)
    func aRepairedRecording(_ name: String, _ codecs: [String], _ seconds: Double) throws {
        let film = try Film(name)
        defer { try? FileManager.default.removeItem(at: film.folder) }  // Left behind, it is only a temporary folder.
        for part in [1, 4, 6] {
            let length = film.bytes.count * part / 7
            let torn = Array(film.bytes[..<length])
            var index = FilmIndex()
            index.grow(to: Int64(length), Film.reading(torn))
            let whole = index.wholeBytes(Film.reading(torn))
            guard !index.fragments.isEmpty else { continue }
            try Data(torn.prefix(Int(whole))).write(to: film.folder.appendingPathComponent("repaired.mp4"))
            #expect(try film.complaints("repaired.mp4") == "")
        }
    }

    @Test(arguments: MediaFiles.fixtures)
    func asPlaylists(_ name: String, _ codecs: [String], _ seconds: Double) throws {
        let film = try Film(name)
        defer { try? FileManager.default.removeItem(at: film.folder) }  // Left behind, it is only a temporary folder.
        let reel = FilmReel(index: film.index, address: "media.mp4", isComplete: true, startedAt: 0)
        let texts = [
            "v0.m3u8": FilmPlaylist.vod(reel), "index.m3u8": FilmPlaylist.multivariant(film.index, address: "v0.m3u8"),
            "past.m3u8": FilmPlaylist.event([reel], isEnded: true),
        ]
        for (name, text) in texts {
            let text = try #require(text)
            #expect(PlaylistRules.breaches(in: text) == [])
            try Data(text.utf8).write(to: film.folder.appendingPathComponent(name))
        }
        for name in texts.keys.sorted() {
            #expect(try film.complaints(name) == "")
            #expect(try Set(film.streams(name).map(\.codec)) == Set(codecs))
        }
        for kind in codecs.count == 1 ? ["a"] : ["v", "a"] {
            #expect(try film.decoded("v0.m3u8", kind) == film.decoded("media.mp4", kind))
        }
    }
}

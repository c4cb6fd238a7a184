// SPDX-License-Identifier: Apache-2.0
import Footage
import Foundation
import HLS
import Media
import RTMP
import Testing

/// What is packaged, read by Debian's ffmpeg: it finds nothing to warn of, and the right lengths.
@Suite struct MediaFiles {
    /// Runs a program; what it said on standard output and on standard error.
    static func run(_ program: String, _ arguments: [String], in folder: URL) throws -> (out: String, err: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = folder
        let (out, err) = (folder.appendingPathComponent("out.txt"), folder.appendingPathComponent("err.txt"))
        for file in [out, err] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return (try String(contentsOf: out, encoding: .utf8), try String(contentsOf: err, encoding: .utf8))
    }

    /// Packages a fixture and writes every file and the last playlists into a new folder.
    static func folder(_ name: String, publications: Int = 1) throws -> (URL, Airing) {
        var airing = Airing()
        for index in 0..<publications {
            airing.begin("t\(index)")
            try airing.air(told(name))
            airing.take(.leave)
        }
        airing.take(.end)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sanyan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (file, bytes) in airing.files { try Data(bytes).write(to: folder.appendingPathComponent(file)) }
        for (file, playlists) in airing.playlists {
            try Data(playlists.last?.plain ?? []).write(to: folder.appendingPathComponent(file))
            try Data(playlists.last?.text ?? []).write(to: folder.appendingPathComponent("ll-" + file))
        }
        try Data((airing.multivariants.last ?? "").utf8).write(to: folder.appendingPathComponent("index.m3u8"))
        return (folder, airing)
    }

    static let fixtures: [(String, [String], Double)] = [
        ("ffmpeg-avc-aac.rtmp", ["h264", "aac"], 4), ("ffmpeg-audio.rtmp", ["aac"], 2),
        ("hevc-aac.samples", ["hevc", "aac"], 4), ("av1-opus.samples", ["av1", "opus"], 4),
        // It broke off between pictures that wait for each other.
        ("obs-avc-aac.rtmp", ["h264", "aac"], 7.2),
    ]

    @Test(arguments: fixtures)
    func ffmpegPlaysThePlaylists(_ name: String, _ codecs: [String], _ seconds: Double) throws {
        let (folder, airing) = try MediaFiles.folder(name)
        defer { try? FileManager.default.removeItem(at: folder) }  // Left behind, it is only a temporary folder.
        let rendition = airing.playlists.keys.sorted()[0]
        for playlist in [rendition, "index.m3u8", "ll-" + rendition] {
            let probe = try MediaFiles.run(
                "ffprobe",
                [
                    "-v", "warning", "-show_entries", "stream=codec_name:format=duration", "-of", "csv=p=0", playlist,
                ], in: folder)
            #expect(probe.err == "")
            let lines = probe.out.split(separator: "\n").map(String.init)
            #expect(Array(Set(lines.dropLast())).sorted() == codecs.sorted())
            let duration = lines.last.flatMap { Double($0) } ?? 0
            #expect(abs(duration - seconds) < 0.1)
            let play = try MediaFiles.run(
                "ffmpeg", ["-v", "warning", "-xerror", "-i", playlist, "-f", "null", "-"], in: folder)
            #expect(play.err == "")
        }
    }

    /// Init segment and segments joined are one file, as a recording will be.
    @Test(arguments: fixtures)
    func aRecordingIsInitAndSegments(_ name: String, _ codecs: [String], _ seconds: Double)
        throws
    {
        let (folder, airing) = try MediaFiles.folder(name)
        defer { try? FileManager.default.removeItem(at: folder) }  // Left behind, it is only a temporary folder.
        let segments = airing.segments.values.first ?? []
        let whole = (airing.files[segments[0].map] ?? []) + segments.flatMap(\.bytes)
        try Data(whole).write(to: folder.appendingPathComponent("whole.mp4"))
        let probe = try MediaFiles.run(
            "ffprobe",
            [
                "-v", "warning", "-count_packets", "-show_entries", "stream=codec_name,nb_read_packets", "-of",
                "csv=p=0", "whole.mp4",
            ], in: folder)
        #expect(probe.err == "")
        var packets: [String: Int] = [:]
        for news in try told(name) {
            if case .sample(let sample) = news { packets[sample.track.kind == .video ? "v" : "a", default: 0] += 1 }
        }
        let found = probe.out.split(separator: "\n").compactMap { Int($0.split(separator: ",").last ?? "") }
        if let pictures = packets["v"] { #expect(found.first == pictures) }
        // Sound from before the first picture, and what came after the last, is not in it.
        #expect((0...8).contains((packets["a"] ?? 0) - (found.last ?? 0)))
        let play = try MediaFiles.run(
            "ffmpeg", ["-v", "warning", "-xerror", "-i", "whole.mp4", "-f", "null", "-"], in: folder)
        #expect(play.err == "")
    }

    /// Every part decodes after its init segment when it is independent, alone.
    @Test func anIndependentPartDecodesAlone() throws {
        let (folder, airing) = try MediaFiles.folder("ffmpeg-avc-aac.rtmp")
        defer { try? FileManager.default.removeItem(at: folder) }  // Left behind, it is only a temporary folder.
        for segment in airing.segments["v0"] ?? [] {
            let part = segment.parts[0]
            try Data((airing.files[segment.map] ?? []) + part.bytes).write(to: folder.appendingPathComponent("p.mp4"))
            let play = try MediaFiles.run("ffmpeg", ["-v", "warning", "-i", "p.mp4", "-f", "null", "-"], in: folder)
            #expect(play.err == "")
        }
    }

    /// The publisher comes twice: one playlist, a discontinuity, and decode times that never run back.
    @Test func twoPublicationsAreOnePlaylist() throws {
        let (folder, airing) = try MediaFiles.folder("ffmpeg-avc-aac.rtmp", publications: 2)
        defer { try? FileManager.default.removeItem(at: folder) }  // Left behind, it is only a temporary folder.
        #expect(airing.segments["v0"]?.map(\.isDiscontinuous) == [false, false, true, false])
        let play = try MediaFiles.run(
            "ffmpeg", ["-v", "warning", "-xerror", "-i", "v0.m3u8", "-f", "null", "-"], in: folder)
        // ffmpeg 5 says this of every playlist with a second EXT-X-MAP, and nothing else may be said.
        let said = play.err.split(separator: "\n").filter { !$0.hasSuffix("Found duplicated MOOV Atom. Skipped it") }
        #expect(said == [])
        let probe = try MediaFiles.run(
            "ffprobe",
            ["-v", "error", "-select_streams", "v", "-show_entries", "packet=dts_time", "-of", "csv=p=0", "v0.m3u8"],
            in: folder)
        let times = probe.out.split(separator: "\n").compactMap { Double($0.prefix { $0 != "," }) }
        #expect(times.count == 200)
        #expect(zip(times, times.dropFirst()).allSatisfy { abs($1 - $0 - 0.04) < 0.002 })
    }
}

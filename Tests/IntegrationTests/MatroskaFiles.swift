// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import Foundation
import Matroska
import Media
import RTMP
import Testing

/// What is written for a program beside us, read by Debian's ffmpeg: every codec, every frame, every time.
@Suite("Matroska files") struct MatroskaFiles {
    @Test(
        "ffmpeg reads each frame with its time, and decodes it without a complaint",
        arguments: [
            ("ffmpeg-avc-aac.rtmp", ["h264", "aac"]), ("hevc-aac.samples", ["hevc", "aac"]),
            ("av1-opus.samples", ["av1", "opus"]),
        ])
    func reads(_ name: String, _ codecs: [String]) async throws {
        let signals = try told(name).compactMap(\.signal)
        try await withFolder { folder in
            for (track, expected) in zip([TrackID(.video), TrackID(.audio)], codecs) {
                var (bytes, times): ([UInt8], [Int64]) = ([], [])
                for signal in signals {
                    switch signal {
                    case .configuration(track, let codec, let record) where bytes.isEmpty:
                        bytes = MatroskaWriter.head(codec, record, try shape(codec, record))
                    case .sample(let sample) where sample.track == track:
                        // Written as late as a clock that has run for a day.
                        let time = sample.presentation + 86_400_000_000
                        bytes += MatroskaWriter.frame(presentedAt: time, isKey: sample.isKey, sample.bytes)
                        times.append(time)
                    default: break
                    }
                }
                try Data(bytes).write(to: folder.appending(path: "track.mkv"))
                let probe = try MediaFiles.run(
                    "ffprobe",
                    ["-v", "warning", "-show_entries", "stream=codec_name:packet=pts", "-of", "csv=p=0", "track.mkv"],
                    in: folder)
                #expect(probe.err == "")
                let lines = probe.out.split(separator: "\n")
                #expect(lines.last.map(String.init) == expected)
                #expect(lines.dropLast().compactMap { Int64($0.prefix { $0 != "," }) } == times)
                let play = try MediaFiles.run(
                    "ffmpeg", ["-v", "warning", "-xerror", "-i", "track.mkv", "-f", "null", "-"], in: folder)
                #expect(play.err == "")
            }
        }
    }

    private func shape(_ codec: Codec, _ record: ArraySlice<UInt8>) throws -> MatroskaWriter.Shape {
        switch codec {
        case .aac, .opus:
            let format: AudioFormat = codec == .aac ? try .aac(record) : try .opus(record)
            return .sound(rate: format.rate, channels: format.channels)
        default:
            let format: VideoFormat =
                codec == .avc ? try .avc(record) : codec == .hevc ? try .hevc(record) : try .av1(record)
            return .picture(width: format.width, height: format.height)
        }
    }
}

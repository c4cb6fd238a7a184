// SPDX-License-Identifier: Apache-2.0
import FMP4
import Foundation
import Matroska
import Media
import Studio
import Testing

@testable import Wire

/// The slates that are part of the program: whole, seamless, and as loud as they should be.
@Suite("slates", .timeLimit(.minutes(4))) struct SlateTests {
    @Test("a slate begins with a key frame and ends where it begins", arguments: Slate.allCases)
    func shape(_ slate: Slate) throws {
        let clip = Slates.clip(slate)
        #expect(clip.microseconds == 4_800_000)
        guard case .configuration(TrackID(.video), .avc, let record)? = clip.signals.first,
            case .configuration(TrackID(.audio), .aac, let config)? = clip.signals.dropFirst().first
        else {
            Issue.record("configurations come first")
            return
        }
        let picture = try VideoFormat.avc(record)
        #expect(picture.width == 1_280 && picture.height == 720)
        let sound = try AudioFormat.aac(config)
        #expect(sound.rate == 48_000 && sound.channels == 2)
        let pictures = clip.signals.samples(TrackID(.video))
        let pictureTimes = (0..<144).map { (number: Int64) in (number * 2_000_000 + 30) / 60 }
        #expect(pictures.map(\.microseconds) == pictureTimes)
        #expect(pictures.indices.filter { pictures[$0].isKey } == [0, 48, 96])
        #expect(pictures.allSatisfy { $0.compositionMicroseconds == 0 })
        let sounds = clip.signals.samples(TrackID(.audio))
        let soundTimes = (0..<225).map { (number: Int64) in (number * 128_000 + 3) / 6 }
        #expect(sounds.map(\.microseconds) == soundTimes)
        let times = clip.signals.compactMap { if case .sample(let sample) = $0 { sample.microseconds } else { nil } }
        #expect(times == times.sorted())
    }

    @Test("ffmpeg plays two rounds of it without a complaint", arguments: Slate.allCases)
    func plays(_ slate: Slate) async throws {
        try await withFolder { folder in
            let clip = Slates.clip(slate)
            for signal in clip.signals.prefix(2) {
                guard case .configuration(let track, let codec, let record) = signal else { continue }
                let shape: MatroskaWriter.Shape =
                    codec == .avc ? .picture(width: 1_280, height: 720) : .sound(rate: 48_000, channels: 2)
                var bytes = MatroskaWriter.head(codec, record, shape)
                for round in 0..<2 {
                    for sample in clip.signals.samples(track) {
                        let time = sample.microseconds + Int64(round) * clip.microseconds
                        bytes += MatroskaWriter.frame(presentedAt: time, isKey: sample.isKey, sample.bytes)
                    }
                }
                try Data(bytes).write(to: folder.appending(path: "round.mkv"))
                let run = try MediaFiles.run(
                    "ffmpeg", ["-v", "warning", "-xerror", "-i", "round.mkv", "-f", "null", "-"], in: folder)
                #expect(run.err == "")
            }
        }
    }

    @Test("the tone is -23 LUFS without a click where it begins anew, and quiet is quiet")
    func loud() async throws {
        for (slate, range) in [(Slate.testCard, -2_310 ... -2_290), (.backSoon, -12_000 ... -9_000)] {
            let clip = Slates.clip(slate)
            let stage = try await Stage { LoudnessPort(on: $0) { _ in } }
            try await stage.ask { port in
                for signal in clip.signals { port.take(signal) }
                for case .sample(var sample) in clip.signals {
                    sample.microseconds += clip.microseconds
                    port.take(.sample(sample))
                }
            }
            try await stage.wait("it was heard") { $0.loudness.shortTerm != nil }
            let loudness = try await stage.ask { $0.loudness }
            #expect(range.contains(try #require(loudness.shortTerm)))
            // A click would be a peak: the tone's own is -23 dB.
            if slate == .testCard { #expect(try #require(loudness.peak) < -2_250) }
            await stage.clear()
        }
    }
}

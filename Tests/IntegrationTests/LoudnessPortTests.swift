// SPDX-License-Identifier: Apache-2.0
import Foundation
import Media
import Studio
import Testing

@testable import Wire

/// A publisher's sound, decoded by Debian's ffmpeg and measured.
@Suite("the loudness port", .timeLimit(.minutes(4))) struct LoudnessPortTests {
    final class Play {
        var port: LoudnessPort?
        var helpers: [State.Companion] = []

        init(_ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop) {
            port = LoudnessPort(ffmpeg, on: loop) { [weak self] in self?.helpers.append($0) }
        }

        func hear(_ signals: [Signal]) { for signal in signals { port?.take(signal) } }
        var loudness: State.Loudness { port?.loudness ?? State.Loudness() }
    }

    /// Five seconds of 1 kHz at -23 dBFS in each channel.
    private static func tone(_ arguments: [String], channels: Int = 2) throws -> [Signal] {
        let sine = "0.0708*sin(2*PI*1000*t)"
        let all = Array(repeating: sine, count: channels).joined(separator: "|")
        let source = ["-f", "lavfi", "-i", "aevalsrc=\(all):s=48000:d=5", "-af", "afade=d=0.1"]
        // The last frames are filled up with silence.
        return try published(source + arguments).dropLast(25)
    }

    @Test(
        "a tone is as loud as it is, in AAC and Opus, one channel or six",
        arguments: [
            (["-c:a", "aac", "-b:a", "128k"], 2, -2_300), (["-c:a", "libopus", "-b:a", "128k"], 2, -2_300),
            (["-c:a", "aac", "-b:a", "128k"], 1, -2_601),
            // Left, right and centre count one, surrounds 1.41 each: 10 log (5.82 / 2) above a pair.
            (["-c:a", "aac", "-b:a", "384k"], 6, -1_836), (["-c:a", "aac", "-b:a", "128k", "-ar", "44100"], 2, -2_300),
        ])
    func loud(_ codec: [String], _ channels: Int, _ expected: Int) async throws {
        let source = try Self.tone(codec, channels: channels)
        let stage = try await Stage { Play(on: $0) }
        try await stage.ask { $0.hear(source) }
        try await stage.wait("it heard three seconds") { $0.loudness.shortTerm != nil }
        let loudness = try await stage.ask { $0.loudness }
        for found in [loudness.momentary, loudness.shortTerm, loudness.integrated] {
            #expect(abs(try #require(found) - expected) <= 30, "\(loudness)")
        }
        #expect(abs(try #require(loudness.peak) + 2_300) <= 60)
        #expect(try await stage.ask { $0.helpers.map(\.condition) } == [.starting, .working])

        try await stage.ask { $0.port?.leave() }
        #expect(try await stage.ask { $0.helpers.last?.condition } == .resting)
        #expect(try await stage.ask { $0.loudness.integrated } != nil)
        try await stage.ask { $0.port?.restart() }
        #expect(try await stage.ask { $0.loudness } == State.Loudness())
        await stage.clear()
    }

    @Test("a publisher whose clock jumps is heard on") func jumps() async throws {
        let source = try Self.tone(["-c:a", "aac"])
        let stage = try await Stage { Play(on: $0) }
        try await stage.ask { play in
            play.hear(source)
            play.hear([.jump(byMilliseconds: -3_600_000)])
            play.hear(source)
        }
        try await stage.wait("it heard three seconds") { $0.loudness.shortTerm != nil }
        #expect(try await stage.ask { $0.helpers.allSatisfy { $0.condition != .waiting } })
        await stage.clear()
    }

    @Test("without an ffmpeg it says so, and measures nothing") func missing() async throws {
        let source = try Self.tone(["-c:a", "aac"])
        let stage = try await Stage { Play(FFmpeg("/nowhere/ffmpeg"), on: $0) }
        try await stage.ask { $0.hear(source) }
        #expect(try await stage.ask { $0.helpers.map(\.reason) } == [FFmpeg.missing])
        #expect(try await stage.ask { $0.loudness } == State.Loudness())
        await stage.clear()
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Media
import Studio
import Testing

@testable import Wire

/// Smaller pictures made by Debian's ffmpeg: with the publisher's own times, and again when it dies.
@Suite("the ladder", .timeLimit(.minutes(4))) struct LadderTests {
    /// A ladder with everything that came of it.
    final class Play {
        var ladder: Ladder?
        var signals: [Signal] = []
        var helpers: [State.Companion] = []

        init(_ rungs: [Plan.Rung], _ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop) {
            ladder = Ladder(rungs, ffmpeg, on: loop) { [weak self] news in
                switch news {
                case .signal(let signal): self?.signals.append(signal)
                case .helper(let helper): self?.helpers.append(helper)
                }
            }
        }

        func conditions() -> [State.Companion.Condition] { helpers.map(\.condition) }
    }

    /// Three seconds of 640 by 360 with B-frames and a key frame each second, far from the clock's beginning.
    private static func pictures(seconds: Int = 3, more: [String] = []) throws -> [Signal] {
        try published(
            ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=30000/1001:d=\(seconds)"] + more + [
                "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "30", "-sc_threshold", "0",
                "-output_ts_offset", "5000",
            ])
    }

    private let p240 = TrackID(.video, 104)

    @Test("every picture comes back on the publisher's clock, key frames where it has them") func times() async throws {
        let source = try Self.pictures()
        let stage = try await Stage { Play([.p1080, .p240, .p480, .sound], on: $0) }
        try await stage.ask { play in for signal in source { play.ladder?.take(signal) } }
        let sent = source.samples(TrackID(.video))
        // Two wait in the decoder for what might be shown before them, and MPEG-TS does not say where a picture ends.
        try await stage.wait("all pictures come back") { [p240] play in
            play.signals.samples(p240).count == sent.count - 3
        }
        let signals = try await stage.ask { $0.signals }
        let made = signals.samples(p240)
        #expect(signals.samples(TrackID(.video, 103)).isEmpty, "480 is not smaller than 360")
        #expect(made.map(\.presentation) == sent.map(\.presentation).sorted().dropLast(3))
        let keys = sent.filter(\.isKey)
        #expect(made.filter(\.isKey).map(\.presentation) == keys.map(\.presentation))
        #expect(made.filter(\.isKey).map(\.microseconds) == keys.map(\.microseconds))
        let wait = keys[0].compositionMicroseconds
        #expect(wait > 60_000 && made.allSatisfy { $0.compositionMicroseconds == wait })
        guard case .configuration(p240, .avc, let record)? = signals.first else {
            Issue.record("first of all comes the configuration")
            return
        }
        #expect(record.first == 1)
        #expect(try await stage.ask { $0.conditions() } == [.starting, .working])
        await stage.clear()
    }

    @Test("two rungs of one source are made by one ffmpeg") func rungs() async throws {
        let source = try published([
            "-f", "lavfi", "-i", "testsrc2=s=720x1280:r=25:d=1", "-c:v", "libx264", "-preset", "ultrafast",
        ])
        let stage = try await Stage { Play([.p480, .p240], on: $0) }
        try await stage.ask { play in for signal in source { play.ladder?.take(signal) } }
        try await stage.wait("both come back") { [p240] play in
            [TrackID(.video, 103), p240].allSatisfy { play.signals.samples($0).count >= 20 }
        }
        let sizes = try await stage.ask { play in
            play.signals.compactMap { signal -> [Int]? in
                guard case .configuration(_, _, let record) = signal else { return nil }
                return VideoSize.of(record)
            }
        }
        #expect(sizes.sorted { $0[0] > $1[0] } == [[480, 854], [240, 426]], "an upright picture stays upright")
        await stage.clear()
    }

    @Test(
        "HEVC and AV1 come in as well",
        arguments: [
            ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"]
        ])
    func others(_ codec: [String]) async throws {
        let source = try published(["-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=1"] + codec)
        let stage = try await Stage { Play([.p240], on: $0) }
        try await stage.ask { play in for signal in source { play.ladder?.take(signal) } }
        try await stage.wait("pictures come back") { [p240] in $0.signals.samples(p240).count >= 20 }
        await stage.clear()
    }

    @Test("one that dies is started again at the next key frame, and says why it waited") func dies() async throws {
        try await withFolder { folder in
            let source = try Self.pictures(seconds: 2)
            let mark = folder.appending(path: "mark").path
            let program = try script(
                """
                [ -e \(mark) ] && exec ffmpeg "$@"
                touch \(mark)
                echo the machine is on fire >&2
                exit 1
                """, in: folder)
            let stage = try await Stage { Play([.p240], FFmpeg(program), on: $0) }
            let send = { @Sendable (play: Play) in for signal in source { play.ladder?.take(signal) } }
            try await stage.ask(send)
            try await stage.wait("it waits and begins again") { $0.conditions() == [.starting, .waiting, .starting] }
            #expect(
                try await stage.ask { $0.helpers[1].reason }
                    == "ffmpeg หยุดทำงาน · ffmpeg ended: the machine is on fire")
            try await stage.ask(send)
            try await stage.wait("pictures come back") { [p240] in
                $0.signals.samples(p240).count == source.samples(TrackID(.video)).count - 3
            }
            #expect(try await stage.ask { $0.conditions() } == [.starting, .waiting, .starting, .working])
            await stage.clear()
        }
    }

    @Test("without an ffmpeg it says so, and nothing else happens") func missing() async throws {
        let source = try Self.pictures(seconds: 1)
        let stage = try await Stage { Play([.p240], FFmpeg("/nowhere/ffmpeg"), on: $0) }
        try await stage.ask { play in for signal in source { play.ladder?.take(signal) } }
        #expect(
            try await stage.ask { $0.helpers }
                == [State.Companion(name: "ladder", condition: .waiting, reason: FFmpeg.missing)])
        try await stage.ask { $0.ladder?.leave() }
        #expect(try await stage.ask { $0.conditions() } == [.waiting, .resting])
        #expect(try await stage.ask { $0.signals } == [])
        await stage.clear()
    }

    @Test("on a machine that is too slow it asks for less") func slow() async throws {
        try await withFolder { folder in
            let words = folder.appending(path: "words").path
            let program = try script("echo \"$@\" >> \(words); exec ffmpeg -readrate 0.2 \"$@\"", in: folder)
            let source = try Self.pictures(seconds: 12)
            let stage = try await Stage { Play([.p240], FFmpeg(program), on: $0) }
            try await stage.ask { play in for signal in source { play.ladder?.take(signal) } }
            try await stage.wait("something comes back") { [p240] in
                !$0.signals.samples(p240).isEmpty
            }
            try await stage.ask { play in play.ladder?.take(source[source.count - 1]) }
            try await stage.wait("it waits and begins again") {
                $0.conditions() == [.starting, .working, .waiting, .starting]
            }
            try await stage.wait("both said how") { _ in
                (try? String(contentsOfFile: words, encoding: .utf8))?.split(separator: "\n").count == 2
            }
            let presets = try String(contentsOfFile: words, encoding: .utf8).split(separator: "\n").map { line in
                line.split(separator: " ").drop { $0 != "-preset" }.dropFirst().first.map(String.init)
            }
            let first = Rungs.presets.firstIndex { $0 == presets[0] }
            #expect(presets[1] == first.map { Rungs.presets[$0 + 1] })
            await stage.clear()
        }
    }

    @Test("what ffmpeg is told") func arguments() {
        let rungs = Rungs(width: 1_920, height: 1_080, rungs: [.p720, .p240], effort: 1, processors: 1)
        let text = rungs.arguments.joined(separator: " ")
        #expect(
            text == """
                -hide_banner -nostdin -loglevel error -probesize 1000000 -analyzeduration 0 -fpsprobesize 0 -threads 1 \
                -f matroska -i pipe:0 -copyts -filter_threads 1 -filter_complex_threads 1 -filter_complex \
                [0:v:0]scale=1280:720:flags=bicubic,format=yuv420p,split=2[r0][s0];\
                [s0]scale=426:240:flags=bicubic,format=yuv420p[r1] -map [r0] -map [r1] -c:v libx264 -preset superfast \
                -tune zerolatency -threads 1 -sc_threshold 0 -g 600 -forced-idr 1 -force_key_frames source \
                -b:v:0 2400k -maxrate:v:0 2640k -bufsize:v:0 2400k -b:v:1 350k -maxrate:v:1 385k -bufsize:v:1 350k \
                -enc_time_base 1:90000 -fps_mode passthrough -muxdelay 0 -muxpreload 0 -flush_packets 1 -f mpegts pipe:1
                """)
        #expect(Rungs.below(width: 1_920, height: 1_080, [.p240, .sound, .p720, .p1080]) == [.p720, .p240])
        #expect(Rungs.below(width: 720, height: 1_280, [.p1080, .p720, .p480]) == [.p480])
        #expect(Rungs.below(width: 320, height: 180, [.p1080, .p240]) == [])
    }
}

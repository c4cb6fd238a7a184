// SPDX-License-Identifier: Apache-2.0
import Footage
import Foundation
import HLS
import Testing

@testable import Stagehands

/// What goes wrong at an encoder goes wrong for nobody else, and is told.
@Suite("bad input", .serialized, .timeLimit(.minutes(4))) struct BadInputTests {
    /// Handshakes that never end, other protocols, absurd chunk sizes and lengths: each is hung up on, and the broadcast
    /// beside them goes on.
    @Test("a stranger's bytes harm nobody") func strangers() async throws {
        try await beside { studio in
            let half = try Caller(studio.port)
            half.say([3] + [UInt8](repeating: 7, count: 700))
            let zero = try Caller(studio.port)
            zero.shakeHands()
            zero.say([2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0])  // A chunk size of 0.
            #expect(zero.isLeft().isLeft)
            let huge = try Caller(studio.port)
            huge.shakeHands()
            huge.say([2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF])  // The top bit is forbidden.
            #expect(huge.isLeft().isLeft)
            let long = try Caller(studio.port)
            long.shakeHands()
            long.say([3, 0, 0, 0, 0xFF, 0xFF, 0xFF, 20, 0, 0, 0, 0] + [UInt8](repeating: 2, count: 1 << 20))
            #expect(long.isLeft().isLeft)
            for garbage in [[UInt8](repeating: 0xFF, count: 5_000), Array("GET / HTTP/1.1\r\n\r\n".utf8)] {
                let other = try Caller(studio.port)
                other.say(garbage)
                #expect(other.isLeft().isLeft)
            }
            #expect(half.isLeft().isLeft, "nobody shakes hands for longer than five seconds")
        }
    }

    @Test("a wrong key is refused with a reason, in the protocol and in the metrics") func wrongKey() async throws {
        try await beside { studio in
            let caller = try Caller(studio.port)
            #expect(throws: HarnessFault.self) { try caller.publish(key: "not-the-key", port: studio.port) }
            let metrics = try await studio.get("/metrics").text
            #expect(metrics.contains("sanyan_broadcast_refused_total{broadcast=\"hall\"} 1\n"), "\(metrics)")
            #expect(metrics.contains("sanyan_broadcast_fault{broadcast=\"hall\",code=\"wrong-key\"} 1\n"))
        }
    }

    /// It was let in, and then announces a picture of 16 MB.
    @Test("a publisher of messages that are too long is dropped, and the console says why") func sixteenMegabytes()
        async throws
    {
        try await beside { studio in
            let caller = try Caller(studio.port)
            try caller.publish(key: "secret-key-1", port: studio.port)
            try await studio.wait(until: "sanyan_broadcast_receiving{broadcast=\"hall\"} 1\n")
            let piece = [UInt8](repeating: 0, count: 1 << 20)
            caller.say([6, 0, 0, 0, 0xFF, 0xFF, 0xFF, 9, 1, 0, 0, 0])
            for _ in 0..<16 { caller.say(piece) }
            #expect(caller.isLeft().isLeft)
            try await studio.wait(until: "sanyan_broadcast_receiving{broadcast=\"hall\"} 0\n")
            try await studio.wait(until: "sanyan_broadcast_fault{broadcast=\"hall\",code=\"publisher-broke\"} 1\n")
        }
    }

    @Test("an encoder without key frames is told; its parts and everybody else's go on") func noKeyFrames() async throws
    {
        try await beside { studio in
            let words = [
                "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p",
                "-x264-params",
                "keyint=infinite:min-keyint=infinite:scenecut=0",
            ]
            let encoder = try studio.ffmpeg(
                key: "secret-key-1", seconds: 30,
                RunningStudio.picture + RunningStudio.sound + words + RunningStudio.aac)
            try await studio.wait(
                until: "sanyan_broadcast_fault{broadcast=\"hall\",code=\"key-frames-too-far\"} 1\n")
            try await studio.goesOn("hall")
            encoder.signal(SIGKILL)
        }
    }

    @Test("an encoder's clock that jumps an hour is told, and its playlist goes on") func anHour()
        async throws
    {
        try await beside { studio in
            // Four seconds from the beginning everything is an hour of milliseconds later.
            let jump = { (packets: Int) in
                "setts=pts='PTS+gt(N,\(packets))*3600000':dts='DTS+gt(N,\(packets))*3600000'"
            }
            let encoder = try studio.ffmpeg(
                key: "secret-key-1", seconds: 16,
                RunningStudio.picture + RunningStudio.sound + RunningStudio.avc + RunningStudio.aac
                    + ["-bsf:v", jump(119), "-bsf:a", jump(187), "-max_interleave_delta", "1"])
            try await studio.wait(until: "sanyan_broadcast_fault{broadcast=\"hall\",code=\"clock-jumped\"} 1\n")
            try await studio.goesOn("hall", times: 8)
            try await studio.plays("hall")
            encoder.signal(SIGKILL)
        }
    }

    /// 2^24 ms is where RTMP's time grows by four bytes, 2^32 ms where it begins anew: no discontinuity, no fault.
    @Test("timestamps go across 2^24 and 2^32 ms as if there was nothing", arguments: [1 << 24, 1 << 32])
    func wrap(_ border: Int64) async throws {
        let folder = try scratch("wrap")
        defer { remove(folder) }
        let studio = try await RunningStudio(in: folder)
        let shot = try Shot(publish: "ffmpeg-avc-aac.rtmp")
        let port = studio.port
        let encoder = Task {
            try await Caller(port).play(shot, key: "secret-key-1", port: port, from: border - 6_000, seconds: 16)
        }
        let states = try await studio.goesOn("hall", times: 20)
        #expect(states.allSatisfy { !$0.contains("#EXT-X-DISCONTINUITY\n") })
        let metrics = try await studio.get("/metrics").text
        #expect(metrics.contains("sanyan_broadcast_fault{") == false, "\(metrics)")
        #expect(metrics.contains("sanyan_broadcast_drops_total{broadcast=\"hall\"} 0\n"))
        try await studio.plays("hall")
        try await encoder.value
        #expect(try await studio.recordings("hall") == [["h264", "aac"]])
    }

    /// Somebody else publishes properly all the while: their playlist moves before, during and after.
    private func beside(_ body: (RunningStudio) async throws -> Void) async throws {
        let folder = try scratch("bad-input")
        defer { remove(folder) }
        let studio = try await RunningStudio(in: folder)
        let good = try studio.publish(key: "secret-key-2", seconds: 60)
        try await studio.goesOn("annex", times: 3)
        try await body(studio)
        try await studio.goesOn("annex", times: 3)
        let metrics = try await studio.get("/metrics").text
        #expect(metrics.contains("sanyan_broadcast_drops_total{broadcast=\"annex\"} 0\n"), "\(metrics)")
        #expect(metrics.contains("sanyan_broadcast_interruptions_total{broadcast=\"annex\"} 0\n"))
        good.signal(SIGKILL)
        _ = await good.end(withinSeconds: 5)
        studio.child.signal(SIGTERM)
        #expect(await studio.child.end(withinSeconds: 10) == 0)
    }
}

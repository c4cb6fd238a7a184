// SPDX-License-Identifier: Apache-2.0
import Foundation
import HLS
import Testing

@testable import Stagehands

/// Real programs publish: what they send is listed, plays and is recorded.
@Suite("real encoders", .serialized, .timeLimit(.minutes(3))) struct EncoderTests {
    /// GStreamer's test picture and tone, encoded, into a multiplexer called `mux`.
    private static func pipeline(_ mux: String, _ door: String) -> [String] {
        let words =
            "-e videotestsrc is-live=true num-buffers=420 ! video/x-raw,format=I420,width=640,height=360,framerate=30/1 ! x264enc"
            + " speed-preset=ultrafast tune=zerolatency key-int-max=60 bitrate=800 ! h264parse ! queue ! mux."
            + " audiotestsrc is-live=true num-buffers=650 ! audio/x-raw,rate=48000,channels=2 ! voaacenc ! aacparse"
            + " ! queue ! mux. \(mux) name=mux ! \(door)"
        return words.split(separator: " ").map(String.init)
    }

    @Test("GStreamer publishes by RTMP") func gstreamer() async throws {
        try await published("hall", codecs: ["h264", "aac"]) { studio in
            let door = "rtmp2sink location=rtmp://127.0.0.1:\(studio.port)/live/secret-key-1"
            return try studio.encoder("gst-launch-1.0", Self.pipeline("flvmux streamable=true", door))
        }
    }

    @Test("GStreamer publishes by SRT") func gstreamerBySRT() async throws {
        try await published("hall", codecs: ["h264", "aac"]) { studio in
            let door =
                "srtsink uri=srt://127.0.0.1:\(studio.srt)?streamid=publish:secret-key-1 wait-for-connection=false"
            return try studio.encoder("gst-launch-1.0", Self.pipeline("mpegtsmux alignment=7", door))
        }
    }

    @Test("ffmpeg publishes HEVC, by SRT") func hevc() async throws {
        let hevc = [
            "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-x265-params",
            "keyint=60:bframes=0:log-level=none:pools=1:frame-threads=1",
        ]
        let states = try await published("hall", codecs: ["hevc", "aac"]) { studio in
            try studio.ffmpeg(
                key: "secret-key-1", seconds: 14, bySRT: true,
                ["-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30"] + RunningStudio.sound + hevc
                    + RunningStudio.aac)
        }
        #expect(states.index.contains("CODECS=\"hvc1."))
    }

    @Test("sound alone is a broadcast") func soundAlone() async throws {
        let states = try await published("hall", codecs: ["aac"]) { studio in
            try studio.ffmpeg(key: "secret-key-1", seconds: 14, RunningStudio.sound + RunningStudio.aac)
        }
        #expect(states.index.contains("RESOLUTION") == false)
    }

    @Test("a picture without sound is a broadcast") func pictureAlone() async throws {
        let states = try await published("hall", codecs: ["h264"]) { studio in
            try studio.ffmpeg(key: "secret-key-1", seconds: 14, RunningStudio.picture + RunningStudio.avc)
        }
        #expect(states.index.contains("mp4a") == false)
    }

    /// Somebody publishes: the playlists keep the rules, ffmpeg plays, and the recording has these codecs.
    @discardableResult private func published(
        _ name: String, codecs: [String], _ place: SourceLocation = #_sourceLocation,
        by encoder: (RunningStudio) throws -> Child
    ) async throws -> (index: String, states: [String]) {
        let folder = try scratch("encoder")
        defer { remove(folder) }
        let studio = try await RunningStudio(in: folder)
        let publisher = try encoder(studio)
        let index = try await studio.wait(for: "/live/\(name)/index.m3u8")
        let states = try await studio.goesOn(name, place)
        try await studio.plays(name, place)
        publisher.signal(SIGINT)
        _ = await publisher.end(withinSeconds: 10)
        let films = try await studio.recordings(name)
        #expect(films == [codecs], "\(publisher.said)", sourceLocation: place)
        return (index.text, states)
    }
}

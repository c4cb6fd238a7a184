// SPDX-License-Identifier: Apache-2.0
import Foundation
import FoundationNetworking
import HLS
import Media
import RTMP
import Testing

@testable import Stagehands

/// `sanyan studio` with real clients: ffmpeg publishes and plays, and nobody harms anybody.
@Suite("a broadcast", .serialized, .timeLimit(.minutes(4))) struct BroadcastTests {
    @Test(
        "ffmpeg publishes; every playlist keeps the rules; ffprobe and ffmpeg play it; the recording survives SIGKILL")
    func onAir() async throws {
        let folder = try scratch("broadcast")
        defer { remove(folder) }
        let studio = try await RunningStudio(in: folder)
        let encoder = try studio.publish(key: "secret-key-1", seconds: 90)
        let index = try await studio.wait(for: "/live/hall/index.m3u8")
        #expect(PlaylistRules.breaches(in: index.text) == [])
        let address = try #require(index.url)
        #expect(address.path.hasPrefix("/live/hall/v/"))
        #expect(index.text.contains("\nv0.m3u8"))

        let states = try await studio.follow(address.deletingLastPathComponent(), times: 12)
        for state in states { #expect(PlaylistRules.breaches(in: state) == []) }
        for (earlier, later) in zip(states, states.dropFirst()) {
            #expect(PlaylistRules.breaches(in: later, after: earlier) == [])
        }
        #expect(Set(states).count == states.count, "each blocking reload brings something new")

        let (play, said) = try await tool(
            "ffmpeg", ["-v", "error", "-xerror", "-i", address.absoluteString, "-t", "3", "-f", "null", "-"], folder)
        #expect(play == 0 && said == "", "\(said)")
        let past = address.deletingLastPathComponent().path + "/past.m3u8"
        let earlier = try await studio.wait(for: past).text
        #expect(PlaylistRules.breaches(in: earlier) == [])
        // Whoever has just fetched a part is counted; a slow machine may need a moment longer to say so.
        try await studio.wait(until: "sanyan_broadcast_viewers{broadcast=\"hall\"} 1\n") {
            _ = try await studio.follow(address.deletingLastPathComponent(), times: 2)
        }
        let metrics = try await studio.get("/metrics").text
        #expect(metrics.contains("sanyan_broadcast_receiving{broadcast=\"hall\"} 1\n"))
        #expect(metrics.contains("sanyan_broadcast_viewers{broadcast=\"annex\"} 0\n"))

        let (back, words) = try await tool(
            "ffmpeg",
            [
                "-v", "error", "-xerror", "-live_start_index", "0", "-i", studio.http + past, "-t", "3", "-f", "null",
                "-",
            ], folder)
        #expect(back == 0 && words == "", "\(words)")
        let later = try await studio.get(past).text
        #expect(PlaylistRules.breaches(in: later, after: earlier) == [])

        studio.child.signal(SIGKILL)
        _ = await studio.child.end(withinSeconds: 5)
        encoder.signal(SIGKILL)
        _ = await encoder.end(withinSeconds: 5)
        try await repaired(in: folder)
    }

    /// The studio is started again where it was killed: what it had recorded is whole, and finished.
    private func repaired(in folder: URL) async throws {
        let studio = try await RunningStudio(in: folder)
        let recordings = folder.appending(path: "data/recordings/hall")
        let files = try FileManager.default.contentsOfDirectory(atPath: recordings.path)
        #expect(files.count == 1)
        let file = recordings.appending(path: files.first ?? "none")
        var mode: Int?
        for _ in 0..<100 where mode != 0o440 {
            try await Task.sleep(for: .milliseconds(50))
            mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        }
        #expect(mode == 0o440)
        studio.child.signal(SIGTERM)
        _ = await studio.child.end(withinSeconds: 5)
        let (probe, words) = try await tool(
            "ffprobe", ["-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", file.path], folder)
        #expect(probe == 0)
        #expect(words.split(separator: "\n") == ["h264", "aac"])
        let (decode, errors) = try await tool(
            "ffmpeg", ["-v", "error", "-xerror", "-i", file.path, "-f", "null", "-"], folder)
        #expect(decode == 0 && errors == "", "\(errors)")
    }

    @Test("a wrong key is refused with a reason, garbage harms nobody, the doors answer as they should")
    func doors() async throws {
        let folder = try scratch("doors")
        defer { remove(folder) }
        let studio = try await RunningStudio(in: folder)
        #expect(try await studio.get("/healthz").code == 200)
        #expect(try await studio.get("/live/hall/index.m3u8").code == 404)
        #expect(try await studio.get("/live/nobody/index.m3u8").code == 404)
        let encoder = try studio.publish(key: "secret-key-1", seconds: 60)
        let wrong = try studio.publish(key: "not-the-key", seconds: 3)
        #expect(await wrong.end(withinSeconds: 20) != 0)
        for garbage in [[UInt8](repeating: 0xFF, count: 5_000), Array("GET / HTTP/1.1\r\n\r\n".utf8), [3, 0, 0]] {
            try studio.shout(garbage)
        }
        let index = try await studio.wait(for: "/live/hall/index.m3u8")
        let base = try #require(index.url?.deletingLastPathComponent().path)
        #expect(try await studio.get(base + "/v0.m3u8?_HLS_part=1").code == 400)
        #expect(try await studio.get(base + "/v0.m3u8?_HLS_msn=999").code == 400)
        #expect(try await studio.get(base + "/v0.m3u8?_HLS_msn=x").code == 400)
        #expect(try await studio.get(base + "/v0.m3u8?_HLS_msn=0&other=1").code == 200)
        #expect(try await studio.get(base + "/nothing.m4s").code == 404)
        #expect(try await studio.get(base + "/v7.m3u8").code == 404)
        let page = try await studio.get("/watch/hall")
        #expect(page.code == 200)
        #expect(page.policy.contains("script-src 'self'"))
        #expect(try await studio.get("/watch/-/player.js").code == 200)
        #expect(try await studio.get("/watch/nobody").code == 404)
        let plain = try await studio.get(base + "/v0.plain.m3u8").text
        #expect(PlaylistRules.breaches(in: plain) == [])
        #expect(plain.contains("#EXT-X-PART") == false)
        let metrics = try await studio.get("/metrics").text
        #expect(metrics.contains("sanyan_broadcast_refused_total{broadcast=\"hall\"} 1\n"))
        #expect(metrics.contains("sanyan_broadcast_receiving{broadcast=\"hall\"} 1\n"))
        encoder.signal(SIGTERM)
        _ = await encoder.end(withinSeconds: 10)
        #expect(studio.child.said.contains("not-the-key") == false, "no key is ever logged")
        studio.child.signal(SIGTERM)
        #expect(await studio.child.end(withinSeconds: 10) == 0)
    }

    @Test("ffmpeg publishes by SRT; a wrong key, a second publisher and garbage come to nothing; it may return")
    func bySRT() async throws {
        let folder = try scratch("srt")
        defer { remove(folder) }
        let studio = try await RunningStudio(in: folder)
        let wrong = try studio.publish(key: "not-the-key", seconds: 3, bySRT: true)
        #expect(await wrong.end(withinSeconds: 20) != 0)
        let encoder = try studio.publish(key: "secret-key-2", seconds: 20, bySRT: true)
        let index = try await studio.wait(for: "/live/annex/index.m3u8")
        #expect(PlaylistRules.breaches(in: index.text) == [])
        #expect(index.text.contains("RESOLUTION=640x360,FRAME-RATE=30.000"))
        let second = try studio.publish(key: "secret-key-2", seconds: 20, bySRT: true)
        #expect(await second.end(withinSeconds: 20) != 0)
        let address = try #require(index.url)
        let (play, said) = try await tool(
            "ffmpeg", ["-v", "error", "-xerror", "-i", address.absoluteString, "-t", "2", "-f", "null", "-"], folder)
        #expect(play == 0 && said == "", "\(said)")
        // Gone without a word, and back.
        encoder.signal(SIGKILL)
        _ = await encoder.end(withinSeconds: 5)
        try await studio.wait(until: "sanyan_broadcast_receiving{broadcast=\"annex\"} 0\n")
        let returned = try studio.publish(key: "secret-key-2", seconds: 4, bySRT: true)
        try await studio.wait(until: "sanyan_broadcast_interruptions_total{broadcast=\"annex\"} 1\n")
        #expect(await returned.end(withinSeconds: 20) == 0)
        #expect(studio.child.said.contains("not-the-key") == false, "no key is ever logged")
        studio.child.signal(SIGTERM)
        #expect(await studio.child.end(withinSeconds: 10) == 0)
    }
}

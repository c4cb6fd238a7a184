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
        let studio = try await Studio(in: folder)
        let encoder = try studio.publish(key: "secret-key-1", seconds: 14)
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
        let metrics = try await studio.get("/metrics").text
        #expect(metrics.contains("sanyan_broadcast_receiving{broadcast=\"hall\"} 1\n"))
        #expect(metrics.contains("sanyan_broadcast_viewers{broadcast=\"hall\"} 1\n"), "\(metrics)")
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
        let studio = try await Studio(in: folder)
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
        let studio = try await Studio(in: folder)
        #expect(try await studio.get("/healthz").code == 200)
        #expect(try await studio.get("/live/hall/index.m3u8").code == 404)
        #expect(try await studio.get("/live/nobody/index.m3u8").code == 404)
        let encoder = try studio.publish(key: "secret-key-1", seconds: 10)
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
        let studio = try await Studio(in: folder)
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

/// Runs a tool to its end: its code and what it said.
private func tool(_ name: String, _ arguments: [String], _ folder: URL) async throws -> (code: Int32, said: String) {
    let log = folder.appending(path: "\(name)-\(UUID()).log")
    let child = try Child(
        URL(filePath: "/usr/bin/" + name), arguments, ProcessInfo.processInfo.environment, log: log, echo: false)
    let code = await child.end(withinSeconds: 40)
    return (code, child.said)
}

/// `sanyan studio` on free loopback ports, from the moment it answers.
private struct Studio {
    struct Answer {
        var code = 0
        var text = ""
        var url: URL?
        var policy = ""
    }

    let child: Child
    let http: String
    let port: UInt16
    let srt: UInt16
    let folder: URL

    init(in folder: URL) async throws {
        self.folder = folder
        port = try freePort()
        srt = try freePort()
        let place = "127.0.0.1:\(try freePort())"
        http = "http://\(place)"
        child = try Child(
            Harness.program,
            [
                "studio", "--broadcast", "hall:secret-key-1", "--broadcast", "annex:secret-key-2", "--http", place,
                "--rtmp", "127.0.0.1:\(port)", "--srt", "127.0.0.1:\(srt)", "--data",
                folder.appending(path: "data").path,
            ], ProcessInfo.processInfo.environment, log: folder.appending(path: "studio.log"), echo: false)
        for _ in 0..<200 where child.isRunning {
            // It refuses connections until it listens: that is what is waited for.
            if let answer = try? await get("/healthz"), answer.code == 200 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw HarnessFault.programDidNotStart(said: child.said)
    }

    func get(_ path: String) async throws -> Answer {
        guard let url = URL(string: http + path) else { throw URLError(.badURL) }
        let (body, answer) = try await URLSession.shared.data(from: url)
        let http = answer as? HTTPURLResponse
        return Answer(
            code: http?.statusCode ?? 0, text: String(decoding: body, as: UTF8.self), url: http?.url,
            policy: http?.value(forHTTPHeaderField: "Content-Security-Policy") ?? "")
    }

    /// Asks until it is there, for twenty seconds.
    func wait(for path: String) async throws -> Answer {
        for _ in 0..<100 where child.isRunning {
            let answer = try await get(path)
            if answer.code == 200 { return answer }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw HarnessFault.programDidNotStart(said: child.said)
    }

    /// Reloads the first rendition's playlist, each time blocking for the part that comes next, and fetches that part.
    func follow(_ base: URL, times: Int) async throws -> [String] {
        var states = [try await get(base.path + "/v0.m3u8").text]
        for _ in 1..<times {
            let lines = (states.last ?? "").split(separator: "\n")
            let segments = lines.filter { !$0.hasPrefix("#") }.count
            let first = lines.first { $0.hasPrefix("#EXT-X-MEDIA-SEQUENCE:") }.flatMap { Int($0.dropFirst(22)) } ?? 0
            let behind = lines.lastIndex { !$0.hasPrefix("#") } ?? 0
            let parts = lines[behind...].filter { $0.hasPrefix("#EXT-X-PART:") }.count
            let answer = try await get(base.path + "/v0.m3u8?_HLS_msn=\(first + segments)&_HLS_part=\(parts)")
            #expect(answer.code == 200)
            states.append(answer.text)
            let hint = lines.last { $0.hasPrefix("#EXT-X-PRELOAD-HINT:") }?.split(separator: "\"").last ?? ""
            let part = try await get(base.path + "/" + hint)
            #expect(part.code == 200)
        }
        return states
    }

    /// Asks for the metrics until they say so, for twenty seconds.
    func wait(until line: String) async throws {
        for _ in 0..<100 where child.isRunning {
            if try await get("/metrics").text.contains(line) { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("the metrics never said \(line)")
    }

    /// ffmpeg sends a test picture and a tone in real time.
    func publish(key: String, seconds: Int, bySRT: Bool = false) throws -> Child {
        let door =
            bySRT
            ? ["-f", "mpegts", "srt://127.0.0.1:\(srt)?streamid=publish:\(key)"]
            : ["-f", "flv", "rtmp://127.0.0.1:\(port)/live/\(key)"]
        return try Child(
            URL(filePath: "/usr/bin/ffmpeg"),
            [
                "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30", "-f", "lavfi", "-i",
                "sine=frequency=440:sample_rate=48000", "-t", String(seconds), "-c:v", "libx264", "-preset",
                "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "60", "-b:v", "800k", "-c:a", "aac",
            ] + door, ProcessInfo.processInfo.environment, log: folder.appending(path: "encoder-\(UUID()).log"),
            echo: false)
    }

    /// Sends bytes to the encoders' door and hangs up.
    func shout(_ bytes: [UInt8]) throws {
        let line = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(line) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        let code = withUnsafeBytes(of: &address) { raw -> Int32 in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            return connect(line, base, socklen_t(raw.count))
        }
        guard code == 0 else { throw POSIXError(.ECONNREFUSED) }
        // It may hang up before everything is sent; that is its right.
        _ = bytes.withUnsafeBytes { send(line, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}

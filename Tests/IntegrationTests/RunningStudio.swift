// SPDX-License-Identifier: Apache-2.0
import Foundation
import FoundationNetworking
import HLS
import Testing

@testable import Stagehands

/// Runs a tool to its end: its code and what it said.
func tool(_ name: String, _ arguments: [String], _ folder: URL) async throws -> (code: Int32, said: String) {
    let log = folder.appending(path: "\(name)-\(UUID()).log")
    let child = try Child(
        URL(filePath: "/usr/bin/" + name), arguments, ProcessInfo.processInfo.environment, log: log, echo: false)
    let code = await child.end(withinSeconds: 40)
    return (code, child.said)
}

/// `sanyan studio` on free loopback ports, from the moment it answers.
struct RunningStudio {
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

    init(in folder: URL, _ more: [String] = []) async throws {
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
            ] + more, ProcessInfo.processInfo.environment, log: folder.appending(path: "studio.log"), echo: false)
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
        let index = try await get(base.path + "/index.m3u8").text
        let rendition = base.path + "/" + (index.split(separator: "\n").last ?? "")
        var states = [try await get(rendition).text]
        for _ in 1..<times {
            let lines = (states.last ?? "").split(separator: "\n")
            let segments = lines.filter { !$0.hasPrefix("#") }.count
            let first = lines.first { $0.hasPrefix("#EXT-X-MEDIA-SEQUENCE:") }.flatMap { Int($0.dropFirst(22)) } ?? 0
            let behind = lines.lastIndex { !$0.hasPrefix("#") } ?? 0
            let parts = lines[behind...].filter { $0.hasPrefix("#EXT-X-PART:") }.count
            let answer = try await get("\(rendition)?_HLS_msn=\(first + segments)&_HLS_part=\(parts)")
            #expect(answer.code == 200)
            states.append(answer.text)
            let hint = lines.last { $0.hasPrefix("#EXT-X-PRELOAD-HINT:") }?.split(separator: "\"").last ?? ""
            let part = try await get(base.path + "/" + hint)
            #expect(part.code == 200)
        }
        return states
    }

    /// Asks for the metrics until they say so, for twenty seconds; does `meanwhile` between.
    func wait(until line: String, meanwhile: () async throws -> Void = {}) async throws {
        for _ in 0..<100 where child.isRunning {
            if try await get("/metrics").text.contains(line) { return }
            try await meanwhile()
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("the metrics never said \(line)")
    }

    /// Follows a broadcast by blocking reloads: each brings something new, and every playlist keeps the rules, alone, after
    /// the one before, and beside the multivariant one.
    @discardableResult func goesOn(
        _ name: String, times: Int = 6, _ place: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        let index = try await wait(for: "/live/\(name)/index.m3u8")
        let base = try #require(index.url?.deletingLastPathComponent(), sourceLocation: place)
        let states = try await follow(base, times: times)
        for (number, state) in states.enumerated() {
            let breaches =
                number == 0
                ? PlaylistRules.breaches(in: state) : PlaylistRules.breaches(in: state, after: states[number - 1])
            #expect(breaches == [], sourceLocation: place)
        }
        #expect(Set(states).count == states.count, "each reload brings something new", sourceLocation: place)
        #expect(PlaylistRules.breaches(in: index.text) == [], sourceLocation: place)
        return states
    }

    /// Every picture at its own time: an encoder on a busy machine is not quite even, and ffmpeg would round it.
    private static let asTimed = ["-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-"]

    /// Plays a broadcast with ffmpeg for some seconds: not a word of complaint.
    func plays(_ name: String, seconds: Int = 2, _ place: SourceLocation = #_sourceLocation) async throws {
        let (code, said) = try await tool(
            "ffmpeg",
            [
                "-v", "error", "-xerror", "-i", "\(http)/live/\(name)/index.m3u8", "-t", String(seconds),
            ] + Self.asTimed, folder)
        #expect(code == 0 && said == "", "\(said)", sourceLocation: place)
    }

    /// SIGTERM; then ffprobe reads every recording of a broadcast without a warning, and ffmpeg decodes it. Answers the
    /// codecs of each.
    func recordings(_ name: String) async throws -> [[String]] {
        child.signal(SIGTERM)
        #expect(await child.end(withinSeconds: 10) == 0)
        let films = folder.appending(path: "data/recordings/\(name)")
        var codecs: [[String]] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: films.path).sorted()
        where file.hasSuffix(".mp4") {
            let path = films.appending(path: file).path
            let (probe, words) = try await tool(
                "ffprobe", ["-v", "warning", "-show_entries", "stream=codec_name", "-of", "csv=p=0", path], folder)
            #expect(probe == 0)
            codecs.append(words.split(separator: "\n").map(String.init))
            let (decode, errors) = try await tool(
                "ffmpeg", ["-v", "error", "-xerror", "-i", path] + Self.asTimed, folder)
            #expect(decode == 0 && errors == "", "\(errors)")
        }
        return codecs
    }

    // MARK: Encoders

    /// ffmpeg sends a test picture and a tone in real time.
    func publish(key: String, seconds: Int, bySRT: Bool = false) throws -> Child {
        try ffmpeg(key: key, seconds: seconds, bySRT: bySRT, Self.picture + Self.sound + Self.avc + Self.aac)
    }

    static let picture = ["-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30"]
    static let sound = ["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
    static let avc = [
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "60", "-b:v",
        "800k",
    ]
    static let aac = ["-c:a", "aac"]

    /// ffmpeg with these inputs and encoders publishes under a key.
    func ffmpeg(key: String, seconds: Int, bySRT: Bool = false, _ words: [String]) throws -> Child {
        let door =
            bySRT
            ? ["-f", "mpegts", "srt://127.0.0.1:\(srt)?streamid=publish:\(key)"]
            : ["-f", "flv", "rtmp://127.0.0.1:\(port)/live/\(key)"]
        return try encoder("ffmpeg", ["-v", "error"] + words + ["-t", String(seconds)] + door)
    }

    /// A program that publishes, whatever it is.
    func encoder(_ name: String, _ arguments: [String]) throws -> Child {
        try Child(
            URL(filePath: "/usr/bin/" + name), arguments, ProcessInfo.processInfo.environment,
            log: folder.appending(path: "encoder-\(UUID()).log"), echo: false)
    }

    /// Sends bytes to the encoders' door and hangs up.
    func shout(_ bytes: [UInt8]) throws {
        let line = try Caller(port)
        line.say(bytes)
        line.hangUp()
    }
}

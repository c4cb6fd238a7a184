// SPDX-License-Identifier: Apache-2.0
import Footage
import Foundation
import FoundationNetworking
import Media
import RTMP
import Secure
import Studio
import Synchronization
import Testing

@testable import Stagehands
@testable import Wire

/// A broadcast is sent on to real servers: ffmpeg that listens, and a studio of our own behind TLS.
@Suite("a restream", .serialized, .timeLimit(.minutes(3))) struct RestreamTests {
    @Test("ffmpeg listens and gets every frame; another target that is not there is called again and bothers nobody")
    func toFfmpeg() async throws {
        let folder = try scratch("restream")
        defer { remove(folder) }
        let (port, nowhere) = (try freePort(), try freePort())
        let film = try Film()
        defer { film.end() }
        let listener = try listen(port, "first.mkv", folder)
        try await Task.sleep(for: .milliseconds(500))  // It says nothing when it begins to listen.
        film.play(to: [
            .init(name: "one", address: "rtmp://localhost:\(port)/live/secret-1"),
            .init(name: "two", address: "rtmp://127.0.0.1:\(nowhere)/live/secret-2"),
        ])
        try await film.wait { $0[0].condition == .working && $0[1].condition == .waiting }
        #expect(film.helpers[1].reason == "ติดต่อเซิร์ฟเวอร์ปลายทางไม่ได้ · The other server cannot be reached.")
        try await Task.sleep(for: .seconds(3))
        film.play(to: [])
        #expect(await listener.end(withinSeconds: 10) == 0)
        let words = try await tool(
            "ffprobe",
            [
                "-v", "error", "-count_packets", "-show_entries", "stream=codec_name,width,nb_read_packets", "-of",
                "csv=p=0", folder.appending(path: "first.mkv").path,
            ], folder)
        let streams = words.split(separator: "\n").map { $0.split(separator: ",") }
        #expect(streams.map { $0.dropLast() } == [["h264", "320"], ["aac"]])
        // Two seconds at least, of 25 pictures each.
        #expect(try #require(Int(streams[0].last ?? "")) >= 50)
        let errors = try await tool(
            "ffmpeg", ["-v", "error", "-xerror", "-i", folder.appending(path: "first.mkv").path, "-f", "null", "-"],
            folder)
        #expect(errors == "")
        #expect(film.told.contains("secret") == false)
        #expect(film.told.contains("rtmp:") == false)
    }

    @Test("a server that goes away is called again, alone, until it is back")
    func comesBack() async throws {
        let folder = try scratch("restream")
        defer { remove(folder) }
        let port = try freePort()
        let film = try Film()
        defer { film.end() }
        let first = try listen(port, "first.mkv", folder)
        try await Task.sleep(for: .milliseconds(500))
        film.play(to: [.init(name: "one", address: "rtmp://127.0.0.1:\(port)/live/secret-1")])
        try await film.wait { $0[0].condition == .working }
        first.signal(SIGKILL)
        _ = await first.end(withinSeconds: 5)
        try await film.wait { $0[0].condition == .waiting }
        let second = try listen(port, "second.mkv", folder)
        try await film.wait { $0[0].condition == .working }
        try await Task.sleep(for: .seconds(2))  // A key frame comes each second.
        film.pause()
        #expect(await second.end(withinSeconds: 20) == 0, "a broadcast that rests says goodbye")
        try await film.wait { $0[0].condition == .resting }
        #expect(film.conditions.filter { $0 == .working }.count == 2)
    }

    @Test("by TLS: who proves to be the one gets the broadcast, who does not gets nothing, a wrong key is told apart")
    func byTLS() async throws {
        let folder = try scratch("restream")
        defer { remove(folder) }
        let (chain, key) = (folder.appending(path: "chain.pem").path, folder.appending(path: "key.pem").path)
        _ = try await tool(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", chain,
            ], folder)
        var settings = Station.Settings(
            http: .init("127.0.0.1", 0), rtmp: .init("127.0.0.1", 0), folder: nil)
        settings.rtmps = .init("localhost", 0)
        settings.certificate = (chain, key)
        settings.deliveryThreads = 1
        let station = try Station(settings)
        station.put(Plan(name: "hall", title: "hall", keyHashes: [Hex.text(Digest.sha256("secret-1"))]))
        let place = "rtmps://localhost:\(station.doors.rtmps)/live/"
        let film = try Film(trust: Trust(file: chain))
        let stranger = try Film()
        defer { (film.end(), stranger.end()) }
        film.play(to: [
            .init(name: "good", address: place + "secret-1"), .init(name: "bad", address: place + "secret-2"),
        ])
        stranger.play(to: [.init(name: "good", address: place + "secret-1")])
        try await film.wait { $0[0].condition == .working && $0[1].condition == .waiting }
        try await stranger.wait { $0[0].condition == .waiting }
        #expect(film.helpers[1].reason.hasSuffix("· \(SenderEnd.refused(.key).english)"))
        #expect(stranger.helpers[0].reason.hasSuffix("does not prove by TLS that it is the one."))
        let metrics = try #require(URL(string: "http://127.0.0.1:\(station.doors.http)/metrics"))
        let (body, _) = try await URLSession.shared.data(from: metrics)
        #expect(String(decoding: body, as: UTF8.self).contains("sanyan_broadcast_receiving{broadcast=\"hall\"} 1\n"))
        await station.stop()
        try await film.wait { $0[0].condition == .waiting }
    }

    @Test("an address that cannot be one is said to be, in words that do not have it")
    func badAddresses() async throws {
        let film = try Film()
        defer { film.end() }
        film.play(to: [
            .init(name: "one", address: "https://a.example/secret-1"),
            .init(name: "two", address: "rtmp://nowhere.invalid/live/secret-2"),
        ])
        try await film.wait { $0.allSatisfy { $0.condition == .waiting } }
        #expect(film.helpers[0].reason.hasSuffix("· \(RTMPAddress.Flaw.scheme.english)"))
        #expect(film.helpers[1].reason.hasSuffix("· No server has this name: check the address."))
        #expect(film.told.contains("secret") == false)
    }

    /// ffmpeg as a server that takes one publisher and writes what it gets.
    private func listen(_ port: UInt16, _ file: String, _ folder: URL) throws -> Child {
        try Child(
            URL(filePath: "/usr/bin/ffmpeg"),
            [
                "-v", "error", "-y", "-listen", "1", "-i", "rtmp://127.0.0.1:\(port)/live/any", "-c", "copy",
                folder.appending(path: file).path,
            ], ProcessInfo.processInfo.environment, log: folder.appending(path: file + ".log"), echo: false)
    }

    /// Runs a tool to its end and gives what it said.
    private func tool(_ name: String, _ arguments: [String], _ folder: URL) async throws -> String {
        let child = try Child(
            URL(filePath: "/usr/bin/" + name), arguments, ProcessInfo.processInfo.environment,
            log: folder.appending(path: "\(name).log"), echo: false)
        #expect(await child.end(withinSeconds: 30) == 0)
        return child.said
    }

    private func scratch(_ name: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sanyan-\(name)-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// A left-over in /tmp fails no test.
    private func remove(_ folder: URL) { try? FileManager.default.removeItem(at: folder) }
}

/// A recorded publish that is shown over and over in real time, on one clock, to a restreamer on a loop of its own.
// `told` is behind a mutex; all the rest that changes is touched on the loop alone.
private final class Film: @unchecked Sendable {
    private struct Told {
        var helpers: [State.Companion] = []
        var conditions: [State.Companion.Condition] = []
        var words = ""
    }

    private let loop: Loop
    private let formats: [Signal]
    private let frames: [Media.Sample]
    private let log = Mutex(Told())
    private var restreamer: Restreamer?
    private var begin: Int64?
    private var next = 0
    private var isPaused = false

    init(trust: Trust = .system) throws {
        var limits = Limits()
        limits.bytesBeforePublish = 1 << 20
        var reception = Reception(limits: limits)
        reception.take(try footage("ffmpeg-avc-aac.rtmp")[...])
        let signals = reception.news.compactMap(\.signal)
        frames = signals.compactMap { if case .sample(let sample) = $0 { sample } else { nil } }
        formats = signals.filter { if case .configuration = $0 { true } else { false } }
        loop = try Loop("film")
        loop.execute { [self] in
            restreamer = Restreamer(on: loop, trust: trust, log: hear) { [self] helpers in
                log.withLock {
                    if helpers.first?.condition != $0.helpers.first?.condition {
                        $0.conditions += helpers.prefix(1).map(\.condition)
                    }
                    $0.helpers = helpers
                }
            }
        }
    }

    var helpers: [State.Companion] { log.withLock { $0.helpers } }
    /// The first target's, one after the other.
    var conditions: [State.Companion.Condition] { log.withLock { $0.conditions } }
    /// Everything that was logged or is in the state.
    var told: String { log.withLock { $0.words + "\($0.helpers)" } }

    private func hear(_ line: String) { log.withLock { $0.words += line + "\n" } }

    func play(to targets: [Plan.Target]) {
        loop.execute { [self] in
            restreamer?.put(targets)
            guard begin == nil else { return }
            for format in formats { restreamer?.take(format) }
            begin = loop.now.milliseconds
            show()
        }
    }

    /// Nothing more comes, and nobody says so.
    func pause() { loop.execute { [self] in isPaused = true } }

    private func show() {
        guard let begin, !isPaused else { return }
        while true {
            var sample = frames[next % frames.count]
            sample.microseconds += Int64(next / frames.count) * 4_000_000
            guard sample.dtsMilliseconds <= loop.now.milliseconds - begin else { break }
            restreamer?.take(.sample(sample))
            next += 1
        }
        loop.after(20) { [weak self] in self?.show() }
    }

    /// For twenty seconds at most.
    func wait(until isSo: ([State.Companion]) -> Bool) async throws {
        for _ in 0..<400 {
            let helpers = helpers
            if !helpers.isEmpty, isSo(helpers) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("waited in vain: \(helpers)\n\(told)")
    }

    func end() {
        loop.execute { [self] in
            restreamer?.stop()
            restreamer = nil
            isPaused = true
        }
        loop.stop()
    }
}

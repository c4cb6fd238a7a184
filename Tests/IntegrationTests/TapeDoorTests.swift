// SPDX-License-Identifier: Apache-2.0
import Foundation
import Secure
import Studio
import Testing

@testable import Stagehands
@testable import Wire

/// The office's end of the line to a studio: it listens, and says orders.
private final class Office {
    private let door: Int32
    private var line: Int32 = -1
    private var heard = ""

    init(_ path: String) throws {
        door = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let code = withUnsafeBytes(of: &address) { raw -> Int32 in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            return bind(door, base, socklen_t(raw.count))
        }
        guard code == 0, Foundation.listen(door, 4) == 0 else { throw POSIXError(.EADDRINUSE) }
    }

    deinit {
        close(line)
        close(door)
    }

    /// Waits for the studio.
    func open() {
        line = accept(door, nil, nil)
        var patience = timeval(tv_sec: 8, tv_usec: 0)
        setsockopt(line, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    func say(_ order: Order) {
        let bytes = JSON.encode(order) + [0x0A]
        _ = write(line, bytes, bytes.count)
    }

    /// Whether something is told within eight seconds.
    func hears(_ words: String) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while !heard.contains(words) {
            let count = recv(line, &bytes, bytes.count, 0)
            guard count > 0 else { return false }
            heard += String(decoding: bytes.prefix(count), as: UTF8.self)
        }
        return true
    }
}

/// What was recorded of a meeting, behind the door at which the office fetches it.
@Suite("A meeting's recordings, by HTTP", .serialized) struct TapeDoorTests {
    private static let key = [UInt8](repeating: 7, count: 32)
    private static let name = "20261126T104500Z"
    private static let film = (0..<5_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }

    private func ticket(_ name: String = "hall", _ kind: Ticket.Kind = .preview, seconds: Int64 = 600) -> String {
        let now = Int64(Date().timeIntervalSince1970)
        return Ticket.sign(key: Self.key, name: name, kind: kind, untilSecond: now + seconds)
    }

    /// Does it with a studio that has one recording, and the office that it calls.
    private func withRecording(_ work: (RoomClient, Office, URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "td-\(UUID().uuidString.prefix(8))")
        // What is left over in the system's own folder goes with it.
        defer { try? FileManager.default.removeItem(at: folder) }
        let place = folder.appending(path: "data/meetings/hall/\(Self.name)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data(Self.film).write(to: place.appending(path: "film.mp4"))
        try Data("nobody's".utf8).write(to: place.appending(path: "secret.txt"))
        try Data((#"{"at":1764153900123,"kind":"tapeBegan","name":"ประชุม"}"# + "\n").utf8).write(
            to: place.appending(path: "log.jsonl"))
        try FileManager.default.createSymbolicLink(
            atPath: place.appending(path: "link.webm").path, withDestinationPath: "/etc/hostname")
        let desk = folder.appending(path: "desk.sock").path
        let office = try Office(desk)
        var settings = Station.Settings(
            http: Station.Door("127.0.0.1", 0), rtmp: Station.Door("127.0.0.1", 0),
            folder: folder.appending(path: "data").path)
        settings.udp = Station.Door("127.0.0.1", 0)
        (settings.desk, settings.deliveryThreads) = (desk, 1)
        let station = try Station(settings)
        office.open()
        var plan = MeetingPlan(name: "hall", title: "ประชุม")
        (plan.ticketKey, plan.isOver) = (Hex.text(Self.key), true)
        office.say(.meeting(plan))
        let client = RoomClient(port: UInt16(station.doors.http), room: "hall")
        for _ in 0..<100 where try client.get(path("film.mp4", ticket())).status != 200 {
            try await Task.sleep(for: .milliseconds(50))
        }
        try await work(client, office, place)
        await station.stop()
    }

    private func path(_ file: String, _ ticket: String) -> String {
        "/recordings/\(Self.name)/\(file)?ticket=\(ticket)"
    }

    @Test("want the office's ticket for them, and give any part of a file") func tickets() async throws {
        try await withRecording { client, _, _ in
            let good = ticket()
            let whole = try client.get(path("film.mp4", good))
            #expect(whole.status == 200 && Array(whole.text.utf8) == Self.film)
            #expect(whole.head.contains("content-type: video/mp4") && whole.head.contains("accept-ranges: bytes"))
            #expect(try client.get(path("log.jsonl", good)).text.contains(#""kind":"tapeEnded""#))
            var flipped = good
            flipped.replaceSubrange(flipped.startIndex...flipped.startIndex, with: good.hasPrefix("A") ? "B" : "A")
            let bad = [
                "", "guess", flipped, ticket("annex"), ticket("hall", .viewer), ticket(seconds: -1), good + good,
            ]
            #expect(try bad.map { try client.get(path("film.mp4", $0)).status } == bad.map { _ in 403 })
            #expect(try client.get("/recordings/\(Self.name)/film.mp4").status == 403)
            #expect(try RoomClient(port: client.port, room: "annex").get(path("film.mp4", good)).status == 404)
            #expect(try client.send("DELETE", path("film.mp4", good)).status != 200)
            #expect(try client.get(path("film.mp4", good)).status == 200)

            func part(_ range: String, _ more: [String] = []) throws -> (Int, String) {
                let answer = try client.send("GET", path("film.mp4", good), nil, ["range: \(range)"] + more)
                return (answer.status, answer.text)
            }
            #expect(try part("bytes=0-2") == (206, "abc"))
            #expect(try part("bytes=26-28") == (206, "abc"))
            #expect(try part("bytes=-3") == (206, String(decoding: Self.film.suffix(3), as: UTF8.self)))
            #expect(try part("bytes=4998-9999") == (206, String(decoding: Self.film.suffix(2), as: UTF8.self)))
            #expect(try part("bytes=5000-").0 == 416)
            #expect(try part("bytes=-0").0 == 200)
            let tag = try #require(
                whole.head.split(separator: "\r\n").first { $0.hasPrefix("etag: ") }?.dropFirst(6))
            #expect(try part("bytes=0-2", ["if-range: \(tag)"]).0 == 206)
            #expect(try part("bytes=0-2", ["if-range: \"other\""]).0 == 200)
            #expect(
                try client.send("GET", path("film.mp4", good), nil, ["if-none-match: \(tag)"]).status == 304)
        }
    }

    @Test("lead to no other file") func elsewhere() async throws {
        try await withRecording { client, _, _ in
            let good = ticket()
            let names = [
                "secret.txt", "link.webm", "none.mp4", "..", ".", "", "%2e%2e", "..%2Fstudio.key", "../../studio.key",
                "../../../studio.key", "film.mp4/..", "film.mp4%00.txt", "//etc/hostname", "..%5C..%5Cstudio.key",
            ]
            func status(_ address: String) throws -> Int { try client.get(address).status }
            for name in names {
                let found = try status(path(name, good))
                #expect(found == 404, "\(name)")
            }
            for folder in ["..", "../..", "%2e%2e", "hall", "\(Self.name)%2f", "20261126T104500Z-x", "film.mp4"] {
                for file in ["film.mp4", "studio.key"] {
                    let found = try status("/recordings/\(folder)/\(file)?ticket=\(good)")
                    #expect(found == 404, "\(folder) \(file)")
                }
            }
            #expect(try client.get(path("film.mp4", good)).status == 200)
        }
    }

    @Test("go for good when the office says so, and nothing else does") func erased() async throws {
        try await withRecording { client, office, place in
            let good = ticket()
            for name in ["..", "../annex", "20261126T104501Z", ""] {
                office.say(.eraseMeeting(name: "hall", recording: name))
                #expect(office.hears(#""recording":"\#(name)""#), "\(name)")
            }
            #expect(try client.get(path("film.mp4", good)).status == 200)
            office.say(.eraseMeeting(name: "hall", recording: Self.name))
            for _ in 0..<100 where try client.get(path("film.mp4", good)).status == 200 {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(try client.get(path("film.mp4", good)).status == 404)
            #expect(!FileManager.default.fileExists(atPath: place.path))
            #expect(FileManager.default.fileExists(atPath: place.deletingLastPathComponent().path))
        }
    }
}

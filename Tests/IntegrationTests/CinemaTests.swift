// SPDX-License-Identifier: Apache-2.0
import Foundation
import HLS
import Studio
import Testing

@testable import Wire

/// Recordings through the studio's doors, with clients that are not ours.
@Suite("a studio's films", .timeLimit(.minutes(2))) struct CinemaTests {
    /// A studio with one finished recording.
    private final class House {
        let room: Storeroom
        let station: Station
        let film: String
        let bytes: [UInt8]
        let place: String

        init(offers: Bool) async throws {
            room = try Storeroom()
            let data = room.folder.appending(path: "data")
            let recorder = Recorder(
                try Vault(folder: data.path + "/recordings", changed: { _ in }, trouble: { _, _ in }), name: "hall")
            var show = Show()
            try show.play("ffmpeg-avc-aac.rtmp", "one", to: recorder)
            recorder.finish()
            let folder = data.appending(path: "recordings/hall")
            film = try FileManager.default.contentsOfDirectory(atPath: folder.path).first ?? ""
            bytes = Array(try Data(contentsOf: folder.appending(path: film)))
            var settings = Station.Settings(
                http: Station.Door("127.0.0.1", 0), rtmp: Station.Door("127.0.0.1", 0), folder: data.path)
            settings.deliveryThreads = 1
            station = try Station(settings)
            place = "http://127.0.0.1:\(station.doors.http)/live/hall"
            var plan = Plan(name: "hall", title: "Hall", keyHashes: [])
            plan.offersFilms = offers
            station.put(plan)
        }

        /// curl's answer: the head's fields and the content.
        func fetch(_ address: String, _ more: [String] = []) throws -> (head: String, bytes: [UInt8]) {
            let file = room.folder.appending(path: "content")
            try Data().write(to: file)
            let said = try MediaFiles.run(
                "curl", ["-s", "-m", "10", "-D", "-", "-o", file.path] + more + [address], in: room.folder)
            return (said.out.replacing("\r\n", with: "\n").lowercased(), Array(try Data(contentsOf: file)))
        }

        /// Where a viewer's own addresses begin; asked until the broadcast is there.
        func entrance() async throws -> String {
            for _ in 0..<100 {
                let place = try MediaFiles.run(
                    "curl", ["-s", "-o", "/dev/null", "-w", "%{redirect_url}", place + "/index.m3u8"], in: room.folder
                ).out
                if !place.isEmpty { return String(place.dropLast("index.m3u8".count)) }
                try await Task.sleep(for: .milliseconds(50))
            }
            return ""
        }

        func close() async {
            await station.stop()
            room.remove()
        }
    }

    @Test("are played by ffmpeg and fetched by curl, by HTTP/1.1 and HTTP/2, whole and in parts")
    func watching() async throws {
        let house = try await House(offers: true)
        let door = try await house.entrance() + "films/\(house.film)/"
        var index = try house.fetch(door + "index.m3u8")
        for _ in 0..<100 where !index.head.hasPrefix("http/1.1 200") {
            try await Task.sleep(for: .milliseconds(50))
            index = try house.fetch(door + "index.m3u8")
        }
        #expect(PlaylistRules.breaches(in: String(decoding: index.bytes, as: UTF8.self)) == [])
        let play = try MediaFiles.run(
            "ffmpeg", ["-v", "error", "-xerror", "-i", door + "index.m3u8", "-f", "null", "-"], in: house.room.folder)
        #expect(play.err == "")
        for protocols in [["--http1.1"], ["--http2-prior-knowledge"]] {
            let whole = try house.fetch(door + "media.mp4", protocols)
            #expect(whole.bytes == house.bytes)
            let part = try house.fetch(door + "media.mp4", protocols + ["-r", "1000-1999"])
            #expect(part.bytes == Array(house.bytes[1_000..<2_000]))
            #expect(part.head.contains("\ncontent-range: bytes 1000-1999/\(house.bytes.count)\n"))
            let beyond = try house.fetch(door + "media.mp4", protocols + ["-r", "\(house.bytes.count)-"])
            #expect(beyond.head.contains("\ncontent-range: bytes */\(house.bytes.count)\n"))
            let download = try house.fetch(door + house.film, protocols)
            #expect(download.head.contains("\ncontent-length: \(download.bytes.count)\n"))
            let head = try house.fetch(door + house.film, protocols + ["-I"])
            #expect(head.head.contains("\ncontent-length: \(download.bytes.count)\n"))
            // Broken off and taken up again, it is the same file.
            let tail = try house.fetch(door + house.film, protocols + ["-r", "5000-"])
            #expect(Array(download.bytes[..<5_000]) + tail.bytes == download.bytes)
        }
        // Its pictures are drawn as soon as it is found.
        var poster = try house.fetch(door + "poster.jpg")
        for _ in 0..<200 where !poster.head.hasPrefix("http/1.1 200") {
            try await Task.sleep(for: .milliseconds(50))
            poster = try house.fetch(door + "poster.jpg")
        }
        #expect(Array(poster.bytes.prefix(3)) == [0xFF, 0xD8, 0xFF])
        let probe = try MediaFiles.run(
            "ffmpeg", ["-v", "warning", "-xerror", "-i", door + house.film, "-f", "null", "-"], in: house.room.folder)
        #expect(probe.err == "")
        await house.close()
    }

    @Test("are nobody's when the plan does not offer them")
    func notOffered() async throws {
        let house = try await House(offers: false)
        let door = try await house.entrance()
        for name in ["index.m3u8", "v0.m3u8", "media.mp4", house.film, "poster.jpg"] {
            #expect(try house.fetch(door + "films/\(house.film)/\(name)").head.hasPrefix("http/1.1 404"), "\(name)")
        }
        #expect(try house.fetch(door + "past.m3u8").head.hasPrefix("http/1.1 404"))
        await house.close()
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import FoundationNetworking
import HLS
import Secure
import Studio
import Testing

@testable import Wire

/// The console's own door into the recordings: they are there for the office before, and whether or not, the audience
/// may have them.
@Suite("the preview door", .timeLimit(.minutes(2))) struct PreviewTests {
    @Test("shows recordings to who has the console's ticket, and to nobody else")
    func films() async throws {
        let room = try Storeroom()
        defer { room.remove() }
        let recorder = Recorder(room.vault, name: "hall")
        var show = Show()
        try show.play("ffmpeg-avc-aac.rtmp", "one", to: recorder)
        recorder.finish()
        let file = try #require(room.files().first)
        let bytes = try room.bytes(file)
        // The station's own folder holds the recordings one level down.
        let folder = room.folder.appending(path: "station")
        let hall = folder.appending(path: "recordings/hall")
        try FileManager.default.createDirectory(at: hall, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: room.path(file), to: hall.appending(path: file))

        let station = try Station(
            Station.Settings(
                http: Station.Door("127.0.0.1", 0), rtmp: Station.Door("127.0.0.1", 0), folder: folder.path))
        var plan = Plan(name: "hall", title: "พิธีเปิด", keyHashes: [])
        let key = [UInt8](repeating: 7, count: 32)
        (plan.ticketKey, plan.airsAtOnce, plan.isOver) = (Hex.text(key), false, true)
        station.put(plan)
        let place = "http://127.0.0.1:\(station.doors.http)/live/hall/preview/"
        let until = Clock.wall().milliseconds / 1_000 + 60
        func ask(_ kind: Ticket.Kind, _ name: String, key: [UInt8]) async throws -> (Int, [UInt8]) {
            let ticket = Ticket.sign(key: key, name: "hall", kind: kind, untilSecond: until)
            let url = try #require(URL(string: place + ticket + "/films/\(file)/" + name))
            let (body, answer) = try await URLSession.shared.data(from: url)
            return ((answer as? HTTPURLResponse)?.statusCode ?? 0, Array(body))
        }
        var media = try await ask(.preview, "media.mp4", key: key)
        // The plan is on its way to whoever answers here.
        for _ in 0..<100 where media.0 == 404 {
            try await Task.sleep(for: .milliseconds(30))
            media = try await ask(.preview, "media.mp4", key: key)
        }
        #expect(media.0 == 200 && media.1 == bytes)
        let list = try await ask(.preview, "v0.m3u8", key: key)
        #expect(list.0 == 200 && String(decoding: list.1, as: UTF8.self).hasSuffix("\nmedia.mp4\n#EXT-X-ENDLIST\n"))
        #expect(try await ask(.preview, file, key: key).0 == 200)
        #expect(try await ask(.viewer, "media.mp4", key: key).0 == 403)
        #expect(try await ask(.preview, "media.mp4", key: [UInt8](repeating: 8, count: 32)).0 == 403)
        #expect(try await ask(.preview, "../media.mp4", key: key).0 == 404)
        await station.stop()
    }
}

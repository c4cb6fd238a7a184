// SPDX-License-Identifier: Apache-2.0
import Foundation
import FoundationNetworking
import Secure
import Studio
import Testing

@testable import Stagehands
@testable import Wire

/// A whole studio with a ladder: what ffmpeg publishes is listed in two sizes, and both play.
@Suite("a ladder on air", .timeLimit(.minutes(2))) struct LadderOnAirTests {
    @Test("a rung that is made here is listed beside what comes in, and ffmpeg plays it") func onAir() async throws {
        try await withFolder { folder in
            var settings = Station.Settings(
                http: Station.Door("127.0.0.1", 0), rtmp: Station.Door("127.0.0.1", 0),
                folder: folder.appending(path: "data").path)
            settings.deliveryThreads = 1
            let station = try Station(settings)
            var plan = Plan(name: "hall", title: "hall", keyHashes: [Hex.text(Digest.sha256("secret-key-1"))])
            plan.rungs = [.p240]
            station.put(plan)
            let encoder = try Child(
                URL(filePath: "/usr/bin/ffmpeg"),
                [
                    "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25", "-f", "lavfi", "-i",
                    "sine=r=48000", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-bf", "2", "-c:a", "aac",
                    "-t", "40", "-f", "flv", "rtmp://127.0.0.1:\(station.doors.rtmp)/live/secret-key-1",
                ], ProcessInfo.processInfo.environment, log: folder.appending(path: "encoder.log"), echo: false)
            let index = "http://127.0.0.1:\(station.doors.http)/live/hall/index.m3u8"
            var text = ""
            for _ in 0..<150 where !text.contains("RESOLUTION=426x240") {
                try await Task.sleep(for: .milliseconds(200))
                // It is not there before the first segment is.
                text = (try? await self.text(index)) ?? ""
            }
            #expect(text.contains("RESOLUTION=640x360"), "\(text)")
            #expect(text.contains("RESOLUTION=426x240"), "\(text)")
            let run = try MediaFiles.run(
                "ffmpeg", ["-v", "error", "-xerror", "-i", index, "-map", "0:v", "-t", "3", "-f", "null", "-"],
                in: folder)
            #expect(run.err == "")
            encoder.signal(SIGKILL)
            _ = await encoder.end(withinSeconds: 5)
            await station.stop()
        }
    }

    private func text(_ address: String) async throws -> String {
        let url = try #require(URL(string: address))
        return String(decoding: try await URLSession.shared.data(from: url).0, as: UTF8.self)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Stagehands

/// Real players, besides the browser of BrowserTests, and ffmpeg everywhere.
@Suite("real players", .serialized, .timeLimit(.minutes(2))) struct PlayerTests {
    @Test(
        "mpv plays the playlist with parts, and the plain one, to both picture and sound",
        arguments: ["index.m3u8", "plain.m3u8"])
    func mpv(_ playlist: String) async throws {
        let folder = try scratch("mpv")
        defer { remove(folder) }
        let studio = try await RunningStudio(in: folder)
        let encoder = try studio.publish(key: "secret-key-1", seconds: 30)
        _ = try await studio.wait(for: "/live/hall/\(playlist)")
        let (code, said) = try await tool(
            "mpv",
            [
                "--no-config", "--vo=null", "--ao=null", "--length=3", "--msg-level=all=warn,cplayer=info",
                "--term-status-msg=", "\(studio.http)/live/hall/\(playlist)",
            ], folder)
        #expect(code == 0, "\(said)")
        #expect(said.contains("(h264 640x360 30.000fps)"), "\(said)")
        #expect(said.contains("(aac 1ch 48000Hz)"), "\(said)")
        #expect(said.contains("Exiting... (End of file)"), "\(said)")
        encoder.signal(SIGTERM)
        _ = await encoder.end(withinSeconds: 10)
        studio.child.signal(SIGTERM)
        #expect(await studio.child.end(withinSeconds: 10) == 0)
    }
}

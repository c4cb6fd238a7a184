// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Stagehands

/// A passphrase at the SRT door, by a real ffmpeg.
@Suite("the SRT door with a passphrase", .timeLimit(.minutes(3))) struct SRTKeyTests {
    @Test("lets nobody in who does not know it, and says it to nobody")
    func passphrase() async throws {
        let folder = try scratch("srt-key")
        defer { remove(folder) }
        let file = folder.appending(path: "passphrase")
        try Data("correct-horse-battery\n".utf8).write(to: file)
        let studio = try await RunningStudio(in: folder, ["--srt-passphrase-file", file.path])
        for wrong in ["", "&passphrase=wrong-horse-battery"] {
            let encoder = try studio.publish(key: "secret-key-1" + wrong, seconds: 3, bySRT: true)
            #expect(await encoder.end(withinSeconds: 20) != 0)
        }
        let right = "secret-key-1&passphrase=correct-horse-battery"
        let encoder = try studio.publish(key: right, seconds: 8, bySRT: true)
        _ = try await studio.wait(for: "/live/hall/index.m3u8")
        #expect(await encoder.end(withinSeconds: 30) == 0)
        #expect(studio.child.said.contains("horse") == false, "no passphrase is ever logged")
        studio.child.signal(SIGTERM)
        #expect(await studio.child.end(withinSeconds: 10) == 0)
    }

    @Test("is not opened with a passphrase that SRT cannot use", arguments: ["short", ""])
    func unusable(_ text: String) async throws {
        let folder = try scratch("srt-key")
        defer { remove(folder) }
        let file = folder.appending(path: "passphrase")
        try Data(text.utf8).write(to: file)
        let words = ["studio", "--broadcast", "hall:key-of-hall", "--srt-passphrase-file", file.path]
        let child = try Child(
            Harness.program, words, ProcessInfo.processInfo.environment, log: folder.appending(path: "log"),
            echo: false)
        #expect(await child.end(withinSeconds: 20) == 64)
        #expect(child.said.contains("10 to 79 bytes"))
    }
}

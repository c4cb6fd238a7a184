// SPDX-License-Identifier: Apache-2.0
import FMP4
import Foundation
import MPEGTS
import Media
import Testing

@testable import Wire

/// Something that lives on a loop, for a test that does not.
// `thing` is touched on `loop` alone.
final class Stage<Thing>: @unchecked Sendable {
    let loop: Loop
    private var thing: Thing?

    /// Makes it on a loop of its own.
    init(_ make: @escaping @Sendable (Loop) throws -> Thing) async throws {
        loop = try Loop("stage")
        let made = await loop.ask { [self] in Result { thing = try make(loop) } }
        try made.get()
    }

    /// Asks it something, on its loop.
    func ask<Answer: Sendable>(_ question: @escaping @Sendable (Thing) throws -> Answer) async throws -> Answer {
        let answer = await loop.ask { [self] in Result { try thing.map(question) } }
        return try #require(try answer.get())
    }

    /// Asks until the answer is yes, for a minute: what works beside us is humble, and others may be busy.
    func wait(
        seconds: Double = 60, _ what: Comment, _ question: @escaping @Sendable (Thing) -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if try await ask(question) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record(what)
    }

    /// Drops it, on its loop, and ends the loop.
    func clear() async {
        await loop.ask { [self] in thing = nil }
        loop.stop()
    }
}

/// What ffmpeg makes of these arguments, as a publisher would send it.
func published(_ arguments: [String]) throws -> [Signal] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sanyan-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // Left behind, it is only a temporary folder.
    let run = try MediaFiles.run("ffmpeg", ["-v", "error"] + arguments + ["-f", "mpegts", "out.ts"], in: folder)
    #expect(run.err == "")
    var demultiplexer = Demultiplexer()
    try demultiplexer.take(Array(try Data(contentsOf: folder.appending(path: "out.ts")))[...])
    demultiplexer.finish()
    var signals: [Signal] = []
    while let news = demultiplexer.next() { if case .signal(let signal) = news { signals.append(signal) } }
    return signals
}

extension [Signal] {
    /// The samples among them of one track.
    func samples(_ track: TrackID) -> [Sample] {
        compactMap { if case .sample(let sample) = $0, sample.track == track { sample } else { nil } }
    }
}

extension Sample {
    /// When it is shown, in microseconds.
    var presentation: Int64 { microseconds + compositionMicroseconds }
}

/// Width and height that an H.264 configuration says.
enum VideoSize {
    static func of(_ record: ArraySlice<UInt8>) -> [Int]? {
        // What cannot be read has no size.
        guard let format = try? FMP4.VideoFormat.avc(record) else { return nil }
        return [format.width, format.height]
    }
}

/// A program of this text in the folder, that can be started.
func script(_ text: String, in folder: URL) throws -> String {
    let file = folder.appending(path: "program-\(UUID().uuidString)")
    try Data(("#!/bin/sh\n" + text + "\n").utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return file.path
}

/// A folder that is gone after the test.
func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sanyan-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // Left behind, it is only a temporary folder.
    try await body(folder)
}

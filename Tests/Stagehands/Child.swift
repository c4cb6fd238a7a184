// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// A process whose words are kept in a file, and shown as they come when that is wanted.
final class Child: Sendable {
    private let process: Process
    private let log: URL
    private let ending: AsyncStream<Void>

    init(_ program: URL, _ arguments: [String], _ surroundings: [String: String], log: URL, echo: Bool) throws {
        self.log = log
        process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = surroundings
        try Data().write(to: log)
        let (stream, end) = AsyncStream<Void>.makeStream()
        ending = stream
        process.terminationHandler = { _ in end.finish() }
        let file = try FileHandle(forWritingTo: log)
        process.standardInput = FileHandle.nullDevice
        let words: Any = echo ? Self.teeing(into: file) : file
        process.standardOutput = words
        process.standardError = words
        try Self.withSignals { try process.run() }
    }

    /// The threads of Swift's pool take no signals, and a process begins with the mask of the thread that starts it:
    /// without this, SIGTERM would never reach it.
    private static func withSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private static func teeing(into file: FileHandle) -> Pipe {
        let pipe = Pipe()
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let words = handle.availableData
            if words.isEmpty { handle.readabilityHandler = nil }
            FileHandle.standardOutput.write(words)
            // The file is on this machine's own disk; were it full, the test would have ended already.
            try? file.write(contentsOf: words)
        }
        return pipe
    }

    var isRunning: Bool { process.isRunning }
    /// Everything it has said so far.
    var said: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "(its log is gone)" }

    func signal(_ number: Int32) { if process.isRunning { kill(process.processIdentifier, number) } }

    /// Waits for its end and gives its exit code; kills it (code 9) when it takes longer.
    func end(withinSeconds limit: Int) async -> Int32 {
        let guardian = Task { [self] in
            try await Task.sleep(for: .seconds(limit))
            signal(SIGKILL)
        }
        for await _ in ending {}
        guardian.cancel()
        return process.terminationStatus
    }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Dispatch
import Foundation
import Synchronization

/// Prints HTML as PDF by Debian's `weasyprint`, one supervised process to a paper.
///
/// At most two print at once, the rest wait their turn. Nothing is fetched: a document with a reference to elsewhere
/// is refused before it starts, and the process gets a bare environment whose web proxy is a closed port.
/// No thread waits while it prints, so it may be awaited anywhere. Ending the awaiting task ends the process.
public struct WeasyPrint: Sendable {
    /// The program: a path, or a name that is looked for on PATH.
    public var program: String
    /// After so many seconds the process is killed.
    public var limitSeconds: Int
    private static let turns = Turns(places: 2)

    /// `program` is `$SANYAN_WEASYPRINT` when that is set, and else `weasyprint`.
    public init(program: String? = nil, limitSeconds: Int = 30) {
        self.program = program ?? ProcessInfo.processInfo.environment["SANYAN_WEASYPRINT"] ?? "weasyprint"
        self.limitSeconds = limitSeconds
    }

    /// The PDF of a whole HTML document. Throws a `Mishap` with a `PaperFault` under it, or `CancellationError` when
    /// the task was ended.
    public func pdf(_ document: String) async throws -> [UInt8] {
        do {
            if let tag = foreignReference(in: document) { throw PaperFault.wouldFetch(tag: tag) }
            let path = try found()
            return try await Self.turns.taking { try await print(document, path) }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Mishap(doing: "printing a paper", underlying: error)
        }
    }

    private func print(_ document: String, _ path: URL) async throws -> [UInt8] {
        // Files without a name instead of pipes: nobody has to pump them, and they are gone with their last user.
        let (paper, sheet, remarks) = (try Scratch(), try Scratch(), try Scratch())
        try paper.write(document)
        let process = Process()
        process.executableURL = path
        process.arguments = ["--encoding", "utf-8", "-", "-"]
        process.environment = Self.bareEnvironment()
        process.standardInput = paper.handle
        process.standardOutput = sheet.handle
        process.standardError = remarks.handle
        let isLate = try await Watch(process).end(withinSeconds: limitSeconds)
        try Task.checkCancellation()
        let said = String(decoding: try remarks.read().suffix(2000), as: UTF8.self)
        if isLate { throw PaperFault.tooSlow(limitSeconds: limitSeconds) }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw PaperFault.failed(code: process.terminationStatus, said: said)
        }
        let bytes = try sheet.read()
        guard bytes.starts(with: Array("%PDF-".utf8)) else { throw PaperFault.notAPaper(said: said) }
        return bytes
    }

    private func found() throws(PaperFault) -> URL {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let paths = program.contains("/") ? [program] : folders.map { $0 + "/" + program }
        guard let path = paths.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw .notStarted(reason: "no program \(program)")
        }
        return URL(filePath: path)
    }

    /// HOME stays, for an office's own fonts may be there; nothing else of ours is the process's business.
    private static func bareEnvironment() -> [String: String] {
        let ours = ProcessInfo.processInfo.environment
        let nowhere = "http://127.0.0.1:9"  // The discard port, closed on any machine of today.
        var theirs = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": ours["HOME"] ?? "/nonexistent",
        ]
        for name in ["http_proxy", "https_proxy", "ftp_proxy"] { theirs[name] = nowhere }
        return theirs
    }
}

/// A process from its start to its end, and the hand that ends it when it is late.
private final class Watch: Sendable {
    private enum Stage { case waiting, running, late, unwanted, over }

    private let process: Process
    private let stage = Mutex(Stage.waiting)

    init(_ process: Process) { self.process = process }

    /// Whether it had to be killed for being late.
    func end(withinSeconds limit: Int) async throws -> Bool {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                process.terminationHandler = { [weak self] _ in
                    continuation.resume(returning: self?.over() ?? false)
                }
                // Starting a process may take milliseconds, so it is done beside the cooperative pool.
                DispatchQueue.global().async { [self] in
                    do { try start(limit) } catch {
                        process.terminationHandler = nil
                        continuation.resume(throwing: error)
                    }
                }
            }
        } onCancel: {
            kill(as: .unwanted)
        }
    }

    private func start(_ limit: Int) throws {
        try stage.withLock { stage in
            guard stage == .waiting else { throw CancellationError() }
            do { try process.run() } catch { throw PaperFault.notStarted(reason: "\(error)") }
            stage = .running
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(limit)) { [weak self] in self?.kill(as: .late) }
    }

    private func over() -> Bool {
        stage.withLock { stage in
            defer { stage = .over }
            return stage == .late
        }
    }

    /// SIGKILL, not SIGTERM: a process that hangs may hang in its own handler too.
    private func kill(as reason: Stage) {
        stage.withLock { stage in
            if stage == .running, process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
            if stage == .running || stage == .waiting { stage = reason }
        }
    }
}

/// A file that has no name any more: only whoever holds it open reads it.
private struct Scratch {
    let handle: FileHandle

    init() throws(PaperFault) {
        var template = Array((NSTemporaryDirectory() + "/sanyan-XXXXXX").utf8CString)
        let file = mkstemp(&template)
        guard file >= 0, unlink(template) == 0, fcntl(file, F_SETFD, FD_CLOEXEC) == 0 else {
            throw .notStarted(reason: "no room for a scratch file, error \(errno)")
        }
        handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    }

    func write(_ text: String) throws {
        try handle.write(contentsOf: Data(text.utf8))
        try handle.seek(toOffset: 0)
    }

    func read() throws -> [UInt8] {
        try handle.seek(toOffset: 0)
        return Array(try handle.readToEnd() ?? Data())
    }
}

/// A few places, and a queue of those who wait for one.
private actor Turns {
    private var free: Int
    private var queue: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { free = places }

    nonisolated func taking(_ body: @Sendable () async throws -> [UInt8]) async throws -> [UInt8] {
        await take()
        do {
            let result = try await body()
            await giveBack()
            return result
        } catch {
            await giveBack()
            throw error
        }
    }

    private func take() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { queue.append($0) } }
    }

    private func giveBack() {
        if queue.isEmpty { free += 1 } else { queue.removeFirst().resume() }
    }
}

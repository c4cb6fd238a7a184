// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Matroska
import RTP
import Studio
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The files of one recording of a meeting that is going on. A slow disk stops nobody: what waits for it has a limit.
// `files`, `log` and `lost` are touched on `queue` alone; the rest never changes or is behind an atomic.
final class TapeReel: @unchecked Sendable {
    /// When the disk is so far behind, frames are left out and it is told.
    private static let mostWaitingBytes = 64 << 20
    /// How the log is called.
    static let logName = "log.jsonl"

    /// What a track's file is called.
    static func file(_ source: SourceID, _ format: PayloadFormat) -> String {
        "\(source.number)-\(format.name).\(format.content.isWebM ? "webm" : "mkv")"
    }

    /// What is in a file of that name.
    static func content(of file: String) -> MatroskaFile.Content? {
        let words = file.split(whereSeparator: { $0 == "-" || $0 == "." })
        return PayloadFormat.allCases.first { words.count == 3 && $0.name == words[1] }?.content
    }

    let folder: String
    private let queue: DispatchQueue
    private let waiting = Atomic(0)
    private let total = Atomic<Int64>(0)
    private let trouble: @Sendable (String) -> Void
    private var files: [String: TrackFile] = [:]
    /// Files that could not be made, and are not tried again.
    private var lost: Set<String> = []
    private var log: Int32 = -1
    private var logBytes: Int64 = 0

    /// Writes into this folder, which is there and empty. `trouble` is told, on a queue, of what cannot be written.
    init(_ folder: String, trouble: @escaping @Sendable (String) -> Void) {
        (self.folder, self.trouble) = (folder, trouble)
        queue = DispatchQueue(label: "tape")
        queue.async { self.openLog() }
    }

    /// How many bytes were written.
    var bytes: Int64 { total.load(ordering: .relaxed) }

    private func openLog() {
        log = open("\(folder)/\(TapeReel.logName)", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o640)
        if log < 0 { trouble(Obstacle.words(errno)) }
    }

    /// Frames of a file, which is made when they are its first.
    func write(_ name: String, _ beginning: TrackFile.Beginning, _ blocks: [MatroskaFile.Block]) {
        let count = blocks.reduce(0) { $0 + $1.bytes.count + 16 }
        let behind = waiting.add(count, ordering: .relaxed).newValue
        queue.async {
            defer { self.waiting.subtract(count, ordering: .relaxed) }
            guard behind < TapeReel.mostWaitingBytes else {
                self.files[name]?.skip()
                return self.trouble("the disk is too slow")
            }
            self.keep(name, beginning, blocks)
        }
    }

    private func keep(_ name: String, _ beginning: TrackFile.Beginning, _ blocks: [MatroskaFile.Block]) {
        guard !lost.contains(name) else { return }
        do throws(Obstacle) {
            let file: TrackFile
            if let known = files[name] {
                file = known
            } else {
                file = try TrackFile("\(folder)/\(name)", beginning)
                files[name] = file
                total.add(file.bytes, ordering: .relaxed)
            }
            let before = file.bytes
            defer { total.add(file.bytes - before, ordering: .relaxed) }
            try file.write(blocks)
        } catch {
            if files[name] == nil, error != .failed(ENOSPC), error != .failed(EDQUOT) { lost.insert(name) }
            trouble(error.english)
        }
    }

    /// One line of JSON for the log, without its end.
    func note(_ line: [UInt8]) {
        queue.async {
            guard self.log >= 0 else { return }
            let bytes = line.filter { $0 != 0x0A } + [0x0A]
            let code = bytes.withUnsafeBytes { RecordingFile.write($0, self.log) }
            if code == 0 {
                self.logBytes += Int64(bytes.count)
                self.total.add(Int64(bytes.count), ordering: .relaxed)
            } else {
                // Half a line would spoil the next one.
                _ = ftruncate(self.log, off_t(self.logBytes))
                self.trouble(Obstacle.words(code))
            }
        }
    }

    /// What was written shall survive a power cut.
    func sync() {
        queue.async {
            for file in self.files.values {
                do throws(Obstacle) { try file.sync() } catch { self.trouble(error.english) }
            }
            if self.log >= 0 { fdatasync(self.log) }
        }
    }

    /// Nothing more comes: `then` is called, on the queue, when everything is written and the files are closed.
    func end(_ then: @escaping @Sendable () -> Void) {
        queue.async {
            self.files = [:]
            if self.log >= 0 { close(self.log) }
            self.log = -1
            then()
        }
    }

    /// Waits until everything that came is written.
    func done() { queue.sync {} }
}

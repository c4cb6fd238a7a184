// SPDX-License-Identifier: Apache-2.0
import Dispatch
import FoundationEssentials
import HLS
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes a meeting's event log: one JSON object in each line, each written at once, so that a killed program loses none of
/// them. A slow disk stops nobody.
// The file is touched on `queue` alone.
final class RoomLog: @unchecked Sendable {
    private static let ending = ".events.jsonl"
    /// A trial's, which nothing is recalled from.
    private static let trialEnding = ".trial.jsonl"
    /// A log that nothing was written to for so long is of another day.
    private static let mostMilliseconds: Int64 = 12 * 3_600_000
    /// More is no meeting.
    private static let mostBytes: Int64 = 512 << 20

    /// The file's name without its folder.
    let name: String
    private let queue = DispatchQueue(label: "room-log", qos: .utility)
    private let path: String
    private let log: @Sendable (String) -> Void
    private var file: Int32 = -1
    private var written: Int64 = 0
    private var hasFailed = false

    /// A log in this folder, of a meeting that begins now; or one that goes on under its name.
    init(
        in folder: String, at now: WallTime, isTest: Bool, named known: String?,
        log: @escaping @Sendable (String) -> Void
    ) {
        name =
            known ?? now.text.filter { $0 != ":" && $0 != "-" && $0 != "." }
            + (isTest ? RoomLog.trialEnding : RoomLog.ending)
        path = folder + "/" + name
        self.log = log
    }

    deinit { if file >= 0 { close(file) } }

    /// The newest log in a folder, when it is of today: a program that was killed has left it. A line that was torn is none.
    static func newest(in folder: String, at now: WallTime) -> (name: String, notes: [RoomNote])? {
        guard let name = names(in: folder, [ending]).max(), let file = OpenFile(folder + "/" + name) else {
            return nil
        }
        let bytes = file.read(from: 0, count: min(file.count ?? 0, Int(mostBytes)))
        let notes = bytes.split(separator: 0x0A).compactMap { JSON.decode(RoomNote.self, Array($0)) }
        guard let last = notes.last, now.milliseconds - last.at < mostMilliseconds else { return nil }
        return (name, notes)
    }

    /// Deletes all logs in a folder.
    static func erase(in folder: String) {
        for name in names(in: folder, [ending, trialEnding]) { unlink(folder + "/" + name) }
    }

    /// A folder that is not there has none.
    private static func names(in folder: String, _ endings: [String]) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { name in
            endings.contains { name.hasSuffix($0) }
        }
    }

    func write(_ note: RoomNote) {
        queue.async { [self] in
            if file < 0, !hasFailed {
                file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o640)
            }
            let line = JSON.encode(note) + [0x0A]
            guard file >= 0, written + Int64(line.count) <= RoomLog.mostBytes else { return fail() }
            written += Int64(line.count)
            if line.withUnsafeBytes({ RecordingFile.write($0, file) }) != 0 { fail() }
        }
    }

    /// Everything is on the disk.
    func settle() { queue.async { [self] in if file >= 0 { fdatasync(file) } } }

    /// Waits until everything is written. Never called on a loop that serves people.
    func finish() { queue.sync { if file >= 0 { fdatasync(file) } } }

    private func fail() {
        if !hasFailed { log("a meeting's event log cannot be written: \(path)") }
        hasFailed = true
    }
}

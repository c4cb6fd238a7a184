// SPDX-License-Identifier: Apache-2.0
import Dispatch
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

    /// A log in this folder, of a meeting that begins now.
    init(in folder: String, at now: WallTime, log: @escaping @Sendable (String) -> Void) {
        name = now.text.filter { $0 != ":" && $0 != "-" && $0 != "." } + ".events.jsonl"
        path = folder + "/" + name
        self.log = log
    }

    deinit { if file >= 0 { close(file) } }

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

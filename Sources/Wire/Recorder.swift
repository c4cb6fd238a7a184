// SPDX-License-Identifier: Apache-2.0
import Dispatch
import HLS
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes a broadcast's first rendition as fragmented MP4, part by part as they come: the file is whole after each of
/// them, whatever happens then. A new init segment begins a new file; the same one goes on in the same.
// `rendition` is touched by the pump's loop alone, the rest of what changes on `queue` alone or behind an atomic.
final class Recorder: @unchecked Sendable {
    /// When the disk is so far behind, parts are left out and it is told.
    private static let mostWaitingBytes = 64 << 20

    private let folder: String
    private let name: String
    private let queue: DispatchQueue
    private let waiting = Atomic(0)
    private var rendition: Substring?
    private var tell: @Sendable (String) -> Void = { _ in }
    private var file: Int32 = -1
    private var head: Slab?

    init(folder: String, name: String) throws {
        (self.folder, self.name) = (folder, name)
        queue = DispatchQueue(label: "recorder")
        try makeFolder(folder)
    }

    /// Where trouble is told.
    func tell(_ tell: @escaping @Sendable (String) -> Void) { queue.sync { self.tell = tell } }

    /// A file of the presentation, in the order in which they are told: `publication-rendition-…`.
    func take(_ name: String, _ bytes: Slab) {
        let words = name.split(separator: "-", maxSplits: 2)
        guard words.count == 3 else { return }
        if rendition == nil { rendition = words[1] }
        guard rendition == words[1] else { return }
        let count = bytes.count
        let isHead = words[2].hasPrefix("init")
        let behind = waiting.add(count, ordering: .relaxed).newValue
        queue.async {
            defer { self.waiting.subtract(count, ordering: .relaxed) }
            guard behind < Recorder.mostWaitingBytes || isHead else { return self.tell("the disk is too slow") }
            if isHead { self.begin(bytes) } else { self.write(bytes) }
        }
    }

    /// A segment is complete: what was written shall survive a power cut.
    func settle() { queue.async { if self.file >= 0 { fdatasync(self.file) } } }

    /// Writes what is waiting and closes the file.
    func finish() {
        queue.sync {
            if file >= 0 { close(file) }
            file = -1
        }
    }

    private func begin(_ head: Slab) {
        if file >= 0, let known = self.head, known.bytes.elementsEqual(head.bytes) { return }
        if file >= 0 { close(file) }
        let start = Recorder.stamp()
        file = -1
        for copy in 1...99 {
            let path = "\(folder)/\(name)-\(start)\(copy == 1 ? "" : "-\(copy)").mp4"
            file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o640)
            if file >= 0 || errno != EEXIST { break }
        }
        if file < 0 { return tell(String(cString: strerror(errno))) }
        self.head = head
        write(head)
    }

    private func write(_ bytes: Slab) {
        guard file >= 0 else { return }
        let trouble = { () -> Int32 in
            var rest = bytes.bytes
            while let base = rest.baseAddress, rest.count > 0 {
                let count = Glibc.write(file, base, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
            return 0
        }()
        guard trouble != 0 else { return }
        // Half a part would spoil what follows: this file ends here, and the next init segment begins another.
        close(file)
        (file, head) = (-1, nil)
        tell(String(cString: strerror(trouble)))
    }

    /// `20261123T104500Z`.
    private static func stamp() -> String {
        Clock.wall().text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import Foundation
import Glibc
import Secure

/// The shelf on the disk: a file lies at `files/ab/cdef…` under its SHA-256, readable by its owner alone.
public struct FileShelf: Shelf {
    let folder: String

    /// The shelf in an archive's folder. Throws away what a crash has left half taken in more than an hour ago: what is
    /// younger may still be on its way through another process.
    ///
    /// - Parameter folder: the path of the archive's folder.
    /// - Throws: a `Mishap` when the folders cannot be made.
    public init(at folder: String) throws {
        self.folder = folder
        try Disk.makeFolder(folder + "/files")
        try Disk.makeFolder(folder + "/incoming")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/incoming") {
            let draft = folder + "/incoming/" + name
            var facts = stat()
            if stat(draft, &facts) == 0, facts.st_mtim.tv_sec < time(nil) - 3600 { unlink(draft) }
        }
    }

    public func begin() async throws -> any ShelfUpload { try FileUpload(to: folder) }

    public func path(of hash: String) -> String? {
        guard let place = Self.place(of: hash) else { return nil }
        let path = folder + "/" + place
        return access(path, R_OK) == 0 ? path : nil
    }

    /// Where a file lies under the folder; nil for anything but 64 lower-case hexadecimal digits, so that no name
    /// leads out of it.
    static func place(of hash: String) -> String? {
        let isHex = hash.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isHex, hash.utf8.count == 64 else { return nil }
        return "files/\(hash.prefix(2))/\(hash.dropFirst(2))"
    }
}

/// A file that is being taken in. It waits for the disk on a thread of its own, never on the cooperative pool.
actor FileUpload: ShelfUpload {
    private let disk = DiskThread()
    private let folder: String
    private let draft: String
    /// -1 once it is closed.
    private var file: Int32
    private var digest = Digest()
    private var count = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { disk.asUnownedSerialExecutor() }

    init(to folder: String) throws {
        self.folder = folder
        draft = "\(folder)/incoming/\(UUID().uuidString).tmp"
        file = Glibc.open(draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Disk.mishap("begin to take a file in") }
    }

    deinit { if file >= 0 { Self.discard(file, draft) } }

    func write(_ bytes: [UInt8]) throws {
        guard file >= 0 else { throw Mishap(doing: "write to a file that is finished") }
        guard count + bytes.count <= Document.largest else {
            drop()
            throw DocumentFault.tooLarge
        }
        digest.update(bytes)
        count += bytes.count
        try bytes.withUnsafeBytes { try Disk.write($0, to: file) }
    }

    func finish() throws -> (hash: String, kind: Document.Kind, bytes: Int) {
        guard file >= 0 else { throw Mishap(doing: "finish a file twice") }
        do {
            guard count > 0 else { throw DocumentFault.empty }
            guard let kind = try Document.Kind(ofFile: file, bytes: count) else { throw DocumentFault.wrongKind }
            guard fsync(file) == 0 else { throw Disk.mishap("flush a file") }
            let hash = Hex.text(digest.finalize())
            guard let place = FileShelf.place(of: hash) else { throw Mishap(doing: "place a file") }
            let home = "\(folder)/files/\(hash.prefix(2))"
            if access(home, F_OK) != 0 {
                try Disk.makeFolder(home)
                try Disk.flushFolder(folder + "/files")
            }
            try Disk.rename(draft, to: folder + "/" + place)
            try Disk.flushFolder(home)
            Glibc.close(file)
            file = -1
            return (hash, kind, count)
        } catch {
            drop()
            throw error
        }
    }

    func abandon() { drop() }

    private func drop() {
        guard file >= 0 else { return }
        Self.discard(file, draft)
        file = -1
    }

    private static func discard(_ file: Int32, _ draft: String) {
        Glibc.close(file)
        unlink(draft)
    }
}

/// Runs an actor's work on a queue of the operating system's threads.
final class DiskThread: SerialExecutor {
    private let queue = DispatchQueue(label: "shelf")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

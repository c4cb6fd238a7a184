// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Glibc
import Secure

/// The few things we ask of the disk below Foundation: permissions, flushing, copying with a hash.
enum Disk {
    /// What the operating system answered, with its error number.
    struct Fault: Error { let number: Int32 }

    static func mishap(_ doing: String) -> Mishap { Mishap(doing: doing, underlying: Fault(number: errno)) }

    /// Makes a folder and those above it, for its owner alone; leaves one that is there as it is.
    static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Mishap(doing: "make a folder of the archive", underlying: error) }
    }

    /// Makes an empty file for its owner alone, unless there is one.
    static func touch(_ path: String) throws {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw mishap("make a file of the archive") }
        Glibc.close(file)
    }

    /// Flushes a folder's list of names (fsync(2): the file's own fsync does not).
    static func flushFolder(_ path: String) throws {
        let folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw mishap("open a folder") }
        defer { Glibc.close(folder) }
        guard fsync(folder) == 0 else { throw mishap("flush a folder") }
    }

    static func flush(_ path: String) throws {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw mishap("open a file") }
        defer { Glibc.close(file) }
        guard fsync(file) == 0 else { throw mishap("flush a file") }
    }

    static func rename(_ old: String, to new: String) throws {
        guard Glibc.rename(old, new) == 0 else { throw mishap("rename a file") }
    }

    /// Writes all of the bytes to an open file.
    static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw mishap("write a file") }
            rest = rest.dropFirst(count)
        }
    }

    /// Bytes of an open file from a place on; fewer at its end.
    static func read(_ file: Int32, from offset: Int, count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var length = 0
        while length < count {
            let got = bytes[length...].withUnsafeMutableBytes {
                pread(file, $0.baseAddress, $0.count, off_t(offset + length))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw mishap("read a file") }
            if got == 0 { break }
            length += got
        }
        return Array(bytes.prefix(length))
    }

    /// The SHA-256 and the length of a file, copied on the way when `copy` names a new file; nil when it is not there.
    static func hash(of path: String, copyingTo copy: String? = nil) throws -> (hash: String, bytes: Int)? {
        let source = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else {
            if errno == ENOENT { return nil }
            throw mishap("open a file")
        }
        defer { Glibc.close(source) }
        let target = try copy.map { copy in
            let file = Glibc.open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw mishap("make a copy") }
            return file
        }
        defer { if let target { Glibc.close(target) } }
        var digest = Digest()
        var offset = 0
        while true {
            let bytes = try read(source, from: offset, count: 262_144)
            if bytes.isEmpty { break }
            digest.update(bytes)
            offset += bytes.count
            if let target { try bytes.withUnsafeBytes { try write($0, to: target) } }
        }
        if let target, fsync(target) != 0 { throw mishap("flush a copy") }
        return (Hex.text(digest.finalize()), offset)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Why the key file was not used. The path is told, the content never.
public enum KeyFault: Error, Hashable, Sendable {
    /// Others than its owner may read or write it: `chmod 600` it, and think about who has read it.
    case openToOthers(path: String)
    /// Not a regular file of 32 bytes.
    case notAKey(path: String)
    /// The operating system said no, with its error number.
    case unreachable(path: String, errno: Int32)
}

/// The office's secret key: 32 random bytes in a file that only its owner may read (0600).
public struct SecretKey: Sendable, CustomStringConvertible {
    /// A key's length in bytes.
    public static let length = 32
    /// The key itself; hand it to a `Seal`, write it nowhere.
    public let bytes: [UInt8]

    /// Never the key.
    public var description: String { "SecretKey" }

    /// The key kept at `path`; drawn and written there when there is none yet. Two programs that start at the same
    /// moment end with the same key.
    public static func load(orCreateAt path: String) throws(KeyFault) -> SecretKey {
        if let kept = try find(at: path) { return kept }
        try create(path)
        guard let kept = try find(at: path) else { throw .unreachable(path: path, errno: ENOENT) }
        return kept
    }

    /// The key kept at `path`; nil when there is none.
    public static func find(at path: String) throws(KeyFault) -> SecretKey? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .unreachable(path: path, errno: errno)
        }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw .unreachable(path: path, errno: errno) }
        guard facts.st_mode & S_IFMT == S_IFREG, facts.st_size == length else { throw .notAKey(path: path) }
        guard facts.st_mode & 0o077 == 0 else { throw .openToOthers(path: path) }
        var bytes = [UInt8](repeating: 0, count: length)
        guard Glibc.read(file, &bytes, length) == length else { throw .unreachable(path: path, errno: errno) }
        return SecretKey(bytes: bytes)
    }

    /// Written whole under another name first, then linked: a key is never seen half written, and never replaced.
    private static func create(_ path: String) throws(KeyFault) {
        let draft = path + "." + Token.random(bytes: 9)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .unreachable(path: path, errno: errno) }
        defer {
            close(file)
            unlink(draft)
        }
        let bytes = Token.randomBytes(length)
        guard write(file, bytes, length) == length, fsync(file) == 0 else {
            throw .unreachable(path: path, errno: errno)
        }
        guard link(draft, path) == 0 || errno == EEXIST else { throw .unreachable(path: path, errno: errno) }
    }
}

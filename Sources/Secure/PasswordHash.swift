// SPDX-License-Identifier: Apache-2.0
import CSodium

/// Why a password was not hashed.
public enum PasswordFault: Error, Hashable, Sendable {
    /// More than `PasswordHash.longestBytes` bytes of UTF-8.
    case tooLong
    /// The 19 MiB that hashing takes could not be had.
    case outOfMemory
}

/// Passwords as they are kept: Argon2id in the usual `$argon2id$v=19$m=…` text, salt included.
///
/// The cost is OWASP's first recommendation for Argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
/// libsodium's INTERACTIVE takes the same two passes over 64 MiB; on the small machine this program is meant for,
/// a handful of people signing in at nine o'clock would then take more memory than all the rest of the office.
///
/// Every call here keeps its thread busy for tens of milliseconds on purpose: never call it on an event loop, and in
/// an async function hop to a thread of its own (NIO's thread pool, a dispatch queue) first.
public enum PasswordHash {
    static let passes = UInt64(2)
    static let memoryBytes = 19 * 1024 * 1024
    /// The longest password that is taken, in bytes of UTF-8: room for three hundred Thai letters.
    public static let longestBytes = 1024

    /// Hashes a password under a fresh salt. Blocking.
    public static func make(_ password: String) throws(PasswordFault) -> String {
        Sodium.start()
        let secret = password.utf8.map { CChar(bitPattern: $0) }
        guard secret.count <= longestBytes else { throw .tooLong }
        var out = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let code = crypto_pwhash_str_alg(
            &out, secret, UInt64(secret.count), passes, memoryBytes, crypto_pwhash_ALG_ARGON2ID13)
        guard code == 0 else { throw .outOfMemory }
        return String(decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether the password is the one that `hash` was made of; false for a text that is no hash. Blocking.
    public static func verify(_ password: String, against hash: String) -> Bool {
        Sodium.start()
        let secret = password.utf8.map { CChar(bitPattern: $0) }
        guard secret.count <= longestBytes, let kept = padded(hash) else { return false }
        return crypto_pwhash_str_verify(kept, secret, UInt64(secret.count)) == 0
    }

    /// Whether the hash was made at another cost than today's, or is none: then make it anew at the next sign-in.
    public static func needsRehash(_ hash: String) -> Bool {
        Sodium.start()
        guard let kept = padded(hash) else { return true }
        return crypto_pwhash_str_needs_rehash(kept, passes, memoryBytes) != 0
    }

    /// libsodium reads a hash as a C string of a fixed room; a longer one is none of ours.
    private static func padded(_ hash: String) -> [CChar]? {
        let bytes = hash.utf8.map { CChar(bitPattern: $0) }
        let room = Int(crypto_pwhash_STRBYTES)
        guard bytes.count < room, !bytes.contains(0) else { return nil }
        return bytes + [CChar](repeating: 0, count: room - bytes.count)
    }
}

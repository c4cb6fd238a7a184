// SPDX-License-Identifier: Apache-2.0
import CSodium

/// A running SHA-256 (FIPS 180-4) over bytes that come piece by piece, as a letter's file does while it is stored.
public struct Digest: Sendable {
    private var state = crypto_hash_sha256_state()

    public init() {
        Sodium.start()
        crypto_hash_sha256_init(&state)
    }

    /// Takes the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        crypto_hash_sha256_update(&state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// Takes the next bytes.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if done == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// The 32 bytes of the digest of everything taken so far; more may be taken afterwards.
    public func finalize() -> [UInt8] {
        var ending = state
        var out = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256_final(&ending, &out)
        return out
    }

    /// The 32 bytes of the SHA-256 of some bytes.
    public static func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var digest = Digest()
        digest.update(bytes)
        return digest.finalize()
    }

    /// The 32 bytes of the SHA-256 of a text's UTF-8.
    public static func sha256(_ text: String) -> [UInt8] { sha256(text.utf8) }
}

/// HMAC-SHA256 (RFC 2104), for what must come back to us unaltered.
public enum HMAC {
    /// Whether two codes or digests are the same; takes the same time wherever they differ.
    public static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    /// The 32 bytes of the authentication code of `message`; the key may have any length.
    public static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        Sodium.start()
        var state = crypto_auth_hmacsha256_state()
        var out = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        crypto_auth_hmacsha256_init(&state, key, key.count)
        crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        crypto_auth_hmacsha256_final(&state, &out)
        return out
    }
}

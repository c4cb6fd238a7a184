// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Secure
import Synchronization

/// Compares keys with the digests that are kept of them.
enum KeyRing {
    /// What opens one broadcast to an encoder.
    struct Lock: Sendable {
        /// SHA-256 of the keys that are good, as hexadecimal.
        var digests: [String]
        /// What must be known besides, where the protocol can ask for it (SRT).
        var passphrase: String?
    }

    /// Whether one of these SHA-256 digests, as hexadecimal, is that of the offered key. Every digest is compared, and each
    /// in the same time wherever it differs.
    static func opens(_ digests: [String], to offered: String) -> Bool {
        let digest = Digest.sha256(offered)
        var isGood = false
        for one in digests { if HMAC.isEqual(Hex.bytes(one) ?? [], digest) { isGood = true } }
        return isGood
    }
}

/// JSON, for what people and the desk send.
enum JSON {
    /// Nil when it cannot be read.
    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
        // What is wrong with it is of no use to anybody: the sender is told that it cannot be read.
        try? JSONDecoder().decode(type, from: Data(bytes))
    }

    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Our own values have no case that cannot be written: no floating point, no keys but strings.
        return (try? encoder.encode(value)).map { Array($0) } ?? Array("{}".utf8)
    }
}

/// The certificate at the door, which may be replaced while everything runs.
final class IdentityShelf: Sendable {
    private let current: Mutex<TLSIdentity?>

    init(_ identity: TLSIdentity?) { current = Mutex(identity) }

    /// What comes from now on is met with this one.
    func replace(with identity: TLSIdentity) { current.withLock { $0 = identity } }

    /// The server's end on a connected socket; nil when there is no certificate or no memory.
    func line(serving file: Int32) -> TLSLine? {
        guard let identity = current.withLock({ $0 }) else { return nil }
        // Out of memory: that one connection is not taken.
        return try? TLSLine(identity, serving: file)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Why a sealed link does not open.
public enum SealFault: Error, Hashable, Sendable {
    /// Not the shape of a seal: cut short, mistyped, or something else altogether.
    case malformed
    /// Not ours, altered, or made for another purpose.
    case wrongSignature
    /// Ours, but its time is over.
    case expired
}

/// Links that carry their own permission: whose matter, for what, until when, and HMAC-SHA256 over it all.
///
/// A seal is 32 bytes, 43 characters of base64url: the subject (8, big-endian), the second it expires (8), and the
/// first 16 bytes of the code (RFC 2104 section 5 allows half of the hash's length). The purpose is signed but not
/// carried, so a link made for reading never opens what a link for evaluating opens. The subject can be read by
/// whoever holds the link: seal ids only.
public struct Seal: Sendable, CustomStringConvertible {
    private static let textLength = 43
    private static let bodyLength = 16
    private static let codeLength = 16
    private let key: [UInt8]

    /// A seal under a key of at least 32 bytes, usually a `SecretKey`'s.
    public init(key: [UInt8]) {
        precondition(key.count >= 32, "a seal's key has at least 32 bytes")
        self.key = key
    }

    /// Seals `subject` for `purpose` until `expires` (seconds since 1970-01-01T00:00:00Z; from then on it is expired).
    public func sign(purpose: String, subject: Int64, expires: Int64) -> String {
        let body = Self.bytes(subject) + Self.bytes(expires)
        return Base64URL.text(body + code(purpose, body))
    }

    /// The subject of a seal that was made for `purpose` and still holds at `now` (seconds since 1970).
    public func open(_ token: String, purpose: String, now: Int64) throws(SealFault) -> Int64 {
        guard token.utf8.count == Self.textLength, let bytes = Base64URL.bytes(token),
            bytes.count == Self.bodyLength + Self.codeLength
        else { throw .malformed }
        let body = Array(bytes.prefix(Self.bodyLength))
        guard constantTimeEquals(code(purpose, body), Array(bytes.suffix(Self.codeLength))) else {
            throw .wrongSignature
        }
        guard now < Self.number(body.suffix(8)) else { throw .expired }
        return Self.number(body.prefix(8))
    }

    /// Never the key.
    public var description: String { "Seal" }

    /// The purpose goes in with its length before it, so that no purpose runs into the body.
    private func code(_ purpose: String, _ body: [UInt8]) -> [UInt8] {
        let name = Array(purpose.utf8)
        let message = Array("sanyan seal 1".utf8) + Self.bytes(Int64(name.count)) + name + body
        return Array(HMAC.sha256(message, key: key).prefix(Self.codeLength))
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> Int64 {
        bytes.reduce(0) { $0 << 8 | Int64($1) }
    }
}

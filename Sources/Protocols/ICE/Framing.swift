// SPDX-License-Identifier: Apache-2.0

/// Frames of ICE over TCP (RFC 4571, 2): every packet has its length, in two bytes, before it.
public struct FrameReader: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0
    private let limit: Int

    /// A reader that takes packets of at most `limit` bytes.
    public init(limit: Int = 1_600) { self.limit = limit }

    /// Bytes came. False when a packet is longer than is taken: the connection is closed then.
    public mutating func take(_ more: some Collection<UInt8>) -> Bool {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes += more
        return pendingLength.map { $0 <= limit } ?? true
    }

    /// The next whole packet; nil when it has not come yet, or is too long.
    public mutating func next() -> ArraySlice<UInt8>? {
        guard let length = pendingLength, length <= limit, bytes.count - start >= 2 + length else { return nil }
        defer { start += 2 + length }
        return bytes[(start + 2)..<(start + 2 + length)]
    }

    /// Whether what comes next is longer than is taken.
    public var isTooLong: Bool { pendingLength.map { $0 > limit } ?? false }

    private var pendingLength: Int? {
        bytes.count - start >= 2 ? Int(bytes[start]) << 8 | Int(bytes[start + 1]) : nil
    }
}

/// A name and a password for the TURN server beside us that end by themselves (draft-uberti-behave-turn-rest-00: what
/// coturn calls `use-auth-secret`).
public struct RelayPass: Hashable, Sendable {
    /// `expiry:who`, seconds since 1970.
    public let username: String
    /// HMAC-SHA1 of the name by the secret that is shared with the server, in Base64.
    public let password: String

    /// A pass that is good until `expirySeconds`; `who` is an id, never a name.
    public init(who: String, expirySeconds: Int64, secret: String) {
        username = "\(expirySeconds):\(who)"
        password = RelayPass.base64(HMACSHA1(key: secret.utf8).digest(username.utf8))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[value >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

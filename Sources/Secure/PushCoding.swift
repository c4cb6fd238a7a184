// SPDX-License-Identifier: Apache-2.0
// Implemented: RFC 8291 (encryption for Web Push) with one record of RFC 8188's `aes128gcm`.
// Not implemented: several records, key ids other than the sender's point; RFC 8291 section 4 allows neither.

/// Why a push is not sealed or opened.
public enum PushFault: Error, Hashable, Sendable {
    /// A point beside the curve, or a secret that is not 16 bytes: the device can be forgotten.
    case badKeys
    /// The text is longer than `PushCoding.longestText`.
    case tooLong
    /// Not for these keys, or changed on the way.
    case altered
    /// The cipher library failed.
    case broken
}

/// What a browser gives out with its subscription: with these a push is sealed so that only the browser reads it.
public struct PushKeys: Hashable, Sendable {
    /// `p256dh`: the uncompressed point of its public key, 65 bytes.
    public let point: [UInt8]
    /// `auth`: 16 bytes.
    public let secret: [UInt8]

    /// - Throws: `badKeys` unless the lengths are right and the point lies on the curve.
    public init(point: [UInt8], secret: [UInt8]) throws(PushFault) {
        guard secret.count == 16 else { throw .badKeys }
        _ = try CurveKey(point: point, like: CurveKey())
        self.point = point
        self.secret = secret
    }
}

/// A browser's end: reads what was sealed to its keys. The rehearsed browsers and the tests are such.
public struct PushReader: Sendable {
    private let key: CurveKey
    public let keys: PushKeys

    /// A browser that has just drawn its key and its secret.
    public init() throws(PushFault) { try self.init(CurveKey(), secret: Token.randomBytes(16)) }

    /// A browser with a key in PEM and its secret.
    public init(pem: String, secret: [UInt8]) throws(PushFault) { try self.init(CurveKey(pem: pem), secret: secret) }

    private init(_ key: CurveKey, secret: [UInt8]) throws(PushFault) {
        self.key = key
        keys = try PushKeys(point: key.point, secret: secret)
    }

    /// The text of a body (RFC 8291 section 3.4, RFC 8188 section 2).
    public func open(_ body: [UInt8]) throws(PushFault) -> [UInt8] {
        guard body.count > PushCoding.headBytes + AESGCM.codeBytes, body[20] == 65 else { throw .altered }
        let (salt, point) = (Array(body[0..<16]), Array(body[21..<86]))
        let recordSize = body[16..<20].reduce(0) { $0 << 8 | Int($1) }
        let sealed = Array(body.dropFirst(PushCoding.headBytes))
        guard recordSize >= 18, sealed.count <= recordSize else { throw .altered }
        let secret = try key.agree(with: CurveKey(point: point, like: key))
        let (cipher, nonce) = try PushCoding.keyAndNonce(secret, to: keys, from: point, salt: salt)
        let record = try AESGCM.open(sealed, key: cipher, nonce: nonce)
        guard let end = record.lastIndex(where: { $0 != 0 }), record[end] == 2 else { throw .altered }
        return Array(record[..<end])
    }
}

/// Seals a push for one browser.
public enum PushCoding {
    /// A push service takes bodies of 4,096 bytes; the head, the end mark and the code take 103 (RFC 8291 section 4).
    public static let longestText = 3993
    /// Salt, record size, length of the key id, and the sender's point.
    static let headBytes = 16 + 4 + 1 + 65
    private static let recordSize: UInt32 = 4096

    /// The body of a push: `Content-Encoding: aes128gcm`.
    public static func seal(_ text: [UInt8], to keys: PushKeys) throws(PushFault) -> [UInt8] {
        try seal(text, to: keys, salt: Token.randomBytes(16), by: CurveKey())
    }

    static func seal(
        _ text: [UInt8], to keys: PushKeys, salt: [UInt8], by sender: CurveKey
    ) throws(PushFault) -> [UInt8] {
        guard text.count <= longestText else { throw .tooLong }
        let point = sender.point
        let secret = try sender.agree(with: CurveKey(point: keys.point, like: sender))
        let (key, nonce) = try keyAndNonce(secret, to: keys, from: point, salt: salt)
        let size = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: recordSize >> $0) }
        // The last record ends with 2 (RFC 8188 section 2); no padding follows.
        return salt + size + [65] + point + (try AESGCM.seal(text + [2], key: key, nonce: nonce))
    }

    /// RFC 8291 section 3.4: what both agree on and the browser's secret make the input of RFC 8188's derivation.
    static func keyAndNonce(
        _ secret: [UInt8], to keys: PushKeys, from point: [UInt8], salt: [UInt8]
    ) throws(PushFault) -> (key: [UInt8], nonce: [UInt8]) {
        let about = Array("WebPush: info\0".utf8) + keys.point + point
        let input = try HKDF.derive(32, from: secret, salt: keys.secret, info: about)
        return (
            try HKDF.derive(16, from: input, salt: salt, info: Array("Content-Encoding: aes128gcm\0".utf8)),
            try HKDF.derive(12, from: input, salt: salt, info: Array("Content-Encoding: nonce\0".utf8))
        )
    }
}

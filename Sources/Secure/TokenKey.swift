// SPDX-License-Identifier: Apache-2.0
import CJose
import COpenSSL
import FoundationEssentials
import Glibc

/// Why a key or a token is not used. Nothing of either is told.
public enum TokenFault: Error, Hashable, Sendable, CaseIterable {
    /// Not a key that signs ES256 or RS256, or locked by a passphrase.
    case badKey
    /// Not three parts of base64url with a header that is understood, or too long.
    case malformed
    /// No key of the set has the token's name, kind and use: fetch the set anew.
    case unknownKey
    /// The key is there, and did not sign this; or it was signed by another algorithm than the key's.
    case wrongSignature
}

/// A private key that signs tokens: P-256 for ES256, RSA of at least 2,048 bits for RS256 (RFC 7518 sections 3.3, 3.4).
///
/// It is kept as the text of a JSON Web Key (RFC 7517): put that away in a `Strongbox` and write it nowhere else.
public struct TokenKey: Sendable, CustomStringConvertible {
    /// How it signs: what a token's `alg` says.
    public enum Algorithm: String, Sendable, CaseIterable {
        case es256 = "ES256"
        case rs256 = "RS256"
    }

    public let algorithm: Algorithm
    /// The private JSON Web Key.
    public let stored: String

    /// Never the key.
    public var description: String { "TokenKey(\(algorithm.rawValue))" }

    /// Draws a P-256 key for ES256.
    public static func make() throws(TokenFault) -> TokenKey {
        guard let key = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, nil) else { throw .badKey }
        defer { cjose_jwk_release(key) }
        return try TokenKey(key)
    }

    /// The key that was kept as `stored`.
    public init(stored: String) throws(TokenFault) {
        let key = try JoseKey(stored)
        try self.init(key.pointer)
    }

    /// An RSA key in PEM (RFC 7468), as a Google service account's `private_key` is, or a P-256 key in PEM.
    public init(pem: String) throws(TokenFault) {
        guard pem.utf8.count <= 16_384 else { throw .badKey }
        defer { ERR_clear_error() }
        let key = Array(pem.utf8).withUnsafeBytes { bytes -> OpaquePointer? in
            guard let source = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
            defer { BIO_free(source) }
            // Without an answer to the question for a passphrase OpenSSL would ask the terminal.
            return PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let key else { throw .badKey }
        defer { EVP_PKEY_free(key) }
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA: try self.init(Self.rsa(key))
        case EVP_PKEY_EC: try self.init(Self.p256(key))
        default: throw .badKey
        }
    }

    /// The public key of a P-256 key as an uncompressed point: 65 bytes, the first of them 4; nil for an RSA key.
    public var publicPoint: [UInt8]? {
        guard algorithm == .es256, let parts = try? JSONDecoder().decode(KeyText.self, from: Data(stored.utf8)),
            let x = parts.x.flatMap(Base64URL.bytes), let y = parts.y.flatMap(Base64URL.bytes),
            x.count <= 32, y.count <= 32
        else { return nil }
        return [4] + [UInt8](repeating: 0, count: 32 - x.count) + x + [UInt8](repeating: 0, count: 32 - y.count) + y
    }

    /// The public JSON Web Key, for a set that others read.
    public func publicKey(named kid: String) -> String? {
        guard var parts = try? JSONDecoder().decode(KeyText.self, from: Data(stored.utf8)) else { return nil }
        (parts.kid, parts.alg, parts.use) = (kid, algorithm.rawValue, "sig")
        return parts.publicText
    }

    /// Takes what signs ES256 or RS256 and nothing else; the reference stays the caller's.
    private init(_ key: OpaquePointer) throws(TokenFault) {
        switch cjose_jwk_get_kty(key, nil) {
        case CJOSE_JWK_KTY_EC where cjose_jwk_EC_get_curve(key, nil) == CJOSE_JWK_EC_P_256: algorithm = .es256
        case CJOSE_JWK_KTY_RSA where (2048...8192).contains(cjose_jwk_get_keysize(key, nil)): algorithm = .rs256
        default: throw .badKey
        }
        guard let text = cjose_jwk_to_json(key, true, nil) else { throw .badKey }
        defer { free(text) }
        stored = String(cString: text)
        guard let parts = try? JSONDecoder().decode(KeyText.self, from: Data(stored.utf8)), parts.isPrivate else {
            throw .badKey
        }
    }

    private init(_ key: JoseKey) throws(TokenFault) { try self.init(key.pointer) }

    private static func rsa(_ key: OpaquePointer) throws(TokenFault) -> JoseKey {
        let names = ["e", "n", "d", "rsa-factor1", "rsa-factor2", "rsa-exponent1", "rsa-exponent2", "rsa-coefficient1"]
        let numbers = names.map { number($0, of: key) }
        guard numbers.allSatisfy({ !$0.isEmpty }) else { throw .badKey }
        let fields = zip(["e", "n", "d", "p", "q", "dp", "dq", "qi"], numbers)
        let text = fields.map { #""\#($0)":"\#(Base64URL.text($1))""# }.joined(separator: ",")
        return try JoseKey(#"{"kty":"RSA",\#(text)}"#)
    }

    private static func p256(_ key: OpaquePointer) throws(TokenFault) -> JoseKey {
        let numbers = ["qx", "qy", "priv"].map { name in
            let bytes = number(name, of: key)
            return [UInt8](repeating: 0, count: max(0, 32 - bytes.count)) + bytes
        }
        var group = [CChar](repeating: 0, count: 64)
        guard EVP_PKEY_get_group_name(key, &group, group.count, nil) == 1,
            group.prefix(while: { $0 != 0 }).elementsEqual("prime256v1".utf8.map { CChar(bitPattern: $0) })
        else { throw .badKey }
        let text = zip(["x", "y", "d"], numbers).map { #""\#($0)":"\#(Base64URL.text($1))""# }.joined(separator: ",")
        return try JoseKey(#"{"kty":"EC","crv":"P-256",\#(text)}"#)
    }

    /// A number of the key by OpenSSL's name for it (EVP_PKEY-RSA(7), EVP_PKEY-EC(7)), most significant byte first; empty when
    /// it has none.
    private static func number(_ name: String, of key: OpaquePointer) -> [UInt8] {
        var found: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &found) == 1, let found else { return [] }
        defer { BN_clear_free(found) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(found) + 7) / 8)
        BN_bn2bin(found, &bytes)
        return bytes
    }
}

/// A key in libcjose's hands; let go with the last reference.
final class JoseKey {
    let pointer: OpaquePointer

    /// Reads a JSON Web Key.
    init(_ text: String) throws(TokenFault) {
        guard text.utf8.count <= 16_384, let key = cjose_jwk_import(text, text.utf8.count, nil) else { throw .badKey }
        pointer = key
    }

    deinit { cjose_jwk_release(pointer) }
}

/// The parts of a JSON Web Key (RFC 7517, RFC 7518 section 6) that are looked at.
struct KeyText: Codable {
    var kty: String
    var kid: String?
    var alg: String?
    var use: String?
    var crv: String?
    var x: String?
    var y: String?
    var n: String?
    var e: String?
    var d: String?

    var isPrivate: Bool { d != nil }

    /// How this key signs; nil when it is no key for ES256 or RS256.
    var algorithm: TokenKey.Algorithm? {
        let found: TokenKey.Algorithm? =
            switch (kty, crv) {
            case ("EC", "P-256"): .es256
            case ("RSA", nil): .rs256
            default: nil
            }
        return found.flatMap { (alg ?? $0.rawValue) == $0.rawValue && (use ?? "sig") == "sig" ? $0 : nil }
    }

    /// Only what is public.
    var publicText: String? {
        var open = self
        open.d = nil
        let writer = JSONEncoder()
        writer.outputFormatting = .sortedKeys
        return (try? writer.encode(open)).map { String(decoding: $0, as: UTF8.self) }
    }
}

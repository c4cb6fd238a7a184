// SPDX-License-Identifier: Apache-2.0
import CJose
import FoundationEssentials
import Glibc

/// Signed tokens: JWS in its compact form (RFC 7515 section 7.1) with the claims of a JWT (RFC 7519), by libcjose.
///
/// The algorithm is the key's, never the token's: a P-256 key means ES256, an RSA key RS256, and what says anything else
/// is refused (RFC 8725 section 3.1). Who reads the claims looks at `iss`, `aud`, `exp` and `nonce` by himself.
public enum WebToken {
    /// The longest token that is read, in bytes.
    public static let longestBytes = 16_384
    /// The longest set of keys that is read, in bytes, and the most keys of it that are looked at.
    public static let longestSetBytes = 262_144
    public static let mostKeys = 64

    /// Signs claims.
    ///
    /// - Parameters:
    ///   - claims: the text of a JSON object.
    ///   - kid: the key's name, for whoever has several; nil for none.
    ///   - type: the header's `typ`; nil for none.
    public static func sign(
        _ claims: String, with key: TokenKey, kid: String? = nil, type: String? = "JWT"
    ) throws(TokenFault) -> String {
        guard let header = cjose_header_new(nil) else { throw .malformed }
        defer { cjose_header_release(header) }
        for (name, value) in [("alg", key.algorithm.rawValue), ("typ", type), ("kid", kid)] {
            guard let value else { continue }
            guard cjose_header_set(header, name, value, nil) else { throw .malformed }
        }
        let (jose, text) = (try JoseKey(key.stored), Array(claims.utf8))
        guard let signed = cjose_jws_sign(jose.pointer, header, text, text.count, nil) else { throw .badKey }
        defer { cjose_jws_release(signed) }
        var compact: UnsafePointer<CChar>?
        guard cjose_jws_export(signed, &compact, nil), let compact else { throw .badKey }
        return String(cString: compact)
    }

    /// The claims of a token that one of the keys has signed.
    ///
    /// The key is the one of the token's `kid`; a token without a name is read only when one key alone could have signed it.
    ///
    /// - Parameter keys: the text of a JSON Web Key Set (RFC 7517 section 5).
    /// - Returns: the text that was signed, usually a JSON object.
    public static func verify(_ token: String, against keys: String) throws(TokenFault) -> String {
        guard token.utf8.count <= longestBytes, isCompact(token),
            let found = cjose_jws_import(token, token.utf8.count, nil)
        else { throw .malformed }
        defer { cjose_jws_release(found) }
        guard let header = cjose_jws_get_protected(found), let name = cjose_header_get(header, "alg", nil) else {
            throw .malformed
        }
        // Extensions that must be understood: none is (RFC 7515 section 4.1.11).
        guard !has("crit", header) else { throw .malformed }
        let kid = cjose_header_get(header, "kid", nil).map { String(cString: $0) }
        let key = try choose(kid, from: keys)
        guard key.algorithm?.rawValue == String(cString: name), let text = key.publicText else {
            throw .wrongSignature
        }
        guard let jose = try? JoseKey(text) else { throw .unknownKey }
        guard key.algorithm == .es256 || (2048...8192).contains(cjose_jwk_get_keysize(jose.pointer, nil)) else {
            throw .unknownKey
        }
        guard cjose_jws_verify(found, jose.pointer, nil) else { throw .wrongSignature }
        var text8: UnsafeMutablePointer<UInt8>?
        var length = 0
        guard cjose_jws_get_plaintext(found, &text8, &length, nil) else { throw .malformed }
        return String(decoding: UnsafeBufferPointer(start: text8, count: length), as: UTF8.self)
    }

    /// Three parts of base64url; libcjose alone would take other letters too.
    private static func isCompact(_ token: String) -> Bool {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 3
            && parts.allSatisfy { part in !part.isEmpty && Base64URL.bytes(String(part) ?? "!") != nil }
    }

    private static func has(_ name: String, _ header: OpaquePointer) -> Bool {
        guard let value = cjose_header_get_raw(header, name, nil) else { return false }
        free(value)
        return true
    }

    private static func choose(_ kid: String?, from keys: String) throws(TokenFault) -> KeyText {
        struct KeySet: Decodable {
            /// Keys of kinds that are not known are passed over (RFC 7517 section 5).
            struct Lenient: Decodable {
                let key: KeyText?
                init(from decoder: any Decoder) { key = try? KeyText(from: decoder) }
            }
            let keys: [Lenient]
        }
        guard keys.utf8.count <= longestSetBytes,
            let set = try? JSONDecoder().decode(KeySet.self, from: Data(keys.utf8))
        else { throw .unknownKey }
        let usable = set.keys.prefix(mostKeys).compactMap(\.key).filter { $0.algorithm != nil }
        let named = kid.map { name in usable.filter { $0.kid == name } } ?? usable
        guard named.count == 1, let key = named.first else { throw .unknownKey }
        return key
    }
}

// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A P-256 key that agrees on a secret with another (ECDH, SEC 1), by OpenSSL.
// An EVP_PKEY is never changed once it is made, and OpenSSL lets several threads use one.
final class CurveKey: @unchecked Sendable {
    private let key: OpaquePointer

    /// Draws a key pair.
    init() throws(PushFault) {
        defer { ERR_clear_error() }
        var drawn: OpaquePointer?
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { throw .broken }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_generate(context, &drawn) == 1, let drawn
        else { throw .broken }
        key = drawn
    }

    /// Somebody's public key from its uncompressed point; one that is not on the curve is refused.
    init(point: [UInt8], like other: CurveKey) throws(PushFault) {
        defer { ERR_clear_error() }
        guard point.count == 65, point[0] == 4, let made = EVP_PKEY_new() else { throw .badKeys }
        guard EVP_PKEY_copy_parameters(made, other.key) == 1,
            EVP_PKEY_set1_encoded_public_key(made, point, point.count) == 1
        else {
            EVP_PKEY_free(made)
            throw .badKeys
        }
        key = made
    }

    /// A private key in PEM.
    init(pem: String) throws(PushFault) {
        defer { ERR_clear_error() }
        let read = Array(pem.utf8).withUnsafeBytes { bytes -> OpaquePointer? in
            guard let source = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
            defer { BIO_free(source) }
            return PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let read else { throw .badKeys }
        key = read
        guard point.count == 65 else { throw .badKeys }
    }

    deinit { EVP_PKEY_free(key) }

    /// The uncompressed point of the public key: 65 bytes, the first of them 4.
    var point: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = EVP_PKEY_get1_encoded_public_key(key, &bytes)
        defer { CRYPTO_free(bytes, #fileID, #line) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// What both agree on: 32 bytes.
    func agree(with other: CurveKey) throws(PushFault) -> [UInt8] {
        defer { ERR_clear_error() }
        var secret = [UInt8](repeating: 0, count: 32)
        var length = secret.count
        guard let context = EVP_PKEY_CTX_new(key, nil) else { throw .broken }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, other.key) == 1,
            EVP_PKEY_derive(context, &secret, &length) == 1, length == secret.count
        else { throw .badKeys }
        return secret
    }
}

/// HKDF with SHA-256 (RFC 5869), by OpenSSL.
enum HKDF {
    /// `count` bytes from what is secret, a salt and what they are for.
    static func derive(
        _ count: Int, from secret: [UInt8], salt: [UInt8], info: [UInt8]
    ) throws(PushFault) -> [UInt8] {
        defer { ERR_clear_error() }
        var out = [UInt8](repeating: 0, count: count)
        var length = count
        guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) else { throw .broken }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1,
            EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)) == 1,
            EVP_PKEY_CTX_set1_hkdf_key(context, secret, Int32(secret.count)) == 1,
            EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(info.count)) == 1,
            EVP_PKEY_derive(context, &out, &length) == 1, length == count
        else { throw .broken }
        return out
    }
}

/// AES-128-GCM (NIST SP 800-38D) with nothing beside the text, by OpenSSL; the code of 16 bytes stands at the end.
enum AESGCM {
    static let codeBytes = 16

    static func seal(_ text: [UInt8], key: [UInt8], nonce: [UInt8]) throws(PushFault) -> [UInt8] {
        defer { ERR_clear_error() }
        var out = [UInt8](repeating: 0, count: text.count)
        var code = [UInt8](repeating: 0, count: codeBytes)
        var length: Int32 = 0
        guard let context = EVP_CIPHER_CTX_new() else { throw .broken }
        defer { EVP_CIPHER_CTX_free(context) }
        guard EVP_EncryptInit_ex2(context, EVP_aes_128_gcm(), key, nonce, nil) == 1,
            EVP_EncryptUpdate(context, &out, &length, text, Int32(text.count)) == 1, Int(length) == text.count,
            EVP_EncryptFinal_ex(context, nil, &length) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(codeBytes), &code) == 1
        else { throw .broken }
        return out + code
    }

    static func open(_ sealed: [UInt8], key: [UInt8], nonce: [UInt8]) throws(PushFault) -> [UInt8] {
        defer { ERR_clear_error() }
        guard sealed.count > codeBytes else { throw .altered }
        let text = Array(sealed.dropLast(codeBytes))
        var code = Array(sealed.suffix(codeBytes))
        var out = [UInt8](repeating: 0, count: text.count)
        var length: Int32 = 0
        guard let context = EVP_CIPHER_CTX_new() else { throw .broken }
        defer { EVP_CIPHER_CTX_free(context) }
        guard EVP_DecryptInit_ex2(context, EVP_aes_128_gcm(), key, nonce, nil) == 1,
            EVP_DecryptUpdate(context, &out, &length, text, Int32(text.count)) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(codeBytes), &code) == 1,
            EVP_DecryptFinal_ex(context, nil, &length) == 1
        else { throw .altered }
        return out
    }
}

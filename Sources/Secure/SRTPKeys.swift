// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// What packets of one kind and direction are protected with (RFC 3711 section 4.3).
struct SRTPKeys {
    /// What a key is for; the labels of RFC 3711 section 4.3.2.
    enum Kind: UInt8 {
        case rtp = 0
        case rtcp = 3
    }

    let profile: SRTPProfile
    let key: [UInt8]
    let salt: [UInt8]
    /// Of HMAC-SHA1; empty for AES-GCM, which needs none.
    let code: [UInt8]

    /// Session keys as they are, for the RFCs' examples.
    init(_ profile: SRTPProfile, key: [UInt8], salt: [UInt8], code: [UInt8]) {
        (self.profile, self.key, self.salt, self.code) = (profile, key, salt, code)
    }

    /// Derived from a master key, once (the derivation rate is 0). AES-256 derives with AES-256 (RFC 7714 section 11).
    init(_ master: SRTPMaster, _ kind: Kind) throws(SRTPFault) {
        let (profile, label, stream) = (master.profile, kind.rawValue, try SRTPKeyStream(master.key))
        // RFC 3711 section 4.3.3: the key stream from the salt with the label in it. A salt of 96 bits is used as one of 112
        // with zeros behind it (RFC 7714 section 11).
        let derive = { (label: UInt8, count: Int) throws(SRTPFault) -> [UInt8] in
            var start = master.salt + [UInt8](repeating: 0, count: 16 - master.salt.count)
            start[7] ^= label
            return try stream.bytes(from: start, count: count)
        }
        self.profile = profile
        key = try derive(label, profile.keyBytes)
        code = profile == .aes128CMSHA1_80 ? try derive(label + 1, 20) : []
        salt = try derive(label + 2, profile.saltBytes)
    }
}

/// The key stream of AES in counter mode.
final class SRTPKeyStream {
    private let context: OpaquePointer

    init(_ key: [UInt8]) throws(SRTPFault) {
        guard let context = EVP_CIPHER_CTX_new() else { throw .failed }
        self.context = context
        let cipher = key.count == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr()
        guard EVP_EncryptInit_ex(context, cipher, nil, key, nil) == 1 else { throw .failed }
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// So many bytes of it, from a first block on.
    func bytes(from start: [UInt8], count: Int) throws(SRTPFault) -> [UInt8] {
        let zeros = [UInt8](repeating: 0, count: count)
        var stream = zeros
        var length: Int32 = 0
        guard EVP_EncryptInit_ex(context, nil, nil, nil, start) == 1,
            EVP_EncryptUpdate(context, &stream, &length, zeros, Int32(clamping: count)) == 1, Int(length) == count
        else { throw .failed }
        return stream
    }
}

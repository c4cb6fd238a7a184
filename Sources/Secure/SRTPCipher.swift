// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A packet that is being protected or opened: where its header ends, and where what is enciphered ends.
struct SRTPShape {
    let base: UnsafeMutablePointer<UInt8>
    /// What is only authenticated.
    let header: Int
    /// Header and payload, without code and index.
    let count: Int
}

/// One transform, keyed for one kind and one direction. Lives on one thread.
protocol SRTPCipher: AnyObject {
    /// Enciphers in place and writes the code at `count` (AES-GCM), or behind the trailer (AES-CM).
    func seal(_ shape: SRTPShape, ssrc: UInt32, index: UInt64, trailer: UInt32?) -> Bool
    /// Checks the code and deciphers in place.
    func open(_ shape: SRTPShape, ssrc: UInt32, index: UInt64, trailer: UInt32?) -> Bool
    /// What is read for each packet, where it is known.
    var memory: UnsafeRawBufferPointer { get }
}

extension SRTPCipher {
    var memory: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }
}

/// Numbers in network order.
enum NetworkOrder {
    @inline(__always)
    static func put(_ number: UInt32, _ place: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(place).storeBytes(of: number.bigEndian, as: UInt32.self)
    }

    @inline(__always)
    static func word(_ place: UnsafePointer<UInt8>) -> UInt32 {
        UInt32(bigEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt32.self))
    }

    @inline(__always)
    static func half(_ place: UnsafePointer<UInt8>) -> UInt16 {
        UInt16(bigEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt16.self))
    }
}

/// AES-GCM (RFC 7714) by OpenSSL's EVP. The code stands directly behind the payload, the RTCP index behind that.
final class SRTPGalois: SRTPCipher {
    private static let tagBytes: Int32 = 16
    private let context: OpaquePointer
    private let isSealing: Bool
    /// The salt, and behind it the IV of the packet at hand, and the RTCP word.
    private let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: 32)

    init(_ keys: SRTPKeys, isSealing: Bool) throws(SRTPFault) {
        guard let context = EVP_CIPHER_CTX_new() else { throw .failed }
        (self.context, self.isSealing) = (context, isSealing)
        let cipher = keys.key.count == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm()
        scratch.initialize(repeating: 0, count: 32)
        for (place, byte) in keys.salt.prefix(12).enumerated() { scratch[place] = byte }
        guard EVP_CipherInit_ex(context, cipher, nil, keys.key, nil, isSealing ? 1 : 0) == 1 else { throw .failed }
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
        OPENSSL_cleanse(scratch, 32)
        scratch.deallocate()
    }

    /// RFC 7714 sections 8.1 and 9.1: two zeros, the SSRC and the index (48 bits, for RTCP as many), under the salt.
    @inline(__always)
    static func putIV(
        _ ssrc: UInt32, _ index: UInt64, salt: UnsafePointer<UInt8>, at iv: UnsafeMutablePointer<UInt8>
    ) {
        iv[0] = salt[0]
        iv[1] = salt[1]
        NetworkOrder.put(ssrc ^ NetworkOrder.word(salt + 2), iv + 2)
        NetworkOrder.put(UInt32(truncatingIfNeeded: index >> 16) ^ NetworkOrder.word(salt + 6), iv + 6)
        iv[10] = UInt8(truncatingIfNeeded: index >> 8) ^ salt[10]
        iv[11] = UInt8(truncatingIfNeeded: index) ^ salt[11]
    }

    @inline(__always)
    private func begin(_ shape: SRTPShape, _ ssrc: UInt32, _ index: UInt64, _ trailer: UInt32?) -> Bool {
        let iv = scratch + 12
        SRTPGalois.putIV(ssrc, index, salt: scratch, at: iv)
        var length: Int32 = 0
        guard EVP_CipherInit_ex(context, nil, nil, nil, iv, -1) == 1,
            EVP_CipherUpdate(context, nil, &length, shape.base, Int32(truncatingIfNeeded: shape.header)) == 1
        else { return false }
        guard let trailer else { return true }
        NetworkOrder.put(trailer, scratch + 24)
        return EVP_CipherUpdate(context, nil, &length, scratch + 24, 4) == 1
    }

    @inline(__always)
    private func translate(_ shape: SRTPShape) -> Bool {
        guard shape.count > shape.header else { return true }
        let payload = shape.base + shape.header
        var length: Int32 = 0
        return EVP_CipherUpdate(
            context, payload, &length, payload, Int32(truncatingIfNeeded: shape.count - shape.header)) == 1
    }

    func seal(_ shape: SRTPShape, ssrc: UInt32, index: UInt64, trailer: UInt32?) -> Bool {
        let end = shape.base + shape.count
        var length: Int32 = 0
        guard begin(shape, ssrc, index, trailer), translate(shape), EVP_CipherFinal_ex(context, end, &length) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, SRTPGalois.tagBytes, end) == 1
        else { return false }
        if let trailer { NetworkOrder.put(trailer, end + 16) }
        return true
    }

    func open(_ shape: SRTPShape, ssrc: UInt32, index: UInt64, trailer: UInt32?) -> Bool {
        let end = shape.base + shape.count
        var (length, rest): (Int32, UInt64) = (0, 0)
        guard begin(shape, ssrc, index, trailer), translate(shape),
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, SRTPGalois.tagBytes, end) == 1
        else { return false }
        return withUnsafeMutableBytes(of: &rest) { rest in
            EVP_CipherFinal_ex(context, rest.baseAddress?.assumingMemoryBound(to: UInt8.self), &length) == 1
        }
    }
}

/// AES in counter mode with HMAC-SHA1, 80 bits of it (RFC 3711 section 4). The RTCP index stands behind the payload,
/// the code behind that.
final class SRTPCounter: SRTPCipher {
    private static let tagBytes = 10
    private let context: OpaquePointer
    /// The salt (16), the IV of the packet at hand (16), the code (20) and what is authenticated behind the packet (4).
    private let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: 56)
    /// The states of SHA-1 after the inner and the outer block of the key.
    private let states = UnsafeMutablePointer<SHA_CTX>.allocate(capacity: 2)

    init(_ keys: SRTPKeys) throws(SRTPFault) {
        guard let context = EVP_CIPHER_CTX_new() else { throw .failed }
        self.context = context
        scratch.initialize(repeating: 0, count: 56)
        for (place, byte) in keys.salt.prefix(14).enumerated() { scratch[place] = byte }
        states.initialize(repeating: SHA_CTX(), count: 2)
        let padded = keys.code.prefix(64) + [UInt8](repeating: 0, count: max(0, 64 - keys.code.count))
        cs_sha1_block(states, padded.map { $0 ^ 0x36 })
        cs_sha1_block(states + 1, padded.map { $0 ^ 0x5C })
        guard EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nil, keys.key, nil) == 1 else { throw .failed }
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
        OPENSSL_cleanse(scratch, 56)
        OPENSSL_cleanse(states, 2 * MemoryLayout<SHA_CTX>.size)
        scratch.deallocate()
        states.deallocate()
    }

    /// RFC 3711 section 4.1.1: the salt, the SSRC four bytes and the index eight bytes in; the last two count blocks.
    @inline(__always)
    private func translate(_ shape: SRTPShape, _ ssrc: UInt32, _ index: UInt64) -> Bool {
        guard shape.count > shape.header else { return true }
        let iv = scratch + 16
        NetworkOrder.put(NetworkOrder.word(scratch), iv)
        NetworkOrder.put(ssrc ^ NetworkOrder.word(scratch + 4), iv + 4)
        NetworkOrder.put(UInt32(truncatingIfNeeded: index >> 16) ^ NetworkOrder.word(scratch + 8), iv + 8)
        NetworkOrder.put(UInt32(truncatingIfNeeded: index << 16) ^ NetworkOrder.word(scratch + 12), iv + 12)
        let payload = shape.base + shape.header
        var length: Int32 = 0
        return EVP_CipherInit_ex(context, nil, nil, nil, iv, -1) == 1
            && EVP_CipherUpdate(
                context, payload, &length, payload, Int32(truncatingIfNeeded: shape.count - shape.header)) == 1
    }

    /// The code over header and payload, and the rollover counter (RTP) or the word with the index (RTCP).
    @inline(__always)
    private func reckon(_ shape: SRTPShape, _ index: UInt64, _ trailer: UInt32?) {
        NetworkOrder.put(trailer ?? UInt32(truncatingIfNeeded: index >> 16), scratch + 52)
        cs_sha1_code(states, states + 1, shape.base, shape.count, scratch + 52, 4, scratch + 32)
    }

    func seal(_ shape: SRTPShape, ssrc: UInt32, index: UInt64, trailer: UInt32?) -> Bool {
        guard translate(shape, ssrc, index) else { return false }
        reckon(shape, index, trailer)
        var end = shape.base + shape.count
        if let trailer {
            NetworkOrder.put(trailer, end)
            end += 4
        }
        end.update(from: scratch + 32, count: SRTPCounter.tagBytes)
        return true
    }

    func open(_ shape: SRTPShape, ssrc: UInt32, index: UInt64, trailer: UInt32?) -> Bool {
        reckon(shape, index, trailer)
        let code = shape.base + shape.count + (trailer == nil ? 0 : 4)
        guard CRYPTO_memcmp(scratch + 32, code, SRTPCounter.tagBytes) == 0 else { return false }
        return translate(shape, ssrc, index)
    }
}

extension SRTPKeys {
    /// The transform that these keys are for: AES-GCM by the widest instructions where a processor has them.
    func cipher(isSealing: Bool) throws(SRTPFault) -> any SRTPCipher {
        if profile == .aes128CMSHA1_80 { return try SRTPCounter(self) }
        #if canImport(CIPsecMB)
            if let wide = SRTPWideGalois(self, isSealing: isSealing) { return wide }
        #endif
        return try SRTPGalois(self, isSealing: isSealing)
    }
}

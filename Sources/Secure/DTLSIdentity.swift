// SPDX-License-Identifier: Apache-2.0
import COpenSSL

// DTLS-SRTP: the handshake that gives two ends of a call their SRTP keys.
//
// Implemented: DTLS 1.2 (RFC 6347) as server, by OpenSSL; certificates of both ends known by their fingerprints only
//   (RFC 8122); use_srtp and the keys' export (RFC 5764); repeats after 50 ms, doubling.
// Not: DTLS 1.3, which OpenSSL 3.0 has not and no browser insists on; being client; data after the handshake. There
//   is no cookie: whoever gets here has proved the address by ICE, and before that nothing may be handed to it.

/// What a certificate is known by in SDP: the SHA-256 of it (RFC 8122 section 5).
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// These 32 bytes; nil for another number of them.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// As SDP writes it: `4A:AD:…`, either case; nil for anything else.
    public init?(text: String) {
        let pairs = text.split(separator: ":", omittingEmptySubsequences: false)
        guard pairs.allSatisfy({ $0.utf8.count == 2 }), let bytes = Hex.bytes(pairs.joined()) else { return nil }
        self.init(bytes)
    }

    /// As SDP writes it, in capitals.
    public var description: String { bytes.map { Hex.text([$0]).uppercased() }.joined(separator: ":") }
}

/// The certificate that a meeting's door shows, made by itself and kept as long as the process runs.
// An SSL_CTX may be used by several threads at once once it is made, the BIO method is only read, and nothing here
// changes either afterwards.
public final class DTLSIdentity: @unchecked Sendable {
    /// A hello and a certificate are far smaller; more is not listened to.
    private static let mostCertificateBytes = 16 << 10
    private static let tenYears = 10 * 365 * 86_400
    /// OpenSSL with nothing in it but what handshakes need (few.h).
    private static let library = Library()
    // A library context may be used by several threads at once, and nobody changes what this one knows.
    private struct Library: @unchecked Sendable {
        let context: OpaquePointer

        init?() {
            guard let context = cs_few() else { return nil }
            self.context = context
        }
    }

    /// By what the other end knows us.
    public let fingerprint: Fingerprint
    let context: OpaquePointer
    let method: OpaquePointer

    /// A new key on P-256 and a certificate of it.
    /// - Throws: `TLSFault` when the cipher library would not.
    public init(profiles: [SRTPProfile] = [.aeadAES128GCM, .aeadAES256GCM, .aes128CMSHA1_80]) throws(TLSFault) {
        guard let library = DTLSIdentity.library?.context else { throw TLSFault("find what DTLS needs") }
        guard let key = cs_p256_key(library) else { throw TLSFault("make a key") }
        defer { EVP_PKEY_free(key) }
        let certificate = try DTLSIdentity.certificate(of: key)
        defer { X509_free(certificate) }
        guard let fingerprint = DTLSIdentity.fingerprint(of: certificate) else { throw TLSFault("read a certificate") }
        guard let context = SSL_CTX_new_ex(library, nil, DTLS_server_method()) else {
            throw TLSFault("make a DTLS context")
        }
        guard let method = DatagramBIO.method() else {
            SSL_CTX_free(context)
            throw TLSFault("make a way for datagrams")
        }
        (self.context, self.method, self.fingerprint) = (context, method, fingerprint)
        let ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384"
        let names = profiles.map(\.name).joined(separator: ":")
        guard SSL_CTX_use_certificate(context, certificate) == 1, SSL_CTX_use_PrivateKey(context, key) == 1,
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(DTLS1_2_VERSION), nil) == 1,
            SSL_CTX_set_cipher_list(context, ciphers) == 1,
            // This one answers 0 when it went well.
            SSL_CTX_set_tlsext_use_srtp(context, names) == 0
        else { throw TLSFault("prepare DTLS") }
        cs_dtls_options(context)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
        SSL_CTX_ctrl(context, SSL_CTRL_MODE, Int(SSL_MODE_RELEASE_BUFFERS), nil)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_CERT_LIST, DTLSIdentity.mostCertificateBytes, nil)
        // Nobody signs these certificates; whose it is, its fingerprint says afterwards.
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        // So there is no chain to build either.
        SSL_CTX_set_cert_verify_callback(context, { _, _ in 1 }, nil)
    }

    deinit {
        SSL_CTX_free(context)
        BIO_meth_free(method)
    }

    static func fingerprint(of certificate: OpaquePointer) -> Fingerprint? {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        guard X509_digest(certificate, EVP_sha256(), &digest, &length) == 1 else { return nil }
        return Fingerprint(digest)
    }

    private static func certificate(of key: OpaquePointer) throws(TLSFault) -> OpaquePointer {
        guard let certificate = X509_new() else { throw TLSFault("make a certificate") }
        let serial = Token.randomBytes(8).reduce(Int64(0)) { ($0 << 8 | Int64($1)) & Int64.max }
        let name = Array("sanyan".utf8)
        guard X509_set_version(certificate, 2) == 1,
            ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial) == 1,
            X509_gmtime_adj(X509_getm_notBefore(certificate), -86_400) != nil,
            X509_gmtime_adj(X509_getm_notAfter(certificate), tenYears) != nil,
            X509_set_pubkey(certificate, key) == 1, let subject = X509_get_subject_name(certificate),
            X509_NAME_add_entry_by_txt(subject, "CN", V_ASN1_UTF8STRING, name, Int32(name.count), -1, 0) == 1,
            X509_set_issuer_name(certificate, subject) == 1, X509_sign(certificate, key, EVP_sha256()) > 0
        else {
            X509_free(certificate)
            throw TLSFault("sign a certificate")
        }
        return certificate
    }
}

/// What OpenSSL reads datagrams from and writes them to: one at a time, because a memory BIO forgets where one ends.
enum DatagramBIO {
    /// What our datagrams may be long without being cut up anywhere, in bytes.
    static let unitBytes = 1_200

    static func method() -> OpaquePointer? {
        guard let method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "datagrams") else { return nil }
        BIO_meth_set_create(method) { bio in
            BIO_set_init(bio, 1)
            return 1
        }
        BIO_meth_set_write(method) { bio, bytes, count in
            guard let bytes, count > 0, let shake = DatagramBIO.handshake(bio) else { return -1 }
            shake.outbox.append(Array(UnsafeRawBufferPointer(start: bytes, count: Int(count))))
            return count
        }
        BIO_meth_set_read(method) { bio, bytes, room in
            cs_clear_retry(bio)
            guard let bytes, let shake = DatagramBIO.handshake(bio), let came = shake.inbox else {
                cs_retry_read(bio)
                return -1
            }
            shake.inbox = nil
            let count = min(came.count, Int(room))
            if let base = came.baseAddress {
                bytes.update(from: base.assumingMemoryBound(to: CChar.self), count: count)
            }
            return Int32(count)
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in
            switch command {
            case BIO_CTRL_FLUSH: 1
            case BIO_CTRL_DGRAM_QUERY_MTU, BIO_CTRL_DGRAM_GET_FALLBACK_MTU: DatagramBIO.unitBytes
            default: 0
            }
        }
        return method
    }

    private static func handshake(_ bio: OpaquePointer?) -> DTLSHandshake? {
        guard let raw = BIO_get_data(bio) else { return nil }
        return Unmanaged<DTLSHandshake>.fromOpaque(raw).takeUnretainedValue()
    }
}

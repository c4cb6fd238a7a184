// SPDX-License-Identifier: Apache-2.0
import COpenSSL

@testable import Secure

/// What a browser does in a handshake, by OpenSSL over a pair of memory BIOs; one `write` of it is one datagram because
/// it is drained after every step.
final class DTLSClient {
    let fingerprint: Fingerprint
    private let ssl: OpaquePointer
    private let context: OpaquePointer
    private let method: OpaquePointer
    private var came: [UInt8]?
    private(set) var out: [[UInt8]] = []
    private(set) var isDone = false
    private(set) var isOver = false

    /// A client that offers these protections and sends datagrams no longer than `unit`.
    init?(profiles: String, unit: Int = 1_200, shows isCertified: Bool = true, hasRSA: Bool = false) {
        guard let key = hasRSA ? DTLSClient.keyOfRSA() : cs_p256_key(nil), let certificate = X509_new(),
            let context = SSL_CTX_new(DTLS_client_method())
        else { return nil }
        defer {
            EVP_PKEY_free(key)
            X509_free(certificate)
        }
        ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), 5)
        X509_gmtime_adj(X509_getm_notBefore(certificate), -60)
        X509_gmtime_adj(X509_getm_notAfter(certificate), 86_400)
        X509_set_pubkey(certificate, key)
        X509_sign(certificate, key, EVP_sha256())
        guard let fingerprint = DTLSIdentity.fingerprint(of: certificate),
            let ssl = {
                if isCertified {
                    SSL_CTX_use_certificate(context, certificate)
                    SSL_CTX_use_PrivateKey(context, key)
                }
                if !profiles.isEmpty { SSL_CTX_set_tlsext_use_srtp(context, profiles) }
                return SSL_new(context)
            }(), let method = DTLSClient.method(), let bio = BIO_new(method)
        else { return nil }
        (self.fingerprint, self.context, self.ssl, self.method) = (fingerprint, context, ssl, method)
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        SSL_set_bio(ssl, bio, bio)
        SSL_set_options(ssl, 1 << 12)  // SSL_OP_NO_QUERY_MTU
        cs_dtls_unit(ssl, unit)
        // Repeats soon, so that a test need not wait.
        DTLS_set_timer_cb(ssl) { _, _ in 20_000 }
        SSL_set_connect_state(ssl)
    }

    private static func keyOfRSA() -> OpaquePointer? {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_generate(context, &key) == 1 else { return nil }
        return key
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
        BIO_meth_free(method)
    }

    /// One step, with a datagram or without. What it answers stands in `out`.
    func step(_ datagram: [UInt8]? = nil) -> [[UInt8]] {
        came = datagram
        out = []
        ERR_clear_error()
        if isDone {
            var bytes = [UInt8](repeating: 0, count: 2_048)
            let code = SSL_read(ssl, &bytes, 2_048)
            if code <= 0, SSL_get_error(ssl, code) == SSL_ERROR_ZERO_RETURN { isOver = true }
        } else {
            let code = SSL_do_handshake(ssl)
            if code == 1 { isDone = true } else if SSL_get_error(ssl, code) == SSL_ERROR_SSL { isOver = true }
        }
        ERR_clear_error()
        return out
    }

    func repeatUnanswered() -> [[UInt8]] {
        out = []
        cs_dtls_repeat(ssl)
        return out
    }

    func goodbye() -> [[UInt8]] {
        out = []
        SSL_shutdown(ssl)
        return out
    }

    /// The keys as RFC 5764 lays them out, for a profile with such lengths.
    func material(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        SSL_export_keying_material(ssl, &bytes, count, "EXTRACTOR-dtls_srtp", 19, nil, 0, 0)
        return bytes
    }

    private static func method() -> OpaquePointer? {
        guard let method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "client") else { return nil }
        BIO_meth_set_create(method) { bio in
            BIO_set_init(bio, 1)
            return 1
        }
        BIO_meth_set_write(method) { bio, bytes, count in
            guard let bytes, let raw = BIO_get_data(bio) else { return -1 }
            let client = Unmanaged<DTLSClient>.fromOpaque(raw).takeUnretainedValue()
            client.out.append(Array(UnsafeRawBufferPointer(start: bytes, count: Int(count))))
            return count
        }
        BIO_meth_set_read(method) { bio, bytes, room in
            cs_clear_retry(bio)
            guard let bytes, let raw = BIO_get_data(bio) else { return -1 }
            let client = Unmanaged<DTLSClient>.fromOpaque(raw).takeUnretainedValue()
            guard let came = client.came else {
                cs_retry_read(bio)
                return -1
            }
            client.came = nil
            let count = min(came.count, Int(room))
            for place in 0..<count { bytes[place] = CChar(bitPattern: came[place]) }
            return Int32(count)
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }
}

// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// One handshake with one peer whose address ICE has proved. Datagrams in, datagrams out, keys at the end. Keep it a few
/// seconds afterwards: the peer may not have got the last flight. Lives on one thread.
public final class DTLSHandshake {
    /// How it stands.
    public enum Step: Equatable, Sendable {
        /// More must come.
        case going
        /// Just now: these are the keys. Told once.
        case done(SRTPPair)
        /// It was done before, and a datagram of it came again, or of something that is not for us.
        case stays
        /// The other end said goodbye.
        case ended
        case failed(Fault)
    }

    /// Why there are no keys.
    public enum Fault: Hashable, Sendable {
        /// The certificate is not the one that the offer spoke of (RFC 8122 section 6.2).
        case wrongCertificate
        /// No protection that both know.
        case noProfile
        /// What OpenSSL, or the other end's alert, says.
        case refused(String)
    }

    /// The first repeat, in microseconds; each next waits twice as long.
    private static let firstRepeat: UInt32 = 50_000
    private static let longestRepeat: UInt32 = 1_600_000
    private static let label = "EXTRACTOR-dtls_srtp"

    var outbox: [[UInt8]] = []
    var inbox: UnsafeRawBufferPointer?
    private let ssl: OpaquePointer
    private let identity: DTLSIdentity
    private let peer: Fingerprint
    private var isDone = false
    private var fault: Fault?

    /// The server's end of a handshake with the peer whose certificate has this fingerprint.
    /// - Throws: `TLSFault` when there is no memory.
    public init(_ identity: DTLSIdentity, peer: Fingerprint) throws(TLSFault) {
        guard let ssl = SSL_new(identity.context) else { throw TLSFault("begin DTLS") }
        guard let bio = BIO_new(identity.method) else {
            SSL_free(ssl)
            throw TLSFault("begin DTLS")
        }
        (self.ssl, self.identity, self.peer) = (ssl, identity, peer)
        // Not retained: the BIO goes with the SSL, which goes with this.
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        SSL_set_bio(ssl, bio, bio)
        cs_dtls_unit(ssl, DatagramBIO.unitBytes)
        DTLS_set_timer_cb(ssl) { _, last in
            last == 0 ? DTLSHandshake.firstRepeat : min(2 * last, DTLSHandshake.longestRepeat)
        }
        SSL_set_accept_state(ssl)
    }

    deinit { SSL_free(ssl) }

    /// One datagram came. Ask `next()` afterwards for what is to be sent.
    public func take(_ datagram: UnsafeRawBufferPointer) -> Step {
        if let fault { return .failed(fault) }
        inbox = datagram
        defer { inbox = nil }
        ERR_clear_error()
        if isDone { return listen() }
        let code = SSL_do_handshake(ssl)
        if code == 1 { return conclude() }
        switch SSL_get_error(ssl, code) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .going
        default: return fail(.refused(TLSFault("DTLS").description))
        }
    }

    /// The time that `waitMilliseconds` told is over: repeats what was not answered. Ask `next()` afterwards.
    public func repeatUnanswered() {
        guard fault == nil, !isDone else { return }
        ERR_clear_error()
        // Nothing is due: nothing is repeated. Too often: the handshake's own limit ends it.
        _ = cs_dtls_repeat(ssl)
        ERR_clear_error()
    }

    /// The next datagram to be sent.
    public func next() -> [UInt8]? { outbox.isEmpty ? nil : outbox.removeFirst() }

    /// How long to wait before `repeatUnanswered()`; nil when nothing waits for an answer.
    public var waitMilliseconds: Int64? {
        var left = timeval()
        guard fault == nil, !isDone, cs_dtls_wait(ssl, &left) == 1 else { return nil }
        return Int64(left.tv_sec) * 1_000 + (Int64(left.tv_usec) + 999) / 1_000
    }

    /// Says goodbye (close_notify). Ask `next()` afterwards.
    public func sayGoodbye() {
        guard isDone, fault == nil else { return }
        ERR_clear_error()
        _ = awaken { SSL_shutdown(ssl) }
        ERR_clear_error()
    }

    // MARK: Inside

    private func fail(_ fault: Fault) -> Step {
        self.fault = fault
        return .failed(fault)
    }

    /// After the handshake: the last flight is sent again when its answer comes again, and a goodbye is heard.
    private func listen() -> Step {
        var bytes = [UInt8](repeating: 0, count: 2_048)
        let code = awaken { SSL_read(ssl, &bytes, Int32(bytes.count)) }
        defer { ERR_clear_error() }
        if code <= 0, SSL_get_error(ssl, code) == SSL_ERROR_ZERO_RETURN { return .ended }
        return .stays
    }

    /// OpenSSL keeps two buffers of 17 KiB for each connection, as long as it is there: three quarters of what a handshake
    /// takes. Afterwards there is only a goodbye to read or write, so they are there for that moment alone.
    private func awaken(_ work: () -> Int32) -> Int32 {
        guard SSL_alloc_buffers(ssl) == 1 else { return -1 }
        defer { SSL_free_buffers(ssl) }
        return work()
    }

    private func conclude() -> Step {
        guard let certificate = SSL_get1_peer_certificate(ssl) else { return fail(.wrongCertificate) }
        defer { X509_free(certificate) }
        guard let shown = DTLSIdentity.fingerprint(of: certificate), HMAC.isEqual(shown.bytes, peer.bytes) else {
            return fail(.wrongCertificate)
        }
        guard let chosen = SSL_get_selected_srtp_profile(ssl),
            let profile = SRTPProfile(rawValue: UInt16(truncatingIfNeeded: chosen.pointee.id)),
            let pair = export(profile)
        else { return fail(.noProfile) }
        isDone = true
        SSL_free_buffers(ssl)
        return .done(pair)
    }

    /// RFC 5764 section 4.2: the client's key, the server's key, the client's salt, the server's salt.
    private func export(_ profile: SRTPProfile) -> SRTPPair? {
        let (key, salt) = (profile.keyBytes, profile.saltBytes)
        var material = [UInt8](repeating: 0, count: 2 * (key + salt))
        defer { OPENSSL_cleanse(&material, material.count) }
        let label = Self.label
        guard SSL_export_keying_material(ssl, &material, material.count, label, label.utf8.count, nil, 0, 0) == 1,
            let client = SRTPMaster(
                profile, key: Array(material[..<key]), salt: Array(material[(2 * key)..<(2 * key + salt)])),
            let server = SRTPMaster(
                profile, key: Array(material[key..<(2 * key)]), salt: Array(material[(2 * key + salt)...]))
        else { return nil }
        return SRTPPair(peer: client, ours: server)
    }
}

/// The keys of both directions.
public struct SRTPPair: Equatable, Sendable {
    /// Protects what comes from the peer.
    public let peer: SRTPMaster
    /// Protects what goes to the peer.
    public let ours: SRTPMaster
}

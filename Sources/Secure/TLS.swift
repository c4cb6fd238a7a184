// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// Why TLS could not be set up. The library's own words are in it, for the log; no key is.
public struct TLSFault: Error, CustomStringConvertible, Sendable {
    /// What was tried and what OpenSSL said.
    public let description: String

    init(_ doing: String) {
        var words = doing
        while case let code = ERR_get_error(), code != 0 {
            var text = [CChar](repeating: 0, count: 256)
            ERR_error_string_n(code, &text, text.count)
            words += ": " + String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        description = words
    }
}

/// A certificate with its key, or the trust in everybody else's: what every TLS connection of a door has in common.
/// TLS 1.2 and 1.3 (RFC 8446), by OpenSSL.
// An SSL_CTX may be used by several threads at once once it is made, and nothing here changes it afterwards.
public final class TLSIdentity: @unchecked Sendable {
    let context: OpaquePointer
    /// The protocols of ALPN (RFC 7301) that are spoken, best first, each behind its length.
    private let protocols: [UInt8]

    /// A server with a chain of certificates and its key, both PEM files.
    /// - Throws: `TLSFault` when they cannot be read or do not belong together.
    public init(chain: String, key: String, protocols: [String]) throws(TLSFault) {
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw TLSFault("make a TLS context") }
        self.context = context
        self.protocols = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        TLSIdentity.economise(context)
        guard SSL_CTX_use_certificate_chain_file(context, chain) == 1 else {
            throw TLSFault("read the certificate \(chain)")
        }
        guard SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1,
            SSL_CTX_check_private_key(context) == 1
        else { throw TLSFault("read the key \(key)") }
        guard !protocols.isEmpty else { return }
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, out, outLength, offered, count, raw in
                guard let raw, let out, let outLength, let offered else { return SSL_TLSEXT_ERR_NOACK }
                let identity = Unmanaged<TLSIdentity>.fromOpaque(raw).takeUnretainedValue()
                var chosen: UnsafeMutablePointer<UInt8>?
                let found = identity.protocols.withUnsafeBufferPointer { ours in
                    SSL_select_next_proto(&chosen, outLength, ours.baseAddress, UInt32(ours.count), offered, count)
                }
                guard found == OPENSSL_NPN_NEGOTIATED, let chosen else { return SSL_TLSEXT_ERR_NOACK }
                // The choice points into what is ours or theirs; theirs lives as long, ours is equal to it.
                out.pointee = TLSIdentity.find(chosen, Int(outLength.pointee), in: offered, Int(count))
                return out.pointee == nil ? SSL_TLSEXT_ERR_NOACK : SSL_TLSEXT_ERR_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// A client that trusts what the system trusts, and in the tests one more file of certificates.
    /// - Throws: `TLSFault` when those cannot be read.
    public init(trusting file: String? = nil) throws(TLSFault) {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw TLSFault("make a TLS context") }
        self.context = context
        protocols = []
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        TLSIdentity.economise(context)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        guard SSL_CTX_set_default_verify_paths(context) == 1 else { throw TLSFault("find the system's certificates") }
        if let file, SSL_CTX_load_verify_locations(context, file, nil) != 1 { throw TLSFault("read \(file)") }
    }

    deinit { SSL_CTX_free(context) }

    /// Idle connections give their buffers back; a write may be tried again from another place.
    private static func economise(_ context: OpaquePointer) {
        let modes = SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
        SSL_CTX_ctrl(context, SSL_CTRL_MODE, Int(modes), nil)
    }

    private static func find(
        _ wanted: UnsafePointer<UInt8>, _ length: Int, in list: UnsafePointer<UInt8>, _ count: Int
    ) -> UnsafePointer<UInt8>? {
        var place = 0
        while place < count {
            let size = Int(list[place])
            guard place + 1 + size <= count else { return nil }
            let one = list + place + 1
            if size == length, (0..<size).allSatisfy({ one[$0] == wanted[$0] }) { return one }
            place += 1 + size
        }
        return nil
    }
}

/// TLS on one connected socket. Lives on one thread.
public final class TLSLine {
    /// How a step went.
    public enum Step: Equatable, Sendable {
        /// So many bytes, or a handshake that is done (0).
        case done(Int)
        /// Again when the socket can be read, or written.
        case wantsRead, wantsWrite
        /// The other end has closed.
        case ended
        case failed
    }

    private let ssl: OpaquePointer
    private let identity: TLSIdentity

    /// The server's end of a socket.
    /// - Throws: `TLSFault` when there is no memory.
    public init(_ identity: TLSIdentity, serving file: Int32) throws(TLSFault) {
        guard let ssl = SSL_new(identity.context) else { throw TLSFault("begin TLS") }
        (self.ssl, self.identity) = (ssl, identity)
        SSL_set_fd(ssl, file)
        SSL_set_accept_state(ssl)
    }

    /// The client's end of a socket that leads to `host`, whose name its certificate must have.
    /// - Throws: `TLSFault` when the name is none.
    public init(_ identity: TLSIdentity, calling host: String, at file: Int32) throws(TLSFault) {
        guard let ssl = SSL_new(identity.context) else { throw TLSFault("begin TLS") }
        (self.ssl, self.identity) = (ssl, identity)
        SSL_set_fd(ssl, file)
        SSL_set_connect_state(ssl)
        var name = Array(host.utf8CString)
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
        guard SSL_set1_host(ssl, host) == 1 else { throw TLSFault("check the name \(host)") }
    }

    deinit { SSL_free(ssl) }

    /// What ALPN agreed on; empty before the handshake is done, or for nothing.
    public var agreed: String {
        var text: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &text, &length)
        return String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self)
    }

    /// Goes on with the handshake.
    public func shakeHands() -> Step { step(SSL_do_handshake(ssl)) }

    /// Reads what has come.
    public func read(into bytes: UnsafeMutableRawBufferPointer) -> Step {
        step(SSL_read(ssl, bytes.baseAddress, Int32(clamping: bytes.count)))
    }

    /// Writes as much as the socket takes.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Step {
        step(SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count)))
    }

    /// Says goodbye, if the socket takes it at once.
    public func sayGoodbye() {
        ERR_clear_error()
        SSL_shutdown(ssl)
    }

    private func step(_ code: Int32) -> Step {
        if code > 0 { return .done(Int(code)) }
        defer { ERR_clear_error() }
        switch SSL_get_error(ssl, code) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: return .failed
        }
    }
}

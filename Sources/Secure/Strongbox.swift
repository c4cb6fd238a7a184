// SPDX-License-Identifier: Apache-2.0
import CSodium

/// What must be read back, and must not lie about in the clear: XChaCha20-Poly1305 (libsodium's
/// `crypto_aead_xchacha20poly1305_ietf`) under a key derived from the office's.
///
/// What it is for is bound to it, so what was put away as one thing never comes out as another. The text is base64url
/// of a random nonce (24 bytes) and the sealed bytes with their code (16 more than there were).
public struct Strongbox: Sendable, CustomStringConvertible {
    private static let nonceLength = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    private static let codeLength = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
    private let key: [UInt8]
    private let markKey: [UInt8]

    /// A box under a key of at least 32 bytes, usually a `SecretKey`'s.
    public init(key: [UInt8]) {
        precondition(key.count >= 32, "a strongbox's key has at least 32 bytes")
        // HMAC-SHA256 is 32 bytes, which is what the cipher wants; the office's key itself seals links.
        self.key = HMAC.sha256(Array("sanyan strongbox 1".utf8), key: key)
        markKey = HMAC.sha256(Array("sanyan mark 1".utf8), key: key)
    }

    /// Never the key.
    public var description: String { "Strongbox" }

    /// Puts a text away for a purpose; the same text is another one each time.
    public func put(_ text: String, for purpose: String) -> String {
        Sodium.start()
        let (clear, about, nonce) = (Array(text.utf8), Array(purpose.utf8), Token.randomBytes(Self.nonceLength))
        var sealed = [UInt8](repeating: 0, count: clear.count + Self.codeLength)
        var length: UInt64 = 0
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, &length, clear, UInt64(clear.count), about, UInt64(about.count), nil, nonce, key)
        return Base64URL.text(nonce + sealed.prefix(Int(length)))
    }

    /// The text that was put away for a purpose; nil when it was altered, or put away under another key or purpose.
    public func take(_ text: String, for purpose: String) -> String? {
        Sodium.start()
        guard let bytes = Base64URL.bytes(text), bytes.count >= Self.nonceLength + Self.codeLength else { return nil }
        let (nonce, sealed) = (Array(bytes.prefix(Self.nonceLength)), Array(bytes.dropFirst(Self.nonceLength)))
        let about = Array(purpose.utf8)
        // One byte more than it needs: an empty text has no bytes to point at.
        var clear = [UInt8](repeating: 0, count: sealed.count - Self.codeLength + 1)
        var length: UInt64 = 0
        let code = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &clear, &length, nil, sealed, UInt64(sealed.count), about, UInt64(about.count), nonce, key)
        return code == 0 ? String(decoding: clear.prefix(Int(length)), as: UTF8.self) : nil
    }

    /// A mark by which a text is found again without being told: HMAC-SHA256 in hexadecimal digits. Always the same for
    /// the same text and purpose, and nothing to whoever has not the key.
    public func mark(_ text: String, for purpose: String) -> String {
        Hex.text(HMAC.sha256(Array("\(purpose.utf8.count):\(purpose)\(text)".utf8), key: markKey))
    }
}

// SPDX-License-Identifier: Apache-2.0
import CSodium

/// The secret by which a webhook is signed (Standard Webhooks 1.0.0, "Signature scheme"): `whsec_` and base64.
public enum WebhookSecret {
    private static let prefix = "whsec_"
    private static let variant = sodium_base64_VARIANT_ORIGINAL

    /// A new one of 32 random bytes; the standard allows 24 to 64.
    public static func draw() -> String {
        let bytes = Token.randomBytes(32)
        var out = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
        sodium_bin2base64(&out, out.count, bytes, bytes.count, variant)
        return prefix + String(decoding: out.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The signing key in a secret; nil for a text that is none.
    public static func key(_ secret: String) -> [UInt8]? {
        guard secret.hasPrefix(prefix) else { return nil }
        Sodium.start()
        let text = secret.dropFirst(prefix.count).utf8.map { CChar(bitPattern: $0) }
        var out = [UInt8](repeating: 0, count: text.count)
        var length = 0
        guard
            sodium_base642bin(&out, out.count, text, text.count, nil, &length, nil, variant) == 0,
            (24...64).contains(length)
        else { return nil }
        return Array(out.prefix(length))
    }
}

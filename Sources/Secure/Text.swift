// SPDX-License-Identifier: Apache-2.0
import CSodium

/// Bytes as lower-case hexadecimal digits.
public enum Hex {
    /// Two digits to a byte.
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        for byte in bytes {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The bytes of a text of digits, of either case; nil for anything else.
    public static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.map(value)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var out: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            out.append(high << 4 | low)
        }
        return out
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}

/// Bytes as text that may stand in a URL, a cookie or a file name (RFC 4648 section 5), without padding.
public enum Base64URL {
    private static let variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING

    /// Four characters to three bytes.
    public static func text(_ bytes: [UInt8]) -> String {
        Sodium.start()
        var out = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
        sodium_bin2base64(&out, out.count, bytes, bytes.count, variant)
        return String(decoding: out.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The bytes of a text; nil unless it is exactly what `text` would have written (RFC 4648 section 3.5: left-over
    /// bits must be zero), so that no two texts mean the same bytes.
    public static func bytes(_ text: String) -> [UInt8]? {
        Sodium.start()
        let characters = text.utf8.map { CChar(bitPattern: $0) }
        var out = [UInt8](repeating: 0, count: characters.count)
        var length = 0
        guard
            sodium_base642bin(&out, out.count, characters, characters.count, nil, &length, nil, variant) == 0
        else { return nil }
        return Array(out.prefix(length))
    }
}

/// Secrets that are drawn, and then compared by their digest only.
public enum Token {
    /// Random bytes of the operating system's generator, as base64url: 32 bytes are 43 characters.
    public static func random(bytes count: Int = 32) -> String { Base64URL.text(randomBytes(count)) }

    /// A random word that may be read aloud and typed: letters and digits that are not taken for one another, all in
    /// small letters, the first of them a letter. Each is worth nearly five bits: ten are 48.
    public static func word(letters count: Int) -> String {
        var word: [UInt8] = []
        while word.count < count {
            // Bytes beyond the last whole round are passed over, so that no letter is likelier than another.
            for byte in randomBytes(2 * count) where word.count < count && byte < 255 / Self.letters * Self.letters {
                let letter = Self.alphabet[Int(byte) % Int(Self.letters)]
                if !word.isEmpty || letter > UInt8(ascii: "9") { word.append(letter) }
            }
        }
        return String(decoding: word, as: UTF8.self)
    }

    private static let alphabet = Array("23456789abcdefghjkmnpqrstuvwxyz".utf8)
    private static var letters: UInt8 { UInt8(alphabet.count) }

    /// Random bytes of the operating system's generator.
    public static func randomBytes(_ count: Int) -> [UInt8] {
        Sodium.start()
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }
}

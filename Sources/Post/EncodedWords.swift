// SPDX-License-Identifier: Apache-2.0
import CGMime

/// Encoded words (RFC 2047). GMime 3.2 writes one as long as the word it encodes, which Thai never ends, beyond the 75
/// characters of section 2; and it loses what follows a padded one. So words are cut here, and joined before it reads.
enum EncodedWords {
    /// So many bytes make a word of 64 characters: with the field's name it is a line of at most 76.
    private static let mostBytes = 39

    /// A text as encoded words, each of whole letters; as it is, when it is ASCII already.
    static func of(_ text: String) -> [String] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return [text] }
        var words: [String] = []
        var word: [UInt8] = []
        for letter in text {
            let bytes = Array(String(letter).utf8)
            if word.count + bytes.count > mostBytes, !word.isEmpty {
                words.append(encoded(word))
                word = []
            }
            word += bytes
            // A letter with more marks than any language has.
            while word.count > mostBytes {
                words.append(encoded(Array(word.prefix(mostBytes))))
                word.removeFirst(mostBytes)
            }
        }
        if !word.isEmpty { words.append(encoded(word)) }
        return words
    }

    private static func encoded(_ bytes: [UInt8], charset: String = "UTF-8") -> String {
        guard let text = g_base64_encode(bytes, gsize(bytes.count)) else { return "" }
        defer { g_free(text) }
        return "=?\(charset)?B?\(String(cString: text))?="
    }

    /// The same mail with neighbouring words of one charset joined, so that padding, or a letter that was cut in two,
    /// stands in nobody's way.
    static func joined(in mail: [UInt8]) -> [UInt8] {
        mail.withUnsafeBytes { bytes in
            var result: [UInt8] = []
            var copied = 0
            var index = 0
            while index + 8 < bytes.count {
                guard bytes[index] == UInt8(ascii: "="), let first = word(in: bytes, at: index) else {
                    index += 1
                    continue
                }
                var all = [first]
                while let last = all.last, let next = word(in: bytes, at: blanksSkipped(in: bytes, from: last.end)),
                    next.charset == first.charset
                {
                    all.append(next)
                }
                if all.count > 1 {
                    result += bytes[copied..<index]
                    result += encoded(all.flatMap { decoded(bytes[$0.payload]) }, charset: first.charset).utf8
                    copied = all[all.count - 1].end
                }
                index = all[all.count - 1].end
            }
            return result + bytes[copied...]
        }
    }

    private struct Word {
        var charset: String
        var payload: Range<Int>
        var end: Int
    }

    /// The word in base64 that begins at a place, if one does.
    private static func word(in bytes: UnsafeRawBufferPointer, at start: Int) -> Word? {
        guard start + 8 < bytes.count, bytes[start] == UInt8(ascii: "="), bytes[start + 1] == UInt8(ascii: "?") else {
            return nil
        }
        let mark = UInt8(ascii: "?")
        var index = start + 2
        while index < min(bytes.count, start + 42), bytes[index] > 0x20, bytes[index] < 0x7F, bytes[index] != mark {
            index += 1
        }
        let charset = String(decoding: bytes[(start + 2)..<index], as: UTF8.self).lowercased()
        guard !charset.isEmpty, index + 4 < bytes.count, bytes[index] == mark,
            bytes[index + 1] | 0x20 == UInt8(ascii: "b"),
            bytes[index + 2] == mark
        else { return nil }
        let first = index + 3
        index = first
        while index < bytes.count, bytes[index] > 0x20, bytes[index] < 0x7F, bytes[index] != mark { index += 1 }
        guard index + 1 < bytes.count, bytes[index] == mark, bytes[index + 1] == UInt8(ascii: "=") else { return nil }
        return Word(charset: charset, payload: first..<index, end: index + 2)
    }

    private static func blanksSkipped(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < bytes.count, [0x20, 0x09, 0x0D, 0x0A].contains(bytes[index]) { index += 1 }
        return index
    }

    private static func decoded(_ payload: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        var length: gsize = 0
        guard let bytes = g_base64_decode(String(decoding: payload, as: UTF8.self), &length) else { return [] }
        defer { g_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
    }
}

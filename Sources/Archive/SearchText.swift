// SPDX-License-Identifier: Apache-2.0
import Desk

/// Text as it is compared in a search. Thai is written without spaces and typed in several orders that look alike.
enum SearchText {
    /// Lower case, Arabic digits, one space between words, and one spelling of what looks the same in Thai.
    ///
    /// - SARA AM (U+0E33) is NIKHAHIT and SARA AA (its compatibility decomposition in the Unicode Character Database).
    /// - Marks above and below one consonant stand in the order of their code points, each once.
    /// - Two SARA E are SARA AE; characters of no width are nothing.
    static func folded(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        var marks: [Unicode.Scalar] = []
        func flush() {
            var last: Unicode.Scalar?
            for mark in marks.sorted() where mark != last {
                out.append(mark)
                last = mark
            }
            marks.removeAll()
        }
        for scalar in ThaiDate.arabicDigits(text).lowercased().unicodeScalars {
            switch scalar.value {
            case 0x0E33:
                marks.append("\u{0E4D}")
                flush()
                out.append("\u{0E32}")
            case 0x0E31, 0x0E34...0x0E3A, 0x0E47...0x0E4E: marks.append(scalar)
            case 0x200B...0x200D, 0x2060, 0xFEFF: break
            case 0x0E40 where out.last == "\u{0E40}" && marks.isEmpty:
                out.removeLast()
                out.append("\u{0E41}")
            default:
                flush()
                let isSpace = scalar.properties.isWhitespace || scalar.value < 0x20
                if !isSpace { out.append(scalar) } else if out.last != " " { out.append(" ") }
            }
        }
        flush()
        return String(out).trimmed
    }

    /// The words to look for; more than ten are taken for noise.
    static func words(_ text: String) -> [String] {
        folded(String(text.prefix(400))).split(separator: " ").prefix(10).map(String.init)
    }

    /// What a matter can be found by.
    static func of(_ matter: Matter) -> String {
        let numbers = ([matter.incoming].compactMap(\.self) + matter.outgoing).map(\.description)
        let letter = matter.letter
        return folded(([letter.title, letter.unit, letter.place, letter.reference] + numbers).joined(separator: " "))
    }
}

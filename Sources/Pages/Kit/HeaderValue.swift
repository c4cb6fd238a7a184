// SPDX-License-Identifier: Apache-2.0

/// A header's value with parameters: `form-data; name="letter"; filename="a.pdf"`.
struct HeaderValue {
    let first: String
    /// By lower-case name; the first of a name counts.
    private(set) var parameters: [String: String] = [:]

    init(_ text: some StringProtocol) {
        var rest = Substring(String(text))
        first = rest.prefix { $0 != ";" }.trimming()
        rest = rest.drop { $0 != ";" }.dropFirst()
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=" else {
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            let value = rest.first == "\"" ? HeaderValue.quoted(&rest) : rest.prefix { $0 != ";" }.trimming()
            rest = rest.drop { $0 != ";" }.dropFirst()
            let key = name.trimming().lowercased()
            if parameters[key] == nil { parameters[key] = value }
        }
    }

    /// A quoted string. Browsers write `%22`, `%0D` and `%0A` for the three characters that would end it (WHATWG HTML,
    /// "multipart/form-data encoding algorithm"); other programs put a backslash before the quote.
    private static func quoted(_ rest: inout Substring) -> String {
        var value = ""
        rest = rest.dropFirst()
        while let character = rest.first, character != "\"" {
            rest = rest.dropFirst()
            if character == "\\", rest.first == "\"" {
                value += "\""
                rest = rest.dropFirst()
            } else {
                value.append(character)
            }
        }
        rest = rest.dropFirst()
        for (code, character) in [("%22", "\""), ("%0D", "\r"), ("%0A", "\n")] {
            value = value.split(separator: code, omittingEmptySubsequences: false).joined(separator: character)
        }
        return value
    }
}

/// The last part of a file's name, without the folders some browsers tell, and without control characters.
func bareName(_ text: String) -> String {
    let last = text.split { $0 == "/" || $0 == "\\" }.last ?? ""
    return String(String.UnicodeScalarView(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
}

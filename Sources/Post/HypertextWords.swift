// SPDX-License-Identifier: Apache-2.0

// By scalars, not by letters: a mark after a tag or an entity belongs to no letter there.
private typealias Rest = Substring.UnicodeScalarView

/// The words of a text in HTML, for reading and nothing else: whoever shows them escapes them again.
func words(ofHypertext hypertext: String) -> String {
    var words = String.UnicodeScalarView()
    var rest = Substring(hypertext).unicodeScalars
    while let open = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
        words += rest[..<open]
        rest = rest[open...]
        words += (rest.first == "&" ? takeEntity(&rest) : takeTag(&rest)).unicodeScalars
    }
    words += rest
    return tidied(String(words))
}

/// Takes one tag away, and with it everything that is not for reading.
///
/// - Returns: what stands in its place.
private func takeTag(_ rest: inout Rest) -> String {
    if rest.starts(with: "<!--".unicodeScalars) {
        while let end = rest.firstIndex(of: "-") {
            rest = rest[end...]
            if rest.starts(with: "-->".unicodeScalars) { break }
            rest = rest.dropFirst()
        }
    }
    let name = String(rest.dropFirst().prefix { !$0.properties.isWhitespace && $0 != ">" }).lowercased()
    skipTag(&rest)
    switch name {
    case "style", "script", "head", "title":
        // Its end may be written in any case; what never ends, ends with the text.
        while let open = rest.firstIndex(of: "<") {
            rest = rest[open...]
            if String(rest.prefix(name.count + 2)).lowercased() == "</" + name { break }
            rest = rest.dropFirst()
        }
        skipTag(&rest)
        return ""
    case "br", "br/", "/p", "/div", "/tr", "/li", "/h1", "/h2", "/h3", "/h4": return "\n"
    case "/td", "/th": return " "
    default: return ""
    }
}

/// Up to the end of a tag, or of the text.
private func skipTag(_ rest: inout Rest) {
    rest = rest.firstIndex(of: ">").map { rest[rest.index(after: $0)...] } ?? rest[rest.endIndex...]
}

private let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " "]

private func takeEntity(_ rest: inout Rest) -> String {
    let name = String(rest.dropFirst().prefix(12).prefix { $0.value < 0x80 && $0 != ";" && $0 != "<" && $0 != "&" })
    let after = rest.dropFirst(1 + name.unicodeScalars.count)
    rest = rest.dropFirst()
    guard after.first == ";" else { return "&" }
    var letter = named[name.lowercased()]
    if name.hasPrefix("#") {
        let isHexadecimal = name.lowercased().hasPrefix("#x")
        let number = UInt32(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
        letter = number.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }
    guard let letter else { return "&" }
    rest = after.dropFirst()
    return letter
}

/// No blanks at the ends of lines, and no more than one empty line.
private func tidied(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(\.trimmed)
    where !line.isEmpty || lines.last?.isEmpty == false {
        lines.append(line)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
}

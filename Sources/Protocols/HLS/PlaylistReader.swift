// SPDX-License-Identifier: Apache-2.0

/// A line of a playlist that the rules look at: a tag with its attributes, or an address.
struct PlaylistLine: Hashable {
    var number: Int
    /// Without the `#`; empty for an address.
    var tag: String
    /// What stands behind the colon, or the address.
    var value: String

    /// The attribute list (4.2); nil when it is none.
    var attributes: [String: String]? {
        var attributes: [String: String] = [:]
        var rest = value[...]
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let name = String(rest[..<equals])
            rest = rest[rest.index(after: equals)...]
            let text: Substring
            if rest.first == "\"" {
                guard let close = rest.dropFirst().firstIndex(of: "\"") else { return nil }
                text = rest[...close]
                rest = rest[rest.index(after: close)...]
            } else {
                text = rest.prefix { $0 != "," }
                rest = rest[text.endIndex...]
            }
            let isName =
                !name.isEmpty
                && name.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
            guard isName, attributes[name] == nil, rest.isEmpty || rest.first == "," else { return nil }
            attributes[name] = String(text)
            rest = rest.dropFirst()
        }
        return attributes
    }

    static func lines(of text: String) -> [PlaylistLine] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            if line.isEmpty { return nil }
            guard line.hasPrefix("#") else { return PlaylistLine(number: index + 1, tag: "", value: String(line)) }
            guard line.hasPrefix("#EXT") else { return nil }  // A comment.
            let halves = line.dropFirst().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return PlaylistLine(
                number: index + 1, tag: String(halves[0]), value: halves.count > 1 ? String(halves[1]) : "")
        }
    }
}

/// Decimal seconds in microseconds; nil when it is no decimal number (4.2).
func microseconds(_ text: String?) -> Int64? {
    guard let text, !text.isEmpty else { return nil }
    let halves = text.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count <= 2, let whole = Int64(halves[0]), whole >= 0 else { return nil }
    var fraction: Int64 = 0
    if halves.count == 2 {
        let digits = halves[1].prefix(6)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        fraction = Int64(digits + String(repeating: "0", count: 6 - digits.count)) ?? 0
    }
    return whole * 1_000_000 + fraction
}

func unquoted(_ text: String?) -> String? {
    guard let text, text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return nil }
    return String(text.dropFirst().dropLast())
}

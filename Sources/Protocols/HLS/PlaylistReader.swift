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
        let all = value.utf8
        var attributes: [String: String] = [:]
        var place = all.startIndex
        while place < all.endIndex {
            guard let equals = all[place...].firstIndex(of: 0x3D) else { return nil }
            let name = all[place..<equals]
            let start = all.index(after: equals)
            var end = all.endIndex
            if start < all.endIndex, all[start] == 0x22 {
                guard let close = all[all.index(after: start)...].firstIndex(of: 0x22) else { return nil }
                end = all.index(after: close)
            } else {
                end = all[start...].firstIndex(of: 0x2C) ?? end
            }
            let isName =
                !name.isEmpty
                && name.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
            guard isName, end == all.endIndex || all[end] == 0x2C,
                attributes.updateValue(String(value[start..<end]), forKey: String(value[place..<equals])) == nil
            else { return nil }
            place = end < all.endIndex ? all.index(after: end) : end
        }
        return attributes
    }

    static func lines(of text: String) -> [PlaylistLine] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap { index, bytes in
            if bytes.isEmpty { return nil }
            let line = text[bytes.startIndex..<bytes.endIndex]
            guard bytes.first == 0x23 else { return PlaylistLine(number: index + 1, tag: "", value: String(line)) }
            guard line.hasPrefix("#EXT") else { return nil }  // A comment.
            let start = bytes.index(after: bytes.startIndex)
            let colon = bytes.firstIndex(of: 0x3A) ?? bytes.endIndex
            let value = colon < bytes.endIndex ? line[line.utf8.index(after: colon)...] : ""
            return PlaylistLine(number: index + 1, tag: String(line[start..<colon]), value: String(value))
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

// SPDX-License-Identifier: Apache-2.0

/// One tag of a template.
struct Tag: Equatable {
    enum Kind: Equatable { case value, raw, open, inverted, close, part, inherit, block }
    let kind: Kind
    let name: String
}

/// The tags of a template in their order; comments and fixed words are left out.
func tags(in text: String) -> [Tag] {
    text.matches(of: /\{\{(\{)?\s*([#^\/>&<$!])?\s*([^}]*?)\s*\}?\}\}/).compactMap { match in
        let name = String(match.3)
        switch match.2 {
        case "!": return nil
        case "#": return Tag(kind: .open, name: name)
        case "^": return Tag(kind: .inverted, name: name)
        case "/": return Tag(kind: .close, name: name)
        case ">": return Tag(kind: .part, name: name)
        case "<": return Tag(kind: .inherit, name: name)
        case "$": return Tag(kind: .block, name: name)
        case "&": return Tag(kind: .raw, name: name)
        default:
            if name.hasPrefix("t.") { return nil }
            return Tag(kind: match.1 == nil ? .value : .raw, name: name)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What the studio's own pages are filled with.
enum PageText {
    /// The template in one pass, so that nothing is looked for in what was put in.
    static func filled(_ file: String, _ values: [String: String]) -> String {
        let template = embeddedText[file] ?? ""
        var text = ""
        for (index, piece) in template.split(separator: "{{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0, let end = piece.firstRange(of: "}}") else {
                text += piece
                continue
            }
            text += (values[String(piece[..<end.lowerBound])] ?? "") + piece[end.upperBound...]
        }
        return text
    }

    /// Text as it may stand between tags and in an attribute.
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
    }

    /// Who may show a page in a frame, as a Content-Security-Policy says it.
    static func frames(_ embedders: [String]) -> String {
        (["'self'"] + embedders.filter(isOrigin)).joined(separator: " ")
    }

    /// Whether it is an origin and nothing that would change the rest of the policy.
    private static func isOrigin(_ text: String) -> Bool {
        let rest = ["https://", "http://"].first(where: text.hasPrefix).map { text.dropFirst($0.count) }
        guard let rest, !rest.isEmpty else { return false }
        return rest.utf8.allSatisfy { Route.isPlain($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "*") }
    }
}

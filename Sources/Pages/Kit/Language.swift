// SPDX-License-Identifier: Apache-2.0

/// The two languages of the pages. Thai is the source; English is its translation.
public enum Language: String, Sendable, Hashable, CaseIterable {
    case thai = "th"
    case english = "en"

    /// The cookie that remembers a person's choice.
    public static let cookieName = "sanyan_lang"

    /// The person's own choice first, then what their browser asks for, then Thai.
    public init(cookie: String?, acceptLanguage: String?) {
        if let cookie, let chosen = Language(rawValue: cookie) {
            self = chosen
        } else {
            self = acceptLanguage.flatMap(Language.preferred) ?? .thai
        }
    }

    /// Reads `Accept-Language` (RFC 9110, 12.5.4): the highest quality wins, the earlier of two equals.
    static func preferred(_ header: String) -> Language? {
        var best: (language: Language, quality: Double)?
        for item in header.split(separator: ",").prefix(20) {
            let parts = item.split(separator: ";").map { $0.trimming() }
            guard let tag = parts.first?.lowercased(), let language = Language(rawValue: String(tag.prefix(2))),
                tag.count == 2 || tag.dropFirst(2).first == "-"
            else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if quality > 0, quality > (best?.quality ?? 0) { best = (language, quality) }
        }
        return best?.language
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line ends at both ends.
    func trimming() -> String {
        var rest = Substring(self)
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A text made safe to stand in HTML and SVG, between tags and inside quoted attributes.
public func html(_ text: String) -> String {
    var out = ""
    out.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": out += "&amp;"
        case "<": out += "&lt;"
        case ">": out += "&gt;"
        case "\"": out += "&quot;"
        case "'": out += "&#39;"
        // Neither XML nor a printed page has a place for the other control characters.
        case "\t", "\n": out.unicodeScalars.append(scalar)
        case "\0"..."\u{1F}", "\u{7F}": continue
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out
}

/// What a document of ours would make a printer fetch from elsewhere, if anything; the offending tag or rule.
///
/// WeasyPrint fetches whatever `src`, `href` (of a link element), `data`, `xlink:href`, `url()` and `@import` name, by
/// http, https, ftp and also from the machine's own files, and its `rel=attachment` puts a file into the PDF. Our
/// documents carry everything inside themselves, so any of these that is not a `data:` URI or a `#` within the
/// document is a mistake of ours. Text does not trip this: it was escaped, so it holds no tag.
func foreignReference(in document: String) -> String? {
    for piece in document.split(separator: "<") {
        let end = piece.firstIndex(of: ">") ?? piece.endIndex
        let tag = piece[..<end]
        if let found = fetches(tag: tag) { return found }
        if tag.lowercased().hasPrefix("style"), let found = fetches(rules: piece[end...]) { return found }
    }
    return nil
}

/// A hyperlink (`<a href>`) is printed, not followed, so it alone may point elsewhere.
private func fetches(tag: Substring) -> String? {
    let names = /\s(?:src|srcset|href|data|xlink:href|poster|action)\s*=\s*(?!["']?(?:data:|#))/
    let isHyperlink = tag.lowercased().hasPrefix("a ")
    let mayName = ["src", "href", "data", "poster", "action"].contains { tag.lowercased().contains($0) }
    if mayName, !isHyperlink, tag.contains(names.ignoresCase().matchingSemantics(.unicodeScalar)) {
        return String(tag.prefix(200))
    }
    return fetches(rules: tag)
}

private func fetches(rules: Substring) -> String? {
    let addresses = /@import[^;]*|url\(\s*(?!["']?(?:data:|#))[^)]*/
    return rules.firstMatch(of: addresses.ignoresCase().matchingSemantics(.unicodeScalar)).map {
        String($0.0.prefix(200))
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Mustache

/// All templates, parsed once for each language when the program starts.
///
/// Fixed words, `{{t.decision.approve}}`, are put into the text before it is parsed: they cost nothing when a page is
/// shown, and a misspelt key stops the start instead of showing nothing.
public struct Templates: Sendable {
    private let libraries: [Language: MustacheLibrary]

    /// Throws when a section is not closed, a tag is malformed, or fixed words are missing.
    init(_ files: [String: String], words: [Language: Words]) throws {
        var libraries: [Language: MustacheLibrary] = [:]
        for (language, words) in words {
            var library = MustacheLibrary()
            for (name, text) in Templates.named(files) {
                try library.register(Templates.withWords(text, words, template: name), named: name)
            }
            libraries[language] = library
        }
        self.libraries = libraries
    }

    /// `Templates/parts/chip.html` is called `parts/chip`.
    static func named(_ files: [String: String]) -> [String: String] {
        var named: [String: String] = [:]
        for (path, text) in files where path.hasPrefix("Templates/") && path.hasSuffix(".html") {
            named[String(path.dropFirst("Templates/".count).dropLast(".html".count))] = text
        }
        return named
    }

    /// The text with its `{{t.…}}` replaced by escaped words, and without the lines' indentation: indented parts would
    /// otherwise hand their indentation on to what people typed.
    static func withWords(_ text: String, _ words: Words, template: String) throws(Words.Fault) -> String {
        var result = ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            var rest = line.drop { $0 == " " || $0 == "\t" }
            while let open = rest.firstRange(of: "{{t."), let close = rest[open.upperBound...].firstRange(of: "}}") {
                let key = String(rest[open.upperBound..<close.lowerBound])
                guard let sentence = words.texts[key] else { throw .unknownKey(key, template: template) }
                result += rest[..<open.lowerBound]
                result += escaped(sentence)
                rest = rest[close.upperBound...]
            }
            result += rest
            if number < lines.count - 1 { result += "\n" }
        }
        return result
    }

    /// The HTML of a page in a language.
    public func render<P: Page>(_ page: P, in language: Language) -> String {
        libraries[language]?.render(page, withTemplate: P.template) ?? ""
    }

    /// The HTML of a part that stands on a page, by its name below `parts`: for an open page that is brought up to date.
    func render<Box: Sendable>(_ box: Box, part: String, in language: Language) -> String {
        libraries[language]?.render(box, withTemplate: "parts/\(part)") ?? ""
    }
}

/// Text made safe for HTML text and quoted attributes.
public func escaped(_ text: String) -> String {
    var safe = ""
    safe.reserveCapacity(text.utf8.count)
    for character in text.unicodeScalars {
        switch character {
        case "&": safe += "&amp;"
        case "<": safe += "&lt;"
        case ">": safe += "&gt;"
        case "\"": safe += "&quot;"
        case "'": safe += "&#39;"
        default: safe.unicodeScalars.append(character)
        }
    }
    return safe
}

/// HTML or SVG that our own code has drawn (a chart, a QR code): the only thing `{{{…}}}` may show.
public struct Markup: Sendable, Hashable, MustacheCustomRenderable {
    public let html: String

    /// The text must be well-formed and must have escaped every value in it.
    public init(_ html: String) { self.html = html }

    public var renderText: String { html }
    public var isNull: Bool { html.isEmpty }
}

// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Every sentence a person reads, in one language, by its key; keys say the place (`decision.approve`).
public struct Words: Sendable {
    public let language: Language
    let texts: [String: String]

    /// Why the words cannot be used; found when the program starts, and before that by the tests.
    public enum Fault: Error, Equatable, CustomStringConvertible {
        case noFile(String)
        case unreadable(String)
        case unknownKey(String, template: String)

        public var description: String {
            switch self {
            case .noFile(let name): "there is no \(name)"
            case .unreadable(let name): "\(name) is not a flat JSON object of strings"
            case .unknownKey(let key, let template): "\(template) asks for the words \(key), which do not exist"
            }
        }
    }

    init(language: Language, texts: [String: String]) {
        self.language = language
        self.texts = texts
    }

    /// Reads `Words/th.json` or `Words/en.json` out of the embedded files.
    init(_ language: Language, from files: [String: String]) throws(Fault) {
        let name = "Words/\(language.rawValue).json"
        guard let json = files[name] else { throw .noFile(name) }
        do {
            texts = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
        } catch {
            throw .unreadable(name)
        }
        self.language = language
    }

    /// The sentence of a key, with `{1}`, `{2}`, … replaced by the values in their order.
    ///
    /// A key that does not exist comes back between ⟦ and ⟧, which the tests look for on every sample page.
    public func callAsFunction(_ key: String, _ values: any CustomStringConvertible...) -> String {
        guard let text = texts[key] else { return "⟦\(key)⟧" }
        return Words.fill(text, values.map(\.description))
    }

    /// Same, with the values in an array.
    public func callAsFunction(_ key: String, values: [String]) -> String {
        guard let text = texts[key] else { return "⟦\(key)⟧" }
        return Words.fill(text, values)
    }

    /// One pass, so a value that itself contains `{1}` stays as it was typed.
    static func fill(_ text: String, _ values: [String]) -> String {
        guard text.contains("{") else { return text }
        var filled = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            filled += rest[..<open]
            if let number = Int(rest[rest.index(after: open)..<close]), values.indices.contains(number - 1) {
                filled += values[number - 1]
            } else {
                filled += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Pages

/// The words: both languages say the same things, nothing is missing, nothing is left over.
@Suite struct WordsTests {
    let thai: Words
    let english: Words

    init() throws {
        thai = try Words(.thai, from: embeddedText)
        english = try Words(.english, from: embeddedText)
    }

    @Test func bothLanguagesHaveTheSameKeys() {
        #expect(thai.texts.keys.sorted() == english.texts.keys.sorted())
    }

    /// One key, one line, sorted: so two people can add words without stepping on each other.
    @Test(arguments: ["th", "en"]) func filesAreSortedAndHaveNoKeyTwice(language: String) throws {
        let text = try #require(embeddedText["Words/\(language).json"])
        let keys = text.matches(of: /(?m)^  "([^"]+)": "/).map { String($0.1) }
        let words = language == "th" ? thai : english
        #expect(keys == Array(Set(keys)).sorted(), "run `make words`")
        #expect(keys.count == words.texts.count)
    }

    @Test func placeholdersAreTheSameInBothLanguages() {
        func places(_ text: String) -> [String] { Set(text.matches(of: /\{\d+\}/).map { String($0.0) }).sorted() }
        for (key, text) in thai.texts {
            #expect(places(text) == places(english.texts[key] ?? ""), "\(key)")
        }
    }

    @Test func thaiIsThai() {
        let lacking = thai.texts.filter { !$0.value.unicodeScalars.contains { (0x0E00...0x0E7F).contains($0.value) } }
        #expect(lacking.keys.filter { !$0.hasPrefix("name.") }.sorted() == [])
    }

    /// Every key asked for in a template or in Swift exists; every key that exists is asked for.
    @Test func noWordIsMissingAndNoneIsLeftOver() throws {
        var asked: Set<String> = []
        var prefixes: Set<String> = []
        for (_, text) in try texts(in: "Sources/Pages", endings: [".html"]) {
            asked.formUnion(text.matches(of: /\{\{t\.([^}]+)\}\}/).map { String($0.1) })
        }
        let sources = try texts(in: "Sources/Pages", endings: [".swift"])
            .merging(texts(in: "Sources/sanyan", endings: [".swift"])) { first, _ in first }
        for (_, source) in sources {
            let text = source.replacing(/(?m)^\s*\/\/.*$/, with: "")
            asked.formUnion(text.matches(of: /words\("([A-Za-z0-9_.\-]+)"/).map { String($0.1) })
            prefixes.formUnion(text.matches(of: /"([a-z][A-Za-z0-9_.\-]*\.)\\\(/).map { String($0.1) })
            for match in text.matches(of: /Sentence\(\s*"([A-Za-z0-9_.\-]+)"/) {
                asked.formUnion([String(match.1), String(match.1) + ".remedy"])
            }
            // Any other literal that is exactly a key counts as asked for.
            asked.formUnion(
                text.matches(of: /"([a-z][A-Za-z0-9_\-]*\.[A-Za-z0-9_.\-]+)"/).map { String($0.1) }
                    .filter { thai.texts[$0] != nil })
        }
        #expect(asked.filter { thai.texts[$0] == nil }.sorted() == [])
        let unused = thai.texts.keys.filter { key in !asked.contains(key) && !prefixes.contains { key.hasPrefix($0) } }
        #expect(unused.sorted() == [])
    }

    @Test func valuesTakeTheirPlaces() {
        #expect(Words.fill("เลขรับ {1} ของ {2}", ["128/2569", "{1}"]) == "เลขรับ 128/2569 ของ {1}")
        #expect(Words.fill("{3} {x} {", ["a"]) == "{3} {x} {")
        #expect(thai("no.such.key") == "⟦no.such.key⟧")
    }

    @Test(
        arguments: [
            (nil, nil, Language.thai), ("en", "th", .english), ("th", "en", .thai), ("xx", "en-GB,en;q=0.9", .english),
            (nil, "en;q=0.5, th;q=0.9", .thai), (nil, "de, fr", .thai), (nil, "en;q=0", .thai),
            (nil, "entirely", .thai),
        ] as [(String?, String?, Language)])
    func theLanguageIsThePersonsChoice(cookie: String?, header: String?, language: Language) {
        #expect(Language(cookie: cookie, acceptLanguage: header) == language)
    }
}

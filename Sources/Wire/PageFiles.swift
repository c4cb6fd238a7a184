// SPDX-License-Identifier: Apache-2.0

/// What a page of the studio's loads: its modules, its style in one file, the mark. They stand under `/PAGE/-/`, where a
/// browser asks each time whether they are still the same, and once more under a word of their content, where it need not:
/// who comes back has everything.
struct PageFiles: Sendable {
    /// Where the page finds them: `/room/-/1f00a2b47c9d3e58`.
    let address: String
    /// A module's imports are known only when it has come: so all that the first one needs are asked for at once.
    let preloads: String
    /// The same for all others, which a page may ask for when the first one has done its work.
    let later: String
    private let bodies: [String: Body]

    /// - Parameters:
    ///   - page: `room` or `watch`; its style is `room.css`.
    ///   - styles: the style's files in the order in which they are read.
    ///   - first: the module that runs before all others.
    ///   - takes: which modules it loads, by what is behind `/PAGE/-/`.
    init(of page: String, styles: [String], first: String, takes: (String) -> Bool) {
        let scripts = embeddedText.keys.filter { $0.hasPrefix("Scripts/") }.map { String($0.dropFirst(8)) }
            .filter(takes)
        var texts = [
            "\(page).css": styles.map { embeddedText["Styles/\($0).css"] ?? "" }.joined(separator: "\n"),
            "icon.svg": embeddedText["Styles/icon.svg"] ?? "",
        ]
        for name in scripts { texts[name] = embeddedText["Scripts/\(name)"] ?? "" }
        let all = texts.sorted { $0.key < $1.key }.map { $0.key + "\n" + $0.value }.joined(separator: "\n")
        let word = String(Name(all).number, radix: 16)
        address = "/\(page)/-/\(word)"
        let needed = PageFiles.needed(by: first, of: scripts)
        let links = { [address] (modules: [String]) in
            modules.map { "  <link rel=\"modulepreload\" href=\"\(address)/\($0)\">" }.joined(separator: "\n")
        }
        preloads = links(needed)
        later = links(scripts.sorted().filter { !needed.contains($0) })
        var bodies: [String: Body] = [:]
        for (name, text) in texts {
            let content = Slab.of(text)
            bodies[name] = PageFiles.body(name, content, cache: "no-cache")
            bodies["\(word)/\(name)"] = PageFiles.body(name, content, cache: Body.forever)
        }
        self.bodies = bodies
    }

    /// The module that runs first with all that it imports.
    private static func needed(by first: String, of modules: [String]) -> [String] {
        let known = Set(modules)
        var found = [first].filter(known.contains)
        var place = 0
        while place < found.count {
            let module = found[place]
            let folder = module.split(separator: "/").dropLast().map { $0 + "/" }.joined()
            for line in (embeddedText["Scripts/\(module)"] ?? "").split(separator: "\n") where line.contains("from \"")
            {
                guard let said = line.split(separator: "\"").dropFirst().first else { continue }
                let name = said.hasPrefix("../") ? String(said.dropFirst(3)) : folder + said.dropFirst(2)
                if known.contains(name), !found.contains(name) { found.append(name) }
            }
            place += 1
        }
        return found
    }

    /// The file of this name, with the word of the content before it or without.
    subscript(_ name: String) -> Body { bodies[name] ?? .notFound }

    private static func body(_ name: String, _ content: Slab, cache: String) -> Body {
        let kinds = [".css": "text/css", ".svg": "image/svg+xml"]
        let kind = kinds.first { name.hasSuffix($0.key) }?.value ?? "text/javascript"
        return Body([content], type: kind + "; charset=utf-8", cache: cache)
    }
}

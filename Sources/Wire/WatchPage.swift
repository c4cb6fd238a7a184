// SPDX-License-Identifier: Apache-2.0
import HTTP
import Studio

/// The page to watch at, with its scripts and its style.
enum WatchPage {
    /// The style's files in the order in which they are read; tokens.css is the office's own.
    private static let styles = ["tokens", "base", "stage", "controls", "menu", "about", "talk"]

    /// The page of a broadcast. Its name needs no escape: `Route.isName` let only plain characters in.
    static func page(_ plan: Plan, _ request: Request) -> Body {
        let values = [
            "name": plan.name, "title": escaped(plan.title.isEmpty ? plan.name : plan.title),
            "startsAt": plan.startsAt.map(String.init) ?? "", "preloads": preloads,
        ]
        return Body(
            [.of(filled(values))], type: "text/html; charset=utf-8", cache: "no-cache",
            more: [("content-security-policy", policy(plan.embedders)), ("referrer-policy", "same-origin")],
            isOpen: false)
    }

    /// What stands under `/watch/-/`: every script, the style in one file, the mark.
    static let assets: [String: Body] = {
        var assets = [
            "watch.css": asset(
                styles.map { embeddedText["Styles/\($0).css"] ?? "" }.joined(separator: "\n"), "text/css"),
            "icon.svg": asset(embeddedText["Styles/icon.svg"] ?? "", "image/svg+xml"),
        ]
        for name in scripts { assets[name] = asset(embeddedText["Scripts/\(name)"] ?? "", "text/javascript") }
        return assets
    }()

    private static let scripts = embeddedText.keys.filter { $0.hasPrefix("Scripts/") && !$0.dropFirst(8).contains("/") }.map { String($0.dropFirst(8)) }
        .sorted()

    /// A module's imports are known only when it has come: so all are asked for at once.
    private static let preloads = scripts.map { "  <link rel=\"modulepreload\" href=\"/watch/-/\($0)\">" }
        .joined(separator: "\n")

    private static func asset(_ text: String, _ type: String) -> Body {
        Body([.of(text)], type: type + "; charset=utf-8", cache: "no-cache")
    }

    /// No code and no style but our own files; media come through object addresses (Media Source Extensions).
    static func frames(_ embedders: [String]) -> String {
        let frames = ["'self'"] + embedders.filter(isOrigin)
        return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
            + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors "
            + frames.joined(separator: " ")
    }

    /// Whether it is an origin and nothing that would change the rest of the policy.
    private static func isOrigin(_ text: String) -> Bool {
        let rest = ["https://", "http://"].first(where: text.hasPrefix).map { text.dropFirst($0.count) }
        guard let rest, !rest.isEmpty else { return false }
        return rest.utf8.allSatisfy { Route.isPlain($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "*") }
    }

    /// The template in one pass, so that nothing is looked for in what was put in.
    private static func filled(_ values: [String: String]) -> String {
        let template = embeddedText["Templates/watch.html"] ?? ""
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

    private static func escaped(_ text: String) -> String {
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
}

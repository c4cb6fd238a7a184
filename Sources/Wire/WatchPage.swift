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
            "name": plan.name, "title": PageText.escaped(plan.title.isEmpty ? plan.name : plan.title),
            "startsAt": plan.startsAt.map(String.init) ?? "", "preloads": preloads,
        ]
        return Body(
            [.of(PageText.filled("Templates/watch.html", values))], type: "text/html; charset=utf-8", cache: "no-cache",
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

    /// What lies in folders is other pages'.
    private static let scripts = embeddedText.keys.filter { $0.hasPrefix("Scripts/") }.map { String($0.dropFirst(8)) }
        .filter { !$0.contains("/") }.sorted()

    /// A module's imports are known only when it has come: so all are asked for at once.
    private static let preloads = scripts.map { "  <link rel=\"modulepreload\" href=\"/watch/-/\($0)\">" }
        .joined(separator: "\n")

    private static func asset(_ text: String, _ type: String) -> Body {
        Body([.of(text)], type: type + "; charset=utf-8", cache: "no-cache")
    }

    /// No code and no style but our own files; media come through object addresses (Media Source Extensions).
    private static func policy(_ embedders: [String]) -> String {
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
            + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors "
            + PageText.frames(embedders)
    }
}

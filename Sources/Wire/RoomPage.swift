// SPDX-License-Identifier: Apache-2.0

/// The meeting room in the browser, with its scripts and its style.
enum RoomPage {
    /// The style's files in the order in which they are read; tokens.css is the office's own.
    private static let styles = ["tokens", "base", "roomDoor", "roomStage", "roomSide"]
    /// The watch page's modules that the room uses, too.
    private static let shared = ["kept.js", "line.js", "page.js", "speech.js"]

    /// The page of a meeting. Its name needs no escape: `Route.isName` let only plain characters in.
    static func page(name: String, title: String, embedders: [String] = []) -> Body {
        let values = ["name": name, "title": PageText.escaped(title.isEmpty ? name : title), "preloads": preloads]
        let more = [
            ("content-security-policy", policy(embedders)),
            (
                "permissions-policy",
                "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self)"
            ),
            ("referrer-policy", "same-origin"),
        ]
        return Body(
            [.of(PageText.filled("Templates/room.html", values))], type: "text/html; charset=utf-8", cache: "no-cache",
            more: more, isOpen: false)
    }

    /// What stands under `/room/-/`, by what is behind it: `room/room.js`, `page.js`, the style in one file, the mark.
    static let assets: [String: Body] = {
        var assets = [
            "room.css": asset(
                styles.map { embeddedText["Styles/\($0).css"] ?? "" }.joined(separator: "\n"), "text/css"),
            "icon.svg": asset(embeddedText["Styles/icon.svg"] ?? "", "image/svg+xml"),
        ]
        for name in scripts { assets[name] = asset(embeddedText["Scripts/\(name)"] ?? "", "text/javascript") }
        return assets
    }()

    private static let scripts =
        shared + embeddedText.keys.filter { $0.hasPrefix("Scripts/room/") }.map { String($0.dropFirst(8)) }.sorted()

    /// A module's imports are known only when it has come: so all are asked for at once.
    private static let preloads = scripts.map { "  <link rel=\"modulepreload\" href=\"/room/-/\($0)\">" }
        .joined(separator: "\n")

    private static func asset(_ text: String, _ type: String) -> Body {
        Body([.of(text)], type: type + "; charset=utf-8", cache: "no-cache")
    }

    /// No code and no style but our own files, and no page in a frame but our own, to watch a broadcast in; slides that only a token opens are shown by object addresses.
    private static func policy(_ embedders: [String]) -> String {
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
            + "frame-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors "
            + PageText.frames(embedders)
    }
}

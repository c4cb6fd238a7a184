// SPDX-License-Identifier: Apache-2.0
import HTTP
import Studio

/// The page to watch at, with its script and its style.
enum WatchPage {
    /// No code and no style but our own files; media come through object addresses (Media Source Extensions).
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
        + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

    /// The page of a broadcast. Its name needs no escape: `Route.isName` let only plain characters in.
    static func page(_ plan: Plan, _ request: Request) -> Body {
        let text = (embeddedText["Templates/watch.html"] ?? "").replacing("{{name}}", with: plan.name)
        return Body(
            [.of(text)], type: "text/html; charset=utf-8", cache: "no-cache",
            more: [("content-security-policy", policy), ("referrer-policy", "same-origin")], isOpen: false)
    }

    static let assets: [String: Body] = [
        "watch.css": asset("Styles/watch.css", "text/css; charset=utf-8"),
        "player.js": asset("Scripts/player.js", "text/javascript; charset=utf-8"),
        "playlist.js": asset("Scripts/playlist.js", "text/javascript; charset=utf-8"),
    ]

    private static func asset(_ path: String, _ type: String) -> Body {
        Body([.of(embeddedText[path] ?? "")], type: type, cache: "no-cache")
    }
}

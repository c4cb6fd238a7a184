// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The page to watch at, with its script and its style.
enum WatchPage {
    /// No code and no style but our own files; media come through object addresses (Media Source Extensions).
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
        + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

    /// The page of a broadcast. Its name needs no escape: `Station.Plan.Entry` let only plain characters in.
    static func page(_ name: String) -> Body {
        let text = (embeddedText["Templates/watch.html"] ?? "").replacing("{{name}}", with: name)
        return Body(
            [ByteBuffer(string: text)], type: "text/html; charset=utf-8", cache: "no-cache",
            more: [("content-security-policy", policy), ("referrer-policy", "same-origin")])
    }

    static let assets: [String: Body] = [
        "watch.css": asset("Styles/watch.css", "text/css; charset=utf-8"),
        "player.js": asset("Scripts/player.js", "text/javascript; charset=utf-8"),
        "playlist.js": asset("Scripts/playlist.js", "text/javascript; charset=utf-8"),
    ]

    private static func asset(_ path: String, _ type: String) -> Body {
        Body([ByteBuffer(string: embeddedText[path] ?? "")], type: type, cache: "no-cache")
    }
}

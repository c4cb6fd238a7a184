// SPDX-License-Identifier: Apache-2.0

/// The meeting room in the browser, with its scripts and its style.
enum RoomPage {
    /// The watch page's modules that the room uses, too.
    private static let shared = ["kept.js", "line.js", "page.js", "speech.js"]

    /// The page of a meeting. Its name needs no escape: `Route.isName` let only plain characters in.
    static func page(name: String, title: String, embedders: [String] = []) -> Body {
        let values = [
            "name": name, "title": PageText.escaped(title.isEmpty ? name : title),
            "preloads": files.preloads, "later": files.later, "files": files.address,
        ]
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

    /// Its modules and style.
    static let files = PageFiles(
        of: "room", styles: ["tokens", "base", "roomDoor", "roomStage", "roomSide"],
        first: "room/early.js",
        takes: { shared.contains($0) || $0.hasPrefix("room/") })

    /// No code and no style but our own files, and no page in a frame but our own, to watch a broadcast in; slides that
    /// only a token opens are shown by object addresses.
    private static func policy(_ embedders: [String]) -> String {
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
            + "frame-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors "
            + PageText.frames(embedders)
    }
}

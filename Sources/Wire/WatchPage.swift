// SPDX-License-Identifier: Apache-2.0
import HTTP
import Studio

/// The page to watch at, with its scripts and its style.
enum WatchPage {
    /// The page of a broadcast. Its name needs no escape: `Route.isName` let only plain characters in.
    static func page(_ plan: Plan, _ request: Request) -> Body {
        let values = [
            "name": plan.name, "title": PageText.escaped(plan.title.isEmpty ? plan.name : plan.title),
            "startsAt": plan.startsAt.map(String.init) ?? "", "preloads": files.preloads + "\n" + files.later,
            "files": files.address,
        ]
        return Body(
            [.of(PageText.filled("Templates/watch.html", values))], type: "text/html; charset=utf-8", cache: "no-cache",
            more: [("content-security-policy", policy(plan.embedders)), ("referrer-policy", "same-origin")],
            isOpen: false)
    }

    /// Its modules and style; what lies in folders is other pages'.
    static let files = PageFiles(
        of: "watch", styles: ["tokens", "base", "stage", "controls", "menu", "about", "talk"],
        first: "watch.js",
        takes: { !$0.contains("/") })

    /// No code and no style but our own files; media come through object addresses (Media Source Extensions).
    private static func policy(_ embedders: [String]) -> String {
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
            + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors "
            + PageText.frames(embedders)
    }
}

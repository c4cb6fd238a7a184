// SPDX-License-Identifier: Apache-2.0
import HLS
import NIOHTTP1

/// What an address means. Every door is on this page.
enum Route: Hashable {
    case health
    case metrics
    case watch(broadcast: String)
    /// The watch page's script or style.
    case asset(String)
    case live(broadcast: String, token: Substring?, Thing)
    case nothing

    /// What of a broadcast is asked for.
    enum Thing: Hashable {
        /// The multivariant playlist; `plain` is for players that know no parts.
        case index(plain: Bool)
        case playlist(String, plain: Bool)
        case file(String)
    }

    /// Reads a path without its query.
    init(path: Substring) {
        let words = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        switch (words.count, words.first) {
        case (1, "healthz"): self = .health
        case (1, "metrics"): self = .metrics
        case (2, "watch"): self = .watch(broadcast: String(words[2]))
        case (3, "watch") where words[2] == "-": self = .asset(String(words[3]))
        case (3, "live"): self = .live(broadcast: String(words[2]), token: nil, Thing(words[3]))
        case (5, "live") where words[3] == "v" && Route.isToken(words[4]):
            self = .live(broadcast: String(words[2]), token: words[4], Thing(words[5]))
        default: self = .nothing
        }
    }

    /// Letters, digits, `.`, `_` and `-` need no escape in an address.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    private static func isToken(_ word: Substring) -> Bool {
        (8...64).contains(word.utf8.count) && word.utf8.allSatisfy(isPlain)
    }

    /// FNV-1a: which token it is, in eight bytes.
    static func number(of token: Substring) -> UInt64 {
        token.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension Route.Thing {
    init(_ name: Substring) {
        switch name {
        case "index.m3u8": self = .index(plain: false)
        case "plain.m3u8": self = .index(plain: true)
        case _ where name.hasSuffix(".plain.m3u8"): self = .playlist(name.dropLast(11) + ".m3u8", plain: true)
        case _ where name.hasSuffix(".m3u8"): self = .playlist(String(name), plain: false)
        default: self = .file(String(name))
        }
    }
}

/// One request, as far as it decides the answer.
struct Ask {
    let thing: Route.Thing
    let reload: Reload
    let zips: Bool
    /// Where a viewer without a token is sent, with one of its own; nil for those who have one.
    let doorway: String?
}

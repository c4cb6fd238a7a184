// SPDX-License-Identifier: Apache-2.0
import HLS
import HTTP

/// What an address means. Every door of the studio is on this page.
enum Route: Hashable {
    case health
    case metrics
    case watch(broadcast: String)
    /// The watch page's script, style or words.
    case asset(String)
    /// A viewer without a pass is shown in.
    case entrance(broadcast: String, plain: Bool)
    case live(broadcast: String, pass: Substring, Thing)
    /// A player that did not stay where it was sent, and asks beside the entrance.
    case walkIn(broadcast: String, Thing)
    /// What only the console sees; its ticket is in the address.
    case preview(broadcast: String, ticket: Substring, Thing)
    /// Captions by API.
    case captions(broadcast: String)
    /// A meeting's room: its page, and the page's script, style or words.
    case room(meeting: String)
    case roomAsset(String)
    /// One of the room's doors.
    case roomDoor(meeting: String, RoomThing)
    /// Where somebody publishes (RFC 9725) or plays by WebRTC, without a session or with one.
    case call(CallKind, name: String, session: String?)
    case nothing

    /// What of a broadcast is asked for.
    enum Thing: Hashable {
        /// The multivariant playlist; `plain` is for players that know no parts.
        case index(plain: Bool)
        case playlist(Name, plain: Bool)
        case file(Name)
        case events
        case remarks
        /// All captions so far.
        case captions
        /// Everything since the beginning, from the recording.
        case past
        case film(String, String)
    }

    /// Reads a path without its query.
    init(path: String) {
        let words = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).dropFirst().map { Substring($0) }
        self.init(words: [""] + words)
    }

    private init(words: [Substring]) {
        let words = words.dropFirst()
        switch (words.count, words.first) {
        case (1, "healthz"): self = .health
        case (1, "metrics"): self = .metrics
        case (2, "watch"): self = .watch(broadcast: String(words[2]))
        case (3..., "watch") where words[2] == "-": self = .asset(words.dropFirst(2).joined(separator: "/"))
        case (2, "whip"), (3, "whip"): self = Route.call(.whip, words)
        case (2, "whep"), (3, "whep"): self = Route.call(.whep, words)
        case (2, "room"): self = .room(meeting: String(words[2]))
        case (3..., "room") where words[2] == "-": self = .roomAsset(words.dropFirst(2).joined(separator: "/"))
        case (3..., "room"):
            self = RoomThing(words.dropFirst(2)).map { .roomDoor(meeting: String(words[2]), $0) } ?? .nothing
        case (3, "live") where words[3] == "captions": self = .captions(broadcast: String(words[2]))
        case (3, "live") where words[3] == "index.m3u8" || words[3] == "plain.m3u8":
            self = .entrance(broadcast: String(words[2]), plain: words[3] == "plain.m3u8")
        case (3, "live"): self = Thing(words.dropFirst(2)).map { .walkIn(broadcast: String(words[2]), $0) } ?? .nothing
        case (5..., "live") where words[3] == "v":
            self = Thing(words.dropFirst(4)).map { .live(broadcast: String(words[2]), pass: words[4], $0) } ?? .nothing
        case (5..., "live") where words[3] == "preview":
            self =
                Thing(words.dropFirst(4)).map { .preview(broadcast: String(words[2]), ticket: words[4], $0) }
                ?? .nothing
        default: self = .nothing
        }
    }

    private static func call(_ kind: CallKind, _ words: ArraySlice<Substring>) -> Route {
        .call(kind, name: String(words[2]), session: words.count == 3 ? String(words[3]) : nil)
    }

    /// Letters, digits, `.`, `_` and `-` need no escape in an address.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    /// Whether a broadcast may be called so.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isPlain) && text != "." && text != ".."
    }
}

extension Route.Thing {
    /// What stands behind the pass.
    init?(_ words: ArraySlice<Substring>) {
        guard let name = words.first else { return nil }
        guard words.count == 1 else {
            guard words.count == 3, name == "films", let file = words.last else { return nil }
            self = .film(String(words[words.startIndex + 1]), String(file))
            return
        }
        switch name {
        case "index.m3u8": self = .index(plain: false)
        case "plain.m3u8": self = .index(plain: true)
        case "events": self = .events
        case "remarks": self = .remarks
        case "captions.vtt": self = .captions
        case "past.m3u8": self = .past
        case _ where name.hasSuffix(".plain.m3u8"): self = .playlist(Name(name.dropLast(11) + ".m3u8"), plain: true)
        case _ where name.hasSuffix(".m3u8"): self = .playlist(Name(name), plain: false)
        default: self = .file(Name(name))
        }
    }

    /// A part, a segment or a rendition's own playlist by its bytes, which is what nearly every request is for; nil for
    /// everything else.
    init?(media name: UnsafeRawBufferPointer) {
        guard name.count > 5 else { return nil }
        if Self.ends(name, ".m4s") {
            self = .file(Name(bytes: name))
        } else if Self.ends(name, ".m3u8"), name[0] == 0x76, (0x30...0x39).contains(name[1]) {
            let isPlain = Self.ends(name, ".plain.m3u8")
            self = .playlist(isPlain ? Name(plain: name) : Name(bytes: name), plain: isPlain)
        } else {
            return nil
        }
    }

    private static func ends(_ name: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard name.count >= count else { return false }
        for offset in 0..<count where name[name.count - count + offset] != word.utf8Start[offset] { return false }
        return true
    }
}

/// Which way media goes in a call that begins with an HTTP request.
enum CallKind: String, Hashable, Sendable { case whip, whep }

/// One request for something of a broadcast, as far as it decides the answer.
struct Ask {
    let thing: Route.Thing
    let reload: Reload
    let zips: Bool
}

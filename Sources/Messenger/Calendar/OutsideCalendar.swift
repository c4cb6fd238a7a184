// SPDX-License-Identifier: Apache-2.0
import Desk
import Secure

/// One calendar outside (ปฏิทินภายนอก), whatever it speaks. `CalendarClerk` is the one who knows what to do with it.
protocol OutsideCalendar: Sendable {
    /// By what the calendar is known to its server.
    var name: String { get }
    /// What an entry is called there, made of what it is about: the same whenever it is asked.
    func eventName(for entry: CalendarEntry) -> String
    /// Puts an entry that is not there yet.
    func add(_ entry: CalendarEntry, as event: String) async throws(Hindrance) -> Placement
    /// Puts an entry over the version that is known; an empty `etag` puts it over whatever is there.
    func change(_ entry: CalendarEntry, as event: String, over etag: String) async throws(Hindrance) -> Placement
    /// Takes out the version that is known.
    func remove(_ event: String, over etag: String) async throws(Hindrance) -> Placement
    /// What stands there now; nil when nothing does.
    func read(_ event: String) async throws(Hindrance) -> Standing?
    /// What has changed since the last look.
    func changes(since token: String) async throws(Hindrance) -> Changes
}

/// How a calendar took what was asked of it.
enum Placement: Hashable, Sendable {
    case taken(etag: String)
    /// Something of that name is there already.
    case isThere
    /// Another version is there than the one that was known.
    case changedThere
    /// Nothing is there.
    case isGone
}

/// What stands in a calendar.
struct Standing: Hashable, Sendable {
    var content: CalendarContent
    var etag: String
    /// Deleted, though its name is still taken.
    var isCancelled = false
}

/// What a look at a calendar has brought.
struct Changes: Hashable, Sendable {
    /// Versions of what is there, of all when `isWhole`, else of what has changed.
    var present: [String: String] = [:]
    /// What was deleted since the last look.
    var deleted: Set<String> = []
    /// Whatever is not in `present` is not there.
    var isWhole = false
    /// From where the next look goes on.
    var token = ""
}

/// What keeps a calendar from doing what was asked, as the carrier says it.
struct Hindrance: Error, Hashable, Sendable {
    var trouble: Trouble
    /// Trying again would help, not before so long when that was said.
    var isPassing: Bool
    var after: Length?

    /// Tried again, not before `after`.
    static func later(_ kind: Trouble.Kind, _ detail: String = "", after: Length? = nil) -> Hindrance {
        Hindrance(trouble: Trouble(kind, detail), isPassing: true, after: after)
    }

    /// Trying again would not help.
    static func never(_ kind: Trouble.Kind, _ detail: String = "") -> Hindrance {
        Hindrance(trouble: Trouble(kind, detail), isPassing: false, after: nil)
    }

    /// What an administrator has to mend first is tried again now and then, so that it goes on by itself afterwards.
    static func mended(_ kind: Trouble.Kind, _ detail: String = "") -> Hindrance {
        .later(kind, detail, after: .minutes(15))
    }

    var carriage: Carriage { isPassing ? .later(trouble, after: after) : .never(trouble) }
}

/// How long to wait before the next try.
enum BackOff {
    /// Truncated exponential back-off with jitter: 1, 2, 4 … seconds up to a quarter of an hour, and up to a second more.
    ///
    /// The jitter is drawn from the name, so that many deliveries do not return at once, and a test knows when they do.
    static func pause(tries: Int, for name: String) -> Length {
        let seconds = min(900, 1 << min(max(0, tries), 10))
        let dice = Digest.sha256("\(name) \(tries)")
        let milliseconds = (Int(dice[0]) << 8 | Int(dice[1])) % 1000
        return Length(milliseconds: Int64(seconds * 1000 + milliseconds))
    }
}

extension CalendarContent {
    /// By what a foreign change is recognised.
    var digest: String { Hex.text(Digest.sha256(canonical)) }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import FoundationEssentials
import Secure

/// An event as Google Calendar's API v3 writes it (the resource `events`): what we set, and what we look at.
struct GoogleEvent: Codable, Hashable, Sendable {
    struct Time: Codable, Hashable, Sendable {
        /// RFC 3339.
        var dateTime: String?
        var timeZone: String?
        /// Of an event that takes whole days.
        var date: String?
    }

    struct Reminders: Codable, Hashable, Sendable {
        struct Override: Codable, Hashable, Sendable {
            var method: String
            var minutes: Int
        }
        var useDefault: Bool
        var overrides: [Override]?
    }

    struct Properties: Codable, Hashable, Sendable {
        var `private`: [String: String]?
    }

    struct Source: Codable, Hashable, Sendable {
        var title: String
        var url: String
    }

    var id: String?
    var status: String?
    var etag: String?
    var summary: String?
    var description: String?
    var location: String?
    var start: Time?
    /// Not part of the event.
    var end: Time?
    var visibility: String?
    var reminders: Reminders?
    var extendedProperties: Properties?
    var source: Source?
    var recurrence: [String]?

    /// What an entry looks like there.
    ///
    /// Reminders are the account's own that writes: they ring nobody's telephone but where the account acts for a person.
    init(_ entry: CalendarEntry, id: String) {
        self.id = id
        status = entry.certainty.rawValue
        summary = entry.content.title
        description = entry.content.description
        location = entry.content.place
        start = entry.content.span.map { Time(dateTime: RFC3339.text($0.start), timeZone: "Asia/Bangkok") }
        end = entry.content.span.map { Time(dateTime: RFC3339.text($0.end), timeZone: "Asia/Bangkok") }
        visibility = entry.isSecret ? "private" : "default"
        reminders = Reminders(
            useDefault: false,
            overrides: entry.alarmMinutes.map { [.init(method: "popup", minutes: min($0, 40_320))] } ?? [])
        extendedProperties = Properties(
            private: ["sanyanMatter": entry.uid, "sanyanRevision": String(entry.revision)])
        if entry.page.hasPrefix("https://") { source = Source(title: "Sanyan", url: entry.page) }
    }

    /// What people read there.
    var content: CalendarContent {
        let first = start.flatMap(Self.moment)
        let last = end.flatMap(Self.moment)
        return CalendarContent(
            title: summary ?? "", place: location ?? "", description: description ?? "",
            span: first.flatMap { first in last.map { Span(start: first, end: $0) } },
            repeats: recurrence?.isEmpty == false)
    }

    private static func moment(_ time: Time) -> Moment? {
        time.dateTime.flatMap(RFC3339.moment) ?? time.date.flatMap { Day(iso: $0)?.start }
    }

    /// An id of an entry: base32hex in lower case, which is all that Google takes (a–v and 0–9, 5 to 1,024 of them).
    static func id(of uid: String) -> String {
        var (id, bits, count) = ("", 0, 0)
        for byte in Digest.sha256(uid) {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 5 {
                count -= 5
                id.append(letters[bits >> count & 31])
            }
            bits &= (1 << count) - 1
        }
        if count > 0 { id.append(letters[bits << (5 - count) & 31]) }
        return id
    }

    private static let letters = Array("0123456789abcdefghijklmnopqrstuv")
}

/// Date and time with its distance from Greenwich (RFC 3339).
enum RFC3339 {
    /// On Bangkok's clock, as `2026-12-14T09:00:00+07:00`.
    static func text(_ moment: Moment) -> String {
        let seconds = Int((moment - Day(of: moment).start).milliseconds / 1000)
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(\.twoDigits).joined(separator: ":")
        return "\(Day(of: moment))T\(time)+07:00"
    }

    /// Nil for what is none.
    static func moment(_ text: String) -> Moment? {
        let parts = text.uppercased().split(separator: "T", maxSplits: 1)
        guard parts.count == 2, let day = Day(iso: String(parts[0])) else { return nil }
        let clock = parts[1]
        guard let sign = clock.firstIndex(where: { $0 == "Z" || $0 == "+" || $0 == "-" }) else { return nil }
        let time = clock[..<sign].split(separator: ":", omittingEmptySubsequences: false)
        guard time.count == 3, let hours = Int(time[0]), (0...24).contains(hours), let minutes = Int(time[1]),
            (0...59).contains(minutes), let seconds = Int(time[2].prefix { $0 != "." }), (0...60).contains(seconds),
            let offset = offset(clock[sign...])
        else { return nil }
        // The day begins in Bangkok, seven hours before Greenwich.
        return day.start + .hours(7) + .seconds(hours * 3600 + minutes * 60 + seconds) - .minutes(offset)
    }

    /// In minutes ahead of Greenwich.
    private static func offset(_ text: Substring) -> Int? {
        if text == "Z" { return 0 }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = Int(parts[0]), (0...23).contains(hours), let minutes = Int(parts[1]),
            (0...59).contains(minutes)
        else { return nil }
        return (hours * 60 + minutes) * (text.first == "-" ? -1 : 1)
    }
}

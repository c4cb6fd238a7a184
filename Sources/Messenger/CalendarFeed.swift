// SPDX-License-Identifier: Apache-2.0
public import Desk

/// A calendar of occasions (ปฏิทินกิจกรรม) that a phone or a desk program subscribes to.
///
/// Subscribers poll at their own pace, some only once a day: the feed shows, it never alerts. Alerts are errands.
public struct CalendarFeed: Sendable {
    /// The calendar's name, as the subscriber's program shows it.
    public var name: String
    public var office: Office

    public init(name: String, office: Office) {
        self.name = name
        self.office = office
    }

    /// The whole calendar as iCalendar text (RFC 5545, 3.4).
    public func text(of matters: [Matter]) -> String {
        var calendar = ICalendarText()
        calendar.line("BEGIN", "VCALENDAR")
        calendar.line("VERSION", "2.0")
        calendar.line("PRODID", "-//Sanyan//Desk//TH")
        calendar.line("CALSCALE", "GREGORIAN")
        calendar.line("METHOD", "PUBLISH")
        calendar.prose("NAME", name)
        calendar.prose("X-WR-CALNAME", name)
        calendar.line("X-WR-TIMEZONE", "Asia/Bangkok")
        calendar.line("REFRESH-INTERVAL;VALUE=DURATION", "PT15M")
        calendar.line("X-PUBLISHED-TTL", "PT15M")
        for matter in matters where Self.shows(matter) { add(matter, to: &calendar) }
        calendar.line("END", "VCALENDAR")
        return calendar.text
    }

    /// A matter is in calendars from its assignment on, and stays there cancelled when it was called off.
    static func shows(_ matter: Matter) -> Bool {
        matter.assignment != nil || matter.folder.contains { if case .assigned = $0.fact { true } else { false } }
    }

    /// STATUS (3.8.1.11): a date that was moved is decided and assigned anew; until then it is not sure.
    private static func status(of matter: Matter) -> String {
        if matter.assignment != nil { return "CONFIRMED" }
        return matter.stage == .toDecide || matter.stage == .toAssign ? "TENTATIVE" : "CANCELLED"
    }

    /// A calendar lies on telephones and other people's servers: a classified matter shows when and where, not what.
    private static func isOpen(_ matter: Matter) -> Bool { matter.classification.map { $0.secrecy == .open } ?? true }

    private func add(_ matter: Matter, to calendar: inout ICalendarText) {
        let title = Self.isOpen(matter) ? matter.letter.title : "เรื่องลับ"
        let host = office.address.split(separator: "/").dropFirst().first.map(String.init) ?? "sanyan"
        calendar.line("BEGIN", "VEVENT")
        calendar.line("UID", "matter-\(matter.id)@\(host.split(separator: ":").first.map(String.init) ?? host)")
        // For METHOD:PUBLISH this is when the information was last revised (3.8.7.2), so an unchanged feed is byte-equal.
        calendar.line("DTSTAMP", Self.utc(matter.folder.last?.at ?? matter.letter.span.start))
        calendar.line("SEQUENCE", String(matter.sequence))
        calendar.line("DTSTART", Self.utc(matter.letter.span.start))
        calendar.line("DTEND", Self.utc(matter.letter.span.end))
        calendar.prose("SUMMARY", title)
        if !Self.isOpen(matter) { calendar.line("CLASS", "CONFIDENTIAL") }
        if !matter.letter.place.isEmpty { calendar.prose("LOCATION", matter.letter.place) }
        calendar.prose("DESCRIPTION", description(of: matter))
        calendar.line("URL", "\(office.address)/matters/\(matter.id)")
        if let link = matter.link, Self.isOpen(matter) { calendar.line("CONFERENCE;VALUE=URI;FEATURE=VIDEO", link) }
        calendar.line("CATEGORIES", matter.service.rawValue.uppercased())
        calendar.line("STATUS", Self.status(of: matter))
        if matter.assignment != nil, !matter.stage.isFinal {
            calendar.line("BEGIN", "VALARM")
            calendar.line("ACTION", "DISPLAY")
            calendar.line("TRIGGER", "-PT\(office.reminderMinutes)M")
            calendar.prose("DESCRIPTION", title)
            calendar.line("END", "VALARM")
        }
        calendar.line("END", "VEVENT")
    }

    private func description(of matter: Matter) -> String {
        var lines = Self.isOpen(matter) ? [matter.letter.unit] : []
        if let number = matter.incoming { lines.append("เลขรับ \(number)") }
        if let assignment = matter.assignment {
            let held = assignment.held(around: matter.letter.span)
            lines.append("เตรียมสถานที่ \(TimeOfDay(of: held.start)) น. เก็บเสร็จ \(TimeOfDay(of: held.end)) น.")
        }
        if let link = matter.link, Self.isOpen(matter) { lines.append(link) }
        return lines.joined(separator: "\n")
    }

    /// Form 2 of DATE-TIME (3.3.5): `20261214T020000Z`.
    static func utc(_ moment: Moment) -> String {
        // A day number of the Bangkok calendar seven hours earlier is the day in Greenwich.
        let greenwich = moment - .hours(7)
        let day = Day(of: greenwich)
        let seconds = Int((greenwich - day.start).milliseconds / 1000)
        let date = "\(day.year)\(two(day.month))\(two(day.dayOfMonth))"
        return "\(date)T\(two(seconds / 3600))\(two(seconds / 60 % 60))\(two(seconds % 60))Z"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

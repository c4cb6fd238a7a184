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

    /// The whole calendar as iCalendar text (RFC 5545, 3.4). A matter is in it from its assignment on, and stays there
    /// cancelled when it was called off.
    public func text(of matters: [Matter]) -> String {
        var calendar = ICalendarText()
        calendar.begin(method: "PUBLISH")
        calendar.prose("NAME", name)
        calendar.prose("X-WR-CALNAME", name)
        calendar.line("X-WR-TIMEZONE", "Asia/Bangkok")
        calendar.line("REFRESH-INTERVAL;VALUE=DURATION", "PT15M")
        calendar.line("X-PUBLISHED-TTL", "PT15M")
        for entry in matters.compactMap({ CalendarEntry($0, office: office) }) { calendar.event(entry) }
        calendar.end()
        return calendar.text
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk

/// The calendar of occasions: a month, a week, or one day with its rooms.
struct CalendarPage: Page {
    static let template = "calendar"
    let frame: Frame
    let previous: String
    let today: String
    let next: String
    let views: [ViewRow]
    /// Filters, and what they carry along.
    let fields: [FieldRow]
    let view: String
    let at: String
    let month: Month?
    let week: Week?
    let day: Rooms?

    /// Month, week, day.
    struct ViewRow: Sendable {
        let path: String
        let name: String
        let isHere: Bool
    }

    /// The grid of a month.
    struct Month: Sendable {
        let weekdays: [String]
        let days: [DayRow]
        /// Said on a phone, where days without anything step aside.
        let nothing: String?
    }

    /// Seven days below each other.
    struct Week: Sendable {
        let days: [DayRow]
    }

    /// One day's rooms with their bookings, set-up and tear-down included.
    struct Rooms: Sendable {
        let holiday: String?
        let items: [ItemRow]
        let rooms: [RoomRow]
    }

    struct DayRow: Sendable {
        let path: String
        let date: String
        let long: String
        let isOff: Bool
        let isOutside: Bool
        let isToday: Bool
        let holiday: String?
        let items: [ItemRow]
    }

    struct ItemRow: Sendable {
        let path: String
        let tone: String
        let text: String
        let place: String
        let people: String
        let chip: ChipRow
    }

    struct RoomRow: Sendable {
        let name: String
        let free: String?
        let bookings: [BookingRow]
    }

    struct BookingRow: Sendable {
        let path: String
        let held: String
        let text: String
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let phrases = Phrases(paper.words(.thai))
        let off = Holiday(
            day: SampleMatters.day.adding(days: 3), name: "วันหยุดตัวอย่าง", kind: .university, source: "ตัวอย่าง")
        func sample(_ name: String, _ query: CalendarQuery, _ matters: [Matter]) -> Sample {
            let drawing = CalendarDrawing(
                query: query, matters: matters, bookings: SampleMatters.prepared.bookings,
                holidays: ThaiHolidays.table + [off], names: SampleMatters.names, today: SampleMatters.day,
                phrases: phrases)
            return Sample(name, drawing.page(frame: paper.frame(.sample(path: "/calendar"), title: drawing.title)))
        }
        let shown = [SampleMatters.prepared, SampleMatters.waiting[0]]
        var week = CalendarQuery(view: .week, at: SampleMatters.day)
        week.officer = Person.ID(5)
        return [
            sample("month", CalendarQuery(view: .month, at: SampleMatters.day), shown), sample("week", week, shown),
            sample("day", CalendarQuery(view: .day, at: SampleMatters.day.adding(days: 3)), shown),
            sample("empty", CalendarQuery(view: .month, at: SampleMatters.day.adding(days: 60)), []),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// Which part of the calendar is looked at, as its address says it.
struct CalendarQuery: Sendable, Hashable {
    enum View: String, Sendable, CaseIterable { case month, week, day }

    var view: View
    /// A day of what is looked at.
    var at: Day
    var officer: Person.ID?
    var room: Room.ID?

    init(view: View, at: Day) {
        self.view = view
        self.at = at
    }

    /// An address without a day, or with one that cannot be read, looks at today.
    init(_ request: Request, today: Day) {
        func value(_ name: Substring) -> String { request.uri.queryParameters[name].map(String.init) ?? "" }
        view = View(rawValue: value("view")) ?? .month
        let day = Day(iso: value("at")).flatMap { (2000...2200).contains($0.year) ? $0 : nil }
        at = day ?? Month(value("month"))?.firstDay ?? today
        officer = Person.ID(value("officer"))
        room = Room.ID(value("room"))
    }

    /// What is shown: a month in whole weeks from Monday to Sunday, a week, a day.
    var days: [Day] {
        switch view {
        case .day: return [at]
        case .week: return (0..<7).map { Day(of: at.week.start).adding(days: $0) }
        case .month:
            let first = Day(of: Month(of: at).firstDay.week.start)
            let last = Day(of: Month(of: at).next.firstDay.adding(days: -1).week.end)
            return (first.number..<last.number).map { Day(number: $0) }
        }
    }

    var span: Span {
        let days = days
        return Span(start: (days.first ?? at).start, end: (days.last ?? at).adding(days: 1).start)
    }

    func moved(by step: Int) -> CalendarQuery {
        var moved = self
        switch view {
        case .day: moved.at = at.adding(days: step)
        case .week: moved.at = at.adding(days: 7 * step)
        case .month:
            let month = Month(of: at)
            moved.at = (step < 0 ? month.previous : month.next).firstDay
        }
        return moved
    }

    func shown(as view: View, at day: Day? = nil) -> CalendarQuery {
        var other = self
        other.view = view
        other.at = day ?? at
        return other
    }

    var path: String {
        "/calendar?view=\(view.rawValue)&at=\(at)" + (officer.map { "&officer=\($0)" } ?? "")
            + (room.map { "&room=\($0)" } ?? "")
    }
}

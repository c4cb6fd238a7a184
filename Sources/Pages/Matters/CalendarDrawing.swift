// SPDX-License-Identifier: Apache-2.0

import Desk

/// Draws the calendar from matters, bookings and holidays.
struct CalendarDrawing {
    let query: CalendarQuery
    let matters: [Matter]
    let bookings: [Booking]
    let holidays: [Holiday]
    let names: Names
    let today: Day
    let phrases: Phrases

    private var words: Words { phrases.words }

    var title: String {
        switch query.view {
        case .month: words("calendar.title_month", phrases.month(Month(of: query.at)))
        case .week:
            words(
                "calendar.title_week", phrases.short(Day(of: query.at.week.start)),
                phrases.short(Day(of: query.at.week.end).adding(days: -1)))
        case .day: phrases.date(query.at)
        }
    }

    func page(frame: Frame) -> CalendarPage {
        CalendarPage(
            frame: frame, previous: query.moved(by: -1).path, today: query.shown(as: query.view, at: today).path,
            next: query.moved(by: 1).path,
            views: CalendarQuery.View.allCases.map {
                .init(
                    path: query.shown(as: $0).path, name: words("calendar.view.\($0.rawValue)"),
                    isHere: $0 == query.view)
            },
            fields: filters, view: query.view.rawValue, at: query.at.description,
            month: query.view == .month ? month : nil,
            week: query.view == .week ? .init(days: query.days.map(day)) : nil,
            day: query.view == .day ? rooms : nil)
    }

    // MARK: Days

    private var month: CalendarPage.Month {
        let days = query.days.map(day)
        return .init(
            weekdays: (1...7).map { words("calendar.weekday.\($0)") }, days: days,
            nothing: days.allSatisfy { $0.items.isEmpty } ? words("calendar.nothing") : nil)
    }

    private func day(_ day: Day) -> CalendarPage.DayRow {
        let holiday = holidays.first { $0.day == day }
        return .init(
            path: query.shown(as: .day, at: day).path, date: String(day.dayOfMonth), long: phrases.short(day),
            isOff: day.isWeekend || holiday != nil,
            isOutside: query.view == .month && Month(of: day) != Month(of: query.at),
            isToday: day == today, holiday: holiday?.name, items: items(of: day))
    }

    private func items(of day: Day) -> [CalendarPage.ItemRow] {
        matters.filter { $0.letter.span.overlaps(day.span) }.map { matter in
            let chip = ChipRow(matter.stage, phrases)
            let span = matter.letter.span
            // An occasion over several days begins only once.
            let time = Day(of: span.start) == day ? "\(TimeOfDay(of: span.start)) " : ""
            return .init(
                path: "/matters/\(matter.id)", tone: chip.tone, text: time + matter.letter.title,
                place: "\(phrases.hours(span)) · \(matter.letter.place)",
                people: matter.assignment?.officers.map { names.person($0) }.joined(separator: ", ")
                    ?? words("desk.nobody_yet"),
                chip: chip)
        }
    }

    // MARK: One day's rooms

    private var rooms: CalendarPage.Rooms {
        let shown = names.rooms.values.filter { $0.isActive && (query.room == nil || $0.id == query.room) }
            .sorted { $0.id < $1.id }
        return .init(
            holiday: holidays.first { $0.day == query.at }.map { words("calendar.holiday", $0.name) },
            items: items(of: query.at), rooms: shown.map(room))
    }

    private func room(_ room: Room) -> CalendarPage.RoomRow {
        let taken = bookings.filter { $0.resource == .room(room.id) }.sorted { $0.span.start < $1.span.start }
        return .init(
            name: "\(room.name) \(room.building)", free: taken.isEmpty ? words("calendar.room_free") : nil,
            bookings: taken.map { booking in
                let matter = matters.first { $0.id == booking.matter }
                return .init(
                    path: "/matters/\(booking.matter)", held: phrases.hours(booking.span),
                    text: matter?.letter.title ?? words("decision.another_matter"))
            })
    }

    // MARK: Filters

    private var filters: [FieldRow] {
        let all = FieldRow.Option("", words("matters.all"))
        let officers = names.people.values.filter { $0.roles.contains(.officer) }.sorted { $0.id < $1.id }
        let rooms = names.rooms.values.sorted { $0.id < $1.id }
        return [
            FieldRow(
                "officer", words("matter.officer"),
                .select(
                    [all] + officers.map { .init($0.id.description, $0.name, isChosen: $0.id == query.officer) }),
                isRequired: false),
            FieldRow(
                "room", words("matter.room"),
                .select([all] + rooms.map { .init($0.id.description, $0.name, isChosen: $0.id == query.room) }),
                isRequired: false),
        ]
    }
}

extension Phrases {
    /// `จ. 14 ธ.ค. 69`
    func short(_ day: Day) -> String { words.language == .thai ? ThaiDate.short(day) : ThaiDate.english(day) }
}

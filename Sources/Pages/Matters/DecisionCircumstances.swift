// SPDX-License-Identifier: Apache-2.0

import Desk

extension Counter {
    /// What an executive would otherwise have to ask: clashes at that time, how much is on that day, who is free.
    func circumstances(of matter: Matter, office: Office, names: Names, _ phrases: Phrases) async throws
        -> [DecisionCard.CircumstanceRow]
    {
        let span = matter.letter.span
        let held = span.padded(before: .minutes(office.setUpMinutes), after: .minutes(office.tearDownMinutes))
        let bookings = try await cabinet.bookings(during: held, but: matter.id)
        var filter = MatterFilter()
        filter.during = Span(
            start: Day(of: span.start).start, end: Day(of: span.end - .minutes(1)).adding(days: 1).start)
        filter.stages = [.toDecide, .toAssign, .toPrepare, .ready, .inService]
        filter.order = .occasion
        let others = try await cabinet.matters(filter).filter { $0.id != matter.id }
        return [
            roomRow(matter, bookings, others, names, phrases), dayRow(others, phrases),
            officerRow(bookings, names, phrases),
        ]
    }

    /// Rooms: the one the letter names first of all.
    private func roomRow(
        _ matter: Matter, _ bookings: [Booking], _ others: [Matter], _ names: Names, _ phrases: Phrases
    ) -> DecisionCard.CircumstanceRow {
        let words = phrases.words
        var taken: [(room: Room, booking: Booking)] = []
        for booking in bookings {
            if case .room(let id) = booking.resource, let room = names.rooms[id] { taken.append((room, booking)) }
        }
        let lines = taken.map { room, booking in
            words("decision.taken", room.name, phrases.hours(booking.span), title(of: booking.matter, others, phrases))
        }
        if taken.contains(where: { matter.letter.place.contains($0.room.name) }) {
            return .init(.overdue, words("decision.room_clash"), lines: lines)
        }
        return taken.isEmpty
            ? .init(.approved, words("decision.rooms_free"))
            : .init(.due, words("decision.rooms_taken", Set(taken.map(\.room.id)).count), lines: lines)
    }

    private func title(of id: Matter.ID, _ others: [Matter], _ phrases: Phrases) -> String {
        others.first { $0.id == id }?.letter.title ?? phrases.words("decision.another_matter")
    }

    private func dayRow(_ others: [Matter], _ phrases: Phrases) -> DecisionCard.CircumstanceRow {
        let words = phrases.words
        guard !others.isEmpty else { return .init(.approved, words("decision.day_free")) }
        let lines = others.map { "\(phrases.hours($0.letter.span)) \($0.letter.title) (\(phrases.stage($0.stage)))" }
        return .init(.due, words("decision.day_load", others.count), lines: lines)
    }

    private func officerRow(
        _ bookings: [Booking], _ names: Names, _ phrases: Phrases
    ) -> DecisionCard.CircumstanceRow {
        let words = phrases.words
        let busy = Set(
            bookings.compactMap { booking -> Person.ID? in
                if case .officer(let id) = booking.resource { id } else { nil }
            })
        let officers = names.people.values.filter { $0.isActive && $0.roles.contains(.officer) }
            .sorted { $0.id < $1.id }
        let free = officers.filter { !busy.contains($0.id) }
        guard !free.isEmpty else { return .init(.overdue, words("decision.nobody_free")) }
        let said = words("decision.officers_free", free.count, officers.count)
        // Names matter only when some of them are missing.
        return free.count == officers.count
            ? .init(.approved, said) : .init(.due, said, lines: [free.map(\.name).joined(separator: ", ")])
    }
}

extension Phrases {
    /// `09:00–12:00 น.`; with both days when it lasts over midnight.
    func hours(_ span: Span) -> String {
        Day(of: span.start) == Day(of: span.end)
            ? words("desk.hours", TimeOfDay(of: span.start), TimeOfDay(of: span.end))
            : "\(moment(span.start)) – \(moment(span.end))"
    }
}

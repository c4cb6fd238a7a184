// SPDX-License-Identifier: Apache-2.0

import Desk

/// Puts calendars outside into words: for the matter's page, for my page, for the settings.
struct CalendarLines {
    let names: Names
    let phrases: Phrases
    private var words: Words { phrases.words }

    /// Whose calendar it is, by which way.
    func place(_ way: Way, _ to: Delivery.Recipient) -> String {
        let whose: String =
            switch to {
            case .person(let id): names.person(id)
            default: words("recipient.office")
            }
        return "\(words("way.\(way.rawValue)")) (\(whose))"
    }

    /// In one line for each calendar: since when it stands there, what it waits for, what was refused and what to do.
    func lines(copies: [CalendarCopy], drifts: [Drift], deliveries: [Delivery]) -> [PairRow] {
        let entries = deliveries.filter { $0.freight == .calendarEntry }
        var calendars = copies.map { CalendarRecipient($0.way, $0.to) }
        for delivery in entries where !calendars.contains(.init(delivery.way, delivery.to)) {
            calendars.append(.init(delivery.way, delivery.to))
        }
        return calendars.map { calendar in
            let copy = copies.first { $0.way == calendar.way && $0.to == calendar.to }
            let drift = drifts.first { $0.fate == nil && $0.way == calendar.way && $0.to == calendar.to }
            let newest = entries.filter { $0.way == calendar.way && $0.to == calendar.to }.max { $0.due < $1.due }
            return PairRow(
                place(calendar.way, calendar.to), said(copy, drift, newest), link: drift == nil ? nil : "/drift")
        }
    }

    private func said(_ copy: CalendarCopy?, _ drift: Drift?, _ newest: Delivery?) -> String {
        if let drift { return words(drift.isDeletion ? "calendars.line.deleted" : "calendars.line.changed") }
        if let newest, newest.fate == nil {
            guard let trouble = newest.trouble else { return words("calendars.line.onItsWay") }
            return words("calendars.line.waits", trouble.said(words), trouble.remedy(words))
        }
        if let newest, newest.fate == .refused, let trouble = newest.trouble, trouble.kind != .changedThere {
            return words("calendars.line.refused", trouble.said(words), trouble.remedy(words))
        }
        guard let copy else { return words("calendars.line.none") }
        if copy.isLeft { return words(copy.isOut ? "calendars.line.leftOut" : "calendars.line.left") }
        return words(copy.isOut ? "calendars.line.out" : "calendars.line.in", phrases.moment(copy.putAt))
    }

    /// How a calendar is doing, in one line.
    func said(_ health: CalendarHealth) -> String {
        if let trouble = health.trouble {
            return "\(trouble.said(words)) \(trouble.remedy(words))"
        }
        var parts: [String] = []
        if let taken = health.takenAt { parts.append(words("calendars.health.taken", phrases.moment(taken))) }
        if let looked = health.lookedAt { parts.append(words("calendars.health.looked", phrases.moment(looked))) }
        return parts.isEmpty ? words("ways.never") : parts.joined(separator: " · ")
    }
}

extension Counter {
    /// How the calendars of a way are doing, one line each; empty for other ways.
    func calendarHealthPairs(_ way: Way, _ visit: Visit) async throws -> [PairRow] {
        guard Way.calendars.contains(way) else { return [] }
        let lines = CalendarLines(names: try await names(), phrases: phrases(visit))
        return try await cabinet.calendarHealth().filter { $0.way == way }
            .map { PairRow(lines.place($0.way, $0.to), lines.said($0)) }
    }

    /// Occasions to come go into calendars anew, or are taken out: a way was set up, or somebody has chosen.
    ///
    /// - Parameter officer: only theirs; nil for all.
    func refreshCalendars(of officer: Person.ID? = nil) async throws {
        var filter = MatterFilter()
        filter.stages = [.toDecide, .toAssign, .toPrepare, .ready, .inService]
        filter.during = Span(start: now(), end: now() + .days(800))
        filter.officer = officer
        filter.limit = 0
        for matter in try await cabinet.matters(filter) where matter.lastAssignment != nil {
            try await cabinet.issue(
                Errand(
                    id: "m\(matter.id)/calendar/\(now().milliseconds)", matter: matter.id, kind: .calendarEntry,
                    to: .sanyan, due: now()))
        }
    }
}

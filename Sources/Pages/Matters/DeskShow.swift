// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// GET /desk
    func showDesk(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try person(visit)
        let phrases = phrases(visit)
        let reckoner = try await reckoner()
        var sections: [DeskPage.Section] = []
        var total = 0
        for role in Role.held where person.roles.contains(role) {
            guard let waiting = try await waiting(for: role, person, visit) else { continue }
            total += waiting.count
            sections.append(section(role, waiting, reckoner, phrases))
        }
        let today = Day(of: now())
        let occasions = try await occasions(of: person, from: today, visit)
        let names = try await names()
        let rows = occasions.map {
            ($0, occasion($0, names, phrases, saysDay: $0.letter.span.start >= today.adding(days: 1).start))
        }
        let page = DeskPage(
            frame: frame(
                visit, words(visit)("desk.title"),
                lead: words(visit)("desk.lead", phrases.date(today), total), scripts: ["inbox.js"]),
            calls: try await callSlips(visit, names), sections: sections,
            todayTitle: words(visit)("desk.today", phrases.date(today)),
            today: rows.filter { $0.0.letter.span.overlaps(today.span) }.map(\.1),
            coming: rows.filter { $0.0.letter.span.start >= today.adding(days: 1).start }.map(\.1),
            counts: try await counts(phrases))
        return paper.show(page, to: visit)
    }

    /// What awaits a role; nil for a role that no stage awaits.
    private func waiting(for role: Role, _ person: Person, _ visit: Visit) async throws -> [Matter]? {
        var filter = MatterFilter()
        filter.limit = 0
        filter.order = .oldestFirst
        switch role {
        case .secretariat: filter.stages = [.toRegister, .toSubmit, .toReturn, .toAssign]
        case .executive: filter.stages = [.toDecide]
        case .officer:
            filter.stages = [.toPrepare, .ready, .inService]
            filter.officer = person.id
        case .network: filter.stages = [.toPrepare, .ready, .inService]
        case .requester, .administrator, .sanyan: return nil
        }
        let soon = now() + .days(1)
        return try await matters(filter, for: visit).filter { matter in
            switch role {
            case .network: matter.networkNotice != nil && matter.networkAcknowledgedAt == nil
            // What is ready waits for its hour; it comes to the desk the day before.
            case .officer: matter.stage != .ready || matter.letter.span.start <= soon
            default: true
            }
        }
    }

    private func section(
        _ role: Role, _ waiting: [Matter], _ reckoner: Reckoner, _ phrases: Phrases
    ) -> DeskPage.Section {
        let shown = 50
        let now = now()
        let rows = reckoner.byUrgency(waiting).prefix(shown).map { matter, deadline in
            MatterRow(
                matter, phrases, deadline: deadline, at: now,
                act: role == .network ? network(matter, phrases) : first(matter, phrases))
        }
        return DeskPage.Section(
            id: role.rawValue, title: phrases.role(role), rows: rows,
            peace: rows.isEmpty ? phrases.words("desk.peace") : nil,
            more: waiting.count > shown ? phrases.words("desk.more", waiting.count - shown) : nil)
    }

    private func network(_ matter: Matter, _ phrases: Phrases) -> ActRow {
        ActRow(
            label: phrases.act(.acknowledgeNetwork), path: actPath(.acknowledgeNetwork, on: matter.id), look: "")
    }

    /// The one button of a row: the act that the stage waits for.
    private func first(_ matter: Matter, _ phrases: Phrases) -> ActRow? {
        awaitedAct(at: matter.stage).map {
            ActRow(
                label: phrases.words("desk.act.\(matter.stage.rawValue)"), path: actPath($0, on: matter.id), look: "")
        }
    }

    /// Occasions from a day on, for a week. An officer sees their own, everybody else the office's.
    private func occasions(of person: Person, from day: Day, _ visit: Visit) async throws -> [Matter] {
        var filter = MatterFilter()
        filter.during = Span(start: day.start, end: day.adding(days: 7).start)
        filter.stages = [.toDecide, .toAssign, .toPrepare, .ready, .inService, .toEvaluate, .closed]
        filter.order = .occasion
        if person.roles == [.officer] { filter.officer = person.id }
        return try await matters(filter, for: visit)
    }

    private func occasion(
        _ matter: Matter, _ names: Names, _ phrases: Phrases, saysDay: Bool
    ) -> DeskPage.OccasionRow {
        let span = matter.letter.span
        let hours = phrases.words("desk.hours", TimeOfDay(of: span.start), TimeOfDay(of: span.end))
        let chip = ChipRow(matter.stage, phrases)
        return DeskPage.OccasionRow(
            path: "/matters/\(matter.id)", tone: chip.tone,
            time: saysDay ? "\(phrases.date(span.start)) \(hours)" : hours, title: matter.letter.title,
            place: matter.letter.place,
            people: matter.assignment?.officers.map { names.person($0) }.joined(separator: ", ")
                ?? phrases.words("desk.nobody_yet"),
            chip: chip)
    }

    private func counts(_ phrases: Phrases) async throws -> [DeskPage.CountRow] {
        let counts = try await cabinet.counts()
        return Stage.allCases.filter { !$0.isFinal && $0 != .letterAwaited }.compactMap { stage in
            guard let count = counts[stage], count > 0 else { return nil }
            return DeskPage.CountRow(
                path: "/matters?stage=\(stage.rawValue)", count: String(count), name: phrases.stage(stage))
        }
    }
}

extension Day {
    /// From midnight to midnight.
    var span: Span { Span(start: start, end: adding(days: 1).start) }
}

/// The act that a stage waits for, and whose page its primary button opens.
func awaitedAct(at stage: Stage) -> Act.Name? {
    switch stage {
    case .toRegister: .register
    case .toComplete: .complete
    case .toSubmit: .submit
    case .toDecide: .approve
    case .toReturn: .sendBack
    case .toAssign: .assign
    case .toPrepare: .tick
    case .ready: .open
    case .inService: .end
    case .letterAwaited, .toEvaluate, .closed, .returned, .withdrawn, .voided: nil
    }
}

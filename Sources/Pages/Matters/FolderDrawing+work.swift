// SPDX-License-Identifier: Apache-2.0

import Desk

/// What was done for the occasion, and what was told to whom.
extension FolderDrawing {
    private var words: Words { phrases.words }

    var assignmentPairs: [PairRow] {
        guard let assignment = matter.assignment else { return calendars }
        let held = assignment.held(around: matter.letter.span)
        var pairs = assignment.officers.enumerated().map { index, officer in
            PairRow(
                index == 0 ? words("matter.in_charge") : words("matter.officer"), names.person(officer))
        }
        pairs += assignment.rooms.map { PairRow(words("matter.room"), names.room($0)) }
        pairs.append(
            PairRow(
                words("matter.held"),
                words(
                    "matter.held_span", phrases.span(held), assignment.setUpMinutes, assignment.tearDownMinutes)))
        return pairs + calendars
    }

    var preparationPairs: [PairRow] {
        guard !matter.checklist.isEmpty else { return [] }
        let open = matter.openChecks
        let count = matter.checklist.count
        var pairs = [PairRow(words("matter.checked"), words("matter.checked_of", count - open.count, count))]
        if !open.isEmpty {
            pairs.append(PairRow(words("matter.unchecked"), open.map(phrases.check).joined(separator: " · ")))
        }
        if matter.isOverridden { pairs.append(PairRow(words("matter.overridden"), words("matter.overridden.yes"))) }
        return pairs
    }

    var networkPairs: [PairRow] {
        guard let notice = matter.networkNotice else { return [] }
        let seen = matter.networkAcknowledgedAt.map(phrases.moment) ?? words("matter.unacknowledged")
        return [
            PairRow(words("matter.traffic"), "\(notice.megabitsPerSecond) Mbit/s"),
            PairRow(words("matter.acknowledged"), seen),
        ]
    }

    var outcomePairs: [PairRow] {
        var pairs: [PairRow] = []
        if let opened = matter.openedAt { pairs.append(PairRow(words("matter.opened"), phrases.moment(opened))) }
        if let ended = matter.endedAt { pairs.append(PairRow(words("matter.ended"), phrases.moment(ended))) }
        if let audience = matter.audience {
            pairs.append(PairRow(words("matter.audience"), words("matter.people", audience)))
        }
        if let answers = matter.evaluation {
            pairs.append(
                PairRow(
                    words("matter.evaluation"),
                    words("matter.scores", answers.overall, answers.signal, answers.staff)))
            if !matter.evaluationNote.isEmpty {
                pairs.append(PairRow(words("matter.evaluation_note"), matter.evaluationNote))
            }
        }
        return pairs
    }

    var incidents: [EntryRow] {
        matter.incidents.map {
            EntryRow(
                phrases.severity($0.severity), when: phrases.moment($0.at), iso: $0.at.iso, who: names.person($0.by),
                note: $0.note)
        }
    }

    /// Notices that came, then errands that wait or were dropped, by when they were due.
    var noticeLines: [MatterPage.NoticeLine] {
        let came = notices.map { notice in
            (
                notice.due,
                MatterPage.NoticeLine(
                    person: names.person(notice.person), kind: phrases.kind(notice.kind),
                    due: phrases.moment(notice.due),
                    carried: phrases.moment(notice.at), seen: notice.acknowledgedAt.map(phrases.moment) ?? "–",
                    chip: notice.isLate
                        ? ChipRow(.overdue, words("matter.notice.late"))
                        : notice.acknowledgedAt == nil
                            ? ChipRow(.waiting, words("matter.notice.sent"))
                            : ChipRow(.done, words("matter.notice.seen")))
            )
        }
        let others = errands.compactMap { record -> (Moment, MatterPage.NoticeLine)? in
            let chip: ChipRow
            switch record.fate {
            case nil: chip = ChipRow(.due, words("matter.notice.waiting"))
            case .dropped(_, let why): chip = ChipRow(.returned, words("matter.notice.\(why.rawValue)"))
            case .carried: return nil
            }
            return (
                record.errand.due,
                MatterPage.NoticeLine(
                    person: addressee(record.errand.to), kind: phrases.kind(record.errand.kind),
                    due: phrases.moment(record.errand.due), carried: "–", seen: "–", chip: chip)
            )
        }
        return (came + others).sorted { $0.0 < $1.0 }.map(\.1)
    }

    var deliveryLines: [DeliveryLine] {
        let kinds = Dictionary(notices.map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
        let drawing = DeliveryDrawing(names: names, phrases: phrases)
        return deliveries.map { delivery in
            var kind: Errand.Kind?
            if case .notice(let notice) = delivery.freight { kind = kinds[notice] }
            return drawing.line(delivery, kind: kind)
        }
    }

    private func addressee(_ to: Errand.Addressee) -> String {
        switch to {
        case .person(let id): names.person(id)
        case .role(let role): phrases.role(role)
        case .sanyan: phrases.role(.sanyan)
        }
    }

}

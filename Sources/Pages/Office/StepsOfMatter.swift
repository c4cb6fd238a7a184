// SPDX-License-Identifier: Apache-2.0

import Desk

/// The rows of the published procedure on the way of one matter: what is done, where the folder is, what lies ahead.
///
/// A matter that ended before its time shows what was done and how it ended, and nothing ahead.
func procedureSteps(of matter: Matter, _ phrases: Phrases) -> [StepRow] {
    let words = phrases.words
    var rows: [StepRow] = []
    for row in procedure {
        let done = moment(of: row.step, in: matter)
        let isHere = here(matter).contains(row.step) && (row.step != .networkNotice || done == nil)
        let place: StepRow.Place = isHere ? .here : done == nil ? .ahead : .done
        if place == .ahead, matter.stage.isFinal || matter.stage == .toReturn { continue }
        let said: String? =
            switch place {
            case .done: done.map(phrases.moment)
            case .here: words("steps.awaited", phrases.awaited(matter.stage))
            case .ahead: nil
            }
        rows.append(
            StepRow(
                row: Int(row.label) == nil ? "•" : row.label, place, name: words("steps.\(row.step.rawValue)"),
                placeWord: words("steps.place.\(place.rawValue)"), said: said))
    }
    if let end = ending(of: matter, phrases) { rows.append(end) }
    return rows
}

/// The row after the last one that was done, when the matter left the published way.
private func ending(of matter: Matter, _ phrases: Phrases) -> StepRow? {
    let words = phrases.words
    switch matter.stage {
    case .toReturn:
        return StepRow(
            row: "↩", .here, name: phrases.step(.sendBack), placeWord: words("steps.place.here"),
            said: words("steps.awaited", phrases.awaited(.toReturn)))
    case .returned, .withdrawn, .voided:
        return StepRow(
            row: "↩", .done, name: phrases.stage(matter.stage), placeWord: words("steps.place.done"),
            said: matter.stageSince.map(phrases.moment))
    default: return nil
    }
}

/// The steps that are under way.
private func here(_ matter: Matter) -> Set<Step> {
    switch matter.stage {
    case .toComplete: [.registration]
    case .toPrepare: [.preparation, .networkNotice]
    case .ready, .inService: [.service]
    case .toEvaluate: [.report]
    case .toReturn: []
    default: matter.stage.step.map { [$0] } ?? []
    }
}

/// When a step was done, by the folder; nil while it is not.
private func moment(of step: Step, in matter: Matter) -> Moment? {
    func last(_ isIt: (Fact) -> Bool) -> Moment? { matter.folder.last { isIt($0.fact) }?.at }
    switch step {
    case .letter: return matter.receivedAt
    case .registration: return matter.incoming == nil ? nil : last { if case .registered = $0 { true } else { false } }
    case .submission:
        return matter.stage == .toSubmit ? nil : last { if case .submitted = $0 { true } else { false } }
    case .decision: return matter.decision?.at
    case .calendar: return matter.assignment == nil ? nil : last { if case .assigned = $0 { true } else { false } }
    case .preparation:
        guard [.ready, .inService, .toEvaluate, .closed].contains(matter.stage) else { return nil }
        return matter.folder.first { entry in
            matter.folder.last { $0.stage == .toPrepare }.map { entry.number > $0.number } ?? false
        }?.at
    case .networkNotice:
        return matter.networkNotice == nil ? nil : last { if case .networkNotified = $0 { true } else { false } }
    case .phoneNotice: return matter.openedAt
    case .service: return matter.endedAt
    case .report:
        return matter.stage == .closed ? matter.folder.last?.at : nil
    case .sendBack, .evaluation: return nil
    }
}

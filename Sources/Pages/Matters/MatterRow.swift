// SPDX-License-Identifier: Apache-2.0

import Desk

/// The word for the page on which an act is done, `matter.go.<word>`; nil for an act that has no page for the office.
func actNoun(_ act: Act.Name) -> String? {
    switch act {
    case .register, .returnForCompletion: "registration"
    case .submit: "submission"
    case .approve, .decline: "decision"
    case .sendBack: "return"
    case .assign: "assignment"
    case .tick, .untick, .notifyNetwork, .override: "preparation"
    case .acknowledgeNetwork: "watch"
    case .link, .open, .logIncident, .end: "service"
    case .amend: "amendment"
    case .withdraw: "withdrawal"
    case .void: "void"
    case .complete: "completion"
    // Whoever evaluates holds the requester's link; the studio tells by itself.
    case .receive, .evaluate, .lapse, .air, .meet: nil
    }
}

/// Where the page of an act is, mostly below a matter's own. One place, so that a button and a route never part.
func actPath(_ act: Act.Name, on id: Matter.ID) -> String {
    switch actNoun(act) {
    case nil: "/matters/\(id)"
    case "watch": "/watch"
    // A registered letter is put before the executives from the page on which it was registered.
    case "submission": "/matters/\(id)/registration"
    case let noun?: "/matters/\(id)/\(noun)"
    }
}

/// A button that leads to an act's page.
struct ActRow: Sendable, Hashable {
    let label: String
    let path: String
    /// `quiet` beside the one primary act of a page; `danger` for what cannot be taken back; empty for the primary one.
    let look: String
}

/// One matter in a list: on the desk, among search results, in a calendar's day.
struct MatterRow: Sendable {
    let path: String
    /// `เลขรับ 128/2569`, or that it has none yet.
    let number: String
    let title: String
    let unit: String
    let when: String
    let chip: ChipRow
    let urgency: ChipRow?
    let service: String
    let limit: LimitRow?
    let act: ActRow?

    init(
        _ matter: Matter, _ phrases: Phrases, deadline: Deadline?, at now: Moment, act: ActRow? = nil
    ) {
        path = "/matters/\(matter.id)"
        number = phrases.number(matter)
        title = matter.letter.title
        unit = matter.letter.unit
        when = phrases.span(matter.letter.span)
        chip = ChipRow(matter.stage, phrases)
        urgency = ChipRow(matter.classification?.urgency, phrases)
        service = phrases.service(matter.service)
        limit = deadline.map { LimitRow($0, at: now, phrases) }
        self.act = act
    }
}

extension Phrases {
    /// `เลขรับ 128/2569`; a letter that is not registered yet says so.
    func number(_ matter: Matter) -> String {
        matter.incoming.map { words("matter.incoming", $0) } ?? words("matter.unnumbered")
    }
}

extension Reckoner {
    /// Matters by what presses most: the earliest limit first, those without one last, then by the occasion.
    func byUrgency(_ matters: [Matter]) -> [(matter: Matter, deadline: Deadline?)] {
        matters.map { ($0, deadline(of: $0)) }.sorted { left, right in
            let never = Moment(milliseconds: .max)
            let (first, second) = (left.1?.due ?? never, right.1?.due ?? never)
            return first == second ? left.0.letter.span.start < right.0.letter.span.start : first < second
        }
    }
}

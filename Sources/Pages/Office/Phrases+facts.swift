// SPDX-License-Identifier: Apache-2.0

import Desk

extension Phrases {
    /// What happened, as the folder tells it: `ลงทะเบียนรับ เลขรับ 128/2569`.
    func fact(_ fact: Fact, of matter: Matter, names: Names) -> String {
        switch fact {
        case .received(_, _, let via, _): words("fact.received.\(via.rawValue)")
        case .registered(let number, _, _): words("fact.registered", number)
        case .returnedForCompletion(let number, let missing):
            words(
                "fact.returnedForCompletion", number,
                PaperCheck.allCases.filter(missing.contains).map(paper).joined(separator: ", "))
        case .completed(let revision, _): words("fact.completed", revision)
        case .submitted: words("fact.submitted")
        case .approved: words("fact.approved")
        case .declined(let reason): words("fact.declined", declineReason(reason))
        case .sentBack(let number): words("fact.sentBack", number)
        case .assigned(let how, _):
            words(
                "fact.assigned",
                (how.officers.map { names.person($0) } + how.rooms.map(names.room)).joined(separator: ", "))
        case .ticked(let id, _): words("fact.ticked", check(named: id, of: matter))
        case .unticked(let id): words("fact.unticked", check(named: id, of: matter))
        case .networkNotified(let notice): words("fact.networkNotified", notice.megabitsPerSecond)
        case .networkAcknowledged: words("fact.networkAcknowledged")
        case .linked: words("fact.linked")
        case .overridden: words("fact.overridden")
        case .opened: words("fact.opened")
        case .incidentLogged(let severity): words("fact.incidentLogged", self.severity(severity))
        case .ended(let summary):
            summary.audience.map { words("fact.ended.audience", $0) } ?? words("fact.ended")
        case .evaluated(let answers): words("fact.evaluated", oneDecimal(answers.mean))
        case .lapsed: words("fact.lapsed")
        case .amended(let revision, let stands):
            stands ? words("fact.amended.stands", revision) : words("fact.amended.again", revision)
        case .withdrawn: words("fact.withdrawn")
        case .voided(let number): words("fact.voided", number)
        case .met(let figures):
            words("fact.met", time(figures.opened), time(figures.ended), figures.people, figures.peak)
        case .aired(let figures):
            words("fact.aired", time(figures.opened), time(figures.ended), figures.peak, figures.average)
        }
    }

    /// The folder as a timeline, newest first; notes and reasons for a delay stand under their entry.
    func timeline(_ matter: Matter, names: Names) -> [EntryRow] {
        matter.folder.reversed().map { entry in
            let late = entry.lateReason.isEmpty ? nil : words("fact.late_reason", entry.lateReason)
            let notes = [entry.note.isEmpty ? nil : entry.note, late].compactMap(\.self)
            let who = entry.person.map { "\(names.person($0)) · \(role(entry.role))" } ?? role(entry.role)
            return EntryRow(
                fact(entry.fact, of: matter, names: names), when: moment(entry.at), iso: entry.at.iso, who: who,
                note: notes.isEmpty ? nil : notes.joined(separator: "\n"))
        }
    }

    /// `4.3`
    func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func check(named id: Check.ID, of matter: Matter) -> String {
        let kept = matter.folder.reversed().lazy.compactMap { entry -> Check? in
            guard case .assigned(_, let checks) = entry.fact else { return nil }
            return checks.first { $0.id == id }
        }.first
        return kept.map(check) ?? id
    }
}

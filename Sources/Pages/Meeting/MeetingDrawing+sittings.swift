// SPDX-License-Identifier: Apache-2.0

import Desk
import Studio

/// What a meeting came to, for those who may read who was there.
extension MeetingDrawing {
    var sittings: MeetingPage.SittingsBox {
        let mayRead = !scene.roles.isDisjoint(with: [.officer, .secretariat, .executive])
        guard mayRead, !scene.sittings.isEmpty else { return .init(minutesPath: nil, rows: []) }
        return .init(minutesPath: "/matters/\(scene.matter.id)/minutes.pdf", rows: scene.sittings.map(row))
    }

    private func row(_ sitting: Sitting) -> MeetingPage.SittingRow {
        let figures = MeetFigures(of: sitting)
        return .init(
            title: phrases.span(figures.span), pairs: phrases.figures(figures),
            people: sitting.attendance.enumerated().map { index, person in
                .init(
                    name: person.name.isEmpty ? words("meet.person", index + 1) : person.name,
                    role: words("meet.role.\(person.role.rawValue)"),
                    stays: person.stays.map { "\(TimeOfDay(of: $0.start))–\(TimeOfDay(of: $0.end))" }
                        .joined(separator: ", "),
                    minutes: grouped(person.minutes),
                    line: words(
                        "meet.line", phrases.hundredths(person.lossBasisPoints), person.roundTripMilliseconds,
                        person.interruptions),
                    isIdentified: person.isIdentified,
                    agreed: person.consented == true
                        ? person.consentedAt.map { words("meet.agreed", TimeOfDay(of: $0).description) } : nil)
            }, votes: sitting.votes.map(vote), forgotten: sitting.isForgotten ? words("meet.forgotten") : nil)
    }

    private func vote(_ vote: Sitting.Vote) -> MeetingPage.VoteRow {
        var parts = [
            words("meet.vote.\(vote.isFormal ? vote.isSecret ? "secret" : "open" : "poll")"),
            vote.choices.map { "\($0.text) \($0.count)" }.joined(separator: ", "),
        ]
        if let quorum = vote.quorum {
            let key = vote.hasQuorum == true ? "meet.vote.quorum" : "meet.vote.noQuorum"
            parts.append(words("\(key)", vote.present, quorum))
        }
        return .init(question: vote.question, said: parts.joined(separator: " · "))
    }
}

extension Phrases {
    /// What a sitting came to, a line each.
    func figures(_ figures: MeetFigures) -> [PairRow] {
        var pairs = [
            PairRow(words("meet.figures.span"), span(figures.span)),
            PairRow(words("meet.figures.people"), words("matter.people", grouped(figures.people))),
            PairRow(words("meet.figures.peak"), words("matter.people", grouped(figures.peak))),
            PairRow(words("meet.figures.personMinutes"), grouped(figures.personMinutes)),
            PairRow(words("meet.figures.interruptions"), grouped(figures.interruptions)),
            PairRow(words("meet.figures.loss"), hundredths(figures.lossBasisPoints) + "%"),
            PairRow(words("meet.figures.votes"), grouped(figures.votes)),
            PairRow(words("air.figures.incidents"), grouped(figures.incidents)),
        ]
        if figures.identified > 0 {
            pairs.insert(
                PairRow(words("meet.figures.identified"), words("matter.people", grouped(figures.identified))), at: 2)
        }
        return pairs
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// GET /decisions
    func showDecisions(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.executive, visit: visit)
        let phrases = phrases(visit)
        let words = phrases.words
        var filter = MatterFilter()
        filter.stages = [.toDecide]
        filter.order = .oldestFirst
        filter.limit = 0
        let waiting = try await cabinet.matters(filter)
        let reckoner = try await reckoner()
        let names = try await names()
        let shown = 20
        var cards: [DecisionCard] = []
        for (matter, deadline) in reckoner.byUrgency(waiting).prefix(shown) {
            cards.append(
                try await card(
                    matter, deadline, reckoner.office, names, phrases))
        }
        let page = DecisionsPage(
            frame: paper.frame(
                visit, title: words("decisions.title"), lead: words("decisions.lead", waiting.count)),
            done: try await decidedNotice(request, phrases), cards: cards,
            peace: waiting.isEmpty ? words("decisions.peace") : nil,
            more: waiting.count > shown ? words("decisions.more", waiting.count - shown) : nil)
        return paper.show(page, to: visit)
    }

    /// What the last press has done, by the folder it names: what the notice says is read from the folder.
    private func decidedNotice(_ request: Request, _ phrases: Phrases) async throws -> NoticeRow? {
        guard request.uri.queryParameters["done"] != nil,
            let id = request.uri.queryParameters["last"].flatMap({ Matter.ID(String($0)) }),
            let matter = try await cabinet.matter(id), let decision = matter.decision
        else { return nil }
        return decision.isApproval
            ? NoticeRow(.good, phrases.words("decisions.approved", matter.letter.title))
            : NoticeRow(.plain, phrases.words("decisions.declined", matter.letter.title))
    }

    /// GET /matters/:id/decision. Opening it decides nothing; only its buttons do.
    func showDecision(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.executive, visit: visit)
        return try await decisionAnswer(try await matter(visit), visit)
    }

    /// The folder's own page, as it is now.
    ///
    /// - Parameters:
    ///   - refusal: what came of a press, said above everything else.
    ///   - typed: what the person had typed, kept.
    func decisionAnswer(
        _ matter: Matter, _ visit: Visit, refusal: (any Spoken)? = nil, typed: DecisionCard.Typed = .init()
    ) async throws -> Response {
        let phrases = phrases(visit)
        let words = phrases.words
        let reckoner = try await reckoner()
        let names = try await names()
        let isOpen = matter.stage == .toDecide
        let card =
            isOpen
            ? try await self.card(
                matter, reckoner.deadline(of: matter), reckoner.office, names, phrases,
                typed: typed) : nil
        let errors = refusal.flatMap { refusal in
            let text = "\(refusal.sentence(words)) \(refusal.remedy(words))"
            return ErrorSummary(lines: [ErrorRow(field: isOpen ? "m\(matter.id)" : "decided", text: text)])
        }
        let page = DecisionPage(
            frame: frame(visit, words("decision.title"), lead: matter.letter.title), errors: isOpen ? errors : nil,
            told: isOpen ? nil : told(matter, names, phrases), decision: decisionPairs(matter, names, phrases),
            card: card, folder: "/matters/\(matter.id)")
        return paper.show(page, to: visit, status: refusal?.status ?? .ok)
    }

    /// Who decided what and when; or where the folder is, when nobody has decided.
    private func told(_ matter: Matter, _ names: Names, _ phrases: Phrases) -> String {
        guard let decision = matter.decision else {
            return phrases.words("decision.told_elsewhere", phrases.stage(matter.stage))
        }
        let (who, when) = (names.person(decision.by), phrases.moment(decision.at))
        return decision.isApproval
            ? phrases.words("decision.told_approved", who, when) : phrases.words("decision.told_declined", who, when)
    }

    private func card(
        _ matter: Matter, _ deadline: Deadline?, _ office: Office, _ names: Names, _ phrases: Phrases,
        typed: DecisionCard.Typed = .init()
    ) async throws -> DecisionCard {
        DecisionCard(
            matter, phrases, deadline: deadline, at: now(), documents: try await cabinet.documents(matter.documents),
            circumstances: try await circumstances(of: matter, office: office, names: names, phrases),
            once: onceMark(), typed: typed)
    }
}

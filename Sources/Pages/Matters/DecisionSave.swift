// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// POST /matters/:id/decision. What cannot be done shows the folder's own page with everything typed kept.
    func saveDecision(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.executive, visit: visit)
        let form = try await Form.read(request)
        let matter = try await matter(visit)
        var typed = DecisionCard.Typed(
            reason: form.text("reason"), note: form.text("note"), lateReason: form.text("late_reason"))
        do {
            let act = try decisionAct(form)
            let after = try await perform(act, on: matter.id, form: form, visit: visit)
            let done = after.decision?.isApproval == true ? "approved" : "declined"
            return .seeOther("/decisions?done=\(done)&last=\(matter.id)#next")
        } catch let refusal as any Spoken {
            // Read again: another executive may have been faster, and the page then tells who decided what.
            let fresh = try await self.matter(visit)
            if form.text("decision") == "decline" { typed.error = refusal.sentence(words(visit)) }
            return try await decisionAnswer(fresh, visit, refusal: refusal, typed: typed)
        }
    }

    private func decisionAct(_ form: Form) throws -> Act {
        switch form.text("decision") {
        case "approve": return .approve(note: form.text("note"))
        case "decline":
            guard let reason = DeclineReason(rawValue: form.text("reason")) else {
                throw Sentence("decision.reason_wanted", status: .unprocessableContent)
            }
            return .decline(reason, note: form.text("note"))
        default: throw Sentence("decision.unclear", status: .unprocessableContent)
        }
    }
}

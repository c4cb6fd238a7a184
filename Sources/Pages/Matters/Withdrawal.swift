// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// GET /matters/:id/withdrawal
    func showWithdrawal(_ request: Request, _ visit: Visit) async throws -> Response {
        withdrawalAnswer(try await openMatter(for: .withdraw, visit), reason: "", visit)
    }

    /// POST /matters/:id/withdrawal
    func saveWithdrawal(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let form = try await Form.read(request)
        let matter = try await matter(visit)
        do {
            _ = try await perform(.withdraw(reason: form.text("reason")), on: matter.id, form: form, visit: visit)
            return .seeOther("/matters/\(matter.id)?done=withdrawn")
        } catch let refusal as Refusal {
            return withdrawalAnswer(
                try await self.matter(visit), reason: form.text("reason"), visit, refusal: refusal)
        }
    }

    private func withdrawalAnswer(_ matter: Matter, reason: String, _ visit: Visit, refusal: Refusal? = nil) -> Response
    {
        let page = WithdrawalPage(
            frame: frame(visit, words(visit)("withdrawal.title"), lead: matter.letter.title), matter: matter,
            reason: reason, once: onceMark(), phrases: phrases(visit), refusal: refusal)
        return paper.show(page, to: visit, status: refusal?.status ?? .ok)
    }
}

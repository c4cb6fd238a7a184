// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// GET /matters/:id/completion
    func showCompletion(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await openMatter(for: .complete, visit)
        let letter = LetterForm(matter.letter, contact: try await cabinet.contact(of: matter.id), words: words(visit))
        return paper.show(completionPage(matter, letter, visit), to: visit)
    }

    /// POST /matters/:id/completion: the corrected letter, with the files that came with it.
    func saveCompletion(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try require(.secretariat, visit: visit)
        let matter = try await matter(visit)
        guard
            let returned = try await complete(
                matter, from: request, by: Hand(person), asksContact: true, visit)
        else { return .seeOther("/matters/\(matter.id)?done=completion_taken") }
        let page = completionPage(try await self.matter(visit), returned.letter, visit, returned: returned)
        return paper.show(page, to: visit, status: returned.status)
    }

    private func completionPage(
        _ matter: Matter, _ letter: LetterForm, _ visit: Visit, returned: ReturnedCompletion? = nil
    ) -> CompletionPage {
        CompletionPage(
            frame: frame(
                visit, words(visit)("completion.title"), lead: matter.letter.title, scripts: ["enhance.js"]),
            matter: matter, letter: letter, kept: returned?.kept ?? [], once: returned?.once ?? onceMark(),
            refusal: returned?.refusal)
    }
}

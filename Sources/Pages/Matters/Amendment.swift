// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

extension Counter {
    /// GET /matters/:id/amendment
    func showAmendment(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await openMatter(for: .amend, visit)
        let letter = LetterForm(matter.letter, contact: try await cabinet.contact(of: matter.id), words: words(visit))
        return try await amendmentAnswer(matter, letter, reason: "", looks: false, visit)
    }

    /// POST /matters/:id/amendment; with `look` it says what would change, and changes nothing.
    func saveAmendment(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let form = try await Form.read(request)
        let matter = try await matter(visit)
        let letter = LetterForm(form, words: words(visit), at: now())
        let reason = form.text("reason")
        guard letter.faults.isEmpty else {
            return try await amendmentAnswer(
                matter, letter, reason: reason, looks: false, visit, status: .unprocessableContent)
        }
        if form.isOn("look") { return try await amendmentAnswer(matter, letter, reason: reason, looks: true, visit) }
        do {
            if letter.letter == matter.letter, try await cabinet.contact(of: matter.id) != letter.contact {
                try await cabinet.correctContact(of: matter.id, to: letter.contact, by: try hand(visit), at: now())
                return .seeOther("/matters/\(matter.id)?done=contact_corrected")
            }
            _ = try await perform(
                .amend(letter.letter, reason: reason), on: matter.id, form: form, visit: visit, contact: letter.contact)
            return .seeOther("/matters/\(matter.id)?done=amended")
        } catch let refusal as Refusal {
            return try await amendmentAnswer(
                try await self.matter(visit), letter, reason: reason, looks: false, visit, refusal: refusal)
        }
    }

    private func amendmentAnswer(
        _ matter: Matter, _ letter: LetterForm, reason: String, looks: Bool, _ visit: Visit,
        refusal: Refusal? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let page = AmendmentPage(
            frame: frame(visit, words(visit)("amendment.title"), lead: matter.letter.title, scripts: ["enhance.js"]),
            matter: matter, contact: try await cabinet.contact(of: matter.id), letter: letter, reason: reason,
            once: onceMark(), looks: looks, refusal: refusal)
        return paper.show(page, to: visit, status: refusal?.status ?? status)
    }

    /// The matter of the address, where the secretariat may do an act to it now; refused otherwise, as the core would.
    func openMatter(for act: Act.Name, _ visit: Visit) async throws -> Matter {
        let person = try require(.secretariat, visit: visit)
        let matter = try await matter(visit)
        guard offers(matter, to: person.roles).contains(act) else { throw Refusal.notNow(act, stage: matter.stage) }
        return matter
    }
}

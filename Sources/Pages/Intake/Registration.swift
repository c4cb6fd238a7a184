// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

extension Counter {
    func showRegistration(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        return try await registrationPage(try await matter(visit), visit)
    }

    /// Registers the letter, or returns it for completion: one form, two buttons.
    func register(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let matter = try await matter(visit)
        let form = try await Form.read(request)
        let isReturn = form.text("act") == "return"
        do {
            _ = try await perform(
                isReturn ? returning(form) : registering(form, matter), on: matter.id, form: form, visit: visit)
            return .seeOther(
                "/matters/\(matter.id)/registration?done=\(isReturn ? "returned_incomplete" : "registered")")
        } catch let refusal as Refusal {
            return try await registrationPage(try await self.matter(visit), visit, typed: form, refusal: refusal)
        }
    }

    /// Puts the folder before the executives (เสนอแฟ้ม).
    func submit(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let matter = try await matter(visit)
        let form = try await Form.read(request)
        do {
            _ = try await perform(.submit, on: matter.id, form: form, visit: visit)
            return .seeOther("/matters/\(matter.id)?done=submitted")
        } catch let refusal as Refusal {
            return try await registrationPage(try await self.matter(visit), visit, typed: form, refusal: refusal)
        }
    }

    private func registering(_ form: Form, _ matter: Matter) -> Act {
        let letter = matter.letter
        let how = Classification(
            origin: Letter.Origin(rawValue: form.text("origin")) ?? letter.origin,
            service: Service(rawValue: form.text("service")) ?? letter.service,
            urgency: Urgency(rawValue: form.text("urgency")) ?? .normal,
            secrecy: Secrecy(rawValue: form.text("secrecy")) ?? .open)
        return .register(how, papers: ticked(form))
    }

    private func returning(_ form: Form) -> Act {
        .returnForCompletion(missing: Set(PaperCheck.allCases).subtracting(ticked(form)), note: form.text("note"))
    }

    private func ticked(_ form: Form) -> Set<PaperCheck> {
        Set(form.texts("papers").compactMap(PaperCheck.init(rawValue:)))
    }

    private func registrationPage(
        _ matter: Matter, _ visit: Visit, typed: Form? = nil, refusal: Refusal? = nil
    ) async throws -> Response {
        let words = words(visit)
        var scene = RegistrationScene(matter, reckoner: try await reckoner(), at: now())
        scene.contact = try await cabinet.contact(of: matter.id)
        scene.documents = try await cabinet.documents(matter.documents)
        scene.typed = typed
        scene.refusal = refusal
        // A refused form keeps its mark: had the first try gone through after all, the second changes nothing.
        scene.once = typed?.once ?? onceMark()
        var filter = MatterFilter()
        filter.stages = [.toRegister]
        filter.order = .oldestFirst
        filter.limit = 2
        scene.following = try await cabinet.matters(filter).first { $0.id != matter.id }
        let page = RegistrationPage(
            frame: frame(visit, words("registration.title"), lead: matter.letter.title, scripts: ["enhance.js"]),
            scene: scene, words: words)
        return paper.show(page, to: visit, status: refusal?.status ?? .ok)
    }
}

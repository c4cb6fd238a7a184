// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Studio

extension Counter {
    /// GET /matters/:id/service
    func showService(_ visit: Visit) async throws -> Response {
        try require(.officer, .network, .secretariat, .executive, visit: visit)
        let matter = try await matter(visit)
        return try await service(of: matter.id, visit)
    }

    /// POST /matters/:id/opening: the occasion is on. Whoever presses second is told that it is on already.
    func openOccasion(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let matter = try await matter(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: "opening", focus: "run", visit) { returned in
            try await service(of: matter.id, visit, returned)
        } work: {
            _ = try await perform(.open, on: matter.id, form: form, visit: visit, ignoresAge: true)
            return said("occasion_opened", on: servicePath(matter.id))
        }
    }

    /// POST /matters/:id/ending. An incident that somebody logged meanwhile takes nothing away from the end.
    func endOccasion(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let matter = try await matter(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: "ending", focus: "audience", visit) { returned in
            try await service(of: matter.id, visit, returned)
        } work: {
            let typed = ThaiDate.arabicDigits(form.text("audience")).filter { $0 != "," && $0 != " " }
            guard typed.isEmpty || Int(typed) != nil else { throw Refusal.audienceOutOfRange }
            let act = Act.end(Summary(audience: Int(typed)), note: form.text("summary"))
            _ = try await perform(act, on: matter.id, form: form, visit: visit, ignoresAge: true)
            return said("occasion_ended", on: servicePath(matter.id))
        }
    }

    /// GET /matters/:id/evaluation-qr
    func showEvaluationQR(_ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, visit: visit)
        let matter = try await matter(visit)
        let words = words(visit)
        guard matter.openedAt != nil else { throw Refusal.notNow(.evaluate, stage: matter.stage) }
        let address = try await evaluationAddress(matter)
        let page = EvaluationQRPage(
            frame: frame(visit, words("evaluationqr.title"), lead: matter.letter.title),
            qr: Markup(parts.papers.qrCode(address)), address: address, servicePath: servicePath(matter.id),
            notYet: matter.stage == .inService ? words("evaluationqr.notYet") : nil)
        return paper.show(page, to: visit)
    }

    /// The most who watched or met at once, as the studio counted.
    private func countedPeak(of matter: Matter, _ visit: Visit) async throws -> Int {
        guard matter.stage == .inService else { return 0 }
        let watched = try await airing(of: matter, visit)?.sight.state?.peak ?? 0
        let met = try await liveMeeting(of: matter)?.sight.state?.peak ?? 0
        return max(matter.peakAudience, matter.attendance, watched, met)
    }

    func servicePath(_ id: Matter.ID) -> String { "/matters/\(id)/service" }

    private func evaluationAddress(_ matter: Matter) async throws -> String {
        let office = try await cabinet.office()
        return "\(office.address)/evaluate/\(evaluationToken(matter, office: office))"
    }

    /// The run sheet, also with a form on it that was not accepted.
    func service(of id: Matter.ID, _ visit: Visit, _ returned: ReturnedForm? = nil) async throws -> Response {
        guard let matter = try await cabinet.matter(id) else { throw Refusal.noSuchMatter }
        var evaluation: ServicePage.EvaluationBox?
        if matter.stage == .toEvaluate {
            let address = try await evaluationAddress(matter)
            evaluation = .init(
                address: address, qr: Markup(parts.papers.qrCode(address)), path: "/matters/\(id)/evaluation-qr")
        }
        let drawing = ServiceDrawing(
            matter: matter, offers: offers(matter, to: try person(visit).roles), names: try await names(),
            phrases: phrases(visit), now: now(), once: onceMark(), evaluation: evaluation,
            air: try await airLine(of: matter, visit), peak: try await countedPeak(of: matter, visit),
            returned: returned)
        let page = drawing.page(
            frame(
                visit, words(visit)("run.title"), lead: matter.letter.title,
                scripts: ["enhance.js", "clock.js", "inbox.js"]))
        return paper.show(page, to: visit, status: returned?.status ?? .ok)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

extension Counter {
    /// GET /matters/:id/preparation
    func showPreparation(_ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, .executive, .network, .administrator, visit: visit)
        let matter = try await matter(visit)
        return try await preparation(of: matter, visit)
    }

    /// POST /matters/:id/checks/:check: a tick with what shows that it was done.
    func tickCheck(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let matter = try await matter(visit)
        let check = visit.parameters.get("check") ?? ""
        let form = try await Form.read(request, shelf: parts.shelf)
        let documents = try await documents(form, field: "photo")
        // Only a picture is carried along: another file would be refused again and again.
        let pictures = documents.filter { $0.kind == .jpeg || $0.kind == .png }
        let kept = pictures.map { KeptRow($0, token: keptToken($0), words(visit)) }
        return try await orAgain(form, at: check, focus: "check-\(check)", kept: kept, visit) { returned in
            try await preparation(of: matter.id, visit, returned)
        } work: {
            let fault = form.fileFaults["photo"]
            if fault == .tooLarge { throw Sentence("error.tooLarge", status: .contentTooLarge) }
            guard fault == nil, pictures.count == documents.count else {
                throw Sentence("preparation.notAPicture", status: .unprocessableContent)
            }
            let evidence = Evidence(value: form.text("value"), photo: pictures.last?.id)
            _ = try await perform(
                .tick(check, evidence, note: form.text("note")), on: matter.id, form: form, visit: visit,
                ignoresAge: true)
            return said("check_ticked", on: preparationPath(matter.id))
        }
    }

    /// POST /matters/:id/checks/:check/removal. Others may tick meanwhile, so the folder's length is not compared.
    func untickCheck(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let matter = try await matter(visit)
        let check = visit.parameters.get("check") ?? ""
        let form = try await Form.read(request)
        return try await orAgain(form, at: check, focus: "check-\(check)", visit) { returned in
            try await preparation(of: matter.id, visit, returned)
        } work: {
            _ = try await perform(.untick(check), on: matter.id, form: form, visit: visit, ignoresAge: true)
            return said("check_unticked", on: preparationPath(matter.id))
        }
    }

    /// POST /matters/:id/network-notice
    func notifyNetwork(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let matter = try await matter(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: "network", focus: "megabits", visit) { returned in
            try await preparation(of: matter.id, visit, returned)
        } work: {
            // No number is out of range like a wrong one: the core says so.
            let notice = NetworkNotice(megabitsPerSecond: form.number("megabits") ?? 0)
            _ = try await perform(
                .notifyNetwork(notice, note: form.text("network_note")), on: matter.id, form: form, visit: visit,
                ignoresAge: true)
            return said("network_told", on: preparationPath(matter.id))
        }
    }

    /// POST /matters/:id/link
    func saveLink(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, .secretariat, visit: visit)
        let matter = try await matter(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: "link", focus: "link", visit) { returned in
            try await preparation(of: matter.id, visit, returned)
        } work: {
            _ = try await perform(.link(form.text("link")), on: matter.id, form: form, visit: visit, ignoresAge: true)
            return said("link_saved", on: preparationPath(matter.id))
        }
    }

    /// POST /matters/:id/readiness: ready, although something is missing, for a reason.
    func overrideReadiness(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let matter = try await matter(visit)
        let form = try await Form.read(request)
        return try await orAgain(form, at: "readiness", focus: "reason", visit) { returned in
            try await preparation(of: matter.id, visit, returned)
        } work: {
            _ = try await perform(.override(reason: form.text("reason")), on: matter.id, form: form, visit: visit)
            return said("made_ready", on: preparationPath(matter.id))
        }
    }

    func preparationPath(_ id: Matter.ID) -> String { "/matters/\(id)/preparation" }

    private func preparation(of id: Matter.ID, _ visit: Visit, _ returned: ReturnedForm) async throws -> Response {
        // Read again: what was refused was refused because of what others had written.
        guard let matter = try await cabinet.matter(id) else { throw Refusal.noSuchMatter }
        return try await preparation(of: matter, visit, returned)
    }

    private func preparation(of matter: Matter, _ visit: Visit, _ returned: ReturnedForm? = nil) async throws
        -> Response
    {
        let drawing = PreparationDrawing(
            matter: matter, offers: offers(matter, to: try person(visit).roles), names: try await names(),
            reckoner: try await reckoner(), phrases: phrases(visit), now: now(), once: onceMark(), returned: returned)
        let page = drawing.page(
            frame(visit, words(visit)("preparation.title"), lead: matter.letter.title, scripts: ["enhance.js"]))
        return paper.show(page, to: visit, status: returned?.status ?? .ok)
    }
}

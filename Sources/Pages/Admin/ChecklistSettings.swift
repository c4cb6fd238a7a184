// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// The form of one line of a checklist.
enum CheckForm {
    static func typed(_ check: Check?) -> Form {
        guard let check else { return Form() }
        var fields = [("thai", check.thai), ("english", check.english)]
        if check.needsEvidence { fields.append(("marks", "evidence")) }
        if check.isSystemTest { fields.append(("marks", "systemTest")) }
        return Form(fields: fields.map { FormField(name: $0, value: $1) })
    }

    static func fields(_ words: Words, _ form: Form, faults: [String: String]) -> [FieldRow] {
        let marks = ["evidence", "systemTest"].map { mark in
            FieldRow.Option(mark, words("checklists.\(mark)"), isChosen: form.texts("marks").contains(mark))
        }
        return [
            FieldRow("thai", words("checklists.thai"), value: form.text("thai"), error: faults["thai"]),
            FieldRow("english", words("checklists.english"), value: form.text("english"), error: faults["english"]),
            FieldRow(
                "marks", words("checklists.marks"), .checks(marks), hint: words("checklists.marksHint"),
                isRequired: false),
        ]
    }
}

extension Office {
    /// The checklist of a kind of service that has one of its own.
    fileprivate subscript(list service: Service) -> [Check] {
        get { service == .broadcast ? broadcastChecklist : meetingChecklist }
        set { if service == .broadcast { broadcastChecklist = newValue } else { meetingChecklist = newValue } }
    }

    /// An id that neither list has yet.
    fileprivate var freshCheckID: Check.ID {
        let taken = Set((meetingChecklist + broadcastChecklist).map(\.id))
        return (1...).lazy.map { "check-\($0)" }.first { !taken.contains($0) } ?? "check"
    }
}

extension Counter {
    /// GET /admin/checklists
    func showChecklists(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.administrator, visit: visit)
        let (words, phrases) = (words(visit), phrases(visit))
        let office = try await cabinet.office()
        let page = ChecklistsPage(
            frame: frame(visit, words("checklists.title"), lead: words("checklists.lead")),
            lists: [Service.meeting, .broadcast].map { ChecklistsPage.list($0, office[list: $0], phrases) },
            back: adminLink(visit))
        return paper.show(page, to: visit)
    }

    /// POST /admin/checklists: `up`, `down` or `remove` names a line of the list of `service`.
    func moveCheck(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let form = try await Form.read(request)
        var office = try await cabinet.office()
        guard let service = Service(rawValue: form.text("service")), service != .both else {
            throw HTTPError(.badRequest)
        }
        var list = office[list: service]
        for (name, step) in [("up", -1), ("down", 1), ("remove", 0)] where form.isOn(name) {
            guard let index = list.firstIndex(where: { $0.id == form.text(name) }) else { throw Refusal.noSuchCheck }
            if step == 0 {
                guard list.count > 1 else { throw Sentence("checklists.lastLine", status: .unprocessableContent) }
                list.remove(at: index)
            } else if list.indices.contains(index + step) {
                list.swapAt(index, index + step)
            }
        }
        office[list: service] = list
        try await cabinet.save(office, by: administrator.id, at: now())
        return .seeOther("/admin/checklists?done=checklist_saved#\(service.rawValue)")
    }

    /// GET and POST /admin/checklists/:service/new and /admin/checklists/:service/:check
    func editCheck(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let words = words(visit)
        var office = try await cabinet.office()
        let id = visit.parameters.get("check") ?? ""
        guard let service = Service(rawValue: visit.parameters.get("service") ?? ""), service != .both else {
            throw HTTPError(.notFound)
        }
        let known = office[list: service].first { $0.id == id }
        guard id == "new" || known != nil else { throw Refusal.noSuchCheck }
        func page(_ form: Form, _ faults: [String: String]) -> Response {
            settingsForm(
                visit, title: known == nil ? words("checklists.add") : words("checklists.edit"),
                fields: CheckForm.fields(words, form, faults: faults),
                back: .init(label: words("checklists.title"), path: "/admin/checklists"), note: words("checklists.note")
            )
        }
        guard request.method == .post else { return page(CheckForm.typed(known), [:]) }
        let form = try await Form.read(request)
        var faults: [String: String] = [:]
        for name in ["thai", "english"] {
            if form.text(name).isEmpty { faults[name] = words("admin.missing") }
            if form.text(name).count > 200 { faults[name] = words("admin.tooLong", 200) }
        }
        if known == nil, office[list: service].count >= 40 { faults["thai"] = words("checklists.full") }
        guard faults.isEmpty else { return page(form, faults) }
        let check = Check(
            id: known?.id ?? office.freshCheckID, thai: form.text("thai"), english: form.text("english"),
            needsEvidence: form.texts("marks").contains("evidence"),
            isSystemTest: form.texts("marks").contains("systemTest"))
        if let index = office[list: service].firstIndex(where: { $0.id == check.id }) {
            office[list: service][index] = check
        } else {
            office[list: service].append(check)
        }
        try await cabinet.save(office, by: administrator.id, at: now())
        return .seeOther("/admin/checklists?done=checklist_saved#\(service.rawValue)")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// What usually goes wrong, one press each; `incident.kind.<name>` are its words.
enum IncidentKind: String, CaseIterable {
    case picture, sound, network, power, speaker
}

extension Counter {
    /// POST /matters/:id/incidents: an entry with its time and its person, from the run sheet or from the watch board.
    func logIncident(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try require(.officer, .network, visit: visit)
        let matter = try await matter(visit, readsLetter: !person.roles.contains(.network))
        let form = try await Form.read(request)
        let place = "incident-\(matter.id)"
        let isConsole = form.text("back") == consolePath(matter.id)
        let back = isWatch(form.text("back")) || isConsole ? form.text("back") : servicePath(matter.id)
        return try await orAgain(form, at: place, focus: place, visit) { returned in
            if isConsole { return try await console(of: matter.id, visit, returned) }
            return isWatch(back)
                ? try await watch(visit, isWall: back.contains("wall=1"), returned)
                : try await service(of: matter.id, visit, returned)
        } work: {
            guard let severity = Severity(rawValue: form.text("severity")) else {
                throw Sentence("incident.noSeverity", status: .unprocessableContent)
            }
            let note = incidentNote(form, words(visit))
            guard !note.isEmpty else { throw Sentence("incident.noWords", status: .unprocessableContent) }
            _ = try await perform(
                .logIncident(severity, note: note), on: matter.id, form: form, visit: visit, ignoresAge: true)
            return said("incident_logged", on: back)
        }
    }

    /// The chosen kinds and the person's own words, as one note.
    private func incidentNote(_ form: Form, _ words: Words) -> String {
        let kinds = IncidentKind.allCases.filter { form.texts("what").contains($0.rawValue) }
            .map { words("incident.kind.\($0.rawValue)") }
        return (kinds + [form.text("note")]).filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// The only pages besides the run sheet that carry the forms of this desk.
    func isWatch(_ path: String) -> Bool { path == "/watch" || path == "/watch?wall=1" }
}

extension WatchPage.IncidentForm {
    init(matter: Matter, once: String, back: String, words: Words, returned: ReturnedForm?) {
        let place = "incident-\(matter.id)"
        let mine = returned?.place == place ? returned?.form : nil
        self.init(
            path: "/matters/\(matter.id)/incidents", once: "\(once)-\(place)", back: back, place: place,
            isOpen: mine != nil, isWrong: mine != nil,
            kinds: IncidentKind.allCases.map { kind in
                .init(
                    id: "\(place)-\(kind.rawValue)", value: kind.rawValue,
                    text: words("incident.kind.\(kind.rawValue)"),
                    isChosen: mine?.texts("what").contains(kind.rawValue) ?? false)
            }, note: mine?.text("note") ?? "",
            severities: [(Severity.minor, "waiting"), (.disturbed, "due"), (.interrupted, "overdue")].map {
                .init(value: $0.0.rawValue, text: words("severity.\($0.0.rawValue)"), tone: $0.1)
            })
    }
}

/// The incidents of a matter, newest first.
func incidentRows(_ matter: Matter, _ names: Names, _ phrases: Phrases) -> [EntryRow] {
    matter.incidents.reversed().map {
        EntryRow(
            phrases.severity($0.severity), when: phrases.time($0.at), iso: $0.at.iso, who: names.person($0.by),
            note: $0.note)
    }
}

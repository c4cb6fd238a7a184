// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

extension Counter {
    /// GET and POST /admin/sign-in/roles: rules, and what they would do. A preview keeps nothing.
    func editRoles(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let words = words(visit)
        let settings = try await cabinet.signInSettings()
        let hasDirectory = parts.door != nil && !settings.directory.host.isEmpty
        func page(_ form: Form, _ faults: [String: String], _ preview: RolesPage.Preview? = nil) -> Response {
            let rules = RolesForm.rules(words, form, faults: faults)
            let trial = RolesForm.preview(words, form, hasDirectory: hasDirectory, faults: faults)
            let page = RolesPage(
                frame: frame(
                    visit, words("entrance.place.roles"), lead: words("roles.lead"), scripts: ["enhance.js"]),
                errors: ErrorSummary(rules.flatMap(\.fields) + trial), back: entranceLink(visit), rules: rules,
                fields: RolesForm.settings(words, form), trial: trial, preview: preview)
            return paper.show(page, to: visit, status: faults.isEmpty ? .ok : .unprocessableContent)
        }
        guard request.method == .post else { return page(RolesForm.typed(settings), [:]) }
        let form = try await Form.read(request)
        var (next, faults) = RolesForm.read(form, over: settings, words)
        guard faults.isEmpty else { return page(form, faults) }
        guard form.text("do") == "preview" else {
            try await cabinet.save(next, by: administrator.id, at: now())
            return .seeOther("/admin/sign-in?done=sign_in_saved")
        }
        let roster = try await cabinet.entranceRoster()
        let (asked, looked) = await outsiders(form, next, roster, words, &faults)
        let remembered = roster.identities.map(\.outsider)
        let drawing = PreviewDrawing(words: words, roster: roster, settings: next)
        return page(form, faults, drawing.preview(asked: asked, known: asked + looked + remembered))
    }

    /// Whom the preview is about: who was typed or pasted, and who of the people here the directory knows.
    private func outsiders(
        _ form: Form, _ settings: SignInSettings, _ roster: EntranceRoster, _ words: Words,
        _ faults: inout [String: String]
    ) async -> (asked: [Outsider], looked: [Outsider]) {
        guard let door = parts.door else { return ([], []) }
        let entrance = EntranceWords(words)
        var (asked, looked): ([Outsider], [Outsider]) = ([], [])
        let (who, pasted) = (form.text("who"), form.text("pasted"))
        if !who.isEmpty {
            do throws(EntranceFault) {
                asked = try await door.lookUp(settings.directory, usernames: [who])
                if asked.isEmpty { faults["who"] = entrance.sentence(EntranceFault(.noSuchPerson)) }
            } catch {
                faults["who"] = entrance.sentence(error) + " " + entrance.remedy(error)
            }
        }
        if !pasted.isEmpty {
            do throws(EntranceFault) {
                asked += try door.read(pasted, by: settings)
            } catch {
                faults["pasted"] = entrance.sentence(error) + " " + entrance.remedy(error)
            }
        }
        if form.isOn("everybody") {
            do throws(EntranceFault) {
                looked = try await door.lookUp(
                    settings.directory, usernames: roster.people.filter(\.isActive).map(\.username))
            } catch {
                faults["everybody"] = entrance.sentence(error)
                faults["who"] = faults["who"] ?? entrance.sentence(error)
            }
        }
        return (asked, looked)
    }
}

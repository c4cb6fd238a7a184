// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// The settings of one way to sign in, with a test that says what is wrong before anything is saved.
struct EntranceFormPage: Page {
    static let template = "entrance-form"
    let frame: Frame
    let errors: ErrorSummary?
    let back: SettingsFormPage.Link
    let path: String
    let note: String
    /// What has to be copied to the other end: the address to come back to; nil for nothing.
    let copy: String?
    let fields: [FieldRow]
    /// Only for the test; nothing of it is kept.
    let trial: [FieldRow]
    let findings: [FindingRow]

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/admin/sign-in/openid")
        let words = paper.words(visit)
        let entrance = EntranceWords(words)
        let back = SettingsFormPage.Link(label: words("entrance.title"), path: "/admin/sign-in")
        let findings = [
            EntranceFinding(.discovery), EntranceFinding(.pkce, isRemark: true),
            EntranceFinding(.issuer, fault: EntranceFault(.wrongIssuer, "https://other.example.ac.th")),
        ]
        let open = OpenIDForm.fields(words, OpenIDForm.typed(OpenIDSettings()), faults: [:], keepsSecret: true)
        let directory = DirectoryForm.fields(
            words, Form(), faults: ["host": words("entrance.missing")], keepsSecret: false)
        return [
            Sample(
                "openid",
                EntranceFormPage(
                    frame: paper.frame(visit, title: words("entrance.place.openid")), errors: nil, back: back,
                    path: "/admin/sign-in/openid", note: words("entrance.note.openid"),
                    copy: "https://office.example.ac.th/sign-in/openid/return", fields: open, trial: [],
                    findings: findings.map(entrance.row))),
            Sample(
                "directory",
                EntranceFormPage(
                    frame: paper.frame(visit, title: words("entrance.place.directory")),
                    errors: ErrorSummary(directory), back: back, path: "/admin/sign-in/directory",
                    note: words("entrance.note.directory"), copy: nil, fields: directory,
                    trial: [DirectoryForm.trial(words, "")], findings: [])),
        ]
    }
}

extension Counter {
    /// GET and POST /admin/sign-in/openid
    func editOpenID(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let words = words(visit)
        var settings = try await cabinet.signInSettings()
        let home = try await openIDHome()
        let hasSecret = !settings.openID.clientSecret.isEmpty
        func page(_ form: Form, _ faults: [String: String], _ findings: [EntranceFinding] = []) -> Response {
            let fields = OpenIDForm.fields(words, form, faults: faults, keepsSecret: hasSecret)
            let page = EntranceFormPage(
                frame: frame(visit, words("entrance.place.openid"), scripts: ["enhance.js"]),
                errors: ErrorSummary(fields), back: entranceLink(visit), path: visit.path,
                note: words("entrance.note.openid"), copy: home, fields: fields, trial: [],
                findings: findings.map(EntranceWords(words).row))
            return paper.show(page, to: visit, status: faults.isEmpty ? .ok : .unprocessableContent)
        }
        guard request.method == .post else { return page(OpenIDForm.typed(settings.openID), [:]) }
        let form = try await Form.read(request)
        let (next, faults) = OpenIDForm.read(form, over: settings.openID, words)
        guard faults.isEmpty else { return page(form, faults) }
        if form.text("do") == "test", let door = parts.door {
            return page(form, [:], await door.probe(next, home: home))
        }
        settings.openID = next
        try await cabinet.save(settings, by: administrator.id, at: now())
        return .seeOther("/admin/sign-in?done=sign_in_saved")
    }

    /// GET and POST /admin/sign-in/directory
    func editDirectory(_ request: Request, _ visit: Visit) async throws -> Response {
        let administrator = try require(.administrator, visit: visit)
        let words = words(visit)
        var settings = try await cabinet.signInSettings()
        let hasSecret = !settings.directory.searcherPassword.isEmpty
        func page(_ form: Form, _ faults: [String: String], _ findings: [EntranceFinding] = []) -> Response {
            let fields = DirectoryForm.fields(words, form, faults: faults, keepsSecret: hasSecret)
            let page = EntranceFormPage(
                frame: frame(visit, words("entrance.place.directory"), scripts: ["enhance.js"]),
                errors: ErrorSummary(fields), back: entranceLink(visit), path: visit.path,
                note: words("entrance.note.directory"), copy: nil, fields: fields,
                trial: [DirectoryForm.trial(words, form.text("trial"))],
                findings: findings.map(EntranceWords(words).row))
            return paper.show(page, to: visit, status: faults.isEmpty ? .ok : .unprocessableContent)
        }
        guard request.method == .post else { return page(DirectoryForm.typed(settings.directory), [:]) }
        let form = try await Form.read(request)
        let (next, faults) = DirectoryForm.read(form, over: settings.directory, words)
        guard faults.isEmpty else { return page(form, faults) }
        if form.text("do") == "test", let door = parts.door {
            return page(form, [:], await door.probe(next, username: form.text("trial")))
        }
        settings.directory = next
        try await cabinet.save(settings, by: administrator.id, at: now())
        return .seeOther("/admin/sign-in?done=sign_in_saved")
    }
}

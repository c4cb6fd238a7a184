// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// A form that was not accepted: its page is shown again with everything typed, and what to do about it.
struct ReturnedForm: Sendable {
    /// Which form of the page: `check-sound`, `network`, `link`, `readiness`, `incident-12`, `ending`.
    let place: String
    let form: Form
    let error: ErrorRow
    var status = HTTPResponse.Status.unprocessableContent
    /// Files that came with it and need not be chosen again: marks for `kept` fields, and their names.
    var kept: [KeptRow] = []

    /// What was typed into a field of one form of the page; empty in every other form.
    func text(_ name: String, in place: String) -> String { self.place == place ? form.text(name) : "" }
}

extension Counter {
    /// Does what a form asks and goes on to a page; a refusal shows the form's own page again.
    ///
    /// - Parameters:
    ///   - place: which form of the page it is; the error summary links to the field `focus` of it.
    ///   - again: the page, with what was typed.
    ///   - work: does it, and says where to go.
    func orAgain(
        _ form: Form, at place: String, focus: String, kept: [KeptRow] = [], _ visit: Visit,
        again: (ReturnedForm) async throws -> Response, work: () async throws -> String
    ) async throws -> Response {
        do {
            return .seeOther(try await work())
        } catch let spoken as any Spoken where ![403, 404].contains(spoken.status.code) {
            let words = words(visit)
            let sentence = "\(spoken.sentence(words)) · \(spoken.remedy(words))"
            return try await again(
                ReturnedForm(
                    place: place, form: form, error: ErrorRow(field: focus, text: sentence), status: spoken.status,
                    kept: kept))
        }
    }

    /// `path?done=key`, also when the path has a query already.
    func said(_ key: String, on path: String) -> String { path + (path.contains("?") ? "&" : "?") + "done=" + key }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

extension Counter {
    func showCounter(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        // Most letters come from inside and bear today's date; both can be changed with one key.
        var hints = [
            FormField(name: "origin", value: Letter.Origin.internal.rawValue),
            FormField(name: "dated", value: ThaiDate.typed(Day(of: now()))),
        ]
        var (documents, kept) = ([Document](), Form())
        if let mail = try await waitingMail(request.uri.queryParameters.get("mail")) {
            hints += Self.hints(of: mail)
            documents = try await cabinet.documents(mail.documents)
            // One mail makes one matter, however often its form is sent.
            kept.fields = [
                FormField(name: "mail", value: "\(mail.id)"), FormField(name: "once", value: "mail-\(mail.id)"),
            ]
        }
        let letter = LetterForm(hints: Form(fields: hints), words: words(visit), at: now())
        return try await counterPage(letter, documents, kept, visit)
    }

    /// Takes in a letter that was keyed at the counter, and goes on to checking and registering it.
    func fileAtCounter(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let form = try await Form.read(request, shelf: parts.shelf)
        let letter = LetterForm(form, words: words(visit), at: now())
        let documents = try await documents(form)
        guard letter.faults.isEmpty else {
            return try await counterPage(letter, documents, form, visit, status: .unprocessableContent)
        }
        do {
            let matter = try await cabinet.receive(
                letter.letter, contact: letter.contact, documents: documents.map(\.id), via: .counter,
                keyingSeconds: keyingSeconds(form), by: try hand(visit), at: now(), once: form.once)
            if let mail = MailIn.ID(form.text("mail")) {
                _ = try await cabinet.settle(mail: mail, .taken, by: try person(visit).id, at: now())
            }
            return .seeOther("/matters/\(matter.id)/registration?done=keyed")
        } catch let refusal as Refusal {
            return try await counterPage(letter, documents, form, visit, status: refusal.status, refusal: refusal)
        }
    }

    /// How long the letter was keyed in; nil when the mark is not ours or older than a day.
    private func keyingSeconds(_ form: Form) -> Int? {
        let seconds = now().milliseconds / 1000
        // A mark that does not open only costs the measurement.
        guard let began = try? seal.open(form.text("began"), purpose: "keying", now: seconds) else { return nil }
        return Int(max(0, seconds - began))
    }

    private func counterPage(
        _ letter: LetterForm, _ documents: [Document], _ form: Form, _ visit: Visit,
        status: HTTPResponse.Status = .ok, refusal: Refusal? = nil
    ) async throws -> Response {
        let words = words(visit)
        let seconds = now().milliseconds / 1000
        let began = form.text("began")
        let page = CounterPage(
            frame: frame(
                visit, words("counter.title"), lead: words("counter.lead"), scripts: ["enhance.js", "drop.js"]),
            letter: letter, kept: documents.map { KeptRow($0, token: keptToken($0), words) },
            units: try await earlierUnits(), mails: try await mailsWaiting(form, words),
            mail: form.text("mail").isEmpty ? nil : form.text("mail"), once: form.once ?? onceMark(),
            began: began.isEmpty ? seal.sign(purpose: "keying", subject: seconds, expires: seconds + 86_400) : began,
            refusal: refusal)
        return paper.show(page, to: visit, status: status)
    }

    /// Says that mails wait, while the form is of none of them; nil when none does.
    private func mailsWaiting(_ form: Form, _ words: Words) async throws -> String? {
        guard form.text("mail").isEmpty else { return nil }
        let count = try await cabinet.waitingMail(limit: 50).count
        return count == 0 ? nil : words("counter.mails", count)
    }

    /// Units whose letters came before, the latest first: most letters come from the same few.
    private func earlierUnits() async throws -> [String] {
        var units: [String] = []
        for matter in try await cabinet.matters(MatterFilter()) where !units.contains(matter.letter.unit) {
            units.append(matter.letter.unit)
        }
        return Array(units.prefix(60))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// GET /counter/mail
    func showMail(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let phrases = phrases(visit)
        let drawing = MailDrawing(phrases: phrases)
        var slips: [MailPage.Slip] = []
        for mail in try await cabinet.waitingMail(limit: 50) {
            slips.append(drawing.slip(mail, try await cabinet.documents(mail.documents)))
        }
        let page = MailPage(
            frame: frame(visit, phrases.words("mailIn.title"), lead: phrases.words("mailIn.lead")), waiting: slips,
            aside: try await cabinet.asideMail(limit: 100).map(drawing.row))
        return paper.show(page, to: visit)
    }

    /// GET /counter/mail/:mail/documents/:id: an attachment, before it belongs to a matter.
    func showMailDocument(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let mail = try await mail(visit)
        guard let id = visit.parameters.get("id").flatMap({ Document.ID($0) }), mail.documents.contains(id),
            let document = try await cabinet.documents([id]).first
        else { throw HTTPError(.notFound) }
        return try await document.answer(from: parts.shelf, visit)
    }

    /// POST /counter/mail/:mail/dismissal: it is no letter.
    func dismissMail(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try require(.secretariat, visit: visit)
        let isNew = try await cabinet.settle(mail: try await mail(visit).id, .dismissed, by: person.id, at: now())
        return .seeOther("/counter/mail?done=\(isNew ? "mail_dismissed" : "mail_past")")
    }

    /// POST /counter/mail/:mail/waiting: it may be a letter after all.
    func restoreMail(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        try await cabinet.restore(mail: try await mail(visit).id)
        return .seeOther("/counter/mail?done=mail_waits")
    }

    private func mail(_ visit: Visit) async throws -> MailIn {
        guard let id = visit.parameters.get("mail").flatMap({ MailIn.ID($0) }), let mail = try await cabinet.mail(id)
        else { throw HTTPError(.notFound) }
        return mail
    }

    /// The mail that a form was opened from; nil when it was opened from none, or somebody has taken it.
    func waitingMail(_ text: String?) async throws -> MailIn? {
        guard let id = text.flatMap({ MailIn.ID($0) }), let mail = try await cabinet.mail(id), mail.aside == nil,
            mail.fate == nil
        else { return nil }
        return mail
    }

    /// The counter's form as far as a mail fills it: its subject, its sender to be asked back, its words as remarks.
    static func hints(of mail: MailIn) -> [FormField] {
        [
            FormField(name: "title", value: String(mail.subject.prefix(200))),
            FormField(name: "contact_name", value: mail.fromName), FormField(name: "contact_mail", value: mail.from),
            FormField(name: "remarks", value: String(mail.text.prefix(1000))),
        ]
    }
}

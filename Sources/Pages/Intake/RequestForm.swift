// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

/// Tells browsers apart on the requester's form, and nothing else: random, gone after a day.
private let browserCookie = "letter"

extension Counter {
    /// How many requests the whole office takes in a minute; behind a proxy nobody's address can be told apart.
    private static let requestsPerMinute = 60

    func showRequest(_ request: Request, _ visit: Visit) async throws -> Response {
        let letter = LetterForm(blank: words(visit), at: now())
        var response = try await requestPage(letter, [], once: onceMark(), visit)
        if request.cookie(browserCookie) == nil {
            response.set(
                SetCookie(browserCookie, Token.random(bytes: 12), maxAgeSeconds: 86_400, isSecure: visit.isSecure))
        }
        return response
    }

    /// Takes a requester's letter in; the same form sent twice leads to the same receipt.
    func fileRequest(_ request: Request, _ visit: Visit) async throws -> Response {
        let isAllowed = await throttle.allows(
            "request", limit: Self.requestsPerMinute, within: .minutes(1), at: now())
        let form = try await Form.read(request, shelf: isAllowed ? parts.shelf : nil)
        let letter = LetterForm(form, words: words(visit), at: now())
        guard isAllowed else {
            return try await requestPage(letter, [], once: form.once ?? onceMark(), visit, status: .tooManyRequests)
        }
        let documents = try await documents(form)
        guard letter.faults.isEmpty else {
            return try await requestPage(
                letter, documents, once: form.once ?? onceMark(), visit, status: .unprocessableContent)
        }
        do {
            let matter = try await receive(letter, documents, once: mark(form, request))
            return .seeOther("/track/\(trackingToken(matter))?done=received")
        } catch let refusal as Refusal {
            return try await requestPage(
                letter, documents, once: form.once ?? onceMark(), visit, status: refusal.status, refusal: refusal)
        }
    }

    /// Takes the letter in, or finds it. One that has ended since may come again, and one with another file is another.
    private func receive(_ letter: LetterForm, _ documents: [Document], once: String?) async throws -> Matter {
        func receive(_ once: String?) async throws -> Matter {
            try await cabinet.receive(
                letter.letter, contact: letter.contact, documents: documents.map(\.id), via: .web, keyingSeconds: nil,
                by: .requester, at: now(), once: once)
        }
        let matter = try await receive(once)
        let known = Set(try await cabinet.documents(matter.documents).map(\.hash))
        let isSame = !matter.stage.isFinal && documents.allSatisfy { known.contains($0.hash) }
        return isSame ? matter : try await receive(letter.form.once)
    }

    /// What makes a form sent twice count once. After the Back button the form is a new one with a mark of its own, so
    /// the same words out of the same browser are the same letter too.
    private func mark(_ form: Form, _ request: Request) -> String? {
        guard let browser = request.cookie(browserCookie), browser.count <= 100 else { return form.once }
        let typed = form.fields.filter { $0.name != "once" && $0.name != "kept" }.map { "\($0.name)=\($0.value)" }
        return Hex.text(Digest.sha256(([browser] + typed).joined(separator: "\u{1F}")))
    }

    private func requestPage(
        _ letter: LetterForm, _ documents: [Document], once: String, _ visit: Visit,
        status: HTTPResponse.Status = .ok, refusal: Refusal? = nil
    ) async throws -> Response {
        let words = words(visit)
        let notice = status == .tooManyRequests ? NoticeRow(.warn, words("request.busy")) : nil
        let page = RequestPage(
            frame: frame(
                visit, words("request.title"), lead: words("request.lead"), notice: notice, scripts: ["enhance.js"]),
            letter: letter, kept: documents.map { KeptRow($0, token: keptToken($0), words) }, once: once,
            office: try await cabinet.office(), refusal: refusal)
        return paper.show(page, to: visit, status: status)
    }
}

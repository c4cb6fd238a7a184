// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

extension Counter {
    /// How many requests the whole office takes in a minute; behind a proxy nobody's address can be told apart.
    private static let requestsPerMinute = 60

    func showRequest(_ request: Request, _ visit: Visit) async throws -> Response {
        let letter = LetterForm(blank: words(visit), at: now())
        return try await requestPage(letter, [], once: onceMark(), visit)
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
            let matter = try await cabinet.receive(
                letter.letter, contact: letter.contact, documents: documents.map(\.id), via: .web, keyingSeconds: nil,
                by: .requester, at: now(), once: form.once)
            return .seeOther("/track/\(trackingToken(matter))?done=received")
        } catch let refusal as Refusal {
            return try await requestPage(
                letter, documents, once: form.once ?? onceMark(), visit, status: refusal.status, refusal: refusal)
        }
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

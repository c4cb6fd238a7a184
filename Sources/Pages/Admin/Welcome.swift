// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

extension Counter {
    /// GET /welcome/:token
    func showWelcome(_ request: Request, _ visit: Visit) async throws -> Response {
        _ = try await welcomeKey(visit)
        return welcomePage(visit, fields: WelcomePage.fields(words(visit)))
    }

    /// POST /welcome/:token
    func welcome(_ request: Request, _ visit: Visit) async throws -> Response {
        let key = try await welcomeKey(visit)
        let form = try await Form.read(request)
        let username = form.text("username").lowercased()
        var faults: [String: String] = [:]
        if form.text("name").isEmpty { faults["name"] = "account.name" }
        if form.text("name").count > 200 { faults["name"] = "account.nameLong" }
        faults["username"] = AccountRules.fault(username: username, taken: try await cabinet.people())
        faults["password"] = AccountRules.fault(password: form.text("password"))
        if form.text("password") != form.text("again") { faults["again"] = "account.passwordsDiffer" }
        guard faults.isEmpty else {
            let fields = WelcomePage.fields(words(visit), form, faults: faults)
            return welcomePage(visit, fields: fields, status: .unprocessableContent)
        }
        let hash = try await passwordHash(form.text("password"))
        guard try await cabinet.spend(key: key, purpose: "welcome", at: now()) else { throw WelcomeLink.used }
        let person = try await cabinet.save(
            Person(id: Person.ID(0), username: username, name: form.text("name"), roles: [.administrator]),
            passwordHash: hash, by: nil, at: now())
        return try await letIn(person, request, visit, to: "/admin?done=welcomed")
    }

    /// The hash of the link's key, when it still opens.
    private func welcomeKey(_ visit: Visit) async throws -> String {
        guard let token = visit.parameters.get("token"), token.utf8.count <= 100 else { throw WelcomeLink.used }
        let hash = sessionHash(token)
        guard let key = try await cabinet.key(hash: hash, purpose: "welcome", at: now()), !key.isSpent,
            key.until.map({ $0 > now() }) ?? true
        else { throw WelcomeLink.used }
        return hash
    }

    private func welcomePage(_ visit: Visit, fields: [FieldRow], status: HTTPResponse.Status = .ok) -> Response {
        let words = words(visit)
        let page = WelcomePage(
            frame: frame(visit, words("welcome.title"), lead: words("welcome.lead")), errors: ErrorSummary(fields),
            path: visit.path, fields: fields)
        return paper.show(page, to: visit, status: status)
    }
}

private enum WelcomeLink {
    /// Used, expired, or never ours: the same sentence, so that nobody learns which.
    static let used = Sentence("welcome.used", status: .gone)
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

/// How long somebody stays signed in.
private let sessionLength = Length.hours(12)

extension Counter {
    /// GET /sign-in
    func showSignIn(_ request: Request, _ visit: Visit) async throws -> Response {
        let to = localPath(request.uri.queryParameters["to"].map(String.init) ?? "", or: "/desk")
        // In the demo the page is also the way to change into somebody else.
        if visit.person != nil, !parts.isDemo { return .seeOther(to) }
        return try await signInPage(visit, to: to)
    }

    /// POST /sign-in
    func signIn(_ request: Request, _ visit: Visit) async throws -> Response {
        let form = try await Form.read(request)
        let to = localPath(form.text("to"), or: "/desk")
        let typed = form.text("username")
        let username = String(typed.lowercased().prefix(64))
        let mark = "sign-in \(username)"
        guard await throttle.allows("sign-in", limit: 60, within: .minutes(1), at: now()) else {
            return try await signInPage(visit, to: to, username: typed, error: "signin.crowded", .tooManyRequests)
        }
        guard await throttle.allows(mark, limit: 5, within: .minutes(15), at: now()) else {
            return try await signInPage(visit, to: to, username: typed, error: "signin.tooMany", .tooManyRequests)
        }
        let known = username.isEmpty ? nil : try await cabinet.credential(username: username)
        let isRight = await isPassword(form.text("password"), of: known?.passwordHash)
        guard let known, isRight, known.person.isActive else {
            return try await signInPage(visit, to: to, username: typed, error: "signin.wrong", .unprocessableContent)
        }
        await throttle.forget(mark)
        if PasswordHash.needsRehash(known.passwordHash) {
            let hash = try await passwordHash(form.text("password"))
            _ = try await cabinet.save(known.person, passwordHash: hash, by: known.person.id, at: now())
        }
        return try await letIn(known.person, request, visit, to: to)
    }

    /// POST /sign-in/demo: one press, only in the invented office.
    func signInDemo(_ request: Request, _ visit: Visit) async throws -> Response {
        guard parts.isDemo else { throw HTTPError(.notFound) }
        let form = try await Form.read(request)
        guard let id = Person.ID(form.text("person")),
            let person = try await cabinet.people().first(where: { $0.id == id && $0.isActive })
        else { throw Refusal.noSuchPerson }
        return try await letIn(person, request, visit, to: localPath(form.text("to"), or: "/desk"))
    }

    /// POST /sign-out
    func signOut(_ request: Request, _ visit: Visit) async throws -> Response {
        if let token = request.cookie(sessionCookie) { try await cabinet.closeSession(hash: sessionHash(token)) }
        return .seeOther(
            "/sign-in?done=signed_out", setCookies: [.removing(sessionCookie, isSecure: visit.isSecure)])
    }

    /// Opens a session under a fresh token, ends the one before, and goes on.
    func letIn(_ person: Person, _ request: Request, _ visit: Visit, to: String) async throws -> Response {
        if let old = request.cookie(sessionCookie) { try await cabinet.closeSession(hash: sessionHash(old)) }
        let token = Token.random(bytes: 32)
        try await cabinet.openSession(hash: sessionHash(token), person: person.id, until: now() + sessionLength)
        let cookie = SetCookie(
            sessionCookie, token, maxAgeSeconds: sessionLength.wholeMinutes * 60, isSecure: visit.isSecure)
        return .seeOther(to, setCookies: [cookie])
    }

    private func signInPage(
        _ visit: Visit, to: String, username: String = "", error: String? = nil, _ status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let words = words(visit)
        let fields = SignInPage.fields(words, username: username, error: error.map { words("\($0)") })
        let demo = parts.isDemo ? SignInPage.Demo(groups: SignInPage.groups(try await cabinet.people(), words)) : nil
        let page = SignInPage(
            frame: frame(visit, words("signin.title"), lead: words("signin.lead")), errors: ErrorSummary(fields),
            to: to, fields: fields, demo: demo)
        return paper.show(page, to: visit, status: status)
    }
}

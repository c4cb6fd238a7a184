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
        // Whoever only comes from outside has no password here, and is checked as long as everybody else.
        let hash = known.flatMap { $0.passwordHash.isEmpty ? nil : $0.passwordHash }
        let isRight = await isPassword(form.text("password"), of: hash)
        guard let known, isRight, known.person.isActive else {
            return try await askDirectory(typed, form, mark, request, visit, to: to)
        }
        await throttle.forget(mark)
        if PasswordHash.needsRehash(known.passwordHash) {
            let fresh = try await passwordHash(form.text("password"))
            _ = try await cabinet.save(known.person, passwordHash: fresh, by: known.person.id, at: now())
        }
        return try await letIn(known.person, request, visit, to: to)
    }

    /// A password that is none of ours may be the directory's.
    private func askDirectory(
        _ typed: String, _ form: Form, _ mark: String, _ request: Request, _ visit: Visit, to: String
    ) async throws -> Response {
        func wrong() async throws -> Response {
            try await signInPage(visit, to: to, username: typed, error: "signin.wrong", .unprocessableContent)
        }
        let settings = try await cabinet.signInSettings()
        // An empty password never leaves the house: directories take it for nobody, and let nobody in.
        guard let door = parts.door, settings.directory.isOn, !typed.isEmpty, !form.text("password").isEmpty else {
            return try await wrong()
        }
        let outsider: Outsider
        do throws(EntranceFault) {
            outsider = try await door.signIn(settings.directory, username: typed, password: form.text("password"))
        } catch {
            if [.wrongPassword, .noSuchPerson, .severalPeople].contains(error.kind) { return try await wrong() }
            return try await outsideFailed(error, visit, to: to)
        }
        await throttle.forget(mark)
        return try await letIn(outsider, request, visit, to: to)
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
        var gone = visit
        (gone.person, gone.signedIn) = (nil, nil)
        var response = try await farewell(request, gone) ?? .seeOther("/sign-in?done=signed_out")
        response.set(.removing(sessionCookie, isSecure: visit.isSecure))
        if request.cookie(farewellCookie.name) != nil { response.set(farewellCookie.removal(visit)) }
        return response
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

    /// The door, with what is wrong: `error` is a key and stands by the username, `trouble` a sentence of its own.
    func signInPage(
        _ visit: Visit, to: String, username: String = "", error: String? = nil, trouble: String? = nil,
        _ status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let words = words(visit)
        let fields = SignInPage.fields(words, username: username, error: error.map { words("\($0)") })
        let demo = parts.isDemo ? SignInPage.Demo(groups: SignInPage.groups(try await cabinet.people(), words)) : nil
        let settings = parts.door == nil ? SignInSettings() : try await cabinet.signInSettings()
        let page = SignInPage(
            frame: frame(
                visit, words("signin.title"), lead: words("signin.lead"), notice: trouble.map { NoticeRow(.bad, $0) },
                scripts: settings.offersPasskeys ? ["passkey.js"] : []),
            errors: ErrorSummary(fields), to: to, openID: SignInPage.openID(settings, to: to, words),
            passkey: settings.offersPasskeys ? PasskeyForm.signIn(to: to) : nil,
            directorySaid: settings.directory.isOn && !settings.directory.label.isEmpty
                ? words("signin.directory", settings.directory.label) : nil, fields: fields, demo: demo)
        return paper.show(page, to: visit, status: status)
    }
}

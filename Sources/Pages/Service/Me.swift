// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

extension Counter {
    /// GET /me
    func showMe(_ visit: Visit) async throws -> Response { try await me(visit) }

    /// POST /me/feed: a fresh key for my calendar. The one before opens nothing any more.
    func makeFeed(_ visit: Visit) async throws -> Response {
        let person = try person(visit)
        try await cabinet.revokeKeys(purpose: FeedKey.person, person: person.id)
        return try await showFreshFeed(FeedKey.person, of: person.id, visit, said: "me.freshPerson")
    }

    /// POST /me/office-feed: a fresh key for the whole office's calendar, for a screen or a shared account.
    func makeOfficeFeed(_ visit: Visit) async throws -> Response {
        try require(.administrator, .secretariat, visit: visit)
        try await cabinet.revokeKeys(purpose: FeedKey.office, person: nil)
        return try await showFreshFeed(FeedKey.office, of: nil, visit, said: "me.freshOffice")
    }

    /// POST /me/password
    func changePassword(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try person(visit)
        let words = words(visit)
        let form = try await Form.read(request)
        let mark = "password \(person.id)"
        guard await throttle.allows(mark, limit: 5, within: .minutes(15), at: now()) else {
            throw HTTPError(.tooManyRequests)
        }
        let typed = form.text("password")
        var errors: [String: String] = [:]
        if let fault = AccountRules.fault(password: typed) {
            errors["password"] = words("\(fault)", AccountRules.shortestPassword)
        } else if typed != form.text("again") {
            errors["again"] = words("account.passwordsDiffer")
        }
        let kept = try await cabinet.credential(username: person.username)
        if await !isPassword(form.text("current"), of: kept?.passwordHash) { errors["current"] = words("me.wrong") }
        guard errors.isEmpty else { return try await me(visit, errors: errors) }
        await throttle.forget(mark)
        _ = try await cabinet.save(person, passwordHash: try await passwordHash(typed), by: person.id, at: now())
        // A new password ends every session of the person, this one too: whoever changed it is let in anew.
        return try await letIn(person, request, visit, to: "/me?done=password_changed")
    }

    /// The key is drawn, kept as its hash only, and shown on this one page.
    private func showFreshFeed(_ purpose: String, of person: Person.ID?, _ visit: Visit, said: String) async throws
        -> Response
    {
        let token = Token.random()
        try await cabinet.keep(key: Hex.text(Digest.sha256(token)), purpose: purpose, person: person, until: nil)
        let address = "\(try await cabinet.office().address)/feed/\(token).ics"
        let subscribe = "webcal" + address.drop { $0 != ":" }
        let fresh = MePage.FreshFeed(
            said: words(visit)("\(said)"), address: address, subscribe: subscribe,
            qr: Markup(parts.papers.qrCode(subscribe)))
        return try await me(visit, fresh: fresh)
    }

    /// My page; `trouble` is a sentence about what did not work, `lineCode` the code for LINE that was just drawn.
    func me(
        _ visit: Visit, fresh: MePage.FreshFeed? = nil, lineCode: String? = nil, errors: [String: String] = [:],
        trouble: String? = nil
    ) async throws -> Response {
        let person = try person(visit)
        let words = words(visit)
        let fields = MePage.fields(words, errors: errors)
        var page = MePage(
            frame: frame(
                visit, words("me.title"), notice: trouble.map { NoticeRow(.bad, $0) },
                scripts: ["passkey.js", "enhance.js", "devices.js"]), errors: ErrorSummary(fields),
            about: MePage.pairs(person, words),
            feedSaid: seesWholeOffice(person) ? words("me.feedOffice") : words("me.feedMine"), fresh: fresh,
            hasOfficeFeed: !person.roles.isDisjoint(with: [.administrator, .secretariat]), passwordFields: fields,
            passkeys: try await passkeyBox(of: person, visit), line: try await lineBox(person, words, code: lineCode))
        page.calendars = try await myCalendars(person, visit)
        page.devices = try await deviceBox(of: person, visit)
        page.topic = try await topicBox(of: person, words)
        return paper.show(page, to: visit, status: errors.isEmpty && trouble == nil ? .ok : .unprocessableContent)
    }

    private func deviceBox(of person: Person, _ visit: Visit) async throws -> DeviceBox? {
        guard let settings = try await pushSettings() else { return nil }
        return DeviceBox(
            try await cabinet.devices(of: person.id), key: settings.publicKey, phrases: phrases(visit), at: now())
    }

    private func topicBox(of person: Person, _ words: Words) async throws -> TopicBox? {
        guard let settings = try await ntfySettings() else { return nil }
        return TopicBox(
            settings, topic: try await cabinet.reach(of: person.id, by: .ntfy), words: words,
            qrCode: parts.papers.qrCode)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure

/// The cookie of a person who is signed in.
let sessionCookie = "sanyan"

/// Looks up who is signed in and what waits for them; sends people to the sign-in page when a page asks for a person.
struct WhoIsThere: RouterMiddleware {
    let counter: Counter

    func handle(
        _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        var visit = context
        let office = try await counter.cabinet.office()
        visit.officeName = visit.language == .thai ? office.thaiName : office.englishName
        visit.done = request.uri.queryParameters["done"].map(String.init)
        if let token = request.cookie(sessionCookie), token.count <= 100,
            let person = try await counter.cabinet.session(hash: sessionHash(token), at: counter.now())
        {
            visit.person = person
            visit.signedIn = try await signedIn(person, visit)
        }
        do {
            return try await next(request, visit)
        } catch let first as SignInFirst {
            guard request.method == .get else { throw HTTPError(.unauthorized) }
            return .seeOther("/sign-in?to=\(localPath(first.path))")
        }
    }

    private func signedIn(_ person: Person, _ visit: Visit) async throws -> Visit.SignedIn {
        let words = counter.words(visit)
        let unread = try await counter.cabinet.unacknowledged(of: person.id)
        let stopped = try await counter.cabinet.stoppedDevices(at: counter.now())[person.id] ?? 0
        let roles = Role.held.filter { person.roles.contains($0) }.map { words("role.\($0.rawValue)") }
        return Visit.SignedIn(
            name: person.name, role: roles.joined(separator: " · "),
            menu: menu(person.roles, words, unread: unread),
            alarm: stopped > 0 ? words("layout.deviceAlarm", stopped) : nil)
    }

    private func menu(_ roles: Set<Role>, _ words: Words, unread: Int) -> [Frame.MenuRow] {
        var rows = [Frame.MenuRow(words("menu.desk"), path: "/desk")]
        func add(_ key: String, _ path: String, _ allowed: Role..., count: String? = nil) {
            if !roles.isDisjoint(with: allowed) { rows.append(.init(words("menu.\(key)"), path: path, count: count)) }
        }
        add("decisions", "/decisions", .executive)
        add("counter", "/counter", .secretariat)
        add("register", "/register", .secretariat, .executive, .administrator)
        add("matters", "/matters", .secretariat, .executive, .officer, .network, .administrator)
        add("calendar", "/calendar", .secretariat, .executive, .officer, .network, .administrator)
        add("watch", "/watch", .network, .officer)
        add(
            "inbox", "/inbox", .secretariat, .executive, .officer, .network, .administrator,
            count: unread > 0 ? String(unread) : nil)
        add("reports", "/reports", .secretariat, .executive, .officer, .administrator)
        add("admin", "/admin", .administrator)
        return rows
    }
}

/// How a session's token is kept: only as its hash.
func sessionHash(_ token: String) -> String { Hex.text(Digest.sha256(token)) }

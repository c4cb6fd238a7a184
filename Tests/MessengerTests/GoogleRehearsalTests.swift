// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Envelope
import Foundation
import Rehearsal
import Secure
import Testing

@testable import Messenger

/// The rehearsed Google is only worth something when it refuses what the real one refuses.
@Suite("the rehearsed Google is strict") struct GoogleRehearsalTests {
    private static let events =
        "https://www.googleapis.com/calendar/v3/calendars/office%40group.calendar.google.example.com/events"

    private func send(
        _ desk: GoogleDesk, _ method: String, _ more: String, _ body: String? = nil, headers: [HeaderLine] = []
    ) async throws -> Incoming {
        let key = try #require(GoogleKey(file: GoogleDesk.keyFile))
        let token = try await GoogleTokens(courier: desk.stage).token(key, as: nil, at: desk.post.clock.now)
        var all = [HeaderLine("Authorization", "Bearer \(token)")] + headers
        if body != nil { all.append(HeaderLine("Content-Type", "application/json")) }
        return try await desk.stage.send(
            Outgoing(method, Self.events + more, headers: all, body: Array((body ?? "").utf8)))
    }

    private static func event(_ more: String) -> String {
        """
        {"start":{"dateTime":"2026-12-14T09:00:00+07:00"},"end":{"dateTime":"2026-12-14T10:00:00+07:00"}\(more)}
        """
    }

    @Test(
        "what is no event is refused, by its reason",
        arguments: [
            (#","id":"sanyan-w""#, "invalid"), (#","id":"abcd""#, "invalid"), (#","colour":"1""#, "invalid"),
            (#","id":"abcde","iCalUID":"x""#, "invalid"), (#","attendees":[]"#, "forbiddenForServiceAccounts"),
            (#","reminders":{"useDefault":false,"overrides":[{"method":"sms","minutes":30}]}"#, "invalid"),
            (#","reminders":{"useDefault":false,"overrides":[{"method":"popup","minutes":40321}]}"#, "invalid"),
            (
                #","reminders":{"useDefault":true,"overrides":[{"method":"popup","minutes":30}]}"#,
                "cannotUseDefaultRemindersAndSpecifyOverride"
            ),
            (#","status":"gone""#, "invalid"), (#","source":{"title":"a","url":"ftp://a"}"#, "invalid"),
        ])
    func refused(more: String, reason: String) async throws {
        let desk = try await GoogleDesk()
        let answer = try await send(desk, "POST", "", Self.event(more))
        #expect(answer.status == (reason.hasPrefix("forbidden") ? 403 : 400))
        #expect(String(decoding: answer.body, as: UTF8.self).contains("\"reason\":\"\(reason)\""))
    }

    @Test("an id is taken once, also by what was deleted; 410 for deleting twice, 412 for another version")
    func versions() async throws {
        let desk = try await GoogleDesk()
        let body = Self.event(#","id":"abcde""#)
        let made = try await send(desk, "POST", "", body)
        #expect(made.status == 200)
        #expect(try await send(desk, "POST", "", body).status == 409)
        #expect(
            try await send(desk, "PUT", "/abcde", body, headers: [HeaderLine("If-Match", "\"1\"")]).status == 412)
        #expect(try await send(desk, "DELETE", "/abcde").status == 204)
        #expect(try await send(desk, "DELETE", "/abcde").status == 410)
        #expect(try await send(desk, "POST", "", body).status == 409)
        #expect(try await send(desk, "PUT", "/abcde", body).status == 200)
        #expect(try await send(desk, "PUT", "/fghij", Self.event("")).status == 404)
    }

    @Test("a sync token comes on the last page, knows what was deleted, and dies with 410")
    func sync() async throws {
        let desk = try await GoogleDesk()
        for id in ["aaaaa", "bbbbb", "ccccc"] {
            #expect(try await send(desk, "POST", "", Self.event(#","id":"\#(id)""#)).status == 200)
        }
        let first = try JSONDecoder().decode(
            GoogleValue.self, from: Data(try await send(desk, "GET", "?maxResults=2").body))
        #expect(first["nextSyncToken"] == nil)
        let page = try #require(first["nextPageToken"]?.text)
        let last = try JSONDecoder().decode(
            GoogleValue.self, from: Data(try await send(desk, "GET", "?maxResults=2&pageToken=\(page)").body))
        let token = try #require(last["nextSyncToken"]?.text)
        _ = try await send(desk, "DELETE", "/bbbbb")
        let news = try JSONDecoder().decode(
            GoogleValue.self,
            from: Data(try await send(desk, "GET", "?syncToken=\(token)&fields=items(id,status)").body))
        #expect(news == .object(["items": .list([.object(["id": .text("bbbbb"), "status": .text("cancelled")])])]))
        #expect(try await send(desk, "GET", "?syncToken=\(token)&timeMin=x").status == 400)
        await desk.stage.arrange { $0.forgetSyncTokens() }
        #expect(try await send(desk, "GET", "?syncToken=\(token)").status == 410)
    }

    @Test("tokens: another key, a long life, another scope and an expired one are refused")
    func tokens() async throws {
        let desk = try await GoogleDesk()
        let key = try TokenKey(pem: GoogleDesk.pem)
        let now = desk.post.clock.now.milliseconds / 1000
        func ask(_ claims: String) async throws -> (Int, String) {
            let assertion = try WebToken.sign(claims, with: key, kid: "one")
            let answer = try await desk.stage.send(
                Outgoing(
                    "POST", GoogleRehearsal.tokenAddress,
                    headers: [HeaderLine("Content-Type", "application/x-www-form-urlencoded")],
                    body: Array(
                        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=\(assertion)".utf8))
            )
            let value = try JSONDecoder().decode(GoogleValue.self, from: Data(answer.body))
            return (answer.status, value["error"]?.text ?? "")
        }
        func claims(_ scope: String, _ life: Int64, iss: String = GoogleDesk.account, sub: String = "") -> String {
            """
            {"iss":"\(iss)","scope":"\(scope)","aud":"https://oauth2.googleapis.com/token","iat":\(now),"exp":\(now + life)\(sub)}
            """
        }
        let scope = "https://www.googleapis.com/auth/calendar.events"
        #expect(try await ask(claims(scope, 3600)) == (200, ""))
        #expect(try await ask(claims(scope, 3601)) == (400, "invalid_grant"))
        #expect(try await ask(claims(scope, 3600, iss: "other@example.com")) == (400, "invalid_grant"))
        #expect(try await ask(claims("", 3600)) == (400, "invalid_scope"))
        #expect(try await ask(claims(scope, 3600, sub: #","sub":"nobody@example.com""#)) == (400, "invalid_grant"))
        #expect(
            try await ask(claims(scope, 3600, sub: #","sub":"anan@example.ac.th""#)) == (401, "unauthorized_client"))
    }

    @Test("more than so many requests in a minute are refused, and a minute later taken again")
    func quota() async throws {
        let desk = try await GoogleDesk()
        await desk.stage.arrange { $0.requestsPerMinute = 2 }
        for status in [200, 200, 403] { #expect(try await send(desk, "GET", "?maxResults=1").status == status) }
        desk.post.clock.set(desk.post.clock.now + .seconds(61))
        #expect(try await send(desk, "GET", "?maxResults=1").status == 200)
    }
}

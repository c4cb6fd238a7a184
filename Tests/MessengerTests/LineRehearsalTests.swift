// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope
import Rehearsal
import Testing

@Suite("LINE's rehearsal is as strict as its documentation") struct LineRehearsalTests {
    private static let key = "123e4567-e89b-12d3-a456-426614174000"
    private static let message = #"{"type":"text","text":"สวัสดี"}"#

    private func push(
        _ body: String, key: String? = Self.key, token: String = LineDesk.token, type: String = "application/json",
        path: String = "push"
    ) -> Outgoing {
        var headers = [HeaderLine("authorization", "Bearer \(token)"), HeaderLine("content-type", type)]
        if let key { headers.append(HeaderLine("x-line-retry-key", key)) }
        return Outgoing(
            "POST", "https://api.line.me/v2/bot/message/\(path)", headers: headers, body: Array(body.utf8))
    }

    private func to(_ messages: String...) -> String {
        #"{"to":"\#(LineDesk.user)","messages":[\#(messages.joined(separator: ","))]}"#
    }

    @Test("what it takes, and how it refuses the rest")
    func table() {
        var line = LineRehearsal(token: LineDesk.token)
        func buttons(_ text: String, _ action: String) -> String {
            #"{"type":"template","altText":"a","template":{"type":"buttons","text":"\#(text)","actions":[\#(action)]}}"#
        }
        let button = #"{"type":"postback","label":"รับทราบ","data":"acknowledge/1"}"#
        let long = String(repeating: "ก", count: 161)
        let cases: [(Outgoing, Int, String)] = [
            (push(to(Self.message, Self.message, Self.message, Self.message, Self.message)), 200, ""),
            (push(to(buttons("ข้อความ", button)), key: "123e4567-e89b-12d3-a456-426614174001"), 200, ""),
            (
                push(to(Self.message), token: "x"), 401,
                "Authentication failed due to the following reason: invalid token"
            ),
            (push(to(Self.message), type: "text/plain"), 415, "Unsupported media type"),
            (push("{"), 400, "The request body could not be parsed as JSON (line: 1, column: 1)"),
            (push(to(), key: nil), 400, "The request body has 1 error(s)"),
            (
                push(to(Self.message, Self.message, Self.message, Self.message, Self.message, Self.message)), 400,
                "The request body has 1 error(s)"
            ),
            (push(to(#"{"type":"text","text":"a","colour":"red"}"#)), 400, "The request body has 1 error(s)"),
            (push(#"{"to":"somchai","messages":[\#(Self.message)],"x":1}"#), 400, "The request body has 2 error(s)"),
            (push(to(buttons(long, button))), 400, "The request body has 1 error(s)"),
            (
                push(to(buttons("a", #"{"type":"uri","label":"x","uri":"javascript:1"}"#))), 400,
                "The request body has 1 error(s)"
            ),
            (push(to(Self.message), key: "not-a-uuid"), 400, "Invalid retry key"),
            (push(to(Self.message), path: "elsewhere"), 404, "Not found"),
        ]
        for (outgoing, status, message) in cases {
            let answer = line.answer(outgoing, at: Samples.now)
            let said = String(decoding: answer.body, as: UTF8.self)
            #expect(answer.status == status, "\(said)")
            if !message.isEmpty { #expect(said.contains("\"message\":\"\(message)\""), "\(said)") }
            #expect(answer.header("X-Line-Request-Id") != nil)
        }
        #expect(line.withoutRetryKey == 1)
        #expect(line.shown.count == 2)
    }

    @Test("a key is remembered for a day once it was accepted, and a refused request leaves it unused")
    func keys() {
        var line = LineRehearsal(token: LineDesk.token, quota: 1)
        #expect(line.answer(push(to("{}")), at: Samples.now).status == 400)
        #expect(line.answer(push(to(Self.message)), at: Samples.now).status == 200)
        let again = line.answer(push(to(Self.message), key: Self.key.uppercased()), at: Samples.now + .hours(23))
        #expect(again.status == 409)
        #expect(again.header("x-line-accepted-request-id") == "request-2")
        #expect(
            String(decoding: again.body, as: UTF8.self)
                == #"{"message":"The retry key is already accepted","sentMessages":[{"id":"500001"}]}"#)
        let late = line.answer(push(to(Self.message)), at: Samples.now + .hours(24))
        #expect(late.status == 429)
        #expect(String(decoding: late.body, as: UTF8.self) == #"{"message":"You have reached your monthly limit."}"#)
        #expect(line.used == 1)
    }

    @Test("a reply takes no key, and its token is good once")
    func replies() {
        var line = LineRehearsal(token: LineDesk.token, quota: 0)
        line.replyTokens = ["once"]
        let body = #"{"replyToken":"once","messages":[\#(Self.message)]}"#
        #expect(line.answer(push(body, path: "reply"), at: Samples.now).status == 400)
        #expect(line.answer(push(body, key: nil, path: "reply"), at: Samples.now).status == 200)
        #expect(line.answer(push(body, key: nil, path: "reply"), at: Samples.now).status == 400)
        #expect(line.shown.map(\.to) == ["reply:once"])
        #expect(line.used == 0)
    }
}

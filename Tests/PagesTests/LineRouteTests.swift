// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Rehearsal
import Secure
import Testing

@testable import Pages

/// LINE: its settings, its webhook, and the box on one's own page.
@Suite struct LineRouteTests {
    private static let secret = "channel-secret-of-the-rehearsal"
    private static let user = "U" + String(repeating: "0123456789abcdef", count: 2)

    /// An office that uses LINE.
    private func office() async throws -> OfficeFixture {
        let office = try await OfficeFixture()
        let answer = try await office.post(
            "/admin/ways/line", ["token": "token-1", "secret": Self.secret, "on": "yes"], as: Samples.prasert)
        #expect(answer.location == "/admin/ways/line?done=way_saved")
        return office
    }

    private func body(_ events: String...) -> String {
        #"{"destination":"U00000000000000000000000000000000","events":[\#(events.joined(separator: ","))]}"#
    }

    /// An event as LINE sends it, with members that mean nothing here.
    private func event(
        _ id: String, _ type: String, _ more: String = "", user: String = Self.user, source: String = "user",
        mode: String = "active"
    ) -> String {
        """
        {"type":"\(type)","mode":"\(mode)","timestamp":\(Samples.now.milliseconds),"webhookEventId":"\(id)",\
        "deliveryContext":{"isRedelivery":false},"source":{"type":"\(source)","userId":"\(user)"},\
        "replyToken":"reply-\(id)","new":{"kind":7}\(more)}
        """
    }

    private func said(_ text: String) -> String {
        #","message":{"id":"1","type":"text","quoteToken":"q","text":"\#(text)"}"#
    }

    private func sign(_ body: String, secret: String = Self.secret) -> String {
        Data(HMAC.sha256(Array(body.utf8), key: Array(secret.utf8))).base64EncodedString()
    }

    private func hook(
        _ office: OfficeFixture, _ body: String, signature: String?, more: [String: String] = [:]
    ) async throws -> Answer {
        var headers = ["Content-Type": "application/json"].merging(more) { $1 }
        headers["x-line-signature"] = signature
        return try await office.site.ask("POST", "/hooks/line", headers: headers, body: body)
    }

    private func send(_ office: OfficeFixture, _ events: String...) async throws {
        let body = #"{"destination":"","events":[\#(events.joined(separator: ","))]}"#
        #expect(try await hook(office, body, signature: sign(body)).status == 200)
    }

    private func code(_ office: OfficeFixture, for person: Person) async throws -> String {
        let page = try await office.post("/me/line", [:], as: person)
        #expect(page.status == 200)
        return try #require(page.body.firstMatch(of: /<code>([a-z0-9]{8})<\/code>/).map { String($0.1) })
    }

    @Test func keysAreKeptAndNeverShownAgain() async throws {
        let office = try await office()
        let page = try await office.get("/admin/ways/line", as: Samples.prasert)
        #expect(!page.body.contains("token-1"))
        #expect(!page.body.contains(Self.secret))
        #expect(page.text.contains("http://127.0.0.1:8080/hooks/line"), "what has to be typed at LINE")
        _ = try await office.post("/admin/ways/line", ["token": "token-2", "reduced": "yes"], as: Samples.prasert)
        let record = try await office.cabinet.way(.line)
        #expect(!record.isOn)
        #expect(
            LineSettings(json: record.settings)
                == LineSettings(token: "token-2", secret: Self.secret, isReduced: true))
        let wrong = try await office.post(
            "/admin/ways/line", ["token": "a b", "address": "http://line.example"], as: Samples.prasert)
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("มีอักขระที่ไม่ใช่ส่วนของรหัส"))
        #expect(try await office.get("/admin/ways/line", as: Samples.anan).status == 403)
    }

    @Test func theMeterIsShownAndTheAdministratorIsWarned() async throws {
        let office = try await office()
        var account = LineAccount(name: "สำนักคอมพิวเตอร์", basicID: "@123abcde", quota: 300, used: 239, at: Samples.now)
        try await office.cabinet.keep(account)
        let calm = "LINE ใช้ข้อความของเดือนนี้ไปแล้ว"
        #expect(try await !office.get("/admin", as: Samples.prasert).text.contains(calm))
        account.used = 240
        try await office.cabinet.keep(account)
        #expect(try await office.get("/admin", as: Samples.prasert).text.contains("\(calm) 240 จาก 300 (80%)"))
        let page = try await office.get("/admin/ways/line", as: Samples.prasert)
        #expect(page.text.contains("ใช้ไป 240 จาก 300 (80%)"))
        #expect(page.body.contains("https://line.me/R/ti/p/%40123abcde"))
    }

    @Test func nothingIsReadThatIsNotSigned() async throws {
        let office = try await office()
        let good = body(event("1", "follow"))
        let cases: [(String, String?, Int)] = [
            (good, nil, 401), (good, "", 401), (good, "AAAA", 401), (good, sign(good, secret: "another"), 401),
            (good, sign(body()), 401), (good + " ", sign(good), 401), (good, sign(good), 200),
            ("no json", sign("no json"), 400), (body(), sign(body()), 200),
            (String(repeating: "x", count: 262_145), "AAAA", 413),
        ]
        for (body, signature, status) in cases {
            #expect(try await hook(office, body, signature: signature).status == status, "\(body.prefix(40))")
        }
        // The guard against other sites lets what proves itself through, and nothing else.
        let foreign = ["Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"]
        #expect(try await hook(office, good, signature: sign(good), more: foreign).status == 200)
        #expect(isSignedHook("/hooks/line"))
        for path in ["/hooks/line/", "/hooks", "/hooks/other", "/me/line"] { #expect(!isSignedHook(path)) }
        let waiting = try await office.cabinet.waitingDeliveries(at: Samples.now, limits: [.line: 10])
        #expect(waiting.map(\.id) == ["line/1"], "the event counted once")
        _ = try await office.post("/admin/ways/line", ["token": "token-2"], as: Samples.prasert)
        #expect(try await hook(office, good, signature: sign(good)).status == 404)
    }

    @Test func theCodeOfOnesOwnPageBindsOnce() async throws {
        let office = try await office()
        try await office.cabinet.keep(
            LineAccount(name: "สำนักคอมพิวเตอร์", basicID: "@123abcde", quota: nil, used: 0, at: Samples.now))
        let before = try await office.get("/me", as: Samples.anan)
        #expect(before.text.contains("เพิ่มบัญชีของสำนักงานเป็นเพื่อน"))
        let first = try await code(office, for: Samples.anan)
        let second = try await code(office, for: Samples.anan)
        let reach = { try await office.cabinet.reach(of: Samples.anan.id, by: .line) }
        try await send(office, event("1", "message", said(first)))
        #expect(try await reach() == nil, "the newer code is the only one")
        let typed = " \(second.prefix(4).uppercased()) \(second.suffix(4)) "
        try await send(office, event("2", "message", said(typed), source: "group"))
        try await send(office, event("3", "message", said(typed), mode: "standby"))
        #expect(try await reach() == nil, "what is said in a group, or on standby, binds nobody")
        try await send(office, event("4", "message", said(typed)))
        #expect(try await reach() == Self.user)
        #expect(try await office.get("/me", as: Samples.anan).text.contains("ผูกแล้ว"))
        let other = "U" + String(repeating: "a", count: 32)
        try await send(office, event("5", "message", said(second), user: other))
        #expect(try await office.cabinet.person(reachedAt: other, by: .line) == nil)
        #expect(
            try await office.post("/me/line/removal", [:], as: Samples.anan).location == "/me?done=line_unbound#line")
        #expect(try await reach() == nil)
        #expect(
            try await office.cabinet.rosterChanges(limit: 2).map(\.what) == ["lineUnbound", "lineBound"])
        let page = try await office.get("/admin/changes", as: Samples.prasert)
        #expect(page.text.contains("เลิกผูกบัญชี LINE"))
    }

    @Test func anExpiredCodeBindsNobody() async throws {
        let office = try await office()
        let code = try await code(office, for: Samples.anan)
        office.clock.set(Samples.now + .minutes(10))
        try await send(office, event("1", "message", said(code)))
        #expect(try await office.cabinet.reach(of: Samples.anan.id, by: .line) == nil)
        let waiting = try await office.cabinet.waitingDeliveries(at: office.clock.now, limits: [.line: 10])
        #expect(waiting.map(\.freight) == [.reply(.wrongCode, token: "reply-1")])
        #expect(waiting.map(\.to) == [.office])
    }

    @Test func theButtonUnderANoticeAcknowledges() async throws {
        let office = try await office()
        try await office.cabinet.setReach(of: Samples.anan.id, by: .line, to: Self.user, at: Samples.now)
        try await office.matter(at: .toPrepare)
        office.clock.set(Samples.now + .hours(28))
        let notice = try #require(try await office.carry(at: office.clock.now, for: Samples.anan).last)
        let press = #","postback":{"data":"acknowledge/\#(notice.id)"}"#
        let stranger = "U" + String(repeating: "b", count: 32)
        try await send(office, event("1", "postback", press, user: stranger))
        #expect(try await office.cabinet.notice(notice.id)?.acknowledgedAt == nil)
        try await send(office, event("2", "postback", #","postback":{"data":"acknowledge/999999"}"#))
        try await send(office, event("3", "postback", #","postback":{"data":"else"}"#), event("4", "postback", press))
        #expect(try await office.cabinet.notice(notice.id)?.acknowledgedAt == office.clock.now)
        try await send(office, event("5", "unfollow"))
        // Older than nothing: by LINE's clock it was before the binding's own moment only when it says so.
        #expect(try await office.cabinet.reach(of: Samples.anan.id, by: .line) == nil)
    }

    @Test func whoWritesWithoutEndIsNotHeard() async throws {
        let office = try await office()
        for number in 1...25 { try await send(office, event("\(number)", "message", said("สวัสดี"))) }
        let waiting = try await office.cabinet.waitingDeliveries(at: Samples.now, limits: [.line: 100])
        #expect(waiting.count == 20)
        let code = try await code(office, for: Samples.anan)
        try await send(office, event("26", "message", said(code)))
        #expect(try await office.cabinet.reach(of: Samples.anan.id, by: .line) == nil)
        office.clock.set(Samples.now + .minutes(10) - .seconds(1))
        #expect(try await office.get("/me", as: Samples.anan).status == 200)
    }

    @Test func anOfficeWithoutLineHasNoBox() async throws {
        let office = try await OfficeFixture()
        #expect(try await !office.get("/me", as: Samples.anan).body.contains("/me/line"))
        #expect(try await office.post("/me/line", [:], as: Samples.anan).status == 404)
        #expect(try await hook(office, body(), signature: sign(body())).status == 404)
    }

    @Test func whatIsWrongAtLineIsSaidPlainly() throws {
        let words = try Stationery().words(.thai)
        #expect(LineWay.said(Trouble(.notSetUp, "webhook"), words)?.hasPrefix("ยังไม่ได้ตั้ง Webhook URL") == true)
        #expect(LineWay.said(Trouble(.notSetUp, "webhook: off"), words)?.hasPrefix("Webhook ใน LINE ปิดอยู่") == true)
        #expect(
            LineWay.said(Trouble(.notSetUp, "webhook: a ≠ b"), words)
                == "Webhook URL ที่ตั้งไว้ใน LINE ไม่ใช่ของระบบนี้ (a ≠ b) กรุณาแก้ใน LINE Developers Console")
        #expect(LineWay.said(Trouble(.wrongCredentials, "webhook"), words) == nil)
    }
}

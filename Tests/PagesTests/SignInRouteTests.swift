// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Secure
import Testing

@testable import Pages

/// The door: passwords, throttling, the demo's buttons, and the one link that makes the first administrator.
@Suite struct SignInRouteTests {
    private func officeWithPassword() async throws -> OfficeFixture {
        let office = try await OfficeFixture()
        let hash = try PasswordHash.make("สัญญาณดีทุกวัน")
        _ = try await office.cabinet.save(Samples.somsri, passwordHash: hash, by: nil, at: Samples.now)
        return office
    }

    @Test func theRightPasswordLeadsWhereSheWanted() async throws {
        let office = try await officeWithPassword()
        let shut = try await office.get("/reports")
        #expect((shut.status, shut.location) == (303, "/sign-in?to=/reports"))
        let answer = try await office.post(
            "/sign-in", ["username": " SomSri ", "password": "สัญญาณดีทุกวัน", "to": "/reports"])
        #expect((answer.status, answer.location) == (303, "/reports"))
        let cookie = try #require(answer.headers["set-cookie"])
        #expect(cookie.contains(/^sanyan=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/))
        let token = String(cookie.split(separator: ";")[0])
        let page = try await office.site.ask("GET", "/reports", headers: ["Cookie": token])
        #expect(page.status == 200)

        let out = try await office.site.ask("POST", "/sign-out", headers: ["Cookie": token])
        #expect(out.location == "/sign-in?done=signed_out")
        #expect(out.headers["set-cookie"]?.contains("Max-Age=0") == true)
        #expect(try await office.site.ask("GET", "/reports", headers: ["Cookie": token]).status == 303)
    }

    @Test func anotherSiteIsNoPlaceToGo() async throws {
        let office = try await officeWithPassword()
        for to in ["https://example.org/", "//example.org", "/\\example.org", ""] {
            let answer = try await office.post(
                "/sign-in", ["username": "somsri", "password": "สัญญาณดีทุกวัน", "to": to])
            #expect(answer.location == "/desk")
        }
    }

    @Test func overHTTPSTheCookieIsSecure() async throws {
        let office = try await officeWithPassword()
        let answer = try await office.site.ask(
            "POST", "/sign-in",
            headers: ["Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-Proto": "https"],
            body: "username=somsri&password=\(OfficeFixture.encoded("สัญญาณดีทุกวัน"))")
        #expect(answer.headers["set-cookie"]?.hasSuffix("; Secure") == true)
    }

    @Test func wrongPasswordUnknownNameAndSomebodyWhoLeftGetTheSameSentence() async throws {
        let office = try await officeWithPassword()
        var left = Samples.pimjai
        left.isActive = false
        _ = try await office.cabinet.save(
            left, passwordHash: try PasswordHash.make("ลาออกไปแล้วจ้า"), by: nil, at: Samples.now)
        for (name, password) in [("somsri", "ผิด"), ("nobody", "ผิด"), ("pimjai", "ลาออกไปแล้วจ้า"), ("", "")] {
            let answer = try await office.post("/sign-in", ["username": name, "password": password])
            #expect(answer.status == 422)
            #expect(answer.text.contains("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"))
            #expect(answer.field("username") == name)
            #expect(answer.field("password") == "", "a password is never sent back")
            #expect(answer.headers["set-cookie"] == nil)
        }
    }

    @Test func aSixthTryHasToWait() async throws {
        let office = try await officeWithPassword()
        for _ in 0..<5 {
            #expect(try await office.post("/sign-in", ["username": "somsri", "password": "ผิด"]).status == 422)
        }
        let right: KeyValuePairs = ["username": "somsri", "password": "สัญญาณดีทุกวัน"]
        let answer = try await office.post("/sign-in", right)
        #expect(answer.status == 429)
        #expect(answer.text.contains("กรุณารอ 15 นาที"))
        office.clock.set(Samples.now + .minutes(16))
        #expect(try await office.post("/sign-in", right).status == 303)
    }

    @Test func theDemosButtonsWorkOnlyInTheDemo() async throws {
        let office = try await OfficeFixture()
        #expect(try await office.post("/sign-in/demo", ["person": "1"]).status == 404)
        #expect(!(try await office.get("/sign-in").body.contains("/sign-in/demo")))
        var parts = office.counter.parts
        parts.isDemo = true
        let demo = Site(paper: office.counter.paper, parts: parts)
        let page = try await demo.ask("GET", "/sign-in")
        #expect(page.body.matches(of: /<button class="quiet" name="person"/).count == Samples.people.count)
        let headers = ["Content-Type": "application/x-www-form-urlencoded"]
        let pressed = try await demo.ask("POST", "/sign-in/demo", headers: headers, body: "person=3")
        #expect(pressed.location == "/desk")
        #expect(try await demo.ask("POST", "/sign-in/demo", headers: headers, body: "person=99").status == 422)
    }

    @Test func theWelcomeLinkMakesOneAdministrator() async throws {
        let office = try await OfficeFixture()
        let token = Token.random()
        try await office.cabinet.keep(
            key: sessionHash(token), purpose: "welcome", person: nil, until: Samples.now + .hours(24))
        #expect(try await office.get("/welcome/\(token)").status == 200)
        #expect(try await office.get("/welcome/\(Token.random())").status == 410)

        let bad = try await office.post(
            "/welcome/\(token)", ["name": "<b>นายใหม่</b>", "username": "ใหม่", "password": "สั้น", "again": "ยาว"])
        #expect(bad.status == 422)
        #expect(bad.body.contains("value=\"&lt;b&gt;นายใหม่&lt;/b&gt;\""))
        for name in ["username", "password", "again"] { #expect(bad.body.contains("id=\"\(name)-error\"")) }

        let good: KeyValuePairs = [
            "name": "นายใหม่ เริ่มงาน", "username": "mai", "password": "สัญญาณดีทุกวัน", "again": "สัญญาณดีทุกวัน",
        ]
        let answer = try await office.post("/welcome/\(token)", good)
        #expect((answer.status, answer.location) == (303, "/admin?done=welcomed"))
        let made = try #require(try await office.cabinet.credential(username: "mai"))
        #expect(made.person.roles == [.administrator])
        let again = try await office.post("/welcome/\(token)", good)
        #expect(again.status == 410)
        #expect(again.text.contains("ลิงก์นี้ใช้ไปแล้วหรือหมดอายุแล้ว"))
    }

    @Test func anOldWelcomeLinkIsRefused() async throws {
        let office = try await OfficeFixture()
        let token = Token.random()
        try await office.cabinet.keep(
            key: sessionHash(token), purpose: "welcome", person: nil, until: Samples.now + .hours(1))
        office.clock.set(Samples.now + .hours(2))
        #expect(try await office.get("/welcome/\(token)").status == 410)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Secure
import Testing

@testable import Pages

/// The door with somebody behind it who vouches: journeys, directories, passkeys, and what an administrator sees.
@Suite struct EntranceRouteTests {
    /// Somebody at the door who believes what a test says.
    struct PlayedDoor: FrontDoor {
        var outsider: Outsider
        var fault: EntranceFault?

        func depart(
            _ settings: OpenIDSettings, home: String
        ) async throws(EntranceFault) -> (address: String, journey: OpenIDJourney) {
            if let fault { throw fault }
            let journey = OpenIDJourney(
                issuer: settings.issuer, state: "state-1", nonce: "nonce", verifier: "verifier", begunAt: Samples.now)
            return ("https://sso.example.ac.th/authorize?redirect_uri=\(home)", journey)
        }

        func arrive(
            _ settings: OpenIDSettings, _ back: OpenIDReturn, of journey: OpenIDJourney, home: String
        ) async throws(EntranceFault) -> (outsider: Outsider, token: String) {
            if let error = back.error { throw EntranceFault(.refusedThere, error) }
            guard back.code == "good", journey.verifier == "verifier" else { throw EntranceFault(.codeRefused) }
            return (outsider, "a.b.c")
        }

        func farewell(
            _ settings: OpenIDSettings, hint: String?, home: String
        ) async throws(EntranceFault) -> String? { "https://sso.example.ac.th/logout?hint=\(hint ?? "")" }

        func probe(_ settings: OpenIDSettings, home: String) async -> [EntranceFinding] {
            [EntranceFinding(.issuer, fault: EntranceFault(.wrongIssuer, settings.issuer))]
        }

        func signIn(
            _ settings: DirectorySettings, username: String, password: String
        ) async throws(EntranceFault) -> Outsider {
            if let fault { throw fault }
            guard password == "the directory's" else { throw EntranceFault(.wrongPassword) }
            return outsider
        }

        func lookUp(_ settings: DirectorySettings, usernames: [String]) async throws(EntranceFault) -> [Outsider] {
            usernames.contains(outsider.username) ? [outsider] : []
        }

        func probe(_ settings: DirectorySettings, username: String) async -> [EntranceFinding] { [] }

        func read(_ pasted: String, by settings: SignInSettings) throws(EntranceFault) -> [Outsider] {
            guard pasted == "anan" else { throw EntranceFault(.unreadable) }
            return [outsider]
        }

        func register(_ answer: PasskeyAnswer, to question: PasskeyQuestion) throws(EntranceFault) -> NewPasskey {
            NewPasskey(credential: answer.credential, publicKey: answer.authenticatorData, algorithm: .es256, count: 0)
        }

        func verify(
            _ answer: PasskeyAnswer, of passkey: Passkey, to question: PasskeyQuestion
        ) throws(EntranceFault) -> Int {
            guard answer.signature == Array(question.challenge.utf8) else { throw EntranceFault(.wrongPasskey) }
            return passkey.count + 1
        }
    }

    private let administrator = Samples.people.first { $0.roles.contains(.administrator) }

    /// An office in which everything is set up: anan's account outside finds her by her username.
    private func office(_ fault: EntranceFault? = nil) async throws -> (OfficeFixture, Site) {
        let office = try await OfficeFixture()
        var settings = SignInSettings()
        settings.openID.isOn = true
        settings.openID.label = "มหาวิทยาลัยตัวอย่าง"
        settings.openID.issuer = "https://sso.example.ac.th"
        settings.openID.clientSecret = "MARKED-SECRET"
        settings.openID.endsThere = true
        settings.directory.isOn = true
        settings.directory.host = "127.0.0.1"
        settings.offersPasskeys = true
        settings.linking = [.username]
        settings.rules = [RoleRule(group: "av", role: .network)]
        try await office.cabinet.save(settings, by: nil, at: Samples.now)
        var parts = office.counter.parts
        let outsider = Outsider(
            source: .openID, issuer: "https://sso.example.ac.th", subject: "s1", username: Samples.somsri.username,
            name: "สมศรี", groups: ["av"])
        parts.door = PlayedDoor(outsider: outsider, fault: fault)
        return (office, Site(paper: office.counter.paper, parts: parts))
    }

    private func post(
        _ site: Site, _ path: String, _ fields: KeyValuePairs<String, String>, cookie: String = ""
    ) async throws -> Answer {
        let body = fields.map { "\(OfficeFixture.encoded($0))=\(OfficeFixture.encoded($1))" }.joined(separator: "&")
        return try await site.ask(
            "POST", path, headers: ["Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie], body: body)
    }

    /// The name and value of a cookie that an answer sets.
    private func cookie(_ name: String, _ answer: Answer) -> String? {
        answer.headers["set-cookie"]?.split(separator: "\n").map(String.init)
            .first { $0.hasPrefix("\(name)=") && !$0.contains("Max-Age=0") }?.split(separator: ";").first.map(
                String.init)
    }

    @Test func aJourneyThereAndBackOpensASession() async throws {
        let (_, site) = try await office()
        let page = try await site.ask("GET", "/sign-in?to=/reports")
        #expect(page.body.contains("href=\"/sign-in/openid?to=/reports\""))
        let there = try await site.ask("GET", "/sign-in/openid?to=/reports")
        #expect(there.status == 303)
        #expect(there.location?.hasPrefix("https://sso.example.ac.th/authorize?") == true)
        let line = try #require(there.headers["set-cookie"])
        #expect(line.contains(/^sanyan-journey=[A-Za-z0-9_-]+; Path=\/sign-in; HttpOnly; SameSite=Lax; Max-Age=600$/))
        let journey = try #require(cookie("sanyan-journey", there))
        let back = try await site.ask(
            "GET", "/sign-in/openid/return?code=good&state=state-1", headers: ["Cookie": journey])
        #expect((back.status, back.location) == (303, "/reports"))
        let session = try #require(cookie("sanyan", back))
        #expect(try await site.ask("GET", "/reports", headers: ["Cookie": session]).status == 200)
        // The same journey again, though the browser kept its cookie: it is used up.
        let again = try await site.ask(
            "GET", "/sign-in/openid/return?code=good&state=state-1", headers: ["Cookie": journey])
        #expect(again.status == 422)
        #expect(again.text.contains("ใช้ไปแล้ว"))
        #expect(cookie("sanyan", again) == nil)
        // Signing out leads out there, from a page and not from a form's answer.
        let hint = try #require(cookie("sanyan-farewell", back))
        let out = try await post(site, "/sign-out", [:], cookie: session + "; " + hint)
        #expect(out.status == 200)
        #expect(out.headers["refresh"] == "1; url=https://sso.example.ac.th/logout?hint=a.b.c")
        #expect(try await site.ask("GET", "/reports", headers: ["Cookie": session]).status == 303)
    }

    @Test(arguments: [
        "code=good&state=state-2", "code=good", "code=bad&state=state-1", "error=access_denied&state=state-1",
    ])
    func aReturnThatIsNotOursOpensNothing(_ query: String) async throws {
        let (_, site) = try await office()
        let journey = try #require(cookie("sanyan-journey", try await site.ask("GET", "/sign-in/openid")))
        let back = try await site.ask("GET", "/sign-in/openid/return?\(query)", headers: ["Cookie": journey])
        #expect(back.status == 422)
        #expect(cookie("sanyan", back) == nil)
        let other = try await site.ask(
            "GET", "/sign-in/openid/return?code=good&state=state-1", headers: ["Cookie": "sanyan-journey=forged"])
        #expect(other.text.contains("ไม่ได้เริ่มจากเบราว์เซอร์นี้"))
    }

    @Test func theDirectorysPasswordIsGoodWhereOursIsNot() async throws {
        let (_, site) = try await office()
        let name = Samples.somsri.username
        let wrong = try await post(site, "/sign-in", ["username": name, "password": "guess"])
        #expect((wrong.status, cookie("sanyan", wrong)) == (422, nil))
        let empty = try await post(site, "/sign-in", ["username": name, "password": ""])
        #expect((empty.status, cookie("sanyan", empty)) == (422, nil))
        let right = try await post(site, "/sign-in", ["username": name, "password": "the directory's"])
        #expect(right.status == 303)
        #expect(cookie("sanyan", right) != nil)
    }

    @Test func aDirectoryThatDoesNotAnswerIsSaidAndLocalPasswordsStillWork() async throws {
        let (office, site) = try await office(EntranceFault(.timedOut))
        _ = try await office.cabinet.save(
            Samples.somsri, passwordHash: try PasswordHash.make("สัญญาณดีทุกวัน"), by: nil, at: Samples.now)
        let lost = try await post(site, "/sign-in", ["username": "somebody", "password": "x"])
        #expect(lost.text.contains("ไม่ตอบภายในเวลา"))
        let here = try await post(site, "/sign-in", ["username": "somsri", "password": "สัญญาณดีทุกวัน"])
        #expect(here.status == 303)
    }

    @Test func aPasskeyIsMadeUsedAndRemoved() async throws {
        let (office, site) = try await office()
        // A passkey is bound to a name; the sample office is reached by a number.
        var named = try await office.cabinet.office()
        named.address = "https://sanyan.example.ac.th"
        try await office.cabinet.save(named, by: nil, at: Samples.now)
        let person = Samples.somsri
        let session = "\(sessionCookie)=key-\(person.username)"
        let asked = try await post(site, "/me/passkeys/question", [:], cookie: session)
        let question = try #require(cookie("sanyan-passkey", asked))
        let user = try #require(asked.body.firstMatch(of: /"user":"([^"]+)"/)).1
        let made = try await post(
            site, "/me/passkeys",
            [
                "credential": "AQID", "client": "AA", "device": "CQkJ", "signature": "", "user": "",
                "passkeyName": "<โทรศัพท์>",
            ],
            cookie: session + "; " + question)
        #expect(made.location == "/me?done=passkey_kept")
        #expect(try await office.cabinet.passkeys(of: person.id).map(\.name) == ["<โทรศัพท์>"])

        func signIn(_ user: String, answering kept: String? = nil) async throws -> Answer {
            let asked = try await post(site, "/sign-in/passkey/question", [:])
            let question = try kept ?? #require(cookie("sanyan-passkey", asked))
            let challenge = try #require(asked.body.firstMatch(of: /"challenge":"([^"]+)"/)).1
            return try await post(
                site, "/sign-in/passkey",
                [
                    "credential": "AQID", "client": "AA", "device": "AA",
                    "signature": Base64URL.text(Array(challenge.utf8)), "user": user, "to": "/reports",
                ], cookie: question)
        }
        let right = try await signIn(String(user))
        #expect((right.status, right.location) == (303, "/reports"))
        #expect(try await signIn("AAAA").text.contains("ไม่รู้จักพาสคีย์นี้"), "another's handle")
        #expect(try await signIn(String(user), answering: question).status == 422, "a question for making one")
        let id = try #require(try await office.cabinet.passkeys(of: person.id).first?.id)
        let others = "\(sessionCookie)=key-\(Samples.wichai.username)"
        #expect(try await post(site, "/me/passkeys/\(id)/removal", [:], cookie: others).status == 404)
        #expect(try await post(site, "/me/passkeys/\(id)/removal", [:], cookie: session).status == 303)
        #expect(try await signIn(String(user)).text.contains("ไม่รู้จักพาสคีย์นี้"))
    }

    @Test func onlyAdministratorsSettleItAndSecretsAreNeverShown() async throws {
        let (office, site) = try await office()
        let administrator = try #require(administrator)
        let mine = "\(sessionCookie)=key-\(administrator.username)"
        for path in ["", "/openid", "/directory", "/roles"] {
            let page = try await site.ask("GET", "/admin/sign-in\(path)", headers: ["Cookie": mine])
            #expect(page.status == 200)
            #expect(!page.body.contains("MARKED-SECRET"))
            #expect(
                try await site.ask("GET", "/admin/sign-in\(path)", headers: office.cookie(Samples.wichai)).status == 403
            )
        }
        let form: KeyValuePairs = [
            "label": "ม.", "issuer": "https://sso.example.ac.th", "clientID": "new", "clientSecret": "",
            "scopes": "openid",
            "groupClaims": "groups", "usernameClaim": "sub", "do": "test",
        ]
        let tested = try await post(site, "/admin/sign-in/openid", form, cookie: mine)
        #expect(tested.text.contains("ผู้ให้บริการบอกชื่อไม่ตรงกับที่ตั้งไว้ (https://sso.example.ac.th)"))
        #expect(try await office.cabinet.signInSettings().openID.clientID == "", "a test keeps nothing")
        let saved: KeyValuePairs = [
            "label": "ม.", "issuer": "https://sso.example.ac.th", "clientID": "new", "scopes": "openid",
            "groupClaims": "groups", "usernameClaim": "sub",
        ]
        #expect(try await post(site, "/admin/sign-in/openid", saved, cookie: mine).status == 303)
        let kept = try await office.cabinet.signInSettings().openID
        #expect((kept.clientID, kept.clientSecret, kept.isOn) == ("new", "MARKED-SECRET", false))
    }

    @Test func aPreviewTellsWhoGainsAndLosesAndKeepsNothing() async throws {
        let (office, site) = try await office()
        let administrator = try #require(administrator)
        let before = try await office.cabinet.signInSettings()
        let page = try await post(
            site, "/admin/sign-in/roles",
            [
                "group1": "av", "role1": "officer", "linking": "username", "newcomers": "invited", "rolesFollow": "yes",
                "pasted": "anan", "do": "preview",
            ], cookie: "\(sessionCookie)=key-\(administrator.username)")
        #expect(page.status == 200)
        #expect(page.text.contains("จะผูกกับ \(Samples.somsri.name) ด้วยชื่อผู้ใช้"))
        #expect(page.text.contains("ได้ เจ้าหน้าที่"))
        #expect(try await office.cabinet.signInSettings() == before)
        #expect(try await office.cabinet.people().first { $0.id == Samples.somsri.id }?.roles == Samples.somsri.roles)
    }
}

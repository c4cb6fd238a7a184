// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope
import Foundation
import Secure
import Synchronization
import Testing

@testable import Entrance

/// The code flow against a provider that is strict, and then one that lies.
@Suite struct OpenIDTests {
    /// A clock that stands where a test puts it.
    final class Wall: Sendable {
        private let moment = Mutex(Moment(milliseconds: 1_795_572_000_000))
        var now: Moment { moment.withLock { $0 } }
        func pass(_ length: Length) { moment.withLock { $0 = $0 + length } }
    }

    let wall = Wall()
    let provider: PlayedProvider
    let door: OpenIDDoor
    let settings: OpenIDSettings

    init() throws {
        let (wall, provider) = (wall, try PlayedProvider(at: wall.now))
        self.provider = provider
        door = OpenIDDoor(courier: provider, now: { wall.now })
        var settings = OpenIDSettings()
        settings.issuer = PlayedProvider.issuer
        settings.clientID = "sanyan"
        settings.clientSecret = "s cret"
        self.settings = settings
    }

    /// Goes there and comes back, as a browser does.
    private func signIn() async throws -> Outsider {
        let (address, journey) = try await door.depart(settings, home: PlayedProvider.home)
        let back = try await provider.agree(address)
        return try await door.arrive(settings, back, of: journey, home: PlayedProvider.home).outsider
    }

    private func fault(_ kind: EntranceFault.Kind, _ detail: String = "") -> EntranceFault { .init(kind, detail) }

    @Test func aPersonComesBackWithTheirGroups() async throws {
        let person = try await signIn()
        #expect(
            person
                == Outsider(
                    source: .openID, issuer: PlayedProvider.issuer, subject: "person-7",
                    username: "pimjai@example.ac.th", name: "นางพิมพ์ใจ ตัวอย่าง", groups: ["/av/officers", "staff"]))
        #expect(person.usernameHere == "pimjai")
        #expect(await provider.count(of: "/person") == 0, "what the token says is not asked again")
        let token = try #require(await provider.last("/token"))
        #expect(!token.address.contains("code"))
        #expect(token.mayStayInside, "the token endpoint lies where the issuer does")
    }

    @Test func groupsThatTheTokenDoesNotSayAreAskedFor() async throws {
        await provider.set(saysGroups: false)
        let person = try await signIn()
        #expect(person.groups == ["/av/officers"])
        #expect((person.mail, person.isMailVerified) == ("pimjai@example.ac.th", true))
        #expect(person.name == "นางพิมพ์ใจ ตัวอย่าง", "what the token says stays")
    }

    @Test(arguments: [
        (PlayedProvider.Mischief.noSignature, EntranceFault.Kind.malformedToken), (.sharedSecret, .wrongSignature),
        (.foreignKey, .wrongSignature), (.wrongIssuer, .wrongIssuer), (.wrongAudience, .wrongAudience),
        (.wrongParty, .wrongAudience), (.wrongNonce, .wrongNonce), (.noNonce, .wrongNonce), (.expired, .expiredToken),
        (.fromTomorrow, .futureToken), (.issuedLongAgo, .expiredToken), (.noSubject, .noSubject),
        (.wrongAccessToken, .malformedToken),
    ])
    func aTokenThatLiesIsRefused(_ mischief: PlayedProvider.Mischief, _ kind: EntranceFault.Kind) async throws {
        await provider.set(mischief)
        let fault = await #expect(throws: EntranceFault.self) { try await signIn() }
        #expect(fault?.kind == kind)
    }

    @Test func everyLieIsTried() {
        #expect(PlayedProvider.Mischief.allCases.count == 13 + 1, "and the particulars of somebody else, below")
    }

    @Test func somebodyElsesParticularsAreRefused() async throws {
        await provider.set(saysGroups: false)
        await provider.set(.wrongPersonsParticulars)
        await #expect(throws: fault(.wrongPerson, "sub")) { try await signIn() }
    }

    @Test func clocksMayDifferByAMinute() async throws {
        wall.pass(.seconds(59))
        _ = try await signIn()
        await provider.set(clock: wall.now + .seconds(59))
        _ = try await signIn()
        await provider.set(clock: wall.now - .seconds(359))
        _ = try await signIn()
        await provider.set(clock: wall.now - .seconds(361))
        await #expect(throws: fault(.expiredToken, "exp")) { try await signIn() }
    }

    @Test func aNewKeyIsFetchedAndStrangersDoNotMakeUsFetchForEver() async throws {
        _ = try await signIn()
        #expect(await provider.count(of: "/keys") == 1)
        try await provider.rotate(to: "second")
        // Within the minute the keys are not asked for again.
        await #expect(throws: fault(.unknownKey)) { try await signIn() }
        #expect(await provider.count(of: "/keys") == 1)
        wall.pass(.seconds(61))
        await provider.set(clock: wall.now)
        _ = try await signIn()
        #expect(await provider.count(of: "/keys") == 2)
        // A key that the provider never announces is asked about once a minute, not for every token.
        await provider.set(.foreignKey)
        for _ in 0..<3 { await #expect(throws: fault(.wrongSignature)) { try await signIn() } }
        #expect(await provider.count(of: "/keys") == 2)
        // The document was read once.
        #expect(await provider.count(of: "/openid-configuration") == 1)
    }

    @Test func aCodeIsGoodOnceAndOnlyWithItsVerifier() async throws {
        let (address, journey) = try await door.depart(settings, home: PlayedProvider.home)
        let back = try await provider.agree(address)
        var other = journey
        other.verifier = Token.random()
        await #expect(throws: fault(.codeRefused, "invalid_grant")) {
            try await door.arrive(settings, back, of: other, home: PlayedProvider.home)
        }
        // The provider has used the code up.
        await #expect(throws: fault(.codeRefused, "invalid_grant")) {
            try await door.arrive(settings, back, of: journey, home: PlayedProvider.home)
        }
    }

    @Test func whatWasNotBegunHereDoesNotEndHere() async throws {
        let (address, journey) = try await door.depart(settings, home: PlayedProvider.home)
        var back = try await provider.agree(address)
        back.state = Token.random()
        await #expect(throws: fault(.notStartedHere)) {
            try await door.arrive(settings, back, of: journey, home: PlayedProvider.home)
        }
        wall.pass(.minutes(10))
        back.state = journey.state
        await #expect(throws: fault(.tookTooLong)) {
            try await door.arrive(settings, back, of: journey, home: PlayedProvider.home)
        }
        #expect(await provider.count(of: "/token") == 0)
    }

    @Test func theProvidersOwnNameIsInTheAnswerWhenItSaysSo() async throws {
        await provider.set(namesItself: true)
        _ = try await signIn()
        let (address, journey) = try await door.depart(settings, home: PlayedProvider.home)
        for issuer in [nil, "https://mixup.example.org"] as [String?] {
            var back = try await provider.agree(address)
            back.issuer = issuer
            await #expect(throws: fault(.wrongIssuer, "iss")) {
                try await door.arrive(settings, back, of: journey, home: PlayedProvider.home)
            }
        }
    }

    @Test func theProvidersRefusalIsToldByItsCodeOnly() async throws {
        let (_, journey) = try await door.depart(settings, home: PlayedProvider.home)
        let back = OpenIDReturn(
            code: "", state: journey.state, issuer: nil,
            error: "access_denied<script>\u{0e01} " + String(repeating: "x", count: 99))
        let told = await #expect(throws: EntranceFault.self) {
            try await door.arrive(settings, back, of: journey, home: PlayedProvider.home)
        }
        #expect(told?.kind == .refusedThere)
        #expect(told?.detail.hasPrefix("access_deniedscript") == true)
        #expect((told?.detail.count ?? 99) <= 60)
    }

    @Test func theSecretGoesTheWayTheProviderWants() async throws {
        _ = try await signIn()
        #expect(await provider.last("/token")?.headers.contains { $0.isNamed("Authorization") } == true)
        await provider.set(clientMethods: ["client_secret_post"])
        wall.pass(.hours(2))
        await provider.set(clock: wall.now)
        _ = try await signIn()
        #expect(await provider.last("/token")?.headers.contains { $0.isNamed("Authorization") } == false)
        var wrong = settings
        wrong.clientSecret = "guess"
        let (address, journey) = try await door.depart(wrong, home: PlayedProvider.home)
        let back = try await provider.agree(address)
        await #expect(throws: fault(.clientRefused, "invalid_client")) {
            try await door.arrive(wrong, back, of: journey, home: PlayedProvider.home)
        }
    }

    @Test func theIssuerIsComparedLetterByLetter() async throws {
        var other = settings
        other.issuer = PlayedProvider.issuer + "/"
        let told = await #expect(throws: EntranceFault.self) {
            try await door.depart(other, home: PlayedProvider.home)
        }
        #expect(told == fault(.wrongIssuer, PlayedProvider.issuer))
        #expect(await provider.count(of: "/openid-configuration") == 1)
        for issuer in ["http://sso.example.ac.th", "ftp://sso.example.ac.th", "https://u@sso.example.ac.th", ""] {
            other.issuer = issuer
            await #expect(throws: fault(.notSetUp, "issuer")) {
                try await door.depart(other, home: PlayedProvider.home)
            }
        }
    }

    @Test func signingOutGoesThereWithTheHint() async throws {
        let address = try await door.farewell(settings, hint: "a.b.c", home: "https://office.example.ac.th/sign-in")
        #expect(
            address == PlayedProvider.issuer
                + "/logout?from=op&id_token_hint=a.b.c&client_id=sanyan"
                + "&post_logout_redirect_uri=https%3A%2F%2Foffice.example.ac.th%2Fsign-in")
    }

    @Test func aTestSaysWhatItFound() async throws {
        var wanting = settings
        wanting.scopes = "openid groups"
        wanting.endsThere = true
        let findings = await door.probe(wanting, home: PlayedProvider.home)
        #expect(findings.map(\.step) == [.discovery, .issuer, .keys, .pkce, .scopes, .logout, .redirect])
        #expect(findings.allSatisfy { $0.fault == nil })
        #expect(findings.first { $0.step == .scopes } == EntranceFinding(.scopes, detail: "groups", isRemark: true))
        wanting.issuer = "https://nowhere.example.ac.th"
        #expect(
            await door.probe(wanting, home: PlayedProvider.home)
                == [EntranceFinding(.discovery, fault: fault(.noDiscovery, "HTTP 404"))])
    }
}

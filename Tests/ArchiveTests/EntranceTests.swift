// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import GRDB
import Rehearsal
import Testing

@testable import Archive

/// People who come in from outside, as the cabinet keeps them.
@Suite struct EntranceTests {
    private let now = Samples.now

    private func office() async throws -> SQLiteCabinet {
        let cabinet = try SQLiteCabinet.inMemory()
        for person in Samples.people {
            var new = person
            new.id = Person.ID(0)
            _ = try await cabinet.save(new, passwordHash: "$argon2id$", by: nil, at: now)
        }
        var settings = SignInSettings()
        settings.openID.clientSecret = "a secret of the provider"
        settings.rules = [RoleRule(group: "av", role: .officer)]
        settings.newcomers = .whoHasRole
        settings.rolesFollow = true
        try await cabinet.save(settings, by: nil, at: now)
        return cabinet
    }

    private func outsider(groups: [String]) -> Outsider {
        Outsider(
            source: .openID, issuer: "https://sso.example.ac.th", subject: "s7", username: "newcomer",
            name: "นายผู้มาใหม่", groups: groups)
    }

    @Test func whoComesTwiceIsOnePersonWhoseRolesFollow() async throws {
        let cabinet = try await office()
        let first = try await cabinet.arrive(outsider(groups: ["av"]), at: now)
        let person = try #require(first.person)
        #expect((first.acquaintance, person.roles) == (.made, [.officer]))
        #expect(try await cabinet.people().contains(person))
        let second = try await cabinet.arrive(outsider(groups: []), at: now + .days(1))
        #expect((second.acquaintance, second.turnedAway, second.lost) == (.known, .noRole, [.officer]))
        #expect(try await cabinet.people().first { $0.id == person.id }?.roles == [])
        let roster = try await cabinet.entranceRoster()
        #expect(roster.identities.map(\.person) == [person.id])
        #expect(roster.identities.map(\.seenAt) == [now + .days(1)])
        #expect(!roster.withPassword.contains(person.id))
        let changes = try await cabinet.rosterChanges(limit: 3).map(\.what)
        #expect(changes == ["outsideRoles", "outsideRoles", "outsideLinked"])
    }

    @Test func whoIsTurnedAwayLeavesNoTrace() async throws {
        let cabinet = try await office()
        let before = try await cabinet.people()
        #expect(try await cabinet.arrive(outsider(groups: ["students"]), at: now).turnedAway == .noRole)
        #expect(try await cabinet.people() == before)
        #expect(try await cabinet.entranceRoster().identities == [])
    }

    @Test func anUnlinkedAccountIsAStrangerAgain() async throws {
        let cabinet = try await office()
        let person = try #require(try await cabinet.arrive(outsider(groups: ["av"]), at: now).person)
        try await cabinet.unlink(person.id, by: nil, at: now)
        #expect(try await cabinet.entranceRoster().identities == [])
        #expect(try await cabinet.arrive(outsider(groups: ["av"]), at: now).person?.username == "newcomer-2")
    }

    @Test func nothingOfItLiesInTheClear() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "entrance-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }  // A left-over in /tmp fails no test.
        let cabinet = try SQLiteCabinet.open(at: folder, errandsChanged: {})
        let person = try await cabinet.save(Samples.people[0].fresh, passwordHash: nil, by: nil, at: now)
        var settings = SignInSettings()
        settings.directory.searcherPassword = "MARKED-SECRET"
        settings.newcomers = .whoHasRole
        settings.rules = [RoleRule(group: "MARKED-GROUP", role: .officer)]
        try await cabinet.save(settings, by: nil, at: now)
        #expect(try await cabinet.signInSettings() == settings)
        _ = try await cabinet.arrive(outsider(groups: ["MARKED-GROUP"]), at: now)
        _ = try await cabinet.keep(passkey(of: person.id, name: "MARKED-PHONE"), at: now)
        try cabinet.close()
        let file = try Data(contentsOf: URL(filePath: folder + "/" + SQLiteCabinet.fileName))
        for text in ["MARKED-SECRET", "MARKED-GROUP", "MARKED-PHONE", "sso.example.ac.th"] {
            #expect(file.firstRange(of: Data(text.utf8)) == nil, "\(text)")
        }
    }

    private func passkey(of person: Person.ID, name: String = "โทรศัพท์", credential: [UInt8] = [1, 2, 3]) -> Passkey {
        Passkey(
            id: Passkey.ID(0), person: person, name: name, credential: credential,
            publicKey: [UInt8](repeating: 9, count: 64), algorithm: .es256, count: 0, madeAt: now)
    }

    @Test func aPasskeyIsKeptOnceAndItsNumberOnlyGrows() async throws {
        let cabinet = try await office()
        let (mine, hers) = (Person.ID(1), Person.ID(2))
        let kept = try #require(try await cabinet.keep(passkey(of: mine), at: now))
        #expect(try await cabinet.keep(passkey(of: hers), at: now) == nil, "a credential is one person's")
        #expect(try await cabinet.passkey(credential: [1, 2, 3]) == kept)
        #expect(try await cabinet.use(kept.id, count: 0, at: now))
        #expect(try await cabinet.use(kept.id, count: 4, at: now + .hours(1)))
        for count in [4, 3, 0] { #expect(try await !cabinet.use(kept.id, count: count, at: now + .hours(2))) }
        #expect(try await cabinet.passkeys(of: mine).map(\.usedAt) == [now + .hours(1)])
        #expect(try await !cabinet.removePasskey(kept.id, of: hers, at: now))
        #expect(try await cabinet.removePasskey(kept.id, of: mine, at: now))
        #expect(try await cabinet.passkey(credential: [1, 2, 3]) == nil)
        for number in 0..<Passkey.mostOfPerson {
            #expect(try await cabinet.keep(passkey(of: mine, credential: [UInt8(number)]), at: now) != nil)
        }
        #expect(try await cabinet.keep(passkey(of: mine, credential: [99]), at: now) == nil)
    }

    @Test func aMarkIsGoodOnceAndIsForgottenAfterItsTime() async throws {
        let cabinet = try await office()
        let until = now + .minutes(3)
        #expect(try await cabinet.useOnce("a", purpose: "passkey", until: until, at: now))
        #expect(try await !cabinet.useOnce("a", purpose: "passkey", until: until, at: now))
        #expect(try await cabinet.useOnce("a", purpose: "openid", until: until, at: now))
        #expect(try await cabinet.useOnce("b", purpose: "passkey", until: until + .days(1), at: until))
        let left = try await cabinet.read("count keys") { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM key WHERE purpose = 'passkey'")
        }
        #expect(left == 1)
    }
}

extension Person {
    /// The same person as somebody new.
    fileprivate var fresh: Person {
        var new = self
        new.id = Person.ID(0)
        return new
    }
}

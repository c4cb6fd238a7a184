// SPDX-License-Identifier: Apache-2.0
import Desk
import Entrance
import Foundation
import Testing

@testable import Stagehands

/// Sign-in by a real directory: OpenLDAP's slapd.
@Suite(.serialized) struct DirectoryTests {
    private let door = DirectoryDoor()

    private func withSlapd(_ body: (Slapd) async throws -> Void) async throws {
        let slapd = try await Slapd()
        do { try await body(slapd) } catch {
            await slapd.stop()
            throw error
        }
        await slapd.stop()
    }

    private func kind(_ settings: DirectorySettings, _ username: String, _ password: String) async -> EntranceFault
        .Kind?
    {
        do throws(EntranceFault) {
            _ = try await door.signIn(settings, username: username, password: password)
            return nil
        } catch { return error.kind }
    }

    @Test("somebody with the right password comes in with their groups and units")
    func searchThenBind() async throws {
        try await withSlapd { slapd in
            let person = try await door.signIn(slapd.settings, username: "Pimjai", password: "ดอกไม้สีแดง")
            #expect((person.source, person.username, person.name) == (.directory, "pimjai", "พิมพ์ใจ ตัวอย่าง"))
            #expect((person.mail, person.position) == ("pimjai@example.ac.th", "นักวิชาการ"))
            #expect(person.groups == ["cn=av-officers,ou=groups,\(Slapd.base)", "Computer Centre"])
            #expect(person.subject.count == 36, "an entryUUID, and not the name that may change")
            #expect(RoleRule(group: "av-officers", role: .officer).covers(person.groups))
        }
    }

    @Test("a wrong password, an unknown name, an empty password and a name that is a filter come in nowhere")
    func refused() async throws {
        try await withSlapd { slapd in
            let settings = slapd.settings
            #expect(await kind(settings, "pimjai", "ดอกไม้สีขาว") == .wrongPassword)
            #expect(await kind(settings, "nobody", "ดอกไม้สีแดง") == .noSuchPerson)
            #expect(await kind(settings, "pimjai", "") == .wrongPassword)
            #expect(await kind(settings, "", "ดอกไม้สีแดง") == .noSuchPerson)
            // Without escaping each of these would find everybody, or pimjai.
            for name in ["*", "pim*", "pimjai)(uid=*", "p\\69mjai", "pimjai\u{0}"] {
                #expect(await kind(settings, name, "ดอกไม้สีแดง") == .noSuchPerson, "\(name)")
            }
            var straight = settings
            straight.namePattern = "uid={user},ou=people,\(Slapd.base)"
            #expect(await kind(straight, "pimjai", "ดอกไม้สีแดง") == nil)
            #expect(await kind(straight, "pimjai", "") == .wrongPassword)
            #expect(await kind(straight, "pimjai", "ผิด") == .wrongPassword)
            #expect(await kind(straight, "pimjai,ou=people", "ดอกไม้สีแดง") == .wrongPassword)
        }
    }

    @Test("a filter that finds two people lets neither in")
    func twins() async throws {
        try await withSlapd { slapd in
            var settings = slapd.settings
            settings.filter = "(employeeNumber={user})"
            #expect(await kind(settings, "7", "one") == .severalPeople)
            settings.filter = "(employeeNumber={user}"
            #expect(await kind(settings, "7", "one") == .badFilter)
        }
    }

    @Test("the line is private, and its certificate is one that is trusted, or nothing is said on it")
    func privacy() async throws {
        try await withSlapd { slapd in
            var settings = slapd.settings
            settings.security = .ldaps
            settings.port = Int(slapd.privatePort)
            #expect(await kind(settings, "pimjai", "ดอกไม้สีแดง") == nil)
            settings.trustFile = ""
            #expect(await kind(settings, "pimjai", "ดอกไม้สีแดง") == .noTLS)
            settings = slapd.settings
            settings.trustFile = ""
            #expect(await kind(settings, "pimjai", "ดอกไม้สีแดง") == .noTLS)
            settings.trustFile = "/nowhere.pem"
            #expect(await kind(settings, "pimjai", "ดอกไม้สีแดง") == .noTLS)
            settings.security = .loopback
            #expect(await kind(settings, "pimjai", "ดอกไม้สีแดง") == nil)
            settings.host = "ldap.example.ac.th"
            #expect(await kind(settings, "pimjai", "ดอกไม้สีแดง") == .notPrivate)
        }
    }

    @Test("groups that name their members are asked for, as the searcher")
    func groupSearch() async throws {
        try await withSlapd { slapd in
            var settings = slapd.settings
            settings.groupAttributes = []
            settings.groupBase = "ou=groups,\(Slapd.base)"
            let person = try await door.signIn(settings, username: "pimjai", password: "ดอกไม้สีแดง")
            #expect(person.groups == ["cn=av-officers,ou=groups,\(Slapd.base)"])
            let found = try await door.lookUp(settings, usernames: ["pimjai", "nobody", "twin.one"])
            #expect(found.map(\.username) == ["pimjai", "twin.one"])
            #expect(found.map(\.groups) == [["cn=av-officers,ou=groups,\(Slapd.base)"], []])
        }
    }

    @Test("a test of the settings says which step fails, and why")
    func probe() async throws {
        try await withSlapd { slapd in
            var settings = slapd.settings
            let well = await door.probe(settings, username: "pimjai")
            #expect(well.map(\.step) == [.line, .searcher, .base, .person, .groups])
            #expect(well.allSatisfy { $0.fault == nil })
            settings.searcherPassword = "guess"
            #expect(await door.probe(settings, username: "").last?.fault?.kind == .searcherRefused)
            settings = slapd.settings
            settings.base = "ou=nowhere,\(Slapd.base)"
            let lost = await door.probe(settings, username: "")
            #expect((lost.last?.step, lost.last?.fault?.kind) == (.base, .noBase))
            settings = slapd.settings
            settings.port = Int(try freePort())
            let refused = await door.probe(settings, username: "")
            #expect((refused.last?.step, refused.last?.fault?.kind) == (.line, .unreachable))
        }
    }

    @Test("a directory that takes the call and says nothing costs its few seconds and no more")
    func silence() async throws {
        let port = try freePort()
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = withUnsafeBytes(of: &address) { bytes in
            bytes.baseAddress.map { bind(listener, $0.assumingMemoryBound(to: sockaddr.self), 16) } ?? -1
        }
        #expect(bound == 0)
        #expect(listen(listener, 4) == 0)
        var settings = DirectorySettings()
        (settings.host, settings.port, settings.base) = ("127.0.0.1", Int(port), "dc=example")
        let began = ContinuousClock.now
        for security in [DirectorySettings.Security.startTLS, .ldaps, .loopback] {
            settings.security = security
            #expect(await kind(settings, "pimjai", "x") == .timedOut, "\(security)")
        }
        #expect(began.duration(to: .now) < .seconds(25))
    }
}

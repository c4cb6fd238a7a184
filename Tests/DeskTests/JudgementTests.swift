// SPDX-License-Identifier: Apache-2.0
import Desk
import Testing

/// ใครจากภายนอกเข้าได้ เป็นใครที่นี่ และทำอะไรได้
@Suite("การเข้าสู่ระบบจากภายนอก")
struct JudgementTests {
    private let officer = Person(
        id: Person.ID(1), username: "anan", name: "นายอนันต์", roles: [.officer], mail: "Anan@Example.ac.th")
    private let keeper = Person(id: Person.ID(2), username: "keeper", name: "ผู้ดูแล", roles: [.administrator])
    private let left = Person(
        id: Person.ID(3), username: "left", name: "ผู้ลาออก", roles: [.officer], mail: "left@example.ac.th",
        isActive: false)

    private func outsider(
        _ username: String, mail: String = "", isVerified: Bool = false, groups: [String] = [], subject: String = "s1"
    ) -> Outsider {
        Outsider(
            source: .openID, issuer: "https://sso.example.ac.th", subject: subject, username: username, name: "ชื่อเต็ม",
            mail: mail, isMailVerified: isVerified, groups: groups)
    }

    private func roster(linked: [(Person.ID, String)] = [], withPassword: Set<Person.ID>? = nil) -> EntranceRoster {
        EntranceRoster(
            people: [officer, keeper, left], withPassword: withPassword ?? [keeper.id],
            identities: linked.map { person, subject in
                OutsideIdentity(
                    id: OutsideIdentity.ID(1), person: person, outsider: outsider("any", subject: subject),
                    linkedAt: Moment(milliseconds: 0), seenAt: Moment(milliseconds: 0))
            })
    }

    private func settings(
        _ rules: [RoleRule] = [RoleRule(group: "av", role: .officer)], newcomers: SignInSettings.Newcomers = .invited,
        linking: Set<SignInSettings.Linking> = [], follow: Bool = true
    ) -> SignInSettings {
        var settings = SignInSettings()
        settings.rules = rules
        settings.newcomers = newcomers
        settings.linking = linking
        settings.rolesFollow = follow
        return settings
    }

    @Test("กฎเทียบชื่อเต็ม ชื่อสั้น ตัวพิมพ์ และดอกจัน")
    func rules() {
        let name = "CN=AV,OU=Groups, DC=example"
        for group in ["av", "AV", "cn=av,ou=groups,dc=example", "*"] {
            #expect(RoleRule(group: group, role: .officer).covers([name]), "\(group)")
        }
        for group in ["a", "groups", "av,ou=groups", "cn=av", ""] {
            #expect(!RoleRule(group: group, role: .officer).covers([name]), "\(group)")
        }
        #expect(RoleRule(group: "a,v", role: .officer).covers(["cn=a\\,v,ou=groups"]))
        #expect([RoleRule(group: "*", role: .sanyan)].roles(for: ["av"]) == [], "บทบาทของโปรแกรมไม่มีใครได้")
    }

    @Test("คนที่ทะเบียนไม่รู้จักเข้าไม่ได้ จนกว่าจะตั้งให้ผู้มีบทบาทเข้าได้")
    func newcomers() {
        let person = outsider("new.one@example.ac.th", mail: "n@example.ac.th", isVerified: true, groups: ["av"])
        #expect(judge(person, in: roster(), by: settings()).turnedAway == .notInvited)
        let made = judge(person, in: roster(), by: settings(newcomers: .whoHasRole))
        #expect((made.acquaintance, made.turnedAway, made.gained) == (.made, nil, [.officer]))
        #expect(
            made.person
                == Person(
                    id: Person.ID(0), username: "new.one", name: "ชื่อเต็ม", roles: [.officer], mail: "n@example.ac.th"))
        let student = outsider("student", groups: ["students"])
        #expect(judge(student, in: roster(), by: settings(newcomers: .whoHasRole)).turnedAway == .noRole)
    }

    @Test("ชื่อผู้ใช้ที่มีคนใช้แล้วได้เลขต่อท้าย")
    func takenName() {
        let made = judge(outsider("anan", groups: ["av"]), in: roster(), by: settings(newcomers: .whoHasRole))
        #expect(made.person?.username == "anan-2")
        let odd = judge(outsider("สมชาย", groups: ["av"]), in: roster(), by: settings(newcomers: .whoHasRole))
        #expect(odd.person?.username == "person")
    }

    @Test("ผูกด้วยชื่อผู้ใช้หรืออีเมลที่ยืนยันแล้ว ตามที่ตั้งไว้เท่านั้น")
    func linking() {
        let byName = outsider("anan", groups: ["av"])
        #expect(judge(byName, in: roster(), by: settings()).turnedAway == .notInvited)
        let found = judge(byName, in: roster(), by: settings(linking: [.username]))
        #expect((found.acquaintance, found.person?.id, found.turnedAway) == (.byUsername, officer.id, nil))
        let unsure = outsider("x", mail: "anan@example.ac.th", groups: ["av"])
        #expect(judge(unsure, in: roster(), by: settings(linking: [.mail])).turnedAway == .notInvited)
        let sure = outsider("x", mail: "anan@example.ac.th", isVerified: true, groups: ["av"])
        #expect(judge(sure, in: roster(), by: settings(linking: [.mail])).person?.id == officer.id)
        let both = outsider("keeper", mail: "anan@example.ac.th", isVerified: true, groups: ["av"])
        #expect(judge(both, in: roster(), by: settings(linking: [.mail, .username])).turnedAway == .ambiguous)
        #expect(
            judge(byName, in: roster(linked: [(officer.id, "other")]), by: settings(linking: [.username])).turnedAway
                == .taken)
    }

    @Test("บัญชีผู้ดูแลระบบไม่ถูกผูกเอง")
    func administratorsAreNotLinked() {
        let judgement = judge(outsider("keeper", groups: ["av"]), in: roster(), by: settings(linking: [.username]))
        #expect(judgement.turnedAway == .administrator)
    }

    @Test("ผู้ที่ถูกปิดบัญชีเข้าไม่ได้ ไม่ว่าจะมาทางใด")
    func whoLeftStaysOut() {
        for person in [outsider("left", groups: ["av"]), outsider("x", mail: "left@example.ac.th", groups: ["av"])] {
            #expect(judge(person, in: roster(), by: settings(newcomers: .whoHasRole)).turnedAway == .deactivated)
        }
        let linked = roster(linked: [(left.id, "s1")])
        #expect(judge(outsider("any", groups: ["av"]), in: linked, by: settings()).turnedAway == .deactivated)
    }

    @Test("บทบาทเปลี่ยนตามกลุ่ม และหมดไปเมื่อไม่มีกลุ่ม แต่ไม่มีกฎก็ไม่มีใครเสียอะไร")
    func rolesFollow() {
        let linked = roster(linked: [(officer.id, "s1")])
        let rules = [RoleRule(group: "net", role: .network)]
        let moved = judge(outsider("any", groups: ["net"]), in: linked, by: settings(rules))
        #expect((moved.gained, moved.lost, moved.turnedAway) == ([.network], [.officer], nil))
        let none = judge(outsider("any"), in: linked, by: settings(rules))
        #expect((none.person?.roles, none.turnedAway) == ([], .noRole))
        let kept = judge(outsider("any"), in: linked, by: settings(rules, follow: false))
        #expect((kept.person?.roles, kept.turnedAway) == ([.officer], nil))
        #expect(judge(outsider("any"), in: linked, by: settings([])).lost == [])
    }

    @Test("ผู้ดูแลระบบคนสุดท้ายที่มีรหัสผ่านไม่เสียบทบาทเพราะกลุ่มภายนอก")
    func lastAdministrator() {
        let linked = roster(linked: [(keeper.id, "s1")])
        let judgement = judge(outsider("any", groups: ["av"]), in: linked, by: settings())
        #expect(judgement.person?.roles == [.officer, .administrator])
        #expect((judgement.keepsAdministrator, judgement.lost) == (true, []))

        let other = Person(id: Person.ID(4), username: "other", name: "อีกคน", roles: [.administrator])
        var two = linked
        two.people.append(other)
        #expect(judge(outsider("any", groups: ["av"]), in: two, by: settings()).keepsAdministrator)
        two.withPassword.insert(other.id)
        #expect(judge(outsider("any", groups: ["av"]), in: two, by: settings()).person?.roles == [.officer])
    }

    @Test("ตัวนับของพาสคีย์ต้องเดินหน้า")
    func passkeyCounts() {
        var passkey = Passkey(
            id: Passkey.ID(1), person: officer.id, name: "", credential: [1], publicKey: [], algorithm: .es256,
            count: 0,
            madeAt: Moment(milliseconds: 0))
        #expect(passkey.isFollowed(by: 0))
        #expect(passkey.isFollowed(by: 1))
        passkey.count = 5
        #expect(passkey.isFollowed(by: 6))
        for count in [0, 4, 5] { #expect(!passkey.isFollowed(by: count)) }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Secure
import Testing

@testable import Entrance

/// What an administrator pastes, and what somebody types into names and filters.
@Suite struct PastedTests {
    private let settings = SignInSettings()

    @Test func claimsTokensAndEntriesAreRead() throws {
        let claims =
            #"{"sub": "1", "preferred_username": "anan", "groups": ["av", "staff"], "email": "A@example.ac.th"}"#
        let one = try Pasted.read(claims, by: settings)
        #expect(one.map(\.username) == ["anan"])
        #expect(one.map(\.groups) == [["av", "staff"]])
        #expect(try Pasted.read("[\(claims), \(claims)]", by: settings).count == 2)
        let token = "e30." + Base64URL.text(Array(claims.utf8)) + ".c2ln"
        #expect(try Pasted.read(token + "\n", by: settings) == one)

        let ldif = """
            dn: uid=anan,ou=people,dc=example
            uid: anan
            cn:: 4LiZ4Liy4Lii4Lit4LiZ4Lix4LiZ4LiV4LmM
            memberOf: cn=av,ou=groups,
             dc=example
            ou;lang-en: Computer Centre

            # a remark
            dn: uid=kanya,ou=people,dc=example
            uid: kanya
            """
        for text in [ldif, ldif.replacing("\n", with: "\r\n")] {
            let people = try Pasted.read(text, by: settings)
            #expect(people.map(\.username) == ["anan", "kanya"])
            #expect(people.first?.name == "นายอนันต์")
            #expect(people.first?.groups == ["cn=av,ou=groups,dc=example", "Computer Centre"])
        }
    }

    @Test func anEntryReadsNoFileOfThisMachine() throws {
        let people = try Pasted.read("dn: uid=x\nuid: x\ncn:< file:///etc/passwd\nmail: x@example.com", by: settings)
        #expect(people.map(\.name) == [""])
        #expect(people.map(\.mail) == ["x@example.com"])
    }

    @Test(arguments: ["", "hello", "{", "[]", "[1]", "{\"sub\":", "a.b", "dn:", "\n\n\n", ":::::", "dn\nuid: x"])
    func whatIsNoneOfTheseIsSaid(_ text: String) {
        let told = #expect(throws: EntranceFault.self) { try Pasted.read(text, by: settings) }
        #expect(told?.kind == .unreadable)
    }

    @Test func aClaimMayLieDeeper() throws {
        var deep = settings
        deep.openID.groupClaims = ["realm_access.roles", "department"]
        let text =
            #"{"sub": "1", "realm_access": {"roles": ["av"]}, "department": "Computer Centre", "extra": [1, null]}"#
        #expect(try Pasted.read(text, by: deep).map(\.groups) == [["av", "Computer Centre"]])
    }

    @Test func namesAreEscaped() {
        #expect(DirectoryText.inFilter("a*b(c)d\\e") == #"a\2Ab\28c\29d\5Ce"#)
        #expect(DirectoryText.inFilter("") == "")
        #expect(DirectoryText.inName(" a,b+c=d ") == #"\ a\,b\+c\=d\ "#)
        #expect(DirectoryText.inName("#x\"<>;\\") == ##"\#x\"\<\>\;\\"##)
        #expect(DirectoryInquiry.name("uid={user},dc=x", "a,b") == "uid=a\\,b,dc=x")
        #expect(DirectoryInquiry.name("{user}@example.ac.th", "anan") == "anan@example.ac.th")
        #expect(DirectoryInquiry.name("{user}@example.ac.th", "anan@other") == nil)
        #expect(DirectoryInquiry.name("uid=anan", "anan") == nil)
    }
}

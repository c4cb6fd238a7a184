// SPDX-License-Identifier: Apache-2.0

import Desk

/// The door: name and password; in the demo office also a button for each of the invented people.
struct SignInPage: Page {
    static let template = "sign-in"
    let frame: Frame
    let errors: ErrorSummary?
    /// Where to go afterwards.
    let to: String
    /// The way to the university's own sign-in; nil where there is none.
    let openID: Link?
    /// Nil where nobody signs in by passkeys.
    let passkey: PasskeyForm?
    /// Whose account is asked for, besides the office's own.
    let directorySaid: String?
    let fields: [FieldRow]
    /// The invented people; nil outside the demo.
    let demo: Demo?

    struct Link: Sendable {
        let label: String
        let path: String
    }

    static func openID(_ settings: SignInSettings, to: String, _ words: Words) -> Link? {
        guard settings.openID.isOn else { return nil }
        let label = settings.openID.label.isEmpty ? words("signin.university") : settings.openID.label
        return Link(label: words("signin.openID", label), path: "/sign-in/openid?to=\(to)")
    }

    struct Demo: Sendable {
        let groups: [Group]
    }

    struct Group: Sendable {
        let role: String
        let people: [PersonRow]
    }

    struct PersonRow: Sendable {
        let id: String
        let name: String
        let position: String
    }

    /// The fields; a password is never sent back.
    static func fields(_ words: Words, username: String = "", error: String? = nil) -> [FieldRow] {
        [
            FieldRow(
                "username", words("signin.username"), value: username, error: error, isShort: true,
                autocomplete: "username"),
            FieldRow(
                "password", words("signin.password"), .line(type: "password"), isShort: true,
                autocomplete: "current-password"),
        ]
    }

    /// Everybody once, under the first of their roles.
    static func groups(_ people: [Person], _ words: Words) -> [Group] {
        Role.held.compactMap { role in
            let theirs = people.filter { person in
                person.isActive && Role.held.first { person.roles.contains($0) } == role
            }
            guard !theirs.isEmpty else { return nil }
            return Group(
                role: words("role.\(role.rawValue)"),
                people: theirs.map { PersonRow(id: $0.id.description, name: $0.name, position: $0.position) })
        }
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(isSignedIn: false, path: "/sign-in")
        let words = paper.words(visit)
        let frame = paper.frame(visit, title: words("signin.title"), lead: words("signin.lead"))
        let wrong = fields(words, username: "somsri", error: words("signin.wrong"))
        let groups = [
            Group(
                role: words("role.secretariat"),
                people: [PersonRow(id: "1", name: "นางสมศรี ใจเย็น", position: "นักจัดการงานทั่วไปชำนาญการ")]),
            Group(
                role: words("role.executive"),
                people: [PersonRow(id: "3", name: "ผู้ช่วยศาสตราจารย์วิชัย ฟังก่อน", position: "ผู้อำนวยการสำนักคอมพิวเตอร์")]),
        ]
        return [
            Sample(
                "demo",
                SignInPage(
                    frame: frame, errors: nil, to: "/desk", openID: nil, passkey: nil, directorySaid: nil,
                    fields: fields(words), demo: Demo(groups: groups))),
            Sample("outside", outside(paper, visit, words)),
            Sample(
                "wrong",
                SignInPage(
                    frame: frame, errors: ErrorSummary(wrong), to: "/decisions", openID: nil, passkey: nil,
                    directorySaid: nil, fields: wrong, demo: nil)),
        ]
    }

    private static func outside(_ paper: Stationery, _ visit: Visit, _ words: Words) -> SignInPage {
        var settings = SignInSettings()
        settings.openID.isOn = true
        settings.openID.label = "มหาวิทยาลัยตัวอย่าง"
        let entrance = EntranceWords(words)
        let trouble = entrance.sentence(EntranceFault(.timedOut)) + " " + entrance.remedy(EntranceFault(.timedOut))
        let frame = paper.frame(
            visit, title: words("signin.title"), lead: words("signin.lead"), notice: NoticeRow(.bad, trouble),
            scripts: ["passkey.js"])
        return SignInPage(
            frame: frame, errors: nil, to: "/desk", openID: openID(settings, to: "/desk", words),
            passkey: .signIn(to: "/desk"), directorySaid: words("signin.directory", "มหาวิทยาลัยตัวอย่าง"),
            fields: fields(words), demo: nil)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk

/// My page: who I am here, my calendar, my password.
struct MePage: Page {
    static let template = "me"
    let frame: Frame
    let errors: ErrorSummary?
    let about: [PairRow]
    /// What the calendar that can be had shows.
    let feedSaid: String
    /// The calendar that was just made: shown this once.
    let fresh: FreshFeed?
    /// The whole office's calendar may be made here, too.
    let hasOfficeFeed: Bool
    let passwordFields: [FieldRow]
    /// Nil where nobody signs in by passkeys.
    var passkeys: PasskeyBox?
    /// Whether my jobs come into my own calendar; nil where the office offers no way.
    var calendars: MyCalendars?
    /// Binds LINE; nil in an office without it.
    var line: LineBox?
    /// Nil while Web Push is off.
    var devices: DeviceBox?
    /// Nil while ntfy is off.
    var topic: TopicBox?

    struct FreshFeed: Sendable {
        let said: String
        let address: String
        let subscribe: String
        let qr: Markup
    }

    static func fields(_ words: Words, errors: [String: String] = [:]) -> [FieldRow] {
        func field(_ name: String, _ label: String, hint: String? = nil, _ complete: String) -> FieldRow {
            FieldRow(
                name, label, .line(type: "password"), hint: hint, error: errors[name], autocomplete: complete)
        }
        return [
            field("current", words("me.current"), "current-password"),
            field(
                "password", words("me.new"), hint: words("me.newHint", AccountRules.shortestPassword), "new-password"),
            field("again", words("me.again"), "new-password"),
        ]
    }

    static func pairs(_ person: Person, _ words: Words) -> [PairRow] {
        let roles = Role.held.filter { person.roles.contains($0) }.map { words("role.\($0.rawValue)") }
        return [
            PairRow(words("me.name"), person.name), PairRow(words("me.username"), person.username),
            PairRow(words("me.position"), person.position), PairRow(words("me.roles"), roles.joined(separator: " · ")),
            PairRow(words("me.phone"), person.phone), PairRow(words("me.mail"), person.mail),
        ].filter { !$0.value.isEmpty }
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/me")
        let words = paper.words(visit)
        let frame = paper.frame(visit, title: words("me.title"), scripts: ["enhance.js", "devices.js"])
        let wrong = fields(words, errors: ["current": words("me.wrong"), "again": words("account.passwordsDiffer")])
        let about = pairs(SampleOffice.people[0], words)
        let fresh = FreshFeed(
            said: words("me.freshPerson"), address: "http://127.0.0.1:8080/feed/sample.ics",
            subscribe: "webcal://127.0.0.1:8080/feed/sample.ics", qr: ServicePage.sampleCode)
        var choosing = MePage(
            frame: frame, errors: nil, about: about, feedSaid: words("me.feedMine"), fresh: nil, hasOfficeFeed: false,
            passwordFields: fields(words))
        let health = CalendarHealth(
            way: .google, to: .person(.init(1)), calendar: "", trouble: Trouble(.notAllowed),
            troubleAt: SampleMatters.now)
        let lines = CalendarLines(names: SampleOffice.names, phrases: Phrases(words))
        var person = SampleOffice.people[0]
        person.mail = "anan@example.ac.th"
        choosing.calendars = MyCalendars(
            person, offered: MyCalendars.ways, chosen: [.google],
            health: [PairRow(words("way.google"), lines.said(health))], words)
        return [
            Sample("calendars", choosing),
            Sample(
                "plain",
                MePage(
                    frame: frame, errors: nil, about: about, feedSaid: words("me.feedMine"), fresh: nil,
                    hasOfficeFeed: false, passwordFields: fields(words), devices: .sample(paper, visit),
                    topic: .sample(words, isEmpty: false))),
            Sample(
                "fresh-feed",
                MePage(
                    frame: frame, errors: nil, about: about, feedSaid: words("me.feedOffice"), fresh: fresh,
                    hasOfficeFeed: true, passwordFields: fields(words),
                    passkeys: PasskeyBox(samplePasskeys, obstacle: nil, words), line: LineBox.samples(words).first,
                    devices: DeviceBox([], key: "BA", phrases: Phrases(words), at: SampleMatters.now),
                    topic: .sample(words, isEmpty: true))),
            Sample(
                "no-passkeys",
                MePage(
                    frame: frame, errors: nil, about: about, feedSaid: words("me.feedMine"), fresh: nil,
                    hasOfficeFeed: false, passwordFields: fields(words),
                    passkeys: PasskeyBox([], obstacle: words("passkey.noName"), words),
                    line: LineBox.samples(words).last)),
            Sample(
                "wrong-password",
                MePage(
                    frame: frame, errors: ErrorSummary(wrong), about: about, feedSaid: words("me.feedMine"), fresh: nil,
                    hasOfficeFeed: false, passwordFields: wrong)),
        ]
    }

    private static let samplePasskeys = [
        Passkey(
            id: Passkey.ID(1), person: SampleOffice.people[0].id, name: "โทรศัพท์ของฉัน", credential: [1], publicKey: [],
            algorithm: .es256, count: 0, madeAt: Moment(milliseconds: 1_795_572_000_000),
            usedAt: Moment(milliseconds: 1_795_658_400_000))
    ]
}

// SPDX-License-Identifier: Apache-2.0
import HLS
import Secure
import Studio
import Testing

@testable import Wire

@Suite("An ask in JSON") struct RoomAskTests {
    private static let somebody = PersonNumber(7)

    static let good: [(String, RoomAsk)] = [
        (#"{"ask":"media","microphone":true}"#, .media(microphone: true, camera: false, screen: false)),
        (#"{"ask":"tracks","mids":{"camera":"1","screenSound":"3"}}"#, .tracks([.camera: "1", .screenSound: "3"])),
        (
            #"{"ask":"watch","wishes":[{"person":"p7","kind":"screen","importance":"pinned","height":720,"mid":"4"}]}"#,
            .watch([.init(person: somebody, kind: .screen, importance: .pinned, height: 720, mid: "4")])
        ),
        (#"{"ask":"watch","wishes":[{"person":"p7"}]}"#, .watch([.init(person: somebody, kind: .camera)])),
        (#"{"ask":"hand"}"#, .hand(isUp: true)), (#"{"ask":"hand","up":false}"#, .hand(isUp: false)),
        (#"{"ask":"react","reaction":"clap"}"#, .react(.clap)),
        (#"{"ask":"say","text":"ก"}"#, .say(text: "ก", to: nil, everywhere: false)),
        (#"{"ask":"say","text":"ก","to":"p7"}"#, .say(text: "ก", to: somebody, everywhere: false)),
        (#"{"ask":"poll.cast","poll":1,"choice":0}"#, .vote(poll: 1, choice: 0)),
        (
            #"{"ask":"poll.open","question":"?","choices":["a","b"],"secret":true,"formal":true,"quorum":3}"#,
            .openPoll(.init(question: "?", choices: ["a", "b"], isSecret: true, isFormal: true, quorum: 3))
        ),
        (#"{"ask":"slides.show","deck":"d"}"#, .showSlides(deck: "d", page: 1)),
        (
            ##"{"ask":"board.draw","stroke":{"id":"a","kind":"pen","color":"#ff0000","width":3,"points":[0,0.5]}}"##,
            .draw(surface: "board", Stroke(id: "a", color: "#ff0000", points: [0, 0.5]))
        ),
        (#"{"ask":"mute","person":"p7","hard":true}"#, .mute(somebody, .microphone, isHard: true)),
        (#"{"ask":"stopVideo","person":"p7"}"#, .mute(somebody, .camera, isHard: false)),
        (#"{"ask":"lower","person":"all"}"#, .lower(nil)), (#"{"ask":"lower","person":"p7"}"#, .lower(somebody)),
        (#"{"ask":"floor","person":null}"#, .floor(nil, seconds: nil)),
        (#"{"ask":"floor","person":"p7","seconds":60}"#, .floor(somebody, seconds: 60)),
        (#"{"ask":"remove","person":"p7","bar":true}"#, .remove(somebody, bars: true)),
        (
            #"{"ask":"groups.open","groups":[{"name":"1","people":["p7"]}]}"#,
            .openGroups([.init(name: "1", people: [somebody])], isFree: false)
        ),
        (#"{"ask":"groups.move","person":"p7","group":null}"#, .moveGroup(somebody, nil)),
        (
            #"{"ask":"air","layout":"one","person":"p7"}"#, .air(true, layout: "one", person: somebody)
        ),
        (#"{"ask":"role","person":"p7","role":"cohost"}"#, .role(somebody, .cohost)),
        (#"{"ask":"admitAll"}"#, .admitAll(domain: nil)), (#"{"ask":"end"}"#, .end), (#"{"ask":"leave"}"#, .leave),
        (#"{"ask":"agree"}"#, .agree),
    ]

    @Test("is read", arguments: good.indices) func read(place: Int) {
        let (text, ask) = Self.good[place]
        #expect(JSON.decode(RoomAsk.self, Array(text.utf8)) == ask)
    }

    @Test("may change some settings and leave the others") func settings() {
        var settings = RoomSettings()
        (settings.mayChat, settings.lobby) = (false, .everybody)
        let text = #"{"ask":"settings","mayChat":false,"lobby":"everybody"}"#
        #expect(JSON.decode(RoomAsk.self, Array(text.utf8)) == .settings(settings))
    }

    @Test(
        "that is none is refused whole",
        arguments: [
            "", "{}", "[]", "null", "\"hand\"", #"{"ask":7}"#, #"{"ask":"nothing"}"#, #"{"ask":"say"}"#,
            #"{"ask":"say","text":7}"#, #"{"ask":"admit"}"#, #"{"ask":"admit","person":7}"#,
            #"{"ask":"admit","person":"7"}"#, #"{"ask":"admit","person":"p-1"}"#, #"{"ask":"admit","person":"p"}"#,
            #"{"ask":"admit","person":"p99999999999"}"#, #"{"ask":"role","person":"p7","role":"king"}"#,
            #"{"ask":"react","reaction":"💥"}"#, #"{"ask":"tracks","mids":{"nose":"1"}}"#,
            #"{"ask":"watch","wishes":[{"person":"p7","importance":"most"}]}"#,
            #"{"ask":"floor","person":"p7","seconds":1e99}"#,
            #"{"ask":"board.draw","stroke":{"id":"a"}}"#, #"{"ask":"hand""#, "\u{0}{}",
            String(repeating: "[", count: 5_000), String(repeating: #"{"ask":"#, count: 5_000),
        ])
    func refused(text: String) { #expect(JSON.decode(RoomAsk.self, Array(text.utf8)) == nil) }

    @Test("cut anywhere is refused, and breaks nothing") func cut() {
        for (text, _) in Self.good {
            let bytes = Array(text.utf8)
            for count in bytes.indices { #expect(JSON.decode(RoomAsk.self, Array(bytes[..<count])) == nil) }
        }
    }
}

@Suite("Words at a room's door") struct RoomDoorTests {
    private let key = [UInt8](repeating: 7, count: 32)
    private let now = WallTime(milliseconds: 1_795_000_000_000)

    private func plan() -> MeetingPlan {
        var plan = MeetingPlan(name: "hall", title: "ประชุม")
        plan.passKey = Hex.text(key)
        plan.hostKeyHashes = [Hex.text(Digest.sha256("a-host-word"))]
        return plan
    }

    private func newcomer(_ pass: String) throws(RoomRefusal) -> Newcomer {
        try RoomEntry(name: "แขก", pass: pass).newcomer(to: plan(), at: now)
    }

    @Test("a pass says what somebody is, and who") func passes() throws {
        let until = now.milliseconds / 1_000 + 60
        let known = RoomPass(role: .cohost, untilSecond: until, person: .init(key: "i1@example.ac.th", name: "สมศรี"))
        let found = try newcomer(known.signed(key: key, into: "hall"))
        #expect(found.role == .cohost && found.key == "i1@example.ac.th" && found.knownName == "สมศรี")
        let link = RoomPass(role: .listener, untilSecond: until, person: .init(key: "i2", name: ""))
        let guest = try newcomer(link.signed(key: key, into: "hall"))
        #expect(guest.role == .listener && guest.key == "i2" && guest.knownName == nil && guest.name == "แขก")
        #expect(try newcomer("").role == nil)
    }

    @Test("another meeting's pass, an old one and a guessed one open nothing; a host's word does") func wrong() throws {
        let until = now.milliseconds / 1_000
        #expect(throws: RoomRefusal.wrongPass) {
            try newcomer(RoomPass(role: .host, untilSecond: until + 60).signed(key: key, into: "annex"))
        }
        #expect(throws: RoomRefusal.passExpired) {
            try newcomer(RoomPass(role: .host, untilSecond: until).signed(key: key, into: "hall"))
        }
        #expect(throws: RoomRefusal.wrongPass) { try newcomer("guess") }
        #expect(try newcomer("a-host-word").role == .host)
    }

    @Test("a room's word is known by its digest, and forgotten") func keys() {
        let keys = RoomKeys()
        let one = keys.draw(for: PersonNumber(1), in: "hall"), two = keys.draw(for: PersonNumber(2), in: "hall")
        #expect(keys.person(one, in: "hall") == PersonNumber(1) && keys.person(two, in: "hall") == PersonNumber(2))
        #expect(keys.person(one, in: "annex") == nil && keys.person("", in: "hall") == nil)
        keys.forget(PersonNumber(1), in: "hall")
        #expect(keys.person(one, in: "hall") == nil && keys.person(two, in: "hall") == PersonNumber(2))
    }

    @Test("one brings two things at a time") func uploads() {
        let keys = RoomKeys()
        let one = PersonNumber(1)
        #expect(keys.mayUpload(one, in: "hall") && keys.mayUpload(one, in: "hall") && !keys.mayUpload(one, in: "hall"))
        keys.uploaded(one, in: "hall")
        #expect(keys.mayUpload(one, in: "hall"))
    }

    @Test(
        "addresses of a room mean what they should",
        arguments: [
            ("/room/hall", Route.room(meeting: "hall")), ("/room/-/room/room.js", .roomAsset("room/room.js")),
            ("/room/-/room.css", .roomAsset("room.css")), ("/room/hall/about", .roomDoor(meeting: "hall", .about)),
            ("/room/hall/calls/up", .roomDoor(meeting: "hall", .calls(.up))),
            ("/room/hall/calls/abc", .roomDoor(meeting: "hall", .session("abc"))),
            ("/room/hall/decks/d/2.webp", .roomDoor(meeting: "hall", .page(deck: "d", page: 2))),
            ("/room/hall/decks/d/x", .nothing), ("/room/hall/files/f", .roomDoor(meeting: "hall", .file("f"))),
            ("/room/hall/check/result", .roomDoor(meeting: "hall", .checkResult)), ("/room/hall/else", .nothing),
        ])
    func routes(path: String, route: Route) { #expect(Route(path: path) == route) }

    @Test(
        "names of files lose what no name has",
        arguments: [
            ("งบ.pdf", "งบ.pdf"), ("../../etc/passwd", "passwd"), ("a\\b\\c.txt", "c.txt"), ("", "file"), ("/", "file"),
            ("a\u{0}\nb\"", "ab"),
        ])
    func names(text: String, name: String) { #expect(RoomShelf.name(text) == name) }

    @Test(
        "pages stand in the order of their numbers, whatever their ending",
        arguments: [("p-1.png", 1), ("p-07.jpg", 7), ("p-12.png", 12)])
    func pages(name: String, number: Int) { #expect(DeckPages.number(of: name) == number) }

    @Test("what is no page's picture is passed over", arguments: ["j3.jpg", "p-.png", "p-x.png", "p-1.gif", "x"])
    func noPages(name: String) { #expect(DeckPages.number(of: name) == nil) }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Studio

/// Who may ask for what, as a table: every ask beside every role.
@Suite("Rights in a room") struct RightsTests {
    /// What somebody gets who asks: `yes`, or why not.
    enum Answer: Hashable { case yes, no(RoomRefusal) }

    /// One ask, and what listener, speaker, co-host, host and somebody in the lobby get.
    struct Row: Sendable {
        let name: String
        let ask: @Sendable (PersonNumber, PersonNumber) -> RoomAsk
        let answers: [Answer]
    }

    private static let leads: [Answer] = [.no(.notForYou), .no(.notForYou), .yes, .yes, .no(.notInside)]
    private static let all: [Answer] = [.yes, .yes, .yes, .yes, .no(.notInside)]
    private static let publishers: [Answer] = [.no(.notForListeners), .yes, .yes, .yes, .no(.notInside)]
    private static let host: [Answer] = [.no(.notForYou), .no(.notForYou), .no(.notForYou), .yes, .no(.notInside)]
    private static let vote = RoomAsk.PollWish(question: "?", choices: ["a", "b"], isSecret: false, isFormal: true)

    // In each ask `$0` is who asks and `$1` is a speaker beside them.
    // swift-format-ignore
    static let rows: [Row] = [
        Row(name: "media", ask: { _, _ in .media(microphone: true, camera: true, screen: true) }, answers: publishers),
        Row(name: "nothing on", ask: { _, _ in .media(microphone: false, camera: false, screen: false) }, answers: all),
        Row(name: "tracks", ask: { _, _ in .tracks([.camera: "1"]) }, answers: all),
        Row(name: "watch", ask: { _, other in .watch([.init(person: other, kind: .camera)]) }, answers: all),
        Row(name: "hand", ask: { _, _ in .hand(isUp: true) }, answers: all),
        Row(name: "agree", ask: { _, _ in .agree }, answers: all),
        Row(name: "react", ask: { _, _ in .react(.clap) }, answers: all),
        Row(name: "say", ask: { _, _ in .say(text: "สวัสดี", to: nil, everywhere: false) }, answers: all),
        Row(name: "whisper", ask: { _, other in .say(text: "สวัสดี", to: other, everywhere: false) }, answers: all),
        Row(name: "formal vote", ask: { _, _ in .vote(poll: 1, choice: 0) }, answers: [.no(.mayNotVote), .yes, .yes, .yes, .no(.notInside)]),
        Row(name: "poll", ask: { _, _ in .vote(poll: 2, choice: 1) }, answers: all),
        Row(name: "show slides", ask: { _, _ in .showSlides(deck: "d", page: 2) }, answers: publishers),
        Row(name: "draw", ask: { _, _ in .draw(surface: "board", Stroke(id: "s", points: [0, 0, 1, 1])) }, answers: publishers),
        Row(name: "caption", ask: { _, _ in .caption(text: "พูด", isFinal: true) }, answers: publishers),
        Row(name: "clear", ask: { _, _ in .clear(surface: "board") }, answers: leads),
        Row(name: "open a poll", ask: { _, _ in .openPoll(vote) }, answers: leads),
        Row(name: "close a poll", ask: { _, _ in .closePoll(1) }, answers: leads),
        Row(name: "judge", ask: { _, _ in .judge(number: 1, .show) }, answers: leads),
        Row(name: "mute", ask: { _, other in .mute(other, .microphone, isHard: false) }, answers: leads),
        Row(name: "hard mute", ask: { _, other in .mute(other, .microphone, isHard: true) }, answers: leads),
        Row(name: "mute all", ask: { _, _ in .muteAll(isHard: false) }, answers: leads),
        Row(name: "allow", ask: { _, other in .allow(other, .screen, true) }, answers: leads),
        Row(name: "role", ask: { _, other in .role(other, .cohost) }, answers: host),
        Row(name: "lower", ask: { _, _ in .lower(nil) }, answers: leads),
        Row(name: "floor", ask: { _, other in .floor(other, seconds: 60) }, answers: leads),
        Row(name: "to the lobby", ask: { _, other in .toLobby(other) }, answers: leads),
        Row(name: "remove", ask: { _, other in .remove(other, bars: true) }, answers: leads),
        Row(name: "admit all", ask: { _, _ in .admitAll(domain: nil) }, answers: leads),
        Row(name: "settings", ask: { _, _ in .settings(RoomSettings()) }, answers: leads),
        Row(name: "lock", ask: { _, _ in .lock(true) }, answers: leads),
        Row(name: "groups", ask: { _, other in .openGroups([.init(name: "1", people: [other])], isFree: false) }, answers: leads),
        Row(name: "spotlight", ask: { _, other in .spotlight(other) }, answers: leads),
        Row(name: "mark", ask: { _, _ in .mark(text: "วาระที่ 1") }, answers: leads),
        Row(name: "record", ask: { _, _ in .record(true) }, answers: leads),
        Row(name: "air", ask: { _, _ in .air(true, layout: "grid", person: nil) }, answers: leads),
        Row(name: "end", ask: { _, _ in .end }, answers: host),
        Row(name: "leave", ask: { _, _ in .leave }, answers: [.yes, .yes, .yes, .yes, .yes]),
    ]

    @Test("are these, for every role and every ask", arguments: rows.map(\.name))
    func table(name: String) throws {
        let row = try #require(Self.rows.first { $0.name == name })
        for (place, answer) in row.answers.enumerated() {
            var hall = Hall {
                $0.lobby = .guests
                $0.records = true
                $0.asksConsent = false
                $0.broadcast = "cast"
            }
            let chair = try hall.come("ประธาน", as: .host)
            let other = try hall.come("ผู้พูด", as: .speaker, key: "i1@example.ac.th")
            hall.assembly.decks = [DeckCard(id: "d", name: "d", pages: 3, by: chair, width: 16, height: 9)]
            try hall.ask(chair, .openPoll(Self.vote))
            try hall.ask(chair, .openPoll(.init(question: "!", choices: ["a", "b"], isSecret: false, isFormal: false)))
            try hall.ask(chair, .say(text: "เริ่ม", to: nil, everywhere: false))
            let roles: [RoomRole] = [.listener, .speaker, .cohost, .host]
            let asker =
                place < 4
                ? try hall.come("คน", as: roles[place], key: "i2@example.ac.th") : try hall.come("แขก", as: .speaker)
            let found = hall.refusal(asker, row.ask(asker, other)).map { Answer.no($0) } ?? .yes
            #expect(found == answer, "\(name) by \(place < 4 ? roles[place].rawValue : "the lobby")")
        }
    }

    @Test("of a co-host end before a host") func overHosts() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        let second = try hall.come("ผู้ช่วย", as: .cohost)
        #expect(hall.refusal(second, .mute(chair, .microphone, isHard: true)) == .notForYou)
        #expect(hall.refusal(second, .toLobby(chair)) == .notForYou)
        #expect(hall.refusal(second, .remove(chair, bars: true)) == .notForYou)
        #expect(hall.refusal(chair, .mute(second, .microphone, isHard: true)) == nil)
    }

    @Test("of the last who leads cannot be given away by mistake") func lastHost() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        #expect(hall.refusal(chair, .role(chair, .listener)) == .notForYou)
        let second = try hall.come("รอง", as: .speaker)
        try hall.ask(chair, .role(second, .host))
        #expect(hall.refusal(chair, .role(chair, .speaker)) == nil)
        #expect(hall.assembly.role(of: chair)?.role == .speaker)
    }
}

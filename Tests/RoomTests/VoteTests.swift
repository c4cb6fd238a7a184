// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Studio

@Suite("Votes") struct VoteTests {
    private static func wish(secret: Bool = false, formal: Bool = true, quorum: Int? = nil) -> RoomAsk {
        .openPoll(
            .init(
                question: "เห็นชอบหรือไม่", choices: ["เห็นชอบ", "ไม่เห็นชอบ", "งดออกเสียง"], isSecret: secret,
                isFormal: formal,
                quorum: quorum))
    }

    private static func council(_ hall: inout Hall, _ count: Int) throws -> [PersonNumber] {
        var people = [try hall.come("ประธาน", as: .host, key: "p1")]
        for number in 2...count { people.append(try hall.come("กรรมการ \(number)", as: .speaker, key: "i\(number)")) }
        return people
    }

    @Test("in an open vote a mind may be changed, and who was for what is told at the end") func open() throws {
        var hall = Hall()
        let people = try Self.council(&hall, 4)
        try hall.ask(people[0], Self.wish(quorum: 3))
        try hall.ask(people[0], .vote(poll: 1, choice: 0))
        try hall.ask(people[1], .vote(poll: 1, choice: 0))
        try hall.ask(people[2], .vote(poll: 1, choice: 1))
        try hall.ask(people[2], .vote(poll: 1, choice: 0))
        guard case .poll(let card) = hall.last("poll", to: people[3]) else { return #expect(Bool(false)) }
        #expect(card.counts == [3, 0, 0] && card.ballots == nil && card.eligible == 4 && card.yours == nil)
        guard case .poll(let own) = hall.last("poll", to: people[2]) else { return #expect(Bool(false)) }
        #expect(own.yours == 0 && own.hasVoted == true)
        try hall.ask(people[0], .closePoll(1))
        #expect(hall.refusal(people[3], .vote(poll: 1, choice: 0)) == .pollClosed)
        let count = try #require(hall.assembly.report.votes.first)
        #expect(count.counts == [3, 0, 0] && count.present == 4 && count.hasQuorum)
        #expect(count.ballots.map(\.key) == ["p1", "i2", "i3"])
        #expect(count.ballots.map(\.choice) == [0, 0, 0])
    }

    @Test("of a secret vote nothing that is told, logged or reported joins a person and a choice") func secret() throws
    {
        var hall = Hall()
        let people = try Self.council(&hall, 4)
        try hall.ask(people[0], Self.wish(secret: true))
        hall.forget()
        for (place, choice) in [0, 1, 1, 2].enumerated() { try hall.ask(people[place], .vote(poll: 1, choice: choice)) }
        #expect(hall.refusal(people[1], .vote(poll: 1, choice: 0)) == .alreadyVoted)
        for id in people {
            for case .poll(let card) in hall.heard[id] ?? [] {
                #expect(card.counts == nil && card.ballots == nil && card.yours == nil)
            }
        }
        #expect(hall.notes.isEmpty, "a ballot is no line of the log")
        try hall.ask(people[0], .closePoll(1))
        guard case .poll(let card) = hall.last("poll", to: people[3]) else { return #expect(Bool(false)) }
        #expect(card.counts == [1, 2, 1] && card.ballots == nil)
        #expect(hall.notes.map(\.kind) == ["pollClosed"])
        #expect(hall.notes[0].vote?.counts == [1, 2, 1] && hall.notes[0].vote?.ballots == [])
        #expect(hall.assembly.report.votes[0].ballots.isEmpty)
        guard case .state(let scene)? = try hall.come("สาย", as: .speaker, key: "i9").scene(in: hall) else {
            return #expect(Bool(false))
        }
        #expect(scene.polls[0].yours == nil)
    }

    @Test("somebody whom the desk knows has one voice, at however many telephones") func once() throws {
        var hall = Hall()
        let people = try Self.council(&hall, 2)
        let phone = try hall.come("กรรมการ 2", as: .speaker, key: "i2")
        try hall.ask(people[0], Self.wish(secret: true))
        try hall.ask(people[1], .vote(poll: 1, choice: 0))
        #expect(hall.refusal(phone, .vote(poll: 1, choice: 0)) == .alreadyVoted)
        try hall.ask(people[0], .closePoll(1))
        let count = hall.assembly.report.votes[0]
        #expect(count.counts == [1, 0, 0] && count.present == 2)
    }

    @Test("a resolution without enough people says so") func quorum() throws {
        var hall = Hall { $0.quorum = 3 }
        let people = try Self.council(&hall, 2)
        _ = try hall.come("ผู้ฟัง", as: .listener)
        try hall.ask(people[0], Self.wish())
        try hall.ask(people[0], .closePoll(1))
        #expect(!hall.assembly.report.votes[0].hasQuorum)
        guard case .poll(let card) = hall.last("poll", to: people[0]) else { return #expect(Bool(false)) }
        #expect(card.hasQuorum == false && card.eligible == 2)
    }

    @Test("what cannot be a poll is refused, and there are not too many of them") func refused() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host)
        func refusal(_ question: String, _ choices: [String], _ hall: inout Hall) -> RoomRefusal? {
            hall.refusal(
                chair, .openPoll(.init(question: question, choices: choices, isSecret: false, isFormal: false)))
        }
        #expect(refusal(" ", ["a", "b"], &hall) == .empty)
        #expect(refusal("?", ["a", " "], &hall) == .empty)
        #expect(refusal("?", ["a"], &hall) == .unreadable)
        #expect(refusal("?", ["a", "a"], &hall) == .unreadable)
        #expect(refusal("?", (0..<21).map(String.init), &hall) == .unreadable)
        #expect(refusal(String(repeating: "?", count: 301), ["a", "b"], &hall) == .tooLong)
        for _ in 0..<3 { #expect(refusal("?", ["a", "b"], &hall) == nil) }
        #expect(refusal("?", ["a", "b"], &hall) == .tooMany)
        #expect(hall.refusal(chair, .vote(poll: 9, choice: 0)) == .unknownPoll)
        #expect(hall.refusal(chair, .vote(poll: 1, choice: 2)) == .unreadable)
    }
}

extension PersonNumber {
    /// What was told to them of everything.
    func scene(in hall: Hall) -> RoomEvent? { hall.last("state", to: self) }
}

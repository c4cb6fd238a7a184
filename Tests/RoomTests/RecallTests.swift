// SPDX-License-Identifier: Apache-2.0
import HLS
import RTP
import Testing

@testable import Studio

@Suite("A studio that was killed") struct RecallTests {
    @Test("knows by the event log who was there, what was voted, and where numbers go on") func recalls() throws {
        var hall = Hall()
        let chair = try hall.come("ประธาน", as: .host, key: "p1")
        let one = try hall.come("หนึ่ง", as: .speaker, key: "i1"), guest = try hall.come("แขก", as: .speaker)
        try hall.ask(chair, .mark(text: "วาระที่ 1"))
        try hall.ask(one, .hand(isUp: true))
        try hall.ask(one, .say(text: "เห็นด้วย", to: nil, everywhere: false))
        try hall.ask(
            chair, .openPoll(.init(question: "?", choices: ["a", "b"], isSecret: true, isFormal: true, quorum: 2)))
        try hall.ask(one, .vote(poll: 1, choice: 1))
        try hall.ask(chair, .closePoll(1))
        try hall.ask(chair, .role(one, .cohost))
        try hall.ask(guest, .leave)
        hall.pass(seconds: 60)
        try hall.ask(chair, .say(text: "สุดท้าย", to: nil, everywhere: false))
        let last = hall.wall.milliseconds
        let before = hall.assembly.report

        var again = Hall()
        again.milliseconds = hall.milliseconds + 30_000
        again.assembly.recall(hall.notes)
        let after = again.assembly.report
        #expect(after.votes == before.votes && after.marks == before.marks)
        #expect((after.messages, after.hands) == (2, 1))
        #expect(after.state.peak == 3 && after.state.phase == .open && after.state.openedAt == before.state.openedAt)
        #expect(after.attendance.map(\.name) == before.attendance.map(\.name))
        #expect(after.attendance.map(\.role) == [.host, .cohost, .speaker])
        #expect(after.attendance[0].visits == [.init(from: before.attendance[0].visits[0].from, to: last)])
        #expect(after.attendance[2].visits == before.attendance[2].visits)

        let back = try again.come("ประธาน", as: .host, key: "p1")
        #expect(back == PersonNumber(4), "no number is given twice")
        #expect(again.assembly.report.attendance[0].visits.count == 2)
        try again.ask(back, .openPoll(.init(question: "!", choices: ["a", "b"], isSecret: false, isFormal: false)))
        #expect(again.assembly.polls.map(\.number) == [2])
        try again.ask(back, .say(text: "ต่อ", to: nil, everywhere: false))
        #expect(again.assembly.messages.map(\.number) == [3])
    }

    @Test("records and airs again what it recorded and aired, with the first picture or sound and only once")
    func goesOn() throws {
        var hall = Hall { ($0.records, $0.asksConsent, $0.broadcast) = (true, false, "cast") }
        let chair = try hall.come("ประธาน", as: .host, key: "p1")
        hall.assembly.recording(isOn: true, at: hall.now, wall: hall.wall)
        hall.assembly.air(AirCard(isOn: true, layout: "grid"), at: hall.now, wall: hall.wall)
        hall.drain()

        var again = Hall { ($0.records, $0.asksConsent, $0.broadcast) = (true, false, "cast") }
        again.assembly.recall(hall.notes)
        let back = try again.come("ประธาน", as: .host, key: "p1")
        #expect(again.others.filter(\.isProduction) == [])
        let sources = again.callUp(back)
        let facts = SourceFacts(source: try #require(sources[.camera]), seat: SeatID(1), mid: "1", format: .vp8)
        again.news(.began(facts))
        again.news(.began(facts))
        #expect(again.others.filter(\.isProduction) == [.record(true), .air(true, layout: "grid", person: nil)])

        // What a host ended, and a meeting that was over, begin nothing.
        hall.assembly.recording(isOn: false, at: hall.now, wall: hall.wall)
        hall.drain()
        var ended = Hall { ($0.records, $0.broadcast) = (true, "cast") }
        ended.assembly.recall(hall.notes)
        ended.news(.began(facts))
        #expect(ended.others.filter(\.isProduction) == [.air(true, layout: "grid", person: nil)])
        try hall.ask(chair, .end)
        var over = Hall { ($0.records, $0.broadcast) = (true, "cast") }
        over.assembly.recall(hall.notes)
        over.news(.began(facts))
        #expect(over.others.filter(\.isProduction) == [])
    }

    @Test("lets who was inside come back without waiting, and counts that their line broke") func comesBack() throws {
        var hall = Hall { ($0.lobby, $0.waitsForHost, $0.passKey) = (.everybody, true, "00") }
        let chair = try hall.come("ประธาน", as: .host, key: "p1")
        let one = try hall.come("หนึ่ง", as: .speaker, key: "i1@example.ac.th")
        try hall.ask(chair, .admit(one))
        hall.assembly.lost(one, at: hall.now, wall: hall.wall)
        hall.assembly.listens(one, isResumed: true, at: hall.now, wall: hall.wall)
        hall.drain()
        var again = Hall { ($0.lobby, $0.waitsForHost, $0.passKey) = (.everybody, true, "00") }
        again.assembly.recall(hall.notes)
        #expect(again.assembly.report.attendance.map(\.interruptions) == [0, 1])
        _ = try again.come("หนึ่ง", as: .speaker, key: "i1@example.ac.th")
        let other = try again.come("สอง", as: .speaker, key: "i2")
        #expect(again.assembly.waiting == [other])
        #expect(again.assembly.report.attendance.map(\.interruptions) == [0, 2])
    }

    @Test("knows that a meeting was over, and tells the same of it") func over() throws {
        var hall = Hall { $0.passKey = "00" }
        let chair = try hall.come("ประธาน", as: .host, key: "p1")
        hall.pass(seconds: 600)
        try hall.ask(chair, .end)
        var again = Hall { $0.passKey = "00" }
        again.assembly.recall(hall.notes)
        #expect(again.assembly.report == hall.assembly.report.without(curve: true))
        #expect(throws: RoomRefusal.isOver) { try again.come("แขก", as: .speaker) }
    }
}

extension MeetingReport {
    /// The curve of minutes is not in the log.
    fileprivate func without(curve: Bool) -> MeetingReport {
        var report = self
        if curve { report.curve = [] }
        return report
    }
}

extension Assembly.Output {
    /// Whether it begins or ends what is made beside the room.
    fileprivate var isProduction: Bool {
        switch self {
        case .record, .air: true
        default: false
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Pages
import Rehearsal
import Secure
import Studio
import Testing

@testable import sanyan

/// What the desk decided about a meeting, in the studio's words, and what the studio tells, in the desk's.
@Suite struct SeatingTests {
    private static let letter = Samples.letter(service: .both)
    private static let doors = StudioDoors(viewers: "https://live.example.ac.th", rtmp: nil)

    private func seating(
        _ stage: Stage, air: AirPlan? = nil, at now: Moment = letter.span.start,
        _ change: (inout MeetSettings) -> Void = { _ in }
    ) -> Seating? {
        var settings = MeetSettings()
        change(&settings)
        return Seating(
            MeetPlan(
                matter: Matter.ID(1), name: "m4kz8w", passKey: "00ff", settings: settings, revoked: [Invitee.ID(7)]),
            of: Samples.matter(at: stage, letter: Self.letter), air: air, office: Samples.office,
            seal: PlacementTests.seal, doors: Self.doors, titleOfSecrets: "ประชุม", at: now)
    }

    @Test func `what is settled arrives`() throws {
        let air = PlacementTests.settled()
        let seating = try #require(
            seating(.inService, air: air) {
                ($0.title, $0.door, $0.lobby, $0.domains) = ("สภาวิชาการ", .open, .everybody, ["example.ac.th"])
                ($0.freedoms, $0.isWebinar, $0.earlyMinutes) = ([.share], true, 30)
                ($0.agenda, $0.quorum, $0.records, $0.consent, $0.isAired) = (["แจ้ง"], 12, true, "ยินยอม", true)
            })
        var expected = MeetingPlan(name: "m4kz8w", title: "สภาวิชาการ")
        (expected.entry, expected.door, expected.ticketKey, expected.passKey) = (.open, .open, "00ff", "00ff")
        expected.revokedKeys = ["i7"]
        (expected.guestRole, expected.lobby, expected.admittedDomains) = (.listener, .everybody, ["example.ac.th"])
        (expected.mayUnmute, expected.mayShare, expected.mayChat, expected.isWebinar) = (false, true, false, true)
        (expected.records, expected.consentThai, expected.consentEnglish) = (true, "ยินยอม", "ยินยอม")
        (expected.agenda, expected.quorum) = (["แจ้ง"], 12)
        expected.startsAt = Self.letter.span.start.milliseconds
        expected.endsAt = Self.letter.span.end.milliseconds
        expected.opensAt = (Self.letter.span.start - .minutes(30)).milliseconds
        expected.embedders = [Samples.office.address]
        expected.broadcast = air.name
        expected.overflow = "https://live.example.ac.th/watch/\(air.name)"
        #expect(seating.plan == expected)
        #expect(!seating.isOver)
    }

    @Test func `a meeting by law takes in who is identified, waits for its host and is recorded at once`() throws {
        let plan = try #require(seating(.inService) { ($0.isLegal, $0.records) = (true, true) }).plan
        #expect(plan.entry == .identified)
        #expect(plan.door == .link)
        #expect(plan.waitsForHost && plan.recordsAtOnce && plan.asksConsent)
        let usual = try #require(seating(.inService)).plan
        #expect(usual.entry == .pass)
        #expect(!usual.waitsForHost && !usual.records && !usual.asksConsent)
        #expect(usual.broadcast == nil)
    }

    @Test func `a trial is tested and not recorded, over is over, and what was called off is told nowhere`() throws {
        let before = Self.letter.span.start - .days(2)
        let trial = try #require(seating(.toPrepare, at: before) { $0.records = true }).plan
        #expect(trial.isTest && !trial.records && trial.asksConsent)
        #expect(try #require(seating(.inService)).plan.isTest == false)
        let over = try #require(seating(.toEvaluate) { $0.keepsDays = 30 })
        #expect(over.keptUntil == Self.letter.span.end + .days(30))
        #expect(over.isOver && over.plan.isOver)
        #expect(over.plan.evaluation?.hasPrefix("\(Samples.office.address)/evaluate/") == true)
        #expect(seating(.withdrawn) == nil)
        #expect(seating(.toDecide) == nil)
    }

    @Test func `what the studio tells becomes a sitting`() throws {
        let start = Samples.now
        func at(_ minutes: Int) -> Int64 { (start + .minutes(minutes)).milliseconds }
        var state = MeetingState(name: "m")
        #expect(Sitting(MeetingReport(state), at: start) == nil, "nobody came")
        #expect(MeetFigures(state, at: start) == nil)
        (state.phase, state.openedAt, state.endedAt, state.peak) = (.over, at(0), at(60), 2)
        var report = MeetingReport(state)
        var mana = Attendance(name: "มานะ", key: "i12@example.ac.th", role: .host)
        mana.visits = [.init(from: at(0), to: at(20)), .init(from: at(30))]
        (mana.lossPerMille, mana.roundTripMilliseconds, mana.interruptions, mana.consented) = (3, 40, 1, true)
        mana.consentedAt = at(-1)
        report.attendance = [
            mana, Attendance(name: "แขก", role: .listener), Attendance(name: "อนันต์", key: "p3", role: .host),
        ]
        var vote = VoteCount(
            number: 1, question: "รับรอง", choices: ["ใช่", "ไม่"], counts: [2], isSecret: false, isFormal: true,
            quorum: 0, present: 2, openedAt: at(5))
        vote.ballots = [.init(name: "มานะ", key: nil, choice: 0), .init(name: "แขก", key: nil, choice: 9)]
        report.votes = [vote]
        report.marks = [.init(text: "แจ้ง", at: at(1))]
        let sitting = try #require(Sitting(report, at: start))
        #expect(sitting.opened == start)
        #expect(sitting.ended == start + .minutes(60))
        #expect(sitting.attendance.map(\.invitee) == [Invitee.ID(12), nil, nil])
        #expect(sitting.attendance.map(\.isIdentified) == [true, false, true])
        #expect(sitting.attendance[0].minutes == 50, "who is still there when it ends stayed until then")
        #expect(sitting.attendance[0].lossBasisPoints == 30)
        #expect(sitting.attendance[0].consented == true)
        #expect(sitting.attendance[0].consentedAt == start - .minutes(1))
        #expect(sitting.votes[0].quorum == nil)
        #expect(sitting.votes[0].choices == [.init(text: "ใช่", count: 2), .init(text: "ไม่", count: 0)])
        #expect(sitting.votes[0].ballots == [.init(name: "มานะ", choice: "ใช่")])
        #expect(sitting.votes[0].closed == start + .minutes(60))
        #expect(sitting.marks == [.init(at: start + .minutes(1), text: "แจ้ง")])
    }
}

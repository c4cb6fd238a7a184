// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Pages
import Rehearsal
import Studio
import Testing

@testable import sanyan

/// Meetings over the link: what the studio is told, and what the folder is told of them, once.
@Suite struct MeetingLinkTests {
    private static let letter = Samples.letter(service: .meeting)

    private func desk(at stage: Stage = .toPrepare) async throws -> PlayedDesk {
        try await PlayedDesk(at: stage, letter: Self.letter)
    }

    /// How a meeting is after so many minutes, from the letter's own hour on.
    private func state(_ desk: PlayedDesk, minutes: Int, isOver: Bool = false) -> MeetingState {
        var state = MeetingState(name: desk.name)
        (state.phase, state.people, state.peak, state.hasHost) = (isOver ? .over : .open, isOver ? 0 : 3, 3, true)
        state.openedAt = desk.start.milliseconds
        state.endedAt = isOver ? (desk.start + .minutes(minutes)).milliseconds : nil
        return state
    }

    private func report(_ desk: PlayedDesk, minutes: Int, keys: [String?]) -> MeetingReport {
        var report = MeetingReport(state(desk, minutes: minutes, isOver: true))
        report.attendance = keys.enumerated().map { index, key in
            var person = Attendance(name: "คนที่ \(index + 1)", key: key, role: index == 0 ? .host : .speaker)
            person.visits = [.init(from: desk.start.milliseconds, to: (desk.start + .minutes(minutes)).milliseconds)]
            return person
        }
        return report
    }

    @Test func `the studio is told the meeting, and what changes of it`() async throws {
        let desk = try await desk()
        let studio = try await desk.studioComes()
        let plan = try await studio.nextMeeting()
        #expect(plan.name == desk.name)
        #expect(plan.isTest)
        #expect(plan.entry == .pass)
        var settings = MeetSettings()
        settings.isWebinar = true
        try await desk.cabinet.save(settings, of: desk.id, by: Hand(Samples.anan), at: desk.wall.now)
        #expect(try await studio.nextMeeting().isWebinar)
        desk.wall.set(desk.start)
        try await desk.act(.override(reason: "รีบ"), .officer, at: desk.start - .minutes(5))
        #expect(try await studio.nextMeeting().isTest == false)
        try await desk.act(.withdraw(reason: "งด"), .secretariat, at: desk.start - .minutes(4))
        #expect(try await studio.nextMeeting().isOver)
        #expect(try await studio.next(but: .report) == .closeMeeting(name: desk.name))
        await desk.end()
    }

    @Test func `what a meeting came to is in the folder once, and who was there beside it`() async throws {
        let desk = try await desk(at: .inService)
        let list = InviteeList(role: .listener, people: [.anybody], until: desk.start + .hours(2))
        let shared = try await desk.cabinet.invite(list, to: desk.id, by: Hand(Samples.anan), at: desk.wall.now)[0]
        let studio = try await desk.studioComes()
        _ = try await studio.nextMeeting()
        let report = report(desk, minutes: 90, keys: ["p3", "i1@example.ac.th", "i\(shared.id)", nil])
        for _ in 1...3 { await studio.say(.meetingEnded(report)) }
        let matter = try #require(try await desk.cabinet.matter(desk.id))
        #expect(matter.sittings.count == 1)
        #expect(matter.sittings.first?.people == 4)
        #expect(matter.sittings.first?.identified == 2, "a link for everybody says of nobody who they are")
        #expect(matter.sittings.first?.personMinutes == 360)
        #expect(matter.stage == .inService)
        #expect(try await desk.cabinet.runningSittings() == [:])
        #expect(try await desk.cabinet.sittings(of: desk.id).map { $0.attendance.count } == [4])
        await desk.end()
    }

    @Test func `a trial is counted nowhere`() async throws {
        let desk = try await desk()
        let studio = try await desk.studioComes()
        _ = try await studio.nextMeeting()
        await studio.say(.meeting(state(desk, minutes: 5)))
        await studio.say(.meetingEnded(report(desk, minutes: 9, keys: [nil])))
        #expect(try await desk.cabinet.matter(desk.id)?.sittings == [])
        #expect(try await desk.cabinet.sittings(of: desk.id) == [])
        #expect(try await desk.cabinet.runningSittings() == [:])
        await desk.end()
    }

    @Test func `a studio that dies leaves what was heard of the meeting`() async throws {
        let desk = try await desk(at: .inService)
        let studio = try await desk.studioComes()
        _ = try await studio.nextMeeting()
        desk.wall.set(desk.start + .minutes(41))
        await studio.say(.meeting(state(desk, minutes: 41)))
        #expect(try await desk.cabinet.runningSittings()[desk.id]?.peak == 3)
        await studio.leave()
        #expect(await desk.link.meetingSight(of: desk.name) == .away)
        let other = try await desk.studioComes()
        _ = try await other.nextMeeting()
        await other.say(.meeting(MeetingState(name: desk.name)))
        try await desk.waitUntil { try await $0.matter(desk.id)?.sittings.count == 1 }
        #expect(try await desk.cabinet.matter(desk.id)?.sittings.first?.span.length == .minutes(41))
        await desk.end()
    }

    @Test func `a meeting that ended while the desk was away is told all the same`() async throws {
        let desk = try await desk(at: .inService)
        let studio = try await desk.studioComes()
        await studio.say(.meetingEnded(report(desk, minutes: 25, keys: ["p3"])))
        try await desk.waitUntil { try await $0.matter(desk.id)?.sittings.count == 1 }
        #expect(try await desk.cabinet.sittings(of: desk.id).count == 1)
        await desk.end()
    }

    @Test func `recordings are erased when they have been kept as long as was settled`() async throws {
        let desk = try await desk(at: .toEvaluate)
        var settings = MeetSettings()
        (settings.keepsDays, settings.records) = (7, true)
        try await desk.cabinet.save(settings, of: desk.id, by: Hand(Samples.somsri), at: desk.wall.now)
        let studio = try await desk.studioComes()
        _ = try await studio.nextMeeting()
        #expect(try await studio.next(but: .report) == .closeMeeting(name: desk.name))
        var state = state(desk, minutes: 60, isOver: true)
        state.recordings = [
            MeetingRecording(name: "a", bytes: 1, milliseconds: 1, startedAt: 1, isOpen: false),
            MeetingRecording(name: "b", bytes: 1, milliseconds: 1, startedAt: 2, isOpen: true),
        ]
        await studio.say(.meeting(state))
        desk.wall.set(Self.letter.span.end + .days(7))
        desk.link.stir()
        #expect(try await studio.next(but: .report) == .eraseMeeting(name: desk.name, recording: "a"))
        await desk.end()
    }

    @Test func `what is over, filed and not recorded is known to the studio a day longer`() async throws {
        let desk = try await desk(at: .inService)
        let studio = try await desk.studioComes()
        _ = try await studio.nextMeeting()
        await studio.say(.meeting(state(desk, minutes: 30)))
        try await desk.act(.end(Summary(audience: 3), note: ""), .officer, at: desk.start + .minutes(60))
        #expect(try await studio.nextMeeting().isOver)
        #expect(try await studio.next(but: .report) == .closeMeeting(name: desk.name))
        await studio.say(.meetingEnded(report(desk, minutes: 60, keys: ["p3"])))
        var over = state(desk, minutes: 60, isOver: true)
        over.recordings = [MeetingRecording(name: "a", bytes: 1, milliseconds: 1, startedAt: 1, isOpen: false)]
        await studio.say(.meeting(over))
        desk.wall.set(desk.start + .days(2))
        try await desk.link.tellMeetings(to: studio.number)
        #expect(await desk.link.meetings.withdrawn == [], "its recording is there")
        over.recordings = []
        await studio.say(.meeting(over))
        try await desk.link.tellMeetings(to: studio.number)
        #expect(try await studio.next(but: .report) == .withdrawMeeting(name: desk.name))
        try await desk.act(
            .evaluate(Evaluation(overall: 5, signal: 5, staff: 5), note: ""), .requester, at: desk.wall.now)
        try await desk.cabinet.forgetMeeting(of: desk.id, by: Samples.hand(.secretariat), at: desk.wall.now)
        #expect(try await studio.next(but: .report) == .forgetMeeting(name: desk.name))
        #expect(
            await desk.link.meetingSight(of: desk.name).state?.phase == .over, "the desk still knows that it is over")
        await desk.end()
    }

    @Test func `an officer's test of devices is seen, a guest's is not`() async throws {
        let desk = try await desk()
        let studio = try await desk.studioComes()
        _ = try await studio.nextMeeting()
        var check = DeviceCheck()
        (check.camera, check.upKilobits) = (true, 900)
        await studio.say(.meetingChecked(name: desk.name, check))
        check.key = "i4"
        await studio.say(.meetingChecked(name: desk.name, check))
        #expect(await desk.link.meetingSight(of: desk.name).check == nil)
        check.key = "p3"
        await studio.say(.meetingChecked(name: desk.name, check))
        #expect(await desk.link.meetingSight(of: desk.name).check == check)
        await desk.end()
    }

    @Test func `an order that the studio refuses is told to who gave it`() async throws {
        let desk = try await desk(at: .inService)
        let studio = try await desk.studioComes()
        _ = try await studio.nextMeeting()
        let order = Order.closeMeeting(name: desk.name)
        let told = Task { try await desk.link.tell(order) }
        #expect(try await studio.next(but: .report) == order)
        await studio.say(.refused(order, thai: "ไม่มีห้องนี้", english: "There is none."))
        await #expect(throws: StudioRefusal(thai: "ไม่มีห้องนี้", english: "There is none.")) { try await told.value }
        #expect(await desk.link.meetingSight(of: desk.name).refusal?.english == "There is none.")
        await desk.end()
    }
}

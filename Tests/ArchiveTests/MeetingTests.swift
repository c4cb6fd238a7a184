// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import GRDB
import Secure
import Testing

@testable import Archive

/// An approved meeting has a name, a key and the contact's link; names lie sealed beside the folder and can be forgotten.
@Suite struct MeetingTests {
    /// A meeting that is assigned to the bureau's first officer.
    private func assigned(_ bureau: Bureau, secrecy: Secrecy = .open) async throws -> Matter.ID {
        let id = try await bureau.receive().id
        let how = Classification(origin: .internal, service: .meeting, secrecy: secrecy)
        for act in [
            .register(how, papers: Set(PaperCheck.allCases)), .submit, .approve(note: ""), .assign(bureau.assignment),
        ] as [Act] { try await bureau.act(act, id) }
        return id
    }

    private static let people: [Invitee.Who] = [
        .named(name: "รองศาสตราจารย์มานะ", mail: "mana@example.ac.th"), .named(name: "นางสาวปิติ", mail: ""),
    ]

    private func list(_ role: MeetRole = .speaker, _ people: [Invitee.Who] = people) -> InviteeList {
        InviteeList(role: role, people: people, until: letter().span.end)
    }

    /// What the columns hold that might name somebody.
    private func dump(_ cabinet: SQLiteCabinet) async throws -> String {
        try await cabinet.writer.read { db in
            try ["meeting", "invitee", "sitting", "delivery", "roster_change"].flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\($0)" }
            }.joined()
        }
    }

    private static let sitting = Sitting(
        opened: letter().span.start, ended: letter().span.end, peak: 1,
        attendance: [
            .init(
                invitee: Invitee.ID(2), name: "รองศาสตราจารย์มานะ", role: .host, isIdentified: true,
                stays: [letter().span])
        ],
        votes: [
            .init(
                question: "รับรอง", isSecret: false, isFormal: true, present: 1, opened: monday, closed: monday,
                choices: [.init(text: "รับรอง", count: 1)], ballots: [.init(name: "รองศาสตราจารย์มานะ", choice: "รับรอง")])
        ])

    // MARK: What stands for it

    @Test func `a meeting is made with the approval, once, with the contact's link, and keeps its name`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await bureau.receive().id
        for act in [registration, .submit] as [Act] {
            try await bureau.act(act, id)
            #expect(try await cabinet.meetPlan(of: id) == nil)
        }
        try await bureau.act(.approve(note: ""), id)
        let plan = try #require(try await cabinet.meetPlan(of: id))
        #expect(plan.name.count == 10)
        #expect(plan.passKey.count == 64)
        #expect(plan.settings == MeetSettings())
        #expect(plan.revoked == [])
        #expect(try await cabinet.invitees(of: id).map(\.who) == [.contact])
        #expect(try await cabinet.invitees(of: id).map(\.role) == [.cohost])
        #expect(try await cabinet.meetPlan(named: plan.name) == plan)
        #expect(try await cabinet.meetPlan(named: "nobody") == nil)
        #expect(try await cabinet.airPlan(of: id) == nil)

        var moved = letter()
        moved.span = Span(start: moved.span.start + .hours(3), end: moved.span.end + .hours(3))
        try await bureau.act(.amend(moved, reason: "เลื่อนบ่าย"), id)
        try await bureau.act(.approve(note: ""), id)
        #expect(try await cabinet.meetPlan(of: id) == plan)
        #expect(try await cabinet.invitees(of: id).count == 1)
        #expect(try await cabinet.meetPlans(endingAfter: moved.span.end - .seconds(1)) == [plan])
        #expect(try await cabinet.meetPlans(endingAfter: moved.span.end) == [])
        await #expect(throws: DatabaseError.self) {
            try await cabinet.writer.write { try $0.execute(sql: "UPDATE meeting SET name = 'other'") }
        }
    }

    @Test func `settings are kept, noted, and refused where they may not stand`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await assigned(bureau)
        try await cabinet.save(FixtureTests.meeting, of: id, by: Hand(bureau.secretary), at: monday)
        #expect(try await cabinet.meetPlan(of: id)?.settings == FixtureTests.meeting)
        var wrong = MeetSettings()
        (wrong.isLegal, wrong.door) = (true, .open)
        await #expect(throws: Refusal.meetFaults([.legalIsNotOpen, .legalIsRecorded])) {
            try await cabinet.save(wrong, of: id, by: Hand(bureau.officers[0]), at: monday)
        }
        await #expect(throws: Refusal.notYourRole(.link)) {
            try await cabinet.save(MeetSettings(), of: id, by: Hand(bureau.network), at: monday)
        }
        let changes = try await cabinet.rosterChanges(limit: 0).filter { $0.subject == id.description }
        #expect(changes.map(\.what) == ["meeting"])
    }

    // MARK: Links

    @Test func `people are invited, shown, and sent back for good, and all of it is noted`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await assigned(bureau)
        let hand = Hand(bureau.officers[0])
        let invited = try await cabinet.invite(list(), to: id, by: hand, at: monday)
        #expect(invited.map(\.who) == Self.people)
        #expect(try await cabinet.invitees(of: id).dropFirst() == invited[...])
        #expect(try await cabinet.invitee(invited[0].id) == invited[0])
        await #expect(throws: Refusal.inviteeFaults([.nobody])) {
            try await cabinet.invite(list(.speaker, []), to: id, by: hand, at: monday)
        }
        try await cabinet.noteLink(of: invited[0].id, of: id, shownTo: hand, at: monday)
        try await cabinet.noteLink(of: nil, of: id, shownTo: hand, at: monday)
        await #expect(throws: Refusal.notItsOfficer) {
            try await cabinet.noteLink(of: nil, of: id, shownTo: Hand(bureau.officers[1]), at: monday)
        }
        for _ in 1...2 {
            try await cabinet.revoke(invited[0].id, of: id, by: Hand(bureau.secretary), at: monday + .hours(1))
        }
        let revoked = try #require(try await cabinet.invitee(invited[0].id))
        #expect(revoked.revokedAt == monday + .hours(1))
        #expect(try await cabinet.meetPlan(of: id)?.revoked == [invited[0].id])
        await #expect(throws: Refusal.noSuchInvitee) {
            try await cabinet.revoke(Invitee.ID(99), of: id, by: hand, at: monday)
        }
        await #expect(throws: DatabaseError.self) {
            try await cabinet.writer.write { try $0.execute(sql: "UPDATE invitee SET revoked_at = NULL") }
        }
        await #expect(throws: DatabaseError.self) {
            try await cabinet.writer.write { try $0.execute(sql: "DELETE FROM invitee") }
        }
        let changes = try await cabinet.rosterChanges(limit: 0).prefix(4)
        #expect(changes.map(\.what) == ["linkRevoked", "hostLinkShown", "linkShown", "invited"])
        #expect(changes.map(\.subject) == ["\(id)/\(invited[0].id)", "\(id)", "\(id)/\(invited[0].id)", "\(id)"])
    }

    @Test func `links go by mail to those who have an address, once, and never of a secret matter`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await assigned(bureau)
        let hand = Hand(bureau.officers[0])
        let invited = try await cabinet.invite(list(), to: id, by: hand, at: monday)
        #expect(try await cabinet.mail([], of: id, by: hand, at: monday) == 0, "no mail is set up")
        try await cabinet.save(.mail, settings: "{}", isOn: true, by: nil, at: monday)
        #expect(try await cabinet.mail([], of: id, by: hand, at: monday) == 1)
        #expect(try await cabinet.mail([], of: id, by: hand, at: monday) == 0, "they have theirs")
        #expect(try await cabinet.mail([invited[0].id], of: id, by: hand, at: monday + .hours(1)) == 1)
        let deliveries = try await cabinet.deliveries(of: id).filter { $0.freight == .seat }
        #expect(deliveries.map(\.to) == [.invitee(invited[0].id), .invitee(invited[0].id)])
        #expect(deliveries.allSatisfy { $0.way == .mail && $0.matter == id })
        #expect(try await cabinet.invitee(invited[0].id)?.mailedAt == monday + .hours(1))
        try await cabinet.revoke(invited[0].id, of: id, by: hand, at: monday)
        #expect(try await cabinet.mail([invited[0].id], of: id, by: hand, at: monday + .hours(2)) == 0)

        let secret = try await bureau.matter(at: .toAssign, letter("ประชุมลับ", inDays: 20)).id
        let how = Classification(origin: .internal, service: .meeting, secrecy: .secret)
        let other = try await bureau.receive(letter("ประชุมลับ", inDays: 25)).id
        for act in [.register(how, papers: Set(PaperCheck.allCases)), .submit, .approve(note: "")] as [Act] {
            try await bureau.act(act, other)
        }
        let named = InviteeList(role: .speaker, people: Self.people, until: letter(inDays: 20).span.end)
        _ = try await cabinet.invite(named, to: secret, by: hand, at: monday)
        _ = try await cabinet.invite(named, to: other, by: hand, at: monday)
        #expect(try await cabinet.mail([], of: secret, by: hand, at: monday) == 1)
        #expect(try await cabinet.mail([], of: other, by: hand, at: monday) == 0)
    }

    @Test func `no name, no address and no key lies open in the database`() async throws {
        let bureau = try await Bureau.inMemory()
        let id = try await assigned(bureau)
        _ = try await bureau.cabinet.invite(list(), to: id, by: Hand(bureau.officers[0]), at: monday)
        try await bureau.cabinet.keep(Self.sitting, of: id)
        let dump = try await dump(bureau.cabinet)
        let key = try #require(try await bureau.cabinet.meetPlan(of: id)?.passKey)
        for secret in ["มานะ", "ปิติ", "mana@", key] { #expect(!dump.contains(secret), "\(secret)") }
    }

    // MARK: Sittings

    @Test func `what is on is kept until the folder has it`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await assigned(bureau)
        var figures = MeetFigures(
            opened: monday + .hours(1), ended: monday + .hours(2), peak: 9, people: 9, personMinutes: 300)
        #expect(try await cabinet.keep(running: figures, of: id))
        var anew = figures
        anew.opened = monday + .hours(2)
        #expect(try await !cabinet.keep(running: anew, of: id), "one that waits for the folder is not written over")
        figures.people = 12
        #expect(try await cabinet.keep(running: figures, of: id))
        #expect(try await cabinet.runningSittings() == [id: figures])
        try await bureau.act(.override(reason: "รีบ"), id)
        try await bureau.act(.open, id)
        try await bureau.act(.meet(figures), id)
        #expect(try await cabinet.runningSittings() == [:])
        await #expect(throws: Refusal.alreadyMet) { try await bureau.act(.meet(figures), id) }
        #expect(try await cabinet.matter(id)?.sittings == [figures])
    }

    @Test func `names are forgotten when the matter is over, and told again they stay forgotten`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await bureau.matter(at: .toEvaluate).id
        let hand = Hand(bureau.secretary)
        _ = try await cabinet.invite(list(), to: id, by: hand, at: monday)
        try await cabinet.keep(Self.sitting, of: id)
        try await cabinet.keep(Self.sitting, of: id)
        #expect(try await cabinet.sittings(of: id) == [Self.sitting])
        await #expect(throws: Refusal.notForgettable(stage: .toEvaluate)) {
            try await cabinet.forgetMeeting(of: id, by: hand, at: monday)
        }
        try await bureau.act(.evaluate(Evaluation(overall: 5, signal: 5, staff: 5), note: ""), id)
        for _ in 1...2 { try await cabinet.forgetMeeting(of: id, by: hand, at: monday) }
        #expect(try await cabinet.sittings(of: id) == [Self.sitting.forgotten])
        #expect(try await cabinet.invitees(of: id).map(\.who) == [.forgotten, .forgotten, .forgotten])
        try await cabinet.keep(Self.sitting, of: id)
        #expect(try await cabinet.sittings(of: id) == [Self.sitting.forgotten], "told once more, it stays forgotten")
        #expect(try await cabinet.rosterChanges(limit: 0).count { $0.what == "meetingForgotten" } == 1)
        #expect(try await cabinet.matter(id)?.folder.count == 9)
    }

    @Test func `what is kept for some days goes by itself, by law not before its time`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let end = letter().span.end
        var settings = MeetSettings()
        settings.keepsDays = 7
        let id = try await bureau.matter(at: .toEvaluate).id
        try await cabinet.save(settings, of: id, by: Hand(bureau.secretary), at: monday)
        (settings.isLegal, settings.records, settings.keepsDays) = (true, true, 90)
        let legal = try await bureau.matter(at: .toEvaluate, letter(inDays: 8)).id
        try await cabinet.save(settings, of: legal, by: Hand(bureau.secretary), at: monday)
        for matter in [id, legal] { try await cabinet.keep(Self.sitting, of: matter) }
        #expect(try await cabinet.forgetMeetings(at: end + .days(7)) == [], "its matter goes on")
        for matter in [id, legal] {
            try await bureau.act(.evaluate(Evaluation(overall: 5, signal: 5, staff: 5), note: ""), matter)
        }
        #expect(try await cabinet.forgetMeetings(at: end + .days(7) - .seconds(1)) == [])
        #expect(try await cabinet.forgetMeetings(at: end + .days(7)) == [id])
        #expect(try await cabinet.forgetMeetings(at: end + .days(7)) == [])
        #expect(try await cabinet.sittings(of: id) == [Self.sitting.forgotten])
        #expect(try await cabinet.sittings(of: legal) == [Self.sitting])
        #expect(try await cabinet.forgetMeetings(at: end + .days(91)) == [legal])
    }

    // MARK: Folders on the disk

    @Test func `a lost key is found out, and new links are signed anew`() async throws {
        let folder = try Folder()
        let bureau = try await Bureau(try SQLiteCabinet.open(at: folder.path, errandsChanged: {}))
        let id = try await assigned(bureau)
        _ = try await bureau.cabinet.invite(list(), to: id, by: Hand(bureau.officers[0]), at: monday)
        try await bureau.cabinet.keep(Self.sitting, of: id)
        try bureau.cabinet.close()
        #expect(SQLiteCabinet.verify(folder.path) == [])
        try FileManager.default.removeItem(atPath: folder.path + "/key")
        #expect(SQLiteCabinet.verify(folder.path) == ["there is no key, so no link into a meeting can be made"])
        let cabinet = try SQLiteCabinet.open(at: folder.path, errandsChanged: {})
        #expect(try await cabinet.meetPlan(of: id)?.passKey.count == 64)
        #expect(try await cabinet.invitees(of: id).map(\.who) == [.forgotten, .forgotten, .forgotten])
        #expect(try await cabinet.sittings(of: id) == [])
        #expect(
            SQLiteCabinet.verify(folder.path) == [
                "matter \(id): somebody who is invited cannot be read",
                "matter \(id): who was at its meeting cannot be read",
            ])
    }
}

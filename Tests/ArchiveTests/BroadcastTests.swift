// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import GRDB
import Secure
import Testing

@testable import Archive

/// An approved broadcast has a name and keys; what is sealed is in no column, and nobody is shown a key unseen.
@Suite struct BroadcastTests {
    private static let asksForBroadcast: Letter = {
        var asked = letter()
        asked.service = .broadcast
        return asked
    }()

    /// A broadcast that is assigned to the bureau's first officer.
    private func assigned(_ bureau: Bureau, secrecy: Secrecy = .open) async throws -> Matter.ID {
        let id = try await bureau.receive(Self.asksForBroadcast).id
        let how = Classification(origin: .internal, service: .broadcast, secrecy: secrecy)
        for act in [
            .register(how, papers: Set(PaperCheck.allCases)), .submit, .approve(note: ""), .assign(bureau.assignment),
        ] as [Act] { try await bureau.act(act, id) }
        return id
    }

    @Test func `a broadcast is made with the approval, once, and keeps its name`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await bureau.receive(Self.asksForBroadcast).id
        let how = Classification(origin: .internal, service: .broadcast)
        for act in [.register(how, papers: Set(PaperCheck.allCases)), .submit] as [Act] {
            try await bureau.act(act, id)
            #expect(try await cabinet.airPlan(of: id) == nil)
        }
        try await bureau.act(.approve(note: ""), id)
        let plan = try #require(try await cabinet.airPlan(of: id))
        #expect(plan.name.count == 10)
        #expect(plan.keys.map(\.from) == [monday])
        #expect(plan.keys.map(\.until) == [nil])
        #expect(plan.ticketKey.count == 64)
        #expect(plan.settings == AirSettings())
        #expect(try await cabinet.airPlan(named: plan.name) == plan)
        #expect(try await cabinet.airPlan(named: "nobody") == nil)

        var moved = Self.asksForBroadcast
        moved.span = Span(start: moved.span.start + .hours(3), end: moved.span.end + .hours(3))
        try await bureau.act(.amend(moved, reason: "เลื่อนบ่าย"), id)
        try await bureau.act(.approve(note: ""), id)
        #expect(try await cabinet.airPlan(of: id) == plan)
        let meeting = try await bureau.matter(at: .toAssign)
        #expect(try await cabinet.airPlan(of: meeting.id) == nil)
        #expect(try await cabinet.airPlans(of: [meeting.id, id]) == [plan])
        #expect(try await cabinet.airPlans(endingAfter: moved.span.end - .seconds(1)) == [plan])
        #expect(try await cabinet.airPlans(endingAfter: moved.span.end) == [])
        await #expect(throws: DatabaseError.self) {
            try await cabinet.writer.write { try $0.execute(sql: "UPDATE broadcast SET name = 'other'") }
        }
    }

    @Test func `a secret matter's broadcast is for people with an account, and stays so`() async throws {
        let bureau = try await Bureau.inMemory()
        let id = try await assigned(bureau, secrecy: .confidential)
        #expect(try await bureau.cabinet.airPlan(of: id)?.settings.door == .signedIn)
        await #expect(throws: Refusal.airFaults([.secretIsNotOpen])) {
            try await bureau.cabinet.save(AirSettings(), of: id, by: Hand(bureau.officers[0]), at: monday)
        }
    }

    @Test func `keys are shown to the assigned officers, and every time is noted without them`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await assigned(bureau)
        let hand = Hand(bureau.officers[0])
        let shown = try await cabinet.streamKeys(of: id, by: hand, at: monday)
        let key = try #require(shown.first?.text)
        #expect(shown.count == 1)
        #expect(Base64URL.bytes(key)?.count == 24)
        #expect(try await cabinet.airPlan(of: id)?.keys.map(\.hash) == [Hex.text(Digest.sha256(key))])
        await #expect(throws: Refusal.notItsOfficer) {
            try await cabinet.streamKeys(of: id, by: Hand(bureau.officers[1]), at: monday)
        }
        await #expect(throws: Refusal.notYourRole(.open)) {
            try await cabinet.renewStreamKey(of: id, by: Hand(bureau.secretary), at: monday, oldUntil: nil)
        }
        let later = monday + .minutes(5)
        let both = try await cabinet.renewStreamKey(of: id, by: hand, at: later, oldUntil: later + .hours(1))
        #expect(both.count == 2)
        #expect(both[1] == StreamKey(text: key, until: later + .hours(1)))
        #expect(both[0].text != key)
        #expect(try await cabinet.streamKeys(of: id, by: hand, at: later + .hours(1)).map(\.text) == [both[0].text])
        let changes = try await cabinet.rosterChanges(limit: 0).filter { $0.subject == id.description }
        #expect(changes.map(\.what) == ["streamKeyShown", "streamKeyRenewed", "streamKeyShown"])
        #expect(changes.allSatisfy { $0.by == bureau.officers[0].id })
        #expect(!"\(changes) \(both) \(try await cabinet.airPlan(of: id) as Any)".contains(key))
    }

    @Test func `no key, no ticket key and no restream's address lies open in the database`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await assigned(bureau)
        var settings = AirSettings()
        settings.title = "ถ่ายทอดสดทดสอบ"
        settings.targets = [AirTarget(name: "YouTube", address: "rtmps://a.example.com/live2/very-secret")]
        settings.srtPassphrase = "quite-secret-words"
        try await cabinet.save(settings, of: id, by: Hand(bureau.secretary), at: monday)
        let plan = try #require(try await cabinet.airPlan(of: id))
        #expect(plan.settings == settings)
        let key = try await cabinet.streamKeys(of: id, by: Hand(bureau.officers[0]), at: monday)[0].text
        let dump = try await cabinet.writer.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM broadcast").map { "\($0)" }.joined()
        }
        #expect(dump.contains("YouTube") == false)
        for secret in [key, plan.ticketKey, "very-secret", "a.example.com", "quite-secret"] {
            #expect(!dump.contains(secret))
        }
        #expect(dump.contains("ถ่ายทอดสดทดสอบ"))
    }

    @Test func `what is on air is kept until the folder has it`() async throws {
        let bureau = try await Bureau.inMemory()
        let cabinet = bureau.cabinet
        let id = try await assigned(bureau)
        var figures = AirFigures(
            opened: monday + .hours(1), ended: monday + .hours(2), peak: 9, average: 5, viewerMinutes: 300,
            curve: [5, 9], curveMinutes: 30, interruptions: 0)
        #expect(try await cabinet.keep(running: figures, of: id))
        #expect(try await cabinet.runningAirings() == [id: figures])
        var anew = figures
        anew.opened = monday + .hours(2)
        #expect(try await !cabinet.keep(running: anew, of: id), "one that waits for the folder is not written over")
        figures.peak = 12
        #expect(try await cabinet.keep(running: figures, of: id))
        #expect(try await cabinet.runningAirings() == [id: figures])
        try await bureau.act(.override(reason: "รีบ"), id)
        try await bureau.act(.open, id)
        let other = AirFigures(
            opened: monday, ended: monday + .minutes(9), peak: 1, average: 0, viewerMinutes: 0, curve: [],
            interruptions: 0)
        try await bureau.act(.air(other), id)
        #expect(try await cabinet.runningAirings() == [id: figures])
        figures.ended = monday + .hours(3)
        try await bureau.act(.air(figures), id)
        #expect(try await cabinet.runningAirings() == [:])
        await #expect(throws: Refusal.alreadyAired) { try await bureau.act(.air(figures), id) }
        #expect(try await cabinet.matter(id)?.airings == [other, figures])
    }

    // MARK: Folders on the disk

    /// What the archive looked like before there were broadcasts.
    private func aged(_ folder: Folder) throws {
        let queue = try DatabaseQueue(path: folder.path + "/" + SQLiteCabinet.fileName)
        try queue.write { db in
            let newer = [
                "sitting", "invitee", "meeting", "broadcast", "mail_in", "mail_off", "passkey", "outside_identity",
                "sign_in", "drift", "calendar_copy",
                "calendar_health", "hook", "line_event", "line_account", "device", "delivery", "reach", "way",
            ]
            for table in newer { try db.execute(sql: "DROP TABLE \(table)") }
            try db.execute(sql: "ALTER TABLE notice DROP COLUMN acknowledged_by; PRAGMA user_version = 1")
        }
        try queue.close()
    }

    @Test func `an archive of before gets its broadcasts when it is opened`() async throws {
        let folder = try Folder()
        let bureau = try await Bureau(try SQLiteCabinet.open(at: folder.path, errandsChanged: {}))
        let id = try await assigned(bureau)
        let other = try await bureau.matter(at: .toPrepare, letter(inDays: 9)).id
        try bureau.cabinet.close()
        try aged(folder)
        #expect(SQLiteCabinet.verify(folder.path) == ["the archive is of version 1; this program reads 9"])
        #expect(try SQLiteCabinet.migrate(folder.path) == (1, 9))
        #expect(
            SQLiteCabinet.verify(folder.path) == [
                "matter \(id) is approved and has no broadcast", "matter \(other) is approved and has no meeting",
            ])
        let cabinet = try SQLiteCabinet.open(at: folder.path, errandsChanged: {})
        #expect(try await cabinet.airPlan(of: id)?.keys.count == 1)
        #expect(try await cabinet.airPlans(endingAfter: monday).count == 1)
        #expect(SQLiteCabinet.verify(folder.path) == [])
    }

    @Test func `a lost key is found out, and a new stream key mends what can be mended`() async throws {
        let folder = try Folder()
        let place = try Folder()
        let bureau = try await Bureau(try SQLiteCabinet.open(at: folder.path, errandsChanged: {}))
        let id = try await assigned(bureau)
        try bureau.cabinet.close()
        let manifest = try Backup.make(from: folder.path, to: place.path + "/backup")
        #expect(manifest.rows["broadcast"] == 1)
        try Backup.restore(place.path + "/backup", to: place.path + "/restored")
        #expect(SQLiteCabinet.verify(place.path + "/restored") == [])

        try FileManager.default.removeItem(atPath: folder.path + "/key")
        #expect(SQLiteCabinet.verify(folder.path) == ["there is no key, so no stream key can be shown"])
        let cabinet = try SQLiteCabinet.open(at: folder.path, errandsChanged: {})
        #expect(
            SQLiteCabinet.verify(folder.path) == [
                "matter \(id): a stream key cannot be opened", "matter \(id): its ticket key cannot be opened",
                "matter \(id): its restreams cannot be opened",
            ])
        let lost = try #require(try await cabinet.airPlan(of: id))
        #expect(lost.keys.count == 1)
        #expect(lost.ticketKey == "")
        let hand = Hand(bureau.officers[0])
        #expect(try await cabinet.streamKeys(of: id, by: hand, at: monday) == [])
        #expect(try await cabinet.renewStreamKey(of: id, by: hand, at: monday, oldUntil: nil).count == 1)
        try await cabinet.save(AirSettings(), of: id, by: hand, at: monday)
        #expect(try await cabinet.airPlan(of: id)?.ticketKey.count == 64)
        #expect(SQLiteCabinet.verify(folder.path) == [])
    }
}

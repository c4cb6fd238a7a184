// SPDX-License-Identifier: Apache-2.0
import Desk
import GRDB
import Testing

@testable import Archive

/// Random histories: whatever people do, what is stored beside the folders says what the folders say.
@Suite struct HistoryTests {
    @Test(arguments: [1, 2569, 20_261_123] as [UInt64])
    func `projections equal folders after random histories`(_ seed: UInt64) async throws {
        let bureau = try await Bureau.inMemory()
        var dice = Dice(state: seed)
        var ids: [Matter.ID] = []
        for step in 0..<400 {
            let now = monday + .minutes(step)
            if ids.isEmpty || step.isMultiple(of: 12) {
                ids.append(try await bureau.receive(Self.letter(&dice), at: now).id)
            }
            guard let id = ids.randomElement(using: &dice),
                let matter = try await bureau.cabinet.matter(id),
                let name = offers(matter, to: Set(Role.allCases)).randomElement(using: &dice)
            else { continue }
            let act = Self.act(name, on: matter, bureau, &dice)
            do {
                try await bureau.act(act, id, at: now)
            } catch let refusal as Refusal {
                // Refused acts belong to a history; they leave the folder as it was.
                #expect(try await bureau.cabinet.matter(id) == matter, "seed \(seed), \(refusal)")
            }
        }
        let problems = try await bureau.cabinet.writer.read { db in try Examination.all(db) }
        #expect(problems == [], "seed \(seed)")
        let stored = try await Self.projections(bureau)
        try await bureau.cabinet.writer.write { db in
            try db.execute(sql: "UPDATE matter SET stage = 'x', search = '', title = ''; DELETE FROM matter_officer")
            try SQLiteCabinet.rebuildProjections(db)
        }
        #expect(try await Self.projections(bureau) == stored, "seed \(seed)")
    }

    private static func projections(_ bureau: Bureau) async throws -> [Projection?] {
        try await bureau.cabinet.writer.read { db in
            try Int64.fetchAll(db, sql: "SELECT id FROM matter ORDER BY id").map {
                try Projection(stored: Matter.ID($0), db)
            }
        }
    }

    private static func letter(_ dice: inout Dice) -> Letter {
        ArchiveTests.letter(
            "เรื่องที่ \(Int.random(in: 1...99, using: &dice))", inDays: Int.random(in: 2...5, using: &dice),
            hours: Int.random(in: 1...3, using: &dice))
    }

    /// Some content for an act; not all of it is accepted.
    private static func act(_ name: Act.Name, on matter: Matter, _ bureau: Bureau, _ dice: inout Dice) -> Act {
        switch name {
        case .receive, .complete: return .complete(letter(&dice), documents: [])
        case .amend: return .amend(letter(&dice), reason: "เลื่อนงาน")
        case .register: return registration
        case .returnForCompletion: return .returnForCompletion(missing: [.date], note: "")
        case .submit: return .submit
        case .approve: return .approve(note: "เห็นชอบ")
        case .decline: return .decline(.noRoom, note: "ห้องเต็ม")
        case .sendBack: return .sendBack
        case .assign:
            let officer = bureau.officers[Int.random(in: 0...1, using: &dice)].id
            let room = bureau.rooms[Int.random(in: 0...1, using: &dice)].id
            return .assign(Assignment(officers: [officer], rooms: [room], setUpMinutes: 30, tearDownMinutes: 0))
        case .tick: return .tick(matter.openChecks.first?.id ?? "none", Evidence(value: "ดี"), note: "")
        case .untick: return .untick(matter.ticks.keys.sorted().first ?? "none")
        case .notifyNetwork: return .notifyNetwork(NetworkNotice(megabitsPerSecond: 20), note: "")
        case .acknowledgeNetwork: return .acknowledgeNetwork
        case .link: return .link("https://meet.example.ac.th/\(matter.id)")
        case .override: return .override(reason: "รีบ")
        case .open: return .open
        case .logIncident: return .logIncident(.minor, note: "ไมค์หอน")
        case .end: return .end(Summary(audience: 7), note: "")
        case .evaluate: return .evaluate(Evaluation(overall: 4, signal: 4, staff: 5), note: "")
        case .lapse: return .lapse
        case .air:
            let opened = monday + .minutes(Int.random(in: 0...99, using: &dice))
            return .air(
                AirFigures(
                    opened: opened, ended: opened + .hours(1), peak: 9, average: 4, viewerMinutes: 240, curve: [3, 9],
                    curveMinutes: 30, interruptions: 0))
        case .meet:
            let opened = monday + .minutes(Int.random(in: 0...99, using: &dice))
            return .meet(
                MeetFigures(
                    opened: opened, ended: opened + .hours(1), peak: 9, people: 11, personMinutes: 500, curve: [3, 9],
                    curveMinutes: 30))
        case .withdraw: return .withdraw(reason: "งด")
        case .void: return .void(reason: "ลงรับซ้ำ")
        }
    }
}

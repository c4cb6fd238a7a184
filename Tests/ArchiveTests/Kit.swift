// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Foundation

/// Monday 23 November 2026 (B.E. 2569), 09:00 in Bangkok.
let monday = Day(iso: "2026-11-23").map { $0.at(TimeOfDay(minutes: 540) ?? .eightThirty) } ?? Moment(milliseconds: 0)

/// A small invented office on a real database.
struct Bureau: Sendable {
    var cabinet: SQLiteCabinet
    var secretary: Person
    var executive: Person
    var officers: [Person]
    var network: Person
    var rooms: [Room]

    init(_ cabinet: SQLiteCabinet) async throws {
        self.cabinet = cabinet
        func person(_ username: String, _ name: String, _ role: Role) async throws -> Person {
            try await cabinet.save(
                Person(id: Person.ID(0), username: username, name: name, roles: [role]),
                passwordHash: "hash-of-\(username)",
                by: nil, at: monday)
        }
        secretary = try await person("mali", "นางสาวมะลิ ยิ้มแย้ม", .secretariat)
        executive = try await person("singha", "รองศาสตราจารย์สิงหา ใจกว้าง", .executive)
        officers = [
            try await person("klong", "นายกล้อง คมชัด", .officer),
            try await person("siang", "นางสาวเสียง ใสแจ๋ว", .officer),
        ]
        network = try await person("sai", "นายสาย ยาวไกล", .network)
        rooms = []
        for name in ["ห้องประชุมดาวเรือง", "ห้องประชุมบัวหลวง"] {
            rooms.append(
                try await cabinet.save(
                    Room(id: Room.ID(0), name: name, building: "อาคารทดสอบ", seats: 80), by: nil, at: monday))
        }
    }

    static func inMemory() async throws -> Bureau { try await Bureau(try SQLiteCabinet.inMemory()) }

    var assignment: Assignment {
        Assignment(officers: [officers[0].id], rooms: [rooms[0].id], setUpMinutes: 60, tearDownMinutes: 30)
    }

    /// Receives a letter by the web form.
    func receive(_ letter: Letter = letter(), at now: Moment = monday, once: String? = nil) async throws -> Matter {
        try await cabinet.receive(
            letter, contact: contact, documents: [], via: .web, keyingSeconds: nil, by: .requester, at: now, once: once)
    }

    /// Does an act with the hand that it needs, without looking at what has been seen.
    @discardableResult
    func act(_ act: Act, _ id: Matter.ID, at now: Moment = monday, seen: Int? = nil, once: String? = nil) async throws
        -> Matter
    {
        try await cabinet.perform(
            act, on: id, by: hand(for: act.name), at: now, seen: seen, contact: nil, lateReason: "", once: once)
    }

    func hand(for name: Act.Name) -> Hand {
        let roles = moves.first { $0.act == name }?.roles ?? []
        if roles.contains(.secretariat) { return Hand(secretary) }
        if roles.contains(.executive) { return Hand(executive) }
        if roles.contains(.officer) { return Hand(officers[0]) }
        if roles.contains(.network) { return Hand(network) }
        return roles.contains(.sanyan) ? .sanyan : .requester
    }

    /// Brings a new matter to a stage on the published way.
    func matter(at stage: Stage, _ letter: Letter = letter(), now: Moment = monday) async throws -> Matter {
        var matter = try await receive(letter, at: now)
        while matter.stage != stage {
            let next: Act? =
                switch matter.stage {
                case .toRegister: registration
                case .toSubmit: .submit
                case .toDecide: stage == .toReturn ? .decline(.noRoom, note: "ห้องเต็มทุกห้อง") : .approve(note: "")
                case .toAssign: .assign(assignment)
                case .toPrepare: .override(reason: "ทดสอบแล้วด้วยวาจา")
                case .ready: .open
                case .inService: .end(Summary(audience: 42), note: "")
                case .toEvaluate: .evaluate(Evaluation(overall: 5, signal: 4, staff: 5), note: "")
                default: nil
                }
            guard let next else { return matter }
            matter = try await act(next, matter.id, at: now)
        }
        return matter
    }
}

let contact = Contact(name: "นายประสาน งานดี", phone: "0-0000-0000", mail: "prasan@example.ac.th")
let registration = Act.register(
    Classification(origin: .internal, service: .meeting), papers: Set(PaperCheck.allCases))

/// A letter for an occasion that begins so many days after the Monday.
func letter(_ title: String = "ขอความอนุเคราะห์ถ่ายทอดสด", inDays days: Int = 7, hours: Int = 2) -> Letter {
    let start = monday + .days(days)
    return Letter(
        origin: .internal, unit: "คณะวิทยาศาสตร์", reference: "อว 0605.2/123", dated: Day(of: monday), title: title,
        service: .meeting, span: Span(start: start, end: start + .hours(hours)), place: "หอประชุมใหญ่",
        expectedAudience: 80)
}

/// A folder of its own for a test, removed when the value goes.
final class Folder: Sendable {
    let path: String
    init() throws {
        // Where there is one, a disk in memory: these tests ask what is written, not how long the disk takes.
        let shared = "/dev/shm"
        let isShared = FileManager.default.isWritableFile(atPath: shared)
        path = (isShared ? shared : FileManager.default.temporaryDirectory.path) + "/archive-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    // A folder that cannot be removed harms no test.
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Tosses that a seed repeats (SplitMix64).
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// What many tasks came to: how many answered, and what the others were refused with.
struct Outcome: Sendable {
    var answers: [Matter] = []
    var refusals: [Refusal] = []
    var others: [String] = []
}

/// Does the same thing many times at once.
func atOnce(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Matter) async -> Outcome {
    await withTaskGroup(of: Result<Matter, any Error>.self) { group in
        for index in 0..<count {
            group.addTask {
                do { return .success(try await body(index)) } catch { return .failure(error) }
            }
        }
        var outcome = Outcome()
        for await result in group {
            switch result {
            case .success(let matter): outcome.answers.append(matter)
            case .failure(let refusal as Refusal): outcome.refusals.append(refusal)
            case .failure(let error): outcome.others.append("\(error)")
            }
        }
        return outcome
    }
}

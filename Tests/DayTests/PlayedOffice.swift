// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Logging
import Messenger
import Rehearsal
import Synchronization
import Testing

/// The clock that the outbox of a test reads.
final class SharedClock: Sendable {
    private let moment: Mutex<Moment>
    init(at moment: Moment) { self.moment = Mutex(moment) }
    var now: Moment { moment.withLock { $0 } }
    func step(to later: Moment) { moment.withLock { $0 = max($0, later) } }
}

/// An office in memory: the real cabinet, the real outbox, and a world that steps to the earliest wake.
struct PlayedOffice {
    /// Something that somebody does at its hour.
    enum Wake: Sendable {
        case letter(Int, Letter)
        case act(Int, Act, Hand)
    }

    let cabinet: SQLiteCabinet
    let outbox: Outbox
    let clock: SharedClock
    var world: World<Wake>
    var ids: [Int: Matter.ID] = [:]

    init(at now: Moment) async throws {
        let clock = SharedClock(at: now)
        self.clock = clock
        world = World(at: now)
        cabinet = try SQLiteCabinet.inMemory()
        var logger = Logger(label: "played")
        logger.logLevel = .critical
        outbox = Outbox(cabinet: cabinet, bell: Doorbell(), logger: logger, now: { clock.now })
        try await cabinet.save(Samples.office, by: nil, at: now)
        for holiday in ThaiHolidays.table { try await cabinet.save(holiday, by: nil, at: now) }
        for var person in Samples.people {
            let expected = person.id
            person.id = Person.ID(0)
            let saved = try await cabinet.save(person, passwordHash: "x", by: nil, at: now)
            #expect(saved.id == expected)
        }
        for var room in Samples.rooms {
            room.id = Room.ID(0)
            _ = try await cabinet.save(room, by: nil, at: now)
        }
    }

    /// Lets time pass: whatever is due first happens first, errands before people.
    mutating func play(until limit: Moment) async throws {
        while true {
            let due = try await cabinet.nextErrandDue()
            if let due, due <= limit, due <= world.nextWake ?? limit {
                world.sleep(until: due)
                clock.step(to: due)
                try await outbox.carryDue()
                continue
            }
            guard let wake = world.next(until: limit) else { break }
            clock.step(to: world.now)
            try await happen(wake)
        }
        world.sleep(until: limit)
        clock.step(to: limit)
    }

    private mutating func happen(_ wake: Wake) async throws {
        switch wake {
        case .letter(let number, let letter):
            ids[number] = try await cabinet.receive(
                letter, contact: Samples.contact, documents: [], via: .web, keyingSeconds: nil, by: .requester,
                at: world.now, once: "letter-\(number)"
            ).id
        case .act(let number, let act, let hand):
            let id = try #require(ids[number])
            _ = try await cabinet.perform(
                act, on: id, by: hand, at: world.now, seen: nil, contact: nil, lateReason: "", once: nil)
        }
    }

    func matter(_ number: Int) async throws -> Matter {
        let id = try #require(ids[number])
        return try #require(try await cabinet.matter(id))
    }
}

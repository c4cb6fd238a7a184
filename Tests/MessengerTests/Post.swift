// SPDX-License-Identifier: Apache-2.0
import Archive
import Desk
import Logging
import Messenger
import Rehearsal
import Synchronization
import Testing

/// The post room of an invented office on a real database in memory, with a clock that stands where it is put.
struct Post {
    let cabinet: SQLiteCabinet
    let bell = Doorbell()
    let outbox: Outbox
    let clock: Wall

    final class Wall: Sendable {
        private let moment: Mutex<Moment>
        init(_ now: Moment) { moment = Mutex(now) }
        var now: Moment { moment.withLock { $0 } }
        func set(_ now: Moment) { moment.withLock { $0 = now } }
    }

    init(errandsChanged: @escaping @Sendable () -> Void = {}) async throws {
        cabinet = try SQLiteCabinet.inMemory(errandsChanged: errandsChanged)
        clock = Wall(Samples.now)
        let wall = clock
        outbox = Outbox(
            cabinet: cabinet, bell: bell, logger: Logger(label: "post", factory: { _ in SwiftLogNoOpLogHandler() }),
            now: { wall.now })
        try await cabinet.save(Samples.office, by: nil, at: Samples.now)
        for holiday in ThaiHolidays.table { try await cabinet.save(holiday, by: nil, at: Samples.now) }
        for room in Samples.rooms {
            var new = room
            new.id = Room.ID(0)
            _ = try await cabinet.save(new, by: nil, at: Samples.now)
        }
        for person in Samples.people {
            var new = person
            new.id = Person.ID(0)
            #expect(try await cabinet.save(new, passwordHash: nil, by: nil, at: Samples.now).id == person.id)
        }
    }

    /// A matter that real acts have brought to a stage; what became due on the way is carried in its time.
    func matter(at stage: Stage, letter: Letter = Samples.letter()) async throws -> Matter {
        var matter = try await cabinet.receive(
            letter, contact: Samples.contact, documents: [], via: .web, keyingSeconds: nil, by: .requester,
            at: clock.now, once: nil)
        let received = clock.now
        for stride in Samples.strides(to: stage, letter: letter, received: received) {
            try await pass(to: received + stride.after)
            matter = try await act(stride.act, matter.id, by: stride.hand)
        }
        try await outbox.carryDue()
        return matter
    }

    @discardableResult
    func act(_ act: Act, _ id: Matter.ID, by hand: Hand) async throws -> Matter {
        try await cabinet.perform(
            act, on: id, by: hand, at: clock.now, seen: nil, contact: nil, lateReason: "", once: nil)
    }

    /// Time passes, and the outbox wakes at every errand on the way.
    func pass(to moment: Moment) async throws {
        try await outbox.carryDue()
        while let due = try await cabinet.nextErrandDue(), due <= moment {
            clock.set(max(clock.now, due))
            try await outbox.carryDue()
        }
        clock.set(moment)
    }

    /// A person's notices of a kind, oldest first.
    func notices(_ kind: Errand.Kind, of person: Person) async throws -> [Notice] {
        try await cabinet.inbox(of: person.id, limit: 0).reversed().filter { $0.kind == kind }
    }

    func fates(_ kind: Errand.Kind, of id: Matter.ID) async throws -> [ErrandFate?] {
        try await cabinet.errands(of: id).filter { $0.errand.kind == kind }.map(\.fate)
    }
}

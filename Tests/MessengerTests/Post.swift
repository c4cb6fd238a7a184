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
    let postman: Postman
    let notebooks: [Way: Notebook]
    let clock: Wall

    final class Wall: Sendable {
        private let moment: Mutex<Moment>
        init(_ now: Moment) { moment = Mutex(now) }
        var now: Moment { moment.withLock { $0 } }
        func set(_ now: Moment) { moment.withLock { $0 = now } }
    }

    /// - Parameter ways: the ways that are set up; each has a notebook for a carrier.
    init(ways: [Way] = [], errandsChanged: @escaping @Sendable () -> Void = {}) async throws {
        cabinet = try SQLiteCabinet.inMemory(errandsChanged: errandsChanged)
        clock = Wall(Samples.now)
        let wall = clock
        let logger = Logger(label: "post", factory: { _ in SwiftLogNoOpLogHandler() })
        let notebooks = Dictionary(uniqueKeysWithValues: ways.map { ($0, Notebook($0)) })
        self.notebooks = notebooks
        let asking: [any Carrier] = [SecondOfficer(cabinet: cabinet), CallList(cabinet: cabinet)]
        postman = Postman(
            cabinet: cabinet, carriers: Array(notebooks.values) + asking, logger: logger, now: { wall.now })
        outbox = Outbox(cabinet: cabinet, bell: bell, logger: logger, now: { wall.now })
        try await cabinet.save(Samples.office, by: nil, at: Samples.now)
        for way in ways { try await cabinet.save(way, settings: "{}", isOn: true, by: nil, at: Samples.now) }
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

    /// Time passes, and outbox and postman wake at every errand and delivery on the way.
    func live(to moment: Moment) async throws {
        let ways = Set(notebooks.keys).union([.second, .callList])
        while true {
            try await outbox.carryDue()
            try await postman.carryDue()
            try await outbox.carryDue()
            let next = [try await cabinet.nextErrandDue(), try await cabinet.nextDeliveryDue(on: ways)]
                .compactMap(\.self).min()
            guard let next, next <= moment else { break }
            clock.set(max(clock.now, next))
        }
        clock.set(moment)
    }

    func fates(_ kind: Errand.Kind, of id: Matter.ID) async throws -> [ErrandFate?] {
        try await cabinet.errands(of: id).filter { $0.errand.kind == kind }.map(\.fate)
    }
}

/// A carrier that writes down what it is given, and answers as it is told: for the rules of climbing and trying again.
actor Notebook: Carrier {
    nonisolated let way: Way
    private(set) var lines: [Line] = []
    private var answers: [Delivery.Recipient: [Carriage]] = [:]

    struct Line: Hashable, Sendable {
        var id: String
        var tries: Int
        var at: Moment
    }

    init(_ way: Way) { self.way = way }

    /// The next answers for what goes to this person, one for each time; after them everything is accepted. Many are
    /// carried at once, in no order, so that an answer for whoever comes first would be anybody's.
    func answer(_ person: Person, _ answers: Carriage...) { self.answers[.person(person.id), default: []] += answers }

    func carry(_ delivery: Delivery, at now: Moment) async -> Carriage {
        lines.append(Line(id: delivery.id, tries: delivery.tries, at: now))
        guard let told = answers[delivery.to], let next = told.first else {
            return .accepted(reference: "n\(lines.count)")
        }
        answers[delivery.to] = Array(told.dropFirst())
        return next
    }

    nonisolated func probe(for person: Person?, at now: Moment) async -> Trouble? { nil }
}

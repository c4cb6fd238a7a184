// SPDX-License-Identifier: Apache-2.0
public import Desk

/// The filing cabinet on paper: the same decisions, with lists in memory instead of a database.
///
/// It keeps what a cabinet keeps (folders, revisions, register numbers, bookings, errands), so that tests of the desk and
/// sample pages need nothing else. Whatever depends on transactions is tested on the real cabinet.
public struct PaperArchive: Sendable {
    public var office: Office
    public var calendar: WorkingCalendar
    public var officers: Set<Person.ID>
    public var rooms: Set<Room.ID>
    public private(set) var matters: [Matter.ID: Matter] = [:]
    /// Every revision of every letter, oldest first.
    public private(set) var letters: [Matter.ID: [Letter]] = [:]
    public private(set) var errands: [ErrandRecord] = []
    /// What stands for each broadcast. On paper keys are marks without a key.
    public private(set) var airPlans: [Matter.ID: AirPlan] = [:]
    /// What stands for each meeting; without a key.
    public private(set) var meetPlans: [Matter.ID: MeetPlan] = [:]
    /// Numbers as they were given out, oldest first.
    public private(set) var incoming: [RegisterNumber] = []
    public private(set) var outgoing: [RegisterNumber] = []

    public init(
        office: Office = Samples.office, calendar: WorkingCalendar = Samples.calendar,
        officers: Set<Person.ID> = Samples.officers, rooms: Set<Room.ID> = Set(Samples.rooms.map(\.id))
    ) {
        self.office = office
        self.calendar = calendar
        self.officers = officers
        self.rooms = rooms
    }

    /// What a decision may depend on, at a moment.
    public func circumstances(at now: Moment) -> Circumstances {
        let year = Day(of: now).buddhistYear
        return Circumstances(
            office: office, calendar: calendar, nextIncoming: Self.next(after: incoming, in: year),
            nextOutgoing: Self.next(after: outgoing, in: year), officers: officers, rooms: rooms)
    }

    private static func next(after given: [RegisterNumber], in year: Int) -> RegisterNumber {
        let last = given.filter { $0.buddhistYear == year }.map(\.number).max() ?? 0
        return RegisterNumber(number: last + 1, buddhistYear: year)
    }

    /// Receives a letter and opens its folder.
    @discardableResult
    public mutating func receive(
        _ letter: Letter, via intake: Intake = .web, by hand: Hand = .requester, at now: Moment,
        documents: [Document.ID] = [], keyingSeconds: Int? = nil, id: Matter.ID? = nil
    ) throws(Refusal) -> Matter {
        let id = id ?? Matter.ID((matters.keys.map(\.number).max() ?? 0) + 1)
        let act = Act.receive(letter, documents: documents, via: intake, keyingSeconds: keyingSeconds)
        return try file(act, in: Matter(id: id, letter: letter), by: hand, at: now, lateReason: "")
    }

    /// Does an act, as the cabinet would: decides, files, books, numbers, issues errands.
    ///
    /// - Parameter seen: how many entries the person had seen; nil skips that check.
    @discardableResult
    public mutating func perform(
        _ act: Act, on id: Matter.ID, by hand: Hand, at now: Moment, seen: Int? = nil, lateReason: String = ""
    ) throws(Refusal) -> Matter {
        guard let matter = matters[id] else { throw .noSuchMatter }
        if let seen, seen != matter.folder.count {
            throw .stalePage(stage: matter.stage, by: matter.folder.last?.person)
        }
        return try file(act, in: matter, by: hand, at: now, lateReason: lateReason)
    }

    private mutating func file(
        _ act: Act, in before: Matter, by hand: Hand, at now: Moment, lateReason: String
    ) throws(Refusal) -> Matter {
        let entries = try decide(
            act, in: before, by: hand, at: now, given: circumstances(at: now), lateReason: lateReason)
        var matter = before
        matter.append(entries, letter: act.letter)
        let taken = bookings(but: matter.id)
        let clashes = matter.bookings.flatMap { wanted in
            taken.filter { $0.resource == wanted.resource && $0.span.overlaps(wanted.span) }
        }
        guard clashes.isEmpty else { throw .doubleBooked(clashes) }
        matters[matter.id] = matter
        if let letter = act.letter { letters[matter.id, default: []].append(letter) }
        for entry in entries { number(entry.fact) }
        if matter.hasStudio, airPlans[matter.id] == nil { airPlans[matter.id] = plan(for: matter, at: now) }
        if matter.hasMeeting, meetPlans[matter.id] == nil {
            meetPlans[matter.id] = MeetPlan(
                matter: matter.id, name: "meet-\(matter.id)", passKey: "", settings: .usual(for: matter))
        }
        change(Desk.errands(before: before, after: matter, office: office), of: matter.id, at: now)
        return matter
    }

    private func plan(for matter: Matter, at now: Moment) -> AirPlan {
        AirPlan(
            matter: matter.id, name: "air-\(matter.id)", keys: [AirKey(hash: "key 1 of \(matter.id)", from: now)],
            ticketKey: "", settings: .usual(for: matter))
    }

    /// Settles a broadcast, as the cabinet would.
    public mutating func settle(_ settings: AirSettings, of id: Matter.ID, by hand: Hand) throws(Refusal) {
        guard let matter = matters[id] else { throw .noSuchMatter }
        try maySettle(settings, of: matter, by: hand)
        airPlans[id]?.settings = settings
    }

    /// Settles a meeting, as the cabinet would.
    public mutating func settle(_ settings: MeetSettings, of id: Matter.ID, by hand: Hand) throws(Refusal) {
        guard let matter = matters[id] else { throw .noSuchMatter }
        try maySettle(settings, of: matter, by: hand)
        meetPlans[id]?.settings = settings
    }

    /// Puts a new key in the place of the old, which stays good until `until`, or ends now.
    public mutating func renewKey(
        of id: Matter.ID, by hand: Hand, at now: Moment, oldUntil until: Moment?
    ) throws(Refusal) {
        guard let matter = matters[id] else { throw .noSuchMatter }
        try maySeeKeys(of: matter, by: hand)
        let mark = AirKey(hash: "key at \(now.milliseconds) of \(id)", from: now)
        airPlans[id]?.renew(with: mark, at: now, oldUntil: until)
    }

    /// Bookings of every living matter but one.
    public func bookings(but id: Matter.ID? = nil) -> [Booking] {
        matters.values.filter { $0.id != id }.flatMap(\.bookings)
    }

    private mutating func number(_ fact: Fact) {
        switch fact {
        case .registered(let number, _, _): incoming.append(number)
        case .returnedForCompletion(let number, _), .sentBack(let number): outgoing.append(number)
        default: break
        }
    }

    private mutating func change(_ change: ErrandChange, of id: Matter.ID, at now: Moment) {
        for index in errands.indices where errands[index].errand.matter == id && errands[index].fate == nil {
            let isCancelled =
                switch errands[index].errand.kind {
                case .reminder: change.cancelsReminders
                case .awaiting: change.cancelsAwaiting
                default: false
                }
            if isCancelled { errands[index].fate = .dropped(at: now, why: .cancelled) }
        }
        errands += change.issued.map { ErrandRecord(errand: $0, fate: nil) }
    }

    /// Carries everything that is due, and answers what rang: late, stale and once as the cabinet's outbox does it.
    public mutating func carry(at now: Moment) -> [Errand] {
        var rung: [Errand] = []
        for index in errands.indices where errands[index].fate == nil && errands[index].errand.due <= now {
            let errand = errands[index].errand
            if let stale = errand.stale, stale <= now {
                errands[index].fate = .dropped(at: now, why: .stale)
            } else {
                errands[index].fate = .carried(at: now, late: now > errand.due + .minutes(1))
                rung.append(errand)
            }
        }
        return rung
    }
}

extension Act {
    /// The letter that the act brings, when it brings one.
    public var letter: Letter? {
        switch self {
        case .receive(let letter, _, _, _), .complete(let letter, _), .amend(let letter, _): letter
        default: nil
        }
    }
}

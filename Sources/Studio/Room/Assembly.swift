// SPDX-License-Identifier: Apache-2.0
public import HLS
public import Media

/// The people of a meeting (ที่ประชุม): who is there and as what, whose hand is up, what is written, shown, drawn and voted
/// on, and who may see and hear whom. Knows no socket, no clock and no dice; README.md beside this file says how a turn goes.
public struct Assembly: Sendable {
    /// What to do next.
    public enum Output: Hashable, Sendable {
        /// Tell these people, who are there; who has no stream just now is told later, or never when it is fleeting.
        case tell(RoomEvent, to: [PersonNumber])
        /// The engine shall do this.
        case engine(MeetingOrder)
        /// A call of somebody ends.
        case hangUp(PersonNumber, CallWay)
        /// Somebody has gone: their word is worth nothing any more, and their stream ends.
        case dismiss(PersonNumber)
        /// A line of the event log.
        case note(RoomNote)
        /// A host wants it recorded, or not any more.
        case record(Bool)
        /// A host wants it on air, or not any more.
        case air(Bool, layout: String, person: PersonNumber?)
        /// The first person came in.
        case opened(at: WallTime)
        /// It is over. May come again when it was opened once more.
        case ended(MeetingReport)
    }

    /// A seat is kept for so long when its stream of events breaks.
    public static let patienceMilliseconds: Int64 = 60_000
    static let mostWaiting = 300
    static let mostMessages = 2_000
    static let mostName = 60

    var plan: MeetingPlan
    var people: [PersonNumber: Attendee] = [:]
    /// Everybody in the order of coming.
    var order: [PersonNumber] = []
    /// Who is inside and can be told something; devices cannot.
    var inside: [PersonNumber] = []
    var lastNumber: UInt32 = 0

    /// Whose tracks the engine's sources are.
    var owners: [SourceID: PersonNumber] = [:]

    // What hosts have changed.
    var settings: RoomSettings
    var isLocked = false
    var admittedDomains: Set<String>
    var barredKeys: Set<String> = []
    var barredDevices: Set<String> = []
    var barredNames: Set<String> = []
    var spotlight: PersonNumber?

    // What is going on.
    var phase = MeetingState.Phase.awaited
    var isClosedByDesk = false
    var openedAt: Int64?
    var endedAt: Int64?
    var queue: [PersonNumber] = []
    /// Whose turn it is to speak. A listener speaks for as long as that lasts.
    var floor: (person: PersonNumber, isListener: Bool, since: Int64, until: Int64?, isOverdue: Bool)?
    var messages: [ChatMessage] = []
    var lastMessage = 0
    var polls: [Poll] = []
    /// Votes of an earlier run of the program, and the highest number that they had.
    var recalledVotes: [VoteCount] = []
    var firstPoll = 0
    /// The last poll that was told with an earlier sitting.
    var toldPolls = 0
    var decks: [DeckCard] = []
    var slides: SlidesCard?
    var board = Board()
    var captions: [CaptionCard] = []
    var marks: [MeetingReport.Mark] = []
    var groups: [GroupsCard.Group] = []
    var groupsAreOpen = false
    var groupsAreFree = false
    var speakers: [UInt32: SourceID] = [:]
    var recording = RecordingCard(isOn: false)
    /// Who was inside when the program was killed, by their keys: they come back without waiting.
    var wasInside: Set<String> = []
    var air = AirCard(isOn: false, layout: "speaker")
    /// What was going on when an earlier run of the program was killed: whether it was recorded, and how it was on air.
    var interrupted: (records: Bool, layout: String?) = (false, nil)
    var files: [ChatMessage.File] = []

    // For the desk.
    var book = AttendanceBook()
    var peak = 0
    var curve: [Int] = []
    var messageCount = 0
    var handCount = 0

    var now = Instant(milliseconds: 0)
    var wall = WallTime(milliseconds: 0)
    var outputs: [Output] = []
    private var handedOut = 0
    /// Whose card is to be told anew.
    var changed: Set<PersonNumber> = []
    /// Whether somebody may have to see something else.
    var mustLook = false

    /// A room of this plan, empty.
    public init(_ plan: MeetingPlan) {
        self.plan = plan
        settings = Assembly.usual(plan)
        admittedDomains = Set(plan.admittedDomains.map { $0.lowercased() })
        if plan.isOver { (phase, isClosedByDesk) = (.over, true) }
    }

    static func usual(_ plan: MeetingPlan) -> RoomSettings {
        var settings = RoomSettings()
        (settings.lobby, settings.mayUnmute, settings.mayShare) = (plan.lobby, plan.mayUnmute, plan.mayShare)
        (settings.mayChat, settings.mayWhisper, settings.mayDraw) = (plan.mayChat, plan.mayWhisper, true)
        settings.webinar = plan.isWebinar
        return settings
    }

    // MARK: Output

    /// What to do next; nil when there is nothing more.
    public mutating func next() -> Output? {
        if handedOut == outputs.count { settle() }
        guard handedOut < outputs.count else {
            outputs.removeAll(keepingCapacity: true)
            handedOut = 0
            return nil
        }
        defer { handedOut += 1 }
        return outputs[handedOut]
    }

    /// After each turn: whose card has changed is told once, and who must see something else does.
    private mutating func settle() {
        if mustLook {
            mustLook = false
            look()
        }
        guard !changed.isEmpty else { return }
        let all = changed.sorted()
        changed = []
        for id in all { if let person = people[id], person.isInside { tell(.person(person.card)) } }
    }

    /// Tells everybody who is inside.
    mutating func tell(_ event: RoomEvent) { tell(event, to: inside) }

    mutating func tell(_ event: RoomEvent, to list: [PersonNumber]) {
        if !list.isEmpty { outputs.append(.tell(event, to: list)) }
    }

    mutating func tell(_ telling: Telling, _ person: PersonNumber, by: PersonNumber? = nil) {
        tell(.told(telling, by: by), to: [person])
    }

    /// A line of the log, of somebody.
    func line(_ kind: String, _ person: PersonNumber?, by: PersonNumber? = nil) -> RoomNote {
        var note = RoomNote(kind, at: wall.milliseconds)
        (note.person, note.by) = (person, by == person ? nil : by)
        note.name = person.flatMap { people[$0]?.name }
        return note
    }

    mutating func note(_ note: RoomNote) { outputs.append(.note(note)) }

    mutating func note(_ kind: String, _ person: PersonNumber?, by: PersonNumber? = nil) {
        note(line(kind, person, by: by))
    }

    // MARK: Time

    mutating func advance(_ now: Instant, _ wall: WallTime) { (self.now, self.wall) = (now, wall) }

    /// Once a second or so: who has been away too long, whose time is over.
    public mutating func time(at now: Instant, wall: WallTime) {
        advance(now, wall)
        for id in order {
            guard let since = people[id]?.awaySince else { continue }
            if now.milliseconds - since.milliseconds >= Assembly.patienceMilliseconds { leave(id, why: "away") }
        }
        if let current = floor, let until = current.until, !current.isOverdue, wall.milliseconds >= until {
            floor?.isOverdue = true
            for id in Set(leaders + [current.person]).sorted() { tell(.timeOver, id, by: current.person) }
        }
        count()
    }

    /// The most in each minute.
    mutating func count() {
        guard phase == .open, let openedAt else { return }
        let minute = Int(max(0, wall.milliseconds - openedAt) / 60_000)
        guard minute < 24 * 60 else { return }
        while curve.count <= minute { curve.append(inside.count) }
        curve[minute] = max(curve[minute], inside.count)
    }

    // MARK: Finding

    var leaders: [PersonNumber] { inside.filter { people[$0]?.role.leads ?? false } }
    var waiting: [PersonNumber] { order.filter { people[$0].map { !$0.isInside } ?? false } }
    var hasLeader: Bool { !leaders.isEmpty }

    /// Somebody inside.
    func attendee(_ id: PersonNumber) throws(RoomRefusal) -> Attendee {
        guard let person = people[id], person.isInside else { throw .unknownPerson }
        return person
    }

    mutating func recount() {
        inside = order.filter { people[$0].map { $0.isInside && !$0.isDevice } ?? false }
        peak = max(peak, inside.count)
        count()
    }

    /// Whether two are in one group, or both in none.
    func areTogether(_ left: PersonNumber, _ right: PersonNumber) -> Bool {
        people[left]?.group == people[right]?.group
    }

    /// Everybody inside who is in this group.
    func members(of group: Int?) -> [PersonNumber] {
        groupsAreOpen ? inside.filter { people[$0]?.group == group } : inside
    }

    /// Where somebody stands, for who asks in their name.
    public func role(of person: PersonNumber) -> (role: RoomRole, isInside: Bool)? {
        people[person].map { ($0.role, $0.isInside) }
    }

    /// The room's own name for somebody.
    public func name(of person: PersonNumber) -> String? { people[person]?.name }

    /// Who somebody is, as the desk signed it.
    public func key(of person: PersonNumber) -> String? { people[person]?.key }
}

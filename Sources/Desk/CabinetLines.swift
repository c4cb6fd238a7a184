// SPDX-License-Identifier: Apache-2.0

/// Which matters somebody wants to see. Empty parts ask for nothing.
public struct MatterFilter: Hashable, Sendable {
    public var stages: Set<Stage> = []
    /// What was asked for, as classified when it has been.
    public var services: Set<Service> = []
    /// Occasions that overlap this stretch.
    public var during: Span?
    /// Occasions that begin in this stretch.
    public var startsIn: Span?
    public var officer: Person.ID?
    /// Words in the title, the unit, the place, the letter's number or a register number.
    public var text = ""
    public var ids: [Matter.ID] = []
    public var order = Order.newestFirst
    /// At most so many; 0 for no bound.
    public var limit = 200
    public var offset = 0

    public enum Order: Hashable, Sendable {
        /// By the occasion's beginning, earliest first.
        case occasion
        /// By the letter's arrival, latest first.
        case newestFirst
        /// By the letter's arrival, earliest first.
        case oldestFirst
    }

    public init() {}
}

/// One line of a register (ทะเบียนหนังสือรับ, ส่ง), in the official columns.
public struct RegisterLine: Hashable, Sendable {
    public var number: RegisterNumber
    public var matter: Matter.ID
    public var at: Moment
    /// ที่ and ลงวันที่ of the letter.
    public var reference: String
    public var dated: Day?
    /// จาก, ถึง, เรื่อง.
    public var from: String
    public var to: String
    public var title: String
    /// การปฏิบัติ: where the matter is now.
    public var stage: Stage
    public var urgency: Urgency
    public var secrecy: Secrecy
    /// Why the number was voided; nil while it stands.
    public var voidedBecause: String?

    public init(
        number: RegisterNumber, matter: Matter.ID, at: Moment, reference: String, dated: Day?, from: String, to: String,
        title: String, stage: Stage, urgency: Urgency, secrecy: Secrecy, voidedBecause: String?
    ) {
        self.number = number
        self.matter = matter
        self.at = at
        self.reference = reference
        self.dated = dated
        self.from = from
        self.to = to
        self.title = title
        self.stage = stage
        self.urgency = urgency
        self.secrecy = secrecy
        self.voidedBecause = voidedBecause
    }
}

/// An errand with what became of it, for the matter's page and the board of what waits.
public struct ErrandRecord: Hashable, Sendable {
    public var errand: Errand
    public var fate: ErrandFate?

    public init(errand: Errand, fate: ErrandFate?) {
        self.errand = errand
        self.fate = fate
    }
}

/// A line of the record of changes to people, rooms, holidays, limits and lists: what, by whom, when.
public struct RosterChange: Hashable, Sendable {
    public var at: Moment
    public var by: Person.ID?
    /// `person`, `room`, `holiday`, `office`.
    public var what: String
    public var subject: String

    public init(at: Moment, by: Person.ID?, what: String, subject: String) {
        self.at = at
        self.by = by
        self.what = what
        self.subject = subject
    }
}

/// An errand on its way into inboxes.
public struct Handing: Hashable, Sendable {
    public var errand: Errand.ID
    public var people: [Person.ID]
    /// More than a minute after it was due.
    public var isLate: Bool

    public init(_ errand: Errand.ID, to people: [Person.ID], isLate: Bool) {
        self.errand = errand
        self.people = people
        self.isLate = isLate
    }
}

/// What became of one attempt to deliver, as the cabinet notes it.
public struct DeliveryResult: Hashable, Sendable {
    public var id: Delivery.ID
    public var carriage: Carriage
    public var at: Moment
    /// When the next attempt is due; nil when there is none.
    public var again: Moment?

    public init(id: Delivery.ID, carriage: Carriage, at: Moment, again: Moment?) {
        self.id = id
        self.carriage = carriage
        self.at = at
        self.again = again
    }
}

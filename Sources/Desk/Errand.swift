// SPDX-License-Identifier: Apache-2.0

/// An errand (คนส่งข่าว's work): something that must be carried outside, or done by the clock, because of an entry.
///
/// Written in one transaction with the entry. Its name is made from what it is about, so doing one twice is harmless.
public struct Errand: Hashable, Sendable, Identifiable {
    public enum Addressee: Hashable, Codable, Sendable {
        case person(Person.ID)
        /// Everybody who holds the role when it is carried.
        case role(Role)
        /// The program does it itself.
        case sanyan
    }

    public enum Kind: Hashable, Codable, Sendable {
        /// Somebody's turn has come: the folder waits for them.
        case awaiting(Stage)
        /// "You have been assigned" (แจ้งเมื่อมอบหมาย).
        case assignment
        /// Thirty minutes before (row 5).
        case reminder
        /// The occasion was moved, changed or withdrawn.
        case change
        case withdrawal
        /// To the network section (แจ้งงานเครือข่าย).
        case networkNotice
        /// Somebody who is needed at an occasion does not answer: the other officer, then the desk, is asked to see to it.
        case unanswered(Person.ID)
        /// The occasion goes into calendars outside, is changed there, or taken out.
        case calendarEntry
        /// Somebody has changed or deleted the occasion in a calendar outside.
        case drift
        /// Close the matter when nobody has answered.
        case lapse
        /// Draft the month's report.
        case draftReport(Month)
    }

    public var id: String
    public var matter: Matter.ID?
    public var kind: Kind
    public var to: Addressee
    public var due: Moment
    /// From here on it makes no sense any more: it is dropped, with a record.
    public var stale: Moment?

    public init(id: String, matter: Matter.ID?, kind: Kind, to: Addressee, due: Moment, stale: Moment? = nil) {
        self.id = id
        self.matter = matter
        self.kind = kind
        self.to = to
        self.due = due
        self.stale = stale
    }

    /// The drafting of a month's report, due on the first working day after it, when the office opens.
    public static func draft(_ month: Month, calendar: WorkingCalendar) -> Errand {
        let day = calendar.firstWorkingDay(from: month.next.firstDay)
        return Errand(
            id: "report/\(month)", matter: nil, kind: .draftReport(month), to: .sanyan, due: day.at(calendar.opens))
    }
}

/// What an entry changes among the errands.
public struct ErrandChange: Hashable, Sendable {
    public var issued: [Errand] = []
    /// Errands of the matter that wait and must now never be carried: the occasion moved, or is off.
    public var cancelsReminders = false
    /// Notices that the matter awaits somebody: out of date as soon as it has moved on.
    public var cancelsAwaiting = false

    public init() {}
}

/// The errands that follow from the newest entry of a matter.
///
/// - Parameters:
///   - before: the matter as it was, for who was assigned until now.
///   - matter: the matter with the entry in its folder.
public func errands(before: Matter, after matter: Matter, office: Office) -> ErrandChange {
    var change = ErrandChange()
    guard let entry = matter.folder.last else { return change }
    let now = entry.at
    let mark = "m\(matter.id)/e\(entry.number)"
    func issue(_ kind: Errand.Kind, _ word: String, to: Errand.Addressee, due: Moment, stale: Moment? = nil) {
        change.issued.append(
            Errand(id: "\(mark)/\(word)", matter: matter.id, kind: kind, to: to, due: due, stale: stale))
    }
    if matter.stage != before.stage {
        change.cancelsAwaiting = true
        // The desk that has just acted knows that its own next step waits.
        for role in matter.stage.awaited.sorted(by: { $0.rawValue < $1.rawValue })
        where (role == .secretariat || role == .executive) && role != entry.role {
            issue(.awaiting(matter.stage), "awaiting/\(role)", to: .role(role), due: now)
        }
    }
    if matter.differsInCalendars(from: before) { issue(.calendarEntry, "calendar", to: .sanyan, due: now) }
    switch entry.fact {
    case .assigned(let assignment, _):
        change.cancelsReminders = true
        let start = matter.letter.span.start
        for officer in assignment.officers {
            if before.assignment?.officers.contains(officer) != true {
                issue(.assignment, "assignment/p\(officer)", to: .person(officer), due: now)
            } else {
                issue(.change, "change/p\(officer)", to: .person(officer), due: now)
            }
            issue(
                .reminder, "reminder/p\(officer)", to: .person(officer),
                due: max(now, start - .minutes(office.reminderMinutes)), stale: start)
        }
        for officer in before.assignment?.officers ?? [] where !assignment.officers.contains(officer) {
            issue(.withdrawal, "withdrawal/p\(officer)", to: .person(officer), due: now)
        }
    case .networkNotified: issue(.networkNotice, "network", to: .role(.network), due: now)
    case .amended(_, let approvalStands):
        if !approvalStands { change.cancelsReminders = true }
        for officer in before.assignment?.officers ?? [] {
            issue(.change, "change/p\(officer)", to: .person(officer), due: now)
        }
        if before.networkNotice != nil { issue(.change, "change/network", to: .role(.network), due: now) }
    case .withdrawn, .voided:
        change.cancelsReminders = true
        for officer in before.assignment?.officers ?? [] {
            issue(.withdrawal, "withdrawal/p\(officer)", to: .person(officer), due: now)
        }
        if before.networkNotice != nil { issue(.withdrawal, "withdrawal/network", to: .role(.network), due: now) }
    case .opened, .ended:
        change.cancelsReminders = true
        if case .ended = entry.fact {
            issue(.lapse, "lapse", to: .sanyan, due: now + .days(office.evaluationDays))
        }
    default: break
    }
    return change
}

/// How a waiting errand ended.
public enum ErrandFate: Hashable, Codable, Sendable {
    /// Carried at this moment; `late` when more than a minute after it was due.
    case carried(at: Moment, late: Bool)
    case dropped(at: Moment, why: DropReason)

    public enum DropReason: String, Codable, Hashable, Sendable {
        /// It was stale when its turn came.
        case stale
        /// The occasion moved or is off, or the matter has gone on.
        case cancelled
        /// The clock's act was refused, because somebody did it first.
        case refused
    }
}

/// A notice in somebody's inbox (กล่องแจ้งเตือน).
public struct Notice: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Notice>
    public var id: ID
    public var person: Person.ID
    public var kind: Errand.Kind
    public var matter: Matter.ID?
    /// When it ought to have come.
    public var due: Moment
    /// When it came.
    public var at: Moment
    public var isLate: Bool
    /// When the person pressed รับทราบ.
    public var acknowledgedAt: Moment?
    /// Who of the desk called, and acknowledged for the person; nil when the person did.
    public var acknowledgedBy: Person.ID?

    public init(
        id: ID, person: Person.ID, kind: Errand.Kind, matter: Matter.ID?, due: Moment, at: Moment, isLate: Bool,
        acknowledgedAt: Moment? = nil, acknowledgedBy: Person.ID? = nil
    ) {
        self.id = id
        self.person = person
        self.kind = kind
        self.matter = matter
        self.due = due
        self.at = at
        self.isLate = isLate
        self.acknowledgedAt = acknowledgedAt
        self.acknowledgedBy = acknowledgedBy
    }
}

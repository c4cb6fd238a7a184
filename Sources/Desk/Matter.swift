// SPDX-License-Identifier: Apache-2.0

/// A matter (เรื่อง): one letter and everything that followed from it.
///
/// Built by reading its folder from the first entry to the last; nothing here is a rule.
public struct Matter: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Matter>

    public struct Decision: Hashable, Sendable {
        public var isApproval: Bool
        public var reason: DeclineReason?
        public var note: String
        public var by: Person.ID?
        public var at: Moment
    }

    public struct Tick: Hashable, Sendable {
        public var evidence: Evidence
        public var note: String
        public var by: Person.ID?
        public var at: Moment
    }

    public struct Incident: Hashable, Sendable {
        public var severity: Severity
        public var note: String
        public var by: Person.ID?
        public var at: Moment
    }

    public let id: ID
    /// The newest revision of the letter.
    public private(set) var letter: Letter
    /// 1, 2, 3…: which revision `letter` is.
    public private(set) var revision: Int
    /// Every revision of the letter, oldest first.
    public private(set) var letters: [Letter]
    public private(set) var folder: [Entry] = []
    public private(set) var stage: Stage = .letterAwaited
    public private(set) var intake: Intake = .web
    public private(set) var documents: [Document.ID] = []
    public private(set) var incoming: RegisterNumber?
    public private(set) var outgoing: [RegisterNumber] = []
    public private(set) var classification: Classification?
    /// What was missing when it was last returned for completion.
    public private(set) var missing: Set<PaperCheck> = []
    public private(set) var decision: Decision?
    public private(set) var assignment: Assignment?
    public private(set) var checklist: [Check] = []
    public private(set) var ticks: [Check.ID: Tick] = [:]
    public private(set) var networkNotice: NetworkNotice?
    public private(set) var networkAcknowledgedAt: Moment?
    public private(set) var link: String?
    /// Declared ready although something was missing.
    public private(set) var isOverridden = false
    public private(set) var openedAt: Moment?
    public private(set) var endedAt: Moment?
    public private(set) var incidents: [Incident] = []
    public private(set) var audience: Int?
    /// What its broadcast came to; more than one when it broke down and was opened anew.
    public private(set) var airings: [AirFigures] = []
    /// What its meeting came to; more than one when it was closed and opened anew.
    public private(set) var sittings: [MeetFigures] = []
    public private(set) var evaluation: Evaluation?
    public private(set) var evaluationNote = ""
    /// Rises whenever what a calendar shows has changed (RFC 5545, 3.8.7.4).
    public private(set) var sequence = 0

    /// A matter whose folder is still empty.
    public init(id: ID, letter: Letter) {
        self.id = id
        self.letter = letter
        revision = 1
        letters = [letter]
    }

    /// Reads a folder.
    ///
    /// - Parameter letters: every revision, oldest first; at least one.
    public init?(id: ID, letters: [Letter], folder: [Entry]) {
        guard let first = letters.first else { return nil }
        self.init(id: id, letter: first)
        for entry in folder { append(entry, letters: letters) }
    }

    /// Adds entries to the folder, in order.
    ///
    /// - Parameter letter: the new revision, when one of the entries brings it.
    public mutating func append(_ entries: [Entry], letter newer: Letter? = nil) {
        for entry in entries {
            append(entry, letters: [])
            if let newer, let revision = entry.fact.revision { take(newer, revision: revision) }
        }
    }

    /// A new revision. One that asks for another kind of service is classified anew, or its checklist would be the old kind's.
    private mutating func take(_ newer: Letter, revision: Int) {
        if newer.service != letter.service { classification?.service = newer.service }
        if newer.origin != letter.origin { classification?.origin = newer.origin }
        letter = newer
        self.revision = revision
        letters = letters.prefix(revision - 1) + [newer]
    }

    private mutating func append(_ entry: Entry, letters: [Letter]) {
        folder.append(entry)
        stage = entry.stage
        if let revision = entry.fact.revision, letters.indices.contains(revision - 1) {
            take(letters[revision - 1], revision: revision)
        }
        switch entry.fact {
        case .received(_, let papers, let via, _):
            documents = papers
            intake = via
        case .completed(_, let papers):
            documents += papers.filter { !documents.contains($0) }
            missing = []
        case .registered(let number, let how, _):
            incoming = number
            classification = how
        case .returnedForCompletion(let number, let lacking):
            outgoing.append(number)
            missing = lacking
        case .submitted, .networkAcknowledged, .opened, .ended, .evaluated, .lapsed, .withdrawn, .voided, .approved,
            .declined, .sentBack, .assigned, .ticked, .unticked, .networkNotified, .linked, .overridden,
            .incidentLogged, .amended, .aired, .met:
            appendLater(entry)
        }
    }

    private mutating func appendLater(_ entry: Entry) {
        switch entry.fact {
        case .approved:
            decision = Decision(isApproval: true, reason: nil, note: entry.note, by: entry.person, at: entry.at)
        case .declined(let reason):
            // A moved date that is not approved takes the occasion out of calendars again.
            if sequence > 0 { sequence += 1 }
            decision = Decision(isApproval: false, reason: reason, note: entry.note, by: entry.person, at: entry.at)
        case .sentBack(let number): outgoing.append(number)
        case .assigned(let how, let checks):
            let roomsStay = assignment?.rooms == how.rooms && checklist == checks
            assignment = how
            checklist = checks
            if !roomsStay { ticks = [:] }
            isOverridden = false
            sequence += 1
        case .ticked(let check, let evidence):
            ticks[check] = Tick(evidence: evidence, note: entry.note, by: entry.person, at: entry.at)
        case .unticked(let check):
            ticks[check] = nil
            isOverridden = false
        case .networkNotified(let notice):
            networkNotice = notice
            networkAcknowledgedAt = nil
        case .networkAcknowledged: networkAcknowledgedAt = entry.at
        case .linked(let address):
            link = address
            sequence += 1
        case .overridden: isOverridden = true
        case .opened: openedAt = entry.at
        case .incidentLogged(let severity):
            incidents.append(Incident(severity: severity, note: entry.note, by: entry.person, at: entry.at))
        case .ended(let summary):
            endedAt = entry.at
            audience = summary.audience
        case .aired(let figures): airings.append(figures)
        case .met(let figures): sittings.append(figures)
        case .evaluated(let answers):
            evaluation = answers
            evaluationNote = entry.note
        case .amended(_, let approvalStands):
            sequence += 1
            if !approvalStands { releaseApproval() }
        case .withdrawn, .voided:
            sequence += 1
            assignment = nil
        case .submitted, .lapsed, .received, .completed, .registered, .returnedForCompletion: break
        }
    }

    private mutating func releaseApproval() {
        decision = nil
        assignment = nil
        checklist = []
        ticks = [:]
        networkNotice = nil
        networkAcknowledgedAt = nil
        isOverridden = false
    }
}

extension Matter {
    /// The matter for somebody who may only know that something is booked: its letter says `title` and `blank`, and
    /// nobody can join. The folder stays, so that it counts and moves as it does.
    public func veiled(title: String, blank: String, keepsPlace: Bool) -> Matter {
        var veiled = self
        veiled.letter = letter.veiled(title: title, blank: blank, keepsPlace: keepsPlace)
        veiled.letters = letters.map { $0.veiled(title: title, blank: blank, keepsPlace: keepsPlace) }
        veiled.link = nil
        return veiled
    }

    /// What is taken of the calendar while the matter is alive.
    public var bookings: [Booking] {
        guard let assignment, !stage.isFinal else { return [] }
        let span = assignment.held(around: letter.span)
        return assignment.officers.map { Booking(resource: .officer($0), span: span, matter: id) }
            + assignment.rooms.map { Booking(resource: .room($0), span: span, matter: id) }
    }

    /// Checks of the list that nobody has ticked.
    public var openChecks: [Check] { checklist.filter { ticks[$0.id] == nil } }

    public var receivedAt: Moment? { folder.first?.at }

    /// When the matter came to where it is now.
    public var stageSince: Moment? {
        var since: Moment?
        for entry in folder.reversed() {
            if entry.stage != stage { break }
            since = entry.at
        }
        return since
    }

    /// The service asked for, as classified when it has been.
    public var service: Service { classification?.service ?? letter.service }
}

extension Fact {
    /// The letter's revision that this fact brought.
    var revision: Int? {
        switch self {
        case .received(let revision, _, _, _), .completed(let revision, _), .amended(let revision, _): revision
        default: nil
        }
    }
}

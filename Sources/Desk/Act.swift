// SPDX-License-Identifier: Apache-2.0

/// A thing the secretariat looks for in a letter (รายการตรวจสอบเอกสาร).
public enum PaperCheck: String, Codable, Hashable, Sendable, CaseIterable {
    case date, time, place, kind, contact, signature, attachment
}

/// How the secretariat classified a letter (แยกประเภทเอกสาร).
public struct Classification: Hashable, Codable, Sendable {
    public var origin: Letter.Origin
    public var service: Service
    public var urgency: Urgency
    public var secrecy: Secrecy

    public init(origin: Letter.Origin, service: Service, urgency: Urgency = .normal, secrecy: Secrecy = .open) {
        self.origin = origin
        self.service = service
        self.urgency = urgency
        self.secrecy = secrecy
    }
}

/// Why the executives decline; a sentence of their own stands beside it.
public enum DeclineReason: String, Codable, Hashable, Sendable, CaseIterable {
    case noOfficers, noRoom, outsideMission, tooLate, incomplete, notLawful, other
}

/// Officers and rooms booked together (มอบหมายงาน), with the time to set up and to clear away.
public struct Assignment: Hashable, Codable, Sendable {
    /// The first is in charge.
    public var officers: [Person.ID]
    public var rooms: [Room.ID]
    public var setUpMinutes: Int
    public var tearDownMinutes: Int

    public init(officers: [Person.ID], rooms: [Room.ID], setUpMinutes: Int, tearDownMinutes: Int) {
        self.officers = officers
        self.rooms = rooms
        self.setUpMinutes = setUpMinutes
        self.tearDownMinutes = tearDownMinutes
    }

    /// What the booking takes of the calendar.
    public func held(around span: Span) -> Span {
        span.padded(before: .minutes(setUpMinutes), after: .minutes(tearDownMinutes))
    }
}

/// One line of a checklist (รายการตรวจ).
public struct Check: Hashable, Codable, Sendable, Identifiable {
    public typealias ID = String
    /// Short, ASCII, stable: `sound`, `uplink`.
    public var id: ID
    public var thai: String
    public var english: String
    /// A check that only counts with a photo, a value or a note.
    public var needsEvidence: Bool
    /// Tests the system (row 4: จัดเตรียมอุปกรณ์และทดสอบ), rather than preparing a piece of kit.
    public var isSystemTest: Bool

    public init(id: ID, thai: String, english: String, needsEvidence: Bool = false, isSystemTest: Bool = false) {
        self.id = id
        self.thai = thai
        self.english = english
        self.needsEvidence = needsEvidence
        self.isSystemTest = isSystemTest
    }
}

/// What shows that a check was done.
public struct Evidence: Hashable, Codable, Sendable {
    /// A measured value, as `-16 LUFS`; at most 200 characters.
    public var value: String
    public var photo: Document.ID?

    public init(value: String = "", photo: Document.ID? = nil) {
        self.value = value
        self.photo = photo
    }
}

/// What the network section is told (แจ้งงานเครือข่าย); date, time and place are the letter's.
public struct NetworkNotice: Hashable, Codable, Sendable {
    /// Expected traffic, in Mbit/s.
    public var megabitsPerSecond: Int

    public init(megabitsPerSecond: Int) { self.megabitsPerSecond = megabitsPerSecond }
}

/// How bad an incident is.
public enum Severity: String, Codable, Hashable, Sendable, CaseIterable {
    /// Noticed by nobody outside.
    case minor
    /// The audience noticed.
    case disturbed
    /// The signal was away.
    case interrupted
}

/// What the officer in charge reports at the end (สรุป).
public struct Summary: Hashable, Codable, Sendable {
    /// How many people took part or watched; nil when nobody counted.
    public var audience: Int?

    public init(audience: Int? = nil) { self.audience = audience }
}

/// Three answers from 1 (poor) to 5 (excellent) (ประเมินผล).
public struct Evaluation: Hashable, Codable, Sendable {
    public var overall: Int
    public var signal: Int
    public var staff: Int

    public init(overall: Int, signal: Int, staff: Int) {
        self.overall = overall
        self.signal = signal
        self.staff = staff
    }

    public var isInRange: Bool { [overall, signal, staff].allSatisfy { (1...5).contains($0) } }
    public var mean: Double { Double(overall + signal + staff) / 3 }
}

/// How a letter came in.
public enum Intake: String, Codable, Hashable, Sendable, CaseIterable {
    /// The requester's own form.
    case web
    /// The secretariat's counter.
    case counter
}

/// An act (การกระทำ): what somebody wants to do to a matter. What came of it stands in the folder as an `Entry`.
public enum Act: Hashable, Sendable {
    case receive(Letter, documents: [Document.ID], via: Intake, keyingSeconds: Int?)
    case register(Classification, papers: Set<PaperCheck>)
    case returnForCompletion(missing: Set<PaperCheck>, note: String)
    case complete(Letter, documents: [Document.ID])
    case submit
    case approve(note: String)
    case decline(DeclineReason, note: String)
    case sendBack
    case assign(Assignment)
    case tick(Check.ID, Evidence, note: String)
    case untick(Check.ID)
    case notifyNetwork(NetworkNotice, note: String)
    case acknowledgeNetwork
    /// The join or watch link; https only.
    case link(String)
    case override(reason: String)
    case open
    case logIncident(Severity, note: String)
    case end(Summary, note: String)
    case evaluate(Evaluation, note: String)
    case lapse
    /// The studio tells what an airing came to.
    case air(AirFigures)
    /// The studio tells what a sitting of the meeting came to.
    case meet(MeetFigures)
    case amend(Letter, reason: String)
    case withdraw(reason: String)
    case void(reason: String)

    /// An act without its content, as the table of moves knows it.
    public enum Name: String, Codable, Hashable, Sendable, CaseIterable {
        case receive, register, returnForCompletion, complete, submit, approve, decline, sendBack, assign, tick, untick
        case notifyNetwork, acknowledgeNetwork, link, override, open, logIncident, end, evaluate, lapse, air, meet
        case amend, withdraw, void
    }

    public var name: Name {
        switch self {
        case .receive: .receive
        case .register: .register
        case .returnForCompletion: .returnForCompletion
        case .complete: .complete
        case .submit: .submit
        case .approve: .approve
        case .decline: .decline
        case .sendBack: .sendBack
        case .assign: .assign
        case .tick: .tick
        case .untick: .untick
        case .notifyNetwork: .notifyNetwork
        case .acknowledgeNetwork: .acknowledgeNetwork
        case .link: .link
        case .override: .override
        case .open: .open
        case .logIncident: .logIncident
        case .end: .end
        case .evaluate: .evaluate
        case .lapse: .lapse
        case .air: .air
        case .meet: .meet
        case .amend: .amend
        case .withdraw: .withdraw
        case .void: .void
        }
    }

    /// The words a person wrote with the act; they are kept beside the folder and can be forgotten.
    public var note: String {
        switch self {
        case .returnForCompletion(_, let note), .approve(let note), .decline(_, let note), .tick(_, _, let note),
            .notifyNetwork(_, let note), .logIncident(_, let note), .end(_, let note), .evaluate(_, let note),
            .override(let note), .amend(_, let note), .withdraw(let note), .void(let note):
            note.trimmed
        case .receive, .register, .complete, .submit, .sendBack, .assign, .untick, .acknowledgeNetwork, .link, .open,
            .lapse, .air, .meet:
            ""
        }
    }
}

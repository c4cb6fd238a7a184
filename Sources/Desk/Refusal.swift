// SPDX-License-Identifier: Apache-2.0

/// Why an act is not accepted: caused by a person, within the rules. Each has a sentence and a next step in both languages.
public enum Refusal: Error, Hashable, Sendable {
    /// There is no such matter, or it is not for this person to see.
    case noSuchMatter
    /// The person's roles do not allow this act at all.
    case notYourRole(Act.Name)
    /// The matter is not where this act can be done; `stage` is where it is.
    case notNow(Act.Name, stage: Stage)
    /// The folder has grown since the page was opened; `by` is who wrote the newest entry.
    case stalePage(stage: Stage, by: Person.ID?)
    case letterFaults([LetterFault])
    case reasonMissing
    case noteTooLong(limit: Int)
    /// The papers are not complete, so the letter cannot be registered but by returning it.
    case papersMissing(Set<PaperCheck>)
    /// A return for completion that names nothing missing.
    case nothingMissing
    case noOfficer
    case noSuchPerson
    case notAnOfficer(Person.ID)
    case noSuchRoom(Room.ID)
    case setUpOutOfRange
    /// The database itself refused: these are taken at that time.
    case doubleBooked([Booking])
    case noSuchCheck
    case alreadyTicked
    case evidenceMissing
    case trafficOutOfRange
    case alreadyAcknowledged
    case notNotified
    /// Only https links, at most 2,000 characters.
    case badLink
    case alreadyReady
    case audienceOutOfRange
    case scoreOutOfRange
    /// The studio told numbers that no airing can have.
    case figuresOutOfRange
    /// The folder has this airing already.
    case alreadyAired
    /// The matter asks for no broadcast, or is not approved.
    case noBroadcast
    case airFaults([AirFault])
    /// The folder has this sitting already.
    case alreadyMet
    /// The matter asks for no meeting, or is not approved.
    case noMeeting
    case meetFaults([MeetFault])
    case inviteeFaults([InviteeFault])
    /// There is no such link.
    case noSuchInvitee
    /// What a meeting by law left is part of its minutes until then.
    case keptByLaw(until: Moment)
    /// Stream keys are for the officers who are assigned.
    case notItsOfficer
    /// The set time for answering is over or not over yet.
    case notYetLapsed
    case nothingChanged
    /// A contact is forgotten only when the matter has come to an end.
    case notForgettable(stage: Stage)
    /// People, rooms, holidays, limits and lists are the administrator's.
    case administratorsOnly
    /// An office is not left without an administrator.
    case lastAdministrator
    /// A folder has a limit on its length, so that nobody can flood it.
    case folderFull

    /// The word under which its sentences are kept: `refusal.<code>`.
    public var code: String {
        switch self {
        case .noSuchMatter: "no_such_matter"
        case .notYourRole: "not_your_role"
        case .notNow: "not_now"
        case .stalePage: "stale_page"
        case .letterFaults: "letter_faults"
        case .reasonMissing: "reason_missing"
        case .noteTooLong: "note_too_long"
        case .papersMissing: "papers_missing"
        case .nothingMissing: "nothing_missing"
        case .noOfficer: "no_officer"
        case .noSuchPerson: "no_such_person"
        case .notAnOfficer: "not_an_officer"
        case .noSuchRoom: "no_such_room"
        case .setUpOutOfRange: "set_up_out_of_range"
        case .doubleBooked: "double_booked"
        case .noSuchCheck: "no_such_check"
        case .alreadyTicked: "already_ticked"
        case .evidenceMissing: "evidence_missing"
        case .trafficOutOfRange: "traffic_out_of_range"
        case .alreadyAcknowledged: "already_acknowledged"
        case .notNotified: "not_notified"
        case .badLink: "bad_link"
        case .alreadyReady: "already_ready"
        case .audienceOutOfRange: "audience_out_of_range"
        case .scoreOutOfRange: "score_out_of_range"
        case .figuresOutOfRange: "figures_out_of_range"
        case .alreadyAired: "already_aired"
        case .noBroadcast: "no_broadcast"
        case .airFaults: "air_faults"
        case .alreadyMet: "already_met"
        case .noMeeting: "no_meeting"
        case .meetFaults: "meet_faults"
        case .inviteeFaults: "invitee_faults"
        case .noSuchInvitee: "no_such_invitee"
        case .keptByLaw: "kept_by_law"
        case .notItsOfficer: "not_its_officer"
        case .notYetLapsed: "not_yet_lapsed"
        case .nothingChanged: "nothing_changed"
        case .notForgettable: "not_forgettable"
        case .administratorsOnly: "administrators_only"
        case .lastAdministrator: "last_administrator"
        case .folderFull: "folder_full"
        }
    }

    /// Every code, so that a test can ask for every sentence.
    public static let codes = [
        "no_such_matter", "not_your_role", "not_now", "stale_page", "letter_faults", "reason_missing", "note_too_long",
        "papers_missing", "nothing_missing", "no_officer", "no_such_person", "not_an_officer", "no_such_room",
        "set_up_out_of_range", "double_booked", "no_such_check", "already_ticked", "evidence_missing",
        "traffic_out_of_range", "already_acknowledged", "not_notified", "bad_link", "already_ready",
        "audience_out_of_range", "score_out_of_range", "figures_out_of_range", "already_aired", "no_broadcast",
        "air_faults", "already_met", "no_meeting", "meet_faults", "invitee_faults", "no_such_invitee", "kept_by_law",
        "not_its_officer", "not_yet_lapsed", "nothing_changed", "not_forgettable",
        "administrators_only", "last_administrator",
        "folder_full",
    ]
}

/// A thing that was asked of the disk, the network or a third party and did not happen. Details go to the log only.
public struct Mishap: Error, Sendable {
    /// What was being done, in plain English, without any personal data.
    public let doing: String
    public let underlying: (any Error)?

    public init(doing: String, underlying: (any Error)? = nil) {
        self.doing = doing
        self.underlying = underlying
    }
}

extension Mishap: CustomStringConvertible {
    /// For the log and the command line; a page never shows it.
    public var description: String { "could not \(doing)" + (underlying.map { ": \($0)" } ?? "") }
}

/// Who or what is taken, and when: an officer or a room, for one matter.
public struct Booking: Hashable, Codable, Sendable {
    public enum Resource: Hashable, Codable, Sendable {
        case officer(Person.ID)
        case room(Room.ID)
    }

    public var resource: Resource
    /// With set-up and tear-down.
    public var span: Span
    public var matter: Matter.ID

    public init(resource: Resource, span: Span, matter: Matter.ID) {
        self.resource = resource
        self.span = span
        self.matter = matter
    }
}

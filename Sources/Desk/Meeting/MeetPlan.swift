// SPDX-License-Identifier: Apache-2.0

// การประชุมออนไลน์: what the office settles about a matter's meeting. The studio knows the same things by its own words;
// `sanyan` tells it (decision 0002).

/// What somebody may do in a meeting (บทบาทในห้องประชุม).
public enum MeetRole: String, Codable, Hashable, Sendable, CaseIterable {
    /// Leads it: lets people in, mutes, ends.
    case host
    /// Helps the host with everything but ending it.
    case cohost
    /// Speaks and shows.
    case speaker
    /// Listens, and raises a hand.
    case listener
}

/// Who waits in the lobby (ห้องรอ) until a host lets them in.
public enum MeetLobby: String, Codable, Hashable, Sendable, CaseIterable {
    case off
    /// Who came by a link for everybody.
    case guests
    case everybody
}

/// What everybody may do without asking a host.
public enum MeetFreedom: String, Codable, Hashable, Sendable, CaseIterable { case unmute, share, chat }

/// What the officers settle before the day, and may change until the end (ตั้งค่าห้องประชุม).
public struct MeetSettings: Hashable, Codable, Sendable {
    /// What people read; empty for the letter's own title.
    public var title = ""
    /// `open`: whoever has the address may ask to come in; else a link of ours is wanted.
    public var door = AirDoor.link
    public var lobby = MeetLobby.guests
    /// Mail domains whose people do not wait: `example.ac.th`.
    public var domains: [String] = []
    public var freedoms = MeetFreedom.allCases
    /// Few speak, the others listen and ask.
    public var isWebinar = false
    /// So many minutes before the announced beginning people may come in.
    public var earlyMinutes = 15
    /// What is taken up, in order (ระเบียบวาระ).
    public var agenda: [String] = []
    /// So many who may vote have to be there for a formal vote; 0 for any number.
    public var quorum = 0
    /// Sound and picture may be recorded.
    public var records = false
    /// What people agree to before they come into a meeting that is recorded; empty for the usual sentence.
    public var consent = ""
    /// For so many days recordings and names are kept after the occasion; nil for as long as the matter's paper.
    public var keepsDays: Int?
    /// A meeting that the law requires (Emergency Decree on Electronic Meetings B.E. 2563): everybody is identified,
    /// all of it is recorded unless it is secret, and what was kept is part of the minutes.
    public var isLegal = false
    /// It is put on the air of the matter's broadcast, where the matter asks for both.
    public var isAired = false

    /// What is usual.
    public init() {}

    /// What an older program did not know of stays as usual.
    public init(from decoder: any Decoder) throws {
        let kept = try decoder.container(keyedBy: CodingKeys.self)
        title = try kept.decodeIfPresent(String.self, forKey: .title) ?? title
        door = try kept.decodeIfPresent(AirDoor.self, forKey: .door) ?? door
        lobby = try kept.decodeIfPresent(MeetLobby.self, forKey: .lobby) ?? lobby
        domains = try kept.decodeIfPresent([String].self, forKey: .domains) ?? domains
        freedoms = try kept.decodeIfPresent([MeetFreedom].self, forKey: .freedoms) ?? freedoms
        isWebinar = try kept.decodeIfPresent(Bool.self, forKey: .isWebinar) ?? isWebinar
        earlyMinutes = try kept.decodeIfPresent(Int.self, forKey: .earlyMinutes) ?? earlyMinutes
        agenda = try kept.decodeIfPresent([String].self, forKey: .agenda) ?? agenda
        quorum = try kept.decodeIfPresent(Int.self, forKey: .quorum) ?? quorum
        records = try kept.decodeIfPresent(Bool.self, forKey: .records) ?? records
        consent = try kept.decodeIfPresent(String.self, forKey: .consent) ?? consent
        keepsDays = try kept.decodeIfPresent(Int.self, forKey: .keepsDays)
        isLegal = try kept.decodeIfPresent(Bool.self, forKey: .isLegal) ?? isLegal
        isAired = try kept.decodeIfPresent(Bool.self, forKey: .isAired) ?? isAired
    }

    /// What is usual for a matter: recorded where the letter asks for it, on the air where it asks for both, and a secret
    /// one lets nobody in unseen.
    public static func usual(for matter: Matter) -> MeetSettings {
        var settings = MeetSettings()
        settings.records = matter.letter.wantsRecording && !matter.isSecret
        settings.isAired = matter.service == .both
        if matter.isSecret { settings.lobby = .everybody }
        return settings
    }

    public static let mostDomains = 20
    public static let longestConsent = 1000
    /// So long what a meeting by law left is kept at least: as computer traffic must be (Computer-related Crime Act B.E.
    /// 2550, s.26).
    public static let legalDays = 90
    public static let longestDays = 365
    public static let mostEarlyMinutes = 240
    public static let mostPoints = 60
    public static let longestPoint = 300
    public static let largestQuorum = 1000

    /// What is wrong with the settings as filled in; empty when they may stand.
    public func faults(for matter: Matter) -> [MeetFault] {
        var faults: [MeetFault] = []
        if title.count > 300 { faults.append(.titleTooLong(limit: 300)) }
        if matter.isSecret, door == .open { faults.append(.secretIsNotOpen) }
        if matter.isSecret, records { faults.append(.secretIsNotRecorded) }
        if isLegal, door == .open { faults.append(.legalIsNotOpen) }
        if isLegal, !records, !matter.isSecret { faults.append(.legalIsRecorded) }
        if domains.count > Self.mostDomains { faults.append(.tooManyDomains(limit: Self.mostDomains)) }
        faults += domains.filter { !isMailDomain($0) }.map { .noDomain($0) }
        if !(0...Self.mostEarlyMinutes).contains(earlyMinutes) {
            faults.append(.earlyOutOfRange(limit: Self.mostEarlyMinutes))
        }
        if agenda.count > Self.mostPoints || agenda.contains(where: { $0.count > Self.longestPoint }) {
            faults.append(.agendaTooLong(points: Self.mostPoints, limit: Self.longestPoint))
        }
        if !(0...Self.largestQuorum).contains(quorum) { faults.append(.quorumOutOfRange(limit: Self.largestQuorum)) }
        if consent.count > Self.longestConsent { faults.append(.consentTooLong(limit: Self.longestConsent)) }
        if let keepsDays {
            if isLegal, keepsDays < Self.legalDays {
                faults.append(.legalIsKept(days: Self.legalDays))
            } else if !(1...Self.longestDays).contains(keepsDays) {
                faults.append(.daysOutOfRange(limit: Self.longestDays))
            }
        }
        return faults
    }
}

/// What is wrong with a meeting's settings as filled in.
public enum MeetFault: Hashable, Sendable {
    case titleTooLong(limit: Int)
    /// A secret matter's meeting is not open to whoever has the address.
    case secretIsNotOpen
    /// Nothing is recorded of a secret meeting (Emergency Decree B.E. 2563, s.9(4)).
    case secretIsNotRecorded
    /// People identify themselves before they come in (s.9(1)).
    case legalIsNotOpen
    /// Sound, or sound and picture, of all of it (s.9(4)).
    case legalIsRecorded
    case legalIsKept(days: Int)
    case tooManyDomains(limit: Int)
    /// Not `example.ac.th`.
    case noDomain(String)
    case earlyOutOfRange(limit: Int)
    case agendaTooLong(points: Int, limit: Int)
    case quorumOutOfRange(limit: Int)
    case consentTooLong(limit: Int)
    case daysOutOfRange(limit: Int)
}

/// What stands for a matter's meeting: its name in addresses, what its links are signed with, what was settled.
public struct MeetPlan: Hashable, Sendable, CustomStringConvertible {
    public var matter: Matter.ID
    /// The word in addresses; cannot be guessed.
    public var name: String
    /// 32 bytes that links are signed with, as hexadecimal; empty when they could not be read back.
    public var passKey: String
    public var settings: MeetSettings
    /// Whose links are good no more.
    public var revoked: [Invitee.ID]
    /// The names that it left are forgotten.
    public var isForgotten: Bool

    public init(
        matter: Matter.ID, name: String, passKey: String, settings: MeetSettings, revoked: [Invitee.ID] = [],
        isForgotten: Bool = false
    ) {
        self.matter = matter
        self.name = name
        self.passKey = passKey
        self.settings = settings
        self.revoked = revoked
        self.isForgotten = isForgotten
    }

    /// Without the key.
    public var description: String { "MeetPlan \(name)" }

    /// When people may come in at the earliest.
    public func opens(_ matter: Matter) -> Moment { matter.letter.span.start - .minutes(settings.earlyMinutes) }
}

/// Whether settings may stand: the officers' and the secretariat's, from the approval to the end.
///
/// - Throws: `.notYourRole`, `.noMeeting`, `.notNow`, `.meetFaults`.
public func maySettle(_ settings: MeetSettings, of matter: Matter, by hand: Hand) throws(Refusal) {
    try mayPrepareMeeting(of: matter, by: hand)
    let faults = settings.faults(for: matter)
    guard faults.isEmpty else { throw .meetFaults(faults) }
}

/// Whether a meeting may still be prepared: settled, and people invited to it.
///
/// - Throws: `.notYourRole`, `.noMeeting`, `.notNow`.
public func mayPrepareMeeting(of matter: Matter, by hand: Hand) throws(Refusal) {
    guard !hand.roles.isDisjoint(with: [.officer, .secretariat]) else { throw .notYourRole(.link) }
    guard matter.hasMeeting else { throw .noMeeting }
    guard !matter.stage.isFinal else { throw .notNow(.link, stage: matter.stage) }
}

/// `example.ac.th`: labels of letters, digits and hyphens, at least two of them (RFC 5321, 4.1.2).
public func isMailDomain(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.count <= 253 && labels.count >= 2
        && labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != "-" && label.last != "-"
                && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
}

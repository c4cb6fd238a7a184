// SPDX-License-Identifier: Apache-2.0

/// Somebody who has a link into a meeting (ผู้ได้รับเชิญ), or a link for everybody in one role.
///
/// Names and mail addresses are personal data: they lie beside the folder, sealed, and can be forgotten.
public struct Invitee: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Invitee>

    /// Whose link it is.
    public enum Who: Hashable, Codable, Sendable {
        /// A link of one person's own: it says who they are.
        case named(name: String, mail: String)
        /// The matter's contact, by whatever name the matter has for them.
        case contact
        /// Whoever has it; asked for a name at the door.
        case anybody
        /// Forgotten: the line stays, so that a revoked link stays revoked.
        case forgotten
    }

    public var id: ID
    public var matter: Matter.ID
    public var role: MeetRole
    public var who: Who
    /// Until when the link is good.
    public var until: Moment
    public var invitedAt: Moment
    public var revokedAt: Moment?
    /// When it was last sent by mail.
    public var mailedAt: Moment?

    public init(
        id: ID = ID(0), matter: Matter.ID, role: MeetRole, who: Who, until: Moment, invitedAt: Moment,
        revokedAt: Moment? = nil, mailedAt: Moment? = nil
    ) {
        self.id = id
        self.matter = matter
        self.role = role
        self.who = who
        self.until = until
        self.invitedAt = invitedAt
        self.revokedAt = revokedAt
        self.mailedAt = mailedAt
    }

    /// The link opens the room at a moment.
    public func isGood(at now: Moment) -> Bool { revokedAt == nil && who != .forgotten && now < until }

    /// The link says who somebody is.
    public var isPersonal: Bool {
        switch who {
        case .named, .contact: true
        case .anybody, .forgotten: false
        }
    }

    /// The address that a mail goes to; empty for none.
    public var mail: String {
        if case .named(_, let mail) = who { mail } else { "" }
    }
}

/// What is wrong with a list of people as typed.
public enum InviteeFault: Hashable, Sendable {
    case nobody
    case tooMany(limit: Int)
    case nameTooLong(limit: Int)
    /// Not an address of mail.
    case malformedMail(String)
    /// A link for everybody identifies nobody (Emergency Decree on Electronic Meetings B.E. 2563, s.9(1)).
    case legalHasNames
    /// Nobody leads a meeting by a link that everybody has.
    case hostHasName
    case untilOutOfRange
}

/// People to be invited, as somebody typed them: one a line, a name, or a name and a mail address.
public struct InviteeList: Hashable, Sendable {
    public var role: MeetRole
    public var people: [Invitee.Who]
    /// Until when the links are good.
    public var until: Moment

    public init(role: MeetRole, people: [Invitee.Who], until: Moment) {
        self.role = role
        self.people = people
        self.until = until
    }

    /// More people than these are invited to no meeting.
    public static let most = 1000
    public static let longestName = 120

    /// Reads lines of `name`, `name <mail>`, `name, mail` or a mail address alone.
    public static func people(_ text: String) -> [Invitee.Who] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.map { "<>,;\t".contains($0) ? " " : $0 }.split(separator: " ").map { String($0) }
            let mail = words.last.flatMap { $0.contains("@") ? $0 : nil } ?? ""
            let name = (mail.isEmpty ? words : words.dropLast()).joined(separator: " ")
            if name.isEmpty, mail.isEmpty { return nil }
            return .named(name: name.isEmpty ? String(mail.prefix { $0 != "@" }) : name, mail: mail)
        }
    }

    /// What is wrong with it; empty when it may stand.
    public func faults(for plan: MeetPlan, of matter: Matter, already: Int, at now: Moment) -> [InviteeFault] {
        var faults: [InviteeFault] = []
        if people.isEmpty { faults.append(.nobody) }
        if already + people.count > Self.most { faults.append(.tooMany(limit: Self.most)) }
        for person in people {
            guard case .named(let name, let mail) = person else { continue }
            if name.count > Self.longestName { faults.append(.nameTooLong(limit: Self.longestName)) }
            if !mail.isEmpty, !isMailAddress(mail) { faults.append(.malformedMail(mail)) }
        }
        if people.contains(.anybody) {
            if plan.settings.isLegal || matter.isSecret { faults.append(.legalHasNames) }
            if role == .host || role == .cohost { faults.append(.hostHasName) }
        }
        if until <= now || until > matter.letter.span.end + .days(30) { faults.append(.untilOutOfRange) }
        return faults
    }
}

/// Whether people may be invited, and links taken back: the officers' and the secretariat's, from the approval to the end.
///
/// - Throws: `.notYourRole`, `.noMeeting`, `.notNow`, `.inviteeFaults`.
public func mayInvite(
    _ list: InviteeList, to plan: MeetPlan, of matter: Matter, already: Int, by hand: Hand, at now: Moment
) throws(Refusal) {
    try mayPrepareMeeting(of: matter, by: hand)
    let faults = list.faults(for: plan, of: matter, already: already, at: now)
    guard faults.isEmpty else { throw .inviteeFaults(faults) }
}

/// Whether links may be seen, sent or taken back. Whoever holds one comes in by it, so it is noted who saw them.
///
/// - Throws: `.notYourRole`, `.noMeeting`.
public func maySeeLinks(of matter: Matter, by hand: Hand) throws(Refusal) {
    guard !hand.roles.isDisjoint(with: [.officer, .secretariat]) else { throw .notYourRole(.link) }
    guard matter.hasMeeting else { throw .noMeeting }
}

/// Whether somebody leads the meeting for the office: the officers who are assigned, while there is something to lead.
///
/// - Throws: `.notYourRole`, `.noMeeting`, `.notNow`, `.notItsOfficer`.
public func mayHost(_ matter: Matter, by hand: Hand) throws(Refusal) {
    guard hand.roles.contains(.officer) else { throw .notYourRole(.open) }
    guard matter.hasMeeting else { throw .noMeeting }
    guard !matter.stage.isFinal else { throw .notNow(.open, stage: matter.stage) }
    guard let person = hand.person, matter.assignment?.officers.contains(person) == true else { throw .notItsOfficer }
}

/// Whether the names that a meeting left may be forgotten (Personal Data Protection Act B.E. 2562, s.33 and s.37(3)): when
/// the matter has come to its end; of a meeting by law not before its time of keeping is over.
///
/// - Throws: `.notYourRole`, `.noMeeting`, `.notForgettable`, `.keptByLaw`.
public func mayForgetMeeting(
    of matter: Matter, settings: MeetSettings, by hand: Hand, at now: Moment
) throws(Refusal) {
    guard !hand.roles.isDisjoint(with: [.secretariat, .administrator, .sanyan]) else { throw .notYourRole(.withdraw) }
    guard matter.isMeeting else { throw .noMeeting }
    guard matter.stage.isFinal else { throw .notForgettable(stage: matter.stage) }
    guard settings.isLegal else { return }
    let days = settings.keepsDays ?? MeetSettings.legalDays
    guard now >= matter.letter.span.end + .days(days) else {
        throw .keptByLaw(until: matter.letter.span.end + .days(days))
    }
}

/// When a meeting's names and recordings are forgotten by themselves; nil when somebody has to say so.
public func forgettingDue(_ matter: Matter, settings: MeetSettings) -> Moment? {
    settings.keepsDays.map { matter.letter.span.end + .days($0) }
}

/// `name@example.ac.th`, in the characters that servers take as they are (RFC 5321, 4.1.2): no quotation, no white space.
public func isMailAddress(_ text: String) -> Bool {
    let halves = text.split(separator: "@", omittingEmptySubsequences: false)
    guard text.count <= 254, halves.count == 2, (1...64).contains(halves[0].count) else { return false }
    return isMailDomain(String(halves[1]))
        && halves[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "!#$%&'*+-/=?^_`{|}~.".contains($0)) }
}

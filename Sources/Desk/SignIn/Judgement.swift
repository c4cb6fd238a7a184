// SPDX-License-Identifier: Apache-2.0

/// Everything that is asked before somebody from outside is let in.
public struct EntranceRoster: Hashable, Sendable {
    public var people: [Person]
    /// Who has a password here.
    public var withPassword: Set<Person.ID>
    public var identities: [OutsideIdentity]

    public init(people: [Person], withPassword: Set<Person.ID>, identities: [OutsideIdentity]) {
        self.people = people
        self.withPassword = withPassword
        self.identities = identities
    }
}

/// Why somebody whom the university vouches for does not come in.
public enum TurnedAway: String, Hashable, Sendable, CaseIterable {
    /// The roster does not know them, and only people of the roster come in.
    case notInvited
    /// No rule gives them a role.
    case noRole
    /// They left, by the roster.
    case deactivated
    /// Their name and their address lead to different people.
    case ambiguous
    /// The account that they would take over administers the office: an administrator signs in here.
    case administrator
    /// The person here belongs to another account there.
    case taken
}

/// What becomes of somebody from outside (ผลการพิจารณา): who they are here, what they may do, and why not.
public struct Judgement: Hashable, Sendable {
    public enum Acquaintance: String, Hashable, Sendable, CaseIterable {
        /// They have been here before.
        case known
        case byUsername
        case byMail
        /// The person is made now.
        case made
        case stranger
    }

    public var acquaintance: Acquaintance
    /// The person as the roster is to have them; an id of 0 is somebody new, nil nobody.
    public var person: Person?
    public var gained: Set<Role> = []
    public var lost: Set<Role> = []
    /// They would lose the administrator's role, and keep it: nobody else could sign in here and administer.
    public var keepsAdministrator = false
    /// Nil when they come in.
    public var turnedAway: TurnedAway?

    static func away(_ reason: TurnedAway, _ acquaintance: Acquaintance = .stranger, _ person: Person? = nil)
        -> Judgement
    {
        Judgement(acquaintance: acquaintance, person: person, turnedAway: reason)
    }
}

/// Judges somebody whom the university vouches for: links, makes, gives and takes roles by the rules. Changes nothing.
public func judge(_ outsider: Outsider, in roster: EntranceRoster, by settings: SignInSettings) -> Judgement {
    let theirs = roster.identities.first {
        $0.outsider.source == outsider.source && $0.outsider.issuer == outsider.issuer
            && $0.outsider.subject == outsider.subject
    }
    if let theirs, let person = roster.people.first(where: { $0.id == theirs.person }) {
        return admit(person, outsider, .known, in: roster, by: settings)
    }
    let byName = roster.people.first { $0.username == outsider.usernameHere }
    let byMail = roster.people.filter { !outsider.mail.isEmpty && $0.mail.lowercased() == outsider.mail }
    // Who left stays out, whatever else their account says.
    if let left = ([byName].compactMap(\.self) + byMail).first(where: { !$0.isActive }) {
        return .away(.deactivated, .stranger, left)
    }
    let name = settings.linking.contains(.username) ? byName : nil
    let mails = settings.linking.contains(.mail) && outsider.isMailVerified ? byMail : []
    let found = Set(([name].compactMap(\.self) + mails).map(\.id))
    guard found.count < 2 else { return .away(.ambiguous) }
    if let person = name ?? mails.first {
        let acquaintance: Judgement.Acquaintance = name != nil ? .byUsername : .byMail
        if person.roles.contains(.administrator) { return .away(.administrator, acquaintance, person) }
        let isTaken = roster.identities.contains {
            $0.person == person.id && $0.outsider.source == outsider.source && $0.outsider.issuer == outsider.issuer
        }
        if isTaken { return .away(.taken, acquaintance, person) }
        return admit(person, outsider, acquaintance, in: roster, by: settings)
    }
    return newcomer(outsider, in: roster, by: settings)
}

private func admit(
    _ person: Person, _ outsider: Outsider, _ acquaintance: Judgement.Acquaintance, in roster: EntranceRoster,
    by settings: SignInSettings
) -> Judgement {
    guard person.isActive else { return .away(.deactivated, acquaintance, person) }
    var (next, keeps) = (person, false)
    // Without a rule nothing follows from groups, and nobody loses anything.
    if settings.rolesFollow, !settings.rules.isEmpty {
        next.roles = settings.rules.roles(for: outsider.groups)
        if losesLastAdministrator(person, next, in: roster) {
            next.roles.insert(.administrator)
            keeps = true
        }
    }
    if next.mail.isEmpty, outsider.isMailVerified { next.mail = String(outsider.mail.prefix(200)) }
    if next.position.isEmpty { next.position = String(outsider.position.prefix(200)) }
    return Judgement(
        acquaintance: acquaintance, person: next, gained: next.roles.subtracting(person.roles),
        lost: person.roles.subtracting(next.roles), keepsAdministrator: keeps,
        turnedAway: next.roles.isEmpty ? .noRole : nil)
}

/// Whether nobody could administer any more, or nobody who has a password here, though somebody can now.
private func losesLastAdministrator(_ old: Person, _ new: Person, in roster: EntranceRoster) -> Bool {
    guard old.roles.contains(.administrator), !new.roles.contains(.administrator) else { return false }
    let others = roster.people.filter { $0.id != old.id && $0.isActive && $0.roles.contains(.administrator) }
    if others.isEmpty { return true }
    return roster.withPassword.contains(old.id) && !others.contains { roster.withPassword.contains($0.id) }
}

private func newcomer(_ outsider: Outsider, in roster: EntranceRoster, by settings: SignInSettings) -> Judgement {
    guard settings.newcomers == .whoHasRole else { return .away(.notInvited) }
    let roles = settings.rules.roles(for: outsider.groups)
    guard !roles.isEmpty else { return .away(.noRole) }
    let username = freeUsername(outsider.usernameHere, among: Set(roster.people.map(\.username)))
    let person = Person(
        id: Person.ID(0), username: username,
        name: String((outsider.name.isEmpty ? username : outsider.name).prefix(200)),
        position: String(outsider.position.prefix(200)), roles: roles,
        mail: outsider.isMailVerified ? String(outsider.mail.prefix(200)) : "")
    return Judgement(acquaintance: .made, person: person, gained: roles)
}

/// The username that is wanted, or with the first number behind it that nobody has.
private func freeUsername(_ wanted: String, among taken: Set<String>) -> String {
    let base = wanted.unicodeScalars.count >= 2 ? wanted : "person"
    guard taken.contains(base) else { return base }
    var number = 2
    while taken.contains("\(base.prefix(28))-\(number)") { number += 1 }
    return "\(base.prefix(28))-\(number)"
}

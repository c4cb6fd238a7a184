// SPDX-License-Identifier: Apache-2.0

/// A person as the university's own sign-in describes them (คนจากระบบภายนอก): by OpenID Connect, or by a directory.
public struct Outsider: Hashable, Codable, Sendable {
    /// Who vouches for the person.
    public enum Source: String, Codable, Hashable, Sendable, CaseIterable {
        /// An OpenID provider.
        case openID
        /// A directory that speaks LDAP.
        case directory
    }

    public static let mostGroups = 500
    public static let longestText = 500

    public var source: Source
    /// The provider's issuer, or where the directory's people lie: a subject means something only together with it.
    public var issuer: String
    /// What never changes of the person there: `sub`, `entryUUID`.
    public var subject: String
    public var username: String
    public var name: String
    public var position: String
    public var mail: String
    /// The provider says that the address is the person's. A directory's are.
    public var isMailVerified: Bool
    /// Groups and units, as the other end writes them.
    public var groups: [String]

    /// What is longer than it may be is cut, and of the groups the first `mostGroups` are kept.
    public init(
        source: Source, issuer: String, subject: String, username: String, name: String = "", position: String = "",
        mail: String = "", isMailVerified: Bool = false, groups: [String] = []
    ) {
        func short(_ text: String) -> String { String(text.prefix(Self.longestText)) }
        self.source = source
        self.issuer = issuer
        self.subject = subject
        self.username = short(username)
        self.name = short(name)
        self.position = short(position)
        self.mail = short(mail).lowercased()
        self.isMailVerified = isMailVerified
        self.groups = Array(groups.prefix(Self.mostGroups)).filter { !$0.isEmpty && $0.count <= Self.longestText }
    }

    /// The username that the person would have here: the letters that a username has, of what stands before an @.
    public var usernameHere: String {
        var letters = ""
        for scalar in username.lowercased().unicodeScalars.prefix(while: { $0 != "@" }) {
            let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "."
            letters.unicodeScalars.append(isPlain ? scalar : "-")
        }
        while let first = letters.first, !("a"..."z").contains(first) { letters.removeFirst() }
        return String(letters.prefix(32))
    }
}

/// An account elsewhere that belongs to a person of the roster (บัญชีภายนอก), and how it looked when they last came.
public struct OutsideIdentity: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<OutsideIdentity>
    public var id: ID
    public var person: Person.ID
    public var outsider: Outsider
    public var linkedAt: Moment
    public var seenAt: Moment

    public init(id: ID, person: Person.ID, outsider: Outsider, linkedAt: Moment, seenAt: Moment) {
        self.id = id
        self.person = person
        self.outsider = outsider
        self.linkedAt = linkedAt
        self.seenAt = seenAt
    }
}

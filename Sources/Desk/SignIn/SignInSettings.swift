// SPDX-License-Identifier: Apache-2.0

/// How people sign in beside their passwords here (การเข้าสู่ระบบ). Kept sealed: it has two secrets in it.
public struct SignInSettings: Hashable, Codable, Sendable {
    /// Whom the office lets in that the roster does not know yet.
    public enum Newcomers: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nobody: an administrator has entered everybody before.
        case invited
        /// Whoever is given a role by the rules; the person is made when they first come.
        case whoHasRole
    }

    /// By what an account elsewhere finds its person here, the first time.
    public enum Linking: String, Codable, Hashable, Sendable, CaseIterable {
        case username
        /// Only by an address that the provider has made sure of.
        case mail
    }

    public static let mostRules = 60

    public var openID = OpenIDSettings()
    public var directory = DirectorySettings()
    public var offersPasskeys = false
    public var rules: [RoleRule] = []
    public var newcomers = Newcomers.invited
    public var linking: Set<Linking> = []
    /// Roles follow the groups each time somebody comes; otherwise only when the person is made.
    public var rolesFollow = false

    public init() {}
}

/// An OpenID provider (OpenID Connect Core 1.0) and what it knows us by.
public struct OpenIDSettings: Hashable, Codable, Sendable {
    public var isOn = false
    /// What stands on the button: the university's name.
    public var label = ""
    /// Compared letter by letter with what the provider and its tokens say.
    public var issuer = ""
    public var clientID = ""
    /// Empty for a client without one.
    public var clientSecret = ""
    /// `openid profile email`, and what else the provider wants asked.
    public var scopes = "openid profile email"
    /// The claims that hold groups and units.
    public var groupClaims = ["groups"]
    public var usernameClaim = "preferred_username"
    /// Signing out here signs out there too (OpenID Connect RP-Initiated Logout 1.0).
    public var endsThere = false

    public init() {}
}

/// A directory that speaks LDAP (RFC 4511).
public struct DirectorySettings: Hashable, Codable, Sendable {
    /// How the line is kept from listeners.
    public enum Security: String, Codable, Hashable, Sendable, CaseIterable {
        case startTLS
        case ldaps
        /// Nothing; only on this machine.
        case loopback
    }

    public var isOn = false
    /// What stands beside the password: the name of the account that is asked for.
    public var label = ""
    public var host = ""
    public var port = 389
    public var security = Security.startTLS
    /// A PEM file of certificates to be trusted; empty for the system's.
    public var trustFile = ""
    /// Who searches; empty for nobody in particular.
    public var searcher = ""
    public var searcherPassword = ""
    /// Where people lie, `ou=people,dc=example,dc=ac,dc=th`.
    public var base = ""
    /// Who somebody is; `{user}` is what they typed (RFC 4515).
    public var filter = "(&(objectClass=person)(uid={user}))"
    /// Binds under this name straight away, without a search before; empty to search first. `{user}` is what was typed.
    public var namePattern = ""
    /// Where groups lie; empty when people carry them themselves (`memberOf`).
    public var groupBase = ""
    /// Which groups somebody is in; `{dn}` is the person's full name there, `{user}` what they typed.
    public var groupFilter = "(&(objectClass=groupOfNames)(member={dn}))"
    public var subjectAttribute = "entryUUID"
    public var usernameAttribute = "uid"
    public var nameAttribute = "cn"
    public var mailAttribute = "mail"
    public var positionAttribute = "title"
    /// What holds groups and units.
    public var groupAttributes = ["memberOf", "ou"]

    public init() {}
}

// SPDX-License-Identifier: Apache-2.0

/// A way out of the house (ช่องทาง): by what something reaches people, calendars and programs outside.
public enum Way: String, Codable, Hashable, Sendable, CaseIterable {
    /// Web Push (RFC 8030) to the telephones and browsers of a person.
    case push
    /// LINE's Messaging API.
    case line
    /// Mail by SMTP.
    case mail
    /// A server of ntfy, often the university's own.
    case ntfy
    /// The other officer of the matter is asked.
    case second
    /// The desk's list of people to be called by telephone.
    case callList
    /// Google Calendar, API v3.
    case google
    /// A calendar by CalDAV (RFC 4791).
    case caldav
    /// An invitation by mail (iMIP, RFC 6047).
    case invitation
    /// A signed webhook to a program.
    case webhook

    /// The ways by which occasions come into calendars.
    public static let calendars: [Way] = [.google, .caldav, .invitation]
    /// The ways that an administrator sets up; the others are the house's own.
    public static let settable: [Way] = [.push, .line, .mail, .ntfy, .google, .caldav, .invitation, .webhook]
}

/// What hinders something on its way, said so that a person knows what to do.
public struct Trouble: Error, Hashable, Codable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The way is not set up, or switched off.
        case notSetUp
        /// The person has no device, account or address on this way.
        case noReach
        case unreachable
        case timedOut
        /// The address leads into the house, and the administrator has not allowed that.
        case unsafeAddress
        case wrongCredentials
        /// Signed in, but this may not be done: a missing right, a service that is switched off.
        case notAllowed
        case quotaUsed
        case busy
        case tooLarge
        /// The other end knows the device, the account or the calendar no longer.
        case gone
        /// The other end found a mistake; trying again would not help.
        case rejected
        /// Somebody changed it there; nothing was overwritten.
        case changedThere
        /// An answer that makes no sense.
        case nonsense
        /// This machine could not: a full disk, a missing file.
        case ourFault
    }

    public var kind: Kind
    /// At most 200 characters for the administrator, as the other end said it; never a secret.
    public var detail: String

    public init(_ kind: Kind, _ detail: String = "") {
        self.kind = kind
        self.detail = String(detail.prefix(200))
    }
}

/// How a way is set up, and how it went lately.
public struct WayRecord: Hashable, Sendable {
    public var way: Way
    public var isOn: Bool
    /// The way's own settings as JSON, with their secrets; kept sealed.
    public var settings: String
    /// When the other end last took something.
    public var acceptedAt: Moment?
    /// What went wrong since, if anything did.
    public var trouble: Trouble?
    public var troubleAt: Moment?

    public init(
        way: Way, isOn: Bool, settings: String, acceptedAt: Moment? = nil, trouble: Trouble? = nil,
        troubleAt: Moment? = nil
    ) {
        self.way = way
        self.isOn = isOn
        self.settings = settings
        self.acceptedAt = acceptedAt
        self.trouble = trouble
        self.troubleAt = troubleAt
    }
}

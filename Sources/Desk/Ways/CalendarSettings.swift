// SPDX-License-Identifier: Apache-2.0

/// How Google Calendar is reached: by a service account, which holds a key of its own.
public struct GoogleSettings: Hashable, Codable, Sendable {
    /// The key file (JSON) as Google hands it out. A secret.
    public var keyFile: String
    /// The shared calendar's id; empty when only people's own calendars are written.
    public var calendar: String
    /// The university's administrator lets the account act for its people (domain-wide delegation): they may choose on
    /// their own page that their jobs come into their own calendars.
    public var isDelegated: Bool

    public init(keyFile: String = "", calendar: String = "", isDelegated: Bool = false) {
        self.keyFile = keyFile
        self.calendar = calendar
        self.isDelegated = isDelegated
    }
}

/// How a calendar is reached by CalDAV (RFC 4791).
public struct CalDAVSettings: Hashable, Codable, Sendable {
    /// The calendar's own address, or its server's: then the calendar is looked for (RFC 6764, section 6).
    public var address: String
    public var user: String
    /// A secret.
    public var password: String
    /// Which of several calendars, by its name; empty when there is one.
    public var calendar: String

    public init(address: String = "", user: String = "", password: String = "", calendar: String = "") {
        self.address = address
        self.user = user
        self.password = password
        self.calendar = calendar
    }
}

/// From whom invitations come (RFC 6047); they leave by the office's mail.
public struct InvitationSettings: Hashable, Codable, Sendable {
    /// The organiser's mail address: the office's, never a person's.
    public var organiser: String
    /// Empty for the office's own name.
    public var organiserName: String

    public init(organiser: String = "", organiserName: String = "") {
        self.organiser = organiser
        self.organiserName = organiserName
    }
}

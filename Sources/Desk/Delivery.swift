// SPDX-License-Identifier: Apache-2.0

/// A delivery (การนำส่ง): one thing on one way to one recipient.
///
/// Its name is made from what it is about, so doing one twice is harmless, and every carrier makes its own mark of
/// sameness from it (Topic, retry key, Message-ID, event id). Written in one transaction with what caused it.
public struct Delivery: Hashable, Sendable, Identifiable {
    /// What travels. It names things; the carrier reads them when it carries, so that it never brings what is out of date.
    public enum Freight: Hashable, Codable, Sendable {
        /// A notice in somebody's inbox.
        case notice(Notice.ID)
        /// Asks a device, without a sound, whether it still answers.
        case check
        /// "Ring my phone now".
        case trial
        /// The matter's occasion in a calendar: put in, changed or taken out, as the folder says when it is carried.
        case calendarEntry
        /// An entry of the matter's folder, by its number.
        case entry(Int)
        case paper(Paper)
        /// Somebody's own link into a meeting.
        case seat
        /// An answer in LINE's talk, with the token by which LINE takes it once.
        case reply(LineReply, token: String)
    }

    /// An official paper that travels by mail.
    public enum Paper: Hashable, Codable, Sendable {
        /// The memo with which a letter goes back to its unit.
        case returnMemo
        /// The notice to the network section.
        case networkNotice
        case report(Month)
    }

    public enum Recipient: Hashable, Codable, Sendable {
        case person(Person.ID)
        /// Who coordinates the matter outside the office.
        case contact
        /// Somebody who is invited to the matter's meeting.
        case invitee(Invitee.ID)
        /// The office itself: its shared calendar, its own topic.
        case office
        /// A webhook, by its number.
        case hook(Int64)
    }

    public var id: String
    public var way: Way
    public var freight: Freight
    public var to: Recipient
    public var matter: Matter.ID?
    /// When it ought to leave.
    public var due: Moment
    /// From here on it makes no sense any more.
    public var stale: Moment?
    /// How often it was handed to its carrier.
    public var tries: Int
    /// When it was first handed to its carrier.
    public var sentAt: Moment?
    /// When the other end took it.
    public var acceptedAt: Moment?
    /// When a device said that it was shown.
    public var shownAt: Moment?
    /// When the person pressed รับทราบ.
    public var acknowledgedAt: Moment?
    /// What the other end called it; empty for nothing.
    public var reference: String
    /// What hindered it the last time.
    public var trouble: Trouble?
    public var fate: DeliveryFate?

    public init(
        id: String, way: Way, freight: Freight, to: Recipient, matter: Matter.ID?, due: Moment, stale: Moment? = nil,
        tries: Int = 0, sentAt: Moment? = nil, acceptedAt: Moment? = nil, shownAt: Moment? = nil,
        acknowledgedAt: Moment? = nil, reference: String = "", trouble: Trouble? = nil, fate: DeliveryFate? = nil
    ) {
        self.id = id
        self.way = way
        self.freight = freight
        self.to = to
        self.matter = matter
        self.due = due
        self.stale = stale
        self.tries = tries
        self.sentAt = sentAt
        self.acceptedAt = acceptedAt
        self.shownAt = shownAt
        self.acknowledgedAt = acknowledgedAt
        self.reference = reference
        self.trouble = trouble
        self.fate = fate
    }
}

/// How a delivery ended.
public enum DeliveryFate: String, Codable, Hashable, Sendable, CaseIterable {
    /// The other end took it.
    case accepted
    /// The other end took it more than a minute after it was due.
    case acceptedLate
    /// It never will: see its trouble.
    case refused
    /// It was stale when its turn came.
    case stale
    /// What it was about was moved, is off, or is known already.
    case cancelled
    /// The person had acknowledged on another way.
    case known
}

/// What became of one attempt.
public enum Carriage: Hashable, Sendable {
    /// The other end took it; what it called it.
    case accepted(reference: String = "")
    /// Not now: tried again later, not before the other end allows when it said so.
    case later(Trouble, after: Length? = nil)
    /// Never: trying again would not help.
    case never(Trouble)
}

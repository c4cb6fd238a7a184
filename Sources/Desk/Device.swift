// SPDX-License-Identifier: Apache-2.0

/// A device (อุปกรณ์): one browser or installed web app of a person that takes pushes (Web Push, RFC 8030).
public struct Device: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Device>

    /// Where a browser is reached and with what a push is sealed for it; it comes from outside.
    public struct Subscription: Hashable, Codable, Sendable {
        /// The address at the push service.
        public var endpoint: String
        /// `p256dh` in base64url: 65 bytes.
        public var point: String
        /// `auth` in base64url: 16 bytes.
        public var secret: String

        public init(endpoint: String, point: String, secret: String) {
            self.endpoint = endpoint
            self.point = point
            self.secret = secret
        }
    }

    public var id: ID
    public var person: Person.ID
    /// Nil once the push service knows the device no longer; then nothing of it is kept but this line.
    public var subscription: Subscription?
    /// As the list shows it: `Chrome · Android`.
    public var name: String
    /// `th` or `en`: in what its notices are written.
    public var language: String
    public var since: Moment
    /// When the browser said that the subscription ends; most say nothing.
    public var expires: Moment?
    /// When it last said that it had shown something, or รับทราบ was pressed on it.
    public var answeredAt: Moment?
    /// When the push service last took a check for it.
    public var checkedAt: Moment?
    /// Checks taken since it last answered.
    public var unanswered: Int
    /// When the push service said that it knows the device no longer.
    public var goneAt: Moment?

    public init(
        id: ID = ID(0), person: Person.ID, subscription: Subscription?, name: String, language: String, since: Moment,
        expires: Moment? = nil, answeredAt: Moment? = nil, checkedAt: Moment? = nil, unanswered: Int = 0,
        goneAt: Moment? = nil
    ) {
        self.id = id
        self.person = person
        self.subscription = subscription
        self.name = name
        self.language = language
        self.since = since
        self.expires = expires
        self.answeredAt = answeredAt
        self.checkedAt = checkedAt
        self.unanswered = unanswered
        self.goneAt = goneAt
    }

    /// A person has at most so many; one more, and the one that was silent longest makes room.
    public static let mostPerPerson = 12
    /// A check goes out this often.
    public static let checkEvery = Length.days(7)
    /// How long a device has to answer its second check.
    public static let patience = Length.days(1)

    /// Whether the device rings no more, as far as we can know: unknown at the push service, past its end, or two checks
    /// without an answer.
    public func hasStopped(at now: Moment) -> Bool {
        if goneAt != nil { return true }
        if let expires, expires <= now { return true }
        guard unanswered >= 2, let checkedAt else { return false }
        return now - checkedAt >= Self.patience
    }
}

/// Who may say, without being signed in, that a notice was shown or read: whoever holds the token it came with.
///
/// The token is a seal whose purpose is this text; so it holds for one device, or one topic of a person, and no other.
public enum PushBearer: Hashable, Sendable {
    /// A device, by its number.
    case device(Device.ID)
    /// A person's topic at ntfy.
    case topic(Person.ID)

    /// `d12` or `p3`.
    public var mark: String {
        switch self {
        case .device(let id): "d\(id)"
        case .topic(let id): "p\(id)"
        }
    }

    public init?(mark: String) {
        let rest = String(mark.dropFirst())
        switch mark.first {
        case "d": if let id = Device.ID(rest) { self = .device(id) } else { return nil }
        case "p": if let id = Person.ID(rest) { self = .topic(id) } else { return nil }
        default: return nil
        }
    }

    /// What the seal is for. Its subject is the notice's number, or 0 for what is no notice.
    public var purpose: String { "push \(mark)" }
}

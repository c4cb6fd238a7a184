// SPDX-License-Identifier: Apache-2.0

/// A webhook (เว็บฮุก): a program outside that is told of every entry, by a signed request (Standard Webhooks 1.0.0).
public struct Hook: Hashable, Sendable, Identifiable {
    /// What `Delivery.Recipient.hook` names; 0 for a new one.
    public var id: Int64
    /// What the administrator calls it.
    public var name: String
    /// Where the requests go; may hold a key, so it is kept sealed.
    public var address: String
    /// `whsec_` and base64 of the signing key; kept sealed.
    public var secret: String
    /// The secret before it, which signs beside it for a while, so that nothing is lost while the receiver changes over.
    public var oldSecret: OldSecret?
    public var isOn: Bool
    /// The administrator allows this one address to lie inside the university's network or on this machine.
    public var mayStayInside: Bool
    /// When the receiver last took something.
    public var acceptedAt: Moment?
    /// Since when it has taken nothing; nil while all is well.
    public var failingSince: Moment?
    /// What hindered the last request.
    public var trouble: Trouble?
    /// When the program gave it up by itself; nil while it did not.
    public var stoppedAt: Moment?

    public struct OldSecret: Hashable, Codable, Sendable {
        public var secret: String
        public var until: Moment

        public init(secret: String, until: Moment) {
            self.secret = secret
            self.until = until
        }
    }

    public init(
        id: Int64, name: String, address: String, secret: String, oldSecret: OldSecret? = nil, isOn: Bool = true,
        mayStayInside: Bool = false, acceptedAt: Moment? = nil, failingSince: Moment? = nil, trouble: Trouble? = nil,
        stoppedAt: Moment? = nil
    ) {
        self.id = id
        self.name = name
        self.address = address
        self.secret = secret
        self.oldSecret = oldSecret
        self.isOn = isOn
        self.mayStayInside = mayStayInside
        self.acceptedAt = acceptedAt
        self.failingSince = failingSince
        self.trouble = trouble
        self.stoppedAt = stoppedAt
    }

    /// Every secret that signs at a moment, the present one first.
    public func secrets(at now: Moment) -> [String] {
        [secret] + (oldSecret.flatMap { $0.until > now ? [$0.secret] : [] } ?? [])
    }

    /// Puts a new secret in; the one before signs beside it for a day.
    public mutating func rotate(to new: String, at now: Moment) {
        oldSecret = OldSecret(secret: secret, until: now + Self.rotation)
        secret = new
    }

    /// Notes what became of a request. A receiver that is gone, or has failed for days, is given up.
    ///
    /// - Returns: true when this is what gave it up.
    public mutating func note(_ carriage: Carriage, at now: Moment) -> Bool {
        let found: Trouble
        switch carriage {
        case .accepted:
            (acceptedAt, failingSince, trouble, stoppedAt) = (now, nil, nil, nil)
            return false
        case .later(let why, _), .never(let why): found = why
        }
        trouble = found
        failingSince = failingSince ?? now
        guard isOn, found.kind == .gone || now - (failingSince ?? now) >= Self.patience else { return false }
        isOn = false
        stoppedAt = now
        return true
    }

    /// How long an old secret signs beside the new one.
    public static let rotation = Length.days(1)
    /// After failing for so long a hook is switched off.
    public static let patience = Length.days(5)
    /// An office has at most so many.
    public static let limit = 20
}

extension Fact {
    /// The fact's name, as programs outside are told it.
    public var name: String {
        switch self {
        case .received: "received"
        case .registered: "registered"
        case .returnedForCompletion: "returned_for_completion"
        case .completed: "completed"
        case .submitted: "submitted"
        case .approved: "approved"
        case .declined: "declined"
        case .sentBack: "sent_back"
        case .assigned: "assigned"
        case .ticked: "ticked"
        case .unticked: "unticked"
        case .networkNotified: "network_notified"
        case .networkAcknowledged: "network_acknowledged"
        case .linked: "linked"
        case .overridden: "overridden"
        case .opened: "opened"
        case .incidentLogged: "incident_logged"
        case .ended: "ended"
        case .evaluated: "evaluated"
        case .lapsed: "lapsed"
        case .amended: "amended"
        case .withdrawn: "withdrawn"
        case .voided: "voided"
        case .aired: "aired"
        case .met: "met"
        }
    }
}

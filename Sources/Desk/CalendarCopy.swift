// SPDX-License-Identifier: Apache-2.0

/// An occasion as it was last put into one calendar outside (สำเนาในปฏิทิน): by what it is found there again, and what it
/// said, as a digest, so that another hand is recognised.
public struct CalendarCopy: Hashable, Sendable {
    public var matter: Matter.ID
    public var way: Way
    public var to: Delivery.Recipient
    /// Which calendar: Google's calendar id, a CalDAV collection, a mail address.
    public var calendar: String
    /// What it is called there: Google's event id, the path of a resource, a UID.
    public var event: String
    /// The version that is known there; empty while it is not there.
    public var etag: String
    /// SEQUENCE of what was put.
    public var revision: Int
    /// Of the canonical content that stands there as far as we know; empty when ours has to be put again.
    public var digest: String
    /// When the other end last took it.
    public var putAt: Moment
    /// It was taken out again, by us or by somebody there.
    public var isOut: Bool
    /// What stands there is theirs, and stays until the folder brings something new: the secretariat has said so.
    public var isLeft: Bool

    public init(
        matter: Matter.ID, way: Way, to: Delivery.Recipient, calendar: String, event: String, etag: String,
        revision: Int, digest: String, putAt: Moment, isOut: Bool = false, isLeft: Bool = false
    ) {
        self.matter = matter
        self.way = way
        self.to = to
        self.calendar = calendar
        self.event = event
        self.etag = etag
        self.revision = revision
        self.digest = digest
        self.putAt = putAt
        self.isOut = isOut
        self.isLeft = isLeft
    }
}

/// What somebody changed or deleted in a calendar (ความต่าง). It is shown to the secretariat, never applied by itself.
public struct Drift: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Drift>

    public enum Fate: String, Codable, Hashable, Sendable, CaseIterable {
        /// Ours goes back into the calendar.
        case putBack
        /// Theirs stays as it is, and is remembered: the same again is no drift.
        case left
        /// It went by itself: they put it right, or the copy is no longer wanted.
        case past
    }

    public var id: ID
    public var matter: Matter.ID
    public var way: Way
    public var to: Delivery.Recipient
    /// When it was first noticed.
    public var noticedAt: Moment
    /// What stands there now; nil when it was deleted.
    public var theirs: CalendarContent?
    /// The version that stands there; empty when it was deleted.
    public var etag: String
    /// Of theirs; empty when it was deleted.
    public var digest: String
    /// Nil while the secretariat has not said what is to be done.
    public var fate: Fate?
    public var judgedAt: Moment?
    public var judgedBy: Person.ID?

    public init(
        id: ID, matter: Matter.ID, way: Way, to: Delivery.Recipient, noticedAt: Moment, theirs: CalendarContent?,
        etag: String, digest: String, fate: Fate? = nil, judgedAt: Moment? = nil, judgedBy: Person.ID? = nil
    ) {
        self.id = id
        self.matter = matter
        self.way = way
        self.to = to
        self.noticedAt = noticedAt
        self.theirs = theirs
        self.etag = etag
        self.digest = digest
        self.fate = fate
        self.judgedAt = judgedAt
        self.judgedBy = judgedBy
    }

    public var isDeletion: Bool { theirs == nil }
}

/// How one calendar outside is doing (สุขภาพของปฏิทิน): the office's own, or one person's.
public struct CalendarHealth: Hashable, Sendable {
    public var way: Way
    public var to: Delivery.Recipient
    /// Which calendar the rest is about; another one begins anew.
    public var calendar: String
    /// From where the next look goes on (a sync token); empty for a full look.
    public var token: String
    /// When it last took an entry.
    public var takenAt: Moment?
    /// When it was last read to the end.
    public var lookedAt: Moment?
    /// What went wrong since, if anything did.
    public var trouble: Trouble?
    public var troubleAt: Moment?

    public init(
        way: Way, to: Delivery.Recipient, calendar: String, token: String = "", takenAt: Moment? = nil,
        lookedAt: Moment? = nil, trouble: Trouble? = nil, troubleAt: Moment? = nil
    ) {
        self.way = way
        self.to = to
        self.calendar = calendar
        self.token = token
        self.takenAt = takenAt
        self.lookedAt = lookedAt
        self.trouble = trouble
        self.troubleAt = troubleAt
    }
}

/// What was learnt about a calendar outside.
public enum CalendarNews: Hashable, Sendable {
    /// It took an entry.
    case taken
    /// It was read to the end; from where the next look goes on.
    case looked(token: String)
    case trouble(Trouble)
}

extension CalendarHealth {
    /// The health after some news. A calendar that can be read may still refuse to be written.
    public func after(_ news: CalendarNews, at now: Moment) -> CalendarHealth {
        var health = self
        switch news {
        case .taken: (health.takenAt, health.trouble, health.troubleAt) = (now, nil, nil)
        case .looked(let token):
            (health.lookedAt, health.token) = (now, token)
            if let kind = trouble?.kind, kind != .notAllowed, kind != .rejected, kind != .tooLarge {
                (health.trouble, health.troubleAt) = (nil, nil)
            }
        case .trouble(let trouble): (health.trouble, health.troubleAt) = (trouble, now)
        }
        return health
    }
}

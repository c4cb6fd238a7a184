// SPDX-License-Identifier: Apache-2.0

/// A mail that came into the office's mailbox (จดหมายเข้า): perhaps a letter of request. Nothing registers it but a person.
public struct MailIn: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<MailIn>

    /// Where it lies at the mail server; never another mail's.
    public struct Place: Hashable, Sendable {
        /// User, host and folder.
        public var mailbox: String
        /// The folder's UIDVALIDITY and the mail's UID (RFC 9051 section 2.3.1.1).
        public var validity: UInt32
        public var uid: UInt32

        public init(mailbox: String, validity: UInt32, uid: UInt32) {
            self.mailbox = mailbox
            self.validity = validity
            self.uid = uid
        }
    }

    /// Why it is no letter.
    public enum Aside: String, Codable, Hashable, Sendable, CaseIterable {
        /// One of our own came back, by whatever road.
        case own
        /// A mail with the same Message-ID came before.
        case duplicate
        /// No person sent it: a vacation notice, an automatic answer (RFC 3834).
        case automatic
        /// It came by a mailing list (RFC 2369), or in bulk.
        case list
        /// A report on a mail of ours (RFC 3464).
        case report
        /// It says nothing of who sent it.
        case noSender
        /// Larger than is fetched.
        case tooLarge
        /// No mail that could be read.
        case unreadable
    }

    public enum Fate: String, Codable, Hashable, Sendable {
        /// A letter was keyed in from it.
        case taken
        /// Somebody has looked at it, and it is none.
        case dismissed
    }

    public var id: ID
    public var place: Place
    /// When it was fetched.
    public var at: Moment
    /// When it says that it was written.
    public var written: Moment?
    public var from: String
    public var fromName: String
    public var subject: String
    /// At most `longestText` letters.
    public var text: String
    public var documents: [Document.ID]
    /// Attachments that are of no kind that the shelf takes, by their names.
    public var leftOut: [String]
    /// The SHA-256 of its Message-ID, in hexadecimal digits; empty when it has none.
    public var mark: String
    public var aside: Aside?
    public var fate: Fate?

    public static let longestText = 20_000

    public init(
        id: ID = ID(0), place: Place, at: Moment, written: Moment? = nil, from: String = "", fromName: String = "",
        subject: String = "", text: String = "", documents: [Document.ID] = [], leftOut: [String] = [],
        mark: String = "", aside: Aside? = nil, fate: Fate? = nil
    ) {
        self.id = id
        self.place = place
        self.at = at
        self.written = written
        self.from = from
        self.fromName = fromName
        self.subject = subject
        self.text = text
        self.documents = documents
        self.leftOut = leftOut
        self.mark = mark
        self.aside = aside
        self.fate = fate
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Envelope

/// A mail that leaves the house (จดหมายอิเล็กทรอนิกส์, RFC 5322), to one person.
public struct Mail: Hashable, Sendable {
    /// A name and an address.
    public struct Box: Hashable, Sendable {
        /// As people read it; may be empty.
        public var name: String
        /// `somebody@example.ac.th`
        public var address: String

        public init(_ name: String, _ address: String) {
            self.name = name
            self.address = address
        }
    }

    /// A file that goes with it.
    public struct Attachment: Hashable, Sendable {
        public var name: String
        /// `application/pdf`
        public var kind: String
        public var bytes: [UInt8]

        public init(name: String, kind: String, bytes: [UInt8]) {
            self.name = name
            self.kind = kind
            self.bytes = bytes
        }
    }

    /// A calendar object that mail programs answer (iMIP, RFC 6047).
    public struct Calendar: Hashable, Sendable {
        /// `REQUEST`, `CANCEL` …: the same as METHOD within the text.
        public var method: String
        /// The whole object, BEGIN:VCALENDAR to END:VCALENDAR.
        public var text: String

        public init(method: String, text: String) {
            self.method = method
            self.text = text
        }
    }

    /// The Message-ID without its brackets, `token@example.ac.th`. The same thing sent twice has the same one.
    public var id: String
    public var from: Box
    public var to: Box
    /// Where answers go; nil for the sender.
    public var replyTo: Box?
    public var subject: String
    /// In seconds since 1970.
    public var second: Int64
    public var text: String
    /// The same as the text, for who reads HTML; nil for none.
    public var html: String?
    public var calendar: Calendar?
    public var attachments: [Attachment]
    /// Further header fields.
    public var headers: [HeaderLine]

    public init(
        id: String, from: Box, to: Box, replyTo: Box? = nil, subject: String, second: Int64, text: String,
        html: String? = nil, calendar: Calendar? = nil, attachments: [Attachment] = [], headers: [HeaderLine] = []
    ) {
        self.id = id
        self.from = from
        self.to = to
        self.replyTo = replyTo
        self.subject = subject
        self.second = second
        self.text = text
        self.html = html
        self.calendar = calendar
        self.attachments = attachments
        self.headers = headers
    }

    /// Nobody typed this mail: no vacation notice, out-of-office reply or mailing list answers it (RFC 3834 section 5).
    public mutating func markAsGenerated() {
        headers.append(HeaderLine("Auto-Submitted", "auto-generated"))
        headers.append(HeaderLine("X-Auto-Response-Suppress", "All"))
    }

    /// One press, in the mail program itself, ends mails of this kind (RFC 2369, RFC 8058).
    ///
    /// - Parameter address: takes a POST of `List-Unsubscribe=One-Click`, and changes nothing on a GET.
    public mutating func offerUnsubscribing(at address: String) {
        headers.append(HeaderLine("List-Unsubscribe", "<\(address)>"))
        headers.append(HeaderLine("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    }
}

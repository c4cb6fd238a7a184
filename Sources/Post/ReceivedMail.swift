// SPDX-License-Identifier: Apache-2.0
public import Envelope

/// A mail that came (จดหมายที่มาถึง), as far as the house is concerned with it.
public struct ReceivedMail: Hashable, Sendable {
    /// What a mail server says became of a mail to one recipient (RFC 3464 section 2.3).
    public struct Fate: Hashable, Sendable {
        /// `failed`, `delayed`, `delivered`, `relayed`, `expanded`; in lower case.
        public var action: String
        /// `5.1.1` (RFC 3463).
        public var status: String
        /// What the other server said; for the administrator.
        public var diagnosis: String
    }

    /// A report on the delivery of a mail of ours.
    public struct Report: Hashable, Sendable {
        public var fates: [Fate]
        /// The Message-ID of the mail that it is about, without brackets; empty when the report does not show it.
        public var about: String
    }

    /// The Message-ID without its brackets; empty when it has none.
    public var id: String
    public var from: Mail.Box
    /// To and Cc.
    public var to: [Mail.Box]
    public var subject: String
    /// When it says that it was written, in seconds since 1970; nil when it does not say.
    public var second: Int64?
    /// The text that people read. Of a mail in HTML alone, its words.
    public var text: String
    public var attachments: [Mail.Attachment]
    /// Header fields as they came, their words decoded, in their order.
    public var headers: [HeaderLine]
    public var report: Report?

    /// The first value of a header field; nil when there is none.
    public func header(_ name: String) -> String? { headers.first { $0.isNamed(name) }?.value }
}

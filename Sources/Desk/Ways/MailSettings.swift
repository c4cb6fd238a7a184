// SPDX-License-Identifier: Apache-2.0

/// How the office's mail leaves and comes; kept sealed, as JSON.
public struct MailSettings: Hashable, Codable, Sendable {
    public enum Protection: String, Codable, Hashable, Sendable, CaseIterable {
        /// Begins in the clear and goes over to TLS before anything is said.
        case startTLS
        /// TLS from the first byte.
        case tls
        /// In the clear, without a password: for a relay on this machine or beside it.
        case none
    }

    /// One server and how we sign in there; without a host it is not used.
    public struct Server: Hashable, Codable, Sendable {
        public var host: String
        public var port: Int
        public var protection: Protection
        /// Empty where one does not sign in.
        public var user: String
        public var password: String

        public init(
            host: String = "", port: Int = 0, protection: Protection = .startTLS, user: String = "",
            password: String = ""
        ) {
            self.host = host
            self.port = port
            self.protection = protection
            self.user = user
            self.password = password
        }
    }

    /// Takes our mails and brings them on (SMTP).
    public var out: Server
    /// The address that our mails come from.
    public var from: String
    /// The name beside it; empty for the office's own.
    public var fromName: String
    /// Where reports of mails that did not arrive go: a mark is put behind `+`, so each names its mail (VERP). Empty for
    /// the address above, without a mark.
    public var bounces: String
    /// Where letters and reports come (IMAP).
    public var mailbox: Server
    /// The mailbox's folder.
    public var folder: String

    public init(
        out: Server = Server(port: 587), from: String = "", fromName: String = "", bounces: String = "",
        mailbox: Server = Server(port: 993, protection: .tls), folder: String = "INBOX"
    ) {
        self.out = out
        self.from = from
        self.fromName = fromName
        self.bounces = bounces
        self.mailbox = mailbox
        self.folder = folder
    }

    /// Mail can leave.
    public var isComplete: Bool { !out.host.isEmpty && !from.isEmpty }
    /// Mail can come.
    public var fetches: Bool { !mailbox.host.isEmpty }
}

extension Errand.Kind {
    /// A reminder of work that lies there anyway: mails of this kind can be ended by the person who gets them. What is
    /// assigned, moved or near is the office's order and always comes.
    public var nudge: Nudge? {
        switch self {
        case .awaiting: .awaiting
        case .draftReport: .report
        case .lapse: .lapse
        case .assignment, .reminder, .change, .withdrawal, .networkNotice, .unanswered, .drift, .calendarEntry: nil
        }
    }
}

/// The kinds of mail that a person may end.
public enum Nudge: String, Codable, Hashable, Sendable, CaseIterable {
    /// A folder waits for them.
    case awaiting
    /// A monthly report is drafted.
    case report
    /// A matter has closed by itself.
    case lapse

    /// The purpose under which the link in a mail is sealed.
    public var purpose: String { "mail off \(rawValue)" }
}

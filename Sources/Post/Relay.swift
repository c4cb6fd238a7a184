// SPDX-License-Identifier: Apache-2.0

/// A server of mail as we sign in there: one that takes mail from us (SMTP), or one where our mailbox lies (IMAP).
public struct MailServer: Hashable, Sendable, CustomStringConvertible {
    public enum Protection: String, Codable, Hashable, Sendable, CaseIterable {
        /// Begins in the clear and goes over to TLS before anything is said (STARTTLS, RFC 3207, RFC 9051 section 6.2.1).
        case startTLS
        /// TLS from the first byte (RFC 8314).
        case tls
        /// In the clear, without signing in: for a relay on this machine or beside it.
        case none
    }

    public var host: String
    public var port: Int
    public var protection: Protection
    /// Empty where one does not sign in.
    public var user: String
    public var password: String

    public init(host: String, port: Int, protection: Protection, user: String = "", password: String = "") {
        self.host = host
        self.port = port
        self.protection = protection
        self.user = user
        self.password = password
    }

    /// Never the password.
    public var description: String { "MailServer(\(host):\(port))" }
}

/// Why a server of mail did not do what was asked.
public enum MailFault: Error, Hashable, Sendable {
    /// The host, an address or a folder's name cannot be one.
    case badAddress
    /// No connection: no such name, refused, no route, or a certificate that is not good.
    case unreachable(String)
    /// The server does not offer the protection that is asked for.
    case notProtected
    /// The server does not know the user, or the password is another one.
    case wrongCredentials(String)
    /// No answer in time. `wasSent`: the server may have the mail.
    case timedOut(wasSent: Bool)
    /// The connection ended before the answer did; the server may have the mail.
    case cut
    /// The server says no for now (4yz), with its code and words.
    case notNow(Int, String)
    /// The server says no for good (5yz).
    case never(Int, String)
    /// The answer is larger than was allowed, or makes no sense.
    case nonsense
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import FoundationEssentials
public import Post

extension MailSettings {
    /// The settings as the cabinet keeps them; nil for a text that is none.
    init?(json: String) {
        guard let read = try? JSONDecoder().decode(MailSettings.self, from: Data(json.utf8)) else { return nil }
        self = read
    }

    /// The part of our address behind the `@`.
    var domain: String { from.split(separator: "@").last.map(String.init) ?? "" }

    /// Where a report about a mail of that mark goes (VERP); the mail's own sender where no address is set.
    func sender(mark: String) -> String? {
        let parts = bounces.split(separator: "@").map(String.init)
        return parts.count == 2 ? "\(parts[0])+\(mark)@\(parts[1])" : nil
    }

    /// The mailbox's name among those that mails have been fetched from.
    var mailboxName: String { "\(mailbox.user)@\(mailbox.host)/\(folder)" }
}

extension MailServer {
    init(_ server: MailSettings.Server) {
        self.init(
            host: server.host, port: server.port,
            protection: Protection(rawValue: server.protection.rawValue) ?? .startTLS, user: server.user,
            password: server.password)
    }
}

/// Who hands mails to a server: the post office, or a rehearsal.
public protocol MailPost: Sendable {
    func send(_ mail: Mail, by server: MailServer, sender: String?) async throws(MailFault)
    /// Signs in, and sends nothing.
    func greet(_ server: MailServer, greeting: String) async throws(MailFault)
}

extension PostOffice: MailPost {
    public func send(_ mail: Mail, by server: MailServer, sender: String?) async throws(MailFault) {
        try await send(mail, by: server, sender: sender, greeting: nil)
    }

    public func greet(_ server: MailServer, greeting: String) async throws(MailFault) {
        try await greet(server, greeting: greeting, timeoutSeconds: 20)
    }
}

extension Trouble {
    /// What hindered a mail, for who has to mend it; without the addresses that servers like to repeat.
    public init(_ fault: MailFault) {
        switch fault {
        case .badAddress: self.init(.rejected)
        case .unreachable(let why): self.init(.unreachable, why)
        case .notProtected: self.init(.notAllowed, "no STARTTLS")
        case .wrongCredentials(let why): self.init(.wrongCredentials, why.withoutAddresses)
        case .timedOut: self.init(.timedOut)
        case .cut: self.init(.unreachable)
        case .notNow(_, let why): self.init(.busy, why.withoutAddresses)
        case .never(let code, let why): self.init(Self.kind(code, why), why.withoutAddresses)
        case .nonsense: self.init(.nonsense)
        }
    }

    /// By the reply's code and its enhanced code (RFC 5321 section 4.2.3, RFC 3463).
    static func kind(_ code: Int, _ words: String) -> Kind {
        if code == 552 || words.contains("5.3.4") { return .tooLarge }
        if code == 530 || words.contains("5.7.") { return .notAllowed }
        return words.contains("5.1.1") || words.contains("5.1.6") || words.contains("5.1.10") ? .gone : .rejected
    }
}

extension Carriage {
    /// What becomes of a mail that a server did not take. Time-outs are tried again under the same Message-ID, though
    /// the server may have it; what the administrator can mend waits for that.
    init(_ fault: MailFault) {
        switch fault {
        case .badAddress, .never: self = .never(Trouble(fault))
        case .notProtected, .wrongCredentials: self = .later(Trouble(fault), after: .minutes(5))
        case .unreachable, .timedOut, .cut, .notNow, .nonsense: self = .later(Trouble(fault))
        }
    }
}

extension String {
    /// Every word with an `@` in it becomes `…`.
    var withoutAddresses: String {
        split(separator: " ").map { $0.contains("@") ? "…" : String($0) }.joined(separator: " ")
    }
}

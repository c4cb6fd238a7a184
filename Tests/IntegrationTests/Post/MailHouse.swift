// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Post
@testable import Stagehands

/// A real Postfix and a real Dovecot with a folder and ports of their own: a relay that wants TLS and a password, and the
/// mailboxes of `bounces@` and `saraban@desk.example.ac.th` and `somebody@example.com`.
///
/// Everybody's password is `word`. `later@example.com` is refused for now, `nobody@example.com` for good, and what is for
/// `gone@elsewhere.example` comes back as a report.
struct MailHouse {
    /// Postfix drops its rights by itself, and so must have them.
    static let isPossible = geteuid() == 0

    let folder: URL
    let submission: UInt16
    let submissions: UInt16
    let imap: UInt16
    let imaps: UInt16

    /// Opens it, does the work, and closes it.
    static func with(_ work: (MailHouse, PostOffice) async throws -> Void) async throws {
        try await withFolder { folder in
            try await Authority.make(in: folder)
            let house = try MailHouse(in: folder)
            let servers = try await house.open()
            let office = try PostOffice(authorities: folder.path + "/ca.pem")
            do {
                try await work(house, office)
            } catch {
                await house.close(servers)
                throw error
            }
            office.close()
            await house.close(servers)
        }
    }

    private init(in folder: URL) throws {
        self.folder = folder
        (submission, submissions, imap, imaps) = (try freePort(), try freePort(), try freePort(), try freePort())
    }

    func relay(
        _ protection: MailServer.Protection = .startTLS, user: String = "desk", password: String = "word"
    ) -> MailServer {
        MailServer(
            host: "localhost", port: Int(protection == .tls ? submissions : submission), protection: protection,
            user: user, password: password)
    }

    func mailbox(_ user: String, _ protection: MailServer.Protection = .tls) -> MailServer {
        MailServer(
            host: "localhost", port: Int(protection == .tls ? imaps : imap), protection: protection, user: user,
            password: "word")
    }

    /// Puts a mail into somebody's mailbox as it is, as if it had come.
    func drop(_ mail: [UInt8], for user: String) throws {
        let place = folder.appending(path: "mail/\(user)")
        for name in ["tmp", "new", "cur"] {
            let inner = place.appending(path: name)
            if !FileManager.default.fileExists(atPath: inner.path) {
                try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
                for path in [place.path, inner.path] { chown(path, 65_534, 65_534) }
            }
        }
        let name = "\(Date().timeIntervalSince1970).\(UUID())"
        let file = place.appending(path: "tmp/\(name)")
        try Data(mail).write(to: file)
        chown(file.path, 65_534, 65_534)
        try FileManager.default.moveItem(at: file, to: place.appending(path: "new/\(name)"))
    }

    /// The mails that came for somebody, once there are so many.
    func mails(of user: String, count: Int) async throws -> [[UInt8]] {
        let place = folder.appending(path: "mail/\(user)/new")
        for _ in 0..<200 {
            // Nothing has come for whoever has no folder yet.
            let files = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
            if files.count >= count {
                return try files.sorted().map { Array(try Data(contentsOf: place.appending(path: $0))) }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("no \(count) mails came for \(user): \(said)")
        return []
    }

    var said: String {
        ["mail.log", "dovecot.log"].map { name in
            (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? "(no \(name))"
        }.joined(separator: "\n")
    }

    // MARK: Opening and closing

    private func open() async throws -> [Child] {
        let files = FileManager.default
        for name in ["queue", "data", "mail", "dovecot", "postfix"] {
            try files.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        chmod(folder.path, 0o755)
        try await run("/bin/chown", "postfix", folder.path + "/queue", folder.path + "/data")
        chown(folder.path + "/mail", 65_534, 65_534)
        try write(dovecot, "dovecot.conf")
        try write(main, "postfix/main.cf")
        try write(master, "postfix/master.cf")
        // Both stay in the foreground: of what goes its own way nobody here would learn the end.
        let servers = [
            try child("/usr/sbin/dovecot", "-F", "-c", folder.path + "/dovecot.conf", log: "dovecot.out"),
            try child("/usr/sbin/postfix", "-c", folder.path + "/postfix", "start-fg", log: "postfix.out"),
        ]
        for _ in 0..<200 {
            if OtherEnd.isOpen(submissions), OtherEnd.isOpen(imaps) { return servers }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("the mail house never opened: \(said)")
        return servers
    }

    private func close(_ servers: [Child]) async {
        do {
            try await run("/usr/sbin/postfix", "-c", folder.path + "/postfix", "stop")
        } catch {
            Issue.record(error)
        }
        for server in servers { server.signal(SIGTERM) }
        for server in servers { _ = await server.end(withinSeconds: 5) }
    }

    private func child(_ program: String, _ arguments: String..., log: String) throws -> Child {
        try Child(
            URL(filePath: program), arguments, ProcessInfo.processInfo.environment, log: folder.appending(path: log),
            echo: false)
    }

    private func write(_ text: String, _ name: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    private func run(_ program: String, _ arguments: String...) async throws {
        let child = try Child(
            URL(filePath: program), arguments, ProcessInfo.processInfo.environment,
            log: folder.appending(path: "commands.log"), echo: false)
        let code = await child.end(withinSeconds: 20)
        try #require(code == 0, "\(program) ended with \(code): \(child.said)")
    }

    private var dovecot: String {
        """
        base_dir = \(folder.path)/dovecot
        state_dir = \(folder.path)/dovecot
        log_path = \(folder.path)/dovecot.log
        protocols = imap
        listen = 127.0.0.1
        ssl = required
        ssl_cert = <\(folder.path)/server.pem
        ssl_key = <\(folder.path)/server.key
        mail_location = maildir:\(folder.path)/mail/%n
        auth_failure_delay = 0 secs
        passdb {
          driver = static
          args = password=word
        }
        userdb {
          driver = static
          args = uid=65534 gid=65534 home=\(folder.path)/mail/%n
        }
        service imap-login {
          inet_listener imap {
            port = \(imap)
          }
          inet_listener imaps {
            port = \(imaps)
            ssl = yes
          }
        }
        service auth {
          unix_listener sasl {
            mode = 0666
          }
        }

        """
    }

    private var main: String {
        """
        compatibility_level = 3.6
        queue_directory = \(folder.path)/queue
        data_directory = \(folder.path)/data
        mail_owner = postfix
        myhostname = mx.example.ac.th
        mydestination =
        inet_interfaces = 127.0.0.1
        maillog_file = \(folder.path)/mail.log
        maillog_file_prefixes = \(folder.path)
        recipient_delimiter = +
        alias_maps =
        virtual_mailbox_domains = desk.example.ac.th, example.com
        virtual_mailbox_base = \(folder.path)/mail
        virtual_mailbox_maps = inline:{ bounces@desk.example.ac.th=bounces/, saraban@desk.example.ac.th=saraban/, somebody@example.com=somebody/, later@example.com=later/ }
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        transport_maps = inline:{ gone@elsewhere.example=gone: }
        smtpd_tls_security_level = encrypt
        smtpd_tls_cert_file = \(folder.path)/server.pem
        smtpd_tls_key_file = \(folder.path)/server.key
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_type = dovecot
        smtpd_sasl_path = \(folder.path)/dovecot/sasl
        smtpd_recipient_restrictions = check_recipient_access inline:{ { later@example.com = 450 4.2.1 full } }, permit_sasl_authenticated, reject
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        message_size_limit = 1000000

        """
    }

    private var master: String {
        """
        127.0.0.1:\(submission) inet n - n - - smtpd
        127.0.0.1:\(submissions) inet n - n - - smtpd
          -o smtpd_tls_wrappermode=yes
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        flush unix n - n 1000? 0 flush
        proxymap unix - - n - - proxymap
        smtp unix - - n - - smtp
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        tlsmgr unix - - n 1000? 1 tlsmgr
        postlog unix-dgram n - n - 1 postlogd
        gone unix - n n - - pipe flags= user=nobody argv=/bin/sh -c {exit 67}

        """
    }
}

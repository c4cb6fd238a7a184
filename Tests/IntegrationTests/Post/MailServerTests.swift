// SPDX-License-Identifier: Apache-2.0
import Envelope
import Foundation
import Testing

@testable import Post
@testable import Stagehands

/// Mail against a real Postfix and a real Dovecot, with TLS by an authority of the test's own.
@Suite("Mail servers", .serialized, .enabled(if: MailHouse.isPossible, "Postfix is started by root alone"))
struct MailServerTests {
    private static func mail(_ id: String, to address: String) -> Mail {
        Mail(
            id: "\(id)@desk.example.ac.th", from: Mail.Box("สำนักคอมพิวเตอร์", "desk@desk.example.ac.th"),
            to: Mail.Box("นางสาวสมมุติ ใจดี", address), subject: "ได้รับมอบหมายให้บริการประชุมออนไลน์ครั้งที่ 12/2569",
            second: 1_795_000_000, text: ".\nบรรทัดแรกเป็นจุด\n.\nEnd\n", html: "<p>เรียน ท่าน</p>")
    }

    @Test("a mail arrives word for word, by STARTTLS and by TLS, from the envelope's own sender")
    func arrives() async throws {
        try await MailHouse.with { house, office in
            var mail = Self.mail("a1", to: "somebody@example.com")
            mail.attachments = [Mail.Attachment(name: "บันทึก.pdf", kind: "application/pdf", bytes: Array(0...255))]
            try await office.send(mail, by: house.relay(), sender: "bounces+a1@desk.example.ac.th")
            mail.id = "a2@desk.example.ac.th"
            try await office.send(mail, by: house.relay(.tls))
            let came = try await house.mails(of: "somebody", count: 2).compactMap { ReceivedMail($0) }
            #expect(came.map(\.id).sorted() == ["a1@desk.example.ac.th", "a2@desk.example.ac.th"])
            for read in came {
                #expect(read.subject == mail.subject)
                #expect(read.from == mail.from)
                #expect(read.text == mail.text)
                #expect(read.attachments == mail.attachments)
            }
            #expect(
                Set(came.compactMap { $0.header("Return-Path") }) == [
                    "<bounces+a1@desk.example.ac.th>", "<desk@desk.example.ac.th>",
                ])
        }
    }

    @Test("no for now, no for good, a wrong password, an unprotected server and a wrong certificate are told apart")
    func refusals() async throws {
        try await MailHouse.with { house, office in
            await #expect(
                throws: MailFault.notNow(450, "450 4.2.1 <later@example.com>: Recipient address rejected: full")
            ) {
                try await office.send(Self.mail("b1", to: "later@example.com"), by: house.relay())
            }
            await #expect(
                throws: MailFault.never(
                    550,
                    "550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in virtual mailbox table")
            ) {
                try await office.send(Self.mail("b2", to: "nobody@example.com"), by: house.relay())
            }
            do {
                try await office.greet(house.relay(password: "another"), greeting: "desk.example.ac.th")
                Issue.record("a wrong password was taken")
            } catch MailFault.wrongCredentials(let why) {
                #expect(why.hasPrefix("535 5.7.8"))
            }
            try await office.greet(house.relay(), greeting: "desk.example.ac.th")
            try await office.greet(house.relay(.tls), greeting: "desk.example.ac.th")
            do {
                try await office.send(Self.mail("b3", to: "somebody@example.com"), by: house.relay(.none))
                Issue.record("a mail went in the clear")
            } catch MailFault.never(let code, _) {
                #expect(code == 530)
            }
            var large = Self.mail("b4", to: "somebody@example.com")
            large.attachments = [
                Mail.Attachment(name: "a", kind: "application/pdf", bytes: [UInt8](repeating: 7, count: 1_000_000))
            ]
            do {
                try await office.send(large, by: house.relay())
                Issue.record("a mail beyond the server's limit went")
            } catch MailFault.never(let code, _) {
                #expect(code == 552)
            }
            let stranger = try PostOffice()
            do {
                try await stranger.greet(house.relay(), greeting: "desk.example.ac.th")
                Issue.record("a certificate of nobody was taken")
            } catch MailFault.unreachable(let why) {
                #expect(why.contains("certificate"))
            }
            let nobody = MailServer(host: "localhost", port: Int(try freePort()), protection: .startTLS)
            do {
                try await office.greet(nobody, greeting: "desk.example.ac.th")
                Issue.record("nobody answered, and yet there was an answer")
            } catch MailFault.unreachable {}
        }
    }

    @Test("what cannot be delivered comes back as a report that names the mail and why")
    func bounces() async throws {
        try await MailHouse.with { house, office in
            try await office.send(
                Self.mail("c1", to: "gone@elsewhere.example"), by: house.relay(),
                sender: "bounces+c1@desk.example.ac.th")
            _ = try await house.mails(of: "bounces", count: 1)
            let box = Mailbox("INBOX", at: house.mailbox("bounces"), through: office)
            let standing = try await box.standing()
            #expect(standing.next == 2)
            #expect(try await box.uids(from: 1) == [1])
            #expect(try await box.uids(from: 2) == [])
            let bytes = try #require(try await box.mail(1, validity: standing.validity, limit: 1 << 20))
            let report = try #require(ReceivedMail(bytes)?.report)
            #expect(report.about == "c1@desk.example.ac.th")
            #expect(report.fates.map(\.action) == ["failed"])
            #expect(report.fates.map(\.status) == ["5.1.1"])
        }
    }

    @Test("a mailbox is read by STARTTLS and TLS, in any folder, and says when a mail is gone or too large")
    func mailbox() async throws {
        try await MailHouse.with { house, office in
            let mail = Self.mail("d1", to: "saraban@desk.example.ac.th").written()
            for number in 1...3 { try house.drop(mail + Array("\(number)".utf8), for: "saraban") }
            for protection in [MailServer.Protection.startTLS, .tls] {
                let box = Mailbox("INBOX", at: house.mailbox("saraban", protection), through: office)
                let standing = try await box.standing()
                #expect(try await box.uids(from: 1) == [1, 2, 3])
                #expect(try await box.uids(from: 3) == [3])
                #expect(standing.next == 4)
                let bytes = try #require(try await box.mail(2, validity: standing.validity, limit: 1 << 20))
                #expect(ReceivedMail(bytes)?.id == "d1@desk.example.ac.th")
                #expect(try await box.mail(9, validity: standing.validity, limit: 1 << 20) == nil)
                await #expect(throws: MailFault.nonsense) {
                    try await box.mail(1, validity: standing.validity, limit: 100)
                }
            }
            // Another UIDVALIDITY names other mails: nothing is fetched under the old one.
            let box = Mailbox("INBOX", at: house.mailbox("saraban"), through: office)
            #expect(try await box.mail(1, validity: 1, limit: 1 << 20) == nil)
            let missing = Mailbox("หนังสือ & เข้า", at: house.mailbox("saraban"), through: office)
            do {
                _ = try await missing.standing()
                Issue.record("a folder that is not there has a standing")
            } catch MailFault.never(_, let why) {
                #expect(why.contains("Mailbox doesn't exist"))
            }
            var wrong = house.mailbox("saraban")
            wrong.password = "another"
            do {
                _ = try await Mailbox("INBOX", at: wrong, through: office).standing()
                Issue.record("a wrong password was taken")
            } catch MailFault.wrongCredentials {}
        }
    }
}

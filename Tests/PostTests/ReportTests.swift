// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Post

@Suite("Reports on mails that did not arrive")
struct ReportTests {
    /// As Postfix writes one (RFC 3464).
    private static func bounce(_ third: String) -> [UInt8] {
        Array(
            """
            Return-Path: <>
            From: MAILER-DAEMON@mx.example.ac.th (Mail Delivery System)
            To: bounces+k3v9@desk.example.ac.th
            Subject: Undelivered Mail Returned to Sender
            Auto-Submitted: auto-replied
            Message-Id: <20261126.1@mx.example.ac.th>
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="B"

            --B
            Content-Type: text/plain; charset=us-ascii

            I'm sorry to have to inform you
            --B
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.ac.th
            Arrival-Date: Thu, 26 Nov 2026 14:00:00 +0700 (ICT)

            Final-Recipient: rfc822; nobody@example.com
            Original-Recipient: rfc822;nobody@example.com
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; mail.example.com
            Diagnostic-Code: smtp; 550 5.1.1 <nobody@example.com>: Recipient address
                rejected: User unknown

            --B
            \(third)
            --B--

            """.replacing("\n", with: "\r\n").utf8)
    }

    @Test(
        "the recipient's fate and our mail's name are read from a report, with the whole mail or its head alone",
        arguments: [
            "Content-Type: message/rfc822\n\nMessage-ID: <k3v9@desk.example.ac.th>\nSubject: x\n\nbody",
            "Content-Type: text/rfc822-headers\n\nMessage-ID: <k3v9@desk.example.ac.th>\nSubject: x\n",
        ])
    func bounce(third: String) throws {
        let mail = try #require(ReceivedMail(Self.bounce(third)))
        #expect(
            mail.report
                == ReceivedMail.Report(
                    fates: [
                        ReceivedMail.Fate(
                            action: "failed", status: "5.1.1",
                            diagnosis:
                                "550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown")
                    ], about: "k3v9@desk.example.ac.th"))
        #expect(mail.header("Return-Path") == "<>")
    }

    @Test("a report may be about several recipients, and say that it is not over")
    func several() throws {
        let text = """
            From: a@example.com
            Content-Type: multipart/report; boundary=B

            --B
            Content-Type: message/delivery-status

            Reporting-MTA: dns; a.example.com

            Final-Recipient: rfc822; b@example.com
            Action: Delayed
            Status: 4.4.1

            Final-Recipient: rfc822; c@example.com
            Action: delivered
            Status: 2.0.0
            --B--
            """
        let report = try #require(ReceivedMail(Array(text.utf8))?.report)
        #expect(report.about == "")
        #expect(report.fates.map(\.action) == ["delayed", "delivered"])
        #expect(report.fates.map(\.status) == ["4.4.1", "2.0.0"])
    }

    @Test("a mail that only looks like a report is none")
    func none() throws {
        let text = "From: a@example.com\r\nSubject: Undelivered\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        #expect(try #require(ReceivedMail(Array(text.utf8))).report == nil)
    }
}

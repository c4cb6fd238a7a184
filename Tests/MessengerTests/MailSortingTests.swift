// SPDX-License-Identifier: Apache-2.0
import Desk
import Post
import Testing

@testable import Messenger

@Suite("จดหมายเข้า: ฉบับใดอาจเป็นหนังสือ") struct MailSortingTests {
    private static let sorting = MailSorting(
        MailSettings(from: "desk@example.ac.th", bounces: "bounces@example.ac.th"))

    private static func mail(_ head: String) throws -> ReceivedMail {
        try #require(ReceivedMail(Array((head + "\nSubject: x\n\nbody").replacing("\n", with: "\r\n").utf8)))
    }

    @Test(
        "what no person wrote is set aside with its reason",
        arguments: [
            ("From: a@example.com", nil),
            ("From: a@example.com\nAuto-Submitted: no", nil),
            ("From: a@example.com\nReturn-Path: <a@example.com>", nil),
            ("From: a@example.com\nX-Auto-Response-Suppress: OOF", nil),
            ("From: desk2@example.ac.th", nil),
            ("From: a@example.com\nPrecedence: normal", nil),
            ("From: a@example.com\nAuto-Submitted: auto-replied (vacation)", MailIn.Aside.automatic),
            ("From: a@example.com\nAuto-Submitted: AUTO-GENERATED; x=y", .automatic),
            ("From: a@example.com\nReturn-Path: <>", .automatic),
            ("From: a@example.com\nX-Autoreply: yes", .automatic),
            ("From: a@example.com\nPrecedence: auto_reply", .automatic),
            ("From: a@example.com\nX-Auto-Response-Suppress: DR, All", .automatic),
            ("From: a@example.com\nList-Id: <news.example.com>", .list),
            ("From: a@example.com\nList-Unsubscribe: <https://example.com>", .list),
            ("From: a@example.com\nPrecedence: Bulk", .list),
            ("From: Desk@Example.ac.th", .own),
            ("From: bounces+0123@example.ac.th", .own),
            ("To: b@example.com", .noSender),
        ] as [(String, MailIn.Aside?)])
    func asides(head: String, expected: MailIn.Aside?) throws {
        #expect(Self.sorting.aside(try Self.mail(head)) == expected)
    }

    @Test("a report leads to the delivery's mark by the mail it shows, or by the address it came to")
    func marks() throws {
        let mark = String(repeating: "0123456789abcdef", count: 2)
        func report(_ to: String, about: String) throws -> ReceivedMail {
            let text = """
                From: MAILER-DAEMON@mx.example.com
                To: \(to)
                Content-Type: multipart/report; boundary=B

                --B
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example.com

                Final-Recipient: rfc822; c@example.com
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 <c@example.com>: unknown

                --B
                Content-Type: text/rfc822-headers

                Message-ID: <\(about)>

                --B--
                """
            return try #require(ReceivedMail(Array(text.replacing("\n", with: "\r\n").utf8)))
        }
        let shown = try report("desk@example.ac.th", about: "\(mark)@example.ac.th")
        #expect(MailSorting.mark(in: shown) == mark)
        #expect(Self.sorting.aside(shown) == .report)
        let addressed = try report("bounces+\(mark.uppercased())@example.ac.th", about: "other@example.com")
        #expect(MailSorting.mark(in: addressed) == mark)
        #expect(MailSorting.mark(in: try report("desk@example.ac.th", about: "x@example.com")) == nil)
        #expect(
            MailSorting.trouble(try #require(shown.report)) == Trouble(.gone, "5.1.1 550 5.1.1 … unknown"))
    }

    @Test("a report that a server still tries ends nothing")
    func delayed() throws {
        let fate =
            "From: a@example.com\nContent-Type: multipart/report; boundary=B\n\n--B\n"
            + "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nAction: delayed\nStatus: 4.4.1\n\n--B--\n"
        let report = try #require(ReceivedMail(Array(fate.utf8))?.report)
        #expect(report.fates.map(\.action) == ["delayed"])
        #expect(MailSorting.trouble(report) == nil)
    }
}

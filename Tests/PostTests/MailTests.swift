// SPDX-License-Identifier: Apache-2.0
import Envelope
import Testing

@testable import Post

@Suite("Mails as they travel")
struct MailTests {
    static let mail: Mail = {
        var mail = Mail(
            id: "k3v9@desk.example.ac.th", from: Mail.Box("สำนักคอมพิวเตอร์", "desk@example.ac.th"),
            to: Mail.Box("นางสาวสมมุติ ใจดี", "somebody@example.com"),
            subject: "ได้รับมอบหมาย: ประชุมออนไลน์คณะกรรมการประจำคณะวิทยาศาสตร์ ครั้งที่ 12/2569 · Assigned",
            second: 1_795_000_000, text: "เรียน ท่าน\nพรุ่งนี้เวลา 09:00 น.\n\nDear colleague,\ntomorrow at 09:00\n",
            html: "<p>พรุ่งนี้เวลา 09:00 น.</p>")
        mail.markAsGenerated()
        mail.offerUnsubscribing(at: "https://desk.example.ac.th/unsubscribe/abc")
        return mail
    }()

    @Test("a mail is ASCII, its lines are short and end in CR LF, and it is the same each time")
    func form() {
        let bytes = Self.mail.written()
        #expect(bytes == Self.mail.written())
        #expect(bytes.allSatisfy { $0 < 0x80 })
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { !$0.contains("\n") && !$0.contains("\r") })
        #expect(lines.map(\.utf8.count).max() ?? 0 <= 78)
        #expect(
            lines.filter { $0.contains("=?") }.allSatisfy { $0.utf8.count <= 76 })
    }

    @Test("what was written is read again, word for word")
    func roundTrip() throws {
        var mail = Self.mail
        mail.replyTo = Mail.Box("", "answers@example.ac.th")
        mail.attachments = [
            Mail.Attachment(
                name: "บันทึกข้อความ ส่งคืน.pdf", kind: "application/pdf", bytes: (0...255).map { UInt8($0) }),
            Mail.Attachment(name: "empty.txt", kind: "text/plain", bytes: []),
        ]
        let read = try #require(ReceivedMail(mail.written()))
        #expect(read.id == "k3v9@desk.example.ac.th")
        #expect(read.from == mail.from)
        #expect(read.to == [mail.to])
        #expect(read.subject == mail.subject)
        #expect(read.second == 1_795_000_000)
        #expect(read.text == mail.text)
        #expect(read.attachments == mail.attachments)
        #expect(read.header("auto-submitted") == "auto-generated")
        #expect(read.header("X-Auto-Response-Suppress") == "All")
        #expect(read.header("List-Unsubscribe") == "<https://desk.example.ac.th/unsubscribe/abc>")
        #expect(read.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click")
        #expect(read.header("Reply-To") == "answers@example.ac.th")
        #expect(read.report == nil)
    }

    @Test("a calendar object is an alternative with its method")
    func calendar() throws {
        var mail = Self.mail
        mail.calendar = Mail.Calendar(method: "REQUEST", text: "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
        let text = String(decoding: mail.written(), as: UTF8.self)
        let kinds = text.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("content-type:") }
        #expect(
            kinds == [
                "Content-Type: multipart/alternative; boundary=\"=_alternative_k3v9\"",
                "Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8",
                "Content-Type: text/calendar; charset=utf-8; method=REQUEST",
            ])
    }

    @Test("nothing in a name, a subject or a file's name begins another header")
    func injection() throws {
        var mail = Self.mail
        mail.subject = "a\r\nBcc: x@example.com\r\n\r\nbody"
        mail.to = Mail.Box("b\r\nBcc: y@example.com", "c@example.com\r\nBcc: z@example.com")
        mail.headers.append(HeaderLine("X-One", "d\nBcc: w@example.com"))
        mail.attachments = [Mail.Attachment(name: "e\r\nBcc: v", kind: "text/plain", bytes: [65])]
        let read = try #require(ReceivedMail(mail.written()))
        #expect(read.headers.contains { $0.isNamed("Bcc") } == false)
        #expect(read.subject == "aBcc: x@example.combody")
    }

    @Test("old Thai mails without a charset, and quoted ones, are read")
    func oldThai() throws {
        // "เรียน" in windows-874, raw in the subject and encoded in the text.
        let thai: [UInt8] = [0xE0, 0xC3, 0xD5, 0xC2, 0xB9]
        var bytes = Array("From: a@example.com\r\nMessage-ID: <1@example.com>\r\nSubject: ".utf8) + thai
        bytes += Array("\r\nContent-Type: text/plain; charset=windows-874\r\n\r\n".utf8) + thai
        let read = try #require(ReceivedMail(bytes))
        #expect(read.subject == "เรียน")
        #expect(read.text == "เรียน")
        let tis =
            "From: a@example.com\r\nSubject: =?TIS-620?B?4MPVwrk=?=\r\n"
            + "Content-Type: text/plain; charset=tis-620\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E0=C3=D5=C2=B9"
        let second = try #require(ReceivedMail(Array(tis.utf8)))
        #expect(second.subject == "เรียน")
        #expect(second.text == "เรียน")
    }

    @Test("neighbouring encoded words are one, even when a letter was cut in two, and others stay")
    func encodedWords() throws {
        let head =
            "From: =?utf-8?B?4LmA?=\r\n =?UTF-8?b?4Lij?= <a@example.com>\r\nSubject: "
            + "=?UTF-8?B?4Lg=?= =?UTF-8?B?lSBh?= and =?UTF-8?Q?=E0=B8=81?= =?TIS-620?B?4A==?=\r\n\r\n=?UTF-8?B?x"
        let read = try #require(ReceivedMail(Array(head.utf8)))
        #expect(read.from == Mail.Box("เร", "a@example.com"))
        #expect(read.subject == "ต a and กเ")
        #expect(read.text == "=?UTF-8?B?x")
        let many = String(repeating: "ก่", count: 100)
        #expect(EncodedWords.of(many).allSatisfy { $0.utf8.count <= 75 })
        #expect(EncodedWords.of(many).count == 17)
        #expect(EncodedWords.of("a" + String(repeating: "\u{0E48}", count: 40)).allSatisfy { $0.utf8.count <= 75 })
    }

    @Test("of a mail in HTML alone the words are read")
    func hypertext() throws {
        let text =
            "From: a@example.com\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            + "<html><head><title>x</title><STYLE>p { color: red }</STYLE></head><body><p>&#3648;&#x0E23;ียน&nbsp;<b>ท่าน</b></p>"
            + "<!-- <p>hidden --><p>a &lt; b &amp; c &bogus; &</p><script>alert(1)</script>end"
        let read = try #require(ReceivedMail(Array(text.utf8)))
        #expect(read.text == "เรียน ท่าน\na < b & c &bogus; &\nend")
    }

    @Test("what is no mail is none, and hostile ones end")
    func hostile() throws {
        #expect(ReceivedMail([]) == nil)
        #expect(ReceivedMail(Array("no mail at all".utf8)) == nil)
        var deep = "From: a@example.com\r\n"
        for level in 0..<300 { deep += "Content-Type: multipart/mixed; boundary=b\(level)\r\n\r\n--b\(level)\r\n" }
        #expect(try #require(ReceivedMail(Array(deep.utf8))).attachments == [])
        let whole = Self.mail.written()
        for end in stride(from: 0, to: whole.count, by: 7) { _ = ReceivedMail(Array(whole.prefix(end))) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// Mails that came into the office's mailbox (จดหมายเข้า): what may be a letter waits above, everything else is listed below
/// with the reason. Nothing is registered but by a person who opens it.
struct MailPage: Page {
    static let template = "mail"
    let frame: Frame
    let waiting: [Slip]
    let aside: [AsideRow]

    /// One mail that waits.
    struct Slip: Sendable {
        let subject: String
        let pairs: [PairRow]
        let text: String
        let documents: [Attached]
        /// Attachments that the shelf does not take; nil for none.
        let leftOut: String?
        let openPath: String
        let dismissPath: String
    }

    struct Attached: Sendable {
        let name: String
        let size: String
        let path: String
    }

    /// One that is no letter.
    struct AsideRow: Sendable {
        let when: String
        let from: String
        let subject: String
        let why: String
        /// Lets it wait after all; nil for what could not be fetched.
        let restorePath: String?
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/counter/mail")
        let phrases = Phrases(paper.words(visit))
        let place = MailIn.Place(mailbox: "saraban@mail.example.ac.th/INBOX", validity: 1, uid: 7)
        let letter = MailIn(
            id: .init(7), place: place, at: SampleMatters.now, written: SampleMatters.now - .minutes(3),
            from: "office@science.example.ac.th", fromName: "งานธุรการ คณะวิทยาศาสตร์",
            subject: "ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครู",
            text: "เรียน ผู้อำนวยการสำนักคอมพิวเตอร์\n\nด้วยคณะวิทยาศาสตร์จะจัดพิธีไหว้ครู รายละเอียดดังไฟล์แนบ",
            leftOut: ["กำหนดการ.xlsx"])
        func aside(_ why: MailIn.Aside, _ subject: String) -> MailIn {
            var mail = letter
            (mail.subject, mail.aside) = (subject, why)
            return mail
        }
        let drawing = MailDrawing(phrases: phrases)
        let frame = paper.frame(visit, title: phrases.words("mailIn.title"), lead: phrases.words("mailIn.lead"))
        return [
            Sample(
                "some",
                MailPage(
                    frame: frame, waiting: [drawing.slip(letter, [SampleMatter.document])],
                    aside: [
                        drawing.row(aside(.automatic, "ไม่อยู่สำนักงาน")), drawing.row(aside(.tooLarge, "")),
                    ])),
            Sample("none", MailPage(frame: frame, waiting: [], aside: [])),
        ]
    }
}

/// Puts mails into words.
struct MailDrawing {
    let phrases: Phrases
    private var words: Words { phrases.words }

    func slip(_ mail: MailIn, _ documents: [Document]) -> MailPage.Slip {
        var pairs = [
            PairRow(words("mailIn.from"), from(mail)), PairRow(words("mailIn.came"), phrases.moment(mail.at)),
        ]
        if let written = mail.written { pairs.append(PairRow(words("mailIn.written"), phrases.moment(written))) }
        return MailPage.Slip(
            subject: mail.subject.isEmpty ? words("mailIn.noSubject") : mail.subject, pairs: pairs,
            text: mail.text.isEmpty ? words("mailIn.noText") : mail.text,
            documents: documents.map {
                MailPage.Attached(
                    name: $0.name, size: KeptRow($0, token: "", words).size,
                    path: "/counter/mail/\(mail.id)/documents/\($0.id)")
            },
            leftOut: mail.leftOut.isEmpty
                ? nil : words("mailIn.leftOut", mail.leftOut.joined(separator: ", ")),
            openPath: "/counter?mail=\(mail.id)", dismissPath: "/counter/mail/\(mail.id)/dismissal")
    }

    func row(_ mail: MailIn) -> MailPage.AsideRow {
        let isThere = mail.aside != .tooLarge && mail.aside != .unreadable
        return MailPage.AsideRow(
            when: phrases.moment(mail.at), from: isThere ? from(mail) : "–",
            subject: mail.subject.isEmpty ? "–" : mail.subject,
            why: mail.aside.map { words("mailIn.aside.\($0.rawValue)") } ?? "–",
            restorePath: isThere ? "/counter/mail/\(mail.id)/waiting" : nil)
    }

    private func from(_ mail: MailIn) -> String {
        mail.fromName.isEmpty ? mail.from : "\(mail.fromName) <\(mail.from)>"
    }
}

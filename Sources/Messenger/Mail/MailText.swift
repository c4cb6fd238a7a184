// SPDX-License-Identifier: Apache-2.0
import Desk

/// What stands in a mail about a notice or with a paper: Thai first, then English; as text and as HTML.
struct MailText {
    var subject: String
    /// Paragraphs, Thai and English.
    var thai: [String]
    var english: [String]
    /// The page to go to.
    var link: String?
    /// Where mails of this kind are ended, for nudges.
    var unsubscribe: String?
    /// Who sends it.
    var thaiSender: String
    var englishSender: String

    /// A notice, with the matter's time and place.
    init(_ notice: Notice, to person: Person, matter: Matter?, office: Office) {
        let text = NoticeText(notice, matter: matter)
        subject = text.title.map { "\(text.thai): \($0)" } ?? text.thai
        thai = ["เรียน \(person.name)", text.thai]
        english = [text.english]
        if let matter, let title = text.title {
            let letter = matter.letter
            thai.append(
                "เรื่อง \(title)\nหน่วยงาน \(letter.unit)\nวันเวลา \(Self.thaiTimes(letter.span))\nสถานที่ \(letter.place)")
            english.append(
                "Subject: \(title)\nUnit: \(letter.unit)\nTime: \(Self.englishTimes(letter.span))\nPlace: \(letter.place)"
            )
        }
        link = office.address + text.path
        (thaiSender, englishSender) = (office.thaiName, office.englishName)
    }

    /// The few words with which a paper travels.
    init(
        _ paper: Delivery.Paper, addressee: String, matter: Matter?, link: String?, office: Office
    ) {
        let title = matter?.letter.title ?? ""
        thai = ["เรียน \(addressee)"]
        english = []
        switch paper {
        case .returnMemo:
            let isDeclined = matter?.decision.map { !$0.isApproval } ?? false
            subject = isDeclined ? "แจ้งผลการพิจารณาคำขอใช้บริการ: \(title)" : "ขอให้แก้ไขเพิ่มเติมเอกสารขอใช้บริการ: \(title)"
            thai.append("ตามที่ท่านขอใช้บริการเรื่อง \(title) \(office.thaiName)ขอส่งหนังสือแจ้งผลดังไฟล์แนบ")
            if !isDeclined, link != nil { thai.append("โปรดแก้ไขเพิ่มเติมผ่านลิงก์ด้านล่างนี้") }
            english.append("Please find attached our letter about your request “\(title)”.")
        case .networkNotice:
            let times = matter.map { Self.thaiTimes($0.letter.span) } ?? ""
            subject = "ขอความอนุเคราะห์เฝ้าระวังระบบเครือข่าย: \(title)"
            thai.append("ขอความอนุเคราะห์เฝ้าระวังระบบเครือข่ายในการให้บริการเรื่อง \(title) \(times) รายละเอียดดังไฟล์แนบ")
            english.append("Please watch the network during “\(title)”; the details are attached.")
        case .report(let month):
            subject = "รายงานผลการปฏิบัติงานประจำเดือน\(ThaiDate.long(month))"
            thai.append("ขอส่งรายงานผลการปฏิบัติงานประจำเดือน\(ThaiDate.long(month)) ดังไฟล์แนบ เพื่อโปรดทราบ")
            english.append("Please find attached the report of \(ThaiDate.english(month)).")
        }
        self.link = link
        (thaiSender, englishSender) = (office.thaiName, office.englishName)
    }

    /// An invited person's own link into a meeting.
    init(seatFor name: String, matter: Matter, link: String, office: Office) {
        let letter = matter.letter
        subject = "ลิงก์เข้าประชุม: \(letter.title)"
        thai = [
            "เรียน \(name)",
            "ขอเชิญเข้าประชุมออนไลน์\nเรื่อง \(letter.title)\nหน่วยงาน \(letter.unit)\nวันเวลา \(Self.thaiTimes(letter.span))",
            "ลิงก์ด้านล่างเป็นของท่านผู้เดียว และแสดงว่าท่านเป็นผู้เข้าประชุม โปรดอย่าส่งต่อ เปิดก่อนเวลาเพื่อลองกล้อง ไมโครโฟน และลำโพงได้",
        ]
        english = [
            "You are invited to an online meeting.\nSubject: \(letter.title)\nUnit: \(letter.unit)\nTime: \(Self.englishTimes(letter.span))",
            "The link below is yours alone and says who you are: please do not pass it on. Open it early to try your camera, microphone and speaker.",
        ]
        self.link = link
        (thaiSender, englishSender) = (office.thaiName, office.englishName)
    }

    /// A mail that only says that mail works.
    init(trialFor person: Person, office: Office) {
        subject = "ทดลองส่งจดหมาย · A trial mail"
        thai = ["เรียน \(person.name)", "จดหมายฉบับนี้ส่งเพื่อทดลองว่าท่านได้รับจดหมายจากระบบ"]
        english = ["This mail was sent to see whether mails from here reach you."]
        link = office.address + "/me"
        (thaiSender, englishSender) = (office.thaiName, office.englishName)
    }

    var plain: String {
        var parts = thai + english
        if let link { parts.append(link) }
        parts.append("\(thaiSender)\n\(englishSender)")
        if let unsubscribe { parts.append("ไม่รับจดหมายชนิดนี้อีก · No more mails of this kind:\n\(unsubscribe)") }
        return parts.joined(separator: "\n\n") + "\n"
    }

    var html: String {
        func paragraphs(_ texts: [String], _ language: String) -> String {
            texts.map { text in
                "<p lang=\"\(language)\">\(Self.escaped(text).replacing("\n", with: "<br>"))</p>"
            }.joined(separator: "\n")
        }
        var body = paragraphs(thai, "th") + "\n" + paragraphs(english, "en")
        if let link {
            body += "\n<p><a href=\"\(Self.escaped(link))\">เปิดในระบบ · Open</a></p>"
        }
        body += "\n" + paragraphs(["\(thaiSender)\n\(englishSender)"], "th")
        if let unsubscribe {
            body +=
                "\n<p><small><a href=\"\(Self.escaped(unsubscribe))\">ไม่รับจดหมายชนิดนี้อีก · No more mails of this kind</a>"
                + "</small></p>"
        }
        return """
            <!doctype html>
            <html lang="th"><head><meta charset="utf-8"><title>\(Self.escaped(subject))</title></head>
            <body style="font-family: sans-serif; line-height: 1.6">
            \(body)
            </body></html>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static func thaiTimes(_ span: Span) -> String {
        let (first, last) = (Day(of: span.start), Day(of: span.end))
        let end = first == last ? "" : "\(ThaiDate.long(last)) "
        return "\(ThaiDate.long(first)) เวลา \(TimeOfDay(of: span.start)) – \(end)\(TimeOfDay(of: span.end)) น."
    }

    private static func englishTimes(_ span: Span) -> String {
        let (first, last) = (Day(of: span.start), Day(of: span.end))
        let end = first == last ? "" : "\(ThaiDate.english(last)), "
        return "\(ThaiDate.english(first)), \(TimeOfDay(of: span.start)) – \(end)\(TimeOfDay(of: span.end))"
    }
}

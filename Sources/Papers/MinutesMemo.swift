// SPDX-License-Identifier: Apache-2.0
public import Desk

/// The draft of a meeting's minutes (บันทึกการประชุม) as a memo: who was there and from when to when, what of the agenda was
/// come to, and how it was voted. What was said is for whoever leads the meeting to write: pure, Desk values in, HTML out.
///
/// For a meeting that the law requires, who was there and when is part of the minutes (Emergency Decree on Electronic
/// Meetings B.E. 2563, s.9).
public struct MinutesMemo: Sendable {
    let matter: Matter
    let settings: MeetSettings
    let sittings: [Sitting]
    let office: Office

    public init(of matter: Matter, settings: MeetSettings, sittings: [Sitting], office: Office) {
        self.matter = matter
        self.settings = settings
        self.sittings = sittings
        self.office = office
    }

    /// The whole document, for `WeasyPrint`.
    public var document: String {
        let title = settings.title.isEmpty ? matter.letter.title : settings.title
        let memo = Memo(
            agency: office.memoHead, phone: "", number: office.outgoingPrefix + "/",
            date: sittings.last.map { Day(of: $0.ended) }, subject: "(ร่าง) บันทึกการประชุม: \(title)",
            addressee: "หัวหน้าหน่วยงาน \(matter.letter.unit)", parts: opening + sittings.flatMap(sitting) + ending,
            signature: .init(name: String(repeating: ".", count: 40), position: ["ผู้จดรายงานการประชุม"]))
        return office.usesThaiDigits ? withThaiDigits(memo.document) : memo.document
    }

    private var opening: [Memo.Part] {
        let how =
            settings.isLegal
            ? "เป็นการประชุมผ่านสื่ออิเล็กทรอนิกส์ตามพระราชกำหนดว่าด้วยการประชุมผ่านสื่ออิเล็กทรอนิกส์ พ.ศ. 2563"
            : "เป็นการประชุมออนไลน์"
        let number = matter.incoming.map { " เลขรับที่ \($0)" } ?? ""
        return [
            .paragraph(
                """
                ตามหนังสือ\(matter.letter.unit) เรื่อง \(matter.letter.title)\(number) กำหนดประชุม \
                \(PaperWords.span(matter.letter.span)) \(matter.letter.place) \(how) \(office.thaiName) \
                ขอส่งร่างบันทึกการประชุมตามที่ระบบบันทึกไว้ เพื่อเรียบเรียงและรับรองต่อไป ดังนี้
                """)
        ]
    }

    private func sitting(_ sitting: Sitting) -> [Memo.Part] {
        let figures = MeetFigures(of: sitting)
        let which = sittings.count > 1 ? "ช่วงวันที่ \(ThaiDate.plain(Day(of: sitting.opened))) " : ""
        var parts: [Memo.Part] = [
            .heading(
                "\(which)เปิดห้องเวลา \(TimeOfDay(of: sitting.opened)) น. เลิกเวลา \(TimeOfDay(of: sitting.ended)) น."),
            .paragraph(
                """
                ผู้เข้าร่วม \(PaperWords.count(figures.people)) คน แสดงตนด้วยลิงก์เฉพาะบุคคล \
                \(PaperWords.count(figures.identified)) คน อยู่พร้อมกันสูงสุด \(PaperWords.count(figures.peak)) คน\
                \(lines(figures))
                """),
        ]
        if sitting.isForgotten { parts.append(.paragraph("รายชื่อผู้เข้าร่วมพ้นกำหนดเก็บรักษาและลบออกแล้ว")) }
        parts.append(.markup(attendance(sitting)))
        if !sitting.marks.isEmpty { parts += [.heading("ระเบียบวาระ"), .numbered(agenda(sitting))] }
        let votes = sitting.votes.filter(\.isFormal)
        if !votes.isEmpty { parts += [.heading("มติที่ประชุม"), .markup(resolutions(votes))] }
        return parts
    }

    private func lines(_ figures: MeetFigures) -> String {
        figures.interruptions == 0 ? " สัญญาณไม่ขาด" : " สัญญาณของผู้เข้าร่วมขาดแล้วกลับมา \(figures.interruptions) ครั้ง"
    }

    private func attendance(_ sitting: Sitting) -> String {
        let rows = sitting.attendance.enumerated().map { index, person in
            let name = person.name.isEmpty ? "ผู้เข้าร่วมคนที่ \(index + 1)" : person.name
            let stays = person.stays.map { "\(TimeOfDay(of: $0.start))–\(TimeOfDay(of: $0.end))" }
            let agreed = person.consented.map { $0 ? "ยินยอม" : "ไม่ยินยอม" } ?? "–"
            let consent = ([agreed] + [person.consentedAt].compactMap { $0.map { "\(TimeOfDay(of: $0))" } })
                .joined(separator: " ")
            return """
                <tr><td class="number">\(index + 1)</td><td>\(html(name))</td><td>\(html(Self.name(person.role)))</td>\
                <td>\(person.isIdentified ? "แสดงตนแล้ว" : "ตามชื่อที่แจ้ง")</td>\
                <td>\(html(stays.joined(separator: ", ")))</td><td class="number">\(person.minutes)</td>\
                <td>\(consent)</td></tr>
                """
        }
        return """
            <table class="attendance"><caption>ผู้เข้าร่วมประชุม</caption><thead><tr><th>ที่</th><th>ชื่อ</th><th>บทบาท</th>\
            <th>การแสดงตน</th><th>เวลาเข้า–ออก (น.)</th><th>นาที</th><th>การบันทึก</th></tr></thead>\
            <tbody>\(rows.joined())</tbody></table><style>\(Self.css)</style>
            """
    }

    /// Every point that was settled, with when it was come to; those that were not are said so.
    private func agenda(_ sitting: Sitting) -> [String] {
        let come = sitting.marks.map { "\($0.text) (เวลา \(TimeOfDay(of: $0.at)) น.)" }
        let reached = Set(sitting.marks.map(\.text))
        return come + settings.agenda.filter { !reached.contains($0) }.map { "\($0) (ไม่ได้พิจารณาในช่วงนี้)" }
    }

    private func resolutions(_ votes: [Sitting.Vote]) -> String {
        let rows = votes.map { vote in
            let counts = vote.choices.map { "\($0.text) \($0.count) เสียง" }.joined(separator: ", ")
            var how = vote.isSecret ? "ลงคะแนนลับ" : "ลงคะแนนโดยเปิดเผย"
            if let quorum = vote.quorum {
                how += " องค์ประชุม \(vote.present) จากที่ต้องการ \(quorum) คน"
                if vote.hasQuorum == false { how += " (ไม่ครบ)" }
            }
            let ballots = vote.ballots.map { "\($0.name): \($0.choice)" }.joined(separator: ", ")
            return """
                <tr><td>\(html(vote.question))<br><small>\(html(how)) เวลา \(TimeOfDay(of: vote.closed)) น.</small></td>\
                <td>\(html(counts))\(ballots.isEmpty ? "" : "<br><small>\(html(ballots))</small>")</td></tr>
                """
        }
        return """
            <table class="votes"><thead><tr><th>ญัตติ</th><th>ผลการลงคะแนน</th></tr></thead>\
            <tbody>\(rows.joined())</tbody></table>
            """
    }

    private var ending: [Memo.Part] {
        var parts: [Memo.Part] = []
        if settings.isLegal {
            parts.append(
                .paragraph(
                    """
                    ข้อมูลการแสดงตน เวลาเข้าและออก และข้อมูลจราจรอิเล็กทรอนิกส์ข้างต้น\(recorded)\
                    ถือเป็นส่วนหนึ่งของรายงานการประชุม ตามมาตรา 9 แห่งพระราชกำหนดฯ
                    """))
        }
        return parts + [.paragraph("จึงเรียนมาเพื่อโปรดเรียบเรียงและรับรองบันทึกการประชุม")]
    }

    private var recorded: String {
        matter.isSecret ? " (การประชุมลับ ไม่บันทึกเสียงและภาพ) " : settings.records ? " และไฟล์บันทึกเสียงและภาพ " : " "
    }

    private static func name(_ role: MeetRole) -> String {
        switch role {
        case .host: "ผู้ดำเนินการประชุม"
        case .cohost: "ผู้ช่วยดำเนินการ"
        case .speaker: "ผู้ร่วมประชุม"
        case .listener: "ผู้รับฟัง"
        }
    }

    private static let css = """
        .attendance td, .votes td { vertical-align: top; }
        .attendance td.number { width: auto; white-space: nowrap; }
        .votes td:nth-child(1) { width: 55%; }
        """
}

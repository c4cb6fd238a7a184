// SPDX-License-Identifier: Apache-2.0
public import Desk

/// The monthly report (รายงานผลการปฏิบัติงานประจำเดือน) as a memo to the director: pure, Desk values in, HTML out.
public struct ReportMemo: Sendable {
    let report: MonthlyReport
    let record: ReportRecord
    let names: PaperNames
    let office: Office
    private var charts: ReportCharts { ReportCharts(report, names: names) }

    public init(_ report: MonthlyReport, record: ReportRecord, names: PaperNames, office: Office) {
        self.report = report
        self.record = record
        self.names = names
        self.office = office
    }

    /// The whole document, for `WeasyPrint`.
    public var document: String {
        let month = ThaiDate.long(report.month)
        var memo = Memo(
            agency: office.memoHead, phone: "", number: office.outgoingPrefix + "/",
            date: Day(of: record.presentedAt ?? record.draftedAt),
            subject: "รายงานผลการปฏิบัติงานประจำเดือน\(month) \(PaperWords.service)", addressee: addressee,
            parts: opening + volume + limits + quality + ending,
            signature: .init(name: presenter ?? String(repeating: ".", count: 40), position: ["ผู้เสนอรายงาน"]))
        memo.afterword = acknowledgement
        return office.usesThaiDigits ? withThaiDigits(memo.document) : memo.document
    }

    private var presenter: String? { record.presentedBy.flatMap { names.people[$0] } }

    private var addressee: String { "ผู้อำนวยการ" + office.body }

    private var opening: [Memo.Part] {
        let month = ThaiDate.long(report.month)
        let marks = report.satisfaction.map { PaperWords.tenths($0.overall) + " จาก 5" } ?? "ยังไม่มีผู้ประเมิน"
        let all = report.compliance.reduce(0) { $0 + $1.matters.count }
        let late = report.compliance.reduce(0) { $0 + $1.late.count }
        let inTime = all == 0 ? "–" : PaperWords.tenths(100 * Double(all - late) / Double(all)) + "%"
        let incidents = report.incidents.reduce(0) { $0 + $1.count }
        return [
            .paragraph(
                """
                ตามขั้นตอนการให้บริการประชุมออนไลน์และถ่ายทอดสดออนไลน์ กำหนดให้รายงานผลการปฏิบัติงานต่อผู้บริหารทุกเดือน นั้น \
                \(office.thaiName) ขอรายงานผลการปฏิบัติงานประจำเดือน\(month) ข้อมูล ณ วันที่ \
                \(ThaiDate.plain(Day(of: report.drawnAt))) เวลา \(TimeOfDay(of: report.drawnAt)) น. ดังนี้
                """),
            .heading("1. สรุปผล"),
            .markup(
                figures([
                    ("เรื่องที่มีกำหนดในเดือน", "\(PaperWords.count(report.matters.count)) เรื่อง"),
                    ("ให้บริการแล้ว", "\(PaperWords.count(report.served.count)) ครั้ง"),
                    ("ชั่วโมงให้บริการ", "\(PaperWords.hours(report.servedMinutes)) ชม."),
                    ("ผู้ชมและผู้เข้าร่วมรวม", "\(PaperWords.count(report.audience)) คน"),
                    ("ดำเนินการทันกำหนด", inTime),
                    ("เหตุขัดข้อง", "\(incidents) ครั้ง"),
                    ("ความพึงพอใจ", marks),
                    ("ผู้ชมสูงสุดต่อครั้ง", "\(PaperWords.count(report.peakAudience)) คน"),
                ])),
        ]
    }

    private var volume: [Memo.Part] {
        var parts: [Memo.Part] = [.heading("2. ปริมาณงาน")]
        if report.matters.isEmpty { return parts + [.paragraph("ไม่มีเรื่องที่มีกำหนดให้บริการในเดือนนี้")] }
        parts.append(
            .markup(
                """
                <div class="pair"><div>\(counts("ตามประเภทบริการ", report.byService))\
                \(counts("ตามประเภทหนังสือ", report.byOrigin))</div>\
                <div>\(counts("ตามผลการดำเนินการ", report.byOutcome))</div></div>
                """))
        parts += figure(.weeks) + figure(.units)
        if !report.byRoom.isEmpty { parts.append(.markup(counts("ตามห้องที่ให้บริการ", report.byRoom))) }
        return parts
    }

    private var limits: [Memo.Part] {
        guard !report.compliance.isEmpty else { return [] }
        let rows = report.compliance.map { row in
            """
            <tr><td>\(html(PaperWords.name(row.step)))</td><td>\(html(PaperWords.limit(row.limit, row.counting)))</td>\
            <td class="number">\(row.matters.count)</td>\
            <td class="number">\(row.median.map { PaperWords.length($0) } ?? "–")</td>\
            <td class="number">\(row.ninetieth.map { PaperWords.length($0) } ?? "–")</td>\
            <td class="number">\(row.percentInTime.map { PaperWords.tenths($0) } ?? "–")</td>\
            <td class="number">\(row.late.count)</td></tr>
            """
        }
        let table = """
            <table class="limits"><thead><tr><th>ขั้นตอน</th><th>กำหนด</th><th>ครั้ง</th><th>มัธยฐาน</th>\
            <th>90% ภายใน</th><th>ทัน (%)</th><th>ล่าช้า</th></tr></thead>\
            <tbody>\(rows.joined())</tbody></table>
            """
        return [.heading("3. การรักษากำหนดเวลา"), .markup(table)] + lateList + figure(.limits)
    }

    /// One line to a matter, however many of its steps were late.
    private var lateList: [Memo.Part] {
        let all = report.compliance.flatMap { row in row.late.map { (step: row.step, late: $0) } }
        let ids = Set(all.map(\.late.matter)).sorted()
        guard !ids.isEmpty else { return [] }
        let rows = ids.map { id in
            let theirs = all.filter { $0.late.matter == id }
            let steps = theirs.map { "\(PaperWords.name($0.step)) เกิน \(PaperWords.length($0.late.by))" }
            var reasons: [String] = []
            for (_, late) in theirs where !late.reason.isEmpty && !reasons.contains(late.reason) {
                reasons.append(late.reason)
            }
            return """
                <tr><td>\(html(names.matters[id] ?? "–"))</td><td>\(steps.map(html).joined(separator: "<br>"))</td>\
                <td>\(reasons.isEmpty ? "ไม่ได้ระบุ" : reasons.map(html).joined(separator: "<br>"))</td></tr>
                """
        }
        return [
            .markup(
                """
                <table class="late"><caption>เรื่องที่ล่าช้าและเหตุผล</caption><thead><tr><th>เรื่อง</th><th>ขั้นตอนที่เกินกำหนด</th>\
                <th>เหตุผล</th></tr></thead><tbody>\(rows.joined())</tbody></table>
                """)
        ]
    }

    private var quality: [Memo.Part] {
        var parts: [Memo.Part] = [.heading("4. คุณภาพการให้บริการและภาระงาน")]
        var said = "มีเหตุขัดข้องระหว่างให้บริการ "
        said += report.incidents.map { "\(charts.label($0)) \($0.count) ครั้ง" }.joined(separator: " ")
        if report.withIncidents.isEmpty { said = "ไม่มีเหตุขัดข้องระหว่างให้บริการ" }
        if !report.air.matters.isEmpty { parts.append(.paragraph(aired)) }
        if !report.meetings.matters.isEmpty { parts.append(.paragraph(met)) }
        if !report.overridden.isEmpty { said += " ยืนยันความพร้อมทั้งที่รายการตรวจยังไม่ครบ \(report.overridden.count) เรื่อง" }
        if let marks = report.satisfaction {
            said += """
                 ผู้ใช้บริการตอบแบบประเมิน \(marks.matters.count) เรื่อง คะแนนเฉลี่ยโดยรวม \(PaperWords.tenths(marks.overall)) \
                ภาพและเสียง \(PaperWords.tenths(marks.signal)) เจ้าหน้าที่ \(PaperWords.tenths(marks.staff)) จากคะแนนเต็ม 5
                """
        }
        parts.append(.paragraph(said))
        parts += figure(.satisfaction) + figure(.loads)
        return parts
    }

    /// What the month's broadcasts came to.
    private var aired: String {
        let air = report.air
        let away =
            air.interruptions == 0
            ? "สัญญาณไม่ขาด" : "สัญญาณขาด \(PaperWords.count(air.interruptions)) ครั้ง ใน \(air.interrupted.count) เรื่อง"
        return """
            ถ่ายทอดสดผ่านห้องส่งของหน่วยงาน \(air.matters.count) เรื่อง รวม \(PaperWords.hours(air.minutes)) ชั่วโมง \
            ผู้ชมพร้อมกันสูงสุด \(PaperWords.count(air.peak)) คน เฉลี่ย \(PaperWords.count(air.average)) คน \
            เวลารับชมรวม \(PaperWords.count(air.viewerMinutes)) นาที \(away)
            """
    }

    /// What the month's online meetings came to.
    private var met: String {
        let met = report.meetings
        let away =
            met.interruptions == 0
            ? "สัญญาณไม่ขาด"
            : "สัญญาณของผู้เข้าร่วมขาดแล้วกลับมา \(PaperWords.count(met.interruptions)) ครั้ง ใน \(met.interrupted.count) เรื่อง"
        let votes = met.votes == 0 ? "" : " ลงมติ \(PaperWords.count(met.votes)) ครั้ง ใน \(met.voted.count) เรื่อง"
        return """
            ประชุมออนไลน์ผ่านห้องประชุมของหน่วยงาน \(met.matters.count) เรื่อง รวม \(PaperWords.hours(met.minutes)) ชั่วโมง \
            ผู้เข้าร่วม \(PaperWords.count(met.people)) คน พร้อมกันสูงสุด \(PaperWords.count(met.peak)) คน \
            เวลาเข้าร่วมรวม \(PaperWords.count(met.personMinutes)) นาที\(votes) \(away)
            """
    }

    private var ending: [Memo.Part] {
        let remarks = record.remarks.trimmed
        let said = remarks.split(separator: "\n").map { Memo.Part.paragraph(String($0)) }
        return (remarks.isEmpty ? [] : [.heading("5. ข้อคิดเห็นของสำนักงานเลขานุการ")] + said) + [
            .paragraph("จึงเรียนมาเพื่อโปรดทราบ")
        ]
    }

    /// Where the executive writes that the report was read, or who did and when.
    private var acknowledgement: String {
        let who = record.acknowledgedBy.flatMap { names.people[$0] } ?? String(repeating: ".", count: 40)
        let when = record.acknowledgedAt.map { "\(ThaiDate.plain(Day(of: $0))) เวลา \(TimeOfDay(of: $0)) น." }
        return """
            <div class="seen"><p><strong>รับทราบ</strong> / ข้อสั่งการ</p><p class="line"></p>\
            <p class="pen"></p><p>(\(html(who)))<br>วันที่ \(html(when ?? String(repeating: ".", count: 30)))</p></div>
            """
    }
}

extension ReportMemo {
    private func figure(_ name: ReportCharts.Name) -> [Memo.Part] {
        guard let chart = charts.chart(name) else { return [] }
        return [.markup("<figure><figcaption>\(html(Self.title(name)))</figcaption>\(chart.paper)</figure>")]
    }

    static func title(_ name: ReportCharts.Name) -> String {
        switch name {
        case .weeks: "จำนวนครั้งที่ให้บริการรายสัปดาห์"
        case .units: "จำนวนเรื่องตามหน่วยงานที่ขอ"
        case .limits: "ระยะเวลาที่ใช้เทียบกับกำหนด (ขีดตั้ง: แต่ละเรื่อง · แท่ง: มัธยฐาน · สามเหลี่ยม: 90% · เส้นหนา: กำหนด)"
        case .satisfaction: "คะแนนความพึงพอใจโดยรวม (จำนวนผู้ตอบ)"
        case .loads: "ชั่วโมงให้บริการของเจ้าหน้าที่แต่ละคน"
        }
    }

    private func figures(_ pairs: [(String, String)]) -> String {
        let cells = pairs.map { "<div><span>\(html($0.0))</span><strong>\(html($0.1))</strong></div>" }
        let rows = stride(from: 0, to: cells.count, by: 4).map { cells[$0..<min($0 + 4, cells.count)].joined() }
        return "<style>\(Self.css)</style>" + rows.map { "<div class=\"figures\">\($0)</div>" }.joined()
    }

    private func counts(_ caption: String, _ counts: [MonthlyReport.Count]) -> String {
        let rows = counts.map { "<tr><td>\(html(charts.label($0)))</td><td class=\"number\">\($0.count)</td></tr>" }
        return "<table><caption>\(html(caption))</caption><tbody>\(rows.joined())</tbody></table>"
    }

    private static let css = """
        .figures { display: table; width: 100%; table-layout: fixed; border-spacing: 0; margin-bottom: 4pt; }
        .figures div { display: table-cell; padding: 3pt 5pt; border: 0.5pt solid #000; }
        .figures span { display: block; font-size: 0.8125rem; line-height: 1.5; }
        .figures strong { display: block; font-size: 1.125rem; line-height: 1.5; }
        .pair { display: table; width: 100%; table-layout: fixed; border-spacing: 0; break-inside: avoid; }
        .pair > div { display: table-cell; vertical-align: top; }
        .pair > div + div { padding-left: 0.5cm; }
        td.number { width: 12%; }
        .limits td.number { width: auto; }
        .limits td { white-space: nowrap; }
        .limits { break-inside: avoid; }
        .signature { break-before: avoid; }
        figcaption { text-align: left; font-weight: bold; }
        .late td:nth-child(1) { width: 40%; }
        .seen { width: 60%; margin: 14pt 0 0; padding: 4pt 8pt; border: 0.5pt solid #000; break-inside: avoid; }
        .seen p { margin: 0; }
        .seen .line { height: 18pt; border-bottom: 0.75pt dotted #000; }
        .seen .pen { width: 6cm; height: 1.2cm; margin-bottom: 4pt; border-bottom: 1pt dotted #000; }
        """
}

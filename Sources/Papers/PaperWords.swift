// SPDX-License-Identifier: Apache-2.0
import Desk

/// What papers call things: always official Thai, whatever language the screen speaks.
enum PaperWords {
    static let service = "การให้บริการประชุมออนไลน์และถ่ายทอดสดออนไลน์"

    static func name(_ service: Service) -> String {
        switch service {
        case .meeting: "ประชุมออนไลน์"
        case .broadcast: "ถ่ายทอดสดออนไลน์"
        case .both: "ประชุมออนไลน์และถ่ายทอดสด"
        }
    }

    static func name(_ origin: Letter.Origin) -> String { origin == .internal ? "หนังสือภายใน" : "หนังสือภายนอก" }

    static func name(_ severity: Severity) -> String {
        switch severity {
        case .minor: "เล็กน้อย ผู้ชมไม่สังเกต"
        case .disturbed: "ผู้ชมสังเกตเห็น"
        case .interrupted: "สัญญาณขาดหาย"
        }
    }

    static func name(_ stage: Stage) -> String {
        switch stage {
        case .letterAwaited: "รอหนังสือ"
        case .toRegister: "รอตรวจและลงทะเบียน"
        case .toComplete: "รอผู้ขอแก้ไขให้ครบ"
        case .toSubmit: "รอเสนอแฟ้ม"
        case .toDecide: "รอพิจารณา"
        case .toReturn: "รอส่งเรื่องคืน"
        case .toAssign: "รอมอบหมายงาน"
        case .toPrepare: "รอจัดเตรียมและทดสอบ"
        case .ready: "พร้อมให้บริการ"
        case .inService: "กำลังให้บริการ"
        case .toEvaluate: "ให้บริการแล้ว รอประเมินผล"
        case .closed: "ให้บริการแล้ว จบเรื่อง"
        case .returned: "ไม่อนุมัติ ส่งคืนแล้ว"
        case .withdrawn: "ผู้ขอถอนเรื่อง"
        case .voided: "ยกเลิกเลขทะเบียน"
        }
    }

    static func name(_ step: Step) -> String {
        switch step {
        case .letter: "หนังสือเข้า"
        case .registration: "รับและลงทะเบียน"
        case .submission: "เสนอแฟ้ม"
        case .decision: "พิจารณา"
        case .calendar: "มอบหมายและบันทึกปฏิทิน"
        case .preparation: "จัดเตรียมและทดสอบ"
        case .networkNotice: "แจ้งงานเครือข่าย"
        case .phoneNotice: "แจ้งเตือนก่อนกิจกรรม"
        case .service: "ให้บริการ"
        case .report: "รายงานประจำเดือน"
        case .sendBack: "ส่งเรื่องคืน"
        case .evaluation: "ประเมินผล"
        }
    }

    static func name(_ reason: DeclineReason) -> String {
        switch reason {
        case .noOfficers: "เจ้าหน้าที่ไม่เพียงพอ"
        case .noRoom: "ห้องหรืออุปกรณ์ไม่ว่าง"
        case .tooLate: "แจ้งล่วงหน้าไม่ทัน"
        case .outsideMission: "อยู่นอกภารกิจของหน่วยงาน"
        case .incomplete: "ข้อมูลไม่เพียงพอ"
        case .notLawful: "ขัดต่อกฎหมายหรือระเบียบ"
        case .other: "เหตุอื่น"
        }
    }

    static func name(_ paper: PaperCheck) -> String {
        switch paper {
        case .date: "วันที่ขอใช้บริการ"
        case .time: "เวลาเริ่มและเวลาสิ้นสุด"
        case .place: "สถานที่"
        case .kind: "ประเภทบริการ"
        case .contact: "ชื่อผู้ประสานงานและวิธีติดต่อ"
        case .signature: "ลายมือชื่อผู้มีอำนาจ"
        case .attachment: "ไฟล์หรือสำเนาหนังสือแนบ"
        }
    }

    static func limit(_ limit: Limit, _ counting: Counting) -> String {
        let kind = counting == .working ? " (เวลาทำการ)" : ""
        switch limit {
        case .minutes(let count): return "ไม่เกิน \(count) นาที" + kind
        case .hours(let count): return "ไม่เกิน \(count) ชม." + kind
        case .days(let count): return "ภายใน \(count) วัน"
        case .workingDaysBefore(let count): return "ก่อน \(count) วันทำการ"
        case .minutesBefore(let count): return "ก่อนเริ่ม \(count) นาที"
        case .asTheLetterSays: return "ตามหนังสือ"
        case .everyMonth: return "ทุกเดือน"
        }
    }

    /// `2 วัน 3 ชม.`, `45 นาที`: the two largest units.
    static func length(_ length: Length) -> String {
        let minutes = abs(length.wholeMinutes)
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60)
        if days > 0 { return hours == 0 ? "\(days) วัน" : "\(days) วัน \(hours) ชม." }
        if hours > 0 { return rest == 0 ? "\(hours) ชม." : "\(hours) ชม. \(rest) นาที" }
        return "\(rest) นาที"
    }

    /// `14 ธันวาคม 2569 เวลา 09:30–12:00 น.`
    static func span(_ span: Span) -> String {
        let first = Day(of: span.start)
        let last = Day(of: span.end)
        let (from, to) = (TimeOfDay(of: span.start), TimeOfDay(of: span.end))
        if first == last { return "\(ThaiDate.long(first)) เวลา \(from)–\(to)\u{A0}น." }
        return "\(ThaiDate.long(first)) เวลา \(from)\u{A0}น. ถึง\(ThaiDate.long(last)) เวลา \(to)\u{A0}น."
    }

    /// `12,345`
    static func count(_ number: Int) -> String {
        var digits = String(abs(number))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits = String(digits.dropLast(3))
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// One digit behind the point: `4.3`.
    static func tenths(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }

    /// Hours with one digit behind the point, of minutes.
    static func hours(_ minutes: Int) -> String { tenths(Double(minutes) / 60) }
}

extension Office {
    /// The body that signs outward: the last word of the office's name, which names the section and the body; what
    /// stands in brackets behind it does not count.
    var body: String {
        thaiName.split(separator: " ").last { !$0.hasPrefix("(") }.map(String.init) ?? thaiName
    }
}

/// Arabic digits that people read in a document become Thai ones; tags, style rules, entities and what stands in
/// `<span class="latin">` stay.
func withThaiDigits(_ document: String) -> String {
    var out = ""
    var rest = document[...]
    var kept: String?
    while let open = rest.firstIndex(of: "<") {
        out += kept == nil ? thaiText(rest[..<open]) : String(rest[..<open])
        let close = rest[open...].firstIndex(of: ">") ?? rest.index(before: rest.endIndex)
        let tag = rest[open...close]
        if tag.hasPrefix("<style") { kept = "</style>" } else if tag == "<span class=\"latin\">" { kept = "</span>" }
        if let end = kept, tag == end { kept = nil }
        out += tag
        rest = rest[rest.index(after: close)...]
    }
    out += thaiText(rest)
    return out.replacing("counter(page)", with: "counter(page, thai)").replacing(
        "counter(pages)", with: "counter(pages, thai)")
}

private func thaiText(_ text: Substring) -> String {
    var out = ""
    var rest = text
    while let entity = rest.firstRange(of: "&#") {
        let end = rest[entity.upperBound...].firstIndex(of: ";") ?? entity.upperBound
        out += ThaiDate.thaiDigits(String(rest[..<entity.lowerBound])) + rest[entity.lowerBound..<end]
        rest = rest[end...]
    }
    return out + ThaiDate.thaiDigits(String(rest))
}

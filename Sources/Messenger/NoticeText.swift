// SPDX-License-Identifier: Apache-2.0
public import Desk

/// A notice as ways outside tell it: one sentence in Thai, one in English, what it is about, and where the work is done.
///
/// A telephone lies on a table and its messages on servers abroad, so a classified matter says when, and not what.
public struct NoticeText: Hashable, Sendable {
    public var thai: String
    public var english: String
    /// The matter's title; nil for a notice without a matter, and for a classified one.
    public var title: String?
    /// The page on which the work is done, from `/` on.
    public var path: String

    /// What is said when nothing of the matter may leave the house.
    public static let reduced = (thai: "ท่านมีงาน กรุณาเปิดระบบ", english: "You have a job: open the app.")

    public init(_ notice: Notice, matter: Matter?) {
        let start = matter?.letter.span.start
        (thai, english) = Self.sentences(notice.kind, start: start)
        if notice.isLate {
            thai = "(แจ้งล่าช้า) " + thai
            english = "(Late) " + english
        }
        title = matter.flatMap { $0.isSecret ? nil : $0.letter.title }
        path = Self.path(notice)
    }

    /// The notice with nothing of the matter in it; its page is the inbox.
    public var withoutContent: NoticeText {
        var bare = self
        (bare.thai, bare.english, bare.title, bare.path) = (Self.reduced.thai, Self.reduced.english, nil, "/inbox")
        return bare
    }

    private static func sentences(_ kind: Errand.Kind, start: Moment?) -> (String, String) {
        let when = start.map { "\(ThaiDate.short(Day(of: $0))) \(TimeOfDay(of: $0)) น." } ?? "–"
        let at = start.map { "\(ThaiDate.english(Day(of: $0))), \(TimeOfDay(of: $0))" } ?? "–"
        return switch kind {
        case .awaiting: ("มีเรื่องรอท่านดำเนินการ", "A matter waits for you.")
        case .assignment: ("ท่านได้รับมอบหมายงาน เริ่ม \(when)", "You are assigned to an occasion: \(at).")
        case .reminder: ("ใกล้ถึงเวลาให้บริการ เริ่ม \(when)", "Your occasion begins \(at).")
        case .change:
            ("งานของท่านเปลี่ยนแปลง ขณะนี้เริ่ม \(when)", "Your occasion has changed; it now begins \(at).")
        case .withdrawal: ("งานเริ่ม \(when) ยกเลิก หรือท่านไม่ต้องดูแลแล้ว", "Off, or no longer yours: \(at).")
        case .networkNotice: ("ขอให้เฝ้าระวังเครือข่าย เริ่ม \(when)", "Please watch the network from \(at).")
        case .unanswered: ("ผู้ปฏิบัติงานยังไม่รับทราบงานที่จะเริ่ม \(when)", "Somebody does not answer; it begins \(at).")
        case .calendarEntry: ("ลงปฏิทินภายนอก", "Into calendars outside.")
        case .drift: ("มีผู้แก้หรือลบงานเริ่ม \(when) ในปฏิทินภายนอก", "Changed or deleted in a calendar outside: \(at).")
        case .lapse: ("เรื่องปิดเองเมื่อพ้นกำหนดประเมิน", "A matter has closed by itself.")
        case .draftReport(let month):
            ("ร่างรายงานประจำเดือน\(ThaiDate.long(month)) พร้อมแล้ว", "The report of \(ThaiDate.english(month)) is drafted.")
        }
    }

    private static func path(_ notice: Notice) -> String {
        if case .draftReport(let month) = notice.kind { return "/reports/\(month)" }
        guard let id = notice.matter else { return "/inbox" }
        return switch notice.kind {
        case .assignment: "/matters/\(id)/preparation"
        case .reminder: "/matters/\(id)/service"
        case .networkNotice: "/watch"
        case .drift: "/drift"
        // There stands whom to call.
        case .unanswered: "/inbox"
        default: "/matters/\(id)"
        }
    }
}

extension String {
    /// At most so many UTF-16 units, which is how telephones' makers count; cut between letters, with `…` at the end.
    func clipped(utf16 limit: Int) -> String {
        if utf16.count <= limit { return self }
        var (kept, count) = ("", 1)
        for letter in self {
            count += letter.utf16.count
            if count > limit { break }
            kept.append(letter)
        }
        return limit > 0 ? kept + "…" : ""
    }
}

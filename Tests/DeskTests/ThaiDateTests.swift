// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@Suite("วันที่อย่างที่คนไทยเขียน")
struct ThaiDateTests {
    // swift-format-ignore
    static let read: [(String, String)] = [
        ("14/12/2569", "2026-12-14"), ("14-12-2569", "2026-12-14"), ("14.12.2569", "2026-12-14"),
        ("14 12 2569", "2026-12-14"), ("14/12/69", "2026-12-14"), ("4/2/69", "2026-02-04"),
        ("04/02/2569", "2026-02-04"), ("๑๔/๑๒/๒๕๖๙", "2026-12-14"), ("๑๔-๑๒-๖๙", "2026-12-14"),
        ("2026-12-14", "2026-12-14"), ("2569-12-14", "2026-12-14"), ("๒๕๖๙-๑๒-๑๔", "2026-12-14"),
        ("14 ธันวาคม 2569", "2026-12-14"), ("14 ธ.ค. 2569", "2026-12-14"), ("14 ธ.ค. 69", "2026-12-14"),
        ("14 ธค 2569", "2026-12-14"), ("14ธันวาคม2569", "2026-12-14"), ("๑๔ ธันวาคม ๒๕๖๙", "2026-12-14"),
        ("๑๔ ธ.ค. ๖๙", "2026-12-14"), ("14 ธันวาคม พ.ศ. 2569", "2026-12-14"), ("14 ธันวาคม พ.ศ.2569", "2026-12-14"),
        ("14 ธันวาคม พุทธศักราช 2569", "2026-12-14"), ("14 เดือนธันวาคม พศ 2569", "2026-12-14"),
        ("ที่ 14 ธันวาคม 2569", "2026-12-14"), ("วันที่ 14 ธันวาคม 2569", "2026-12-14"),
        ("วันจันทร์ที่ 14 ธันวาคม 2569", "2026-12-14"), ("วันจันทร์ที่ ๑๔ ธันวาคม ๒๕๖๙", "2026-12-14"),
        ("วันจันทร์ 14 ธันวาคม 2569", "2026-12-14"), ("วันพฤหัสบดีที่ 17 ธันวาคม 2569", "2026-12-17"),
        ("วันพฤหัสที่ 17 ธันวาคม 2569", "2026-12-17"), ("วันอาทิตย์ที่ 1 พฤศจิกายน 2569", "2026-11-01"),
        ("วันเสาร์ที่ 5 ธันวาคม 2569", "2026-12-05"), ("วันพุธที่ 2 ธันวาคม 2569", "2026-12-02"),
        ("วันศุกร์ที่ 4 ธันวาคม 2569", "2026-12-04"), ("วันอังคารที่ 1 ธันวาคม 2569", "2026-12-01"),
        ("  14/12/2569  ", "2026-12-14"), ("14 / 12 / 2569", "2026-12-14"), ("29/2/2571", "2028-02-29"),
        ("29 กุมภาพันธ์ 2571", "2028-02-29"), ("29 ก.พ. 71", "2028-02-29"), ("31/1/2570", "2027-01-31"),
        ("1 ม.ค. 2570", "2027-01-01"), ("1 มี.ค. 2570", "2027-03-01"), ("1 เม.ย. 2570", "2027-04-01"),
        ("1 พ.ค. 2570", "2027-05-01"), ("1 มิ.ย. 2570", "2027-06-01"), ("1 ก.ค. 2570", "2027-07-01"),
        ("1 ส.ค. 2570", "2027-08-01"), ("1 ก.ย. 2570", "2027-09-01"), ("1 ต.ค. 2570", "2027-10-01"),
        ("1 พ.ย. 2570", "2027-11-01"), ("1 มิย 2570", "2027-06-01"), ("1 มีนาคม 70", "2027-03-01"),
    ]

    @Test("อ่านได้", arguments: read)
    func reads(_ text: String, _ expected: String) throws {
        #expect(try ThaiDate.parse(text).description == expected)
    }

    // swift-format-ignore
    static let refused: [(String, DateFault)] = [
        ("", .empty), ("   ", .empty),
        ("31 กุมภาพันธ์ 2569", .noSuchDay), ("๓๑ กุมภาพันธ์ ๒๕๖๙", .noSuchDay), ("31/2/2569", .noSuchDay),
        ("29/2/2569", .noSuchDay), ("30/2/2571", .noSuchDay), ("31/4/2569", .noSuchDay), ("31 มิ.ย. 69", .noSuchDay),
        ("0/1/2569", .noSuchDay), ("32/1/2569", .noSuchDay), ("1/13/2569", .noSuchDay), ("1/0/2569", .noSuchDay),
        ("2026-02-29", .noSuchDay), ("12/14/2569", .noSuchDay),
        ("14/12/2026", .christianYear), ("14 ธันวาคม 2026", .christianYear), ("๑๔ ธ.ค. ๒๐๒๖", .christianYear),
        ("31/2/2026", .christianYear), ("14/12/1999", .christianYear),
        ("14/12/2300", .yearOutOfRange), ("14/12/2800", .yearOutOfRange), ("14/12/569", .yearOutOfRange),
        ("9999-01-01", .yearOutOfRange),
        ("วันอังคารที่ 14 ธันวาคม 2569", .wrongWeekday), ("วันพุธที่ ๑๔ ธันวาคม ๒๕๖๙", .wrongWeekday),
        ("วันพฤหัสที่ 14 ธันวาคม 2569", .wrongWeekday),
        ("พรุ่งนี้", .unreadable), ("14 ธันวาคม", .unreadable), ("ธันวาคม 2569", .unreadable), ("14/12", .unreadable),
        ("14 December 2026", .unreadable), ("14 ธันวาคม 256", .unreadable), ("14 ธันวาคม 2569 ค่ะ", .unreadable),
        ("114 ธันวาคม 2569", .unreadable), ("<script>", .unreadable), ("14/12/2569/1", .unreadable),
        ("-14/12/2569x", .unreadable), ("๑๔ ธนู ๒๕๖๙", .unreadable),
    ]

    @Test("อ่านไม่ได้ และบอกเหตุ", arguments: refused)
    func refuses(_ text: String, _ fault: DateFault) {
        #expect(throws: fault) { try ThaiDate.parse(text) }
    }

    @Test("ทุกวันในสองปี เขียนแล้วอ่านกลับได้วันเดิม")
    func roundTrips() throws {
        let first = Samples.day(2569, 1, 1)
        for offset in 0..<730 {
            let day = first.adding(days: offset)
            for text in [
                ThaiDate.long(day), ThaiDate.plain(day), ThaiDate.typed(day), day.description,
                ThaiDate.thaiDigits(ThaiDate.long(day)), ThaiDate.thaiDigits(ThaiDate.typed(day)),
            ] {
                #expect(try ThaiDate.parse(text) == day)
            }
        }
    }

    // swift-format-ignore
    static let times: [(String, String?)] = [
        ("9:30", "09:30"), ("09:30", "09:30"), ("09.30", "09:30"), ("0930", "09:30"), ("9.30 น.", "09:30"),
        ("๙.๓๐ น.", "09:30"), ("๐๙:๓๐", "09:30"), ("13:00 น", "13:00"), ("23:59", "23:59"), ("0:00", "00:00"),
        (" 16:30 ", "16:30"), ("24:00", nil), ("9:60", nil), ("9", nil), ("930", nil), ("9:3:0", nil), ("เก้าโมง", nil),
        ("-1:30", nil), ("9h30", nil), ("99:99", nil),
    ]

    @Test("เวลา 24 ชั่วโมง", arguments: times.indices)
    func readsTimes(_ index: Int) {
        let (text, expected) = Self.times[index]
        if let expected {
            #expect((try? ThaiDate.parseTime(text))?.description == expected, "\(text)")
        } else {
            #expect(throws: DateFault.unreadableTime) { try ThaiDate.parseTime(text) }
        }
        #expect(throws: DateFault.empty) { try ThaiDate.parseTime(" ") }
    }

    @Test("เขียนวันที่")
    func writes() {
        let day = Samples.day(2569, 12, 14)
        #expect(ThaiDate.long(day) == "วันจันทร์ที่ 14 ธันวาคม 2569")
        #expect(ThaiDate.plain(day) == "14 ธันวาคม 2569")
        #expect(ThaiDate.short(day) == "จ. 14 ธ.ค. 69")
        #expect(ThaiDate.typed(day) == "14/12/2569")
        #expect(ThaiDate.english(day) == "Monday 14 December 2026")
        #expect(ThaiDate.thaiDigits("123/2569") == "๑๒๓/๒๕๖๙")
        #expect(ThaiDate.arabicDigits("๑๒๓/๒๕๖๙") == "123/2569")
        #expect(Month("2569-11").map { ThaiDate.long($0) } == "พฤศจิกายน 2569")
    }
}

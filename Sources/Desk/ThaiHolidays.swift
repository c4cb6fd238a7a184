// SPDX-License-Identifier: Apache-2.0

/// The public holidays with which a new installation begins (วันหยุดราชการ). Afterwards the office keeps its own table.
///
/// Days on which government offices are shut; Labour Day is not one of them, and the Royal Ploughing Day of 2570 is
/// added when the Royal Household has announced it. A substitute follows a holiday that falls on a weekend.
public enum ThaiHolidays {
    /// B.E. 2569 and 2570, earliest first.
    public static let table: [Holiday] = (year2569 + year2570).compactMap(\.holiday)

    /// One line of the table as it is written down here.
    private struct Line {
        var month: Int
        var day: Int
        var buddhistYear: Int
        var kind: Holiday.Kind
        var name: String
        var source: String

        var holiday: Holiday? {
            Day(year: buddhistYear - 543, month: month, day: day).map {
                Holiday(day: $0, name: name, kind: kind, source: source)
            }
        }
    }

    private static let law =
        "ประกาศสำนักนายกรัฐมนตรี เรื่อง กำหนดเวลาทำงานและวันหยุดราชการ พ.ศ. 2502 และที่แก้ไขเพิ่มเติม"
    private static let substitution = "มติคณะรัฐมนตรี 1 พฤษภาคม 2544 และ 3 กุมภาพันธ์ 2547 ให้หยุดชดเชยในวันทำการถัดไป ไม่เกิน 1 วัน"
    private static let lunar = "\(law) · วันตามจันทรคติ คำนวณล่วงหน้า รอประกาศ"
    private static let lunarSubstitution = "\(substitution) · คำนวณล่วงหน้า รอประกาศ"

    // swift-format-ignore
    private static let year2569: [Line] = [
        in2569( 1,  1, .law,        "วันขึ้นปีใหม่", law),
        in2569( 1,  2, .special,    "วันหยุดราชการเพิ่มเป็นกรณีพิเศษ", "มติคณะรัฐมนตรี 12 พฤศจิกายน 2567"),
        in2569( 3,  3, .law,        "วันมาฆบูชา", law),
        in2569( 4,  6, .law,        "วันจักรี", law),
        in2569( 4, 13, .law,        "วันสงกรานต์", law),
        in2569( 4, 14, .law,        "วันสงกรานต์", law),
        in2569( 4, 15, .law,        "วันสงกรานต์", law),
        in2569( 5,  4, .law,        "วันฉัตรมงคล", law),
        in2569( 5, 13, .law,        "วันพระราชพิธีพืชมงคลจรดพระนังคัลแรกนาขวัญ", "\(law) · ประกาศสำนักพระราชวัง"),
        in2569( 5, 31, .law,        "วันวิสาขบูชา", law),
        in2569( 6,  1, .substitute, "ชดเชยวันวิสาขบูชา", substitution),
        in2569( 6,  3, .law,        "วันเฉลิมพระชนมพรรษาสมเด็จพระนางเจ้าฯ พระบรมราชินี", law),
        in2569( 7, 28, .law,        "วันเฉลิมพระชนมพรรษาพระบาทสมเด็จพระเจ้าอยู่หัว", law),
        in2569( 7, 29, .law,        "วันอาสาฬหบูชา", law),
        in2569( 7, 30, .law,        "วันเข้าพรรษา", law),
        in2569( 8, 12, .law,        "วันแม่แห่งชาติ", law),
        in2569(10, 13, .law,        "วันนวมินทรมหาราช", law),
        in2569(10, 23, .law,        "วันปิยมหาราช", law),
        in2569(12,  5, .law,        "วันชาติ และวันพ่อแห่งชาติ", law),
        in2569(12,  7, .substitute, "ชดเชยวันชาติ และวันพ่อแห่งชาติ", substitution),
        in2569(12, 10, .law,        "วันรัฐธรรมนูญ", law),
        in2569(12, 31, .law,        "วันสิ้นปี", law),
    ]

    // swift-format-ignore
    private static let year2570: [Line] = [
        in2570( 1,  1, .law,        "วันขึ้นปีใหม่", law),
        in2570( 2, 21, .law,        "วันมาฆบูชา", lunar),
        in2570( 2, 22, .substitute, "ชดเชยวันมาฆบูชา", lunarSubstitution),
        in2570( 4,  6, .law,        "วันจักรี", law),
        in2570( 4, 13, .law,        "วันสงกรานต์", law),
        in2570( 4, 14, .law,        "วันสงกรานต์", law),
        in2570( 4, 15, .law,        "วันสงกรานต์", law),
        in2570( 5,  4, .law,        "วันฉัตรมงคล", law),
        in2570( 5, 20, .law,        "วันวิสาขบูชา", lunar),
        in2570( 6,  3, .law,        "วันเฉลิมพระชนมพรรษาสมเด็จพระนางเจ้าฯ พระบรมราชินี", law),
        in2570( 7, 18, .law,        "วันอาสาฬหบูชา", lunar),
        in2570( 7, 19, .law,        "วันเข้าพรรษา", lunar),
        in2570( 7, 20, .substitute, "ชดเชยวันอาสาฬหบูชา", lunarSubstitution),
        in2570( 7, 28, .law,        "วันเฉลิมพระชนมพรรษาพระบาทสมเด็จพระเจ้าอยู่หัว", law),
        in2570( 8, 12, .law,        "วันแม่แห่งชาติ", law),
        in2570(10, 13, .law,        "วันนวมินทรมหาราช", law),
        in2570(10, 23, .law,        "วันปิยมหาราช", law),
        in2570(10, 25, .substitute, "ชดเชยวันปิยมหาราช", substitution),
        in2570(12,  5, .law,        "วันชาติ และวันพ่อแห่งชาติ", law),
        in2570(12,  6, .substitute, "ชดเชยวันชาติ และวันพ่อแห่งชาติ", substitution),
        in2570(12, 10, .law,        "วันรัฐธรรมนูญ", law),
        in2570(12, 31, .law,        "วันสิ้นปี", law),
    ]

    private static func in2569(_ month: Int, _ day: Int, _ kind: Holiday.Kind, _ name: String, _ source: String) -> Line
    {
        Line(month: month, day: day, buddhistYear: 2569, kind: kind, name: name, source: source)
    }

    private static func in2570(_ month: Int, _ day: Int, _ kind: Holiday.Kind, _ name: String, _ source: String) -> Line
    {
        Line(month: month, day: day, buddhistYear: 2570, kind: kind, name: name, source: source)
    }
}

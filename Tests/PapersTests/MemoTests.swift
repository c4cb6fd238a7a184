// SPDX-License-Identifier: Apache-2.0
import Desk
import Foundation
import Papers
import Testing

/// A memo that every memo test prints; nobody in it exists.
enum Sample {
    static func memo(_ form: Memo.Form = .memo) -> Memo {
        var memo = Memo(
            form: form, agency: "สำนักคอมพิวเตอร์ งานบริการเทคโนโลยีดิจิทัล", phone: "0-0000-0000 ต่อ 42",
            number: "อว 0000.1/123", date: Day(year: 2026, month: 12, day: 1),
            subject: "รายงานผลการปฏิบัติงานประจำเดือน พฤศจิกายน 2569 การให้บริการประชุมออนไลน์และถ่ายทอดสดออนไลน์",
            addressee: "ผู้อำนวยการสำนักคอมพิวเตอร์", parts: parts,
            signature: .init(name: "นางสาวรุ่งอรุณ ใจดีเสมอ", position: ["หัวหน้างานบริการเทคโนโลยีดิจิทัล"]))
        memo.enclosures = ["รายละเอียดการให้บริการรายเรื่อง จำนวน 1 ชุด", "ผลการประเมินความพึงพอใจ จำนวน 1 ฉบับ"]
        if form == .letter {
            memo.agency = "สำนักคอมพิวเตอร์ มหาวิทยาลัยตัวอย่าง"
            memo.address = ["ตำบลริมน้ำ อำเภอเมืองใหม่", "จังหวัดตัวอย่าง 00000"]
            memo.references = ["หนังสือโรงเรียนบ้านหนองน้ำใส ที่ ศธ 0000/45 ลงวันที่ 20 พฤศจิกายน 2569"]
        }
        return memo
    }

    static let parts: [Memo.Part] = [
        .paragraph(
            """
            ตามที่สำนักคอมพิวเตอร์ได้มอบหมายให้งานบริการเทคโนโลยีดิจิทัลดำเนินการให้บริการประชุมออนไลน์และ\
            ถ่ายทอดสดออนไลน์แก่หน่วยงานทั้งภายในและภายนอกมหาวิทยาลัย ซึ่งการประชุมที่ผู้เข้าร่วมประชุมอยู่กันคนละสถานที่ \
            สามารถประชุมร่วมกันและมีปฏิสัมพันธ์โต้ตอบกันได้ทันทีนั้น
            """),
        .paragraph(
            """
            บัดนี้ การให้บริการประจำเดือนพฤศจิกายน 2569 เสร็จสิ้นแล้ว มีเรื่องที่รับไว้ทั้งสิ้น 24 เรื่อง ให้บริการแล้วเสร็จ 21 เรื่อง \
            เจ้าหน้าที่จัดเตรียมอุปกรณ์และทดสอบระบบก่อนให้บริการ 1 วันทำการครบทุกเรื่อง ผู้ใช้บริการมีความพึงพอใจในระดับดีมาก \
            ทั้งนี้ มีเรื่องที่ล่าช้ากว่ากำหนด 2 เรื่อง เนื่องจากผู้บริหารเดินทางไปราชการต่างจังหวัด
            """),
        .numbered(["การประชุมออนไลน์ 15 เรื่อง", "การถ่ายทอดสดออนไลน์ 6 เรื่อง", "ทั้งสองอย่าง 3 เรื่อง"]),
        .paragraph("จึงเรียนมาเพื่อโปรดทราบและพิจารณา"),
    ]

    static var charts: [Memo.Part] {
        let bars = Charts.bars(
            id: "units", title: "จำนวนเรื่องตามหน่วยงาน", description: "คณะวิทยาศาสตร์ 9 เรื่อง กองกลาง 5 เรื่อง",
            [
                .init("คณะวิทยาศาสตร์", 9, text: "9 เรื่อง"), .init("กองกลาง", 5, text: "5 เรื่อง"),
                .init("สำนักวิทยบริการ", 2, text: "2 เรื่อง (ล่าช้า)", isOver: true),
            ])
        let columns = Charts.columns(
            id: "weeks", title: "จำนวนเรื่องรายสัปดาห์", description: "สี่สัปดาห์", series: ["ประชุมออนไลน์", "ถ่ายทอดสด"],
            [
                .init("สัปดาห์ที่ 1", [4, 2]), .init("สัปดาห์ที่ 2", [6, 0]), .init("สัปดาห์ที่ 3", [0, 0]),
                .init("สัปดาห์ที่ 4", [3, 5]),
            ])
        let strip = Charts.strip(
            id: "limits", title: "ระยะเวลาพิจารณาเทียบกับกำหนด", description: "มัธยฐาน 2 ชั่วโมง",
            [
                .init(
                    "อนุมัติ / ไม่อนุมัติ", values: [0.5, 1, 2, 2, 3, 9, 30], median: 2, ninetieth: 20, limit: 24,
                    text: "มัธยฐาน 2 ชม. · 90% ภายใน 20 ชม. · กำหนด 24 ชม."),
                .init(
                    "รับเรื่อง", values: [3, 4, 12], median: 4, ninetieth: 12, limit: 5,
                    text: "มัธยฐาน 4 นาที · 90% ภายใน 12 นาที · กำหนด 5 นาที"),
            ])
        return [.heading("ภาคผนวก")]
            + [bars, columns, strip].map { .markup("<figure>\($0.paper)<figcaption>รูปตัวอย่าง</figcaption></figure>") }
    }
}

@Suite struct MemoTests {
    @Test(arguments: Memo.Form.allCases) func looksAsItDid(form: Memo.Form) throws {
        try expectGolden(Sample.memo(form).document, "\(form.rawValue).html")
    }

    @Test func aDocumentLooksAsItDid() throws {
        try expectGolden(PaperStyle.document(title: "ทะเบียน <รับ>", body: "<h1>ทะเบียน</h1>"), "document.html")
    }

    @Test func markupInAFieldStaysText() {
        let evil = "</style><img src=\"http://example.ac.th/x\" onerror='x'>"
        let memo = Memo(
            agency: evil, phone: evil, number: evil, date: nil, subject: evil, addressee: evil,
            parts: [.paragraph(evil), .heading(evil), .numbered([evil])],
            signature: .init(name: evil, position: [evil]))
        // Title, agency and phone, number, subject, addressee, three parts, name, position.
        #expect(memo.document.components(separatedBy: html(evil)).count - 1 == 11)
        #expect(memo.document.components(separatedBy: evil).count == 1)
    }

    @Test func controlCharactersAreLeftOut() {
        #expect(html("ก\u{0}\u{8}\u{7F}ข\t<&>\"'") == "กข\t&lt;&amp;&gt;&quot;&#39;")
    }
}

/// Compares with Tests/Golden/NAME; `make golden` writes it anew, and its difference is then read by a person.
func expectGolden(_ text: String, _ name: String, _ place: SourceLocation = #_sourceLocation) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Golden/Papers/" + name)
    if ProcessInfo.processInfo.environment["SANYAN_GOLDEN"] == "write" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(text == kept, "differs from \(file.path)", sourceLocation: place)
}

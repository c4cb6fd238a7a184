// SPDX-License-Identifier: Apache-2.0

extension SpecimenPage {
    static let allChips: [ChipRow] = [
        ChipRow(.waiting, "รอพิจารณา"), ChipRow(.due, "ใกล้ครบกำหนด"), ChipRow(.overdue, "เกินกำหนด"),
        ChipRow(.approved, "อนุมัติแล้ว"), ChipRow(.returned, "ส่งคืน"), ChipRow(.live, "กำลังถ่ายทอดสด"),
        ChipRow(.done, "ปิดเรื่อง"),
    ]

    static func everything(_ paper: Stationery, _ language: Language) -> SpecimenPage {
        let fields = sampleFields
        return SpecimenPage(
            frame: paper.frame(
                .sample(language), title: "โต๊ะทำงานของสำนักงานเลขานุการ",
                lead: "วันจันทร์ที่ 23 พฤศจิกายน 2569 มีเรื่องรอท่าน 3 เรื่อง",
                notice: NoticeRow(.good, "ลงรับหนังสือแล้ว เลขรับ 128/2569"), scripts: ["enhance.js"]),
            errors: ErrorSummary(fields),
            figures: [PairRow("รอลงรับ", "3"), PairRow("รอผู้บริหาร", "5"), PairRow("วันนี้", "2"), PairRow("เกินกำหนด", "1")],
            chips: allChips,
            rows: [
                TableRow(
                    number: "128/2569", title: "ขอความอนุเคราะห์ถ่ายทอดสดพิธีไหว้ครู ประจำปีการศึกษา 2569", chip: allChips[0]),
                TableRow(
                    number: "127/2569", title: "ขอใช้ห้องประชุมออนไลน์ การประชุมคณะกรรมการประจำคณะ ครั้งที่ 11/2569",
                    chip: allChips[2]),
                TableRow(number: "126/2569", title: "ถ่ายทอดสดการแข่งขันหุ่นยนต์ระดับมัธยมศึกษา", chip: allChips[5]),
            ],
            fields: fields, days: sampleDays, chart: sampleChart,
            limit: LimitRow(
                .due, name: "พิจารณาภายใน 24 ชั่วโมง", left: "เหลือ 3 ชั่วโมง 20 นาที", usedPercent: 86,
                why: "นับตามชั่วโมงนาฬิกา ครบกำหนดวันอังคารที่ 24 พฤศจิกายน 2569 เวลา 09.04 น."),
            steps: sampleSteps,
            pairs: [
                PairRow("หน่วยงาน", "คณะตัวอย่างศาสตร์"), PairRow("วันเวลา", "พฤ. 26 พ.ย. 69 09.00–12.00 น."),
                PairRow("หนังสือ", "หนังสือขอความอนุเคราะห์.pdf", link: "/storybook"),
            ],
            entries: [
                EntryRow(
                    "ส่งคืนเพื่อแก้ไข", when: "จ. 23 พ.ย. 69 10.12 น.", iso: "2026-11-23T10:12+07:00", who: "วันดี ตัวอย่าง",
                    note: "ยังไม่ได้ระบุสถานที่จัดงาน และไม่มีลายมือชื่อผู้บังคับบัญชา"),
                EntryRow("รับเรื่องจากแบบฟอร์มบนเว็บ", when: "จ. 23 พ.ย. 69 09.00 น.", iso: "2026-11-23T09:00+07:00"),
            ])
    }

    private static var sampleFields: [FieldRow] {
        [
            FieldRow("title", "ชื่องาน", value: "พิธีไหว้ครู <b>2569</b>", hint: "ตามที่ปรากฏในหนังสือ"),
            FieldRow(
                "date", "วันที่จัดงาน", value: "31/2/2569", hint: "วัน/เดือน/ปี พ.ศ. เช่น 14/12/2569",
                error: "เดือนกุมภาพันธ์ 2569 มี 28 วัน กรุณาตรวจสอบวันที่", isShort: true, autocomplete: "off", list: "units"),
            FieldRow(
                "service", "บริการที่ขอ",
                .radios([
                    .init("meeting", "ประชุมออนไลน์", isChosen: true), .init("broadcast", "ถ่ายทอดสด"),
                    .init("both", "ทั้งสองอย่าง"),
                ])),
            FieldRow(
                "papers", "เอกสารครบ", .checks([.init("date", "วันเวลา", isChosen: true), .init("place", "สถานที่")])),
            FieldRow("room", "ห้อง", .select([.init("", "เลือกห้อง"), .init("a", "ห้องประชุมออนไลน์ 1", isChosen: true)])),
            FieldRow("note", "หมายเหตุ", .area, value: "ต้องการกล้อง 2 ตัว\n  และไมโครโฟนไร้สาย", isRequired: false),
            FieldRow(
                "letter", "หนังสือขอความอนุเคราะห์", .file(accept: ".pdf,.jpg,.png,.docx"),
                hint: "PDF, JPEG, PNG หรือ DOCX ไม่เกิน 50 MB"),
        ]
    }

    private static var sampleSteps: [StepRow] {
        [
            StepRow(row: "1", .done, name: "สำนักงานเลขานุการรับเรื่อง", placeWord: "เสร็จแล้ว", said: "09.04 น. ใช้เวลา 4 นาที"),
            StepRow(row: "2", .done, name: "เสนอผู้บริหาร", placeWord: "เสร็จแล้ว", said: "09.31 น."),
            StepRow(row: "3", .here, name: "อนุมัติ / ไม่อนุมัติ", placeWord: "อยู่ขั้นนี้", said: "รอผู้บริหารพิจารณา"),
            StepRow(row: "4", .ahead, name: "มอบหมาย จัดเตรียมและทดสอบอุปกรณ์", placeWord: "ต่อไป"),
            StepRow(row: "5", .ahead, name: "ให้บริการ", placeWord: "ต่อไป"),
            StepRow(row: "6", .ahead, name: "ประเมินผลและรายงาน", placeWord: "ต่อไป"),
        ]
    }

    private static var sampleDays: [DayRow] {
        (16...29).map { date in
            DayRow(
                date: String(date), long: "วันที่", isOff: date % 7 < 2 && date > 20, isToday: date == 23,
                holiday: date == 27 ? "วันหยุดตัวอย่าง" : nil,
                items: date == 23
                    ? [.init(tone: "live", text: "09.00 ถ่ายทอดสดหุ่นยนต์"), .init(tone: "approved", text: "13.30 ประชุม")]
                    : date == 26 ? [.init(tone: "waiting", text: "09.00 พิธีไหว้ครู")] : [])
        }
    }

    private static var sampleChart: Markup {
        let bars = [("ก.ย.", 12), ("ต.ค.", 19), ("พ.ย.", 15)]
        let shapes = bars.enumerated().map { index, bar in
            let x = 60 + index * 150
            return """
                <rect class="bar" x="\(x)" y="\(150 - bar.1 * 6)" width="80" height="\(bar.1 * 6)" rx="4"/>\
                <text x="\(x + 40)" y="\(142 - bar.1 * 6)" text-anchor="middle">\(bar.1)</text>\
                <text class="faint" x="\(x + 40)" y="174" text-anchor="middle">\(bar.0)</text>
                """
        }
        return Markup(
            "<svg class=\"chart\" viewBox=\"0 0 500 184\" role=\"img\" aria-label=\"ก.ย. 12, ต.ค. 19, พ.ย. 15\">"
                + shapes.joined() + "<path class=\"axis\" d=\"M30 150h440\"/></svg>")
    }
}

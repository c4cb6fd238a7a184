// SPDX-License-Identifier: Apache-2.0

/// The specimen sheet of the storybook: every component once, with invented content. Nobody meets it in the office.
struct SpecimenPage: Page {
    static let template = "specimen"
    let frame: Frame
    let errors: ErrorSummary?
    let figures: [PairRow]
    let chips: [ChipRow]
    let tableTitle = "เรื่องที่รอดำเนินการ"
    let columns = ["เลขรับ", "เรื่อง", "สถานะ"]
    let rows: [TableRow]
    let formTitle = "ขอใช้บริการ"
    let fields: [FieldRow]
    let approve = "อนุมัติ"
    let later = "บันทึกไว้ก่อน"
    let decline = "ไม่อนุมัติ"
    let declineWarning = "เรื่องจะส่งคืนหน่วยงานที่ขอพร้อมเหตุผล และออกเลขส่งให้โดยอัตโนมัติ"
    let calendarTitle = "ปฏิทิน พฤศจิกายน 2569"
    let weekdays = ["จันทร์", "อังคาร", "พุธ", "พฤหัสฯ", "ศุกร์", "เสาร์", "อาทิตย์"]
    let days: [DayRow]
    let chartTitle = "จำนวนครั้งที่ให้บริการ"
    let chart: Markup
    let stepsTitle = "แฟ้มอยู่ที่ไหน"
    let limit: LimitRow
    let steps: [StepRow]
    let pairsTitle = "รายละเอียด"
    let pairs: [PairRow]
    let folderTitle = "ความเคลื่อนไหว"
    let entries: [EntryRow]

    struct TableRow: Sendable {
        let numberLabel = "เลขรับ"
        let titleLabel = "เรื่อง"
        let stateLabel = "สถานะ"
        let number: String
        let title: String
        let chip: ChipRow
    }

    struct DayRow: Sendable {
        let date: String
        let long: String
        let isOff: Bool
        let isToday: Bool
        let holiday: String?
        let items: [Item]

        struct Item: Sendable {
            let tone: String
            let text: String
        }
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        [
            Sample("everything", everything(paper, .thai)),
            Sample("english-frame", everything(paper, .english)),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// The months with their reports, newest first.
struct ReportsPage: Page {
    static let template = "reports"
    let frame: Frame
    let rows: [MonthRow]

    struct MonthRow: Sendable {
        let month: String
        let path: String
        let state: ChipRow
        let presented: String
        let acknowledged: String
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/reports")
        let words = paper.words(visit)
        return [
            Sample(
                "months",
                ReportsPage(
                    frame: paper.frame(visit, title: words("reports.title"), lead: words("reports.lead")),
                    rows: [
                        MonthRow(
                            month: "พฤศจิกายน 2569", path: "/reports/2569-11",
                            state: ChipRow(.waiting, words("report.state.preliminary")), presented: "–",
                            acknowledged: "–"),
                        MonthRow(
                            month: "ตุลาคม 2569", path: "/reports/2569-10",
                            state: ChipRow(.done, words("report.state.acknowledged")),
                            presented: "นางสมศรี ใจเย็น · จ. 2 พ.ย. 69 10:15 น.",
                            acknowledged: "ผู้ช่วยศาสตราจารย์วิชัย ฟังก่อน · อ. 3 พ.ย. 69 13:40 น."),
                    ]))
        ]
    }
}

extension Counter {
    /// GET /reports
    func showReports(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, .executive, .officer, .administrator, visit: visit)
        let (words, phrases) = (words(visit), phrases(visit))
        let kept = try await cabinet.reports()
        let names = try await names()
        let running = Month(of: now())
        let months = Set(kept.map(\.month)).union([running, running.previous]).sorted(by: >)
        let rows = months.map { month in
            let record = kept.first { $0.month == month }
            func line(_ at: Moment?, _ by: Person.ID?) -> String {
                at.map { "\(names.person(by)) · \(phrases.moment($0))" } ?? "–"
            }
            return ReportsPage.MonthRow(
                month: phrases.month(month), path: "/reports/\(month)",
                state: ChipRow(
                    record ?? ReportRecord(month: month, draftedAt: now()), isDrafted: record != nil,
                    isRunning: month == running, words),
                presented: line(record?.presentedAt, record?.presentedBy),
                acknowledged: line(record?.acknowledgedAt, record?.acknowledgedBy))
        }
        let page = ReportsPage(
            frame: frame(visit, words("reports.title"), lead: words("reports.lead")), rows: rows)
        return paper.show(page, to: visit)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Desk

/// The names that the report prints for the numbers in it.
public struct PaperNames: Sendable {
    public var people: [Person.ID: String]
    public var rooms: [Room.ID: String]
    /// A matter's register number and title.
    public var matters: [Matter.ID: String]

    public init(people: [Person.ID: String], rooms: [Room.ID: String], matters: [Matter.ID: String]) {
        self.people = people
        self.rooms = rooms
        self.matters = matters
    }
}

/// The charts of the monthly report, for the page and for the memo; charts of nothing are left out.
public struct ReportCharts: Sendable {
    public enum Name: String, Sendable, CaseIterable {
        case weeks, units, limits, satisfaction, loads
    }

    let report: MonthlyReport
    let names: PaperNames

    public init(_ report: MonthlyReport, names: PaperNames) {
        self.report = report
        self.names = names
    }

    /// Every chart that has something to show, in the report's order.
    public var all: [(name: Name, chart: Chart)] {
        Name.allCases.compactMap { name in chart(name).map { (name, $0) } }
    }

    public func chart(_ name: Name) -> Chart? {
        switch name {
        case .weeks: weeks
        case .units: units
        case .limits: limits
        case .satisfaction: satisfaction
        case .loads: loads
        }
    }

    private var weeks: Chart? {
        guard !report.served.isEmpty else { return nil }
        let columns = report.byWeek.enumerated().map { index, week in
            let counts = report.byService.map { kind in Set(kind.matters).intersection(week.matters).count }
            let first = index * 7 + 1
            let last = min(first + 6, Day.length(ofMonth: report.month.month, year: report.month.year))
            return Charts.Column("วันที่ \(first)–\(last)", counts)
        }
        let said = report.byWeek.enumerated().map { "สัปดาห์ที่ \($0 + 1) \($1.count) ครั้ง" }.joined(separator: ", ")
        let days = Day.length(ofMonth: report.month.month, year: report.month.year)
        return Charts.columns(
            id: "chart-weeks", title: "จำนวนครั้งที่ให้บริการรายสัปดาห์", description: said,
            series: Service.allCases.map { PaperWords.name($0) }, days == 28 ? Array(columns.prefix(4)) : columns)
    }

    private var units: Chart? {
        guard !report.byUnit.isEmpty else { return nil }
        var bars = report.byUnit.prefix(8).map { count in
            Charts.Bar(shortened(label(count)), Double(count.count), text: "\(count.count) เรื่อง")
        }
        let others = report.byUnit.dropFirst(8).reduce(0) { $0 + $1.count }
        if others > 0 { bars.append(.init("หน่วยงานอื่น", Double(others), text: "\(others) เรื่อง")) }
        return Charts.bars(
            id: "chart-units", title: "จำนวนเรื่องตามหน่วยงานที่ขอ", description: said(bars), bars)
    }

    private var limits: Chart? {
        // The steps that are ours alone stand in the table; the strips show the published ones.
        let rows = report.compliance.compactMap { row -> Charts.Spread? in
            guard row.step != .sendBack, row.step != .evaluation, let half = row.share(50), let most = row.share(90),
                let median = row.median,
                let ninetieth = row.ninetieth
            else { return nil }
            return Charts.Spread(
                PaperWords.name(row.step), values: row.shares, median: half, ninetieth: most, limit: 1,
                text: "มัธยฐาน \(PaperWords.length(median)) · 90% ภายใน \(PaperWords.length(ninetieth)) · กำหนด"
                    + PaperWords.limit(row.limit, .clock))
        }
        guard !rows.isEmpty else { return nil }
        return Charts.strip(
            id: "chart-limits", title: "ระยะเวลาดำเนินการเทียบกับกำหนด",
            description: rows.map { "\($0.label): \($0.text)" }.joined(separator: "; "), rows)
    }

    private var satisfaction: Chart? {
        guard let marks = report.satisfaction else { return nil }
        let words = ["ควรปรับปรุง", "พอใช้", "ปานกลาง", "ดี", "ดีมาก"]
        let bars = marks.distribution.enumerated().reversed().map { index, count in
            Charts.Bar("\(index + 1) \(words[index])", Double(count), text: "\(count) ราย")
        }
        return Charts.bars(
            id: "chart-satisfaction", title: "คะแนนความพึงพอใจโดยรวม", description: said(bars), bars)
    }

    private var loads: Chart? {
        guard !report.loads.isEmpty else { return nil }
        let bars = report.loads.map { load in
            Charts.Bar(
                shortened(names.people[load.officer] ?? "–"), Double(load.minutes),
                text: "\(PaperWords.hours(load.minutes)) ชม.")
        }
        return Charts.bars(id: "chart-loads", title: "ชั่วโมงให้บริการของเจ้าหน้าที่", description: said(bars), bars)
    }

    private func said(_ bars: [Charts.Bar]) -> String {
        bars.map { "\($0.label) \($0.text)" }.joined(separator: ", ")
    }

    /// The label's column is 200 units wide, about 19 Thai letters on the screen.
    private func shortened(_ text: String) -> String { text.count <= 19 ? text : String(text.prefix(18)) + "…" }

    /// The words for what a count counts.
    func label(_ count: MonthlyReport.Count) -> String {
        switch count.label {
        case .service(let service): PaperWords.name(service)
        case .unit(let unit): unit
        case .room(let room): names.rooms[room] ?? "–"
        case .ownPlace: "สถานที่ของหน่วยงานเอง"
        case .stage(let stage): PaperWords.name(stage)
        case .officer(let person): names.people[person] ?? "–"
        case .severity(let severity): PaperWords.name(severity)
        case .origin(let origin): PaperWords.name(origin)
        case .week(let week): "สัปดาห์ที่ \(week)"
        }
    }
}

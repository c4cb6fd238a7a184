// SPDX-License-Identifier: Apache-2.0

import Desk

/// Turns a month's numbers into rows of the page, each with its link.
struct ReportDrawing {
    let report: MonthlyReport
    let names: Names
    let matters: [Matter.ID: String]
    let phrases: Phrases
    private var words: Words { phrases.words }

    /// A number and the list that opens behind it: `/matters?ids=3,9&of=…`.
    func figure(_ name: String, _ value: String, _ ids: [Matter.ID]) -> ReportPage.Figure {
        var seen: Set<Matter.ID> = []
        let once = ids.filter { seen.insert($0).inserted }
        let list = once.map(\.description).joined(separator: ",")
        let of = percentEncoded("\(name) · \(phrases.month(report.month))")
        return .init(name: name, value: value, link: once.isEmpty ? nil : "/matters?ids=\(list)&of=\(of)")
    }

    var figures: [ReportPage.Figure] {
        let incidents = report.incidents.reduce(0) { $0 + $1.count }
        var rows = [
            figure(words("report.matters"), grouped(report.matters.count), report.matters),
            figure(words("report.served"), grouped(report.served.count), report.served),
            figure(words("report.hours"), tenths(Double(report.servedMinutes) / 60), report.served),
            figure(words("report.audience"), grouped(report.audience), report.counted),
            figure(words("report.peak"), grouped(report.peakAudience), report.counted),
            figure(words("report.incidents"), grouped(incidents), report.withIncidents),
        ]
        if !report.air.matters.isEmpty {
            let air = report.air
            rows += [
                figure(words("report.aired"), grouped(air.matters.count), air.matters),
                figure(words("report.viewerMinutes"), grouped(air.viewerMinutes), air.matters),
                figure(words("report.airPeak"), grouped(air.peak), air.atPeak),
                figure(words("report.airAverage"), grouped(air.average), air.matters),
                figure(words("report.interruptions"), grouped(air.interruptions), air.interrupted),
            ]
        }
        if !report.meetings.matters.isEmpty {
            let met = report.meetings
            rows += [
                figure(words("report.met"), grouped(met.matters.count), met.matters),
                figure(words("report.metPeople"), grouped(met.people), met.matters),
                figure(words("report.personMinutes"), grouped(met.personMinutes), met.matters),
                figure(words("report.metPeak"), grouped(met.peak), met.atPeak),
                figure(words("report.votes"), grouped(met.votes), met.voted),
                figure(words("report.metInterruptions"), grouped(met.interruptions), met.interrupted),
                figure(words("report.metLoss"), phrases.hundredths(met.lossBasisPoints) + "%", met.matters),
            ]
        }
        if let marks = report.satisfaction {
            rows.append(figure(words("report.satisfaction"), tenths(marks.overall), marks.matters))
        }
        if !report.overridden.isEmpty {
            rows.append(figure(words("report.overridden"), grouped(report.overridden.count), report.overridden))
        }
        return rows
    }

    var tables: [ReportPage.CountTable] {
        [
            table("report.byService", report.byService), table("report.byUnit", report.byUnit),
            table("report.byRoom", report.byRoom), table("report.byOutcome", report.byOutcome),
            table("report.byWeek", report.byWeek), table("report.byOrigin", report.byOrigin),
            table("report.bySeverity", report.incidents), marks,
        ].filter { !$0.rows.isEmpty }
    }

    private func table(_ title: String, _ counts: [MonthlyReport.Count]) -> ReportPage.CountTable {
        .init(
            title: words("\(title)"), column: words("report.count"),
            rows: counts.map { figure(label($0.label), String($0.count), $0.matters) })
    }

    private var marks: ReportPage.CountTable {
        guard let marks = report.satisfaction else { return .init(title: "", column: "", rows: []) }
        let means = [("overall", marks.overall), ("signal", marks.signal), ("staff", marks.staff)].map { key, mean in
            figure(words("report.mark.\(key)"), tenths(mean), marks.matters)
        }
        return .init(title: words("report.marks"), column: words("report.mean"), rows: means)
    }

    func label(_ label: MonthlyReport.Label) -> String {
        switch label {
        case .service(let service): phrases.service(service)
        case .unit(let unit): unit
        case .room(let room): names.room(room)
        case .ownPlace: words("report.ownPlace")
        case .stage(let stage): phrases.stage(stage)
        case .officer(let person): names.person(person)
        case .severity(let severity): phrases.severity(severity)
        case .origin(let origin): phrases.origin(origin)
        case .week(let week): words("report.week", week)
        }
    }

    var limits: [ReportPage.LimitsRow] {
        report.compliance.map { row in
            let step = phrases.step(row.step)
            return .init(
                step: step, limit: phrases.limit(row.limit, row.counting),
                count: figure(step, String(row.matters.count), row.matters),
                median: row.median.map(phrases.length) ?? "–", ninetieth: row.ninetieth.map(phrases.length) ?? "–",
                percent: row.percentInTime.map { tenths($0) + "%" } ?? "–", isKept: row.late.isEmpty,
                late: figure(words("report.lateOf", step), String(row.late.count), row.late.map(\.matter)))
        }
    }

    var late: [ReportPage.LateRow] {
        report.compliance.flatMap { row in
            row.late.map { late in
                .init(
                    matter: matters[late.matter] ?? "–", path: "/matters/\(late.matter)", step: phrases.step(row.step),
                    by: phrases.length(late.by), reason: late.reason.isEmpty ? words("report.noReason") : late.reason)
            }
        }
    }

    var loads: [ReportPage.LoadRow] {
        report.loads.map { load in
            let name = names.person(load.officer)
            return .init(
                name: name, count: figure(name, String(load.matters.count), load.matters),
                hours: tenths(Double(load.minutes) / 60))
        }
    }

    /// Lines for a spreadsheet: every number that the page shows.
    var lines: [[String]] {
        var lines = figures.map { [words("report.summary"), $0.name, $0.value, "", "", "", ""] }
        for table in tables { lines += table.rows.map { [table.title, $0.name, $0.value, "", "", "", ""] } }
        lines += limits.map {
            [words("report.limits"), $0.step, $0.count.value, $0.median, $0.ninetieth, $0.percent, $0.late.value]
        }
        lines += loads.map { [words("report.loads"), $0.name, $0.count.value, $0.hours, "", "", ""] }
        return lines + late.map { [words("report.late"), $0.matter, $0.step, $0.by, $0.reason, "", ""] }
    }
}

/// One digit behind the point: `4.3`.
func tenths(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
}

/// `12,345`
func grouped(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
        groups.insert(String(digits.suffix(3)), at: 0)
        digits = String(digits.dropLast(3))
    }
    return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
}

/// A text as the value of a query (RFC 3986, 2.1).
func percentEncoded(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
        let scalar = Unicode.Scalar(byte)
        if scalar.isASCII,
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-._~".unicodeScalars.contains(scalar)
        {
            out.unicodeScalars.append(scalar)
        } else {
            out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return out
}

extension Phrases {
    /// `พฤศจิกายน 2569` / `November 2026`
    func month(_ month: Month) -> String {
        words.language == .thai ? ThaiDate.long(month) : ThaiDate.english(month)
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Desk
public import HTTPTypes
import Hummingbird
import NIOCore

/// What a month's page is made of.
struct DrawnReport {
    let report: MonthlyReport
    let record: ReportRecord
    let isDrafted: Bool
    let names: Names
    let matters: [Matter.ID: String]

    var paperNames: ReportNames {
        ReportNames(
            people: names.people.mapValues(\.name), rooms: names.rooms.mapValues { "\($0.name) \($0.building)" },
            matters: matters)
    }
}

extension Counter {
    /// GET /reports/2569-11, /reports/2569-11.pdf, /reports/2569-11.csv
    func showReport(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, .executive, .officer, .administrator, visit: visit)
        let name = visit.parameters.get("month") ?? ""
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let drawn = try await drawn(try month(String(parts.first ?? "")), visit)
        switch parts.count == 2 ? String(parts[1]) : nil {
        case nil: return try await reportPage(drawn, visit)
        case "pdf":
            let bytes = try await self.parts.papers.reportPDF(
                of: drawn.report, record: drawn.record, names: drawn.paperNames, office: try await cabinet.office())
            return file(bytes, type: "application/pdf", name: "report-\(drawn.report.month).pdf")
        case "csv":
            let drawing = drawing(drawn, visit)
            let words = words(visit)
            let header = [
                words("report.part"), words("report.line"), words("report.count"), words("report.median"),
                words("report.ninetieth"), words("report.inTime"), words("report.late"),
            ]
            let bytes = self.parts.papers.spreadsheet(header: header, rows: drawing.lines)
            return file(bytes, type: "text/csv; charset=utf-8", name: "report-\(drawn.report.month).csv")
        default: throw HTTPError(.notFound)
        }
    }

    /// The month that an address names; the coming one is the last, for an occasion may be served before its hour.
    func month(_ text: String) throws -> Month {
        guard let month = Month(text), month.year >= 1957, month <= Month(of: now()).next else {
            throw HTTPError(.notFound)
        }
        return month
    }

    /// Computes a month's report as it is now.
    func drawn(_ month: Month, _ visit: Visit) async throws -> DrawnReport {
        var filter = MatterFilter()
        filter.startsIn = month.span
        filter.order = .occasion
        filter.limit = 0
        let matters = try await matters(filter, for: visit)
        let kept = try await cabinet.reports().first { $0.month == month }
        return DrawnReport(
            report: MonthlyReport(month, of: matters, reckoner: try await reckoner(), at: now()),
            record: kept ?? ReportRecord(month: month, draftedAt: now()), isDrafted: kept != nil,
            names: try await names(),
            matters: Dictionary(
                matters.map {
                    ($0.id, [$0.incoming?.description, $0.letter.title].compactMap(\.self).joined(separator: " "))
                },
                uniquingKeysWith: { first, _ in first }))
    }

    private func drawing(_ drawn: DrawnReport, _ visit: Visit) -> ReportDrawing {
        ReportDrawing(report: drawn.report, names: drawn.names, matters: drawn.matters, phrases: phrases(visit))
    }

    /// The page; with a fault, what was typed as remarks is kept.
    func reportPage(
        _ drawn: DrawnReport, _ visit: Visit, fault: ReportRefusal? = nil, typed: String? = nil
    ) async throws -> Response {
        let person = try person(visit)
        let (words, phrases) = (words(visit), phrases(visit))
        let drawing = drawing(drawn, visit)
        let (report, record) = (drawn.report, drawn.record)
        let isRunning = now() < report.month.span.end
        let charts = parts.papers.charts(of: report, names: drawn.paperNames).map { chart in
            ReportPage.ChartRow(
                name: chart.name, heading: words("report.chart.\(chart.name)"), svg: Markup(chart.svg))
        }
        let remark = FieldRow(
            "remarks", words("report.remarks"), .area, value: typed ?? record.remarks,
            hint: words("report.remarksHint"),
            error: fault.map { $0.sentence(words) }, isRequired: false)
        let mayRemark = person.roles.contains(.secretariat) && record.acknowledgedAt == nil
        let mayPresent =
            !person.roles.isDisjoint(with: [.secretariat, .officer]) && !isRunning && record.presentedAt == nil
        let mayAcknowledge =
            person.roles.contains(.executive) && record.presentedAt != nil && record.acknowledgedAt == nil
        let page = ReportPage(
            frame: frame(
                visit, words("report.title", phrases.month(report.month)),
                lead: words("report.drawn", phrases.moment(report.drawnAt))),
            errors: fault.flatMap { ErrorSummary(lines: [ErrorRow(field: "remarks", text: $0.sentence(words))]) },
            state: ChipRow(record, isDrafted: drawn.isDrafted, isRunning: isRunning, words),
            preliminary: isRunning ? words("report.running") : drawn.isDrafted ? nil : words("report.undrafted"),
            isEmpty: report.matters.isEmpty, figures: drawing.figures, charts: charts, tables: drawing.tables,
            limits: drawing.limits, late: drawing.late, loads: drawing.loads,
            signatures: signatures(drawn, phrases), remarks: record.remarks.isEmpty || mayRemark ? nil : record.remarks,
            acts: .init(remark: mayRemark ? remark : nil, canPresent: mayPresent, canAcknowledge: mayAcknowledge),
            path: "/reports/\(report.month)", earlier: "/reports/\(report.month.previous)",
            later: report.month < Month(of: now()) ? "/reports/\(report.month.next)" : nil)
        return paper.show(page, to: visit, status: fault == nil ? .ok : fault?.status ?? .ok)
    }

    private func signatures(_ drawn: DrawnReport, _ phrases: Phrases) -> [PairRow] {
        let (record, words) = (drawn.record, phrases.words)
        func line(_ at: Moment?, _ by: Person.ID?) -> String {
            at.map { "\(drawn.names.person(by)) · \(phrases.moment($0))" } ?? words("report.notYet")
        }
        return [
            PairRow(
                words("report.draftedAt"), drawn.isDrafted ? phrases.moment(record.draftedAt) : words("report.notYet")),
            PairRow(words("report.presentedAt"), line(record.presentedAt, record.presentedBy)),
            PairRow(words("report.acknowledgedAt"), line(record.acknowledgedAt, record.acknowledgedBy)),
        ]
    }

    /// A file to keep.
    func file(_ bytes: [UInt8], type: String, name: String) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = "private, no-store"
        headers[.contentDisposition] = "inline; filename=\"\(name)\""
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension ChipRow {
    /// How far a month's report has come.
    init(_ record: ReportRecord, isDrafted: Bool, isRunning: Bool, _ words: Words) {
        if record.acknowledgedAt != nil {
            self.init(.done, words("report.state.acknowledged"))
        } else if record.presentedAt != nil {
            self.init(.approved, words("report.state.presented"))
        } else if isRunning || !isDrafted {
            self.init(.waiting, words("report.state.preliminary"))
        } else {
            self.init(.due, words("report.state.drafted"))
        }
    }
}

extension ReportRefusal: Spoken {
    public var status: HTTPResponse.Status {
        switch self {
        case .notYourRole: .forbidden
        case .remarksTooLong: .unprocessableContent
        default: .conflict
        }
    }

    public func sentence(_ words: Words) -> String { words("report.fault.\(rawValue)") }
    public func remedy(_ words: Words) -> String { words("report.faultRemedy") }
}

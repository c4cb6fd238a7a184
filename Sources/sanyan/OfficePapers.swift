// SPDX-License-Identifier: Apache-2.0

import Desk
import Messenger
import Pages
import Papers

/// The paper room of the office: hands the pages' wishes to Papers and to the calendar feed.
struct OfficePapers: PaperRoom {
    private let printer = WeasyPrint()

    func qrCode(_ text: String) -> String {
        // A link too long for a code, or an empty one, shows none; the link itself stands beside it.
        (try? QRCode.svg(text)) ?? ""
    }

    func charts(of report: MonthlyReport, names: ReportNames) -> [ReportChart] {
        ReportCharts(report, names: paperNames(names)).all.map { name, chart in
            ReportChart(name: name.rawValue, svg: chart.svg)
        }
    }

    func reportPDF(
        of report: MonthlyReport, record: ReportRecord, names: ReportNames, office: Office
    ) async throws -> [UInt8] {
        let memo = ReportMemo(report, record: record, names: paperNames(names), office: office)
        return try await printer.pdf(memo.document)
    }

    func spreadsheet(header: [String], rows: [[String]]) -> [UInt8] {
        var sheet = Spreadsheet(header: header)
        for row in rows { sheet.add(row) }
        return sheet.bytes
    }

    func returnPDF(of matter: Matter, contact: Contact?, signer: Person?, office: Office) async throws -> [UInt8] {
        try await printer.pdf(ReturnMemo(of: matter, contact: contact, signer: signer, office: office).document)
    }

    func receiptPDF(of matter: Matter, trackingLink: String, office: Office) async throws -> [UInt8] {
        try await printer.pdf(try Receipt(of: matter, trackingLink: trackingLink, office: office).document())
    }

    func minutesPDF(
        of matter: Matter, settings: MeetSettings, sittings: [Sitting], office: Office
    ) async throws -> [UInt8] {
        try await printer.pdf(
            MinutesMemo(of: matter, settings: settings, sittings: sittings, office: office).document)
    }

    func calendarFeed(_ matters: [Matter], name: String, office: Office, at now: Moment) -> String {
        CalendarFeed(name: name, office: office).text(of: matters)
    }

    private func paperNames(_ names: ReportNames) -> PaperNames {
        PaperNames(people: names.people, rooms: names.rooms, matters: names.matters)
    }
}

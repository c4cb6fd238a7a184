// SPDX-License-Identifier: Apache-2.0

import Desk
import Messenger
import Pages
import Papers

/// Where the pages' papers, codes, charts and calendars are made.
struct OfficePapers: PaperRoom {
    func qrCode(_ text: String) -> String {
        do { return try QRCode.svg(text) } catch { return "" }
    }

    func charts(of report: MonthlyReport, names: ReportNames) -> [ReportChart] { [] }

    func reportPDF(
        of report: MonthlyReport, record: ReportRecord, names: ReportNames, office: Office
    ) async throws -> [UInt8] { throw Mishap(doing: "laying out the report") }

    func returnPDF(of matter: Matter, contact: Contact?, signer: Person?, office: Office) async throws -> [UInt8] {
        throw Mishap(doing: "laying out the return paper")
    }

    func receiptPDF(of matter: Matter, trackingLink: String, office: Office) async throws -> [UInt8] {
        throw Mishap(doing: "laying out the receipt")
    }

    func calendarFeed(_ matters: [Matter], name: String, office: Office, at now: Moment) -> String {
        CalendarFeed(name: name, office: office).text(of: matters)
    }
}

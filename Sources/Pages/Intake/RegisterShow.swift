// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import NIOCore

extension Counter {
    func showIncoming(_ request: Request, _ visit: Visit) async throws -> Response {
        try await showRegister(.incoming, request, visit)
    }

    func showOutgoing(_ request: Request, _ visit: Visit) async throws -> Response {
        try await showRegister(.outgoing, request, visit)
    }

    private func showRegister(_ register: Register, _ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, .executive, .administrator, visit: visit)
        let wish = wish(register, request)
        let count = RegisterPage.Wish.linesOnSheet
        // One line more than is shown says whether there is another sheet.
        var rows = try await self.register(
            register, year: wish.year, text: wish.text, limit: wish.isWhole ? 0 : count + 1,
            offset: wish.isWhole ? 0 : wish.sheet * count, for: visit)
        if wish.isWhole { rows.sort { $0.number < $1.number } }
        let words = words(visit)
        let page = RegisterPage(
            frame: frame(visit, words("register.title.\(register.rawValue)")), wish: wish,
            years: try await cabinet.registerYears(register), rows: wish.isWhole ? rows : Array(rows.prefix(count)),
            hasMore: !wish.isWhole && rows.count > count, office: try await cabinet.office(), words: words)
        return paper.show(page, to: visit)
    }

    private func wish(_ register: Register, _ request: Request) -> RegisterPage.Wish {
        let query = request.uri.queryParameters
        let thisYear = Day(of: now()).buddhistYear
        let year = query["year"].flatMap { Int(ThaiDate.arabicDigits(String($0))) } ?? thisYear
        return RegisterPage.Wish(
            register: register, year: (2400...2999).contains(year) ? year : thisYear,
            text: String((query["q"].map(String.init) ?? "").trimmed.prefix(200)),
            sheet: min(100_000, max(0, query["sheet"].flatMap { Int($0) } ?? 0)), isWhole: query["whole"] == "yes")
    }

    func incomingCSV(_ request: Request, _ visit: Visit) async throws -> Response {
        try await registerCSV(.incoming, request, visit)
    }

    func outgoingCSV(_ request: Request, _ visit: Visit) async throws -> Response {
        try await registerCSV(.outgoing, request, visit)
    }

    /// A whole year of a register as a spreadsheet reads it.
    private func registerCSV(_ register: Register, _ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, .executive, .administrator, visit: visit)
        let wish = wish(register, request)
        let phrases = phrases(visit)
        let words = phrases.words
        let lines = try await self.register(register, year: wish.year, text: "", limit: 0, offset: 0, for: visit)
        var table = [
            [
                words("register.number.\(register.rawValue)"), words("register.date"), words("register.time"),
                words("register.reference"), words("field.dated"), words("register.from"), words("register.to"),
                words("field.title"), words("register.done"), words("register.notes"),
            ]
        ]
        for line in lines.sorted(by: { $0.number < $1.number }) {
            table.append([
                line.number.description, ThaiDate.typed(Day(of: line.at)), TimeOfDay(of: line.at).description,
                line.reference, line.dated.map(ThaiDate.typed) ?? "", line.from, line.to, line.title,
                phrases.stage(line.stage), registerNotes(line, phrases).joined(separator: " · "),
            ])
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: contentDisposition(
                    words("register.file.\(register.rawValue)", wish.year) + ".csv", isInline: false),
            ], body: .init(byteBuffer: ByteBuffer(string: commaSeparated(table))))
    }
}

/// Comma-separated values (RFC 4180), with the mark by which spreadsheets know UTF-8.
///
/// What a spreadsheet would take for a formula gets an apostrophe in front: letters come from strangers.
func commaSeparated(_ table: [[String]]) -> String {
    let rows = table.map { cells in
        cells.map { cell in
            let isFormula = cell.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
            let text = (isFormula ? "'" : "") + cell
            return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        }.joined(separator: ",")
    }
    return "\u{FEFF}" + rows.joined(separator: "\r\n") + "\r\n"
}

// SPDX-License-Identifier: Apache-2.0
public import Desk
import GRDB

extension SQLiteCabinet {
    /// The newest month first.
    public func reports() async throws -> [ReportRecord] {
        try await read("read the reports") { db in
            try Row.all(db, sql: "SELECT * FROM report ORDER BY month DESC").map { row in
                guard let month = Month(row["month"]) else { throw Mishap(doing: "read a report's month") }
                return ReportRecord(
                    month: month, draftedAt: row.moment("drafted_at"), presentedAt: row.momentIfAny("presented_at"),
                    presentedBy: row.idIfAny("presented_by"), acknowledgedAt: row.momentIfAny("acknowledged_at"),
                    acknowledgedBy: row.idIfAny("acknowledged_by"), remarks: row["remarks"])
            }
        }
    }

    public func save(_ report: ReportRecord) async throws {
        try await write("save a report") { db in
            if let at = report.presentedAt, try Self.isMailOn(db) {
                // Their names are known the second time: presenting it again sends nothing.
                for delivery in papers(of: report, executives: try Self.mailed(.executive, db), at: at) {
                    try Self.store(delivery, db)
                }
            }
            try db.run(
                sql: """
                    INSERT OR REPLACE INTO report
                        (month, drafted_at, presented_at, presented_by, acknowledged_at, acknowledged_by, remarks)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    report.month.description, report.draftedAt.milliseconds, report.presentedAt?.milliseconds,
                    report.presentedBy?.number, report.acknowledgedAt?.milliseconds, report.acknowledgedBy?.number,
                    report.remarks,
                ])
        }
        errandsChanged()
    }
}

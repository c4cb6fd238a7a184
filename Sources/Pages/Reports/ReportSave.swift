// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// POST /reports/:month/presentation
    func presentReport(_ request: Request, _ visit: Visit) async throws -> Response {
        try await change(request, visit, done: "report_presented") { record, form, hand throws(ReportRefusal) in
            try record.presented(by: hand, at: now())
        }
    }

    /// POST /reports/:month/acknowledgement
    func acknowledgeReport(_ request: Request, _ visit: Visit) async throws -> Response {
        try await change(request, visit, done: "report_acknowledged") { record, form, hand throws(ReportRefusal) in
            try record.acknowledged(by: hand, at: now())
        }
    }

    /// POST /reports/:month/remarks
    func remarkReport(_ request: Request, _ visit: Visit) async throws -> Response {
        try await change(request, visit, done: "report_remarked") { record, form, hand throws(ReportRefusal) in
            try record.remarked(form.text("remarks"), by: hand)
        }
    }

    private func change(
        _ request: Request, _ visit: Visit, done: String,
        _ act: (ReportRecord, Form, Hand) throws(ReportRefusal) -> ReportRecord
    ) async throws -> Response {
        let hand = try hand(visit)
        let form = try await Form.read(request)
        let drawn = try await drawn(try month(visit.parameters.get("month") ?? ""), visit)
        let next: ReportRecord
        do throws(ReportRefusal) {
            next = try act(drawn.record, form, hand)
        } catch {
            if error == .notYourRole { throw error }
            let typed = form.fields.contains { $0.name == "remarks" } ? form.text("remarks") : nil
            return try await reportPage(drawn, visit, fault: error, typed: typed)
        }
        try await cabinet.save(next)
        return .seeOther("/reports/\(drawn.report.month)?done=\(done)")
    }
}

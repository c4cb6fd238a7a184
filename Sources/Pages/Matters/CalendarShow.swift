// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// GET /calendar
    func showCalendar(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, .executive, .officer, .network, .administrator, visit: visit)
        let today = Day(of: now())
        let query = CalendarQuery(request, today: today)
        var filter = MatterFilter()
        filter.during = query.span
        // What has been declined, withdrawn or voided takes nobody's time.
        filter.stages = [
            .toRegister, .toComplete, .toSubmit, .toDecide, .toAssign, .toPrepare, .ready, .inService, .toEvaluate,
            .closed,
        ]
        filter.officer = query.officer
        filter.order = .occasion
        filter.limit = 0
        let matters = try await matters(filter, for: visit).filter { matter in
            query.room.map { matter.assignment?.rooms.contains($0) == true } ?? true
        }
        let drawing = CalendarDrawing(
            query: query, matters: matters,
            bookings: query.view == .day ? try await cabinet.bookings(during: query.span, but: nil) : [],
            holidays: try await cabinet.holidays(), names: try await names(), today: today, phrases: phrases(visit))
        return paper.show(drawing.page(frame: frame(visit, drawing.title)), to: visit)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// GET /matters/:id/assignment; with a choice in the address it says who and what is free, and books nothing.
    func showAssignment(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await openMatter(for: .assign, visit)
        let query = try Form(query: request)
        let choice = query.isOn("set_up") ? AssignmentChoice(query) : nil
        return try await assignmentAnswer(matter, choice, visit, lateReason: query.text("late_reason"))
    }

    /// POST /matters/:id/assignment
    func saveAssignment(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let form = try await Form.read(request)
        let matter = try await matter(visit)
        let choice = AssignmentChoice(form)
        do {
            _ = try await perform(.assign(choice.assignment), on: matter.id, form: form, visit: visit)
            return .seeOther("/matters/\(matter.id)?done=assigned")
        } catch let refusal as Refusal {
            return try await assignmentAnswer(
                try await self.matter(visit), choice, visit, refusal: refusal, lateReason: form.text("late_reason"))
        }
    }

    private func assignmentAnswer(
        _ matter: Matter, _ chosen: AssignmentChoice?, _ visit: Visit, refusal: Refusal? = nil, lateReason: String
    ) async throws -> Response {
        let phrases = phrases(visit)
        let reckoner = try await reckoner()
        let office = reckoner.office
        let rooms = try await cabinet.rooms()
        let choice = chosen ?? AssignmentChoice(for: matter, office: office, rooms: rooms)
        let held = choice.held(around: matter.letter.span, office: office)
        let bookings = try await cabinet.bookings(during: held, but: matter.id)
        var filter = MatterFilter()
        filter.ids = Array(Set(bookings.map(\.matter)))
        filter.limit = 0
        let drawing = AssignmentDrawing(
            matter: matter, choice: choice, office: office, people: try await cabinet.people(), rooms: rooms,
            now: now(), bookings: bookings,
            week: try await cabinet.bookings(during: Day(of: matter.letter.span.start).week, but: matter.id),
            others: filter.ids.isEmpty ? [] : try await cabinet.matters(filter),
            stopped: try await cabinet.stoppedDevices(at: now()), phrases: phrases,
            isOverdue: matter.stage == .toAssign && reckoner.deadline(of: matter)?.isOverdue(at: now()) == true)
        let page = drawing.page(
            frame: frame(visit, phrases.words("assignment.title"), lead: matter.letter.title), once: onceMark(),
            refusal: refusal, looks: chosen != nil && refusal == nil, lateReason: lateReason)
        return paper.show(page, to: visit, status: refusal?.status ?? .ok)
    }
}

extension Day {
    /// Monday to Sunday around this day.
    var week: Span {
        let monday = adding(days: -((weekday + 6) % 7))
        return Span(start: monday.start, end: monday.adding(days: 7).start)
    }
}

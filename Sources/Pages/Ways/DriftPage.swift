// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

/// The drift board (กระดานความต่าง): what somebody changed or deleted in a calendar outside, ours and theirs side by
/// side, and what is to be done. Nothing is applied by itself.
struct DriftPage: Page {
    static let template = "drift"
    let frame: Frame
    let drifts: [Card]

    /// One drift.
    struct Card: Sendable {
        let title: String
        let path: String
        /// Whose calendar, by which way.
        let place: String
        let noticed: String
        let chip: ChipRow
        /// Parts that read differently; empty for what was deleted.
        let parts: [Part]
        /// What stands only with us now; nil where it was changed.
        let deleted: String?
        let restorePath: String
        let acceptPath: String
    }

    /// A part of what people read, ours and theirs.
    struct Part: Sendable {
        let name: String
        let ours: String
        let theirs: String
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/drift")
        let phrases = Phrases(paper.words(visit))
        let words = phrases.words
        let drawing = DriftDrawing(
            lines: CalendarLines(names: SampleMatters.names, phrases: phrases), office: SampleOffice.office, rooms: [])
        let matter = SampleMatters.closed
        var theirs = CalendarEntry(matter, office: SampleOffice.office)?.content
        theirs?.title = "ย้ายไปห้องประชุมใหญ่"
        theirs?.span?.start = matter.letter.span.start + .hours(1)
        theirs?.description = ""
        func drift(_ id: Int64, _ to: Delivery.Recipient, _ content: CalendarContent?) -> Drift {
            Drift(
                id: .init(id), matter: matter.id, way: .google, to: to, noticedAt: SampleMatters.now, theirs: content,
                etag: "", digest: "")
        }
        let frame = paper.frame(visit, title: words("drift.title"), lead: words("drift.lead"))
        return [
            Sample(
                "some",
                DriftPage(
                    frame: frame,
                    drifts: [
                        drawing.card(drift(1, .office, theirs), matter),
                        drawing.card(drift(2, .person(.init(5)), nil), matter),
                    ])),
            Sample("none", DriftPage(frame: frame, drifts: [])),
        ]
    }
}

/// Puts drifts into words.
struct DriftDrawing {
    let lines: CalendarLines
    let office: Office
    let rooms: [Room]
    private var phrases: Phrases { lines.phrases }
    private var words: Words { lines.phrases.words }

    func card(_ drift: Drift, _ matter: Matter) -> DriftPage.Card {
        // What is in a calendar was assigned once, so there is always something of ours.
        let ours =
            CalendarEntry(matter, office: office, rooms: rooms)?.content
            ?? CalendarContent(title: matter.letter.title, place: "", description: "", span: matter.letter.span)
        let parts = drift.theirs.map { theirs in
            theirs.differences(from: ours).map { part in
                DriftPage.Part(
                    name: words("drift.part.\(part.rawValue)"), ours: text(part, ours), theirs: text(part, theirs))
            }
        }
        return DriftPage.Card(
            title: ours.title, path: "/matters/\(drift.matter)", place: lines.place(drift.way, drift.to),
            noticed: words("drift.noticed", phrases.moment(drift.noticedAt)),
            chip: drift.isDeletion
                ? ChipRow(.overdue, words("drift.deleted")) : ChipRow(.due, words("drift.changed")),
            parts: parts ?? [], deleted: drift.isDeletion ? words("drift.deleted.said", text(.span, ours)) : nil,
            restorePath: "/drift/\(drift.id)/restoration", acceptPath: "/drift/\(drift.id)/acceptance")
    }

    private func text(_ part: CalendarContent.Part, _ content: CalendarContent) -> String {
        let text: String =
            switch part {
            case .span:
                (content.span.map { phrases.span($0) } ?? words("drift.unreadable"))
                    + (content.repeats ? " · \(words("drift.repeats"))" : "")
            case .title: content.title
            case .place: content.place
            case .description: content.description
            }
        return text.isEmpty ? "–" : text
    }
}

extension Counter {
    /// GET /drift
    func showDrift(_ visit: Visit) async throws -> Response {
        try require(.secretariat, visit: visit)
        let phrases = phrases(visit)
        let drawing = DriftDrawing(
            lines: CalendarLines(names: try await names(), phrases: phrases), office: try await cabinet.office(),
            rooms: try await cabinet.rooms())
        var cards: [DriftPage.Card] = []
        for drift in try await cabinet.openDrifts(limit: 100) {
            guard let matter = try await cabinet.matter(drift.matter) else { continue }
            cards.append(drawing.card(drift, matter))
        }
        let page = DriftPage(
            frame: frame(visit, phrases.words("drift.title"), lead: phrases.words("drift.lead")), drifts: cards)
        return paper.show(page, to: visit)
    }

    /// POST /drift/:id/restoration: ours goes back into the calendar.
    func restoreDrift(_ visit: Visit) async throws -> Response {
        try await settleDrift(.putBack, "drift_restored", visit)
    }

    /// POST /drift/:id/acceptance: theirs stays as it is, and is remembered.
    func acceptDrift(_ visit: Visit) async throws -> Response { try await settleDrift(.left, "drift_left", visit) }

    private func settleDrift(_ fate: Drift.Fate, _ done: String, _ visit: Visit) async throws -> Response {
        let person = try require(.secretariat, visit: visit)
        guard let id = visit.parameters.get("id").flatMap({ Drift.ID($0) }) else { throw HTTPError(.notFound) }
        let judged = try await cabinet.resolve(id, fate, by: person.id, at: now())
        return .seeOther("/drift?done=\(judged ? done : "drift_past")")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk

/// Looking for matters, and the matters behind a number of the report.
struct MattersPage: Page {
    static let template = "matters"
    let frame: Frame
    /// Nil where the list is given by a report's number.
    let search: Search?
    let found: String
    let rows: [MatterRow]
    let nothing: String?
    let previous: String?
    let next: String?

    /// The search form.
    struct Search: Sendable {
        let fields: [FieldRow]
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let phrases = Phrases(paper.words(.thai))
        let words = phrases.words
        let frame = paper.frame(.sample(path: "/matters"), title: words("matters.title"))
        let query = MatterQuery(
            text: "ไหว้ครู <b>", stage: .toDecide, service: .both, month: Month(of: SampleMatters.now))
        let rows = (SampleMatters.waiting + [SampleMatters.closed]).map {
            MatterRow(
                $0, phrases, deadline: SampleMatters.reckoner.deadline(of: $0), at: SampleMatters.now)
        }
        return [
            Sample(
                "found",
                MattersPage(
                    frame: frame, search: Search(fields: query.fields(phrases, at: SampleMatters.now)),
                    found: words("matters.found", 1, 25), rows: rows, nothing: nil, previous: "/matters?page=1",
                    next: "/matters?page=3")),
            Sample(
                "nothing",
                MattersPage(
                    frame: frame, search: nil, found: words("matters.found_none"), rows: [],
                    nothing: words("matters.nothing"), previous: nil, next: nil)),
        ]
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// GET /matters
    func showMatters(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try require(.secretariat, .executive, .officer, .network, .administrator, visit: visit)
        let query = try MatterQuery(request)
        let phrases = phrases(visit)
        let words = phrases.words
        let isDrill = request.uri.queryParameters["ids"] != nil
        // A number of the report behind which no matter stands has an empty list, not everything.
        let found = isDrill && query.ids.isEmpty ? [] : try await matters(query.filter, for: visit)
        // Who may not read a letter finds nothing by its words.
        let shown = found.prefix(MatterQuery.pageLength).filter { query.text.isEmpty || maySee($0, person: person) }
        let reckoner = try await reckoner()
        let now = now()
        let first = (query.page - 1) * MatterQuery.pageLength + 1
        let page = MattersPage(
            frame: frame(
                visit, words(isDrill ? "matters.of_report" : "matters.title"),
                lead: isDrill ? words("matters.behind", query.of.isEmpty ? "–" : query.of, query.ids.count) : nil),
            search: isDrill ? nil : .init(fields: query.fields(phrases, at: now)),
            found: shown.isEmpty
                ? words("matters.found_none") : words("matters.found", first, first + shown.count - 1),
            rows: shown.map { MatterRow($0, phrases, deadline: reckoner.deadline(of: $0), at: now) },
            nothing: shown.isEmpty ? words("matters.nothing") : nil,
            previous: query.page > 1 ? query.path(page: query.page - 1) : nil,
            next: found.count > MatterQuery.pageLength ? query.path(page: query.page + 1) : nil)
        return paper.show(page, to: visit)
    }
}

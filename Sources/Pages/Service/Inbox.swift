// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

/// So many notices the inbox shows; older ones stand in their matters.
private let inboxLength = 200

extension Counter {
    /// GET /inbox
    func showInbox(_ visit: Visit) async throws -> Response {
        let notices = try await cabinet.inbox(of: try person(visit).id, limit: inboxLength)
        let drawing = try await drawing(of: notices, visit)
        let words = words(visit)
        let page = drawing.page(
            frame(visit, words("inbox.title"), lead: words("inbox.lead"), scripts: ["enhance.js", "inbox.js"]),
            notices: notices)
        return paper.show(page, to: visit)
    }

    /// POST /inbox/:notice/acknowledgement: รับทราบ. A second press changes nothing.
    func acknowledgeNotice(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try person(visit)
        let form = try await Form.read(request)
        guard let id = Notice.ID(visit.parameters.get("notice") ?? ""),
            try await cabinet.acknowledge(id, by: person.id, at: now())
        else { throw HTTPError(.notFound) }
        return .seeOther(localPath(form.text("back"), or: "/inbox"))
    }

    /// POST /inbox/acknowledgement: all that the page showed; what came since still asks.
    func acknowledgeInbox(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try person(visit)
        let form = try await Form.read(request)
        guard let last = Notice.ID(form.text("up_to")) else { throw HTTPError(.badRequest) }
        for notice in try await cabinet.inbox(of: person.id, limit: inboxLength)
        where notice.acknowledgedAt == nil && notice.id <= last {
            _ = try await cabinet.acknowledge(notice.id, by: person.id, at: now())
        }
        return .seeOther("/inbox?done=all_acknowledged")
    }

    func drawing(of notices: [Notice], _ visit: Visit) async throws -> InboxDrawing {
        var filter = MatterFilter()
        filter.ids = Set(notices.compactMap(\.matter)).sorted()
        filter.limit = 0
        // A filter without ids asks for everything.
        let matters = filter.ids.isEmpty ? [] : try await matters(filter, for: visit)
        return InboxDrawing(
            matters: Dictionary(matters.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
            phrases: phrases(visit), names: try await names())
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird

extension Counter {
    /// GET /watch, and /watch?wall=1 for a screen on the wall.
    func showWatch(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.network, .officer, .secretariat, .executive, visit: visit)
        return try await watch(visit, isWall: request.uri.queryParameters["wall"] == "1")
    }

    /// POST /matters/:id/network: the network section has seen what it was told (รับทราบ).
    func acknowledgeNetwork(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.network, visit: visit)
        let matter = try await matter(visit, readsLetter: false)
        let form = try await Form.read(request)
        let back = localPath(form.text("back"), or: "/watch")
        return try await orAgain(form, at: "network", focus: "board", visit) { returned in
            try await watch(visit, isWall: back == "/watch?wall=1", returned)
        } work: {
            _ = try await perform(.acknowledgeNetwork, on: matter.id, form: form, visit: visit, ignoresAge: true)
            return said("network_acknowledged", on: back)
        }
    }

    /// The board, also with a form on it that was not accepted.
    func watch(_ visit: Visit, isWall: Bool, _ returned: ReturnedForm? = nil) async throws -> Response {
        let now = now()
        var on = MatterFilter()
        on.stages = [.inService]
        on.order = .occasion
        on.limit = 0
        var coming = on
        coming.stages = [.toPrepare, .ready]
        // Beyond the fortnight stands what the section was told and has not seen: its notice leads here. No letter asks
        // for more than two years ahead.
        coming.during = Span(start: now, end: Day(of: now).adding(days: 800).start)
        let fortnight = Day(of: now).adding(days: 14).start
        let shown = try await matters(coming, for: visit, isPublic: isWall).filter {
            $0.letter.span.start < fortnight || ($0.networkNotice != nil && $0.networkAcknowledgedAt == nil)
        }
        let running = try await matters(on, for: visit, isPublic: isWall)
        let person = try person(visit)
        // Of a secret matter a wall tells nobody how its broadcast is.
        let seen = (running + shown.filter { $0.letter.span.start <= now }).filter {
            !$0.isSecret || (!isWall && maySee($0, person: person))
        }
        let drawing = WatchDrawing(
            on: running, coming: shown,
            roles: person.roles, names: try await names(), phrases: phrases(visit), now: now, once: onceMark(),
            isWall: isWall, airs: try await airLines(of: seen, visit), returned: returned)
        let page = drawing.page(
            frame(visit, words(visit)("watch.title"), scripts: ["enhance.js", "clock.js", "watch.js", "inbox.js"]))
        return paper.show(page, to: visit, status: returned?.status ?? .ok)
    }
}

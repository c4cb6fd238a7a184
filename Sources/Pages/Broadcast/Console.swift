// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure
import Studio

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One part of an open console as it is now: the element with this id is replaced by the markup.
struct LivePart: Codable, Hashable {
    var id: String
    var html: String
}

extension Counter {
    /// GET /matters/:id/console
    func showConsole(_ visit: Visit) async throws -> Response {
        let (matter, _, _) = try await broadcast(visit)
        return try await console(of: matter.id, visit)
    }

    /// GET /matters/:id/console/live: server-sent events, each a part of the page that has changed.
    ///
    /// A line ends after a quarter of an hour, or when its session has ended; the browser then connects again and is
    /// asked anew who it is.
    func liveConsole(_ request: Request, _ visit: Visit) async throws -> Response {
        let (matter, plan, studio) = try await broadcast(visit)
        // What does not change by itself is read once.
        let drawing = try await consoleDrawing(of: matter.id, visit)
        return liveParts(request, await studio.sights(of: plan.name)) { sight in
            try await consoleParts(drawing, sight, visit)
        }
    }

    /// Server-sent events of an open console: each part of it when it has changed.
    func liveParts<Sight: Sendable>(
        _ request: Request, _ sights: AsyncStream<Sight>, parts: @escaping @Sendable (Sight) async throws -> [LivePart]
    ) -> Response {
        let session = request.cookie(sessionCookie).map(sessionHash)
        let (events, feed) = AsyncStream.makeStream(of: LiveEvent.self, bufferingPolicy: .bufferingNewest(64))
        let source = Task {
            defer { feed.finish() }
            var told: [String: String] = [:]
            for await sight in sights {
                // Nobody reads faster, and what comes meanwhile is in the next sight.
                if !told.isEmpty { try await Task.sleep(for: .milliseconds(500)) }
                guard let session, try await cabinet.session(hash: session, at: now()) != nil else { return }
                for part in try await parts(sight) where told.updateValue(part.html, forKey: part.id) != part.html {
                    feed.yield(LiveEvent("part", try liveJSON(part)))
                }
            }
        }
        let end = Task {
            try await Task.sleep(for: .seconds(15 * 60))
            source.cancel()
        }
        feed.onTermination = { _ in
            source.cancel()
            end.cancel()
        }
        return .live(events)
    }

    /// The matter that the address names, what was settled for its broadcast, and the studio: for who may look.
    func broadcast(_ visit: Visit) async throws -> (matter: Matter, plan: AirPlan, studio: any StudioRoom) {
        try require(.officer, .network, .secretariat, .executive, visit: visit)
        guard let studio = parts.studio else { throw HTTPError(.notFound) }
        let matter = try await matter(visit)
        guard matter.hasStudio, let plan = try await cabinet.airPlan(of: matter.id) else { throw Refusal.noBroadcast }
        return (matter, plan, studio)
    }

    /// The console, also with a form on it that was not accepted.
    func console(of id: Matter.ID, _ visit: Visit, _ returned: ReturnedForm? = nil) async throws -> Response {
        let drawing = try await consoleDrawing(of: id, visit, returned)
        let page = drawing.page(
            frame(
                visit, words(visit)("console.title"), lead: drawing.scene.matter.letter.title,
                scripts: ["enhance.js", "clock.js", "copy.js", "console.js", "inbox.js"]))
        var response = paper.show(page, to: visit, status: returned?.status ?? .ok)
        response.headers[.contentSecurityPolicy] = framing(drawing.scene.doors.viewers)
        return response
    }

    /// The parts of an open console as they are now.
    private func consoleParts(
        _ drawing: ConsoleDrawing, _ sight: StudioSight, _ visit: Visit
    ) async throws -> [LivePart] {
        var drawing = drawing
        let id = drawing.matter.id
        guard let matter = try await cabinet.matter(id), let plan = try await cabinet.airPlan(of: id)
        else { throw Refusal.noSuchMatter }
        (drawing.scene.matter, drawing.scene.plan) = (matter, plan)
        (drawing.scene.sight, drawing.scene.now) = (sight, now())
        return [
            livePart("console-state", drawing.state, visit), livePart("console-complaints", drawing.complaints, visit),
            livePart("console-air", drawing.air, visit),
            livePart("console-signal", drawing.signal, visit), livePart("console-audience", drawing.audience, visit),
            livePart("console-remarks", drawing.remarks, visit), livePart("console-others", drawing.others, visit),
            livePart("console-films", drawing.films, visit), livePart("console-measured", drawing.measured, visit),
        ]
    }

    /// A part of an open page as it is now.
    func livePart<Box: Sendable>(_ name: String, _ box: Box, _ visit: Visit) -> LivePart {
        LivePart(id: name, html: paper.templates.render(box, part: name, in: visit.language))
    }

    private func consoleDrawing(
        of id: Matter.ID, _ visit: Visit, _ returned: ReturnedForm? = nil
    ) async throws -> ConsoleDrawing {
        guard let studio = parts.studio else { throw HTTPError(.notFound) }
        guard let matter = try await cabinet.matter(id), let plan = try await cabinet.airPlan(of: id)
        else { throw Refusal.noSuchMatter }
        let scene = ConsoleScene(
            matter: matter, plan: plan, doors: try await studio.doors(), sight: await studio.sight(of: plan.name),
            roles: try person(visit).roles,
            ticket: plan.ticket(.preview, until: consoleTicketEnd), now: now())
        return ConsoleDrawing(
            scene: scene, phrases: phrases(visit), thai: paper.words(.thai), names: try await names(),
            reckoner: try await reckoner(), once: onceMark(), code: { [papers = parts.papers] in papers.qrCode($0) },
            returned: returned)
    }

    /// Tickets of one half day are the same, so that an open console does not change by itself.
    var consoleTicketEnd: Moment {
        let half = Length.hours(12).milliseconds
        return Moment(milliseconds: (now().milliseconds / half + 2) * half)
    }

    private func liveJSON(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// The policy of a page that shows the studio's watch page in a frame.
func framing(_ origin: String) -> String {
    guard isOrigin(origin),
        let policy = securityHeaders.first(where: { $0.0 == .contentSecurityPolicy })?.1
    else { return securityHeaders.first { $0.0 == .contentSecurityPolicy }?.1 ?? "default-src 'none'" }
    return policy + "; frame-src \(origin)"
}

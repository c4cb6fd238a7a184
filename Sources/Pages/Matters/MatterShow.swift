// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// GET /matters/:id
    func showMatter(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try require(.secretariat, .executive, .officer, .network, .administrator, visit: visit)
        let matter = try await matter(visit)
        let names = try await names()
        let deliveries = try await cabinet.deliveries(of: matter.id)
        var drawing = FolderDrawing(
            matter: matter, names: names, phrases: phrases(visit), reckoner: try await reckoner(),
            now: now(),
            roles: person.roles, errands: try await cabinet.errands(of: matter.id),
            notices: try await cabinet.notices(of: matter.id),
            deliveries: deliveries.filter { $0.way != .webhook })
        drawing.calendars = CalendarLines(names: names, phrases: phrases(visit)).lines(
            copies: try await cabinet.calendarCopies(of: matter.id),
            drifts: try await cabinet.drifts(of: matter.id), deliveries: deliveries)
        let staff: Set<Role> = [.secretariat, .executive, .officer]
        let contact = person.roles.isDisjoint(with: staff) ? nil : try await cabinet.contact(of: matter.id)
        let page = drawing.page(
            frame: frame(visit, matter.letter.title, lead: matter.letter.unit),
            documents: try await cabinet.documents(matter.documents),
            contact: contact, forgettingPath: try forgettingPath(matter, contact, visit),
            tracking: person.roles.contains(.secretariat) ? try await tracking(matter) : nil,
            live: try await airing(of: matter, visit), meeting: try await liveMeeting(of: matter))
        return paper.show(page, to: visit)
    }

    /// The requester's link with its code. Whoever has it may complete or withdraw, so only the counter shows it.
    private func tracking(_ matter: Matter) async throws -> MatterPage.Tracking {
        let link = try await cabinet.office().address + "/track/" + trackingToken(matter)
        return MatterPage.Tracking(link: link, code: Markup(parts.papers.qrCode(link)))
    }
}

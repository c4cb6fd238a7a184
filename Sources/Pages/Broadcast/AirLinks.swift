// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Secure
import Studio

/// The address under which people watch a broadcast, as its door is settled: the studio's own; with a ticket that
/// expires; or the desk's, which asks who they are.
func watchAddress(_ plan: AirPlan, doors: StudioDoors, office: Office, matter: Matter) -> String {
    switch plan.settings.door {
    case .open: doors.watch(plan.name)
    case .link: doors.watch(plan.name, ticket: plan.ticket(.viewer, until: linkEnd(matter)))
    case .signedIn: "\(office.address)/air/\(plan.name)"
    }
}

/// Watch links are good until a month after the occasion, for who comes late to the recording.
func linkEnd(_ matter: Matter) -> Moment { matter.letter.span.end + .days(30) }

extension Counter {
    /// GET /air/:name: shows a person of the office in, with a ticket for half a day.
    func watchAir(_ visit: Visit) async throws -> Response {
        let person = try person(visit)
        guard let studio = parts.studio, let name = visit.parameters.get("name"),
            let plan = try await cabinet.airPlan(named: name), let matter = try await cabinet.matter(plan.matter),
            matter.hasStudio
        else { throw HTTPError(.notFound) }
        guard maySee(matter, person: person) else { throw Sentence("secret.not_yours", status: .forbidden) }
        let doors = try await studio.doors()
        let ticket = plan.settings.door == .open ? nil : plan.ticket(.viewer, until: now() + .hours(12))
        return .seeOther(doors.watch(name, ticket: ticket))
    }

    /// What the matter's and the requester's page say of the broadcast; nil where there is none.
    func airing(of matter: Matter, _ visit: Visit) async throws -> (address: String, sight: StudioSight)? {
        guard let studio = parts.studio, matter.hasStudio, let plan = try await cabinet.airPlan(of: matter.id)
        else { return nil }
        let address = watchAddress(
            plan, doors: try await studio.doors(), office: try await cabinet.office(), matter: matter)
        return (address, await studio.sight(of: plan.name))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension DeskPage {
    /// Somebody to be called now: an occasion is near, and they have not acknowledged on any way.
    struct CallSlip: Sendable {
        let call: CallRow
        let title: String
        let path: String
        let when: String
        let donePath: String
    }
}

extension Counter {
    /// Whom the secretariat is to call; empty for everybody else.
    func callSlips(_ visit: Visit, _ names: Names) async throws -> [DeskPage.CallSlip] {
        guard try person(visit).roles.contains(.secretariat) else { return [] }
        let phrases = phrases(visit)
        var slips: [DeskPage.CallSlip] = []
        for notice in try await cabinet.callList(at: now()) {
            guard let id = notice.matter, let matter = try await cabinet.matter(id), !matter.stage.isFinal,
                let person = names.people[notice.person]
            else { continue }
            let mayRead = maySee(matter, person: try self.person(visit))
            slips.append(
                DeskPage.CallSlip(
                    call: CallRow(person), title: mayRead ? matter.letter.title : phrases.words("secret.title"),
                    path: "/matters/\(id)", when: phrases.moment(matter.letter.span.start),
                    donePath: "/calls/\(notice.id)/acknowledgement"))
        }
        return slips
    }

    /// POST /calls/:notice/acknowledgement: reached by telephone.
    func acknowledgeCall(_ request: Request, _ visit: Visit) async throws -> Response {
        let person = try require(.secretariat, visit: visit)
        guard let text = visit.parameters.get("notice"), let id = Notice.ID(text) else { throw HTTPError(.notFound) }
        let isNew = try await cabinet.acknowledge(id, onBehalfBy: person.id, at: now())
        return .seeOther(isNew ? "/desk?done=called" : "/desk?done=called_before")
    }
}

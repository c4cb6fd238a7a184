// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird

extension Counter {
    /// POST /matters/:id/forgetting
    func forgetContact(_ request: Request, _ visit: Visit) async throws -> Response {
        let matter = try await matter(visit)
        try await cabinet.forgetContact(of: matter.id, by: try hand(visit), at: now())
        return .seeOther("/matters/\(matter.id)?done=forgotten")
    }

    /// Where the contact of a matter can be forgotten; nil when it cannot, or there is nothing left to forget.
    func forgettingPath(_ matter: Matter, _ contact: Contact?, _ visit: Visit) throws -> String? {
        guard let contact, contact != .forgotten else { return nil }
        do { try mayForgetContact(of: matter, by: try hand(visit)) } catch is Refusal { return nil }
        return "/matters/\(matter.id)/forgetting"
    }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Rehearsal
import Testing

@testable import Pages

/// A PNG of one dot: enough for a kind to be known by its bytes.
let tinyPNG: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]

extension OfficeFixture {
    /// Sends a form with one file in its field `photo`.
    func postPhoto(
        _ path: String, _ fields: KeyValuePairs<String, String>, name: String, bytes: [UInt8], as person: Person
    ) async throws -> Answer {
        var body: [UInt8] = []
        for (field, value) in fields {
            body += Array("--cut\r\nContent-Disposition: form-data; name=\"\(field)\"\r\n\r\n\(value)\r\n".utf8)
        }
        body += Array("--cut\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"\(name)\"\r\n\r\n".utf8)
        body += bytes + Array("\r\n--cut--\r\n".utf8)
        var headers = cookie(person)
        headers["Content-Type"] = "multipart/form-data; boundary=cut"
        return try await site.ask("POST", path, headers: headers, bytes: body)
    }

    /// Carries what is due into the inboxes, and gives the notices of one person, oldest first.
    func carry(at now: Moment, for person: Person) async throws -> [Notice] {
        for errand in try await cabinet.dueErrands(at: now, limit: 0) {
            let people = Samples.people.filter { someone in
                switch errand.to {
                case .person(let id): someone.id == id
                case .role(let role): someone.roles.contains(role)
                case .sanyan: false
                }
            }
            _ = try await cabinet.deliver([Handing(errand.id, to: people.map(\.id), isLate: false)], at: now)
        }
        return try await cabinet.inbox(of: person.id, limit: 0).reversed()
    }

    /// The same office with something of it changed.
    func site(_ change: (inout SiteParts) -> Void) -> Site {
        var parts = counter.parts
        change(&parts)
        return Site(paper: counter.paper, parts: parts)
    }
}

/// A bell that rings for these notices and then falls silent.
struct RingingBell: Bell {
    let rung: [Notice]
    func notices(for person: Person.ID) async -> AsyncStream<Notice> {
        AsyncStream { line in
            for notice in rung { line.yield(notice) }
            line.finish()
        }
    }
}

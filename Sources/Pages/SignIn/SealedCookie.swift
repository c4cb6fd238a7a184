// SPDX-License-Identifier: Apache-2.0

import Desk
import Hummingbird
import Secure

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a browser keeps for us for a while, sealed: it can neither read it nor change it.
struct SealedCookie<Kept: Codable & Sendable>: Sendable {
    let name: String
    let path: String
    let length: Length

    /// What is sealed: the thing, and until when it counts.
    private struct Letter: Codable {
        var kept: Kept
        var until: Moment
    }

    func set(_ kept: Kept, _ box: Strongbox, _ visit: Visit, at now: Moment) throws -> SetCookie {
        let text = try JSONEncoder().encode(Letter(kept: kept, until: now + length))
        return SetCookie(
            name, box.put(String(decoding: text, as: UTF8.self), for: "cookie \(name)"), path: path,
            maxAgeSeconds: Int(length.milliseconds / 1000), isSecure: visit.isSecure)
    }

    /// Nil when the browser brings none, or none that is ours and still counts.
    func take(_ request: Request, _ box: Strongbox, at now: Moment) -> Kept? {
        guard let text = request.cookie(name), text.utf8.count <= 6000,
            let clear = box.take(text, for: "cookie \(name)"),
            let letter = try? JSONDecoder().decode(Letter.self, from: Data(clear.utf8)), now < letter.until
        else { return nil }
        return letter.kept
    }

    func removal(_ visit: Visit) -> SetCookie { .removing(name, path: path, isSecure: visit.isSecure) }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Secure
import Synchronization

/// The header by which push services know us (VAPID, RFC 8292): a token for each of them, signed once in half a day.
final class VapidPasses: Sendable {
    private struct Pass {
        var header: String
        var from: Moment
    }

    private let passes = Mutex<[String: Pass]>([:])
    /// A token is good for twelve hours, and is used for eleven (section 2: at most twenty-four).
    private static let goodFor = Length.hours(12)
    private static let usedFor = Length.hours(11)
    /// Endpoints come from outside, and so do the names of their services.
    private static let most = 64

    /// `vapid t=…, k=…` for whoever serves an endpoint (section 3).
    func header(for endpoint: String, _ settings: PushSettings, at now: Moment) throws(TokenFault) -> String {
        let origin = PushSettings.origin(of: endpoint)
        let place = "\(origin) \(settings.publicKey) \(settings.contact)"
        let known = passes.withLock { $0[place] }
        if let known, known.from <= now, now - known.from < Self.usedFor { return known.header }
        let expires = (now + Self.goodFor).milliseconds / 1000
        let claims = #"{"aud":"\#(origin)","exp":\#(expires),"sub":"\#(settings.contact)"}"#
        let token = try WebToken.sign(claims, with: TokenKey(stored: settings.key))
        let pass = Pass(header: "vapid t=\(token), k=\(settings.publicKey)", from: now)
        passes.withLock { passes in
            if passes.count >= Self.most { passes = [:] }
            passes[place] = pass
        }
        return pass.header
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import Logging
import Secure

/// A journey to the provider, and where its person wants to go afterwards.
struct KeptJourney: Codable, Sendable {
    var journey: OpenIDJourney
    var to: String
}

/// In the browser of somebody who has gone to the provider. Lax, so that it comes back with them.
let journeyCookie = SealedCookie<KeptJourney>(name: "sanyan-journey", path: "/sign-in", length: OpenIDJourney.longest)
/// The provider's token, for signing out there; empty when it is too long for a browser to keep.
let farewellCookie = SealedCookie<String>(name: "sanyan-farewell", path: "/sign-out", length: .hours(12))
/// A browser keeps about 4,000 bytes to a cookie, and sealing adds a third.
private let longestHint = 2800

extension Counter {
    /// Where the provider sends browsers back to: registered there, letter by letter.
    func openIDHome() async throws -> String { "\(try await cabinet.office().address)/sign-in/openid/return" }

    /// GET /sign-in/openid: to the provider. A link and no form, for the policy of our pages keeps forms at home.
    func leaveForOpenID(_ request: Request, _ visit: Visit) async throws -> Response {
        let to = localPath(request.uri.queryParameters["to"].map(String.init) ?? "", or: "/desk")
        let settings = try await cabinet.signInSettings()
        guard let door = parts.door, settings.openID.isOn else { throw HTTPError(.notFound) }
        guard await throttle.allows("openid", limit: 120, within: .minutes(1), at: now()) else {
            return try await signInPage(visit, to: to, error: "signin.crowded", .tooManyRequests)
        }
        do throws(EntranceFault) {
            let (address, journey) = try await door.depart(settings.openID, home: try await home())
            return try leave(to: address, KeptJourney(journey: journey, to: to), visit)
        } catch {
            return try await outsideFailed(error, visit, to: to)
        }
    }

    /// The cabinet's troubles are not the entrance's.
    private func home() async throws(EntranceFault) -> String {
        do { return try await openIDHome() } catch { throw EntranceFault(.notSetUp, "address") }
    }

    private func leave(to address: String, _ kept: KeptJourney, _ visit: Visit) throws(EntranceFault) -> Response {
        do {
            return .seeOther(address, setCookies: [try journeyCookie.set(kept, box, visit, at: now())])
        } catch {
            throw EntranceFault(.nonsense, "journey")
        }
    }

    /// GET /sign-in/openid/return: back from the provider.
    func returnFromOpenID(_ request: Request, _ visit: Visit) async throws -> Response {
        let settings = try await cabinet.signInSettings()
        guard let door = parts.door, settings.openID.isOn else { throw HTTPError(.notFound) }
        guard let kept = journeyCookie.take(request, box, at: now()) else {
            // Somebody who presses Back, or loads the page again, is in already.
            if visit.person != nil { return .seeOther("/desk") }
            return try await outsideFailed(EntranceFault(.notStartedHere), visit, to: "/desk")
        }
        let back = Self.openIDReturn(request)
        do throws(EntranceFault) {
            guard constantTimeEquals(kept.journey.state, back.state) else { throw EntranceFault(.notStartedHere) }
            guard try await isFirst(kept.journey) else { throw EntranceFault(.alreadyUsed) }
            let (outsider, token) = try await door.arrive(
                settings.openID, back, of: kept.journey, home: try await home())
            return try await answer(outsider, token: token, request, visit, to: kept.to)
        } catch {
            var response = try await outsideFailed(error, visit, to: kept.to)
            response.set(journeyCookie.removal(visit))
            return response
        }
    }

    private static func openIDReturn(_ request: Request) -> OpenIDReturn {
        let query = request.uri.queryParameters
        func text(_ name: Substring) -> String? { query[name].map(String.init) }
        return OpenIDReturn(
            code: text("code") ?? "", state: text("state") ?? "", issuer: text("iss"), error: text("error"))
    }

    /// A journey ends once, also when the browser kept its cookie.
    private func isFirst(_ journey: OpenIDJourney) async throws(EntranceFault) -> Bool {
        do {
            return try await cabinet.useOnce(
                sessionHash(journey.state), purpose: "openid", until: journey.begunAt + OpenIDJourney.longest, at: now()
            )
        } catch {
            throw EntranceFault(.nonsense, "archive")
        }
    }

    private func answer(
        _ outsider: Outsider, token: String, _ request: Request, _ visit: Visit, to: String
    ) async throws(EntranceFault) -> Response {
        do {
            var response = try await letIn(outsider, request, visit, to: to)
            response.set(journeyCookie.removal(visit))
            if response.status == .seeOther {
                let hint = token.utf8.count <= longestHint ? token : ""
                response.set(try farewellCookie.set(hint, box, visit, at: now()))
            }
            return response
        } catch {
            visit.logger.error("sign-in from outside", metadata: ["error": "\(error)"])
            throw EntranceFault(.nonsense, "archive")
        }
    }

    /// The page on which somebody signs out at the provider too; nil where there is nothing to sign out of.
    func farewell(_ request: Request, _ visit: Visit) async throws -> Response? {
        let settings = try await cabinet.signInSettings()
        guard let door = parts.door, settings.openID.isOn, settings.openID.endsThere,
            let token = farewellCookie.take(request, box, at: now())
        else { return nil }
        let home = "\(try await cabinet.office().address)/sign-in"
        // A provider that does not answer keeps nobody from signing out here.
        let found = try? await door.farewell(settings.openID, hint: token.isEmpty ? nil : token, home: home)
        guard let address = found ?? nil else { return nil }
        let words = words(visit)
        let page = FarewellPage(
            frame: frame(visit, words("farewell.title"), lead: words("farewell.lead", settings.openID.label)),
            address: address)
        var response = paper.show(page, to: visit)
        // The policy of our pages keeps forms at home, and the answer to a form may not send it elsewhere either.
        response.headers[.refresh] = "1; url=\(address)"
        return response
    }
}

extension HTTPField.Name {
    static let refresh: HTTPField.Name = {
        guard let name = HTTPField.Name("Refresh") else { preconditionFailure("Refresh is a field name") }
        return name
    }()
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope
import FoundationEssentials

/// The tokens that stand for the service account, kept in memory until a minute before they end.
actor GoogleTokens {
    private struct Name: Hashable {
        var key: GoogleKey
        var person: String?
    }

    private struct Token {
        var text: String
        var until: Moment
    }

    private let courier: any Courier
    private var tokens: [Name: Token] = [:]
    /// Never more than the people of one office.
    private let most = 2000

    init(courier: any Courier) { self.courier = courier }

    /// A token that is good for a minute at least.
    ///
    /// - Parameter person: whom the account acts for; nil for itself.
    func token(_ key: GoogleKey, as person: String?, at now: Moment) async throws(Hindrance) -> String {
        let name = Name(key: key, person: person)
        if let token = tokens[name], now < token.until { return token.text }
        let token = try await fetch(key, as: person, at: now)
        if tokens.count >= most { tokens = tokens.filter { now < $0.value.until } }
        tokens[name] = token
        return token.text
    }

    /// Google says that the token is good no longer.
    func forget(_ key: GoogleKey, as person: String?) { tokens[Name(key: key, person: person)] = nil }

    private func fetch(_ key: GoogleKey, as person: String?, at now: Moment) async throws(Hindrance) -> Token {
        let assertion: String
        do {
            assertion = try key.assertion(as: person, atSeconds: now.milliseconds / 1000)
        } catch {
            throw Hindrance.mended(.wrongCredentials, "private_key")
        }
        let body = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=\(assertion)"
        let answer: Incoming
        do {
            answer = try await courier.send(
                Outgoing(
                    "POST", GoogleKey.tokenAddress,
                    headers: [HeaderLine("Content-Type", "application/x-www-form-urlencoded")], body: Array(body.utf8),
                    answerLimit: 65_536))
        } catch {
            throw Hindrance(trouble: Trouble(error), isPassing: true, after: nil)
        }
        guard answer.status == 200 else { throw Self.hindrance(answer) }
        struct Grant: Decodable {
            let access_token: String
            let expires_in: Int64
        }
        guard let grant = try? JSONDecoder().decode(Grant.self, from: Data(answer.body)), !grant.access_token.isEmpty
        else { throw Hindrance.later(.nonsense) }
        let life = min(max(0, grant.expires_in), GoogleKey.lifeSeconds) - 60
        return Token(text: grant.access_token, until: now + Length(milliseconds: life * 1000))
    }

    /// RFC 6749 section 5.2, as Google uses it.
    private static func hindrance(_ answer: Incoming) -> Hindrance {
        struct Refusal: Decodable {
            let error: String
            let error_description: String?
        }
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(answer.body))
        let said = refusal.map { "\($0.error): \($0.error_description ?? "")" } ?? "\(answer.status)"
        switch (answer.status, refusal?.error) {
        case (429, _): return .later(.busy, said, after: answer.retryAfter)
        case (500..., _): return .later(.unreachable, said, after: answer.retryAfter)
        // The account may not act for people: the university's administrator has not allowed it, or not this scope.
        case (_, "unauthorized_client"), (_, "access_denied"): return .mended(.notAllowed, said)
        default: return .mended(.wrongCredentials, said)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Desk
import Secure

/// What an ID token has to say, once its signature is known to be the provider's (OpenID Connect Core section 3.1.3.7).
struct TokenRules: Sendable {
    var issuer: String
    var clientID: String
    var nonce: String
    /// The access token that came with it; nil for none.
    var accessToken: String?

    /// Clocks may differ by so much.
    static let skewSeconds = 60.0
    /// A token that has just been asked for is no older than this.
    static let oldestSeconds = 600.0

    /// - Throws: what is wrong first.
    func check(_ claims: Claims, at now: Moment) throws(EntranceFault) {
        guard claims.text("iss") == issuer else { throw EntranceFault(.wrongIssuer, "iss") }
        let audience = claims["aud"]?.texts ?? []
        guard audience.contains(clientID) else { throw EntranceFault(.wrongAudience, "aud") }
        if audience.count > 1 || claims["azp"] != nil {
            guard claims.text("azp") == clientID else { throw EntranceFault(.wrongAudience, "azp") }
        }
        guard !claims.text("sub").isEmpty, claims.text("sub").utf8.count <= 255 else { throw EntranceFault(.noSubject) }
        try checkTimes(claims, at: now)
        guard constantTimeEquals(claims.text("nonce"), nonce) else { throw EntranceFault(.wrongNonce) }
        if let wanted = claims["at_hash"] {
            guard let accessToken, wanted.text == Self.half(accessToken) else {
                throw EntranceFault(.malformedToken, "at_hash")
            }
        }
    }

    private func checkTimes(_ claims: Claims, at now: Moment) throws(EntranceFault) {
        let second = Double(now.milliseconds) / 1000
        guard let expires = claims["exp"]?.number else { throw EntranceFault(.malformedToken, "exp") }
        guard let issued = claims["iat"]?.number else { throw EntranceFault(.malformedToken, "iat") }
        guard expires > second - Self.skewSeconds else { throw EntranceFault(.expiredToken, "exp") }
        guard issued < second + Self.skewSeconds else { throw EntranceFault(.futureToken, "iat") }
        guard issued > second - Self.oldestSeconds else { throw EntranceFault(.expiredToken, "iat") }
        if let from = claims["nbf"]?.number, from >= second + Self.skewSeconds {
            throw EntranceFault(.futureToken, "nbf")
        }
    }

    /// The left half of a token's digest, for the algorithms that end in 256 (section 3.1.3.6).
    static func half(_ token: String) -> String { Base64URL.text(Array(Digest.sha256(token).prefix(16))) }
}

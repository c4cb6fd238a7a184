// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope
import FoundationEssentials

/// What the token endpoint hands out (OpenID Connect Core section 3.1.3.3).
struct Tokens: Sendable {
    var id: String
    var access: String?
}

extension OpenIDDoor {
    /// Gives the code for tokens (RFC 6749 section 4.1.3).
    func redeem(
        _ code: String, _ journey: OpenIDJourney, _ settings: OpenIDSettings, _ said: Discovery, home: String
    ) async throws(EntranceFault) -> Tokens {
        var values = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", home),
            ("code_verifier", journey.verifier),
        ]
        var headers = [
            HeaderLine("Content-Type", "application/x-www-form-urlencoded"), HeaderLine("Accept", "application/json"),
        ]
        if settings.clientSecret.isEmpty {
            values.append(("client_id", settings.clientID))
        } else if !said.clientMethods.contains("client_secret_basic"), said.clientMethods.contains("client_secret_post")
        {
            values += [("client_id", settings.clientID), ("client_secret", settings.clientSecret)]
        } else {
            headers.append(HeaderLine("Authorization", Self.basic(settings)))
        }
        let answer = try await fetch(
            request("POST", said.token, said, headers: headers, body: Array(WebAddress.form(values).utf8)))
        let claims = Claims(json: answer.body)
        guard answer.status == 200 else { throw Self.refusal(answer, claims) }
        guard let claims, claims.text("token_type").lowercased() == "bearer" || claims["token_type"] == nil,
            let token = claims["id_token"]?.text
        else { throw EntranceFault(.nonsense, "id_token") }
        return Tokens(id: token, access: claims["access_token"]?.text)
    }

    /// RFC 6749 section 2.3.1: both halves are written as a form is before they are joined.
    private static func basic(_ settings: OpenIDSettings) -> String {
        let pair = "\(WebAddress.encoded(settings.clientID)):\(WebAddress.encoded(settings.clientSecret))"
        return "Basic " + Data(pair.utf8).base64EncodedString()
    }

    /// RFC 6749 section 5.2.
    private static func refusal(_ answer: Incoming, _ claims: Claims?) -> EntranceFault {
        let error = code(claims?.text("error") ?? "")
        if error == "invalid_client" || error == "unauthorized_client" || (error.isEmpty && answer.status == 401) {
            return EntranceFault(.clientRefused, error)
        }
        if error == "invalid_grant" { return EntranceFault(.codeRefused, error) }
        return EntranceFault(.nonsense, error.isEmpty ? "HTTP \(answer.status)" : error)
    }

    /// Asks the user info endpoint for what the token does not say (OpenID Connect Core section 5.3). What the token
    /// says stays.
    func more(
        than claims: Claims, at address: String, _ access: String, _ settings: OpenIDSettings
    ) async throws(EntranceFault) -> Claims {
        let said = try await discovery(settings.issuer)
        guard access.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw EntranceFault(.nonsense, "access_token") }
        let answer = try await fetch(
            request(
                "GET", address, said,
                headers: [HeaderLine("Authorization", "Bearer \(access)"), HeaderLine("Accept", "application/json")]))
        guard answer.status == 200, let more = Claims(json: answer.body) else {
            throw EntranceFault(.nonsense, "userinfo HTTP \(answer.status)")
        }
        // Somebody else's particulars must never be taken for this person's (section 5.3.2).
        guard more.text("sub") == claims.text("sub") else { throw EntranceFault(.wrongPerson, "sub") }
        return Claims(more.values.merging(claims.values) { _, signed in signed })
    }
}

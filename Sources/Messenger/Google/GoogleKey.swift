// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Secure

/// A service account's key file, as Google hands it out. Never described, never logged.
struct GoogleKey: Hashable, Sendable, Decodable, CustomStringConvertible {
    /// `service_account`; anything else is another kind of file.
    let type: String
    let clientEmail: String
    let privateKeyID: String
    let privateKey: String

    enum CodingKeys: String, CodingKey {
        case type
        case clientEmail = "client_email"
        case privateKeyID = "private_key_id"
        case privateKey = "private_key"
    }

    /// Reads the file; nil when it is none.
    init?(file text: String) {
        guard text.utf8.count <= 16_384, let key = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)),
            key.type == "service_account", !key.clientEmail.isEmpty
        else { return nil }
        self = key
    }

    /// Never the key.
    var description: String { "GoogleKey" }

    /// Where tokens are handed out. The file's own `token_uri` is not followed: it came with a paste, and this is where a
    /// signed wish for a token is sent.
    static let tokenAddress = "https://oauth2.googleapis.com/token"
    /// Enough for events; calendars themselves are never made or changed.
    static let scope = "https://www.googleapis.com/auth/calendar.events"
    /// Google takes at most an hour.
    static let lifeSeconds: Int64 = 3600

    /// The signed wish for a token (RFC 7523): as the account itself, or as a person of the university.
    func assertion(as person: String?, atSeconds now: Int64) throws(TokenFault) -> String {
        struct Claims: Encodable {
            let iss: String
            let sub: String?
            let scope: String
            let aud: String
            let iat: Int64
            let exp: Int64
        }
        let claims = Claims(
            iss: clientEmail, sub: person, scope: Self.scope, aud: Self.tokenAddress, iat: now,
            exp: now + Self.lifeSeconds)
        guard let text = try? JSONEncoder().encode(claims) else { throw .malformed }
        return try WebToken.sign(
            String(decoding: text, as: UTF8.self), with: TokenKey(pem: privateKey), kid: privateKeyID)
    }
}

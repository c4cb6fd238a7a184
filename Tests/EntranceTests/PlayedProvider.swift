// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope
import Foundation
import Secure

@testable import Entrance

/// An OpenID provider without a socket: strict about what it is asked, and able to lie in every way that a test wants.
actor PlayedProvider: Courier {
    static let issuer = "https://sso.example.ac.th/realms/example"
    static let home = "https://office.example.ac.th/sign-in/openid/return"

    /// What it does wrong; nothing by itself.
    enum Mischief: Sendable, CaseIterable {
        case noSignature, sharedSecret, foreignKey, wrongIssuer, wrongAudience, wrongParty, wrongNonce, noNonce, expired
        case fromTomorrow, issuedLongAgo, noSubject, wrongAccessToken, wrongPersonsParticulars
    }

    var mischief: Mischief?
    var key: TokenKey
    var kid = "first"
    var clock: Moment
    var saysGroups = true
    var namesItself = false
    var clientMethods: [String]?
    private(set) var asked: [Outgoing] = []
    private var codes: [String: (challenge: String, nonce: String)] = [:]

    init(at clock: Moment) throws {
        key = try TokenKey.make()
        self.clock = clock
    }

    func set(_ mischief: Mischief?) { self.mischief = mischief }
    func set(clock: Moment) { self.clock = clock }
    func set(saysGroups: Bool) { self.saysGroups = saysGroups }
    func set(namesItself: Bool) { self.namesItself = namesItself }
    func set(clientMethods: [String]) { self.clientMethods = clientMethods }
    /// Signs with another key from now on.
    func rotate(to kid: String) throws { (key, self.kid) = (try TokenKey.make(), kid) }
    func count(of path: String) -> Int { asked.filter { $0.address.hasSuffix(path) }.count }
    func last(_ path: String) -> Outgoing? { asked.last { $0.address.hasSuffix(path) } }

    /// The browser's part: agrees, and gives what comes back with it.
    func agree(_ address: String) throws -> OpenIDReturn {
        let query = Self.values(String(address.drop { $0 != "?" }.dropFirst()))
        guard query["response_type"] == "code", query["client_id"] == "sanyan", query["redirect_uri"] == Self.home,
            query["code_challenge_method"] == "S256", let challenge = query["code_challenge"],
            let state = query["state"], let nonce = query["nonce"],
            query["scope"]?.split(separator: " ").contains("openid") == true
        else { return OpenIDReturn(code: "", state: query["state"] ?? "", issuer: nil, error: "invalid_request") }
        let code = Token.random()
        codes[code] = (challenge, nonce)
        return OpenIDReturn(code: code, state: state, issuer: namesItself ? Self.issuer : nil, error: nil)
    }

    func send(_ outgoing: Outgoing) async throws(PostFault) -> Incoming {
        asked.append(outgoing)
        do {
            switch outgoing.address.dropFirst(Self.issuer.count) {
            case "/.well-known/openid-configuration": return Self.json(discovery)
            case "/keys": return Incoming(status: 200, body: Array(keys.utf8))
            case "/token": return try redeem(outgoing)
            case "/person": return particulars(outgoing)
            default: return Incoming(status: 404)
            }
        } catch {
            return Incoming(status: 500)
        }
    }

    private var discovery: [String: Any] {
        var said: [String: Any] = [
            "issuer": Self.issuer, "authorization_endpoint": Self.issuer + "/authorize",
            "token_endpoint": Self.issuer + "/token", "jwks_uri": Self.issuer + "/keys",
            "userinfo_endpoint": Self.issuer + "/person", "end_session_endpoint": Self.issuer + "/logout?from=op",
            "code_challenge_methods_supported": ["plain", "S256"], "scopes_supported": ["openid", "profile", "email"],
        ]
        if let clientMethods { said["token_endpoint_auth_methods_supported"] = clientMethods }
        if namesItself { said["authorization_response_iss_parameter_supported"] = true }
        return said
    }

    private var keys: String { "{\"keys\":[\(key.publicKey(named: kid) ?? "")]}" }

    private func redeem(_ outgoing: Outgoing) throws -> Incoming {
        let form = Self.values(String(decoding: outgoing.body, as: UTF8.self))
        let basic = outgoing.headers.first { $0.isNamed("Authorization") }?.value
        let isClient =
            basic == "Basic " + Data("sanyan:s%20cret".utf8).base64EncodedString()
            || (form["client_id"] == "sanyan" && form["client_secret"] == "s cret")
        guard isClient else { return Self.json(["error": "invalid_client"], 401) }
        guard outgoing.method == "POST", form["grant_type"] == "authorization_code", form["redirect_uri"] == Self.home,
            let code = form["code"], let kept = codes.removeValue(forKey: code),
            kept.challenge == Base64URL.text(Digest.sha256(form["code_verifier"] ?? ""))
        else { return Self.json(["error": "invalid_grant"], 400) }
        return Self.json([
            "access_token": "access-\(code)", "token_type": "Bearer", "expires_in": 300,
            "id_token": try token(nonce: kept.nonce, access: "access-\(code)"),
        ])
    }

    /// The ID token, with the mischief done to it.
    private func token(nonce: String, access: String) throws -> String {
        let second = Int(clock.milliseconds / 1000)
        var claims: [String: Any] = [
            "iss": Self.issuer, "sub": "person-7", "aud": "sanyan", "exp": second + 300, "iat": second, "nonce": nonce,
            "at_hash": TokenRules.half(access), "preferred_username": "pimjai@example.ac.th", "name": "นางพิมพ์ใจ ตัวอย่าง",
        ]
        if saysGroups { claims["groups"] = ["/av/officers", "staff"] }
        switch mischief {
        case .wrongIssuer: claims["iss"] = Self.issuer + "/"
        case .wrongAudience: claims["aud"] = ["another"]
        case .wrongParty: (claims["aud"], claims["azp"]) = (["sanyan", "another"], "another")
        case .wrongNonce: claims["nonce"] = "another"
        case .noNonce: claims["nonce"] = nil
        case .expired: claims["exp"] = second - 61
        case .fromTomorrow: claims["iat"] = second + 61
        case .issuedLongAgo: claims["iat"] = second - 3600
        case .noSubject: claims["sub"] = nil
        case .wrongAccessToken: claims["at_hash"] = TokenRules.half("another")
        default: break
        }
        let text = Self.text(claims)
        switch mischief {
        case .noSignature: return Self.unsigned(text)
        case .sharedSecret: return Self.hashed(text, with: keys)
        case .foreignKey: return try WebToken.sign(text, with: try TokenKey.make(), kid: kid)
        default: return try WebToken.sign(text, with: key, kid: kid)
        }
    }

    private func particulars(_ outgoing: Outgoing) -> Incoming {
        let bearer = outgoing.headers.first { $0.isNamed("Authorization") }?.value ?? ""
        guard bearer.hasPrefix("Bearer access-") else { return Incoming(status: 401) }
        return Self.json([
            "sub": mischief == .wrongPersonsParticulars ? "person-8" : "person-7", "groups": ["/av/officers"],
            "email": "Pimjai@Example.ac.th", "email_verified": true, "name": "somebody else's name",
        ])
    }

    /// `alg: none` (RFC 7518 section 3.6).
    private static func unsigned(_ text: String) -> String {
        Base64URL.text(Array(#"{"alg":"none","kid":"first"}"#.utf8)) + "." + Base64URL.text(Array(text.utf8)) + "."
    }

    /// HS256 under the public key's text: what a verifier that believes the token's own algorithm would accept.
    private static func hashed(_ text: String, with secret: String) -> String {
        let front =
            Base64URL.text(Array(#"{"alg":"HS256","kid":"first"}"#.utf8)) + "." + Base64URL.text(Array(text.utf8))
        return front + "." + Base64URL.text(HMAC.sha256(Array(front.utf8), key: Array(secret.utf8)))
    }

    private static func text(_ object: [String: Any]) -> String {
        // Texts, numbers and lists of texts are JSON.
        (try? JSONSerialization.data(withJSONObject: object)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func json(_ object: [String: Any], _ status: Int = 200) -> Incoming {
        Incoming(status: status, body: Array(text(object).utf8))
    }

    static func values(_ form: String) -> [String: String] {
        let pairs = form.split(separator: "&").compactMap { pair -> (String, String)? in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard halves.count == 2, let value = halves[1].removingPercentEncoding else { return nil }
            return (halves[0], value)
        }
        return Dictionary(pairs) { first, _ in first }
    }
}

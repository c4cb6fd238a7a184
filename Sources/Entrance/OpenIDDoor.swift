// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import FoundationEssentials
import Secure

/// Sign-in by an OpenID provider: the authorization code flow with PKCE (OpenID Connect Core section 3.1, RFC 7636).
///
/// It keeps what providers say of themselves and their keys for a while; everything else it is handed.
public actor OpenIDDoor {
    private let courier: any Courier
    private let now: @Sendable () -> Moment
    private var discoveries: [String: (said: Discovery, at: Moment)] = [:]
    private var keys: [String: (text: String, at: Moment)] = [:]

    /// What a provider says of itself is believed for so long, and its keys.
    static let freshness = Length.hours(1)
    /// Keys are asked for again, for a token of an unknown key, at most so often.
    static let patience = Length.minutes(1)

    public init(courier: any Courier, now: @escaping @Sendable () -> Moment) {
        self.courier = courier
        self.now = now
    }

    /// Sends a browser to the provider.
    ///
    /// - Parameter home: where the provider sends it back to, as registered there.
    /// - Returns: where the browser goes, and what it must bring back with it.
    public func depart(
        _ settings: OpenIDSettings, home: String
    ) async throws(EntranceFault) -> (address: String, journey: OpenIDJourney) {
        let said = try await discovery(settings.issuer)
        if let methods = said.challengeMethods, !methods.contains("S256") {
            throw EntranceFault(.missingFeature, "PKCE S256")
        }
        let journey = OpenIDJourney(
            issuer: settings.issuer, state: Token.random(), nonce: Token.random(), verifier: Token.random(),
            begunAt: now())
        let address = WebAddress.with(
            said.authorization,
            [
                ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", home),
                ("scope", Self.scope(settings)), ("state", journey.state), ("nonce", journey.nonce),
                ("code_challenge", Base64URL.text(Digest.sha256(journey.verifier))), ("code_challenge_method", "S256"),
            ])
        return (address, journey)
    }

    /// Takes a browser that comes back.
    ///
    /// - Returns: who it is, and the ID token, for signing out there.
    public func arrive(
        _ settings: OpenIDSettings, _ back: OpenIDReturn, of journey: OpenIDJourney, home: String
    ) async throws(EntranceFault) -> (outsider: Outsider, token: String) {
        guard journey.issuer == settings.issuer, constantTimeEquals(journey.state, back.state) else {
            throw EntranceFault(.notStartedHere)
        }
        guard now() < journey.begunAt + OpenIDJourney.longest else { throw EntranceFault(.tookTooLong) }
        let said = try await discovery(settings.issuer)
        // Whose answer it is, before anything of it is believed (RFC 9207 section 2.4).
        if let issuer = back.issuer, issuer != settings.issuer { throw EntranceFault(.wrongIssuer, "iss") }
        if back.issuer == nil, said.namesItself { throw EntranceFault(.wrongIssuer, "iss") }
        if let error = back.error { throw EntranceFault(.refusedThere, Self.code(error)) }
        guard !back.code.isEmpty, back.code.utf8.count <= 4096 else { throw EntranceFault(.refusedThere, "code") }

        let tokens = try await redeem(back.code, journey, settings, said, home: home)
        let rules = TokenRules(
            issuer: settings.issuer, clientID: settings.clientID, nonce: journey.nonce, accessToken: tokens.access)
        var claims = try await verified(tokens.id, said)
        try rules.check(claims, at: now())
        let isSaid = settings.groupClaims.contains { claims.claim(at: $0) != nil }
        if !isSaid || claims.claim(at: settings.usernameClaim) == nil, let address = said.userInfo,
            let access = tokens.access
        {
            claims = try await more(than: claims, at: address, access, settings)
        }
        return (claims.outsider(issuer: settings.issuer, by: settings), tokens.id)
    }

    /// Where a browser goes to sign out at the provider too; nil when the provider offers no such place.
    public func farewell(
        _ settings: OpenIDSettings, hint token: String?, home: String
    ) async throws(EntranceFault) -> String? {
        guard let address = try await discovery(settings.issuer).endSession else { return nil }
        let hint = token.map { [("id_token_hint", $0)] } ?? []
        return WebAddress.with(
            address, hint + [("client_id", settings.clientID), ("post_logout_redirect_uri", home)])
    }

    // MARK: What the provider says

    func discovery(_ issuer: String, isFresh: Bool = false) async throws(EntranceFault) -> Discovery {
        if !isFresh, let kept = discoveries[issuer], now() < kept.at + Self.freshness { return kept.said }
        guard WebAddress.isUsable(issuer), !issuer.contains("?") else { throw EntranceFault(.notSetUp, "issuer") }
        let answer = try await fetch(Outgoing("GET", Discovery.address(of: issuer), mayStayInside: true))
        guard answer.status == 200 else { throw EntranceFault(.noDiscovery, "HTTP \(answer.status)") }
        let said = try Discovery(answer.body, issuer: issuer)
        // One provider at a time; a few more while settings are tried.
        if discoveries.count > 8 { (discoveries, keys) = ([:], [:]) }
        discoveries[issuer] = (said, now())
        return said
    }

    func keySet(_ said: Discovery, olderThan age: Length = OpenIDDoor.freshness) async throws(EntranceFault) -> String {
        if let kept = keys[said.keys], now() < kept.at + age { return kept.text }
        let answer = try await fetch(request("GET", said.keys, said))
        guard answer.status == 200, !answer.body.isEmpty else { throw EntranceFault(.noKeys, "HTTP \(answer.status)") }
        let text = String(decoding: answer.body, as: UTF8.self)
        keys[said.keys] = (text, now())
        return text
    }

    /// The claims of a token that the provider has signed. A key that is not known may be a new one: the keys are asked
    /// for again, but not for every stranger's token.
    private func verified(_ token: String, _ said: Discovery) async throws(EntranceFault) -> Claims {
        let first = Self.read(token, try await keySet(said))
        switch first {
        case .success(let claims): return claims
        case .failure(let fault) where fault.kind == .unknownKey || fault.kind == .wrongSignature:
            return try Self.read(token, try await keySet(said, olderThan: Self.patience)).get()
        case .failure(let fault): throw fault
        }
    }

    private static func read(_ token: String, _ keys: String) -> Result<Claims, EntranceFault> {
        do throws(TokenFault) {
            let text = try WebToken.verify(token, against: keys)
            guard let claims = Claims(json: text.utf8) else { return .failure(EntranceFault(.malformedToken)) }
            return .success(claims)
        } catch {
            return switch error {
            case .unknownKey: .failure(EntranceFault(.unknownKey))
            case .wrongSignature: .failure(EntranceFault(.wrongSignature))
            case .malformed, .badKey: .failure(EntranceFault(.malformedToken))
            }
        }
    }

    func fetch(_ outgoing: Outgoing) async throws(EntranceFault) -> Incoming {
        do throws(PostFault) {
            return try await courier.send(outgoing)
        } catch {
            throw EntranceFault(error)
        }
    }

    /// A request to an address that the provider named: inside the house only when the provider itself lies there.
    func request(
        _ method: String, _ address: String, _ said: Discovery, headers: [HeaderLine] = [], body: [UInt8] = []
    ) -> Outgoing {
        Outgoing(
            method, address, headers: headers, body: body,
            mayStayInside: WebAddress.host(address) == WebAddress.host(said.issuer))
    }

    private static func scope(_ settings: OpenIDSettings) -> String {
        let words = settings.scopes.split(separator: " ").map(String.init)
        return (words.contains("openid") ? words : ["openid"] + words).joined(separator: " ")
    }

    /// An error's code as it may stand on a page: short, and of the letters that codes have (RFC 6749 appendix A.7).
    static func code(_ text: String) -> String {
        String(text.prefix(60).filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
    }
}

extension EntranceFault {
    /// Why no answer came.
    init(_ fault: PostFault) {
        switch fault {
        case .badAddress: self.init(.notSetUp, "address")
        case .unsafeAddress: self.init(.unsafeAddress)
        case .unreachable(let why): self.init(.unreachable, String(why.prefix(200)))
        case .timedOut: self.init(.timedOut)
        case .cut: self.init(.unreachable, "cut")
        case .tooLarge: self.init(.nonsense, "too large")
        }
    }
}

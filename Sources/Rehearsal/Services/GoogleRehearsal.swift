// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import FoundationEssentials
import Secure

/// Google's token endpoint and Calendar API v3 as their documentation describes them, and stricter: what the real ones may
/// let pass is refused here. No socket, no clock: a request is a value, and so is the answer.
///
/// From https://developers.google.com/identity/protocols/oauth2/service-account and
/// https://developers.google.com/workspace/calendar/api/v3/reference/events. What only the real service can prove is
/// listed in docs/operate.md.
public struct GoogleRehearsal: Sendable {
    /// A service account, with the public half of its key.
    public struct Account: Sendable {
        public var mail: String
        /// A JSON Web Key Set with the account's public keys.
        public var keys: String
        /// What the university's administrator lets it do in the name of people; empty for nothing.
        public var delegated: Set<String>

        public init(mail: String, keys: String, delegated: Set<String> = []) {
            self.mail = mail
            self.keys = keys
            self.delegated = delegated
        }
    }

    /// What goes wrong with the next request to the calendar, one after the other.
    public enum Mischief: Hashable, Sendable {
        /// Nothing: this one goes through.
        case none
        /// 403 `rateLimitExceeded`.
        case rateLimit
        /// 403 `quotaExceeded`.
        case quota
        /// 429 with Retry-After in seconds.
        case tooMany(Int)
        /// 503.
        case unavailable
        /// No answer in time, and nothing was done.
        case timeOut
        /// No answer in time, but it was done.
        case timeOutAfterwards
        /// The connection ends before the answer, but it was done.
        case cutAfterwards
        /// The token is good no longer, though it ought to be.
        case tokenRevoked
        /// An answer that is no JSON.
        case nonsense
    }

    struct Token: Sendable {
        var account: String
        /// Whom the account acts for.
        var person: String?
        var until: Moment
        var scopes: Set<String>

        /// Whose reminders these are.
        var identity: String { person ?? account }
    }

    struct Event: Sendable {
        var fields: [String: GoogleValue]
        /// Reminders belong to who set them, and to nobody else.
        var reminders: [String: GoogleValue] = [:]
        /// Rises with every change; the etag is made of it.
        var version: Int
        var isDeleted: Bool { fields["status"]?.text == "cancelled" }
    }

    /// One calendar: who may do what, and its events.
    public struct Calendar: Sendable {
        /// `owner`, `writer`, `reader` by the address of an account or a person.
        public var roles: [String: String]
        var events: [String: Event] = [:]

        public init(roles: [String: String]) { self.roles = roles }

        /// The ids of events that stand there.
        public var ids: [String] { events.filter { !$0.value.isDeleted }.keys.sorted() }
    }

    public var accounts: [Account]
    /// Addresses of the university's people; each has a calendar of their own of the same name.
    public var people: Set<String>
    public var calendars: [String: Calendar]
    public var mischief: [Mischief] = []
    /// So many requests a minute, for each account or person.
    public var requestsPerMinute = 600
    /// So many items on a page at most, whatever is asked for.
    public var pageLimit = 2500
    /// What was asked: method and path, without the query.
    public private(set) var log: [String] = []

    var tokens: [String: Token] = [:]
    var version = 1000
    /// Sync tokens that are older than this version are no longer known.
    var oldestSync = 0
    private var asked: [String: [Moment]] = [:]

    public static let tokenAddress = "https://oauth2.googleapis.com/token"
    static let base = "https://www.googleapis.com/calendar/v3/calendars/"
    /// The scopes that let events be written.
    static let scopes: Set<String> = [
        "https://www.googleapis.com/auth/calendar.events", "https://www.googleapis.com/auth/calendar",
    ]

    public init(accounts: [Account], people: Set<String> = [], calendars: [String: Calendar] = [:]) {
        self.accounts = accounts
        self.people = people
        self.calendars = calendars
        for person in people { self.calendars[person] = Calendar(roles: [person: "owner"]) }
    }

    /// Every sync token that was handed out is too old from here on.
    public mutating func forgetSyncTokens() {
        version += 1
        oldestSync = version
    }

    /// Answers one request.
    public mutating func answer(_ outgoing: Outgoing, at now: Moment) throws(PostFault) -> Incoming {
        let parts = outgoing.address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts[0])
        log.append("\(outgoing.method) \(path)")
        if path == Self.tokenAddress { return grant(outgoing, at: now) }
        guard path.hasPrefix(Self.base) else { throw .unreachable("no such server") }
        guard let query = Self.query(parts.count > 1 ? String(parts[1]) : "") else { return Self.badRequest("query") }
        let trouble = mischief.isEmpty ? .none : mischief.removeFirst()
        switch trouble {
        case .rateLimit: return Self.fault(403, "rateLimitExceeded", "Rate Limit Exceeded")
        case .quota: return Self.fault(403, "quotaExceeded", "Calendar usage limits exceeded.")
        case .tooMany(let seconds):
            var answer = Self.fault(429, "rateLimitExceeded", "Rate Limit Exceeded")
            answer.headers.append(HeaderLine("Retry-After", String(seconds)))
            return answer
        case .unavailable: return Self.fault(503, "backendError", "Backend Error")
        case .timeOut: throw .timedOut(wasSent: false)
        case .nonsense: return Incoming(status: 200, body: Array("<html>".utf8))
        case .tokenRevoked: tokens = [:]
        case .none, .timeOutAfterwards, .cutAfterwards: break
        }
        let answer = serve(outgoing, String(path.dropFirst(Self.base.count)), query, at: now)
        switch trouble {
        case .timeOutAfterwards: throw .timedOut(wasSent: true)
        case .cutAfterwards: throw .cut
        default: return answer
        }
    }

    private mutating func serve(
        _ outgoing: Outgoing, _ path: String, _ query: [String: String], at now: Moment
    ) -> Incoming {
        guard let token = token(outgoing, at: now) else {
            return Self.fault(401, "authError", "Invalid Credentials")
        }
        let minute = asked[token.identity, default: []].filter { now - $0 < .minutes(1) }
        guard minute.count < requestsPerMinute else {
            return Self.fault(403, "userRateLimitExceeded", "User Rate Limit Exceeded")
        }
        asked[token.identity] = minute + [now]
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map { Self.decoded(String($0)) }
        guard parts.count == 2 || parts.count == 3, parts[1] == "events", !parts.contains("") else {
            return Self.fault(404, "notFound", "Not Found")
        }
        let name = parts[0] == "primary" ? token.identity : parts[0]
        guard let role = calendars[name]?.roles[token.identity] else {
            return Self.fault(404, "notFound", "Not Found")
        }
        let mayWrite = role == "writer" || role == "owner"
        let call = Call(
            calendar: name, event: parts.count == 3 ? parts[2] : nil, query: query, outgoing: outgoing, token: token,
            role: role)
        switch (outgoing.method, call.event) {
        case ("GET", nil): return list(call)
        case ("GET", _?): return get(call)
        case ("POST", nil), ("PUT", _?), ("DELETE", _?):
            guard mayWrite else {
                return Self.fault(403, "requiredAccessLevel", "You need to have writer access to this calendar.")
            }
            return write(call, at: now)
        default: return Self.fault(404, "notFound", "Not Found")
        }
    }

    /// A request that may be answered.
    struct Call {
        var calendar: String
        var event: String?
        var query: [String: String]
        var outgoing: Outgoing
        var token: Token
        var role: String
    }

    private func token(_ outgoing: Outgoing, at now: Moment) -> Token? {
        let header = outgoing.headers.first { $0.isNamed("Authorization") }?.value ?? ""
        guard header.hasPrefix("Bearer "), let token = tokens[String(header.dropFirst(7))], now < token.until else {
            return nil
        }
        return token.scopes.isDisjoint(with: Self.scopes) ? nil : token
    }

    // MARK: Tokens

    private mutating func grant(_ outgoing: Outgoing, at now: Moment) -> Incoming {
        let type = outgoing.headers.first { $0.isNamed("Content-Type") }?.value ?? ""
        guard outgoing.method == "POST", type == "application/x-www-form-urlencoded",
            let form = Self.query(String(decoding: outgoing.body, as: UTF8.self)),
            Set(form.keys) == ["grant_type", "assertion"],
            form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        else { return Self.refusal(400, "unsupported_grant_type", "Invalid grant_type: ") }
        struct Claims: Decodable {
            let iss: String
            let sub: String?
            let scope: String
            let aud: String
            let iat: Int64
            let exp: Int64
        }
        let assertion = form["assertion"] ?? ""
        var found: (Account, Claims)?
        for account in accounts {
            // Another account's key fails here, and is no fault.
            guard let text = try? WebToken.verify(assertion, against: account.keys),
                let claims = try? JSONDecoder().decode(Claims.self, from: Data(text.utf8)), claims.iss == account.mail
            else { continue }
            found = (account, claims)
        }
        guard let (account, claims) = found else { return Self.refusal(400, "invalid_grant", "Invalid JWT Signature.") }
        let seconds = now.milliseconds / 1000
        guard claims.aud == Self.tokenAddress, claims.iat <= seconds + 300, claims.exp > seconds,
            claims.exp - claims.iat <= 3600, claims.exp > claims.iat
        else {
            return Self.refusal(
                400, "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.")
        }
        let scopes = Set(claims.scope.split(separator: " ").map(String.init))
        guard !scopes.isEmpty else { return Self.refusal(400, "invalid_scope", "Empty or missing scope not allowed.") }
        if let person = claims.sub {
            guard people.contains(person) else { return Self.refusal(400, "invalid_grant", "Invalid email or User ID") }
            guard scopes.isSubset(of: account.delegated) else {
                return Self.refusal(
                    401, "unauthorized_client",
                    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any"
                        + " of the scopes requested.")
            }
        }
        version += 1
        let name = "ya29.rehearsed-\(version)"
        tokens[name] = Token(account: account.mail, person: claims.sub, until: now + .seconds(3599), scopes: scopes)
        return Self.json(
            200,
            .object(["access_token": .text(name), "expires_in": .number(3599), "token_type": .text("Bearer")]))
    }

    private static func refusal(_ status: Int, _ error: String, _ description: String) -> Incoming {
        json(status, .object(["error": .text(error), "error_description": .text(description)]))
    }

    // MARK: Answers

    static func json(_ status: Int, _ value: GoogleValue) -> Incoming {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // Strings, numbers and their lists are always JSON.
        let body = (try? encoder.encode(value)).map { Array($0) } ?? []
        return Incoming(
            status: status, headers: [HeaderLine("Content-Type", "application/json; charset=UTF-8")], body: body)
    }

    static func fault(_ status: Int, _ reason: String, _ message: String) -> Incoming {
        let inner = GoogleValue.object([
            "domain": .text(status == 403 || status == 429 ? "usageLimits" : "global"), "reason": .text(reason),
            "message": .text(message),
        ])
        return json(
            status,
            .object([
                "error": .object(["errors": .list([inner]), "code": .number(status), "message": .text(message)])
            ]))
    }

    static func badRequest(_ what: String) -> Incoming { fault(400, "invalid", "Invalid value for: \(what)") }

    /// `a=b&c=d`, each name once; nil for what is none.
    private static func query(_ text: String) -> [String: String]? {
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = decoded(halves.count == 2 ? String(halves[1]).replacing("+", with: " ") : "")
            guard halves.count == 2, query.updateValue(value, forKey: String(halves[0])) == nil
            else { return nil }
        }
        return query
    }

    /// Percent signs undone (RFC 3986 section 2.1).
    static func decoded(_ text: String) -> String {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

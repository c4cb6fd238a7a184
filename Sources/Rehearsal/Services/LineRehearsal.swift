// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope

/// LINE's Messaging API as its documentation describes it, for want of the real one: strict where the real one is, and
/// with every mishap that can be asked for. Pure: the clock is handed in, and no socket is known.
///
/// What it knows: push and reply messages with text and buttons templates, retry keys, rate, the month's quota, the
/// account, profiles and the webhook's address. Anything else is answered as an unknown path.
public struct LineRehearsal: Sendable {
    /// The channel access token that is good.
    public var token: String
    /// From here on the token is expired.
    public var tokenUntil: Moment?
    /// Messages in a month; nil for no limit.
    public var quota: Int?
    public var used = 0
    /// Requests in one second; beyond it 429.
    public var perSecond = 2000
    public var name = "สำนักงานตัวอย่าง"
    public var basicID = "@123abcde"
    public var endpoint = (address: "", isActive: true)
    /// Users who have blocked the account: a push is accepted all the same, and never shown.
    public var blocked: Set<String> = []
    /// Users who are no friends: they have no profile.
    public var strangers: Set<String> = []
    /// Reply tokens that are good, each once.
    public var replyTokens: Set<String> = []
    /// The next requests are answered with these instead of being looked at; the first first.
    public var failures: [Int] = []

    /// What was shown to whom, in the order in which it was accepted.
    public private(set) var shown: [Shown] = []
    /// Requests that came, also those that were refused.
    public private(set) var requests = 0
    /// Pushes without a retry key: the caller's fault, for they can never be tried again.
    public private(set) var withoutRetryKey = 0

    public struct Shown: Hashable, Sendable {
        /// The user, or the reply token's words `reply:TOKEN`.
        public var to: String
        /// The texts of the messages; of a template its text.
        public var texts: [String]
        /// The data of postback buttons.
        public var postbacks: [String]
        /// The addresses of link buttons.
        public var links: [String]
        /// What a closed telephone shows for a template.
        public var altTexts: [String]
        public var retryKey: String?
        public var at: Moment
        public var requestID: String
    }

    /// Retry keys that were accepted: by which request, and until when they are remembered.
    private var accepted: [String: (request: String, sent: [String], until: Moment)] = [:]
    private var second = (number: Int64.min, count: 0)
    private var messages = 0
    /// How long LINE remembers a retry key.
    private static let keyLife = Length.hours(24)

    public init(token: String, quota: Int? = nil) {
        self.token = token
        self.quota = quota
    }

    /// Answers one request at a moment.
    public mutating func answer(_ outgoing: Outgoing, at now: Moment) -> Incoming {
        requests += 1
        var incoming = reply(to: outgoing, at: now)
        incoming.headers.insert(HeaderLine("x-line-request-id", requestID), at: 0)
        return incoming
    }

    private var requestID: String { "request-\(requests)" }

    private mutating func reply(to outgoing: Outgoing, at now: Moment) -> Incoming {
        if !failures.isEmpty { return Self.fault(failures.removeFirst(), "Internal server error") }
        guard outgoing.headers.filter({ $0.isNamed("Authorization") }).map(\.value) == ["Bearer \(token)"] else {
            return Self.fault(401, "Authentication failed due to the following reason: invalid token")
        }
        if let tokenUntil, now >= tokenUntil {
            return Self.fault(401, "Authentication failed due to the following reason: expired token")
        }
        guard isWithinRate(now) else {
            return Self.fault(429, "The API rate limit has been exceeded. Try again later.")
        }
        return route(outgoing, at: now)
    }

    private mutating func isWithinRate(_ now: Moment) -> Bool {
        let number = now.milliseconds / 1000
        second = second.number == number ? (number, second.count + 1) : (number, 1)
        return second.count <= perSecond
    }

    private mutating func route(_ outgoing: Outgoing, at now: Moment) -> Incoming {
        let path = Self.path(outgoing.address)
        let profile = "/v2/bot/profile/"
        switch (outgoing.method, path) {
        case ("POST", "/v2/bot/message/push"): return push(outgoing, at: now)
        case ("POST", "/v2/bot/message/reply"): return talkBack(outgoing, at: now)
        case ("GET", "/v2/bot/message/quota"):
            return .json(200, quota.map { ["type": "limited", "value": $0] } ?? ["type": "none"])
        case ("GET", "/v2/bot/message/quota/consumption"): return .json(200, ["totalUsage": used])
        case ("GET", "/v2/bot/info"):
            return .json(
                200,
                [
                    "userId": "U00000000000000000000000000000000", "basicId": basicID, "displayName": name,
                    "chatMode": "bot", "markAsReadMode": "auto",
                ])
        case ("GET", "/v2/bot/channel/webhook/endpoint"):
            if endpoint.address.isEmpty { return Self.fault(404, "Webhook endpoint not found") }
            return .json(200, ["endpoint": endpoint.address, "active": endpoint.isActive])
        case ("GET", let path) where path.hasPrefix(profile):
            let user = String(path.dropFirst(profile.count))
            guard LineMessage.isRecipient(user), !blocked.contains(user), !strangers.contains(user)
            else { return Self.fault(404, "Not found") }
            return .json(200, ["userId": user, "displayName": "ผู้ใช้"])
        case (_, "/v2/bot/message/push"), (_, "/v2/bot/message/reply"), (_, "/v2/bot/info"):
            return Self.fault(405, "Method not allowed")
        default: return Self.fault(404, "Not found")
        }
    }

    /// Everything after the host, without a query.
    private static func path(_ address: String) -> String {
        guard let scheme = address.firstRange(of: "://") else { return address }
        let rest = address[scheme.upperBound...].drop { $0 != "/" }
        return String(rest.prefix { $0 != "?" })
    }

    static func fault(_ status: Int, _ message: String, details: [LineMessage.Fault] = []) -> Incoming {
        var body: [String: Any] = ["message": message]
        if !details.isEmpty { body["details"] = details.map { ["message": $0.message, "property": $0.property] } }
        return .json(status, body)
    }
}

// MARK: - Messages

extension LineRehearsal {
    private mutating func push(_ outgoing: Outgoing, at now: Moment) -> Incoming {
        let keys = outgoing.headers.filter { $0.isNamed("X-Line-Retry-Key") }.map(\.value)
        if keys.isEmpty { withoutRetryKey += 1 }
        if keys.count > 1 || keys.contains(where: { !LineMessage.isUUID($0) }) {
            return Self.fault(400, "Invalid retry key")
        }
        let read = LineMessage.read(outgoing, addressed: "to")
        guard let order = read.order else { return Self.refusal(read.faults) }
        accepted = accepted.filter { $0.value.until > now }
        if let key = keys.first?.lowercased(), let first = accepted[key] {
            var conflict = Incoming.json(
                409, ["message": "The retry key is already accepted", "sentMessages": first.sent.map { ["id": $0] }])
            conflict.headers.append(HeaderLine("x-line-accepted-request-id", first.request))
            return conflict
        }
        // A push counts one for each recipient, however many messages it holds.
        if let quota, used >= quota { return Self.fault(429, "You have reached your monthly limit.") }
        used += 1
        let sent = accept(order, key: keys.first, at: now)
        if let key = keys.first?.lowercased() { accepted[key] = (requestID, sent, now + Self.keyLife) }
        return .json(200, ["sentMessages": sent.map { ["id": $0] }])
    }

    /// A reply costs nothing, takes no retry key, and its token is good once.
    private mutating func talkBack(_ outgoing: Outgoing, at now: Moment) -> Incoming {
        if outgoing.headers.contains(where: { $0.isNamed("X-Line-Retry-Key") }) {
            return Self.fault(400, "Retry key is not supported by this API")
        }
        let read = LineMessage.read(outgoing, addressed: "replyToken")
        guard let order = read.order else { return Self.refusal(read.faults) }
        guard replyTokens.remove(order.to) != nil else { return Self.fault(400, "Invalid reply token") }
        var replied = order
        replied.to = "reply:\(order.to)"
        let sent = accept(replied, key: nil, at: now)
        return .json(200, ["sentMessages": sent.map { ["id": $0] }])
    }

    private mutating func accept(_ order: LineMessage.Order, key: String?, at now: Moment) -> [String] {
        let sent = order.messages.map { _ -> String in
            messages += 1
            return "\(500_000 + messages)"
        }
        if !blocked.contains(order.to) {
            shown.append(
                Shown(
                    to: order.to, texts: order.messages.map(\.text), postbacks: order.messages.flatMap(\.postbacks),
                    links: order.messages.flatMap(\.links), altTexts: order.messages.compactMap(\.altText),
                    retryKey: key, at: now, requestID: requestID))
        }
        return sent
    }

    private static func refusal(_ faults: [LineMessage.Fault]) -> Incoming {
        switch faults.first?.property {
        case LineMessage.wrongType: fault(415, "Unsupported media type")
        case LineMessage.noJSON: fault(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
        default:
            fault(400, "The request body has \(faults.count) error(s)", details: faults)
        }
    }
}

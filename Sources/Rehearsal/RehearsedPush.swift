// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import FoundationEssentials
public import Secure

/// A push service as strict as the standards allow (RFC 8030, 8188, 8291, 8292), with the browsers that it serves: what
/// it finds wrong is answered with 4xx and noted, what it takes is opened by the browser's own key.
public struct RehearsedPush: Sendable {
    /// What a browser has received.
    public struct Push: Hashable, Sendable {
        public var browser: String
        public var text: String
        public var ttlSeconds: Int
        public var urgency: String
        public var topic: String
        public var at: Moment
    }

    /// What the next request meets instead of an answer of its own.
    public enum Mood: Hashable, Sendable {
        /// Nothing is taken; this status is answered, with Retry-After when there are seconds.
        case answers(Int, retryAfterSeconds: Int? = nil)
        /// Taken, and the answer never arrives.
        case takesAndIsSilent
        /// Nobody is there.
        case isAway
    }

    public static let origin = "https://push.example.com"
    private let applicationKey: String
    private var browsers: [String: PushReader] = [:]
    private var gone: Set<String> = []
    private var smallest: [String: Int] = [:]
    /// What browsers received, oldest first.
    public private(set) var pushes: [Push] = []
    /// Why requests were refused, oldest first.
    public private(set) var faults: [String] = []
    /// What the next requests meet, first come, first served.
    public var moods: [Mood] = []

    /// - Parameter applicationKey: the public key that browsers subscribe with, in base64url.
    public init(applicationKey: String) { self.applicationKey = applicationKey }

    /// A new browser subscribes.
    ///
    /// - Parameter largest: bodies beyond so many bytes are too large for it.
    public mutating func subscribe(_ name: String, largest: Int = 4096) throws -> Device.Subscription {
        let reader = try PushReader()
        browsers[name] = reader
        smallest[name] = largest
        return Device.Subscription(
            endpoint: "\(Self.origin)/send/\(name)", point: Base64URL.text(reader.keys.point),
            secret: Base64URL.text(reader.keys.secret))
    }

    /// A browser takes its permission back.
    public mutating func unsubscribe(_ name: String) { gone.insert(name) }

    /// Answers a request, or throws what a courier would.
    public mutating func answer(_ outgoing: Outgoing, at now: Moment) throws(PostFault) -> Incoming {
        let mood = moods.isEmpty ? nil : moods.removeFirst()
        switch mood {
        case .answers(let status, let seconds):
            let wait = seconds.map { [HeaderLine("Retry-After", "\($0)")] } ?? []
            return Incoming(status: status, headers: wait)
        case .isAway: throw .unreachable("refused")
        case .takesAndIsSilent, nil: break
        }
        let answer = judge(outgoing, at: now)
        if mood == .takesAndIsSilent { throw .timedOut(wasSent: true) }
        return answer
    }

    private mutating func judge(_ outgoing: Outgoing, at now: Moment) -> Incoming {
        guard outgoing.method == "POST", outgoing.address.hasPrefix("\(Self.origin)/send/"),
            let name = outgoing.address.split(separator: "/").last.map(String.init), let reader = browsers[name]
        else { return refuse(404, "no such subscription") }
        if gone.contains(name) { return refuse(410, "gone") }
        if outgoing.mayStayInside { return refuse(400, "an endpoint from outside may not stay inside") }
        if outgoing.body.count > smallest[name] ?? 4096 { return refuse(413, "\(outgoing.body.count) bytes") }
        let push: Push
        do throws(Fault) {
            try checkPass(outgoing, at: now)
            push = try received(outgoing, by: reader, name: name, at: now)
        } catch {
            return refuse(error.status, error.said)
        }
        // Section 5.4: what still waits under the same topic is replaced; here nothing waits, so it is only noted.
        pushes.append(push)
        return Incoming(status: 201, headers: [HeaderLine("Location", "\(Self.origin)/message/\(pushes.count)")])
    }

    private mutating func refuse(_ status: Int, _ why: String) -> Incoming {
        faults.append("\(status) \(why)")
        return Incoming(status: status)
    }

    private struct Fault: Error {
        let status: Int
        let said: String
        init(_ status: Int, _ said: String) { (self.status, self.said) = (status, said) }
        init(_ said: String) { self.init(400, said) }
    }

    /// RFC 8292 section 2 and 3.
    private func checkPass(_ outgoing: Outgoing, at now: Moment) throws(Fault) {
        let header = outgoing.header("Authorization") ?? ""
        let prefix = "vapid t="
        let parts = header.dropFirst(prefix.count).split(separator: ",").map { $0.drop { $0 == " " } }
        guard header.hasPrefix(prefix), parts.count == 2, parts[1] == "k=\(applicationKey)" else {
            throw Fault(403, "another key than the subscription's")
        }
        guard let point = Base64URL.bytes(applicationKey), point.count == 65 else { throw Fault("no key") }
        let (x, y) = (Base64URL.text(Array(point[1..<33])), Base64URL.text(Array(point[33..<65])))
        let keys = #"{"keys":[{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"}]}"#
        struct Claims: Decodable {
            var aud: String
            var exp: Int64
            var sub: String
        }
        guard let text = try? WebToken.verify(String(parts[0]), against: keys),
            let claims = try? JSONDecoder().decode(Claims.self, from: Data(text.utf8))
        else { throw Fault(401, "a token that is none") }
        let second = now.milliseconds / 1000
        guard claims.aud == Self.origin else { throw Fault(401, "for another service") }
        guard claims.exp > second, claims.exp <= second + 86_400 else { throw Fault(401, "its time") }
        guard claims.sub.hasPrefix("mailto:") || claims.sub.hasPrefix("https://") else { throw Fault(401, "nobody") }
    }

    private func received(
        _ outgoing: Outgoing, by reader: PushReader, name: String, at now: Moment
    ) throws(Fault) -> Push {
        guard outgoing.header("Content-Encoding") == "aes128gcm" else { throw Fault("content coding") }
        guard let ttl = outgoing.header("TTL").flatMap({ Int($0) }), (0...2_419_200).contains(ttl) else {
            throw Fault("TTL")
        }
        let urgency = outgoing.header("Urgency") ?? "normal"
        guard ["very-low", "low", "normal", "high"].contains(urgency) else { throw Fault("Urgency") }
        let topic = outgoing.header("Topic") ?? ""
        guard topic.utf8.count <= 32,
            topic.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        else { throw Fault("Topic") }
        let names: Set = ["authorization", "content-encoding", "content-type", "ttl", "urgency", "topic"]
        if let odd = outgoing.headers.first(where: { !names.contains($0.name.lowercased()) }) {
            throw Fault("header \(odd.name)")
        }
        guard let text = try? reader.open(outgoing.body) else { throw Fault("cannot be opened") }
        return Push(
            browser: name, text: String(decoding: text, as: UTF8.self), ttlSeconds: ttl, urgency: urgency, topic: topic,
            at: now)
    }
}

extension Outgoing {
    fileprivate func header(_ name: String) -> String? { headers.first { $0.isNamed(name) }?.value }
}

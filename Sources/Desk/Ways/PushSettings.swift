// SPDX-License-Identifier: Apache-2.0

/// How Web Push is set up (RFC 8292, VAPID): who sends, and by which key the push services know us. Kept sealed, as JSON.
public struct PushSettings: Hashable, Codable, Sendable {
    /// The private P-256 key as a JSON Web Key. Devices are bound to it: with another one all have to sign on anew.
    public var key: String
    /// The public key as browsers want it: base64url of the uncompressed point.
    public var publicKey: String
    /// Whom a push service writes to when something is wrong: `mailto:…` or `https://…`.
    public var contact: String
    /// Push services in the university's own network, also without TLS, may be called.
    public var mayStayInside: Bool

    public init(key: String = "", publicKey: String = "", contact: String = "", mayStayInside: Bool = false) {
        self.key = key
        self.publicKey = publicKey
        self.contact = contact
        self.mayStayInside = mayStayInside
    }

    public var isComplete: Bool { !key.isEmpty && !publicKey.isEmpty && !contact.isEmpty }

    /// Whether a browser may be reached at an address: https, or also http where it may lie inside; at most 1,000
    /// characters of plain ASCII, with a host, and no name or password in it.
    public func takes(endpoint: String) -> Bool {
        let schemes = mayStayInside ? ["https://", "http://"] : ["https://"]
        guard endpoint.utf8.count <= 1000, let scheme = schemes.first(where: { endpoint.hasPrefix($0) }) else {
            return false
        }
        let host = endpoint.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return !host.isEmpty && !host.contains("@") && endpoint.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// `https://push.example.com`: the origin of an endpoint, which a signed token is good for (RFC 8292 section 2).
    public static func origin(of endpoint: String) -> String {
        let parts = endpoint.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return endpoint }
        return "\(parts[0])//\(parts[2].prefix { $0 != "?" && $0 != "#" })"
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What is remembered in the browser of somebody who has gone to the provider (การเดินทางไปยืนยันตัวตน), sealed there.
public struct OpenIDJourney: Hashable, Codable, Sendable {
    public var issuer: String
    /// Comes back with the browser (RFC 6749 section 10.12).
    public var state: String
    /// Comes back in the token (OpenID Connect Core section 3.1.2.1).
    public var nonce: String
    /// Whose digest went with the browser (RFC 7636).
    public var verifier: String
    public var begunAt: Moment

    public init(issuer: String, state: String, nonce: String, verifier: String, begunAt: Moment) {
        self.issuer = issuer
        self.state = state
        self.nonce = nonce
        self.verifier = verifier
        self.begunAt = begunAt
    }

    /// A journey takes at most so long.
    public static let longest = Length.minutes(10)
}

/// What the provider sends back with the browser (RFC 6749 section 4.1.2, RFC 9207).
public struct OpenIDReturn: Hashable, Sendable {
    public var code: String
    public var state: String
    public var issuer: String?
    public var error: String?

    public init(code: String, state: String, issuer: String?, error: String?) {
        self.code = code
        self.state = state
        self.issuer = issuer
        self.error = error
    }
}

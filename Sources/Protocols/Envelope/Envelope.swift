// SPDX-License-Identifier: Apache-2.0

// Envelope (ซอง): what goes to a server outside by HTTP and what comes back, as values. Nothing here knows a socket;
// `Post` carries them, and the strict rehearsals of services that cannot be reached answer them.

/// A request to a server outside (RFC 9110).
public struct Outgoing: Hashable, Sendable {
    /// `GET`, `POST`, `PUT`, `DELETE`, `PROPFIND`, `REPORT` …
    public var method: String
    /// The whole address, `https://…`; `http://` is only for addresses that the administrator has allowed.
    public var address: String
    public var headers: [HeaderLine]
    public var body: [UInt8]
    /// The whole exchange takes at most so long.
    public var timeoutSeconds: Int
    /// An answer with more bytes than this is not read to its end.
    public var answerLimit: Int
    /// The administrator typed the address: it may lie on this machine or in the university's own network. False for every
    /// address that came from outside, such as a push endpoint.
    public var mayStayInside: Bool

    public init(
        _ method: String, _ address: String, headers: [HeaderLine] = [], body: [UInt8] = [], timeoutSeconds: Int = 20,
        answerLimit: Int = 1 << 20, mayStayInside: Bool = false
    ) {
        self.method = method
        self.address = address
        self.headers = headers
        self.body = body
        self.timeoutSeconds = timeoutSeconds
        self.answerLimit = answerLimit
        self.mayStayInside = mayStayInside
    }
}

/// What a server answered.
public struct Incoming: Hashable, Sendable {
    /// 200, 404 …
    public var status: Int
    public var headers: [HeaderLine]
    public var body: [UInt8]

    public init(status: Int, headers: [HeaderLine] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value under a name, in whatever case it was written; nil when there is none.
    public func header(_ name: String) -> String? { headers.first { $0.isNamed(name) }?.value }
}

/// One header field.
public struct HeaderLine: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Names are compared without their case (RFC 9110 section 5.1).
    public func isNamed(_ other: String) -> Bool { name.lowercased() == other.lowercased() }
}

/// Why no answer came.
public enum PostFault: Error, Hashable, Sendable {
    /// Not an address, or of a kind that is not used.
    case badAddress
    /// The name leads to an address inside, and the request may not go there.
    case unsafeAddress
    /// No connection: no such name, refused, no route, or a certificate that is not good. The text is for the administrator.
    case unreachable(String)
    /// No answer in time. `wasSent`: the request had left, so the other end may have taken it.
    case timedOut(wasSent: Bool)
    /// The connection ended before the answer did; the other end may have taken the request.
    case cut
    /// The answer is larger than was allowed.
    case tooLarge
}

/// Carries requests to servers outside (ไปรษณีย์). `Post` does it by libcurl; a rehearsal answers by itself.
public protocol Courier: Sendable {
    /// Sends one request, never follows a redirect, and gives the answer whatever its status.
    func send(_ outgoing: Outgoing) async throws(PostFault) -> Incoming
}

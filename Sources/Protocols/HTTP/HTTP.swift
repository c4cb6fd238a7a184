// SPDX-License-Identifier: Apache-2.0

// HTTP: how viewers ask, as far as a studio has to understand it.
//
// Implemented
//   RFC 9112 (HTTP/1.1) requests: request line, header fields, content by Content-Length; pipelining; keep-alive of
//     1.1 and 1.0. RFC 9110 fields that decide an answer: Range (one range), Accept-Encoding, If-None-Match, If-Range.
// Not implemented
//   Chunked requests (411 says so), Expect, upgrades, trailers, obsolete line folding (400).
//
// Nothing here knows a socket. Every length is bounded; what a browser would never send is 400, 413, 414 or 431.

/// What one request may cost us.
public struct Limits: Hashable, Sendable {
    /// The request line and all header fields.
    public var headBytes = 16 << 10
    /// The content: an offer of a room with many slots is the longest.
    public var contentBytes = 128 << 10

    /// The defaults.
    public init() {}
}

/// One request, with the fields that decide an answer.
public struct Request: Hashable, Sendable {
    /// What is asked to be done.
    public enum Method: Hashable, Sendable {
        case get, head, post, put, patch, delete, options, other

        /// By its word, in capitals as it is written.
        public init(_ word: String) {
            switch word {
            case "GET": self = .get
            case "HEAD": self = .head
            case "POST": self = .post
            case "PUT": self = .put
            case "PATCH": self = .patch
            case "DELETE": self = .delete
            case "OPTIONS": self = .options
            default: self = .other
            }
        }
    }

    public var method = Method.get
    /// The path, before any `?`.
    public var path = ""
    /// Behind the `?`.
    public var query = ""
    /// Whether the connection stays open after the answer.
    public var isKeptAlive = true
    /// An HTTP/1.0 client that stays wants to be told so.
    public var isOld = false
    /// Whether gzip is taken (RFC 9110, 12.5.3).
    public var zips = false
    public var host = ""
    public var origin = ""
    public var range = ""
    public var ifRange = ""
    public var ifNoneMatch = ""
    public var ifMatch = ""
    public var contentType = ""
    public var authorization = ""
    public var cookie = ""
    public var language = ""
    public var forwardedFor = ""
    public var agent = ""
    /// The last event that a reader of a stream has (the field `Last-Event-ID` of the HTML standard, 9.2).
    public var lastEvent = ""
    /// The content.
    public var content: [UInt8] = []

    /// A GET of nothing.
    public init() {}

    /// Takes one header field, its name in lower case. HTTP/2 comes here as well.
    public mutating func take(_ name: String, _ value: String) {
        switch name {
        case "host", ":authority": host = value
        case "origin": origin = value
        case "accept-encoding": zips = zips || Request.zips(value)
        case "accept-language": language = value
        case "range": range = value
        case "if-range": ifRange = value
        case "if-none-match": ifNoneMatch = value
        case "if-match": ifMatch = value
        case "content-type": contentType = value
        case "authorization": authorization = value
        case "cookie": cookie = cookie.isEmpty ? value : cookie + "; " + value
        case "x-forwarded-for": forwardedFor = value
        case "user-agent": agent = value
        case "last-event-id": lastEvent = value
        default: break
        }
    }

    /// Takes the target: a path with what stands behind its `?`.
    public mutating func take(target: String) {
        let mark = target.utf8.firstIndex(of: 0x3F) ?? target.endIndex
        path = String(target[..<mark])
        query = mark == target.endIndex ? "" : String(target[target.index(after: mark)...])
    }

    /// The value of a query parameter, percent-decoded.
    public func parameter(_ name: String) -> String? {
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if halves[0] == name { return halves.count > 1 ? Request.decoded(halves[1]) : "" }
        }
        return nil
    }

    /// `%41` is `A`; what is no escape stays.
    static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == 0x2B ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func zips(_ value: String) -> Bool {
        if value == "gzip, deflate, br, zstd" || value == "gzip" || value == "gzip, deflate, br" { return true }
        return weighs(value)
    }

    private static func weighs(_ value: String) -> Bool {
        value.split(separator: ",").contains { one in
            let words = one.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            return words.first == "gzip"
                && !words.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
        }
    }
}

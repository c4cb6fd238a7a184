// SPDX-License-Identifier: Apache-2.0

/// The front of one HTTP/1 request, as places in the bytes that it was read from: what a media server needs to answer
/// most requests without making a string.
public struct RequestHead: Hashable, Sendable {
    public var method = Request.Method.get
    /// Where the target stands: a path with what is behind its `?`.
    public var target = 0..<0
    /// Whether the connection stays open after the answer.
    public var isKeptAlive = true
    /// An HTTP/1.0 client that stays wants to be told so.
    public var isOld = false
    /// Whether gzip is taken (RFC 9110, 12.5.3).
    public var zips = false
    /// Whether a field was there that may change an answer: Range, If-Range, If-None-Match.
    public var isConditional = false
    /// The content's length.
    public var contentLength = 0
    /// Where the header fields begin, and where the content does.
    public var fields = 0..<0
}

/// Reads one HTTP/1 request from the front of what has come.
public enum RequestReader {
    /// What was found.
    public enum Found: Hashable, Sendable {
        /// More must come first.
        case incomplete
        /// A request, which was so many bytes long.
        case request(Request, length: Int)
        /// No request: answer with this status and close.
        case bad(Int)
    }

    /// How far the front was understood.
    public enum FoundHead: Hashable, Sendable {
        case incomplete
        case head(RequestHead)
        case bad(Int)
    }

    /// Looks at the front of `bytes`, which stays where it is, for a whole request.
    public static func read(_ bytes: UnsafeRawBufferPointer, limits: Limits = Limits()) -> Found {
        switch head(bytes, limits: limits) {
        case .incomplete: return .incomplete
        case .bad(let status): return .bad(status)
        case .head(let head):
            let length = head.fields.upperBound + head.contentLength
            guard bytes.count >= length else { return .incomplete }
            return .request(request(head, in: bytes), length: length)
        }
    }

    /// Looks at the front of `bytes` for a request line with its header fields.
    public static func head(_ bytes: UnsafeRawBufferPointer, limits: Limits = Limits()) -> FoundHead {
        var lines = Lines(bytes, limit: limits.headBytes)
        // A client may send empty lines before its request (RFC 9112, 2.2).
        lines.skipEmpty()
        guard let first = lines.next() else { return bytes.count < limits.headBytes ? .incomplete : .bad(414) }
        var head = RequestHead()
        if let status = start(first, of: bytes, &head) { return .bad(status) }
        let begin = lines.place
        var length: Int?
        while let line = lines.next() {
            if line.isEmpty {
                head.fields = begin..<lines.place
                head.contentLength = length ?? 0
                return head.contentLength <= limits.contentBytes ? .head(head) : .bad(413)
            }
            if let status = field(line, of: bytes, &head, &length) { return .bad(status) }
        }
        return bytes.count < limits.headBytes ? .incomplete : .bad(431)
    }

    /// The request with everything that stands in its fields and its content.
    public static func request(_ head: RequestHead, in bytes: UnsafeRawBufferPointer) -> Request {
        var request = Request()
        request.method = head.method
        (request.isKeptAlive, request.isOld, request.zips) = (head.isKeptAlive, head.isOld, head.zips)
        request.take(target: String(decoding: bytes[head.target], as: UTF8.self))
        var lines = Lines(bytes, limit: head.fields.upperBound)
        lines.place = head.fields.lowerBound
        while let line = lines.next(), !line.isEmpty {
            guard let colon = bytes[line].firstIndex(of: 0x3A) else { continue }
            let name = String(decoding: bytes[line.lowerBound..<colon], as: UTF8.self).lowercased()
            request.take(name, String(decoding: bytes[trimmed(colon + 1, line.upperBound, bytes)], as: UTF8.self))
        }
        if head.contentLength > 0 {
            request.content = Array(bytes[head.fields.upperBound...].prefix(head.contentLength))
        }
        return request
    }

    /// `GET /path HTTP/1.1`. Answers a status when it is none.
    private static func start(_ line: Range<Int>, of bytes: UnsafeRawBufferPointer, _ head: inout RequestHead) -> Int? {
        let words = bytes[line]
        guard line.count >= 14, bytes[line.upperBound - 9] == 0x20, let first = words.firstIndex(of: 0x20),
            first < line.upperBound - 9,
            bytes[(line.upperBound - 8)..<(line.upperBound - 1)].elementsEqual("HTTP/1.".utf8)
        else { return 400 }
        switch bytes[line.upperBound - 1] {
        case 0x31: break
        case 0x30: (head.isKeptAlive, head.isOld) = (false, true)
        default: return 505
        }
        head.target = (first + 1)..<(line.upperBound - 9)
        // Printable ASCII alone: anything else must be escaped in an address (RFC 3986).
        for place in head.target where bytes[place] < 0x21 || bytes[place] > 0x7E { return 400 }
        guard let begin = head.target.first else { return 400 }
        if bytes[begin] != 0x2F {
            // The absolute form (RFC 9112, 3.2.2), which proxies send; `*` is for OPTIONS.
            guard let path = path(in: bytes[head.target]) else { return 400 }
            head.target = path
        }
        head.method = method(bytes[line.lowerBound..<first])
        return nil
    }

    private static func path(in target: Slice<UnsafeRawBufferPointer>) -> Range<Int>? {
        if target.elementsEqual("*".utf8) { return target.startIndex..<target.endIndex }
        guard target.starts(with: "http".utf8), let colon = target.firstIndex(of: 0x3A),
            target[colon...].starts(with: "://".utf8), let slash = target[(colon + 3)...].firstIndex(of: 0x2F)
        else { return nil }
        return slash..<target.endIndex
    }

    private static func method(_ word: Slice<UnsafeRawBufferPointer>) -> Request.Method {
        if word.elementsEqual("GET".utf8) { return .get }
        if word.elementsEqual("HEAD".utf8) { return .head }
        if word.elementsEqual("POST".utf8) { return .post }
        if word.elementsEqual("PUT".utf8) { return .put }
        if word.elementsEqual("PATCH".utf8) { return .patch }
        if word.elementsEqual("DELETE".utf8) { return .delete }
        if word.elementsEqual("OPTIONS".utf8) { return .options }
        return .other
    }

    /// One header field. Answers a status when it cannot be.
    private static func field(
        _ line: Range<Int>, of bytes: UnsafeRawBufferPointer, _ head: inout RequestHead, _ length: inout Int?
    ) -> Int? {
        guard let colon = bytes[line].firstIndex(of: 0x3A), colon > line.lowerBound, bytes[line.lowerBound] > 0x20,
            bytes[colon - 1] > 0x20
        else { return 400 }
        let name = bytes[line.lowerBound..<colon]
        // Few fields matter here, and these are told apart by their length.
        switch name.count {
        case 5 where isName(name, "range"): head.isConditional = true
        case 8 where isName(name, "if-range"): head.isConditional = true
        case 13 where isName(name, "if-none-match"): head.isConditional = true
        case 10 where isName(name, "connection"):
            let word = text(colon, line, bytes).lowercased()
            if word.contains("close") { head.isKeptAlive = false }
            if head.isOld, word.contains("keep-alive") { head.isKeptAlive = true }
        case 15 where isName(name, "accept-encoding"): head.zips = head.zips || Request.zips(text(colon, line, bytes))
        case 17 where isName(name, "transfer-encoding"): return 411
        case 14 where isName(name, "content-length"):
            let value = bytes[trimmed(colon + 1, line.upperBound, bytes)]
            guard !value.isEmpty, value.count <= 9, value.allSatisfy({ (0x30...0x39).contains($0) }) else { return 400 }
            let number = value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            // Twice, and not the same, is an attempt to smuggle (RFC 9112, 6.3).
            guard length == nil || length == number else { return 400 }
            length = number
        default: break
        }
        return nil
    }

    private static func text(_ colon: Int, _ line: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes[trimmed(colon + 1, line.upperBound, bytes)], as: UTF8.self)
    }

    private static func trimmed(_ begin: Int, _ end: Int, _ bytes: UnsafeRawBufferPointer) -> Range<Int> {
        var (begin, end) = (begin, end)
        while begin < end, bytes[begin] == 0x20 || bytes[begin] == 0x09 { begin += 1 }
        while begin < end, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return begin..<end
    }

    /// `wanted` is in lower case and as long.
    private static func isName(_ name: Slice<UnsafeRawBufferPointer>, _ wanted: StaticString) -> Bool {
        var place = name.startIndex
        let base = wanted.utf8Start
        for offset in 0..<wanted.utf8CodeUnitCount {
            let byte = name[place]
            guard base[offset] == (byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte) else { return false }
            place += 1
        }
        return true
    }
}

/// Walks over lines that end with LF, with or without a CR before it.
private struct Lines {
    let bytes: UnsafeRawBufferPointer
    let most: Int
    var place = 0

    init(_ bytes: UnsafeRawBufferPointer, limit: Int) {
        self.bytes = bytes
        most = min(bytes.count, limit)
    }

    mutating func skipEmpty() {
        while place < most {
            if bytes[place] == 0x0A {
                place += 1
            } else if bytes[place] == 0x0D, place + 1 < most, bytes[place + 1] == 0x0A {
                place += 2
            } else {
                return
            }
        }
    }

    /// The next line without its end; nil when it is not whole.
    mutating func next() -> Range<Int>? {
        var end = place
        while end < most, bytes[end] != 0x0A { end += 1 }
        guard end < most else { return nil }
        let begin = place
        place = end + 1
        return begin..<(end > begin && bytes[end - 1] == 0x0D ? end - 1 : end)
    }
}

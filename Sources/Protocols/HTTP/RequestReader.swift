// SPDX-License-Identifier: Apache-2.0

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

    /// Looks at the front of `bytes`, which stays where it is.
    public static func read(_ bytes: UnsafeRawBufferPointer, limits: Limits = Limits()) -> Found {
        var cursor = LineCursor(bytes)
        // A client may send empty lines before its request (RFC 9112, 2.2).
        while cursor.skipEmptyLine() {}
        var request = Request()
        var isFirst = true
        var length: Int?
        while true {
            guard let line = cursor.next(within: limits.headBytes) else {
                guard bytes.count < limits.headBytes else { return .bad(isFirst ? 414 : 431) }
                return .incomplete
            }
            if isFirst {
                if let status = start(line, of: bytes, &request) { return .bad(status) }
                isFirst = false
            } else if line.isEmpty {
                break
            } else if let status = field(line, of: bytes, &request, &length) {
                return .bad(status)
            }
        }
        let count = length ?? 0
        guard count <= limits.contentBytes else { return .bad(413) }
        guard bytes.count - cursor.place >= count else { return .incomplete }
        if count > 0 { request.content = Array(bytes[cursor.place..<(cursor.place + count)]) }
        return .request(request, length: cursor.place + count)
    }

    /// `GET /path HTTP/1.1`. Answers a status when it is none.
    private static func start(_ line: Range<Int>, of bytes: UnsafeRawBufferPointer, _ request: inout Request) -> Int? {
        let line = UnsafeRawBufferPointer(rebasing: bytes[line])
        guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), first < last,
            line.count - last == 9, line[(last + 1)...].starts(with: "HTTP/1.".utf8)
        else { return 400 }
        switch line[line.count - 1] {
        case 0x31: break
        case 0x30: (request.isKeptAlive, request.isOld) = (false, true)
        default: return 505
        }
        let target = line[(first + 1)..<last]
        // Printable ASCII alone: anything else must be escaped in an address (RFC 3986).
        guard target.allSatisfy({ (0x21...0x7E).contains($0) }) else { return 400 }
        let mark = target.firstIndex(of: 0x3F) ?? target.endIndex
        var path = target[..<mark]
        if path.first != 0x2F {
            // The absolute form (RFC 9112, 3.2.2), which proxies send; `*` is for OPTIONS.
            if path.elementsEqual("*".utf8) {
                path = "/".utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0)[...] } ?? path
                request.path = "*"
            } else {
                guard let place = absolute(path) else { return 400 }
                path = place
            }
        }
        if request.path.isEmpty { request.path = String(decoding: path, as: UTF8.self) }
        if mark < target.endIndex { request.query = String(decoding: target[(mark + 1)...], as: UTF8.self) }
        request.method = method(line[..<first])
        return nil
    }

    private static func absolute(_ path: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer>? {
        guard path.starts(with: "http".utf8), let colon = path.firstIndex(of: 0x3A),
            path[colon...].starts(with: "://".utf8)
        else { return nil }
        let rest = path[(colon + 3)...]
        return rest.firstIndex(of: 0x2F).map { rest[$0...] }
    }

    private static func method(_ word: Slice<UnsafeRawBufferPointer>) -> Request.Method {
        if word.elementsEqual("GET".utf8) { return .get }
        if word.elementsEqual("HEAD".utf8) { return .head }
        if word.elementsEqual("POST".utf8) { return .post }
        if word.elementsEqual("OPTIONS".utf8) { return .options }
        return .other
    }

    /// One header field. Answers a status when it cannot be.
    private static func field(
        _ line: Range<Int>, of bytes: UnsafeRawBufferPointer, _ request: inout Request, _ length: inout Int?
    ) -> Int? {
        let line = UnsafeRawBufferPointer(rebasing: bytes[line])
        guard let colon = line.firstIndex(of: 0x3A), colon > 0, line[0] > 0x20, line[colon - 1] > 0x20 else {
            return 400
        }
        // Only a few fields matter, and most are told apart by their length.
        guard let name = known(line[..<colon]) else { return nil }
        var value = line[(colon + 1)...]
        while value.first == 0x20 || value.first == 0x09 { value = value.dropFirst() }
        while value.last == 0x20 || value.last == 0x09 { value = value.dropLast() }
        switch name {
        case "content-length":
            guard !value.isEmpty, value.count <= 9, value.allSatisfy({ (0x30...0x39).contains($0) }) else { return 400 }
            let number = value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            // Twice, and not the same, is an attempt to smuggle (RFC 9112, 6.3).
            guard length == nil || length == number else { return 400 }
            length = number
        case "transfer-encoding": return 411
        case "connection":
            let word = String(decoding: value, as: UTF8.self).lowercased()
            if word.contains("close") { request.isKeptAlive = false }
            if request.isOld, word.contains("keep-alive") { request.isKeptAlive = true }
        default: request.take(name, String(decoding: value, as: UTF8.self))
        }
        return nil
    }

    private static let names: [String] = [
        "host", "range", "cookie", "origin", "if-range", "connection", "user-agent", "if-none-match", "authorization",
        "content-length", "accept-encoding", "accept-language", "x-forwarded-for", "transfer-encoding",
    ]

    private static func known(_ name: Slice<UnsafeRawBufferPointer>) -> String? {
        names.first { candidate in
            candidate.utf8.count == name.count
                && zip(candidate.utf8, name).allSatisfy { $0 == ($1 >= 0x41 && $1 <= 0x5A ? $1 | 0x20 : $1) }
        }
    }
}

/// Walks over lines that end with LF, with or without a CR before it.
private struct LineCursor {
    let bytes: UnsafeRawBufferPointer
    var place = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func skipEmptyLine() -> Bool {
        if place < bytes.count, bytes[place] == 0x0A {
            place += 1
            return true
        }
        if place + 1 < bytes.count, bytes[place] == 0x0D, bytes[place + 1] == 0x0A {
            place += 2
            return true
        }
        return false
    }

    /// The next line without its end; nil when it is not whole.
    mutating func next(within limit: Int) -> Range<Int>? {
        let most = min(bytes.count, limit)
        guard place < most else { return nil }
        guard let end = bytes[place..<most].firstIndex(of: 0x0A) else { return nil }
        var last = end
        if last > place, bytes[last - 1] == 0x0D { last -= 1 }
        defer { place = end + 1 }
        return place..<last
    }
}

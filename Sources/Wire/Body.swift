// SPDX-License-Identifier: Apache-2.0
import HLS
import HTTP
import Synchronization

/// An answer that is sent to everybody who asks for it: made once, shared by all connections.
final class Body: Sendable {
    let status: Int
    /// The content, in the pieces that it came in.
    let pieces: [Slab]
    /// A stretch of a file behind the pieces.
    let file: (file: any Readable, from: Int64, count: Int)?
    /// The header fields, in lower case, without `connection`.
    let fields: [(name: String, value: String)]
    /// The status line and fields of HTTP/1.1, up to the empty line.
    let head: Slab
    /// What goes out to somebody of HTTP/1.1 whose connection stays open; a small answer is one piece, and so is a large
    /// file for many, which lies in pages.
    let line: [Slab]
    let count: Int
    private let fieldBlock = AtomicLazyReference<FieldBlock>()

    init(
        _ pieces: [Slab], type: String, cache: String, status: Int = 200, more: [(String, String)] = [],
        file: (file: any Readable, from: Int64, count: Int)? = nil, isOpen: Bool = true, hasLength: Bool = true,
        isForMany: Bool = true
    ) {
        (self.status, self.file) = (status, file)
        count = pieces.reduce(0) { $0 + $1.count } + (file?.count ?? 0)
        var fields = [("cache-control", cache), ("x-content-type-options", "nosniff")]
        if status != 204 && status != 304 {
            fields.append(("content-type", type))
            if hasLength { fields.append(("content-length", String(count))) }
        }
        // Media and playlists may be read by anybody's page; a page cannot be.
        if isOpen { fields.append(("access-control-allow-origin", "*")) }
        self.fields = (fields + more).map { (name: $0.0, value: $0.1) }
        var text = "HTTP/1.1 \(status) \(Body.reason(status))\r\n"
        for field in self.fields { text += "\(field.name): \(field.value)\r\n" }
        let head = Slab.of(text + "\r\n")
        self.head = head
        if file == nil, count <= 8_192 {
            (self.pieces, line) = (pieces, [Body.joined([head] + pieces)])
        } else if isForMany, cache == Body.forever, count >= Body.largeBytes, pieces.count == 1,
            let (whole, content) = Slab.paged(head, pieces[0])
        {
            (self.pieces, line) = ([content], [whole])
        } else {
            (self.pieces, line) = (pieces, [head] + pieces)
        }
    }

    /// The status and the fields for HTTP/2; made when somebody of it asks.
    var block: FieldBlock { fieldBlock.load() ?? fieldBlock.storeIfNil(FieldBlock(status: status, fields)) }

    /// What is smaller is quicker copied than handed over page by page. A part goes to everybody at once: copied for each
    /// of them it leaves the processor's caches, its pages do not.
    static let largeBytes = 32 << 10

    /// The head for a client that must be told of its connection, or of more fields.
    func head(adding more: [(String, String)]) -> Slab {
        // CR LF is one character.
        var text = String(decoding: head.bytes, as: UTF8.self).dropLast()
        for (name, value) in more { text += "\(name): \(value)\r\n" }
        return Slab.of(text + "\r\n")
    }

    private static func joined(_ slabs: [Slab]) -> Slab {
        var bytes: [UInt8] = []
        for slab in slabs { bytes += slab.bytes }
        return Slab.of(bytes)
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 206: "Partial Content"
        case 302: "Found"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Answer"
        }
    }
}

extension Body {
    /// One sentence, for people.
    static func sentence(_ status: Int, _ text: String, cache: String = "no-store", more: [(String, String)] = [])
        -> Body
    {
        Body([.of(text + "\n")], type: "text/plain; charset=utf-8", cache: cache, status: status, more: more)
    }

    /// A sentence in both languages for a script that shows it.
    static func refusal(_ status: Int, thai: String, english: String) -> Body {
        func quoted(_ text: String) -> String {
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " ") + "\""
        }
        return Body(
            [.of("{\"thai\":\(quoted(thai)),\"english\":\(quoted(english))}")], type: "application/json",
            cache: "no-store", status: status)
    }

    /// What has a name that is never used again may be kept.
    static let forever = "public, max-age=31536000, immutable"

    /// A file whose name is never used again.
    static func media(_ pieces: [Slab], type: String = "video/mp4", isForMany: Bool = true) -> Body {
        Body(pieces, type: type, cache: forever, isForMany: isForMany)
    }

    static let notFound = Body.sentence(404, "ไม่พบ · Not found.", cache: "max-age=1")
    static let notNow = Body.sentence(
        503, "ยังไม่มีสัญญาณ · Nothing came in time.", more: [("retry-after", "1")])
    static let noTicket = Body.sentence(
        403, "ลิงก์นี้หมดอายุหรือใช้ไม่ได้ โปรดขอลิงก์ใหม่ · This link has expired or is not valid.")
    static let done = Body([], type: "", cache: "no-store", status: 204)
}

/// A rendition's playlist as it is delivered.
struct Leaflet: Sendable {
    let text: Sheet
    let delta: Sheet
    let plain: Sheet
    let edge: Edge
    /// The name of the part that is promised next.
    let promised: Name?
}

/// A file's or playlist's name, as a number that is quick to find (FNV-1a of its bytes).
struct Name: Hashable, Sendable {
    let number: UInt64

    init(bytes: UnsafeRawBufferPointer) { number = Name.hash(bytes, from: 0xCBF2_9CE4_8422_2325) }

    /// `v0.m3u8` for `v0.plain.m3u8`.
    init(plain bytes: UnsafeRawBufferPointer) {
        // Eleven bytes are `.plain.m3u8`, five `.m3u8`.
        let stem = Name(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 11)]))
        number = Name.hash(UnsafeRawBufferPointer(rebasing: bytes[(bytes.count - 5)...]), from: stem.number)
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer, from start: UInt64) -> UInt64 {
        var number = start
        for place in 0..<bytes.count { number = (number ^ UInt64(bytes[place])) &* 0x100_0000_01B3 }
        return number
    }

    init(_ text: some StringProtocol) { self = Array(text.utf8).withUnsafeBytes { Name(bytes: $0) } }
}

/// What is new, for every delivery loop.
enum Update: Sendable {
    case file(Name, Body)
    case leaflet(Name, Leaflet)
    case multivariant(Sheet, plain: Sheet)
    case forget([Name])
    case receiving(Bool)
    /// Since when there is a past, in milliseconds since 1970, and whether it is over.
    case past(since: Int64, isEnded: Bool)
    /// All captions so far.
    case captions(Body)
    /// A line for everybody who listens, and whether those who come later get it too.
    case event(Slab, kind: String, isKept: Bool)
    /// A line for one viewer alone.
    case whisper(Slab, viewer: UInt64)
    /// All kept lines of a kind are out of date.
    case clear(kind: String)
}

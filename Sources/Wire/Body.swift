// SPDX-License-Identifier: Apache-2.0
import HLS
import NIOCore
import NIOHTTP1

/// What is sent to everybody who asks for it: made once, shared by all connections.
struct Body: Sendable {
    /// The bytes, in the pieces that they came in.
    let pieces: [ByteBuffer]
    let headers: HTTPHeaders
    let status: HTTPResponseStatus

    init(
        _ pieces: [ByteBuffer], type: String, cache: String, status: HTTPResponseStatus = .ok,
        more: [(String, String)] = []
    ) {
        self.pieces = pieces
        self.status = status
        headers = HTTPHeaders(
            [
                ("content-type", type), ("content-length", String(pieces.reduce(0) { $0 + $1.readableBytes })),
                ("cache-control", cache), ("access-control-allow-origin", "*"),
                ("x-content-type-options", "nosniff"),
            ] + more)
    }

    /// One sentence, for people.
    static func sentence(
        _ status: HTTPResponseStatus, _ text: String, cache: String = "no-store", more: [(String, String)] = []
    ) -> Body {
        Body(
            [ByteBuffer(string: text + "\n")], type: "text/plain; charset=utf-8", cache: cache, status: status,
            more: more)
    }

    /// A file whose name is never used again.
    static func media(_ pieces: [ByteBuffer]) -> Body {
        Body(pieces, type: "video/mp4", cache: "public, max-age=31536000, immutable")
    }

    static let notFound = Body.sentence(.notFound, "ไม่พบ · Not found.", cache: "max-age=1")
    static let notNow = Body.sentence(
        .serviceUnavailable, "ยังไม่มีสัญญาณ · Nothing came in time.", more: [("retry-after", "1")])
}

/// A playlist's text, plain and gzip'd, for those who waited for it and those who did not.
struct Sheet: Sendable {
    private let fresh: (plain: Body, zipped: Body?)
    private let held: (plain: Body, zipped: Body?)

    /// `targetSeconds` decides how long a cache may keep it: what a blocking request got is a fact for six target
    /// durations, the rest for half of one (appendix B.1 of the draft).
    init(_ text: [UInt8], targetSeconds: Int64) {
        let plain = ByteBuffer(bytes: text)
        let zipped = Gzip.zip(text).map { ByteBuffer(bytes: $0) }
        func bodies(_ cache: String) -> (Body, Body?) {
            let type = "application/vnd.apple.mpegurl"
            let vary = [("vary", "accept-encoding")]
            return (
                Body([plain], type: type, cache: cache, more: vary),
                zipped.map { Body([$0], type: type, cache: cache, more: vary + [("content-encoding", "gzip")]) }
            )
        }
        fresh = bodies(targetSeconds > 1 ? "max-age=\(targetSeconds / 2)" : "no-cache")
        held = bodies("max-age=\(max(1, targetSeconds * 6))")
    }

    func body(zips: Bool, isHeld: Bool) -> Body {
        let pair = isHeld ? held : fresh
        return zips ? pair.zipped ?? pair.plain : pair.plain
    }
}

/// A rendition's playlist as it is delivered.
struct Leaflet: Sendable {
    let text: Sheet
    let delta: Sheet
    let plain: Sheet
    let edge: Edge
    /// The name of the part that is promised next.
    let promised: String?
}

/// What is new, for every delivery loop.
enum Update: Sendable {
    case file(String, Body)
    case leaflet(String, Leaflet)
    case multivariant(Sheet, plain: Sheet)
    case forget([String])
    case receiving(Bool)
}

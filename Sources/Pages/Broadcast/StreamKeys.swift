// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTPTypes
import Hummingbird
import NIOCore
import Studio

/// The stream key of one broadcast, shown once somebody asked for it: for OBS as text and as a file, for a telephone as
/// a code. The page is the answer to a POST: nothing shows a key because an address was opened.
struct StreamKeysPage: Page {
    static let template = "stream-keys"
    let frame: Frame
    let consolePath: String
    let path: String
    let keys: [KeyRow]
    /// None can be shown any more; a new one has to be drawn.
    let nothing: String?
    let renewal: FieldRow
    let caption: CaptionBox?

    struct KeyRow: Sendable {
        /// Until when it is good; nil for the newest.
        let until: String?
        let rows: [ConsolePage.CopyRow]
        let code: Markup
        let isNewest: Bool
    }

    /// How another program sends captions.
    struct CaptionBox: Sendable {
        let rows: [ConsolePage.CopyRow]
    }

    static func samples(_ paper: Stationery) -> [Sample] {
        let visit = Visit.sample(path: "/matters/12/stream-keys")
        let drawing = StreamKeysDrawing(
            matter: ConsoleSamples.matter(.trial), plan: ConsoleSamples.plan, doors: ConsoleSamples.doors,
            now: ConsoleSamples.now(.trial), phrases: Phrases(paper.words(visit)),
            code: { _ in ServicePage.sampleCode.html })
        let frame = paper.frame(visit, title: paper.words(visit)("keys.title"), lead: "พิธีไหว้ครู", scripts: ["copy.js"])
        let keys = [
            StreamKey(text: "sampleSampleSampleSampleSampleXY", until: nil),
            StreamKey(text: "formerFormerFormerFormerFormerXY", until: ConsoleSamples.now(.trial) + .hours(1)),
        ]
        return [
            Sample("two", drawing.page(frame, keys)), Sample("lost", drawing.page(frame, [])),
        ]
    }
}

/// Puts stream keys on their page.
struct StreamKeysDrawing {
    let matter: Matter
    let plan: AirPlan
    let doors: StudioDoors
    let now: Moment
    let phrases: Phrases
    let code: (String) -> String
    private var words: Words { phrases.words }

    func page(_ frame: Frame, _ keys: [StreamKey]) -> StreamKeysPage {
        StreamKeysPage(
            frame: frame, consolePath: "/matters/\(matter.id)/console", path: "/matters/\(matter.id)/stream-keys",
            keys: keys.enumerated().map(row), nothing: keys.isEmpty ? words("keys.lost") : nil,
            renewal: FieldRow(
                "overlap", words("keys.overlap"),
                .radios(
                    KeyOverlap.allCases.map {
                        .init($0.rawValue, words("keys.overlap.\($0.rawValue)"), isChosen: $0 == .none)
                    })),
            caption: plan.captionKey.map { key in
                .init(rows: [
                    .init(
                        id: "caption-address", label: words("keys.captionAddress"),
                        value: "\(doors.viewers)/live/\(plan.name)/captions"),
                    .init(id: "caption-key", label: words("keys.captionKey"), value: "Bearer \(key)"),
                ])
            })
    }

    private func row(_ index: Int, _ key: StreamKey) -> StreamKeysPage.KeyRow {
        var rows: [ConsolePage.CopyRow] = []
        func row(_ id: String, _ label: String, _ value: String?) {
            if let value { rows.append(.init(id: "\(id)-\(index)", label: label, value: value)) }
        }
        if index == 0 {
            row("rtmp", words("console.server", "RTMP"), doors.rtmp)
            row("rtmps", words("console.server", "RTMPS"), doors.rtmps)
        }
        row("key", words("keys.key"), key.text)
        let passphrase = plan.settings.srtPassphrase
        row(
            "srt", words("console.server", "SRT"),
            doors.srt.map {
                "\($0)?streamid=publish:\(key.text)" + (passphrase.isEmpty ? "" : "&passphrase=\(passphrase)")
            })
        let whole = (doors.rtmp ?? doors.rtmps).map { "\($0)/\(key.text)" } ?? key.text
        return .init(
            until: key.until.map { words("keys.until", phrases.until($0)) }, rows: rows, code: Markup(code(whole)),
            isNewest: index == 0)
    }
}

/// How long an old key stays good beside a new one.
enum KeyOverlap: String, CaseIterable {
    /// Whoever sends with the old one is dropped.
    case none
    case hour
    case today

    func end(_ now: Moment) -> Moment? {
        switch self {
        case .none: nil
        case .hour: now + .hours(1)
        case .today: Day(of: now).adding(days: 1).start
        }
    }
}

extension Counter {
    /// POST /matters/:id/stream-keys: shows the keys, and notes who was shown them.
    func showStreamKeys(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let (matter, _, _) = try await broadcast(visit)
        let keys = try await cabinet.streamKeys(of: matter.id, by: try hand(visit), at: now())
        return try await streamKeys(keys, of: matter, visit)
    }

    /// POST /matters/:id/stream-keys/renewal
    func renewStreamKey(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let (matter, _, _) = try await broadcast(visit)
        let form = try await Form.read(request)
        let overlap = KeyOverlap(rawValue: form.text("overlap")) ?? .none
        let keys = try await cabinet.renewStreamKey(
            of: matter.id, by: try hand(visit), at: now(), oldUntil: overlap.end(now()))
        return try await streamKeys(keys, of: matter, visit, notice: NoticeRow(.good, words(visit)("keys.renewed")))
    }

    /// POST /matters/:id/stream-keys/service.json: what OBS keeps of a custom service, for a profile's folder.
    func obsService(_ request: Request, _ visit: Visit) async throws -> Response {
        try require(.officer, visit: visit)
        let (matter, _, studio) = try await broadcast(visit)
        let keys = try await cabinet.streamKeys(of: matter.id, by: try hand(visit), at: now())
        let doors = try await studio.doors()
        guard let key = keys.first, let server = doors.rtmps ?? doors.rtmp else {
            throw Sentence("keys.lost", status: .conflict)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/json", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"service.json\"",
            ],
            body: .init(byteBuffer: ByteBuffer(string: obsServiceFile(server: server, key: key.text))))
    }

    /// GET /matters/:id/stream-keys: an address alone shows nothing; a reload leads back.
    func leaveStreamKeys(_ visit: Visit) async throws -> Response {
        .seeOther(consolePath(try await broadcast(visit).matter.id))
    }

    private func streamKeys(
        _ keys: [StreamKey], of matter: Matter, _ visit: Visit, notice: NoticeRow? = nil
    ) async throws -> Response {
        // Read again: a new key brings another key for captions.
        let (_, plan, studio) = try await broadcast(visit)
        let drawing = StreamKeysDrawing(
            matter: matter, plan: plan, doors: try await studio.doors(), now: now(), phrases: phrases(visit),
            code: parts.papers.qrCode)
        let frame = frame(
            visit, words(visit)("keys.title"), lead: matter.letter.title, notice: notice,
            scripts: ["enhance.js", "copy.js"])
        return paper.show(drawing.page(frame, keys), to: visit)
    }
}

/// `service.json` of an OBS profile: a custom RTMP server with its key. Neither text holds what JSON would escape but
/// the solidus, which may stand as it is (RFC 8259, 7).
func obsServiceFile(server: String, key: String) -> String {
    """
    {
        "type": "rtmp_custom",
        "settings": {
            "server": "\(server)",
            "key": "\(key)",
            "use_auth": false,
            "bwtest": false
        }
    }

    """
}

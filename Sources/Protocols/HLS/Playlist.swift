// SPDX-License-Identifier: Apache-2.0

/// A rendition's playlist at one moment. What it says is fixed; it is written when somebody reads it, since most of its
/// forms are asked for by nobody before the next part comes. Whoever has many readers keeps what was written.
public struct Playlist: Hashable, Sendable {
    private let writer: PlaylistWriter

    init(_ writer: PlaylistWriter) { self.writer = writer }

    /// The whole low-latency playlist.
    public var text: [UInt8] { Array(writer.lowLatency(skipping: 0).utf8) }

    /// What answers `_HLS_skip`: the same without what is further than the skip boundary from the end. Equal to `text`
    /// when nothing is.
    public var delta: [UInt8] { Array(writer.lowLatency(skipping: writer.skippable).utf8) }

    /// The same segments for players that know no parts. Changes only when a segment is complete.
    public var plain: [UInt8] { Array(writer.plain().utf8) }

    /// How far it has come.
    public var edge: Edge { writer.shelf.edge }

    /// Whether `delta` is another text than `text`.
    public var skipsAny: Bool { writer.skipsAny }

    /// The name of the part that comes next, which its preload hint promises; nil when nothing more comes.
    public var promised: String? { writer.shelf.isEnded ? nil : writer.shelf.promised }

    /// Whether they say the same.
    public static func == (left: Playlist, right: Playlist) -> Bool {
        left.edge == right.edge && left.text == right.text && left.delta == right.delta && left.plain == right.plain
    }

    /// Feeds what they say.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// Where another rendition stands (4.4.5.4).
public struct RenditionReport: Hashable, Sendable {
    /// Its playlist's file name.
    public var uri: String
    /// How far it has come.
    public var edge: Edge

    /// The rendition at `uri` stands at `edge`.
    public init(uri: String, edge: Edge) {
        self.uri = uri
        self.edge = edge
    }
}

/// Writes a shelf as playlists. Nothing is written before the first segment is complete.
struct PlaylistWriter: Sendable {
    let shelf: Shelf
    let reports: [RenditionReport]
    private let target: Int64
    private let partTarget: Int64

    init?(_ shelf: Shelf, reports: [RenditionReport]) {
        guard let target = shelf.targetSeconds, let partTarget = shelf.partTarget else { return nil }
        (self.shelf, self.reports, self.target, self.partTarget) = (shelf, reports, target, partTarget)
    }

    /// Six target durations, which 4.4.3.8 has as the least.
    private var skipBoundary: Int64 { 6 * target * 1_000_000 }

    /// How many segments are wholly further from the end than the skip boundary, counted from the end.
    var skippable: Int { shelf.segments.prefix(while: canSkip).count }

    /// Whether there are such: the oldest is the first of them.
    var skipsAny: Bool { shelf.segments.first.map(canSkip) ?? false }

    private func canSkip(_ segment: Segment) -> Bool {
        shelf.endMicroseconds - (segment.startMicroseconds + segment.microseconds) > skipBoundary
    }

    /// The whole playlist, or what a player that has the rest wants of it (4.4.5.2).
    func lowLatency(skipping skipped: Int) -> String {
        var text = head(version: 9)
        // PART-HOLD-BACK: three parts, a MUST of Apple's authoring rules.
        text += "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=\(seconds(3 * partTarget, isShort: true))"
        text += ",CAN-SKIP-UNTIL=\(6 * target)\n"
        text += "#EXT-X-PART-INF:PART-TARGET=\(seconds(partTarget, isShort: true))\n"
        text += sequences()
        if skipped > 0 { text += "#EXT-X-SKIP:SKIPPED-SEGMENTS=\(skipped)\n" }
        for mark in shelf.marks { text += mark.tag + "\n" }
        var map = skipped > 0 ? shelf.segments[skipped - 1].map : nil
        for segment in shelf.segments.dropFirst(skipped) {
            text += opening(segment, after: &map)
            // Parts are listed up to three target durations from the end (6.2.2).
            let age = shelf.endMicroseconds - segment.startMicroseconds - segment.microseconds
            if segment.listsParts, age < 3 * target * 1_000_000 { text += parts(segment) }
            text += listing(segment)
        }
        if let open = shelf.open {
            text += opening(open, after: &map) + parts(open)
        }
        if !shelf.isEnded { text += "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"\(shelf.promised)\"\n" }
        for report in reports {
            let last = report.edge.lastPart
            text += "#EXT-X-RENDITION-REPORT:URI=\"\(report.uri)\",LAST-MSN=\(last.msn),LAST-PART=\(last.part)\n"
        }
        if shelf.isEnded { text += "#EXT-X-ENDLIST\n" }
        return text
    }

    /// Without parts.
    func plain() -> String {
        // Version 6 for EXT-X-MAP in a playlist that has more than I-frames (8).
        var text = head(version: 6) + sequences()
        for mark in shelf.marks { text += mark.tag + "\n" }
        var map: String?
        for segment in shelf.segments {
            text += opening(segment, after: &map) + listing(segment)
        }
        if shelf.isEnded { text += "#EXT-X-ENDLIST\n" }
        return text
    }

    private func head(version: Int) -> String {
        "#EXTM3U\n#EXT-X-VERSION:\(version)\n#EXT-X-TARGETDURATION:\(target)\n"
    }

    private func sequences() -> String {
        "#EXT-X-MEDIA-SEQUENCE:\(shelf.segments.first?.msn ?? shelf.nextMSN)\n"
            + "#EXT-X-DISCONTINUITY-SEQUENCE:\(shelf.discontinuities)\n"
    }

    /// What applies to a whole segment stands before its first part.
    private func opening(_ segment: Segment, after map: inout String?) -> String {
        var text = segment.isDiscontinuous ? "#EXT-X-DISCONTINUITY\n" : ""
        if map != segment.map, !segment.map.isEmpty { text += "#EXT-X-MAP:URI=\"\(segment.map)\"\n" }
        map = segment.map
        return text + "#EXT-X-PROGRAM-DATE-TIME:\(segment.wall.text)\n"
    }

    private func listing(_ segment: Segment) -> String {
        (segment.isGap ? "#EXT-X-GAP\n" : "") + "#EXTINF:\(seconds(segment.microseconds)),\n\(segment.name)\n"
    }

    private func parts(_ segment: Segment) -> String {
        segment.parts.map { part in
            "#EXT-X-PART:DURATION=\(seconds(part.microseconds)),URI=\"\(part.name)\""
                + (part.isIndependent ? ",INDEPENDENT=YES\n" : "\n")
        }.joined()
    }
}

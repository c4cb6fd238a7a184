// SPDX-License-Identifier: Apache-2.0

/// One walk through one playlist.
struct PlaylistCheck {
    var breaches: [PlaylistRules.Breach] = []
    let text: String
    let lines: [PlaylistLine]
    let tags: [String: [PlaylistLine]]

    init(_ text: String) {
        self.text = text
        lines = PlaylistLine.lines(of: text)
        tags = Dictionary(grouping: lines, by: \.tag)
    }

    mutating func breach(_ section: String, _ line: Int, _ sentence: String) {
        breaches.append(PlaylistRules.Breach(section: section, line: line, sentence: sentence))
    }

    func value(_ tag: String) -> String? { tags[tag]?.first?.value }
    private func attributes(_ tag: String) -> [String: String]? { tags[tag]?.first?.attributes }

    mutating func run() {
        if lines.first?.tag != "EXTM3U" { breach("4.4.1.1", 1, "The first line is not EXTM3U.") }
        if zip(text.utf8, text.utf8.dropFirst()).contains(where: { $0 == 0x0D && $1 != 0x0A }) {
            breach("4.1", 0, "A carriage return stands alone.")
        }
        if text.utf8.last != 0x0A { breach("4.1", 0, "The last line does not end.") }
        if text.hasPrefix("\u{FEFF}") { breach("4.1", 1, "It begins with a byte order mark.") }
        for tag in [
            "EXT-X-VERSION", "EXT-X-TARGETDURATION", "EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE",
            "EXT-X-PART-INF", "EXT-X-SERVER-CONTROL", "EXT-X-ENDLIST", "EXT-X-SKIP", "EXT-X-PLAYLIST-TYPE",
        ] where (tags[tag]?.count ?? 0) > 1 { breach("4.4", tags[tag]?[1].number ?? 0, "\(tag) is there twice.") }
        for line in lines
        where ["EXT-X-PART", "EXT-X-MAP", "EXT-X-STREAM-INF", "EXT-X-MEDIA", "EXT-X-DATERANGE"]
            .contains(line.tag) && line.attributes == nil
        { breach("4.2", line.number, "The attribute list cannot be read.") }
        let isMultivariant = tags["EXT-X-STREAM-INF"] != nil || tags["EXT-X-MEDIA"] != nil
        if isMultivariant { multivariant() } else { media() }
    }

    // MARK: Media

    private mutating func media() {
        guard let target = value("EXT-X-TARGETDURATION").flatMap({ Int64($0) }) else {
            return breach("4.4.3.1", 0, "TARGETDURATION is missing.")
        }
        versions()
        sequencesFirst()
        serverControl(target: target)
        segments(target: target)
        byteRanges()
        playlistType()
        dates()
        if tags["EXT-X-PART"] != nil { lowLatency() }
        if let hints = tags["EXT-X-PRELOAD-HINT"] {
            if hints.filter({ $0.attributes?["TYPE"] == "PART" }).count > 1 {
                breach("4.4.5.3", hints[1].number, "There are two hints for a part.")
            }
            if tags["EXT-X-ENDLIST"] != nil { breach("6.2.6", hints[0].number, "A hint stands after the end.") }
            for hint in hints where unquoted(hint.attributes?["URI"]) == nil {
                breach("4.4.5.3", hint.number, "URI is missing.")
            }
        }
        for report in tags["EXT-X-RENDITION-REPORT"] ?? [] {
            guard let uri = unquoted(report.attributes?["URI"]), !uri.contains("://") else {
                breach("4.4.5.4", report.number, "URI is missing or not relative.")
                continue
            }
            if report.attributes?["LAST-MSN"].flatMap({ Int($0) }) == nil {
                breach("4.4.5.4", report.number, "LAST-MSN is missing.")
            }
            if tags["EXT-X-PART"] != nil, report.attributes?["LAST-PART"].flatMap({ Int($0) }) == nil {
                breach("4.4.5.4", report.number, "LAST-PART is missing.")
            }
        }
    }

    private mutating func versions() {
        let version = value("EXT-X-VERSION").flatMap { Int($0) } ?? 1
        if tags["EXT-X-MAP"] != nil, version < 6 { breach("8", 0, "MAP needs version 6.") }
        if tags["EXT-X-SKIP"] != nil, version < 9 { breach("8", 0, "SKIP needs version 9.") }
        if version < 3,
            text.contains("#EXTINF:") && lines.contains(where: { $0.tag == "EXTINF" && $0.value.contains(".") })
        {
            breach("8", 0, "Decimal durations need version 3.")
        }
    }

    private mutating func sequencesFirst() {
        let first = lines.first { $0.tag.isEmpty || $0.tag == "EXT-X-PART" }?.number ?? Int.max
        for tag in ["EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE"] {
            guard let line = tags[tag]?.first else { continue }
            if line.number > first { breach("4.4.3.2", line.number, "\(tag) stands behind a segment.") }
            if Int(line.value) == nil { breach("4.4.3.2", line.number, "\(tag) is no number.") }
        }
        if let sequence = tags["EXT-X-DISCONTINUITY-SEQUENCE"]?.first, let mark = tags["EXT-X-DISCONTINUITY"]?.first,
            sequence.number > mark.number
        {
            breach("4.4.3.3", sequence.number, "It stands behind a discontinuity.")
        }
    }

    private mutating func serverControl(target: Int64) {
        let second: Int64 = 1_000_000
        let partTarget = microseconds(attributes("EXT-X-PART-INF")?["PART-TARGET"])
        if tags["EXT-X-PART"] != nil, partTarget == nil { breach("4.4.3.7", 0, "PART-TARGET is missing.") }
        guard let line = tags["EXT-X-SERVER-CONTROL"]?.first, let control = line.attributes else {
            if tags["EXT-X-PART-INF"] != nil { breach("4.4.3.8", 0, "SERVER-CONTROL is missing.") }
            return
        }
        if let skip = control["CAN-SKIP-UNTIL"], (microseconds(skip) ?? 0) < 6 * target * second {
            breach("4.4.3.8", line.number, "The skip boundary is under six target durations.")
        }
        if let hold = control["HOLD-BACK"], (microseconds(hold) ?? 0) < 3 * target * second {
            breach("4.4.3.8", line.number, "HOLD-BACK is under three target durations.")
        }
        guard let partTarget else { return }
        guard let hold = microseconds(control["PART-HOLD-BACK"]) else {
            return breach("4.4.3.8", line.number, "PART-HOLD-BACK is missing.")
        }
        // The draft says at least two and should be three; the low-latency authoring rules say three.
        if hold < 3 * partTarget { breach("4.4.3.8", line.number, "PART-HOLD-BACK is under three parts.") }
    }

    private mutating func dates() {
        var ids: Set<String> = []
        for line in tags["EXT-X-DATERANGE"] ?? [] {
            let attributes = line.attributes ?? [:]
            guard let id = unquoted(attributes["ID"]) else {
                breach("4.4.5.1", line.number, "ID is missing.")
                continue
            }
            if !ids.insert(id).inserted { breach("4.4.5.1", line.number, "The id is there twice.") }
            if attributes["START-DATE"] == nil { breach("4.4.5.1", line.number, "START-DATE is missing.") }
            if attributes["DURATION"] != nil, microseconds(attributes["DURATION"]) == nil {
                breach("4.4.5.1", line.number, "DURATION is negative or no number.")
            }
            if tags["EXT-X-PROGRAM-DATE-TIME"] == nil, tags["EXTINF"] != nil, tags["EXT-X-SKIP"] == nil {
                breach("4.4.5.1", line.number, "There is a date range and no PROGRAM-DATE-TIME.")
            }
        }
    }

    /// B.1, the low-latency server profile.
    private mutating func lowLatency() {
        if attributes("EXT-X-SERVER-CONTROL")?["CAN-BLOCK-RELOAD"] != "YES" {
            breach("B.1", 0, "CAN-BLOCK-RELOAD is not offered.")
        }
        if tags["EXT-X-PROGRAM-DATE-TIME"] == nil { breach("B.1", 0, "There is no PROGRAM-DATE-TIME.") }
        if tags["EXT-X-PRELOAD-HINT"] == nil, tags["EXT-X-ENDLIST"] == nil { breach("B.1", 0, "There is no hint.") }
    }

    // MARK: Segments

    private mutating func segments(target: Int64) {
        let partTarget = microseconds(attributes("EXT-X-PART-INF")?["PART-TARGET"]) ?? Int64.max
        var extinf: PlaylistLine?
        var parts: [(line: PlaylistLine, length: Int64, independent: Bool)] = []
        var hasMap = tags["EXT-X-SKIP"] != nil
        var isGap = false
        for line in lines {
            switch line.tag {
            case "EXT-X-GAP": isGap = true
            case "EXT-X-MAP":
                hasMap = true
                if unquoted(line.attributes?["URI"]) == nil { breach("4.4.4.5", line.number, "URI is missing.") }
                if !parts.isEmpty { breach("4.4.4.5", line.number, "MAP stands behind a part of its segment.") }
            case "EXT-X-DISCONTINUITY", "EXT-X-PROGRAM-DATE-TIME", "EXT-X-KEY":
                if !parts.isEmpty { breach("6.2.2", line.number, "\(line.tag) stands behind a part of its segment.") }
            case "EXT-X-PART":
                guard let length = microseconds(line.attributes?["DURATION"]), unquoted(line.attributes?["URI"]) != nil
                else {
                    breach("4.4.4.9", line.number, "DURATION or URI is missing.")
                    continue
                }
                if length > partTarget { breach("4.4.3.7", line.number, "The part is longer than PART-TARGET.") }
                // WebVTT needs none (3.1.4).
                if !hasMap, unquoted(line.attributes?["URI"])?.hasSuffix(".vtt") == false {
                    breach("4.4.4.5", line.number, "A part of fMP4 has no MAP.")
                }
                if isGap, line.attributes?["GAP"] != "YES" {
                    breach("4.4.4.7", line.number, "The part of a gap says that it is there.")
                }
                parts.append((line, length, line.attributes?["INDEPENDENT"] == "YES"))
            case "EXTINF":
                if extinf != nil { breach("4.4.4.1", line.number, "There are two EXTINF for one segment.") }
                extinf = line
            case "":
                segment(line, extinf: extinf, parts: parts, target: target, partTarget: partTarget)
                (extinf, parts, isGap) = (nil, [], false)
            default: break
            }
        }
        fullParts(parts, partTarget: partTarget, isClosed: false)
    }

    private mutating func segment(
        _ line: PlaylistLine, extinf: PlaylistLine?, parts: [(line: PlaylistLine, length: Int64, independent: Bool)],
        target: Int64, partTarget: Int64
    ) {
        guard let extinf else { return breach("4.4.4.1", line.number, "The segment has no EXTINF.") }
        let text = extinf.value.prefix { $0 != "," }
        guard extinf.value.contains(","), let length = microseconds(String(text)) else {
            return breach("4.4.4.1", extinf.number, "The duration cannot be read.")
        }
        if (length + 500_000) / 1_000_000 > target {
            breach("4.4.3.1", extinf.number, "Rounded, the segment is longer than TARGETDURATION.")
        }
        guard !parts.isEmpty else { return }
        let sum = parts.reduce(0) { $0 + $1.length }
        if abs(sum - length) > 10 * Int64(parts.count + 1) {
            breach("4.4.4.9", line.number, "The parts are not as long as their segment.")
        }
        fullParts(parts, partTarget: partTarget, isClosed: true)
    }

    /// Every part but the last of its segment fills 85 % of PART-TARGET, unless it is independent.
    private mutating func fullParts(
        _ parts: [(line: PlaylistLine, length: Int64, independent: Bool)], partTarget: Int64, isClosed: Bool
    ) {
        guard partTarget < Int64.max else { return }
        // The last part of an open segment may yet turn out to be the last of it.
        for part in parts.dropLast() where !part.independent && part.length * 100 < partTarget * 85 {
            breach("4.4.3.7", part.line.number, "The part fills less than 85 % of PART-TARGET.")
        }
    }
}

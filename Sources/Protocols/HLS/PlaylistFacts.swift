// SPDX-License-Identifier: Apache-2.0

/// What is remembered of a media playlist to compare it with another.
struct PlaylistFacts {
    struct Listed {
        var uri: String?
        var parts: [String] = []
        var isDiscontinuous = false
        var isGap = false
        /// Its discontinuity sequence number.
        var discontinuities = 0
        /// PROGRAM-DATE-TIME in milliseconds since 1970.
        var date: Int64?
    }

    var target: Int64?
    var partTarget: Int64?
    var partHoldBack: Int64?
    var sequence = 0
    var type: String?
    var discontinuitySequence = 0
    var segments: [Int: Listed] = [:]
    var reports: [String: Int] = [:]
    var hint: String?
    /// The segment that the hinted part is of, unless that one is complete without it.
    var hintMSN = 0
    var isEnded = false
    var isDelta = false
    var allParts: [String] { segments.values.flatMap(\.parts) }

    init(_ text: String) {
        let lines = PlaylistLine.lines(of: text)
        var msn = 0
        var listed = Listed()
        var range = ""
        for line in lines {
            switch line.tag {
            case "EXT-X-TARGETDURATION": target = Int64(line.value)
            case "EXT-X-PART-INF": partTarget = microseconds(line.attributes?["PART-TARGET"])
            case "EXT-X-SERVER-CONTROL": partHoldBack = microseconds(line.attributes?["PART-HOLD-BACK"])
            case "EXT-X-MEDIA-SEQUENCE":
                sequence = Int(line.value) ?? 0
                msn = sequence
            case "EXT-X-DISCONTINUITY-SEQUENCE":
                discontinuitySequence = Int(line.value) ?? 0
                listed.discontinuities = discontinuitySequence
            case "EXT-X-ENDLIST": isEnded = true
            case "EXT-X-PRELOAD-HINT": hint = unquoted(line.attributes?["URI"])
            case "EXT-X-RENDITION-REPORT":
                if let uri = unquoted(line.attributes?["URI"]) {
                    reports[uri] = line.attributes?["LAST-MSN"].flatMap { Int($0) } ?? -1
                }
            case "EXT-X-SKIP":
                let skipped = line.attributes?["SKIPPED-SEGMENTS"].flatMap { Int($0) } ?? 0
                isDelta = skipped > 0
                msn += skipped
            case "EXT-X-DISCONTINUITY":
                listed.isDiscontinuous = true
                listed.discontinuities += 1
            case "EXT-X-PROGRAM-DATE-TIME": listed.date = WallTime(text: line.value)?.milliseconds
            case "EXT-X-GAP": listed.isGap = true
            case "EXT-X-PART": unquoted(line.attributes?["URI"]).map { listed.parts.append($0) }
            case "EXT-X-PLAYLIST-TYPE": type = line.value
            case "EXT-X-BYTERANGE": range = "#" + line.value
            case "":
                listed.uri = line.value + range
                range = ""
                segments[msn] = listed
                listed = Listed(discontinuities: listed.discontinuities)
                msn += 1
            default: break
            }
        }
        if !listed.parts.isEmpty { segments[msn] = listed }
        hintMSN = msn
    }
}

extension WallTime {
    /// Reads `2026-11-18T11:06:40.000Z`, as `text` writes it.
    init?(text: String) {
        let numbers = text.split { !$0.isNumber }.compactMap { Int64($0) }
        guard text.hasSuffix("Z"), numbers.count == 7, numbers[1] >= 1, numbers[1] <= 12 else { return nil }
        // Days since 1970 of the Gregorian calendar, with years that begin in March.
        let year = numbers[1] <= 2 ? numbers[0] - 1 : numbers[0]
        let month = (numbers[1] + 9) % 12
        let dayOfYear = (153 * month + 2) / 5 + numbers[2] - 1
        let day = year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
        self.init(
            milliseconds: (((day * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5]) * 1000 + numbers[6])
    }
}

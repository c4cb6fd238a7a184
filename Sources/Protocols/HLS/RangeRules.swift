// SPDX-License-Identifier: Apache-2.0

/// `1208@0`: so many bytes from there; without a place they follow the last ones (4.4.4.2).
private struct ByteRange {
    var count: Int64
    var offset: Int64?

    init?(_ text: some StringProtocol) {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard (1...2).contains(halves.count), let count = ByteRange.integer(halves[0]) else { return nil }
        self.count = count
        guard halves.count == 2 else { return }
        guard let offset = ByteRange.integer(halves[1]) else { return nil }
        self.offset = offset
    }

    /// A decimal integer (4.2): digits and nothing else.
    private static func integer(_ text: some StringProtocol) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }
}

extension PlaylistCheck {
    /// Segments that are parts of a longer file.
    mutating func byteRanges() {
        let version = value("EXT-X-VERSION").flatMap { Int($0) } ?? 1
        if let first = tags["EXT-X-BYTERANGE"]?.first, version < 4 {
            breach("8", first.number, "BYTERANGE needs version 4.")
        }
        var waiting: (line: PlaylistLine, range: ByteRange)?
        var last: (uri: String, range: ByteRange)?
        for line in lines {
            switch line.tag {
            case "EXT-X-BYTERANGE":
                if waiting != nil { breach("4.4.4.2", line.number, "There are two BYTERANGE for one segment.") }
                guard let range = ByteRange(line.value), range.count > 0 else {
                    breach("4.4.4.2", line.number, "The range cannot be read.")
                    continue
                }
                waiting = (line, range)
            case "EXT-X-MAP":
                guard let text = line.attributes?["BYTERANGE"] else { continue }
                guard let range = unquoted(text).flatMap({ ByteRange($0) }), range.count > 0, range.offset != nil else {
                    breach("4.4.4.5", line.number, "The range cannot be read.")
                    continue
                }
            case "":
                if let waiting, waiting.range.offset == nil, last?.uri != line.value {
                    breach("4.4.4.2", waiting.line.number, "No range of the same file stands before it.")
                }
                last = waiting.map { (line.value, $0.range) }
                waiting = nil
            default: break
            }
        }
        if let waiting { breach("4.4.4.2", waiting.line.number, "No segment follows.") }
    }

    /// What may still change.
    mutating func playlistType() {
        guard let line = tags["EXT-X-PLAYLIST-TYPE"]?.first else { return }
        if !["EVENT", "VOD"].contains(line.value) { breach("4.4.3.5", line.number, "The type is unknown.") }
        if line.value == "VOD", tags["EXT-X-ENDLIST"] == nil {
            breach("6.2.1", line.number, "It will never change, and ENDLIST is missing.")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Live captions as a rendition of WebVTT (3.1.4), cut exactly as the leading rendition is: each part and each segment
/// is a whole WebVTT file with what is to be read in its time. A cue that lasts longer goes on in the next file.
struct Captions: Sendable {
    /// Its playlist's file name.
    static let uri = "captions.m3u8"
    /// More lines than these are not remembered.
    private static let most = 20_000

    private struct Cue: Hashable, Sendable {
        var start: Int64
        var end: Int64
        var text: String
    }

    let tongue: Configuration.Tongue
    /// What is listed.
    var shelf: Shelf
    /// Where its first file belongs: captions that begin late begin with a segment.
    private let skippedMSN: Int?
    /// What may still have to be in a file.
    private var cues: [Cue] = []
    /// All lines but the last, as they are written.
    private var written = ""
    private var last: Cue?
    private var count = 0
    private var number = 0
    private var hasChanged = false
    private var forgotten: [String] = []

    /// Captions in this language; `skipping` is the segment that is open already.
    init(_ tongue: Configuration.Tongue, configuration: Configuration, skipping msn: Int? = nil) {
        (self.tongue, skippedMSN) = (tongue, msn)
        shelf = Shelf(configuration: configuration)
    }

    /// Whether the playlist changes without a new part.
    mutating func takeChange() -> Bool {
        defer { hasChanged = false }
        return hasChanged
    }

    mutating func mark(_ marks: [DateRange]) {
        shelf.marks = marks
        hasChanged = true
    }

    mutating func end() {
        shelf.isEnded = true
        hasChanged = true
    }

    // MARK: Lines

    /// A line that is to be read from `time` of the stream's clock on, until it has been read or the next one comes.
    mutating func say(_ text: String, at time: Int64) {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty }
        guard !lines.isEmpty, count < Captions.most else { return }
        if let index = cues.indices.last { cues[index].end = min(cues[index].end, time) }
        if var last {
            last.end = min(last.end, time)
            written += Captions.text(last)
        }
        let text = lines.map(Captions.escaped).joined(separator: "\n")
        let cue = Cue(start: time, end: time + Captions.readingTime(text), text: text)
        cues.append(cue)
        last = cue
        count += 1
    }

    /// Fifteen letters a second, and never less than two seconds or more than eight.
    private static func readingTime(_ text: String) -> Int64 {
        max(2_000_000, min(8_000_000, Int64(text.count) * 1_000_000 / 15))
    }

    private static func escaped(_ text: Substring) -> String {
        text.reduce(into: "") { escaped, letter in
            switch letter {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(letter)
            }
        }
    }

    /// Everything that was said so far; times count from the stream's beginning.
    var whole: [UInt8] { Array(("WEBVTT\n\n" + written + (last.map(Captions.text) ?? "")).utf8) }

    private static func text(_ cue: Cue) -> String {
        guard cue.end / 1000 > cue.start / 1000 else { return "" }
        return "\(stamp(cue.start)) --> \(stamp(cue.end))\n\(cue.text)\n\n"
    }

    private static func stamp(_ time: Int64) -> String {
        let all = max(0, time - Presentation.beginning) / 1000
        return "\(padded(all / 3_600_000, 2)):\(padded(all / 60_000 % 60, 2)):\(padded(all / 1000 % 60, 2))"
            + ".\(padded(all % 1000, 3))"
    }

    /// What is to be read between two times. MPEGTS counts in 1/90000 s, and the stream's clock is ours and theirs.
    private func file(from start: Int64, to end: Int64) -> [UInt8] {
        var text = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:\(Presentation.beginning * 9 / 100)\n\n"
        for cue in cues where cue.start < end && cue.end > start {
            text += Captions.text(Cue(start: max(start, cue.start), end: min(end, cue.end), text: cue.text))
        }
        return Array(text.utf8)
    }

    // MARK: Files

    /// The captions beside a part of the leading rendition.
    mutating func part(_ part: Part, _ line: Grid.Line, publication: String) -> Presentation.News? {
        guard line.msn != skippedMSN else { return nil }
        if shelf.open == nil {
            shelf.start(at: line.msn, discontinuities: line.discontinuities - (line.isDiscontinuous ? 1 : 0))
            shelf.promise("\(publication)-captions-p\(number).vtt")
            shelf.open = Segment(
                msn: line.msn, name: "\(publication)-captions-\(line.msn).vtt", map: "",
                isDiscontinuous: line.isDiscontinuous, startMicroseconds: line.startMicroseconds, wall: line.wall,
                beginsWithKey: true, parts: [])
        }
        let start = shelf.endMicroseconds
        let bytes = file(from: start, to: start + part.microseconds)
        let name = shelf.promised
        number += 1
        shelf.add(
            Part(name: name, microseconds: part.microseconds, isIndependent: true, bytes: bytes),
            next: "\(publication)-captions-p\(number).vtt")
        return .file(name: name, bytes: bytes)
    }

    /// The leading rendition's segment is complete.
    mutating func segment(_ leading: Shelf) -> [Presentation.News] {
        if let target = leading.targetSeconds { shelf.adopt(targetSeconds: target, partTarget: leading.partTarget) }
        guard let segment = shelf.closeSegment(frameMicroseconds: nil) else { return [] }
        let end = segment.startMicroseconds + segment.microseconds
        let bytes = file(from: segment.startMicroseconds, to: end)
        cues.removeAll { $0.end <= end }
        let forgotten = shelf.forget()
        return [.file(name: segment.name, bytes: bytes)] + (forgotten.isEmpty ? [] : [.forget(forgotten)])
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

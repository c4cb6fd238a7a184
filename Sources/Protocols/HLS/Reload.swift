// SPDX-License-Identifier: Apache-2.0

/// How far a playlist has come: all that is needed to answer a request for it.
public struct Edge: Hashable, Sendable {
    /// The media sequence number of the last complete segment; -1 when there is none.
    public var lastSegment: Int
    /// How many parts that one has.
    public var partsOfLastSegment: Int
    /// How many parts the open segment after it has so far.
    public var partsOfOpenSegment: Int
    /// TARGETDURATION.
    public var targetSeconds: Int64
    /// PART-TARGET.
    public var partTargetMicroseconds: Int64
    /// Whether EXT-X-ENDLIST is there.
    public var isEnded: Bool

    /// An edge of these parts.
    public init(
        lastSegment: Int, partsOfLastSegment: Int, partsOfOpenSegment: Int, targetSeconds: Int64,
        partTargetMicroseconds: Int64, isEnded: Bool = false
    ) {
        self.lastSegment = lastSegment
        self.partsOfLastSegment = partsOfLastSegment
        self.partsOfOpenSegment = partsOfOpenSegment
        self.targetSeconds = targetSeconds
        self.partTargetMicroseconds = partTargetMicroseconds
        self.isEnded = isEnded
    }

    /// The last part that is listed, for a rendition report: its segment and its place in it.
    public var lastPart: (msn: Int, part: Int) {
        partsOfOpenSegment > 0
            ? (lastSegment + 1, partsOfOpenSegment - 1) : (lastSegment, max(0, partsOfLastSegment - 1))
    }
}

/// A request for a playlist, and how it is to be answered (6.2.5.2).
public struct Reload: Hashable, Sendable {
    /// `_HLS_msn`.
    public var msn: Int?
    /// `_HLS_part`.
    public var part: Int?
    /// `_HLS_skip`: YES or v2.
    public var skips: Bool

    /// What to do with a request.
    public enum Answer: Hashable, Sendable {
        /// Answer now, with the delta playlist if it was asked for.
        case now
        /// Answer when the next part comes; then ask again.
        case wait
        /// 400, with this sentence.
        case bad(String)
        /// 503: it waited too long.
        case tooLong
    }

    /// A request of these parts.
    public init(msn: Int? = nil, part: Int? = nil, skips: Bool = false) {
        self.msn = msn
        self.part = part
        self.skips = skips
    }

    /// Reads the query of a request, everything behind `?`. What is not ours is passed over, and has no effect.
    /// - Returns: nil when one of our own parameters cannot be read: answer 400.
    public init?(query: some StringProtocol) {
        let read = Array(query.utf8).withUnsafeBytes { Reload(bytes: $0) }
        guard let read else { return nil }
        self = read
    }

    /// The same from a query's bytes, without making a string of them.
    public init?(bytes: UnsafeRawBufferPointer) {
        self.init()
        var place = 0
        while place < bytes.count {
            var end = place
            var equals: Int?
            while end < bytes.count, bytes[end] != 0x26 {
                if bytes[end] == 0x3D, equals == nil { equals = end }
                end += 1
            }
            guard take(bytes, name: place..<(equals ?? end), value: min((equals ?? end) + 1, end)..<end) else {
                return nil
            }
            place = end + 1
        }
    }

    /// One parameter. False when it is ours and cannot be read.
    private mutating func take(_ bytes: UnsafeRawBufferPointer, name: Range<Int>, value: Range<Int>) -> Bool {
        if Reload.isEqual(bytes, name, "_HLS_msn") {
            msn = Reload.number(bytes, value)
            return msn != nil
        }
        if Reload.isEqual(bytes, name, "_HLS_part") {
            part = Reload.number(bytes, value)
            return part != nil
        }
        if Reload.isEqual(bytes, name, "_HLS_skip") {
            skips = Reload.isEqual(bytes, value, "YES") || Reload.isEqual(bytes, value, "v2")
            return skips
        }
        return true
    }

    private static func isEqual(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count where bytes[range.lowerBound + offset] != word.utf8Start[offset] { return false }
        return true
    }

    /// A decimal integer of 4.2: digits alone.
    private static func number(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 15 else { return nil }
        var number = 0
        for place in range {
            guard bytes[place] >= 0x30, bytes[place] <= 0x39 else { return nil }
            number = number * 10 + Int(bytes[place] - 0x30)
        }
        return number
    }

    /// How to answer after `waited` milliseconds, when the playlist has come as far as `edge`.
    public func answer(at edge: Edge, waitedMilliseconds waited: Int64 = 0) -> Answer {
        if part != nil, msn == nil { return .bad("_HLS_part without _HLS_msn.") }
        // There is no playlist before the first whole segment.
        guard edge.lastSegment >= 0 else { return waited > 20_000 ? .tooLong : .wait }
        guard !edge.isEnded, let msn else { return .now }
        if msn > edge.lastSegment + 2 { return .bad("_HLS_msn is too far ahead.") }
        if isThere(msn, edge) { return .now }
        if let part, partsAhead(part, of: msn, edge) > Reload.advanceLimit(edge) {
            return .bad("_HLS_part is too far ahead.")
        }
        return waited > edge.targetSeconds * 3000 ? .tooLong : .wait
    }

    /// Whether what is asked for, or something later, is listed.
    private func isThere(_ msn: Int, _ edge: Edge) -> Bool {
        // Without a part the whole segment is meant.
        guard let part else { return msn <= edge.lastSegment }
        if msn < edge.lastSegment { return true }
        // A part beyond the last of a complete segment is part 0 of the next.
        if msn == edge.lastSegment { return part < edge.partsOfLastSegment || edge.partsOfOpenSegment > 0 }
        return msn == edge.lastSegment + 1 && part < edge.partsOfOpenSegment
    }

    /// How many parts ahead of the last listed one this is; beyond the end of a whole segment it is part 0 of the next.
    private func partsAhead(_ part: Int, of msn: Int, _ edge: Edge) -> Int {
        switch msn {
        case ...edge.lastSegment: 1
        case edge.lastSegment + 1: part - (edge.partsOfOpenSegment - 1)
        default: part + 1
        }
    }

    /// The Advance Part Limit: three seconds of parts when they are shorter than a second, else three.
    private static func advanceLimit(_ edge: Edge) -> Int {
        let part = edge.partTargetMicroseconds
        return part > 0 && part < 1_000_000 ? Int((3_000_000 + part - 1) / part) : 3
    }
}

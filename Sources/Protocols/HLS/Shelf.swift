// SPDX-License-Identifier: Apache-2.0

/// What one rendition lists: its segments, the open one, and the numbers that never change once they were said.
public struct Shelf: Sendable {
    /// The complete segments, oldest first.
    public private(set) var segments: [Segment] = []
    /// The segment that parts are still added to; it has at least one.
    public internal(set) var open: Segment?
    /// The name that the next part will have: the preload hint.
    public private(set) var promised = ""
    /// TARGETDURATION in seconds; nil until the first segment is complete.
    public private(set) var targetSeconds: Int64?
    /// PART-TARGET in microseconds; nil until the first segment is complete.
    public private(set) var partTarget: Int64?
    /// EXT-X-DISCONTINUITY-SEQUENCE.
    public private(set) var discontinuities = 0
    /// Whether nothing more will come.
    public internal(set) var isEnded = false
    /// The highest segment bit rate so far, and all bytes and all time, for BANDWIDTH.
    public private(set) var peakBitRate: Int64 = 0
    /// Markers that are still listed; some may be older than the oldest segment.
    public internal(set) var marks: [DateRange] = []

    /// The number that the next segment has, or the open one.
    public private(set) var nextMSN = 0
    private let configuration: Configuration
    /// What another rendition of the same stream has promised: this one promises the same (6.2.4).
    private var adopted: (targetSeconds: Int64, partTarget: Int64?)?
    private var isPromised = false
    private var totalBytes: Int64 = 0
    private var totalMicroseconds: Int64 = 0
    /// Files that are not listed any more, and the media time after which they may go.
    private var departing: [(name: String, after: Int64)] = []

    init(configuration: Configuration) { self.configuration = configuration }

    /// All bytes over all time, in bits per second.
    public var averageBitRate: Int64 { totalMicroseconds > 0 ? totalBytes * 8_000_000 / totalMicroseconds : 0 }

    /// Parts may not be longer, in microseconds.
    var partLimit: Int64 { partTarget ?? configuration.partMilliseconds * 1000 }

    /// Segments may not be longer, in microseconds: rounded to whole seconds they are TARGETDURATION (4.4.3.1).
    var longestSegment: Int64 {
        (targetSeconds ?? adopted?.targetSeconds).map { $0 * 1_000_000 + 499_000 } ?? configuration
            .longestSegmentMilliseconds * 1000
    }

    /// The end of what is listed, on the stream's own clock.
    public var endMicroseconds: Int64 {
        (open ?? segments.last).map { $0.startMicroseconds + $0.microseconds } ?? 0
    }

    /// What `Reload` decides by.
    public var edge: Edge {
        Edge(
            lastSegment: nextMSN - 1, partsOfLastSegment: segments.last?.parts.count ?? 0,
            partsOfOpenSegment: open?.parts.count ?? 0, targetSeconds: targetSeconds ?? 0,
            partTargetMicroseconds: partTarget ?? 0, isEnded: isEnded)
    }

    /// What the leading rendition has promised, to be told before this one's first segment is complete.
    mutating func adopt(targetSeconds: Int64, partTarget: Int64? = nil) {
        if self.targetSeconds == nil { adopted = (targetSeconds, partTarget) }
    }

    /// Nothing was ever here: the first segment has this number, and so many discontinuities were before it.
    mutating func start(at msn: Int, discontinuities: Int) {
        guard segments.isEmpty, open == nil else { return }
        (nextMSN, self.discontinuities) = (msn, discontinuities)
    }

    /// A segment of which nothing came. There is no file of its name, and nobody should ask for it (4.4.4.7).
    mutating func addGap(_ segment: Segment) {
        guard open == nil, targetSeconds != nil else { return }
        segments.append(segment)
        nextMSN += 1
    }

    /// The first name a shelf promises; later ones are promised with `add`, and a promise that was given is kept even
    /// when the publisher changes, because somebody may already be waiting for that file.
    mutating func promise(_ name: String) {
        if !isPromised { promised = name }
        isPromised = true
    }

    mutating func add(_ part: Part, next: String) {
        open?.parts.append(part)
        promised = next
    }

    mutating func closeSegment(frameMicroseconds: Int64?) -> Segment? {
        guard let segment = open else { return nil }
        open = nil
        nextMSN += 1
        // Whoever is told of the segment gets its bytes. A list needs none of them.
        var listed = segment
        for place in listed.parts.indices { listed.parts[place].bytes = [] }
        segments.append(listed)
        fixTargets(segment, frameMicroseconds: frameMicroseconds)
        let bytes = Int64(segment.byteCount)
        peakBitRate = max(peakBitRate, bytes * 8_000_000 / max(1, segment.microseconds))
        totalBytes += bytes
        totalMicroseconds += segment.microseconds
        return segment
    }

    /// The first complete segment shows what can be promised for good.
    private mutating func fixTargets(_ segment: Segment, frameMicroseconds: Int64?) {
        guard targetSeconds == nil else { return }
        let rounded = (segment.microseconds + 500_000) / 1_000_000
        targetSeconds = adopted?.targetSeconds ?? max(1, rounded, (configuration.segmentMilliseconds + 999) / 1000)
        let wanted = configuration.partMilliseconds * 1000
        var promise = wanted
        // Every part must fill 85 % of PART-TARGET (4.4.3.7). Five frames of 29.97 do not fill 0.2 s: then the
        // promise is what whole frames can keep.
        if let frame = frameMicroseconds, frame > 0, wanted / frame >= 1 {
            let whole = (wanted + 20) / frame * frame
            if whole * 100 < wanted * 85 { promise = (whole + 999) / 1000 * 1000 }
        }
        if let own = adopted?.partTarget { promise = own }
        partTarget = promise
        // The first parts were cut before the frame rate was known. Nobody has seen them: where they do not keep the
        // promise, the segment is listed without them.
        let keepsPromise =
            segment.parts.allSatisfy { $0.microseconds <= promise }
            && segment.parts.dropLast().allSatisfy { $0.isIndependent || $0.microseconds * 100 >= promise * 85 }
        segments[segments.count - 1].listsParts = keepsPromise
    }

    /// Takes what is too old off the shelf. Answers the files that nobody may ask for any more: a part three target
    /// durations after it was last listed, a segment one playlist's length after (6.2.2).
    mutating func forget() -> [String] {
        guard let target = targetSeconds.map({ $0 * 1_000_000 }), let last = segments.last else { return [] }
        let end = last.startMicroseconds + last.microseconds
        let window = max(configuration.windowMilliseconds * 1000, 4 * target)
        while segments.count > 4, let first = segments.first, end - segments[1].startMicroseconds >= window {
            segments.removeFirst()
            if first.isDiscontinuous { discontinuities += 1 }
            if !first.isGap { departing.append((first.name, end + window + 2 * target)) }
            if segments.first?.map != first.map { departing.append((first.map, end + window + 2 * target)) }
        }
        for part in last.parts { departing.append((part.name, end + 7 * target)) }
        if let oldest = segments.first { marks.removeAll { $0.end < oldest.wall } }
        let gone = departing.filter { $0.after < end }.map(\.name)
        departing.removeAll { $0.after < end }
        return gone
    }
}

// SPDX-License-Identifier: Apache-2.0
import FMP4

/// A stretch of a recording that a playlist lists as one media segment: whole fragments that begin with a key frame
/// wherever the encoder sent enough of them.
public struct FilmSegment: Hashable, Sendable {
    /// Where it begins in the file.
    public var offset: Int64
    /// How many bytes it has.
    public var byteCount: Int64
    /// When it begins, counted from the recording's beginning: the sum of what was before.
    public var startMicroseconds: Int64
    /// How long it plays.
    public var microseconds: Int64
    /// When its first frame was, in milliseconds since 1970, if that is known.
    public var wall: Int64?
    /// Whether its times do not go on where those of the one before it ended.
    public var isDiscontinuous: Bool
}

/// How a recording is cut into segments.
public struct Cutting: Hashable, Sendable {
    /// A segment is long enough at three quarters of this.
    public var wantedMilliseconds: Int64
    /// Where key frames are further apart than this, a segment begins without one.
    public var mostMilliseconds: Int64

    /// For a recording that is finished: nearly every key frame distance fits.
    public static let vod = Cutting(wantedMilliseconds: 6_000, mostMilliseconds: 30_000)
    /// For one that still grows, whose TARGETDURATION is said before anything is known.
    public static let event = Cutting(wantedMilliseconds: 6_000, mostMilliseconds: 10_000)
}

extension FilmIndex {
    /// The segments, in order. As long as the recording grows (`isComplete` is false) the last one is left out, for it
    /// may grow too; what was answered once never changes.
    public func segments(_ cutting: Cutting, isComplete: Bool) -> [FilmSegment] {
        guard let lead else { return [] }
        var cutter = Cutter(cutting: cutting, scale: Int64(lead.timescale))
        for fragment in fragments { cutter.take(fragment) }
        return isComplete ? cutter.finished() : cutter.segments
    }
}

/// One walk over the fragments.
private struct Cutter {
    let cutting: Cutting
    let scale: Int64
    var segments: [FilmSegment] = []
    private var open: FilmSegment?
    private var last: FilmIndex.Fragment?
    private var playedTicks: Int64 = 0
    /// What the file said last of the world's clock.
    private var clock: (ticks: Int64, wall: Int64)?

    /// A step in the times that is not the encoder's rounding.
    private static let stepMicroseconds: Int64 = 100_000
    /// A step of the world's clock that is not the machine's own correction: the publisher was away.
    private static let absenceMilliseconds: Int64 = 1_000

    init(cutting: Cutting, scale: Int64) { (self.cutting, self.scale) = (cutting, scale) }

    mutating func take(_ fragment: FilmIndex.Fragment) {
        let step = last.map { microseconds(fragment.lead.start - $0.lead.end) } ?? 0
        let isStep = abs(step) > Cutter.stepMicroseconds
        let awaited = isStep ? nil : clock.map { $0.wall + microseconds(fragment.lead.start - $0.ticks) / 1000 }
        let isReturn = fragment.wall.map { abs($0 - (awaited ?? $0)) > Cutter.absenceMilliseconds } ?? false
        if isStep || isReturn || isDue(fragment) { close() }
        if let wall = fragment.wall { clock = (fragment.lead.start, wall) } else if isStep { clock = nil }
        var segment =
            open
            ?? FilmSegment(
                offset: fragment.offset, byteCount: 0, startMicroseconds: microseconds(playedTicks), microseconds: 0,
                wall: fragment.wall ?? awaited, isDiscontinuous: isStep)
        playedTicks += fragment.lead.duration
        segment.byteCount += fragment.byteCount
        segment.microseconds = microseconds(playedTicks) - segment.startMicroseconds
        open = segment
        last = fragment
    }

    /// Whether a new segment begins with this fragment.
    private func isDue(_ fragment: FilmIndex.Fragment) -> Bool {
        guard let length = open?.microseconds else { return false }
        return (fragment.beginsWithKey && length >= cutting.wantedMilliseconds * 750)
            || length + microseconds(fragment.lead.duration) > cutting.mostMilliseconds * 1000
    }

    private mutating func close() {
        if let open { segments.append(open) }
        open = nil
    }

    mutating func finished() -> [FilmSegment] {
        close()
        return segments
    }

    private func microseconds(_ ticks: Int64) -> Int64 { ticks * 1_000_000 / scale }
}

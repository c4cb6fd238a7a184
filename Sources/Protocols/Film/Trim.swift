// SPDX-License-Identifier: Apache-2.0
import FMP4

/// A part of a recording as a recording of its own, without encoding anew: from the key frame at or before `from` to
/// `to`, counted from 0 again. Ask `next` for its pieces until there are none.
public struct Trim: Sendable {
    private let index: FilmIndex
    private let scale: Int64
    /// The fragments that the pictures stand in.
    private let fragments: ClosedRange<Int>
    /// The lead's decode times, from the key frame on.
    private let times: Range<Int64>
    private let lastEnd: Int64
    private var upcoming: Int
    private var sequence: UInt32 = 0
    private var isBegun = false
    /// Whether `next` ended because the recording is no longer what it was.
    public private(set) var isBroken = false

    /// Sound may come so many fragments before or after its picture.
    private static let soundReach = 32

    /// What was found to begin and end with, in milliseconds of the recording's own time.
    public let milliseconds: Range<Int64>

    /// From the key frame at or before `from` to `to`, in milliseconds of the recording's own time, which counts from
    /// its first frame. Nil when nothing would be left, or the recording is no longer what it was.
    public init?<Trouble: Error>(
        _ index: FilmIndex, from: Int64, to: Int64, _ read: (_ offset: Int64, _ count: Int) throws(Trouble) -> [UInt8]
    ) throws(Trouble) {
        guard let lead = index.lead, let first = index.fragments.first, to > from else { return nil }
        (self.index, scale) = (index, Int64(lead.timescale))
        let begin = first.lead.start
        lastEnd = index.fragments.map(\.lead.end).max() ?? begin
        let whole = lastEnd - begin
        let wanted = begin + min(max(0, from), whole * 1000 / scale) * scale / 1000
        let end = to >= whole * 1000 / scale ? begin + whole : begin + max(0, to) * scale / 1000
        guard let key = try Trim.key(in: index, atOrBefore: wanted, read), key.time < end else { return nil }
        let last = index.fragments.lastIndex { $0.lead.start < end } ?? key.fragment
        fragments = key.fragment...max(key.fragment, last)
        times = key.time..<end
        upcoming = key.fragment
        milliseconds = (key.time - begin) * 1000 / scale..<(end - begin) * 1000 / scale
    }

    /// The last key frame at or before this decode time, or the first one there is.
    private static func key<Trouble: Error>(
        in index: FilmIndex, atOrBefore time: Int64, _ read: (Int64, Int) throws(Trouble) -> [UInt8]
    ) throws(Trouble) -> (fragment: Int, time: Int64)? {
        let keyed = index.fragments.indices.filter { index.fragments[$0].hasKey }
        let near = keyed.last { index.fragments[$0].lead.start <= time }
        // The key frame in the fragment that fits best may stand behind that time: then it is the one before.
        let before = near.flatMap { near in keyed.last { $0 < near } }
        for fragment in [near, before, keyed.first].compactMap({ $0 }) {
            guard let run = try index.shape(fragment, read)?.runs.first else { return nil }
            let keys = run.frames.filter(\.isKey)
            if let key = keys.last(where: { $0.decodeTime <= time }) { return (fragment, key.decodeTime) }
            if fragment == keyed.first { return keys.first.map { (fragment, $0.decodeTime) } }
        }
        return nil
    }

    /// The next pieces, one fragment's at a time, the init segment's first; nil when there are no more, or the
    /// recording is no longer what it was.
    public mutating func next<Trouble: Error>(
        _ read: (_ offset: Int64, _ count: Int) throws(Trouble) -> [UInt8]
    ) throws(Trouble) -> [Piece]? {
        guard isBegun else {
            isBegun = true
            return [.bytes(initSegment([index.picture, index.sound].compactMap { $0 })[...])]
        }
        while fragments.contains(upcoming) {
            let number = upcoming
            upcoming += 1
            guard var pictures = try gathered(index.lead, in: number...number, times, read) else { return broken() }
            // Nothing of it is wanted.
            guard let first = pictures.frames.first else { continue }
            guard var sounds = try soundsBeside(number, read) else { return broken() }
            pictures.move(by: -times.lowerBound)
            if let track = index.sound { sounds.move(by: -soundTime(times.lowerBound, track)) }
            sequence &+= 1
            let shape = FragmentShape(sequence: sequence, runs: [pictures, sounds].compactMap(\.shape))
            return [.bytes((reference(number, first) + shape.head)[...])] + pictures.ranges + sounds.ranges
        }
        return nil
    }

    private mutating func broken() -> [Piece]? {
        isBroken = true
        return nil
    }

    /// The sound that goes into this fragment: its own, and at both ends what came too early or too late.
    private func soundsBeside<Trouble: Error>(
        _ number: Int, _ read: (Int64, Int) throws(Trouble) -> [UInt8]
    ) throws(Trouble) -> Gathering? {
        guard let track = index.sound, index.picture != nil else { return Gathering(track: 0) }
        // To the end means to the end, even where the sound is longer than the pictures.
        let isWhole = fragments.upperBound == index.fragments.count - 1 && times.upperBound == lastEnd
        let wanted = soundTime(times.lowerBound, track)..<(isWhole ? Int64.max : soundTime(times.upperBound, track))
        var reach = number...number
        if number == fragments.lowerBound { reach = max(0, number - Trim.soundReach)...number }
        if number == fragments.upperBound {
            reach = reach.lowerBound...min(index.fragments.count - 1, number + Trim.soundReach)
        }
        return try gathered(track, in: reach, wanted, read)
    }

    /// Where the sound stands at a time of the pictures; rounded up, so that no sound is before its picture.
    private func soundTime(_ time: Int64, _ track: Track) -> Int64 {
        (time * Int64(track.timescale) + scale - 1) / scale
    }

    /// The frames of a track with decode times in `wanted`, and where their bytes stand.
    private func gathered<Trouble: Error>(
        _ track: Track?, in numbers: ClosedRange<Int>, _ wanted: Range<Int64>,
        _ read: (Int64, Int) throws(Trouble) -> [UInt8]
    ) throws(Trouble) -> Gathering? {
        guard let track else { return nil }
        var gathering = Gathering(track: track.number)
        for number in numbers {
            let fragment = index.fragments[number]
            let span = track.number == index.lead?.number ? fragment.lead : fragment.sound
            guard let span, span.start < wanted.upperBound, span.end > wanted.lowerBound else { continue }
            guard let shape = try index.shape(number, read) else { return nil }
            var offset = fragment.mediaOffset
            for run in shape.runs {
                for frame in run.frames {
                    if run.track == track.number, wanted.contains(frame.decodeTime) { gathering.add(frame, at: offset) }
                    offset += Int64(frame.byteCount)
                }
            }
        }
        return gathering
    }

    /// What the world's clock was, for fragments that said so and for the first of all.
    private func reference(_ number: Int, _ first: FrameShape) -> [UInt8] {
        let isFirst = number == fragments.lowerBound
        guard let lead = index.lead, index.fragments[number].wall != nil || isFirst else { return [] }
        guard let known = index.fragments[...number].last(where: { $0.wall != nil }), let wall = known.wall else {
            return []
        }
        return ReferenceTime(
            track: lead.number, wallMilliseconds: wall + (first.decodeTime - known.lead.start) * 1000 / scale,
            decodeTime: first.decodeTime - times.lowerBound
        ).bytes
    }
}

/// Frames of one track with the places of their bytes.
private struct Gathering {
    let track: UInt32
    private(set) var frames: [FrameShape] = []
    private(set) var ranges: [Piece] = []

    init(track: UInt32) { self.track = track }

    var shape: RunShape? { frames.isEmpty ? nil : RunShape(track: track, frames: frames) }

    /// Frames of one run follow each other: where there is a hole, the frame before it lasts longer, and what would
    /// run back is left out.
    mutating func add(_ frame: FrameShape, at offset: Int64) {
        if let last = frames.indices.last {
            guard frame.decodeTime > frames[last].decodeTime else { return }
            frames[last].duration = frame.decodeTime - frames[last].decodeTime
        }
        frames.append(frame)
        if case .range(let start, let count)? = ranges.last, start + count == offset {
            ranges[ranges.count - 1] = .range(offset: start, byteCount: count + Int64(frame.byteCount))
        } else {
            ranges.append(.range(offset: offset, byteCount: Int64(frame.byteCount)))
        }
    }

    mutating func move(by ticks: Int64) {
        for index in frames.indices { frames[index].decodeTime += ticks }
    }
}

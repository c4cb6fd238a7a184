// SPDX-License-Identifier: Apache-2.0
public import FMP4

/// What stands where in a recording: its head, and one line for each fragment. Three hours in parts of half a second
/// are about three megabytes.
public struct FilmIndex: Sendable {
    /// The frames of one track in one fragment; times in its timescale.
    public struct Span: Hashable, Sendable {
        /// The first frame's decode time.
        public var start: Int64
        /// How long all of them last.
        public var duration: Int64
        /// How many there are.
        public var frames: Int

        /// Where the next one should begin.
        public var end: Int64 { start + duration }

        init(_ run: RunShape) {
            start = run.frames.first?.decodeTime ?? 0
            duration = run.frames.reduce(0) { $0 + $1.duration }
            frames = run.frames.count
        }
    }

    /// One `moof` and its `mdat`, with the `prft` before it where there is one.
    public struct Fragment: Hashable, Sendable {
        /// Where it begins in the file.
        public var offset: Int64
        /// How many bytes come before its `moof`.
        var prefixBytes: Int
        /// How many bytes its `moof` has.
        var moofBytes: Int
        /// How many bytes its frames have.
        var mediaBytes: Int
        /// Its pictures, or its sounds where the file has no picture.
        public var lead: Span
        /// The sounds beside the pictures.
        public var sound: Span?
        /// Whether decoding can begin at its first frame.
        public var beginsWithKey: Bool
        /// Whether decoding can begin at any of its frames.
        public var hasKey: Bool
        /// When its first frame was, in milliseconds since 1970, where the file says so.
        public var wall: Int64?

        /// How many bytes it has in all.
        public var byteCount: Int64 { Int64(prefixBytes + moofBytes + 8 + mediaBytes) }
        /// Where the next one begins.
        public var end: Int64 { offset + byteCount }
        /// Where its frames' bytes begin.
        var mediaOffset: Int64 { offset + Int64(prefixBytes + moofBytes + 8) }
    }

    /// The picture's track.
    public private(set) var picture: Track?
    /// The sound's track.
    public private(set) var sound: Track?
    /// How many bytes the init segment has; 0 as long as it is not all there.
    public private(set) var headBytes: Int64 = 0
    /// The whole fragments, in order.
    public private(set) var fragments: [Fragment] = []
    /// Where the last whole fragment ends. What is behind it is torn, or not yet written.
    public private(set) var end: Int64 = 0
    /// Why nothing behind `end` can ever be read; nil as long as more bytes could make it whole.
    public private(set) var flaw: Violation?

    /// How much is read at once; the `moof` of half a second has less than a kilobyte.
    private static let windowBytes = 4_096

    /// An index of nothing.
    public init() {}

    /// The track that says how long everything is: the picture, or the sound alone.
    public var lead: Track? { picture ?? sound }

    /// How long it plays, in microseconds: the sum of its fragments.
    public var microseconds: Int64 { lead.map { ticks * 1_000_000 / Int64($0.timescale) } ?? 0 }
    /// The same in the lead's timescale.
    private(set) var ticks: Int64 = 0

    /// Reads on, up to `length` of the file. `read` answers the bytes at an offset: as many as asked for, or fewer
    /// when the file ends. What was read before is not read again.
    public mutating func grow<Trouble: Error>(
        to length: Int64, _ read: (_ offset: Int64, _ count: Int) throws(Trouble) -> [UInt8]
    ) throws(Trouble) {
        while flaw == nil, length - end >= 8 {
            let window = try read(end, Int(min(Int64(FilmIndex.windowBytes), length - end)))
            // What is at hand may be the beginning of something longer, which is there as a whole or not yet.
            guard let needed = step(window, length) else { continue }
            guard needed > window.count, Int64(needed) <= length - end else { return }
            guard step(try read(end, needed), length) == nil else { return }
        }
    }

    /// Takes the next thing, or finds the flaw. Answers how many bytes must be at hand, or be in the file, before that.
    private mutating func step(_ window: [UInt8], _ length: Int64) -> Int? {
        do { return try headBytes == 0 ? head(window) : fragment(window, length) } catch {
            flaw = error
            return nil
        }
    }

    // MARK: The head

    private mutating func head(_ window: [UInt8]) throws(Violation) -> Int? {
        guard let brand = BoxSize(window, at: 0) else { return 8 }
        guard brand.type == "ftyp" else { throw .boxUnexpected(brand.type, awaited: "ftyp") }
        guard brand.size <= 256 else { throw .boxBroken("ftyp") }
        guard let movie = BoxSize(window, at: brand.size) else { return brand.size + 8 }
        guard movie.type == "moov" else { throw .boxUnexpected(movie.type, awaited: "moov") }
        let count = brand.size + movie.size
        guard count <= InitSegment.mostBytes else { throw .boxBroken("moov") }
        guard window.count >= count else { return count }
        for track in try InitSegment(window[..<count]).tracks {
            switch track.format {
            case .video:
                guard picture == nil else { throw .trackUnknown(Int(track.number)) }
                picture = track
            case .audio:
                guard sound == nil else { throw .trackUnknown(Int(track.number)) }
                sound = track
            }
        }
        headBytes = Int64(count)
        end = headBytes
        return nil
    }

    // MARK: A fragment

    private mutating func fragment(_ window: [UInt8], _ length: Int64) throws(Violation) -> Int? {
        guard var box = BoxSize(window, at: 0) else { return 8 }
        var prefix = 0
        if box.type == "prft" {
            prefix = ReferenceTime.byteCount
            guard box.size == prefix else { throw .boxFormUnknown("prft") }
            guard let next = BoxSize(window, at: prefix) else { return prefix + 8 }
            box = next
        }
        guard box.type == "moof" else { throw .boxUnexpected(box.type, awaited: "moof") }
        guard (8...FragmentShape.mostBytes).contains(box.size) else { throw .boxBroken("moof") }
        let moof = prefix + box.size
        guard window.count >= moof + 8 else { return moof + 8 }
        let shape = try FragmentShape(moof: window[prefix..<moof])
        guard let media = BoxSize(window, at: moof), media.type == "mdat" else {
            throw .boxUnexpected(String(decoding: window[(moof + 4)..<(moof + 8)], as: UTF8.self), awaited: "mdat")
        }
        guard media.size == shape.byteCount + 8 else { throw .boxBroken("mdat") }
        var reference: ReferenceTime?
        if prefix > 0 { reference = try ReferenceTime(window[..<prefix]) }
        let whole = try line(shape, prefix: prefix, moof: box.size, reference)
        guard whole.end <= length else { return moof + media.size }
        guard ticks + whole.lead.duration < 1 << 42 else { throw .timeAbsurd }
        ticks += whole.lead.duration
        fragments.append(whole)
        end = whole.end
        return nil
    }

    private func line(
        _ shape: FragmentShape, prefix: Int, moof: Int, _ reference: ReferenceTime?
    ) throws(Violation) -> Fragment {
        guard let lead, let first = shape.runs.first, first.track == lead.number else {
            throw .trackUnknown(Int(shape.runs.first?.track ?? 0))
        }
        var beside: Span?
        if let other = shape.runs.dropFirst().first {
            guard shape.runs.count == 2, picture != nil, other.track == sound?.number else {
                throw .trackUnknown(Int(other.track))
            }
            beside = Span(other)
        }
        let span = Span(first)
        if let reference, reference.track != lead.number || reference.decodeTime != span.start {
            throw .boxFormUnknown("prft")
        }
        return Fragment(
            offset: end, prefixBytes: prefix, moofBytes: moof, mediaBytes: shape.byteCount, lead: span, sound: beside,
            beginsWithKey: first.frames.first?.isKey == true, hasKey: first.frames.contains(where: \.isKey),
            wall: reference?.wallMilliseconds)
    }

    /// What the fragment of this number says of its frames; nil when the file is no longer what it was.
    func shape<Trouble: Error>(
        _ index: Int, _ read: (_ offset: Int64, _ count: Int) throws(Trouble) -> [UInt8]
    ) throws(Trouble) -> FragmentShape? {
        let fragment = fragments[index]
        let bytes = try read(fragment.offset + Int64(fragment.prefixBytes), fragment.moofBytes)
        guard bytes.count == fragment.moofBytes else { return nil }
        // It was read before; when it cannot be any more, the caller is told just that.
        guard let shape = try? FragmentShape(moof: bytes[...]) else { return nil }
        guard shape.byteCount == fragment.mediaBytes, Span(shape.runs[0]) == fragment.lead else { return nil }
        return shape
    }
}

/// The first eight bytes of a box.
private struct BoxSize {
    var size: Int
    var type: String

    /// Nil when they are not all there.
    init?(_ bytes: [UInt8], at place: Int) {
        guard place + 8 <= bytes.count else { return nil }
        size = bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
        type = String(decoding: bytes[(place + 4)..<(place + 8)], as: UTF8.self)
    }
}

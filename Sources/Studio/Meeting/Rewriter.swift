// SPDX-License-Identifier: Apache-2.0
import RTP

/// Which numbers packets of many streams get in one stream that never breaks: sequence, timestamp, picture.
///
/// It remembers spans, not packets: within a span every packet's numbers differ from the incoming ones by the same
/// amounts. So a retransmission that is asked for, and a packet that comes late, find their numbers again.
struct Rewriter {
    /// The numbers of one packet.
    struct Placement {
        var out: Int64
        var timestamp: UInt32
        var pictureDelta: UInt16
        var baseDelta: UInt8
    }

    /// A run of packets of one incoming stream.
    struct Span {
        var ssrc: UInt32
        /// Incoming numbers, the first and the first that is not in it.
        var from: Int64
        var end: Int64
        /// Outgoing minus incoming.
        var delta: Int64
        var timestampDelta: UInt32
        /// For a replay: times before this one shrink by this many bits, so that what is old is shown at once.
        var anchor: UInt32 = 0
        var shift: UInt8 = 0
        var pictureDelta: UInt16
        var baseDelta: UInt8

        func place(_ sequence: Int64, _ timestamp: UInt32) -> Placement {
            let moved =
                shift == 0
                ? timestamp &+ timestampDelta : (anchor &+ timestampDelta) &- ((anchor &- timestamp) >> UInt32(shift))
            return Placement(
                out: sequence + delta, timestamp: moved, pictureDelta: pictureDelta, baseDelta: baseDelta)
        }
    }

    /// Dropping every second frame makes 15 spans a second; this many reach over the time a retransmission takes.
    private static let spanLimit = 64

    /// Five seconds of old pictures are shown in a sixth of one.
    static let replayShift: UInt8 = 5

    private var spans: ContiguousArray<Span> = []
    private var newest = -1
    /// The newest once more, beside the rest: nearly every packet wants this one alone.
    private var latest = Span(ssrc: 0, from: 0, end: 0, delta: 0, timestampDelta: 0, pictureDelta: 0, baseDelta: 0)
    private var isOpen = false
    /// The highest incoming number of the open stream, forwarded or dropped.
    private var lastIn: Int64 = -1
    /// Whether `lastIn` was dropped, and the frame it belonged to.
    private var droppedTimestamp: UInt32?
    /// Frames that were dropped since the last that went out.
    private var droppedFrames: UInt16 = 0
    private(set) var lastOut: Int64
    private(set) var lastTimestamp: UInt32 = 0
    private var lastPicture: UInt16 = 0
    private var lastBase: UInt8 = 0
    private(set) var hasBegun = false
    /// The first number behind what is replayed, and the time of its newest picture, which the others shrink towards.
    private var replay: (end: Int64, timestamp: UInt32)?

    /// The first packet gets this number. Below 2^15, so that an early loss cannot make the receiver's count of wraps
    /// wrong for ever (RFC 3711, 3.3.1).
    init(first: UInt16) { lastOut = Int64(first & 0x7FFF) - 1 }

    /// The timestamps' difference now; nil before the first packet.
    var timestampDelta: UInt32? { hasBegun ? latest.timestampDelta : nil }

    /// A stream begins with this packet, whose time shall be `timestamp`.
    mutating func begin(
        _ ssrc: UInt32, with parcel: Parcel, timestamp: UInt32,
        replayTo anchor: (sequence: Int64, timestamp: UInt32)? = nil
    ) {
        close(at: lastIn + 1)
        // `timestamp` is what the newest of a replay gets; the span behind it goes on in real time.
        let origin = anchor?.timestamp ?? parcel.packet.timestamp
        let span = Span(
            ssrc: ssrc, from: parcel.sequence, end: .max, delta: lastOut + 1 - parcel.sequence,
            timestampDelta: timestamp &- origin,
            pictureDelta: hasBegun ? lastPicture &+ 1 &- (parcel.pictureID ?? 0) : 0,
            baseDelta: hasBegun ? lastBase &+ 1 &- (parcel.baseIndex ?? 0) : 0)
        lastIn = parcel.sequence - 1
        droppedTimestamp = nil
        droppedFrames = 0
        replay = anchor.map { ($0.sequence + 1, $0.timestamp) }
        open(span)
        hasBegun = true
    }

    /// A span begins. What of it lies within a replay is a span of its own.
    private mutating func open(_ span: Span) {
        var span = span
        if let replay, span.from < replay.end {
            span.anchor = replay.timestamp
            span.shift = Rewriter.replayShift
            span.end = replay.end
            push(span)
            span.from = replay.end
            span.end = .max
            span.shift = 0
        }
        push(span)
        isOpen = true
    }

    private mutating func push(_ span: Span) {
        newest = (newest + 1) % Rewriter.spanLimit
        if newest < spans.count { spans[newest] = span } else { spans.append(span) }
        latest = span
    }

    private mutating func close(at end: Int64) {
        guard isOpen else { return }
        isOpen = false
        shorten(newest, to: end)
        // Within a replay it is the span before that ends here, and the one behind it never began.
        if latest.from > end { shorten((newest + Rewriter.spanLimit - 1) % Rewriter.spanLimit, to: end) }
    }

    private mutating func shorten(_ place: Int, to end: Int64) {
        if spans[place].end > end { spans[place].end = max(end, spans[place].from) }
        if place == newest { latest = spans[place] }
    }

    /// Whether this packet is the newest of the stream that is open.
    func isNew(_ sequence: Int64) -> Bool { sequence > lastIn }

    /// Where a packet of the open stream goes: the newest so far, or one that comes late. Nil when it has no place: it is
    /// older than the stream's beginning, or of a frame that was dropped.
    mutating func place(_ ssrc: UInt32, _ parcel: Parcel) -> Placement? {
        let sequence = parcel.sequence
        guard sequence > lastIn else {
            return find(ssrc, incoming: sequence)?.place(sequence, parcel.packet.timestamp)
        }
        if !isOpen { reopen(ssrc, parcel) }
        lastIn = sequence
        // Nearly always it goes on as it went.
        if sequence >= latest.from {
            guard sequence < latest.end, latest.ssrc == ssrc else { return nil }
            let placement = latest.place(sequence, parcel.packet.timestamp)
            note(placement, parcel)
            return placement
        }
        guard let placement = find(ssrc, incoming: sequence)?.place(sequence, parcel.packet.timestamp) else {
            return nil
        }
        note(placement, parcel)
        return placement
    }

    private mutating func note(_ placement: Placement, _ parcel: Parcel) {
        lastOut = max(lastOut, placement.out)
        lastTimestamp = placement.timestamp
        if let picture = parcel.pictureID { lastPicture = picture &+ placement.pictureDelta }
        if let base = parcel.baseIndex { lastBase = base &+ placement.baseDelta }
    }

    /// After dropped packets: what is missing between them and this one may be of a frame that is wanted, and keeps its
    /// numbers, unless it is of the dropped frame for certain.
    private mutating func reopen(_ ssrc: UInt32, _ parcel: Parcel) {
        let before = latest
        let from = lastIn + 1
        open(
            Span(
                ssrc: ssrc, from: from, end: .max, delta: lastOut + 1 - from, timestampDelta: before.timestampDelta,
                pictureDelta: before.pictureDelta &- droppedFrames, baseDelta: before.baseDelta))
        droppedFrames = 0
        droppedTimestamp = nil
    }

    /// This packet, the newest of its stream, is not sent; the numbers close behind it. `isFrame` when it belongs to a
    /// whole picture that is dropped, so that pictures are counted on.
    mutating func drop(_ parcel: Parcel, isFrame: Bool = true) {
        guard parcel.sequence > lastIn, hasBegun else { return }
        if isOpen {
            // What is missing before it keeps its numbers.
            lastOut = max(lastOut, latest.delta + parcel.sequence - 1)
            close(at: parcel.sequence)
        }
        if isFrame, droppedTimestamp != parcel.packet.timestamp { droppedFrames &+= 1 }
        droppedTimestamp = parcel.packet.timestamp
        lastIn = parcel.sequence
    }

    /// The span of an incoming number.
    private func find(_ ssrc: UInt32, incoming sequence: Int64) -> Span? {
        search { $0.ssrc == ssrc && $0.from <= sequence && sequence < $0.end }
    }

    /// The span of an outgoing number, when a receiver asks for it.
    func find(out: Int64) -> Span? {
        search { $0.from + $0.delta <= out && out < ($0.end == .max ? .max : $0.end + $0.delta) }
    }

    /// The newest that fits.
    private func search(_ fits: (Span) -> Bool) -> Span? {
        var index = newest
        for _ in 0..<spans.count {
            if fits(spans[index]) { return spans[index] }
            index = index == 0 ? spans.count - 1 : index - 1
        }
        return nil
    }

    /// What a receiver calls by 16 bits, without wraps.
    func unroll(_ number: UInt16) -> Int64 { lastOut + Int64(Int16(truncatingIfNeeded: Int64(number) - lastOut)) }

    /// Packets of our own go into the same numbering (padding where there is no stream for repairs).
    mutating func insert() -> Int64 {
        close(at: lastIn + 1)
        droppedTimestamp = nil
        lastOut += 1
        return lastOut
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Media
import RTP

/// Packets of one source become its frames on our clock, whichever of its encodings they are of: the best that comes,
/// and another where that one stops. One is changed for another at a key frame.
public struct TrackEar: Sendable {
    /// What comes out.
    public enum Output: Hashable, Sendable {
        case frame(CodedFrame)
        /// The picture cannot go on without a key frame, or a better one waits for it.
        case wantsKeyFrame
        /// So many packets never came.
        case missing(Int)
    }

    /// How long a missing packet is waited for: what is repaired at all is repaired in this time.
    public static let patienceMicroseconds: Int64 = 1_200_000
    /// An encoding that sends nothing for so long was switched off.
    private static let silenceMicroseconds: Int64 = 1_500_000
    private static let askPauseMicroseconds: Int64 = 500_000
    /// Encodings of one source that are listened to at once.
    private static let mostStreams = 8

    private struct Stream: Sendable {
        let number: UInt32
        var stretch: UInt32
        var place: Int
        var ear: StreamEar
        var heardAt: Tick
    }

    private var streams: [Stream] = []
    /// The stream whose frames are told.
    private var current: UInt32?
    private var lastMicroseconds: Int64?
    private var askedAt: Tick?
    private var outputs: [Output] = []
    private var handedOut = 0

    /// Nothing has come yet.
    public init() {}

    /// A packet of the source, with its header in clear.
    public mutating func take(_ tapped: TappedPacket, _ bytes: UnsafeRawBufferPointer, at now: Tick) {
        guard let packet = Packet(bytes) else { return }
        let index = place(tapped, at: now)
        streams[index].heardAt = now
        streams[index].place = tapped.place
        streams[index].ear.take(packet, bytes, tapped, at: now)
        work(now)
    }

    /// Time passes: what is missing is given up in time.
    public mutating func time(at now: Tick) { work(now) }

    /// What came of it; ask until it answers nil.
    public mutating func next() -> Output? {
        guard handedOut < outputs.count else {
            outputs.removeAll(keepingCapacity: true)
            handedOut = 0
            return nil
        }
        defer { handedOut += 1 }
        return outputs[handedOut]
    }

    private mutating func place(_ tapped: TappedPacket, at now: Tick) -> Int {
        if let index = streams.firstIndex(where: { $0.number == tapped.stream && $0.ear.format == tapped.format }) {
            if streams[index].stretch != tapped.stretch {
                (streams[index].stretch, streams[index].ear) = (tapped.stretch, StreamEar(tapped.format))
            }
            return index
        }
        if streams.count >= TrackEar.mostStreams,
            let oldest = streams.indices.min(by: { streams[$0].heardAt < streams[$1].heardAt })
        {
            streams.remove(at: oldest)
        }
        streams.append(
            Stream(
                number: tapped.stream, stretch: tapped.stretch, place: tapped.place, ear: StreamEar(tapped.format),
                heardAt: now))
        return streams.count - 1
    }

    private mutating func work(_ now: Tick) {
        for index in streams.indices {
            while let found = streams[index].ear.next(now) {
                switch found {
                case .frame(let frame): take(frame, of: streams[index], now)
                case .missing(let count):
                    if streams[index].number == current { outputs.append(.missing(count)) }
                }
            }
        }
        ask(now)
    }

    private mutating func take(_ frame: CodedFrame, of stream: Stream, _ now: Tick) {
        if stream.number != current {
            guard frame.isKey, isBetter(stream, now) else { return }
            current = stream.number
        }
        var frame = frame
        // Where another encoding begins, the two clocks may differ by a little.
        if let last = lastMicroseconds, frame.microseconds <= last { frame.microseconds = last + 1_000 }
        lastMicroseconds = frame.microseconds
        outputs.append(.frame(frame))
    }

    private func isBetter(_ stream: Stream, _ now: Tick) -> Bool {
        guard let other = streams.first(where: { $0.number == current }) else { return true }
        return stream.place > other.place || now - other.heardAt > TrackEar.silenceMicroseconds
    }

    private mutating func ask(_ now: Tick) {
        guard
            let best = streams.filter({ now - $0.heardAt <= TrackEar.silenceMicroseconds }).max(by: {
                $0.place < $1.place
            }), best.ear.format.isVideo, best.number != current || best.ear.isBroken
        else { return }
        if let asked = askedAt, now - asked < TrackEar.askPauseMicroseconds { return }
        askedAt = now
        outputs.append(.wantsKeyFrame)
    }
}

/// Packets of one stream become frames.
struct StreamEar: Sendable {
    enum Found: Hashable, Sendable {
        case frame(CodedFrame)
        case missing(Int)
    }

    let format: PayloadFormat
    private var queue = PacketQueue(patienceMicroseconds: TrackEar.patienceMicroseconds)
    private var builder: FrameBuilder
    private var clock: StreamClock
    private var report: TappedPacket.Report?
    private var clockOffset: Int64?
    private var ready: [FrameBuilder.Built] = []

    init(_ format: PayloadFormat) {
        self.format = format
        builder = FrameBuilder(format)
        clock = StreamClock(ticksPerSecond: Int64(format.clockRate))
    }

    /// Whether it cannot go on without a key frame.
    var isBroken: Bool { builder.isBroken }

    mutating func take(_ packet: Packet, _ bytes: UnsafeRawBufferPointer, _ tapped: TappedPacket, at now: Tick) {
        queue.take(
            PacketQueue.Kept(
                timestamp: packet.timestamp, isLast: packet.marker,
                payload: Array(UnsafeRawBufferPointer(rebasing: bytes[packet.payload])), at: now), packet.sequence)
        (report, clockOffset) = (tapped.report, tapped.clockOffset)
    }

    mutating func next(_ now: Tick) -> Found? {
        while ready.isEmpty {
            switch queue.next(now) {
            case nil: return nil
            case .gap(let count):
                builder.lose()
                return .missing(count)
            case .packet(let packet): ready = builder.take(packet)
            }
        }
        let built = ready.removeFirst()
        var frame = built.frame
        if let report { clock.report(report.microseconds, report.timestamp, beside: built.timestamp) }
        frame.microseconds = clock.microseconds(of: built.timestamp, at: built.at, beside: clockOffset.map { -$0 })
        return .frame(frame)
    }
}

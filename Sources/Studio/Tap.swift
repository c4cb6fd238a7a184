// SPDX-License-Identifier: Apache-2.0
import FMP4
public import Media
import RTP

/// What a connection's packets come to: frames on one clock, as a broadcast takes them from any other encoder. H.264
/// (RFC 6184) and Opus (RFC 7587) only: what everybody's player decodes.
///
/// Packets may come late and out of order; what is missing is waited for a little while. After a loss nothing of the
/// picture is told until one comes that decoding can begin with.
public struct Tap: Sendable {
    /// What comes out.
    public enum Output: Hashable, Sendable {
        case signal(Signal)
        /// The picture cannot go on without a key frame.
        case wantsKeyFrame
        /// So many packets never came.
        case missing(Int)
    }

    /// How long a missing packet is waited for.
    static let patienceMicroseconds: Int64 = 250_000
    /// How many packets may wait for it.
    static let mostWaiting = 1_024
    /// An access unit beyond this is nobody's picture.
    static let mostFrameBytes = 8 << 20

    private var picture = PacketQueue()
    private var sound = PacketQueue()
    private var pictureClock = StreamClock(ticksPerSecond: 90_000)
    private var soundClock = StreamClock(ticksPerSecond: 48_000)
    private var unit = AccessUnit()
    private var sets = ParameterSets.avc
    private var record: [UInt8]?
    private var isSoundKnown = false
    /// Waits for a key frame.
    private var isBroken = true
    private var askedAt: Tick?
    private var outputs: [Output] = []
    private var handedOut = 0

    /// Nothing has come yet.
    public init() {}

    /// A packet of the picture, or of sound, with its header in clear.
    public mutating func take(_ bytes: UnsafeRawBufferPointer, isVideo: Bool, at now: Tick) {
        guard let packet = Packet(bytes), !packet.payload.isEmpty else { return }
        let kept = PacketQueue.Kept(
            timestamp: packet.timestamp, isLast: packet.marker,
            payload: Array(UnsafeRawBufferPointer(rebasing: bytes[packet.payload])), at: now)
        if isVideo { picture.take(kept, packet.sequence) } else { sound.take(kept, packet.sequence) }
        work(now)
    }

    /// RTCP: sender reports tell how the clocks of picture and sound belong together (RFC 3550, 6.4.1).
    public mutating func takeReport(ntp: UInt64, timestamp: UInt32, isVideo: Bool) {
        let seconds = Int64(ntp >> 32)
        let microseconds = seconds * 1_000_000 + Int64((ntp & 0xFFFF_FFFF) * 1_000_000 >> 32)
        if isVideo {
            pictureClock.report(microseconds, timestamp)
        } else {
            soundClock.report(microseconds, timestamp)
        }
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

    // MARK: Inside

    private mutating func work(_ now: Tick) {
        while let found = sound.next(now) { hear(found) }
        while let found = picture.next(now) { see(found, now) }
        guard isBroken, record != nil || picture.hasBegun else { return }
        if let asked = askedAt, now - asked < 500_000 { return }
        askedAt = now
        outputs.append(.wantsKeyFrame)
    }

    private mutating func hear(_ found: PacketQueue.Found) {
        guard case .packet(let packet) = found else {
            if case .gap(let count) = found { outputs.append(.missing(count)) }
            return
        }
        if !isSoundKnown {
            isSoundKnown = true
            outputs.append(.signal(.configuration(TrackID(.audio), .opus, Tap.opusHead[...])))
        }
        let at = soundClock.microseconds(of: packet.timestamp, at: packet.at)
        outputs.append(
            .signal(.sample(Sample(track: TrackID(.audio), microseconds: at, isKey: true, bytes: packet.payload[...]))))
    }

    /// RFC 7845, 5.1: two channels, whatever is in them, at 48 kHz (RFC 7587, 7).
    private static let opusHead: [UInt8] =
        Array("OpusHead".utf8) + [1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]

    private mutating func see(_ found: PacketQueue.Found, _ now: Tick) {
        guard case .packet(let packet) = found else {
            if case .gap(let count) = found { outputs.append(.missing(count)) }
            (unit, isBroken) = (AccessUnit(), true)
            return
        }
        if unit.timestamp != packet.timestamp {
            finish()
            unit = AccessUnit(timestamp: packet.timestamp, at: packet.at)
        }
        if !unit.take(packet.payload[...]) || unit.byteCount > Tap.mostFrameBytes { unit.isBad = true }
        if packet.isLast {
            finish()
            unit = AccessUnit()
        }
    }

    private mutating func finish() {
        guard let timestamp = unit.timestamp, !unit.units.isEmpty else { return }
        guard !unit.isBad, !unit.isFragmentOpen else {
            isBroken = true
            return
        }
        for one in unit.units where sets.take(one[...]) { renew() }
        guard unit.hasPicture, record != nil else { return }
        if isBroken {
            guard unit.isKey else { return }
            isBroken = false
        }
        let others = soundClock.offset
        let at = pictureClock.microseconds(of: timestamp, at: unit.at, beside: others)
        outputs.append(
            .signal(
                .sample(Sample(track: TrackID(.video), microseconds: at, isKey: unit.isKey, bytes: unit.sample[...]))))
    }

    private mutating func renew() {
        // A set that cannot be read is as good as none: the next key frame brings another.
        guard let fresh = try? sets.record(), fresh != record else { return }
        record = fresh
        outputs.append(.signal(.configuration(TrackID(.video), .avc, fresh[...])))
    }
}

/// The NAL units of one picture, put together from packets (RFC 6184, 5.6 to 5.8).
struct AccessUnit: Sendable {
    var timestamp: UInt32?
    var at = Tick(microseconds: 0)
    var units: [[UInt8]] = []
    var byteCount = 0
    var isBad = false
    private(set) var isFragmentOpen = false

    init(timestamp: UInt32? = nil, at: Tick = Tick(microseconds: 0)) { (self.timestamp, self.at) = (timestamp, at) }

    /// False for what is no payload of H.264.
    mutating func take(_ payload: ArraySlice<UInt8>) -> Bool {
        guard let head = payload.first else { return false }
        switch head & 31 {
        case 1...23:
            add(payload)
            return true
        case 24: return aggregate(payload.dropFirst())
        case 28: return fragment(head, payload.dropFirst())
        default: return false
        }
    }

    private mutating func add(_ unit: ArraySlice<UInt8>) {
        units.append(Array(unit))
        byteCount += unit.count
    }

    /// STAP-A: units behind their lengths.
    private mutating func aggregate(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while rest.count > 2 {
            let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            guard length > 0, length <= rest.count else { return false }
            add(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return rest.isEmpty
    }

    /// FU-A: a unit in pieces.
    private mutating func fragment(_ head: UInt8, _ bytes: ArraySlice<UInt8>) -> Bool {
        guard let second = bytes.first else { return false }
        let body = bytes.dropFirst()
        if second & 0x80 != 0 {
            guard !isFragmentOpen else { return false }
            isFragmentOpen = true
            units.append([head & 0xE0 | second & 31])
        }
        guard isFragmentOpen else { return false }
        units[units.count - 1] += body
        byteCount += body.count
        if second & 0x40 != 0 { isFragmentOpen = false }
        return true
    }

    var hasPicture: Bool { units.contains { (1...5).contains(($0.first ?? 0) & 31) } }
    var isKey: Bool { units.contains { ($0.first ?? 0) & 31 == 5 } }

    /// As MP4 has it: each unit behind its length in four bytes; delimiters and parameter sets stand elsewhere.
    var sample: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount + 4 * units.count)
        for unit in units where ![7, 8, 9].contains((unit.first ?? 0) & 31) {
            for shift in [24, 16, 8, 0] as [UInt32] {
                bytes.append(UInt8(truncatingIfNeeded: UInt32(unit.count) >> shift))
            }
            bytes += unit
        }
        return bytes
    }
}

/// Packets of one stream, put in order.
struct PacketQueue: Sendable {
    struct Kept: Hashable, Sendable {
        let timestamp: UInt32
        let isLast: Bool
        let payload: [UInt8]
        let at: Tick
    }

    enum Found: Hashable, Sendable {
        case packet(Kept)
        case gap(Int)
    }

    /// How long a missing packet is waited for.
    private let patienceMicroseconds: Int64
    private var unroller = Unroller()
    private var waiting: [Int64: Kept] = [:]
    private var due: Int64?
    /// Since when the next one is missing.
    private var missingSince: Tick?

    init(patienceMicroseconds: Int64 = Tap.patienceMicroseconds) { self.patienceMicroseconds = patienceMicroseconds }

    var hasBegun: Bool { due != nil }

    mutating func take(_ packet: Kept, _ sequence: UInt16) {
        let number = unroller.unroll(sequence)
        if due == nil { due = number }
        guard let due, number >= due, waiting.count < Tap.mostWaiting else { return }
        waiting[number] = packet
    }

    /// The next packet in order, or how many are given up.
    mutating func next(_ now: Tick) -> Found? {
        guard let place = due, !waiting.isEmpty else { return nil }
        if let packet = waiting.removeValue(forKey: place) {
            (due, missingSince) = (place + 1, nil)
            return .packet(packet)
        }
        let since = missingSince ?? now
        missingSince = since
        guard now - since > patienceMicroseconds || waiting.count >= Tap.mostWaiting,
            let first = waiting.keys.min()
        else { return nil }
        (due, missingSince) = (first, nil)
        return .gap(Int(clamping: first - place))
    }
}

/// A stream's own clock, laid beside ours.
struct StreamClock: Sendable {
    /// Further apart the two clocks of one sender are not: then a report is wrong.
    private static let mostApart: Int64 = 2_000_000
    /// How much a picture's time is moved at once, in microseconds, where it stands wrong beside the sound.
    private static let step: Int64 = 2_000

    private let ticksPerSecond: Int64
    private var last: UInt32?
    private var ticks: Int64 = 0
    /// What is added to the stream's own microseconds: it begins when its first packet came.
    private var base: Int64?
    /// The sender's clock minus the stream's, from the last report.
    private var reported: Int64?

    init(ticksPerSecond: Int64) { self.ticksPerSecond = ticksPerSecond }

    /// The sender's clock minus ours, when it is known; the same for all streams that stand right beside each other.
    var offset: Int64? {
        guard let reported, let base else { return nil }
        return reported - base
    }

    private mutating func own(_ timestamp: UInt32) -> Int64 {
        if let last { ticks += Int64(Int32(bitPattern: timestamp &- last)) }
        last = timestamp
        return ticks * 1_000_000 / ticksPerSecond
    }

    /// The sender's clock was so when the stream's was; `first` is a stamp to count from before the first frame.
    mutating func report(_ microseconds: Int64, _ timestamp: UInt32, beside first: UInt32? = nil) {
        guard let last = last ?? first else { return }
        let at = ticks + Int64(Int32(bitPattern: timestamp &- last))
        reported = microseconds - at * 1_000_000 / ticksPerSecond
    }

    /// When a frame of this stamp is, on a clock that began when the first packet came. `other` is the offset of the
    /// stream that it shall stand beside; the first frame is put there at once, later ones are drawn near in small steps.
    mutating func microseconds(of timestamp: UInt32, at now: Tick, beside other: Int64? = nil) -> Int64 {
        let own = own(timestamp)
        let isFirst = self.base == nil
        var base = self.base ?? now.microseconds - own
        if let reported, let other {
            let wanted = reported - other
            if abs(wanted - base) < StreamClock.mostApart {
                let step = isFirst ? StreamClock.mostApart : StreamClock.step
                base += max(-step, min(step, wanted - base))
            }
        }
        self.base = base
        return own + base
    }
}

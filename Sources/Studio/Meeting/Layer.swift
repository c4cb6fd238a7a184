// SPDX-License-Identifier: Apache-2.0
import Media
import RTP

/// One incoming stream: a source's only encoding, or one of several (RFC 8853). Its packets lie in one ring for all.
final class Layer {
    let ssrc: UInt32
    /// The restriction identifier; empty without simulcast.
    let rid: String
    let format: PayloadFormat
    let payloadType: UInt8
    let extensions: ExtensionMap
    unowned let source: Feed
    let ring: Ring
    var numbers = Unroller()
    var missing = Missing()
    var reception = Reception()
    var rate = RateMeter()
    /// The slots that this stream goes to, or that wait for its key frame.
    var slots = Viewers()
    /// Who taps the source is told of no packet before this one; `.max` until the next new one comes, which is it.
    var toldFrom: Int64 = .min
    /// When a packet came last.
    var heardAt: Tick
    /// The picture's height, when the format shows it.
    var height: Int?
    /// The last sender report's time on the publisher's clock in microseconds, and on the stream's.
    var clock: (microseconds: Int64, timestamp: UInt32)?
    /// Where the last key frame begins, when it came, and the bytes since.
    var keyFrame: (first: Int64, at: Tick, bytes: Int)?
    /// The layers of a stream of AV1, as its last key frame told them.
    var structure: DependencyStructure?
    var throttle = KeyFrameThrottle()
    /// The highest temporal and spatial layer that was seen.
    var temporalCount: UInt8 = 1
    var spatialCount: UInt8 = 1
    /// The last rate while it was sent, for what it would cost again.
    var lastRate: Int64 = 0
    /// Rates of the spatial layers of one stream (SVC), each alone.
    var spatialRates: [RateMeter] = []

    init(
        ssrc: UInt32, rid: String, coding: PayloadFormat, payloadType: UInt8, extensions: ExtensionMap,
        of source: Feed,
        at now: Tick
    ) {
        self.ssrc = ssrc
        self.rid = rid
        format = coding
        self.payloadType = payloadType
        self.extensions = extensions
        self.source = source
        heardAt = now
        ring = coding.isVideo ? Ring(bytes: 1 << 21, packets: 2_048) : Ring(bytes: 1 << 16, packets: 256)
    }

    /// Whether it sends just now; a layer that the publisher switched off does not.
    func isLive(at now: Tick) -> Bool { now - heardAt < 1_500_000 }

    /// The packet of this number, read again.
    func parcel(_ sequence: Int64) -> Parcel? {
        guard let bytes = ring.packet(sequence), let packet = Packet(bytes) else { return nil }
        // What an old packet says of the stream's layers is known already, and may be out of date.
        var structure = structure
        return Parcel(
            bytes, packet, as: sequence, format: format, extensions: extensions, structure: &structure)
    }

    /// The newest number.
    var newest: Int64 { numbers.highest ?? 0 }

    /// Whether all packets since the last key frame are here, so that somebody can begin with them.
    func canReplay(at now: Tick, ageLimit: Int64, bytesLimit: Int) -> Bool {
        guard let key = keyFrame, now - key.at <= ageLimit, key.bytes <= bytesLimit, newest - key.first < 1_500 else {
            return false
        }
        return (key.first...newest).allSatisfy(ring.has)
    }

    /// A packet was read that may begin a key frame.
    func note(_ parcel: Parcel, at now: Tick) {
        guard format.isVideo else { return }
        if parcel.isKey {
            // A key frame's later packets, and a copy that comes late, begin nothing.
            let isNew = keyFrame.map { parcel.sequence > $0.first && !isSameFrame(parcel, as: $0.first) } ?? true
            if isNew {
                keyFrame = (parcel.sequence, now, 0)
                throttle.came(at: now)
                if let size = parcel.vp8?.size(in: parcel.payload) { height = min(size.width, size.height) }
            }
        }
        if parcel.bringsStructure, let told = structure {
            spatialCount = max(spatialCount, told.spatialCount)
            temporalCount = max(temporalCount, told.temporalCount)
            if let size = told.sizes.last { height = min(size.width, size.height) }
        } else if let size = parcel.vp9?.size {
            height = min(size.width, size.height)
        }
        keyFrame?.bytes += parcel.bytes.count
        if parcel.spatial > 0 || spatialCount > 1 {
            while spatialRates.count <= Int(min(parcel.spatial, 7)) { spatialRates.append(RateMeter()) }
            spatialRates[Int(min(parcel.spatial, 7))].note(parcel.bytes.count, at: now)
        }
        if parcel.temporal >= temporalCount { temporalCount = min(parcel.temporal, 7) + 1 }
        if parcel.spatial >= spatialCount { spatialCount = min(parcel.spatial, 7) + 1 }
    }

    private func isSameFrame(_ parcel: Parcel, as sequence: Int64) -> Bool {
        guard let bytes = ring.packet(sequence) else { return false }
        return bytes.word32(4) == parcel.packet.timestamp
    }
}

/// How much comes or goes, over the last second in steps of a hundred milliseconds.
struct RateMeter {
    private static let steps = 10
    private static let stepMicroseconds: Int64 = 100_000
    private var bytes: (Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64) = (
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    )
    private var step: Int64?
    private var first: Int64 = 0

    mutating func note(_ count: Int, at now: Tick) {
        advance(to: now)
        withUnsafeMutableBytes(of: &bytes) { raw in
            let all = raw.bindMemory(to: Int64.self)
            all[Int((step ?? 0) % Int64(RateMeter.steps))] += Int64(count)
        }
    }

    /// Bits in a second.
    mutating func bitsPerSecond(at now: Tick) -> Int64 {
        guard step != nil else { return 0 }
        advance(to: now)
        let sum = withUnsafeBytes(of: bytes) { $0.bindMemory(to: Int64.self).reduce(0, +) }
        let seen = min(Int64(RateMeter.steps), max(1, (step ?? 0) - first + 1))
        return sum * 8 * 10 / seen
    }

    private mutating func advance(to now: Tick) {
        let current = max(0, now.microseconds / RateMeter.stepMicroseconds)
        guard let last = step else {
            step = current
            first = current
            return
        }
        guard current > last else { return }
        withUnsafeMutableBytes(of: &bytes) { raw in
            let all = raw.bindMemory(to: Int64.self)
            for passed in (last + 1)...min(current, last + Int64(RateMeter.steps)) {
                all[Int(passed % Int64(RateMeter.steps))] = 0
            }
            // After a long silence everything is zero; the step may have skipped more.
            if current - last > Int64(RateMeter.steps) { for index in all.indices { all[index] = 0 } }
        }
        step = current
    }
}

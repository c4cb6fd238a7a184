// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP

/// One stream to a viewer, negotiated once. Sources come and go in it; to the viewer it is one stream that never breaks.
final class Slot {
    /// Its seat has it, and takes it off every list when it goes (`Meeting.leave`), so nobody looks whether it is there.
    unowned(unsafe) let seat: Seat
    let section: NegotiatedSection
    let mid: [UInt8]
    let ssrc: UInt32
    let repair: UInt32?
    let isVideo: Bool
    let extensions: ExtensionMap
    private let codings: [Coding?]

    /// What it shall show.
    var source: Feed?
    /// What goes out now.
    private(set) var current: Layer?
    /// What shall go out; its key frame is awaited when it is not `current`. Nil when it rests.
    private(set) var target: Layer?
    /// What went out last.
    private(set) var format: PayloadFormat?
    var temporalLimit: UInt8 = 7
    var spatialLimit: UInt8 = 7
    /// The spatial layer that goes out now, of a stream that has several.
    private var spatial: UInt8 = 7
    /// The temporal layer that goes out now.
    private var temporal: UInt8 = 7
    /// In memory of its own, as what changes of a seat is.
    private let numbers: UnsafeMutablePointer<Rewriter>
    var rewriter: Rewriter {
        _read { yield numbers.pointee }
        _modify { yield &numbers.pointee }
    }
    private var lastAt = Tick(microseconds: 0)
    var importance = Importance.rest
    var heightLimit = 1_080
    var reason = Reason.publisherSilent
    var packetCount: UInt32 = 0
    var byteCount: UInt32 = 0
    /// The viewer loses sound: the sound before goes with every packet.
    var sendsRedundant = false
    var hasBegun: Bool { rewriter.hasBegun }
    /// A report spoke of this stream: the receiver knows which section it belongs to.
    var isKnown = false
    var repairSequence: UInt16
    /// When each of the last packets was sent again, by its number.
    private var repaired: ContiguousArray<(out: Int64, at: Tick)> = []
    /// Since when a key frame is awaited.
    private(set) var awaitingSince: Tick?
    /// Since when it rests for want of room; what comes back too soon flickers.
    var restingSince: Tick?

    init(_ section: NegotiatedSection, of seat: Seat, first: UInt16) {
        self.seat = seat
        self.section = section
        mid = Array(section.mid.utf8.prefix(16))
        ssrc = section.ours.ssrc
        repair = section.ours.repair
        isVideo = section.isVideo
        extensions = section.extensions
        codings = PayloadFormat.allCases.map { format in section.codings.first { $0.format == format } }
        numbers = .allocate(capacity: 1)
        numbers.initialize(to: Rewriter(first: first))
        repairSequence = first &* 7 & 0x7FFF
    }

    deinit {
        numbers.deinitialize(count: 1)
        numbers.deallocate()
    }

    /// Where lies what changes with each packet.
    var memory: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: numbers, count: MemoryLayout<Rewriter>.size) }

    /// The numbers that stand for a format here.
    func coding(_ format: PayloadFormat) -> Coding? { codings[Int(format.rawValue)] }

    /// Another encoding shall go out, or none. It begins with the next key frame, and until then what went out goes on.
    func aim(at layer: Layer?, now: Tick, asking: Bool = true) {
        // What was awaited may have ended while something else still goes out.
        guard target !== layer || (layer == nil && current != nil) else { return }
        if let old = target, old !== current { old.slots.remove(self) }
        target = layer
        guard let layer else {
            current?.slots.remove(self)
            current = nil
            awaitingSince = nil
            return
        }
        guard layer !== current else {
            awaitingSince = nil
            return
        }
        layer.slots.append(self)
        awaitingSince = now
        if layer.format.isVideo, asking { layer.throttle.want() }
    }

    /// What went out has ended: its publisher left.
    func lose(_ layer: Layer) {
        if target === layer { target = nil }
        if current === layer { current = nil }
        layer.slots.remove(self)
        awaitingSince = nil
    }

    /// Begins with what the ring has since the last key frame; whoever joins sees something at once. What is to be sent
    /// is told packet by packet.
    func replay(_ layer: Layer, at now: Tick, _ send: (Parcel, Rewriter.Placement) -> Void) {
        guard target === layer, current !== layer, let key = layer.keyFrame, let first = layer.parcel(key.first),
            let last = layer.ring.packet(layer.newest)
        else { return }
        let anchor = last.word32(4)
        // The first of the old pictures, too, is later than what was shown before.
        let spread = (anchor &- first.packet.timestamp) >> UInt32(Rewriter.replayShift)
        var newest = timestamp(for: anchor, of: layer, at: now)
        if rewriter.hasBegun, Int32(bitPattern: newest &- spread &- rewriter.lastTimestamp) <= 0 {
            newest = rewriter.lastTimestamp &+ spread &+ layer.format.clockRate / 1_000
        }
        start(
            layer, with: first, timestamp: newest,
            replayTo: (layer.newest, anchor), at: now)
        for sequence in key.first...layer.newest {
            guard let parcel = layer.parcel(sequence) else { continue }
            if let placement = place(parcel, of: layer, at: now) { send(parcel, placement) }
        }
    }

    private func start(
        _ layer: Layer, with parcel: Parcel, timestamp: UInt32, replayTo anchor: (Int64, UInt32)? = nil, at now: Tick
    ) {
        if let old = current, old !== layer { old.slots.remove(self) }
        rewriter.begin(layer.ssrc, with: parcel, timestamp: timestamp, replayTo: anchor)
        current = layer
        format = layer.format
        awaitingSince = nil
        temporal = temporalLimit
        spatial = spatialLimit
    }

    /// A packet of a stream that goes here came. What numbers it goes out with; nil when it does not.
    func take(_ parcel: Parcel, of layer: Layer, at now: Tick) -> Rewriter.Placement? {
        if current !== layer {
            guard target === layer, parcel.isKey, parcel.isNewest else { return nil }
            let timestamp = timestamp(for: parcel.packet.timestamp, of: layer, at: now)
            start(layer, with: parcel, timestamp: timestamp, at: now)
        }
        return place(parcel, of: layer, at: now)
    }

    private func place(_ parcel: Parcel, of layer: Layer, at now: Tick) -> Rewriter.Placement? {
        // Padding carries nothing; the numbers close behind it (a publisher probes with it).
        if parcel.packet.payload.isEmpty {
            rewriter.drop(parcel, isFrame: false)
            return nil
        }
        if isVideo, rewriter.isNew(parcel.sequence) {
            if isSkipped(parcel, spatialLayers: layer.spatialCount) { return nil }
            lastAt = now
        } else if !isVideo {
            lastAt = now
        }
        return rewriter.place(layer.ssrc, parcel)
    }

    /// Whether a layer of the picture that nobody here wants is left out. Down at once, up only where it may be.
    private func isSkipped(_ parcel: Parcel, spatialLayers: UInt8) -> Bool {
        if spatialLayers > 1 {
            // Down where a picture begins; up at a key picture only.
            if parcel.isFrameStart, parcel.spatial == 0, spatialLimit < spatial || parcel.isKey {
                spatial = spatialLimit
            }
            if parcel.spatial > spatial {
                rewriter.drop(parcel, isFrame: false)
                return true
            }
        }
        if temporalLimit < temporal { temporal = temporalLimit }
        if temporalLimit > temporal, parcel.isFrameStart {
            if parcel.isKey {
                temporal = temporalLimit
            } else if parcel.isLayerSync, parcel.temporal > temporal, parcel.temporal <= temporalLimit {
                temporal = parcel.temporal
            }
        }
        if parcel.temporal > temporal {
            rewriter.drop(parcel)
            return true
        }
        return false
    }

    /// Whether a key frame would let more spatial layers through.
    var wantsKeyFrame: Bool {
        let top = (current?.spatialCount ?? 1) - 1
        return min(spatialLimit, top) > min(spatial, top)
    }

    /// Whether a packet of this spatial layer ends the picture for this viewer, who gets no higher one.
    func isPictureEnd(_ parcel: Parcel) -> Bool {
        parcel.packet.marker || (parcel.endsLayerFrame && parcel.spatial == spatial)
    }

    // MARK: Time

    /// The time that a packet of a stream gets which begins now: in step with what went before, by both streams' reports
    /// where they are of one source, else by when they came.
    private func timestamp(for incoming: UInt32, of layer: Layer, at now: Tick) -> UInt32 {
        guard rewriter.hasBegun else { return incoming }
        let rate = Int64(layer.format.clockRate)
        let last = rewriter.lastTimestamp
        let elapsed = min(max(now - lastAt, 1_000), 3_600_000_000)
        let byArrival = last &+ UInt32(truncatingIfNeeded: elapsed * rate / 1_000_000)
        var chosen = byArrival
        if let old = current, old.source === layer.source, let from = old.clock, let to = layer.clock,
            let delta = rewriter.timestampDelta
        {
            let ticks = Int64(Int32(bitPattern: incoming &- to.timestamp))
            let moment = to.microseconds + ticks * 1_000_000 / rate
            let onOld = from.timestamp &+ UInt32(truncatingIfNeeded: Slot.ticks(moment - from.microseconds, rate))
            let byReports = onOld &+ delta
            if abs(Int64(Int32(bitPattern: byReports &- byArrival))) < rate / 2 { chosen = byReports }
        }
        // Never backwards, and never the same time for two pictures.
        return Int32(bitPattern: chosen &- last) > 0 ? chosen : last &+ UInt32(rate / 1_000)
    }

    /// Ticks of so many microseconds. A publisher's clock may say anything: more than an hour is as good as an hour.
    private static func ticks(_ microseconds: Int64, _ rate: Int64) -> Int64 {
        min(max(microseconds, -3_600_000_000), 3_600_000_000) * rate / 1_000_000
    }

    /// The time on this stream's clock of a moment on the publisher's; nil until its report came.
    func timestamp(atPublisher microseconds: Int64) -> UInt32? {
        guard let layer = current, let clock = layer.clock, let delta = rewriter.timestampDelta else { return nil }
        let ticks = Slot.ticks(microseconds - clock.microseconds, Int64(layer.format.clockRate))
        return clock.timestamp &+ UInt32(truncatingIfNeeded: ticks) &+ delta
    }

    // MARK: Repair

    /// Whether a packet may be sent again: once in a round trip.
    func mayRepair(_ out: Int64, at now: Tick, roundTrip: Int64) -> Bool {
        if repaired.isEmpty { repaired = ContiguousArray(repeating: (-1, now), count: 64) }
        let place = Int(out & 63)
        if repaired[place].out == out, now - repaired[place].at < roundTrip { return false }
        repaired[place] = (out, now)
        return true
    }
}

// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP

/// One connection of a meeting, from the packets' side: what it publishes, and what it gets.
final class Seat {
    /// Where packets of an incoming stream belong.
    struct Route {
        var ssrc: UInt32
        /// The stream itself, or the one that it repairs.
        var layer: Layer
        var isRepair: Bool
    }

    let id: SeatID
    let line: UInt32
    let negotiated: Negotiated
    /// Its keys are there; before, nothing is sent.
    var isOpen = false

    /// Whose connection it is; nil when nobody said.
    var party: UInt32?
    /// With whom it is.
    var group: UInt32 = 0

    // What it publishes.
    var sources: [Feed] = []
    var routes: ContiguousArray<Route> = []
    /// Its transport's number in packets that come (0 for none), and what came.
    let incomingTransport: UInt8
    var arrivals = TransportArrivals()
    var feedbackAt: Tick?
    var reportedAt: Tick?
    var incomingRate = RateMeter()
    /// Microseconds of our clock minus those of the publisher's, the least that was seen.
    var clockOffset: Int64?
    var refused: Int64 = 0

    // What it gets.
    var slots: [Slot] = []
    let outgoingTransport: UInt8
    /// What changes with each packet, in memory of its own: a class's variables are guarded at each access, which costs as
    /// much as all else that is done for a packet.
    private let way: UnsafeMutablePointer<Way>
    var pacer: Pacer {
        _read { yield way.pointee.pacer }
        _modify { yield &way.pointee.pacer }
    }
    /// Where that is.
    var memory: UnsafePointer<Way> { UnsafePointer(way) }
    /// Whether something waits for its way; asked after every packet.
    var isWaiting: Bool { !way.pointee.pacer.isEmpty }
    var estimator: Estimator {
        _read { yield way.pointee.estimator }
        _modify { yield &way.pointee.estimator }
    }
    var book: SentBook {
        _read { yield way.pointee.book }
        _modify { yield &way.pointee.book }
    }
    var outgoingRate: RateMeter {
        _read { yield way.pointee.rate }
        _modify { yield &way.pointee.rate }
    }
    /// Bytes that were sent to it, all in all.
    var sentBytes: Int64 {
        _read { yield way.pointee.sentBytes }
        _modify { yield &way.pointee.sentBytes }
    }

    var repairRate = RateMeter()
    var wishes: [Wish]?
    var allocatedAt: Tick?
    var isDirty = true
    var told: [SlotState] = []
    /// The probe under way, and when its last part went.
    var probing: (cluster: Int32, at: Tick, sent: Int64)?
    var repairs: Int64 = 0
    var unrepaired: Int64 = 0
    /// What everything that is wished for would take, in bits in a second.
    var wanted: Int64 = 0
    /// What everything takes that is let through to it, in bits in a second.
    var chosen: Int64 = 0
    /// Everything is as large as it is wanted, and the way carries more.
    var isContent = false

    init(_ id: SeatID, _ negotiated: Negotiated, line: UInt32, estimate: Int64) {
        self.id = id
        self.line = line
        self.negotiated = negotiated
        way = .allocate(capacity: 1)
        way.initialize(to: Way(estimator: Estimator(start: estimate)))
        let first = { (test: (NegotiatedSection) -> Bool) in
            negotiated.sections.first { test($0) && $0.hasTransportFeedback }?.extensions[.transportSequence] ?? 0
        }
        incomingTransport = first { $0.direction.receives }
        outgoingTransport = first { $0.direction.sends }
    }

    deinit {
        way.deinitialize(count: 1)
        way.deallocate()
    }

    /// An SSRC of our own that its reports come from.
    var reporter: UInt32 { slots.first?.ssrc ?? 1 }

    /// How its line is.
    func figures(at now: Tick) -> SeatFigures {
        var figures = SeatFigures()
        figures.estimate = estimator.target
        figures.sending = outgoingRate.bitsPerSecond(at: now)
        figures.receiving = incomingRate.bitsPerSecond(at: now)
        figures.roundTrip = estimator.hasRoundTrip ? estimator.roundTrip : nil
        figures.lossPerMille = estimator.lossPerMille
        figures.repairs = repairs
        figures.unrepaired = unrepaired
        figures.refused = refused
        return figures
    }

    /// Whether a source is for it at all: another party's, of its own group.
    func mayHave(_ source: Feed) -> Bool {
        source.seat !== self && source.seat.group == group && (party == nil || source.seat.party != party)
    }

    // MARK: Sending

    /// A packet of a slot goes out: now, or when the way has room for it. Sound never waits.
    func send(
        _ parcel: Parcel, _ placement: Rewriter.Placement, in slot: Slot, of layer: Layer, isRepair: Bool,
        to outbox: Outbox, at now: Tick
    ) {
        guard slot.isVideo, !pacer.mayGo(at: now) else {
            return write(parcel, placement, in: slot, of: layer, isRepair: isRepair, to: outbox, at: now)
        }
        let waiting = Pacer.Waiting(
            slot: slot, layer: layer, sequence: parcel.sequence, placement: placement,
            bytes: Int32(truncatingIfNeeded: parcel.bytes.count), isRepair: isRepair, since: now)
        // What finds no room is lost, and is asked for again.
        _ = pacer.wait(waiting)
    }

    /// What waits and may go now.
    func pace(to outbox: Outbox, at now: Tick) {
        while let waiting = pacer.due(at: now) {
            guard let parcel = waiting.layer.parcel(waiting.sequence) else { continue }
            write(
                parcel, waiting.placement, in: waiting.slot, of: waiting.layer, isRepair: waiting.isRepair, to: outbox,
                at: now)
        }
    }

    private func write(
        _ parcel: Parcel, _ placement: Rewriter.Placement, in slot: Slot, of layer: Layer, isRepair: Bool,
        to outbox: Outbox, at now: Tick
    ) {
        let length = slot.write(
            parcel, placement, of: layer, isRepair: isRepair, into: outbox.room(), for: self, at: now)
        guard length > 0 else { return }
        account(length, at: now)
        outbox.post(length, to: line)
    }

    /// The transport's number for a packet of this length.
    func number(_ length: Int, at now: Tick) -> UInt16 {
        let cluster = estimator.probeCluster
        if cluster > 0 { _ = estimator.probeSent(bytes: length, at: now) }
        return book.note(bytes: length, cluster: cluster, at: now)
    }

    func account(_ length: Int, at now: Tick) {
        pacer.spend(length)
        sentBytes += Int64(length)
        outgoingRate.note(length, at: now)
    }

    /// Sends padding, so that a probe has its bytes; how many there were.
    func pad(_ bytes: Int64, to outbox: Outbox, at now: Tick) -> Int64 {
        guard let slot = slots.first(where: { $0.isVideo && $0.repair != nil && $0.hasBegun }) else { return 0 }
        var sent: Int64 = 0
        while sent < bytes {
            let length = slot.writePadding(255, into: outbox.room(), for: self, at: now)
            guard length > 0 else { break }
            account(length, at: now)
            outbox.post(length, to: line)
            sent += Int64(length)
        }
        return sent
    }
}

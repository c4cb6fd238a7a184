// SPDX-License-Identifier: Apache-2.0
public import Media
import RTP
public import SDP

/// One meeting while it is live: what publishers send goes to the viewers that want it, and nothing is decoded.
///
/// It lives on one media thread and is not Sendable. It is told what came and when, and answers with packets in the
/// `Outbox` and with news; no socket, no clock, no cipher. README.md beside this file says how a turn goes.
public final class Meeting {
    /// What a meeting may cost.
    public struct Settings: Sendable {
        /// Connections at once.
        public var seatLimit = 1_000
        /// What is believed of a viewer's way before anything is known, in bits in a second.
        public var startEstimate: Int64 = 500_000
        /// Voices that are heard at once, the loudest; slots may be fewer.
        public var voiceLimit = 8
        /// Old pictures that a new viewer may begin with instead of a new key frame.
        public var replayMilliseconds: Int64 = 5_000
        /// And how much of them, in bytes.
        public var replayBytes = 1_000_000

        /// As usual.
        public init() {}
    }

    /// What to do next.
    public enum Output: Hashable, Sendable {
        case tell(MeetingNews)
        /// Nothing more now; come back at this instant, or when something came.
        case wake(at: Tick)
    }

    let settings: Settings
    let outbox: Outbox
    var seats: [Seat?] = []
    /// Seats that are there, in the order in which they came.
    var present: ContiguousArray<Seat> = []
    var sources: [Feed] = []
    var nextSource: UInt32 = 1
    var seed: UInt64
    var now = Tick(microseconds: 0)
    var speaker = SpeakerWatch()
    /// Who speaks in the groups other than 0.
    var groupSpeakers: [UInt32: SpeakerWatch] = [:]
    var lastN: Int?
    var outputs: [Output] = []
    private var handedOut = 0
    var askedList: [UInt16] = []
    var blocks: [ReportBlock] = []
    /// Packets of one stream that came in this turn and were not sent on yet.
    var run: ContiguousArray<Parcel> = []
    var runLayer: Layer?
    /// Some seat's allocation is out of date.
    var hasDirty = false
    private(set) var tickedAt: Tick?
    var secondAt: Tick?
    private var watchedAt: Tick?
    /// Something waits to be paced or asked for: the next tick comes soon.
    var isBusy = false
    /// Hears every packet of the sources that are tapped, in the order in which they come; what was lost comes when it was
    /// repaired.
    public var onTap: ((TappedPacket, UnsafeRawBufferPointer) -> Void)?

    /// A meeting that sends into this outbox. `seed` chooses what must not be guessed: first numbers.
    public init(_ settings: Settings = Settings(), outbox: Outbox, seed: UInt64) {
        self.settings = settings
        self.outbox = outbox
        self.seed = seed
    }

    /// Connections that are there.
    public var seatCount: Int { present.count }

    /// A connection was agreed on. `line` is the owner's number of it and comes back in every letter. Nil when the meeting
    /// has no seat left.
    public func seat(_ negotiated: Negotiated, line: UInt32, at now: Tick) -> SeatID? {
        advance(now)
        guard present.count < settings.seatLimit else { return nil }
        let id = SeatID(UInt32(seats.count))
        let seat = Seat(id, negotiated, line: line, estimate: settings.startEstimate)
        for section in negotiated.sections where !section.isRefused {
            if section.direction.receives {
                let source = Feed(SourceID(nextSource), of: seat, section: section)
                nextSource += 1
                seat.sources.append(source)
                sources.append(source)
            }
            if section.direction.sends {
                seat.slots.append(Slot(section, of: seat, first: UInt16(truncatingIfNeeded: roll())))
            }
        }
        seats.append(seat)
        present.append(seat)
        return id
    }

    /// Its keys are there: from now on packets are sent to it.
    public func opened(_ id: SeatID, at now: Tick) {
        advance(now)
        guard let seat = find(id), !seat.isOpen else { return }
        forwardRun()
        seat.isOpen = true
        seat.isDirty = true
        allocate(seat)
    }

    /// The connection ended.
    public func leave(_ id: SeatID, at now: Tick) {
        advance(now)
        guard let seat = find(id) else { return }
        forwardRun()
        for source in seat.sources { end(source) }
        for slot in seat.slots {
            slot.aim(at: nil, now: now)
            slot.source?.slots.removeAll { $0 === slot }
        }
        seats[Int(id.number)] = nil
        present.removeAll { $0 === seat }
        reconsider()
    }

    private func end(_ source: Feed) {
        for layer in source.layers { for slot in layer.slots.all { slot.lose(layer) } }
        for slot in source.slots {
            slot.source = nil
            slot.seat.pacer.forget(slot)
        }
        source.slots.removeAll()
        sources.removeAll { $0 === source }
        fallSilent(source)
        if source.isTold { outputs.append(.tell(.ended(source.id))) }
    }

    /// How a seat's line is; nil when it is gone.
    public func figures(of id: SeatID) -> SeatFigures? { find(id)?.figures(at: now) }

    /// What everybody publishes that has begun, in the order in which it came.
    public var publishing: [SourceFacts] { sources.filter(\.isTold).compactMap(facts) }

    /// What a seat may publish, in the order of its sections, begun or not.
    public func sources(of id: SeatID) -> [(mid: String, isVideo: Bool, source: SourceID)] {
        find(id)?.sources.map { ($0.section.mid, $0.section.isVideo, $0.id) } ?? []
    }

    /// What a seat's slots show.
    public func slots(of id: SeatID) -> [SlotState] { find(id).map(states) ?? [] }

    /// The instant of the last `.wake` has come.
    public func time(at now: Tick) {
        advance(now)
        forwardRun()
        tick()
    }

    /// What to do next; ask until it answers `.wake`.
    public func next() -> Output {
        if handedOut == outputs.count { settle() }
        if handedOut < outputs.count {
            defer { handedOut += 1 }
            return outputs[handedOut]
        }
        outputs.removeAll(keepingCapacity: true)
        handedOut = 0
        // In five milliseconds while something waits its turn, else twenty times a second.
        return .wake(at: now.later(byMilliseconds: isBusy ? 5 : present.isEmpty ? 1_000 : 50))
    }

    // MARK: Time

    func advance(_ now: Tick) { if now > self.now { self.now = now } }

    /// After each batch and each tick: what has become due is sent, who needs another allocation gets it.
    private func settle() {
        forwardRun()
        let pause: Int64 = isBusy ? 5_000 : 25_000
        if tickedAt.map({ now - $0 >= pause }) ?? true { tick() }
        guard hasDirty else { return }
        hasDirty = false
        for seat in present where seat.isDirty && seat.isOpen { allocate(seat) }
        if sources.contains(where: { $0.layers.contains { $0.throttle.isWanted } }) { isBusy = true }
    }

    /// Everybody may get something else.
    func reconsider() {
        for seat in present { seat.isDirty = true }
        hasDirty = true
    }

    private func tick() {
        tickedAt = now
        isBusy = false
        for seat in present where seat.isOpen {
            if seat.isWaiting { seat.pace(to: outbox, at: now) }
            tell(publisher: seat)
            if !seat.isContent || seat.estimator.probeCluster > 0 { probe(seat) }
            if seat.isWaiting || seat.estimator.probe != nil { isBusy = true }
            // Who has all that is wanted, and room for more, is looked at less often.
            let pause: Int64 = seat.isContent ? 1_000_000 : 200_000
            if seat.allocatedAt.map({ now - $0 >= pause }) ?? true { seat.isDirty = true }
            if seat.isDirty { hasDirty = true }
        }
        watchSpeakers()
        watchEncodings()
        if secondAt.map({ now - $0 >= 1_000_000 }) ?? true {
            secondAt = now
            everySecond()
        }
    }

    /// Who watches a source gets something else as soon as one of its encodings begins or stops.
    private func watchEncodings() {
        guard watchedAt.map({ now - $0 >= 100_000 }) ?? true else { return }
        watchedAt = now
        for source in sources {
            var live: UInt64 = 0
            for layer in source.layers.prefix(64) { live = live << 1 | (layer.isLive(at: now) ? 1 : 0) }
            guard live != source.live else { continue }
            source.live = live
            for slot in source.slots { slot.seat.isDirty = true }
            hasDirty = true
        }
    }

    // MARK: Finding

    func find(_ id: SeatID) -> Seat? {
        let index = Int(id.number)
        return index < seats.count ? seats[index] : nil
    }

    func find(_ id: SourceID) -> Feed? { sources.first { $0.id == id } }

    func facts(_ source: Feed) -> SourceFacts? {
        source.format.map {
            SourceFacts(
                source: source.id, seat: source.seat.id, mid: source.section.mid, format: $0,
                name: source.section.streamName, group: source.seat.group, isMuted: source.isMuted)
        }
    }

    /// SplitMix64, from the seed.
    func roll() -> UInt64 {
        seed &+= 0x9E37_79B9_7F4A_7C15
        var mixed = seed
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

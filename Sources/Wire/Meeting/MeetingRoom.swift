// SPDX-License-Identifier: Apache-2.0
import Media
import SDP
import Studio

/// One meeting with its engine: who sits in it, and when it must be asked again. Lives on its port's loop.
final class MeetingRoom: Callee {
    private(set) var plan: MeetingPlan
    let meeting: Meeting
    private unowned let port: MeetingPort
    private var seats: [UInt32: SeatID] = [:]
    /// A meeting that is recorded or on air at once, and that everybody has left, is over after so long.
    private static let emptyMilliseconds: Int64 = 10_000
    private var alarm: (alarm: Alarm, due: Tick)?
    private var due: Tick?
    /// What is told beside the engine's own affairs: the room's people hear it.
    var onNews: (MeetingNews) -> Void = { _ in }
    /// A connection is gone.
    var onLeft: (SeatID) -> Void = { _ in }
    /// Whose sources are, as far as somebody has said it.
    private var owners: [SourceID: TrackOwner] = [:]
    /// Whoever hears sources in the house: the recording, the way on air.
    private var tappers: [any Tapper] = []
    /// What is being recorded.
    private(set) var tape: MeetingTape?
    /// What goes on air.
    private var air: MeetingAir?
    /// How it is on air.
    private(set) var condition = AirEncoder.Condition()
    /// How it is on air has changed.
    var onAir: (AirEncoder.Condition) -> Void = { _ in }
    /// The recording began, ended, or could not.
    var onTape: (MeetingTape?) -> Void = { _ in }

    init(_ plan: MeetingPlan, _ port: MeetingPort) {
        (self.plan, self.port) = (plan, port)
        var random = SystemRandomNumberGenerator()
        meeting = Meeting(outbox: port.outbox, seed: random.next())
    }

    func put(_ plan: MeetingPlan) { self.plan = plan }

    /// Whether nobody is there but who listens in the house.
    private var isEmpty: Bool { seats.keys.allSatisfy { port.peers[Int($0)] == nil } }

    /// How many connections there are.
    var count: Int { seats.count }

    /// A connection was agreed on. Nil when there is no seat left.
    func seat(_ negotiated: Negotiated, line: UInt32, at now: Tick) -> SeatID? {
        guard let seat = meeting.seat(negotiated, line: line, at: now) else { return nil }
        seats[line] = seat
        return seat
    }

    /// A line that is no connection: what is sent to it stays in the house.
    func unseat(line: UInt32, at now: Tick) {
        guard let seat = seats.removeValue(forKey: line) else { return }
        meeting.leave(seat, at: now)
    }

    /// What people want.
    func take(_ orders: [MeetingOrder]) {
        let now = Clock.tick()
        for order in orders { meeting.take(order, at: now) }
        // Who went into a group, or switched something off, is off the air with the same turn.
        if orders.contains(where: \.changesWhatIsShown) { air?.renew(at: now) }
        settle(at: now)
        port.outbox.flush()
    }

    func take(_ order: MeetingOrder) { take([order]) }

    // MARK: In the house

    /// Whose a source is, when somebody knows.
    func whose(_ facts: SourceFacts) -> TrackOwner? { owners[facts.source] }

    /// Whose a source is has become known.
    func own(_ source: SourceID, _ owner: TrackOwner) {
        guard owners[source] != owner else { return }
        owners[source] = owner
        tape?.own(source, owner)
        air?.renew(at: Clock.tick())
    }

    /// Hears the sources that it asks the engine to tap.
    func add(_ tapper: any Tapper) {
        tappers.append(tapper)
        listen()
    }

    func remove(_ tapper: any Tapper) {
        tappers.removeAll { $0 === tapper }
        listen()
    }

    private func listen() {
        guard !tappers.isEmpty else { return meeting.onTap = nil }
        meeting.onTap = { [unowned self] tapped, bytes in
            let now = Clock.tick()
            for tapper in tappers { tapper.take(tapped, bytes, at: now) }
        }
    }

    /// Records from now on, or no longer. Answers whether it is being recorded.
    @discardableResult
    func record(_ isOn: Bool) -> Bool {
        guard isOn != (tape != nil) else { return isOn }
        let now = Clock.tick()
        if let tape {
            self.tape = nil
            remove(tape)
            port.shelf?.end(tape, of: plan, at: now)
        } else if let reel = port.shelf?.begin(plan) {
            let tape = MeetingTape(reel.reel, of: self, wall: reel.startedAt, at: now)
            self.tape = tape
            add(tape)
        }
        onTape(tape)
        return tape != nil
    }

    /// What the plan has begin with the first picture or sound.
    private func beginAtOnce() {
        if plan.recordsAtOnce { record(true) }
        if let layout = plan.airsAtOnce, condition.layout == nil { air(layout) }
    }

    /// Goes on air in its broadcast, laid out like this; nil takes it off. `preferred` is shown alone, or largest.
    func air(_ layout: FilmLayout?, preferring preferred: SourceID? = nil) {
        if layout != nil { condition.layout = layout }
        port.putOnAir(plan, layout, preferred)
    }

    /// How it is on air, as it is told.
    func note(_ condition: AirEncoder.Condition) {
        self.condition = condition
        onAir(condition)
    }

    /// The broadcast has let it in.
    func beginAir(
        _ layout: FilmLayout, preferring preferred: SourceID?,
        hear: @escaping @Sendable ([MeetingAir.Heard]) -> Void
    ) {
        endAir()
        let air = MeetingAir(layout, preferring: preferred, of: self, port, at: Clock.tick(), hear: hear)
        self.air = air
        add(air)
    }

    func endAir() {
        guard let air else { return }
        self.air = nil
        remove(air)
        air.end(at: Clock.tick())
    }

    /// The recording that is going on has grown.
    func note(_ tape: MeetingTape, at now: Tick) { port.shelf?.note(tape, of: plan.name, at: now) }

    /// It is over for everybody.
    func close() {
        record(false)
        air(nil)
        endAir()
        for line in Array(seats.keys) { if let peer = port.peers[Int(line)] { port.leave(peer) } }
        alarm?.alarm.cancel()
        alarm = nil
    }

    // MARK: Callee

    func opened(_ peer: Peer, at now: Tick) {
        if let seat = seats[peer.number] { meeting.opened(seat, at: now) }
    }

    func receive(_ packet: UnsafeMutableRawBufferPointer, from peer: Peer, at now: Tick) {
        if let seat = peer.seat { meeting.receive(packet, from: seat, at: now) }
    }

    func receiveControl(_ packet: UnsafeRawBufferPointer, from peer: Peer, at now: Tick) {
        if let seat = peer.seat { meeting.receiveControl(packet, from: seat, at: now) }
    }

    func left(_ peer: Peer, at now: Tick) {
        guard let seat = seats.removeValue(forKey: peer.number) else { return }
        meeting.leave(seat, at: now)
        onLeft(seat)
        guard isEmpty, plan.recordsAtOnce || plan.airsAtOnce != nil else { return }
        port.loop.after(MeetingRoom.emptyMilliseconds) { [weak self] in
            guard let self, isEmpty else { return }
            if plan.recordsAtOnce { record(false) }
            if plan.airsAtOnce != nil { air(nil) }
        }
    }

    func settle(at now: Tick) {
        if let due, due <= now { meeting.time(at: now) }
        for tapper in tappers { tapper.settle(at: now) }
        while true {
            switch meeting.next() {
            case .tell(let news):
                for tapper in tappers { tapper.learn(news) }
                if case .began = news { beginAtOnce() }
                if case .ended(let source) = news { owners[source] = nil }
                onNews(news)
            case .wake(let at): return wake(at, now)
            }
        }
    }

    private func wake(_ at: Tick, _ now: Tick) {
        due = at
        // It may ring early, never late: the engine says when next.
        if let alarm, alarm.due <= at { return }
        alarm?.alarm.cancel()
        let ring = port.loop.after(max(0, (at - now + 999) / 1_000)) { [weak self] in
            guard let self else { return }
            alarm = nil
            settle(at: Clock.tick())
            port.outbox.flush()
        }
        alarm = (ring, at)
    }
}

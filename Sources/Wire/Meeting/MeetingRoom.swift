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
    private var alarm: (alarm: Alarm, due: Tick)?
    private var due: Tick?
    /// What is told beside the engine's own affairs: the room's people hear it.
    var onNews: (MeetingNews) -> Void = { _ in }
    /// A connection is gone.
    var onLeft: (SeatID) -> Void = { _ in }

    init(_ plan: MeetingPlan, _ port: MeetingPort) {
        (self.plan, self.port) = (plan, port)
        var random = SystemRandomNumberGenerator()
        meeting = Meeting(outbox: port.outbox, seed: random.next())
    }

    func put(_ plan: MeetingPlan) { self.plan = plan }

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
        settle(at: now)
        port.outbox.flush()
    }

    func take(_ order: MeetingOrder) { take([order]) }

    /// It is over for everybody.
    func close() {
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
    }

    func settle(at now: Tick) {
        if let due, due <= now { meeting.time(at: now) }
        while true {
            switch meeting.next() {
            case .tell(let news): onNews(news)
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

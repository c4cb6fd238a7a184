// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP
import Studio

/// A broadcast that came by no call, for viewers by WebRTC: a meeting in which the house itself publishes what goes out to the
/// audience. Repairs, slowing and joining are the meeting's. Lives on the port's loop.
final class Cast: Callee {
    private let room: MeetingRoom
    private unowned let port: MeetingPort
    private let line: UInt32
    private var seat: SeatID?
    private var viewers: [UInt32: Peer] = [:]
    private var reportedAt = Tick(microseconds: 0)
    private var alarm: Alarm?
    /// These viewers are watching by WebRTC.
    private let seen: @Sendable ([String]) -> Void
    /// Somebody watches, or nobody any more.
    private let wants: @Sendable (Bool) -> Void

    init(
        _ name: String, _ port: MeetingPort, seen: @escaping @Sendable ([String]) -> Void,
        wants: @escaping @Sendable (Bool) -> Void
    ) {
        (self.port, self.seen, self.wants) = (port, seen, wants)
        room = MeetingRoom(MeetingPlan(name: name, title: name), port)
        // What the engine says to the publisher (reports, requests for what is missing) is said to nobody.
        line = port.lend { _, _ in }
        let publisher = Negotiated(
            fragment: "", password: "", fingerprint: [],
            sections: [
                Cast.section("0", .h264, Caster.picturePayload, 1), Cast.section("1", .opus, Caster.soundPayload, 2),
            ])
        let now = Clock.tick()
        seat = room.seat(publisher, line: line, at: now)
        if let seat { room.meeting.opened(seat, at: now) }
        tick()
    }

    private static func section(
        _ mid: String, _ format: PayloadFormat, _ type: UInt8, _ stream: UInt32
    ) -> NegotiatedSection {
        var section = NegotiatedSection(mid: mid, isVideo: format.isVideo)
        section.direction = .recvonly
        section.isRefused = false
        section.codings = [Coding(format: format, payloadType: type)]
        section.theirs = [NegotiatedSection.Stream(ssrc: stream)]
        return section
    }

    /// Packets of the house's own, at an instant of the program's clock.
    func take(_ packets: [[UInt8]], at microseconds: Int64) {
        guard let seat else { return }
        let now = Clock.tick()
        report(microseconds, from: seat, at: now)
        for var packet in packets {
            packet.withUnsafeMutableBytes { room.meeting.receive($0, from: seat, at: now) }
        }
        settle(at: now)
        port.outbox.flush()
    }

    /// Once a second: how the clocks of picture and sound belong together (RFC 3550, 6.4.1).
    private func report(_ microseconds: Int64, from seat: SeatID, at now: Tick) {
        guard now - reportedAt >= 1_000_000 else { return }
        reportedAt = now
        // Any epoch will do, if it is always the same.
        let clock = UInt64(max(0, microseconds))
        let ntp = (clock / 1_000_000) << 32 | (clock % 1_000_000) << 32 / 1_000_000
        for (kind, stream) in [(TrackID.Kind.video, UInt32(1)), (.audio, 2)] {
            withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { bytes in
                var writer = ControlWriter(bytes)
                let report = SenderReport(
                    ssrc: stream, ntp: ntp, timestamp: Packetizer.timestamp(kind, at: Int64(clock)), packetCount: 0,
                    byteCount: 0)
                guard writer.senderReport(report) else { return }
                room.meeting.receiveControl(
                    UnsafeRawBufferPointer(rebasing: bytes[..<writer.count]), from: seat, at: now)
            }
        }
    }

    /// Expects somebody who plays it. Nil when the house is full.
    func expectViewer(_ negotiated: Negotiated, _ making: Peer.Making) -> Peer? {
        guard let peer = port.expect(self, making) else { return nil }
        peer.seat = room.seat(negotiated, line: peer.number, at: Clock.tick())
        guard peer.seat != nil else {
            port.leave(peer)
            return nil
        }
        viewers[peer.number] = peer
        if viewers.count == 1 { wants(true) }
        return peer
    }

    /// It is off the air, or comes by a call now: nobody may go on looking past it.
    func end() {
        alarm?.cancel()
        for viewer in Array(viewers.values) { port.leave(viewer) }
        room.unseat(line: line, at: Clock.tick())
        port.takeBack(line)
        seat = nil
        wants(false)
    }

    private func tick() {
        alarm = port.loop.after(1_000) { [weak self] in
            guard let self else { return }
            if !viewers.isEmpty { seen(viewers.values.filter { $0.phase == .open }.map(\.id)) }
            tick()
        }
    }

    // MARK: Callee

    func opened(_ peer: Peer, at now: Tick) { room.opened(peer, at: now) }
    func receive(_ packet: UnsafeMutableRawBufferPointer, from peer: Peer, at now: Tick) {
        room.receive(packet, from: peer, at: now)
    }
    func receiveControl(_ packet: UnsafeRawBufferPointer, from peer: Peer, at now: Tick) {
        room.receiveControl(packet, from: peer, at: now)
    }
    func settle(at now: Tick) { room.settle(at: now) }
    func left(_ peer: Peer, at now: Tick) {
        room.left(peer, at: now)
        viewers[peer.number] = nil
        if viewers.isEmpty { wants(false) }
    }
}

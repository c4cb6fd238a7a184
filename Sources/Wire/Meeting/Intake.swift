// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP
import Studio

/// A broadcast's way in by WebRTC: a meeting with one publisher, and a listener in the house that turns what is forwarded
/// to it into frames. So a browser or OBS is repaired, slowed and asked for key frames as in any meeting. Lives on the
/// port's loop.
final class Intake: Callee {
    /// What came, for whoever carries it to the broadcast.
    let hear: @Sendable ([Tap.Output]) -> Void
    /// These viewers are watching by WebRTC.
    let seen: @Sendable ([String]) -> Void
    /// The connection is gone.
    let gone: @Sendable () -> Void
    /// Whether the audience is shown this publisher now.
    private var isShown = false
    private var publisher: Peer?
    private var viewers: [UInt32: Peer] = [:]
    private var countedAt = Tick(microseconds: 0)
    private let room: MeetingRoom
    private unowned let port: MeetingPort
    private var tap = Tap()
    private var ear: (line: UInt32, sections: [NegotiatedSection])?
    private var alarm: Alarm?
    private var pictureSource: SourceID?
    /// A browser sends a key frame only when it is asked, and an audience begins at one.
    private static let keyFrameMicroseconds: Int64 = 1_800_000
    private var askedAt = Tick(microseconds: 0)

    init(
        _ name: String, _ port: MeetingPort, hear: @escaping @Sendable ([Tap.Output]) -> Void,
        seen: @escaping @Sendable ([String]) -> Void, gone: @escaping @Sendable () -> Void
    ) {
        (self.port, self.hear, self.seen, self.gone) = (port, hear, seen, gone)
        room = MeetingRoom(MeetingPlan(name: name, title: name), port)
        room.onNews = { [unowned self] in learn($0) }
    }

    /// Whether somebody publishes by it.
    var isOpen: Bool { publisher != nil }

    /// Expects the publisher. Nil when the house is full.
    func expect(_ negotiated: Negotiated, _ making: Peer.Making) -> Peer? {
        let now = Clock.tick()
        guard let peer = port.expect(self, making) else { return nil }
        let line = port.lend { [unowned self] in take($0, $1) }
        peer.seat = room.seat(negotiated, line: peer.number, at: now)
        let sections = [Intake.section("0", .h264), Intake.section("1", .opus)]
        ear = (line, sections)
        let listener = Negotiated(fragment: "", password: "", fingerprint: [], sections: sections)
        guard peer.seat != nil, let seat = room.seat(listener, line: line, at: now) else {
            port.leave(peer)
            return nil
        }
        room.meeting.opened(seat, at: now)
        publisher = peer
        tick()
        return peer
    }

    /// Expects somebody who plays what is on air. Nil when nothing is, or the house is full.
    func expectViewer(_ negotiated: Negotiated, _ making: Peer.Making) -> Peer? {
        guard isShown, publisher != nil, let peer = port.expect(self, making) else { return nil }
        peer.seat = room.seat(negotiated, line: peer.number, at: Clock.tick())
        guard peer.seat != nil else {
            port.leave(peer)
            return nil
        }
        viewers[peer.number] = peer
        return peer
    }

    /// The audience is shown this publisher, or something else: then nobody may go on looking past it.
    func show(_ isShown: Bool) {
        self.isShown = isShown
        if !isShown { for viewer in Array(viewers.values) { port.leave(viewer) } }
    }

    /// The listener's side of an agreement: the plainest there is.
    private static func section(_ mid: String, _ format: PayloadFormat) -> NegotiatedSection {
        var section = NegotiatedSection(mid: mid, isVideo: format.isVideo)
        section.direction = .sendonly
        section.isRefused = false
        section.codings = [Coding(format: format, payloadType: format.isVideo ? 96 : 111)]
        section.ours = NegotiatedSection.Stream(ssrc: format.isVideo ? 1 : 2)
        return section
    }

    /// A letter to the listener.
    private func take(_ bytes: UnsafeRawBufferPointer, _ isControl: Bool) {
        let now = Clock.tick()
        guard isControl else {
            guard let packet = Packet(bytes) else { return }
            return tap.take(bytes, isVideo: packet.payloadType == 96, at: now)
        }
        var reader = ControlReader(bytes)
        while let control = reader.next() {
            guard case .senderReport(let report, _) = control else { continue }
            tap.takeReport(ntp: report.ntp, timestamp: report.timestamp, isVideo: report.ssrc == 1)
        }
    }

    private func learn(_ news: MeetingNews) {
        if case .began(let facts) = news, facts.format.isVideo { pictureSource = facts.source }
    }

    private func deliver() {
        var found: [Tap.Output] = []
        while let output = tap.next() {
            if case .wantsKeyFrame = output, let pictureSource { room.take(.keyFrame(pictureSource)) }
            found.append(output)
        }
        if !found.isEmpty { hear(found) }
    }

    private func tick() {
        alarm = port.loop.after(50) { [weak self] in
            guard let self else { return }
            let now = Clock.tick()
            tap.time(at: now)
            deliver()
            if let pictureSource, now - askedAt >= Intake.keyFrameMicroseconds {
                askedAt = now
                room.take(.keyFrame(pictureSource))
            }
            if !viewers.isEmpty, now - countedAt >= 1_000_000 {
                countedAt = now
                seen(viewers.values.filter { $0.phase == .open }.map(\.id))
            }
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

    func settle(at now: Tick) {
        room.settle(at: now)
        port.outbox.flush()
        deliver()
    }

    func left(_ peer: Peer, at now: Tick) {
        room.left(peer, at: now)
        guard viewers.removeValue(forKey: peer.number) == nil, publisher != nil else { return }
        publisher = nil
        show(false)
        alarm?.cancel()
        if let ear {
            room.unseat(line: ear.line, at: now)
            port.takeBack(ear.line)
        }
        ear = nil
        deliver()
        gone()
    }
}

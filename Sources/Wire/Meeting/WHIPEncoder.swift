// SPDX-License-Identifier: Apache-2.0
import ICE
import Media
import RTP
import SDP
import Secure
import Studio

/// A broadcast's way in by WebRTC: a meeting with one publisher, and a listener in the house that turns what is forwarded
/// to it into frames. So a browser or OBS is repaired, slowed and asked for key frames as in any meeting. Lives on the
/// port's loop.
final class Intake: Callee {
    /// What came, for whoever carries it to the broadcast.
    let hear: @Sendable ([Tap.Output]) -> Void
    /// The connection is gone.
    let gone: @Sendable () -> Void
    private let room: MeetingRoom
    private unowned let port: MeetingPort
    private var tap = Tap()
    private var ear: (line: UInt32, sections: [NegotiatedSection])?
    private var alarm: Alarm?
    private var pictureSource: SourceID?

    init(
        _ name: String, _ port: MeetingPort, hear: @escaping @Sendable ([Tap.Output]) -> Void,
        gone: @escaping @Sendable () -> Void
    ) {
        (self.port, self.hear, self.gone) = (port, hear, gone)
        room = MeetingRoom(MeetingPlan(name: name, title: name), port)
        room.onNews = { [unowned self] in learn($0) }
    }

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
        tick()
        return peer
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
            tap.time(at: Clock.tick())
            deliver()
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

/// An encoder that publishes by WHIP (RFC 9725). Lives on the pump's loop.
final class WHIPEncoder: Encoder {
    let number: PublisherNumber
    var booth: Booth?
    private unowned let pump: Pump
    private let door: MeetingDoor
    private let answered: @Sendable (Result<MeetingDoor.Welcome, MeetingDoor.Refusal>) -> Void
    private let offer: String
    private var session: String?
    private var isOver = false

    init(
        _ number: PublisherNumber, _ pump: Pump, _ door: MeetingDoor, offer: String,
        answered: @escaping @Sendable (Result<MeetingDoor.Welcome, MeetingDoor.Refusal>) -> Void
    ) {
        (self.number, self.pump, self.door) = (number, pump, door)
        (self.offer, self.answered) = (offer, answered)
    }

    /// The key is good: the call is agreed on.
    func accept() {
        let (pump, number, answered) = (Holder(pump), number, answered)
        let name = booth?.plan.name ?? ""
        door.call(offer, Policy(mayPublish: true, mayWatch: false, videoFormats: [.h264])) {
            house, negotiated, making in
            Intake(name, house.port) { found in
                pump.onLoop { $0.heard(found, from: number) }
            } gone: {
                pump.onLoop { $0.gone(number) }
            }.expect(negotiated, making)
        } done: { [door] result in
            answered(result)
            pump.onLoop { pump in
                // It may have been let go in the meantime.
                if !pump.agreed(number, result), case .success(let welcome) = result {
                    door.hangUp(welcome.session) { _ in }
                }
            }
        }
    }

    func refuse(_ sentence: String) {
        guard !isOver else { return }
        answered(.failure(.refused(sentence)))
        isOver = true
        pump.left(self)
    }

    func dismiss(_ sentence: String) { leave() }
    func hangUp() { end(broke: nil) }

    /// What became of the call.
    func agreed(_ result: Result<MeetingDoor.Welcome, MeetingDoor.Refusal>) {
        switch result {
        case .success(let welcome): session = welcome.session
        case .failure: end(broke: nil)
        }
    }

    func hear(_ found: [Tap.Output]) {
        guard !isOver, let booth else { return }
        for output in found {
            switch output {
            case .signal(let signal): booth.hear(signal, from: number)
            case .missing(let count): pump.take(booth, .missing(count))
            case .wantsKeyFrame: break
            }
        }
        pump.deliver()
    }

    /// The connection is gone.
    func gone() { end(broke: nil) }

    private func end(broke: String?) {
        guard !isOver else { return }
        booth?.left(number, broke: broke)
        pump.deliver()
        leave()
    }

    private func leave() {
        guard !isOver else { return }
        isOver = true
        if let session { door.hangUp(session) { _ in } }
        pump.left(self)
    }

    /// Carries the pump to its own loop.
    private struct Holder: @unchecked Sendable {
        // Touched on the pump's loop alone, which `onLoop` hops to.
        weak var pump: Pump?
        let loop: Loop
        init(_ pump: Pump) { (self.pump, loop) = (pump, pump.loop) }

        func onLoop(_ work: @escaping @Sendable (Pump) -> Void) {
            loop.execute { if let pump { work(pump) } }
        }
    }
}

extension Pump {
    /// An encoder asks by WHIP to publish into the broadcast of that name, with its key.
    func call(
        _ name: String, key: String, offer: String, agent: String, through door: MeetingDoor,
        answered: @escaping @Sendable (Result<MeetingDoor.Welcome, MeetingDoor.Refusal>) -> Void
    ) {
        guard hasRoomForEncoder else { return answered(.failure(.full)) }
        guard let booth = booths[name], KeyRing.opens(booth.plan.keyHashes, to: key) else {
            wrongKey()
            return answered(.failure(.wrongKey))
        }
        let encoder = WHIPEncoder(nextNumber(), self, door, offer: offer, answered: answered)
        add(encoder)
        let program = agent.isEmpty ? "WHIP" : "\(agent.prefix(60)) · WHIP"
        take(booth, .knock(encoder.number, isKeyGood: true, program: program))
        deliver()
    }

    func heard(_ found: [Tap.Output], from number: PublisherNumber) { whip(number)?.hear(found) }
    func gone(_ number: PublisherNumber) { whip(number)?.gone() }

    /// False when the encoder is not there any more.
    func agreed(_ number: PublisherNumber, _ result: Result<MeetingDoor.Welcome, MeetingDoor.Refusal>) -> Bool {
        guard let encoder = whip(number) else { return false }
        encoder.agreed(result)
        return true
    }
}

// SPDX-License-Identifier: Apache-2.0
import RTP
import SDP
import Studio

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
            let intake = Intake(name, house.port) { found in
                pump.onLoop { $0.heard(found, from: number) }
            } seen: { ids in
                pump.onLoop { $0.seen(ids, in: name) }
            } gone: {
                pump.onLoop { $0.gone(number) }
            }
            guard let peer = intake.expect(negotiated, making) else { return nil }
            house.intakes[name] = intake
            return peer
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

    // Nothing is held back of what the meeting's loop hands over.
    func look() {}

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

    /// Who watches by WebRTC counts like who fetches parts.
    func seen(_ ids: [String], in name: String) {
        let now = Clock.now()
        seen(Dictionary(ids.map { (Pass.number($0), now) }) { first, _ in first }, in: name)
    }

    /// False when the encoder is not there any more.
    func agreed(_ number: PublisherNumber, _ result: Result<MeetingDoor.Welcome, MeetingDoor.Refusal>) -> Bool {
        guard let encoder = whip(number) else { return false }
        encoder.agreed(result)
        return true
    }
}

// SPDX-License-Identifier: Apache-2.0
import HLS
import ICE
import Media
import RTP
import SDP
import Secure
import Studio
import Synchronization

/// Where calls are agreed on: an offer comes in by HTTP on a delivery loop, is read and answered there, and the media's
/// loop is only told whom to expect.
// What is touched on `loop` alone is in `house`; everything else never changes or is behind a mutex.
final class MeetingDoor: Sendable {
    /// A call that was let in.
    struct Welcome: Sendable {
        let session: String
        let answer: String
        /// Our ICE fragment, which tells one state of a session from the next (the entity tag).
        let tag: String
    }

    /// Why a call is not let in, or not changed.
    enum Refusal: Error, Hashable, Sendable {
        /// No such meeting, or no such session in it.
        case unknown
        /// The offer cannot be read or taken.
        case offer(Violation)
        /// No more connections, or no chance left in the machine.
        case full
        /// The restart names nobody, or the session has moved on.
        case stale
        /// Nothing that came by WebRTC is on air.
        case silent
        /// The key is not one of the broadcast's.
        case wrongKey
        /// Somebody publishes already, or the key was revoked: with the sentence for people.
        case refused(String)
    }

    let loop: Loop
    /// Everything that lives on the loop.
    let house: House
    private let fingerprint: [UInt8]
    private let candidates: [Candidate]
    /// A TURN server's addresses and its secret, which is never logged.
    private let relay: (addresses: [String], secret: String)?
    /// What a relay lets somebody do ends after so long, in seconds; a call that has begun goes on.
    private static let relaySeconds: Int64 = 12 * 3_600
    private let plans = Mutex<[String: MeetingPlan]>([:])

    /// What lives on the loop.
    // It is touched on the door's loop alone, which every function that is called from elsewhere hops to.
    final class House: @unchecked Sendable {
        let port: MeetingPort
        var rooms: [String: MeetingRoom] = [:]
        /// The last publisher by WebRTC of each broadcast; when it has gone it shows nothing any more.
        var intakes: [String: Intake] = [:]
        init(_ port: MeetingPort) { self.port = port }
    }

    /// A door at a port, which can be reached at these addresses.
    init(_ port: MeetingPort, candidates: [Candidate], relay: (addresses: [String], secret: String)? = nil) {
        (loop, house, self.candidates, self.relay) = (port.loop, House(port), candidates, relay)
        fingerprint = port.identity.fingerprint.bytes
    }

    // MARK: Plans

    /// Opens a meeting, or changes it.
    func put(_ plan: MeetingPlan) {
        plans.withLock { $0[plan.name] = plan }
        loop.execute { [house] in
            if let room = house.rooms[plan.name] {
                room.put(plan)
            } else {
                house.rooms[plan.name] = MeetingRoom(plan, house.port)
            }
        }
    }

    /// The meeting is over, and everybody goes.
    func close(_ name: String) {
        plans.withLock { $0[name] = nil }
        loop.execute { [house] in house.rooms.removeValue(forKey: name)?.close() }
    }

    func plan(_ name: String) -> MeetingPlan? { plans.withLock { $0[name] } }

    /// Where a client finds help to get through, as fields of an answer (RFC 9725, 4.6), for who may call.
    func links(at now: WallTime) -> [(String, String)] {
        guard let relay else { return [] }
        let pass = RelayPass(
            who: Token.random(bytes: 6), expirySeconds: now.milliseconds / 1_000 + MeetingDoor.relaySeconds,
            secret: relay.secret)
        return relay.addresses.map { address in
            (
                "link",
                "<\(address)>; rel=\"ice-server\"; username=\"\(pass.username)\"; credential=\"\(pass.password)\"; "
                    + "credential-type=\"password\""
            )
        }
    }

    // MARK: Calls

    /// Agrees on a call, and tells how it went. Called from anywhere; `done` is called on the media's loop or at once.
    func call(
        _ offer: String, _ policy: Policy, seat: @escaping @Sendable (House, Negotiated, Peer.Making) -> Peer?,
        done: @escaping @Sendable (Result<Welcome, Refusal>) -> Void
    ) {
        guard let ours = Credentials(random: Token.randomBytes(Credentials.randomCount)) else {
            return done(.failure(.full))
        }
        var random = SystemRandomNumberGenerator()
        let answer: Answer
        do throws(Violation) {
            answer = try Answer(
                to: try Offer(offer), as: policy, from: side(ours, session: random.next()), dice: &random)
        } catch {
            return done(.failure(.offer(error)))
        }
        guard let fingerprint = Fingerprint(answer.negotiated.fingerprint) else {
            return done(.failure(.offer(.noFingerprint)))
        }
        let theirs = Credentials(fragment: answer.negotiated.fragment, password: answer.negotiated.password)
        let making = Peer.Making(ours: ours, theirs: theirs, fingerprint: fingerprint)
        loop.execute { [house] in
            guard let peer = seat(house, answer.negotiated, making) else { return done(.failure(.full)) }
            done(.success(Welcome(session: peer.id, answer: answer.text, tag: ours.fragment)))
        }
    }

    /// A seat in the meeting of that name.
    func call(
        _ kind: CallKind, _ name: String, offer: String, done: @escaping @Sendable (Result<Welcome, Refusal>) -> Void
    ) {
        guard plan(name) != nil else { return done(.failure(.unknown)) }
        call(offer, kind == .whip ? .whip : .whep) { house, negotiated, making in
            guard let room = house.rooms[name], let peer = house.port.expect(room, making) else { return nil }
            peer.seat = room.seat(negotiated, line: peer.number, at: Clock.tick())
            if peer.seat == nil { house.port.leave(peer) }
            return peer.seat == nil ? nil : peer
        } done: {
            done($0)
        }
    }

    /// A viewer of the broadcast of that name.
    func watch(_ name: String, offer: String, done: @escaping @Sendable (Result<Welcome, Refusal>) -> Void) {
        let policy = Policy(mayPublish: false, mayWatch: true, videoFormats: [.h264], isOneStream: true)
        call(offer, policy) { house, negotiated, making in
            house.intakes[name]?.expectViewer(negotiated, making)
        } done: { result in
            if case .failure(.full) = result { return done(.failure(.silent)) }
            done(result)
        }
    }

    /// The audience of a broadcast is shown its publisher, or something else.
    func show(_ name: String, _ isShown: Bool) {
        loop.execute { [house] in house.intakes[name]?.show(isShown) }
    }

    /// Ends a session.
    func hangUp(_ session: String, done: @escaping @Sendable (Bool) -> Void) {
        loop.execute { [house] in
            guard let peer = house.port.peer(session) else { return done(false) }
            house.port.leave(peer)
            done(true)
        }
    }

    /// Candidates come, which a lite agent needs not, or ICE begins anew: then the answer is our new side of it.
    func change(
        _ session: String, _ fragment: TrickleFragment, ifMatch: String,
        done: @escaping @Sendable (Result<(text: String, tag: String)?, Refusal>) -> Void
    ) {
        guard let ours = Credentials(random: Token.randomBytes(Credentials.randomCount)) else {
            return done(.failure(.full))
        }
        var random = SystemRandomNumberGenerator()
        let side = side(ours, session: random.next())
        loop.execute { [house] in
            guard let peer = house.port.peer(session) else { return done(.failure(.unknown)) }
            guard ["", "*", "\"\(peer.tag)\""].contains(ifMatch) else { return done(.failure(.stale)) }
            guard let named = fragment.fragment, let password = fragment.password, named != peer.theirs else {
                return done(.success(nil))
            }
            house.port.restart(peer, ours, Credentials(fragment: named, password: password))
            done(.success((TrickleFragment.text(for: side, mid: "0"), ours.fragment)))
        }
    }

    private func side(_ ours: Credentials, session: UInt64) -> OurSide {
        OurSide(
            fragment: ours.fragment, password: ours.password, fingerprint: fingerprint, candidates: candidates,
            session: session >> 2)
    }

    /// How the port does.
    func figures(_ done: @escaping @Sendable (MeetingPort.Figures) -> Void) {
        loop.execute { [house] in done(house.port.state) }
    }

    func stop() { house.port.stop() }
}

extension Peer {
    /// What both sides said of themselves.
    struct Making: Sendable {
        let ours: Credentials
        let theirs: Credentials
        let fingerprint: Fingerprint
    }
}

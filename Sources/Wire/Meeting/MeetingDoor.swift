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
    /// Who is told what happens in every meeting's engine, and which connections leave; called on the loop. Set before
    /// anything is opened.
    let ears = Mutex<Ears?>(nil)
    /// Where recordings lie, for who reads them; nil where nothing is recorded.
    let shelf = Mutex<MeetingShelf?>(nil)

    /// Who listens to the engines.
    struct Ears: Sendable {
        var news: @Sendable (String, MeetingNews) -> Void
        var left: @Sendable (String, SeatID) -> Void
    }

    /// What lives on the loop.
    // It is touched on the door's loop alone, which every function that is called from elsewhere hops to.
    final class House: @unchecked Sendable {
        let port: MeetingPort
        var rooms: [String: MeetingRoom] = [:]
        /// The last publisher by WebRTC of each broadcast; when it has gone it shows nothing any more.
        var intakes: [String: Intake] = [:]
        /// What is on air of broadcasts that came by no call, for whoever watches them by one.
        var casts: [String: Cast] = [:]
        /// Broadcasts whose audience is shown a publisher now.
        var onAir: Set<String> = []
        /// Somebody watches a broadcast by a call, or nobody any more. Set before anybody comes.
        var wants: @Sendable (String, Bool) -> Void = { _, _ in }
        /// These watch a broadcast by a call. Set before anybody comes.
        var seen: @Sendable (String, [String]) -> Void = { _, _ in }
        /// Makes films of recordings; nil where nothing is recorded.
        var films: FilmMaker?
        /// Recordings of a meeting are no longer what they were.
        var onRecordings: (String, [MeetingRecording]) -> Void = { _, _ in }
        /// Something is wrong with a recording.
        var onTrouble: (String, Fault) -> Void = { _, _ in }
        /// A meeting is being recorded, or no longer.
        var onTape: (String, Bool) -> Void = { _, _ in }
        /// How a meeting is on air has changed.
        var onAiring: (String, AirEncoder.Condition) -> Void = { _, _ in }
        init(_ port: MeetingPort) { self.port = port }

        /// A viewer of a broadcast: of the call that it comes by, else of what goes out of it.
        func expectViewer(_ name: String, _ negotiated: Negotiated, _ making: Peer.Making) -> Peer? {
            if let intake = intakes[name], intake.isOpen { return intake.expectViewer(negotiated, making) }
            guard onAir.contains(name) else { return nil }
            let cast =
                casts[name]
                ?? Cast(name, port, seen: { [seen] in seen(name, $0) }, wants: { [wants] in wants(name, $0) })
            casts[name] = cast
            return cast.expectViewer(negotiated, making)
        }

        /// What is being recorded is written, and finished.
        func stopTapes() {
            let reels = rooms.values.compactMap { $0.tape?.reel }
            for room in rooms.values { room.record(false) }
            for reel in reels { reel.done() }
            films?.stop()
            port.shelf?.done()
        }
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
        loop.execute { [house, self] in
            house.port.shelf?.open(plan.name, mayForget: plan.mayForget)
            // It has a page that says so, its recordings, and nothing else.
            guard !plan.isOver else { return house.rooms.removeValue(forKey: plan.name)?.close() ?? () }
            if let room = house.rooms[plan.name] {
                room.put(plan)
            } else {
                let room = MeetingRoom(plan, house.port)
                room.onTape = { [unowned house, name = plan.name] in house.onTape(name, $0 != nil) }
                room.onAir = { [unowned house, name = plan.name] in house.onAiring(name, $0) }
                if let ears = ears.withLock({ $0 }) {
                    let name = plan.name
                    room.onNews = { ears.news(name, $0) }
                    room.onLeft = { ears.left(name, $0) }
                }
                house.rooms[plan.name] = room
            }
        }
    }

    /// A meeting is no longer known.
    func withdraw(_ name: String) {
        plans.withLock { $0[name] = nil }
        loop.execute { [house] in house.rooms.removeValue(forKey: name)?.close() }
    }

    /// The plan of a meeting, also of one that is over.
    func plan(_ name: String) -> MeetingPlan? { plans.withLock { $0[name] } }

    /// Help to get through: addresses of a TURN server, with what opens it.
    struct Relay: Encodable {
        var urls: [String]
        var username: String
        var credential: String
    }

    /// Where a client finds help to get through, for who may call.
    func relay(at now: WallTime) -> Relay? {
        guard let relay else { return nil }
        let pass = RelayPass(
            who: Token.random(bytes: 6), expirySeconds: now.milliseconds / 1_000 + MeetingDoor.relaySeconds,
            secret: relay.secret)
        return Relay(urls: relay.addresses, username: pass.username, credential: pass.password)
    }

    /// The same as fields of an answer (RFC 9725, 4.6).
    func links(at now: WallTime) -> [(String, String)] {
        guard let pass = relay(at: now) else { return [] }
        return pass.urls.map { address in
            (
                "link",
                "<\(address)>; rel=\"ice-server\"; username=\"\(pass.username)\"; credential=\"\(pass.credential)\"; "
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
        guard plan(name)?.isOver == false else { return done(.failure(.unknown)) }
        call(offer, kind == .whip ? .whip : .whep) { house, negotiated, making in
            guard let room = house.rooms[name], let peer = house.port.expect(room, making) else { return nil }
            peer.seat = room.seat(negotiated, line: peer.number, at: Clock.tick())
            if peer.seat == nil { house.port.leave(peer) }
            return peer.seat == nil ? nil : peer
        } done: {
            done($0)
        }
    }

    /// A seat that a person of the room has, with what may come in its sections.
    struct Seated: Sendable {
        let welcome: Welcome
        let seat: SeatID
        let sections: [Assembly.Section]
    }

    /// A call of a person in the room of that name, up or down.
    func call(
        _ way: CallWay, _ name: String, offer: String, done: @escaping @Sendable (Result<Seated, Refusal>) -> Void
    ) {
        let box = Found()
        let policy = Policy(mayPublish: way == .up, mayWatch: way == .down, savesSilence: true)
        call(offer, policy) { house, negotiated, making in
            guard let room = house.rooms[name], let peer = house.port.expect(room, making) else { return nil }
            peer.seat = room.seat(negotiated, line: peer.number, at: Clock.tick())
            guard let seat = peer.seat else {
                house.port.leave(peer)
                return nil
            }
            let sources = room.meeting.sources(of: seat)
            let sections = negotiated.sections.map { section in
                Assembly.Section(
                    mid: section.mid, isVideo: section.isVideo, source: sources.first { $0.mid == section.mid }?.source)
            }
            box.found.withLock { $0 = (seat, sections) }
            return peer
        } done: { result in
            done(
                result.flatMap { welcome in
                    guard let found = box.found.withLock({ $0 }) else { return .failure(.full) }
                    return .success(Seated(welcome: welcome, seat: found.seat, sections: found.sections))
                })
        }
    }

    /// Carries what was found from the agreement to its answer.
    private final class Found: Sendable {
        let found = Mutex<(seat: SeatID, sections: [Assembly.Section])?>(nil)
    }

    /// What people of a room want of its engine.
    func take(_ orders: [MeetingOrder], in name: String) {
        loop.execute { [house] in house.rooms[name]?.take(orders) }
    }

    /// How connections are.
    func figures(
        of seats: [SeatID], in name: String, _ done: @escaping @Sendable ([SeatID: SeatFigures]) -> Void
    ) {
        loop.execute { [house] in
            guard let meeting = house.rooms[name]?.meeting else { return }
            var figures: [SeatID: SeatFigures] = [:]
            for seat in seats { figures[seat] = meeting.figures(of: seat) }
            done(figures)
        }
    }

    /// A viewer of the broadcast of that name.
    func watch(_ name: String, offer: String, done: @escaping @Sendable (Result<Welcome, Refusal>) -> Void) {
        let policy = Policy(mayPublish: false, mayWatch: true, videoFormats: [.h264], isOneStream: true)
        call(offer, policy) { house, negotiated, making in
            house.expectViewer(name, negotiated, making)
        } done: { result in
            if case .failure(.full) = result { return done(.failure(.silent)) }
            done(result)
        }
    }

    /// The audience of a broadcast is shown its publisher, or something else.
    func show(_ name: String, _ isShown: Bool) {
        loop.execute { [house] in
            if isShown { house.onAir.insert(name) } else { house.onAir.remove(name) }
            house.intakes[name]?.show(isShown)
            if !isShown { house.casts.removeValue(forKey: name)?.end() }
        }
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

    func stop() {
        house.stopTapes()
        house.port.stop()
    }
}

extension Peer {
    /// What both sides said of themselves.
    struct Making: Sendable {
        let ours: Credentials
        let theirs: Credentials
        let fingerprint: Fingerprint
    }
}

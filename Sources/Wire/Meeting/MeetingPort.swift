// SPDX-License-Identifier: Apache-2.0
import CLinux
import ICE
import Media
import Secure
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// A port of meetings: everything of every call on one number (RFC 7983 tells apart what comes).
//
//   first byte 0…3      STUN: a check, answered before anything else, so that an overload does not cost consent
//   first byte 20…63    DTLS: only from an address that a check has proved; a few in each turn
//   first byte 128…191  SRTP and SRTCP: only from such an address, and only after the handshake
//
// Everything else, and everything from strangers, is counted and dropped without an answer. Nothing is ever sent to an
// address that has not proved the password of its session, and an answer to a check is hardly longer than the check.

/// One UDP port with its connections. Lives on one loop.
final class MeetingPort {
    /// What went wrong on the way in, since the beginning.
    struct Figures: Equatable, Sendable {
        var datagrams = 0
        /// From an address that proved nothing, or no kind of datagram that is ours.
        var strangers = 0
        /// Checks that prove nothing.
        var falseChecks = 0
        /// Packets that were altered, forged, or came before.
        var falsePackets = 0
        var peers = 0
        var sent = 0
        var dropped = 0
    }

    /// A handshake must be done in this time, and somebody who was given an answer must have come.
    private static let longestShake: Int64 = 20_000_000
    /// The last flight is sent again for so long, in milliseconds.
    static let keptHandshake: Int64 = 5_000
    /// With few connections the handshake is kept as long as each, so that both ends hear each other's goodbye; with more it
    /// goes as soon as its keys are used, because hundreds of listeners should not cost what it takes.
    static let mostKeptHandshakes = 64
    /// So many datagrams of handshakes are worked off in one turn; each costs as much as a thousand packets.
    static let shakesInTurn = 4
    private static let mostShakesWaiting = 1_024
    /// A browser asks for consent every five seconds or so.
    private static let goodbyeMicroseconds: Int64 = 8_000_000
    static let mostPeers = 4_096

    let loop: Loop
    let identity: DTLSIdentity
    let log: @Sendable (String) -> Void
    private(set) var outbox: Outbox
    private let datagrams: Datagrams
    let post: Departures
    /// Where meetings are recorded; nil for nowhere. Set before anybody comes.
    var shelf: MeetingShelf?
    /// Puts a meeting on air in its broadcast, or takes it off; does nothing where there are no broadcasts. Set before
    /// anybody comes.
    var putOnAir: (MeetingPlan, FilmLayout?, SourceID?) -> Void = { _, _, _ in }
    private var watch: Watch?
    private var listener: Watch?
    private let frames = FramedLines()
    private(set) var peers: [Peer?] = []
    private(set) var ears: [UInt32: (UnsafeRawBufferPointer, Bool) -> Void] = [:]
    private var vacant: [UInt32] = []
    private var byFragment: [UInt64: Peer] = [:]
    private var byAddress: [TransportAddress: Peer] = [:]
    private(set) var byID: [String: Peer] = [:]
    var shakes: [(peer: Peer, datagram: [UInt8])] = []
    private var touched: [any Callee] = []
    private var figures = Figures()

    /// A port on a socket that is bound already.
    /// - Throws: `WireFault` when there is no memory.
    init(_ file: Int32, loop: Loop, identity: DTLSIdentity, log: @escaping @Sendable (String) -> Void) throws {
        (self.loop, self.identity, self.log) = (loop, identity, log)
        let datagrams = try Datagrams(file)
        let post = Departures(datagrams)
        (self.datagrams, self.post) = (datagrams, post)
        outbox = Outbox(slots: Departures.slots) { post.drain($0) }
    }

    /// Begins to listen. On the loop.
    func start() {
        post.port = self
        watch = loop.watch(datagrams.file, reads: true, writes: false) { [unowned self] _ in receive() }
        loop.every(1_000) { [weak self] in self?.sweep() }
    }

    func stop() {
        for peer in peers.compactMap({ $0 }) { leave(peer) }
        watch?.cancel()
        watch = nil
        if let listener {
            listener.cancel()
            close(listener.file)
        }
        listener = nil
        frames.closeAll()
    }

    /// How it does.
    var state: Figures {
        var state = figures
        (state.peers, state.sent, state.dropped) = (byID.count, datagrams.sent, datagrams.dropped)
        return state
    }

    // MARK: Who is expected

    /// Expects a peer that was given an answer. Nil when the house is full.
    func expect(_ callee: any Callee, _ making: Peer.Making) -> Peer? {
        guard byID.count < MeetingPort.mostPeers else { return nil }
        let now = Clock.tick()
        let number = vacant.popLast() ?? UInt32(peers.count)
        if Int(number) == peers.count { peers.append(nil) }
        let peer = Peer(number, id: Token.random(bytes: 16), callee, making, at: now)
        peers[Int(number)] = peer
        byFragment[making.ours.key] = peer
        byID[peer.id] = peer
        return peer
    }

    /// Lends a number to somebody in the house, who gets the letters to it as they are.
    func lend(to ear: @escaping (UnsafeRawBufferPointer, _ isControl: Bool) -> Void) -> UInt32 {
        let number = vacant.popLast() ?? UInt32(peers.count)
        if Int(number) == peers.count { peers.append(nil) }
        ears[number] = ear
        return number
    }

    func takeBack(_ number: UInt32) {
        guard ears.removeValue(forKey: number) != nil else { return }
        vacant.append(number)
    }

    func peer(_ id: String) -> Peer? { byID[id] }

    /// ICE begins anew; the connection below stays.
    func restart(_ peer: Peer, _ ours: Credentials, _ theirs: Credentials) {
        // Two that were never used are no better than one.
        for stale in peer.fragments.dropFirst() { byFragment[stale] = nil }
        peer.fragments = [peer.fragments[0], ours.key]
        byFragment[ours.key] = peer
        (peer.tag, peer.theirs) = (ours.fragment, theirs.fragment)
        peer.agent.restart(local: ours, remote: theirs, at: Clock.tick())
    }

    /// It is over, by whose wish ever.
    func leave(_ peer: Peer) {
        guard let kept = peers[Int(peer.number)], kept === peer else { return }
        peer.handshake?.sayGoodbye()
        sendHandshake(of: peer)
        peers[Int(peer.number)] = nil
        vacant.append(peer.number)
        post.reroute(peer, isGone: true)
        for fragment in peer.fragments { byFragment[fragment] = nil }
        for address in peer.addresses { byAddress[address] = nil }
        byID[peer.id] = nil
        peer.alarm?.cancel()
        peer.framed?.close()
        let now = Clock.tick()
        peer.callee.left(peer, at: now)
        peer.callee.settle(at: now)
        outbox.flush()
    }

    // MARK: What comes

    private func receive() {
        // A few times at most, so that alarms and letters are not kept waiting.
        for _ in 0..<8 {
            let count = datagrams.take()
            guard count > 0 else { break }
            figures.datagrams &+= count
            let now = Clock.tick()
            for place in 0..<count where isCheck(datagrams.came[place]) { check(datagrams.came[place], now) }
            post.sendAnswers()
            for place in 0..<count where !isCheck(datagrams.came[place]) {
                let one = datagrams.came[place]
                guard one.count > 0, let address = TransportAddress(one.from), let peer = byAddress[address] else {
                    figures.strangers &+= 1
                    continue
                }
                take(UnsafeMutableRawBufferPointer(start: one.bytes, count: Int(one.count)), from: peer, now)
            }
            settle(now)
            if count < Datagrams.slots { break }
        }
        shakeSome()
    }

    private func isCheck(_ one: cs_datagram) -> Bool { one.count >= 20 && one.bytes[0] < 4 }

    private func check(_ one: cs_datagram, _ now: Tick) {
        let bytes = UnsafeRawBufferPointer(start: one.bytes, count: Int(one.count))
        guard let address = TransportAddress(one.from) else { return }
        let count = check(bytes, from: address, now, answer: post.answerRoom)
        if count > 0 { post.answer(count, to: one.from) }
    }

    /// A check from anywhere. Answers how long the answer is.
    func check(
        _ bytes: UnsafeRawBufferPointer, from address: TransportAddress, _ now: Tick,
        answer: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard let key = Binding.key(of: bytes), let peer = byFragment[key] else {
            figures.falseChecks &+= 1
            return 0
        }
        let count = peer.agent.take(bytes, from: address, at: now, reply: answer)
        if count > 0 { peer.lastCheck = now } else { figures.falseChecks &+= 1 }
        hear(peer, now)
        return count
    }

    private func hear(_ peer: Peer, _ now: Tick) {
        while case .tell(let news) = peer.agent.next() {
            switch news {
            case .proved(let address): prove(peer, address)
            case .selected(let address): select(peer, address)
            case .restarted:
                if peer.fragments.count > 1 { byFragment[peer.fragments.removeFirst()] = nil }
            case .consentLost: return leave(peer)
            }
        }
        if peer.phase == .awaited, peer.hasTo || peer.framed != nil { begin(peer) }
    }

    private func prove(_ peer: Peer, _ address: TransportAddress) {
        // Whoever proves it last has it: a network gives an address to another.
        if let former = byAddress[address], former !== peer { former.addresses.removeAll { $0 == address } }
        byAddress[address] = peer
        peer.addresses.removeAll { $0 == address }
        peer.addresses.append(address)
        if peer.addresses.count > 8 { byAddress[peer.addresses.removeFirst()] = nil }
    }

    private func select(_ peer: Peer, _ address: TransportAddress) {
        peer.framed = address.line == 0 ? nil : frames[address.line]
        peer.hasTo = address.line == 0
        if peer.hasTo { peer.to.pointee = address.socketAddress(onV6: datagrams.isV6) }
        post.reroute(peer)
    }

    /// A datagram, or a frame, from an address that was proved.
    func take(_ bytes: UnsafeMutableRawBufferPointer, from peer: Peer, _ now: Tick) {
        switch bytes[0] {
        case 20...63:
            guard shakes.count < MeetingPort.mostShakesWaiting else { return }
            shakes.append((peer, Array(bytes)))
        case 128...191: unseal(bytes, from: peer, now)
        default: figures.strangers &+= 1
        }
    }

    private func unseal(_ bytes: UnsafeMutableRawBufferPointer, from peer: Peer, _ now: Tick) {
        guard let receiver = peer.receiver, bytes.count >= 2 else { return }
        // RFC 5761, 4: RTCP's types as the second byte.
        let isControl = (192...223).contains(bytes[1])
        do throws(SRTPFault) {
            let count = isControl ? try receiver.open(rtcp: bytes) : try receiver.open(rtp: bytes)
            let packet = UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])
            if isControl {
                peer.callee.receiveControl(UnsafeRawBufferPointer(packet), from: peer, at: now)
            } else {
                peer.callee.receive(packet, from: peer, at: now)
            }
            touch(peer.callee)
            // Whoever sends what our keys open has got our last flight.
            if peer.handshake != nil, byID.count > MeetingPort.mostKeptHandshakes { peer.handshake = nil }
        } catch {
            peer.refused &+= 1
            figures.falsePackets &+= 1
        }
    }

    private func touch(_ callee: any Callee) {
        if !touched.contains(where: { $0 === callee }) { touched.append(callee) }
    }

    /// What came is worked off, and what follows from it is sent.
    func settle(_ now: Tick) {
        for callee in touched { callee.settle(at: now) }
        touched.removeAll(keepingCapacity: true)
        outbox.flush()
    }

    // MARK: Time

    /// Once a second: who has gone, and who never came.
    private func sweep() {
        let now = Clock.tick()
        for peer in peers.compactMap({ $0 }) {
            peer.agent.time(at: now)
            hear(peer, now)
            guard peers[Int(peer.number)] === peer else { continue }
            if peer.phase != .open, now - peer.begun > MeetingPort.longestShake { leave(peer) }
            if let since = peer.leavingSince {
                if peer.lastCheck > since {
                    peer.leavingSince = nil
                } else if now - since > MeetingPort.goodbyeMicroseconds {
                    leave(peer)
                }
            }
        }
        frames.sweep(now) { byAddress[$0] != nil }
    }

    // MARK: TCP

    /// Takes TCP connections from a listening socket at the same number.
    func listen(_ file: Int32) {
        listener = loop.watch(file, reads: true, writes: false) { [unowned self] _ in frames.accept(from: file, self) }
    }

    /// A frame from a TCP connection.
    func take(_ frame: UnsafeMutableRawBufferPointer, from address: TransportAddress, _ now: Tick) {
        guard let peer = byAddress[address] else {
            figures.strangers &+= 1
            return
        }
        take(frame, from: peer, now)
    }

    func closed(_ line: FramedLine) {
        if let peer = byAddress.removeValue(forKey: line.address) {
            peer.addresses.removeAll { $0 == line.address }
            // Its session lives on: ICE may find another way.
            if peer.framed === line {
                peer.framed = nil
                post.reroute(peer)
            }
        }
        frames.closed(line, on: loop)
    }
}

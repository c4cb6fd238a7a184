// SPDX-License-Identifier: Apache-2.0
import Media
import Secure
import Studio

// Handshakes of a port's peers, on its loop.

extension MeetingPort {
    func begin(_ peer: Peer) {
        do {
            peer.handshake = try DTLSHandshake(identity, peer: peer.fingerprint)
            peer.phase = .shaking
        } catch {
            log("meeting: \(error)")
            leave(peer)
        }
    }

    /// A few of the handshakes' datagrams; the others in the loop's next turn.
    func shakeSome() {
        guard !shakes.isEmpty else { return }
        let some = shakes.prefix(MeetingPort.shakesInTurn)
        shakes.removeFirst(some.count)
        for (peer, datagram) in some { shake(peer, datagram) }
        if !shakes.isEmpty {
            let again = Again(self)
            loop.execute { again.port?.shakeSome() }
        }
    }

    /// Carries a port to its own loop, where alone it is looked at again.
    private struct Again: @unchecked Sendable {
        // Read on the loop that the port lives on, which it never leaves.
        weak var port: MeetingPort?
        init(_ port: MeetingPort) { self.port = port }
    }

    private func shake(_ peer: Peer, _ datagram: [UInt8]) {
        guard peers[Int(peer.number)] === peer else { return }
        guard let handshake = peer.handshake else {
            // An alert that cannot be read any more is most likely a goodbye (RFC 5246, 7.2.1).
            if datagram.first == 21 { peer.leavingSince = peer.leavingSince ?? Clock.tick() }
            return
        }
        let step = datagram.withUnsafeBytes { handshake.take($0) }
        sendHandshake(of: peer)
        switch step {
        case .going: remind(peer)
        case .stays: break
        case .done(let pair): open(peer, pair)
        case .ended: leave(peer)
        case .failed(let fault):
            log("meeting: a handshake failed: \(fault)")
            leave(peer)
        }
    }

    private func open(_ peer: Peer, _ pair: SRTPPair) {
        do throws(SRTPFault) {
            peer.receiver = try SRTPReceiver(pair.peer)
            peer.sender = try SRTPSender(pair.ours)
        } catch {
            log("meeting: no keys: \(error)")
            return leave(peer)
        }
        peer.phase = .open
        post.reroute(peer)
        peer.alarm?.cancel()
        // By its name: an object that somebody remembers weakly is slower to hold for ever after, and this one is held for
        // each packet.
        let id = peer.id
        peer.alarm = loop.after(MeetingPort.keptHandshake) { [weak self] in
            guard let self, byID.count > MeetingPort.mostKeptHandshakes else { return }
            byID[id]?.handshake = nil
        }
        let now = Clock.tick()
        peer.callee.opened(peer, at: now)
        peer.callee.settle(at: now)
        outbox.flush()
    }

    func sendHandshake(of peer: Peer) {
        guard let handshake = peer.handshake else { return }
        while let datagram = handshake.next() {
            if let framed = peer.framed {
                framed.send(datagram)
            } else if peer.hasTo {
                post.send(datagram, to: peer.to)
            }
        }
    }

    private func remind(_ peer: Peer) {
        peer.alarm?.cancel()
        guard let wait = peer.handshake?.waitMilliseconds else { return }
        let id = peer.id
        peer.alarm = loop.after(max(1, wait)) { [weak self] in
            guard let self, let peer = byID[id], peer.phase == .shaking else { return }
            peer.handshake?.repeatUnanswered()
            sendHandshake(of: peer)
            remind(peer)
        }
    }
}

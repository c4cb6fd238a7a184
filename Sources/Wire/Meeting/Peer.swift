// SPDX-License-Identifier: Apache-2.0
import CLinux
import ICE
import Media
import Secure
import Studio

/// Who takes what a connection carries, and is told when it is there and when it is gone.
protocol Callee: AnyObject {
    /// The keys are there: something may be sent.
    func opened(_ peer: Peer, at now: Tick)
    /// An RTP packet came, in memory that may be changed until the turn ends.
    func receive(_ packet: UnsafeMutableRawBufferPointer, from peer: Peer, at now: Tick)
    /// An RTCP packet came.
    func receiveControl(_ packet: UnsafeRawBufferPointer, from peer: Peer, at now: Tick)
    /// Everything that came in this turn was told.
    func settle(at now: Tick)
    func left(_ peer: Peer, at now: Tick)
}

/// Where a peer stands.
enum PeerPhase: Hashable {
    /// No check has proved an address yet.
    case awaited
    /// Hands are being shaken.
    case shaking
    /// Media flows.
    case open
}

/// One connection of a meeting: an ICE agent, a DTLS handshake, and SRTP in both directions. Lives on its port's loop.
final class Peer {
    /// The number that letters to it carry.
    let number: UInt32
    /// By which its session is found (`/whip/NAME/ID`); nobody can guess it.
    let id: String
    let callee: any Callee
    /// When an answer was given.
    let begun: Tick
    let fingerprint: Fingerprint
    var agent: Agent
    /// Our fragments that lead here: one, or two while a restart is awaited.
    var fragments: [UInt64]
    var phase = PeerPhase.awaited
    var handshake: DTLSHandshake?
    var alarm: Alarm?
    var sender: SRTPSender?
    var receiver: SRTPReceiver?
    /// Addresses that lead here because they were proved.
    var addresses: [TransportAddress] = []
    /// Where everything goes, once an address is proved: a place in memory that stays while this lives.
    let to: UnsafeMutablePointer<cs_address>
    /// The TCP connection instead, where one is selected.
    var framed: FramedLine?
    var hasTo = false
    /// It seems to have said goodbye when nobody could read it any more.
    var leavingSince: Tick?
    /// When it last asked for consent.
    var lastCheck: Tick
    /// Where it sits, when its callee is a meeting.
    var seat: SeatID?
    /// The fragments that both sides use now, or will after a restart: ours is the session's entity tag.
    var (tag, theirs): (String, String)
    /// What was dropped because it was altered, forged or came again.
    var refused = 0

    init(_ number: UInt32, id: String, _ callee: any Callee, _ making: Making, at now: Tick) {
        (self.number, self.id, self.callee) = (number, id, callee)
        (fragments, fingerprint, begun, lastCheck) = ([making.ours.key], making.fingerprint, now, now)
        (tag, theirs) = (making.ours.fragment, making.theirs.fragment)
        agent = Agent(local: making.ours, remote: making.theirs, at: now)
        to = .allocate(capacity: 1)
        to.initialize(to: cs_address())
    }

    deinit { to.deallocate() }
}

// SPDX-License-Identifier: Apache-2.0
import CLinux
import Secure
import Studio

/// Carries an outbox to where its letters go: seals each, and sends all with few calls. Lives on its port's loop.
final class Departures {
    /// So many letters are collected before they are sent: a picture's packets for some twenty viewers, which a processor's
    /// own memory holds until they are sealed and gone. Letters to one viewer are sent in one piece (UDP_SEGMENT), which
    /// costs the system a third.
    static let slots = 128
    private static let answerBytes = 192

    /// Where letters to one line go, when they go by UDP.
    private struct Route {
        // Its peer keeps it as long as the line has this route (`reroute`). Neither it nor the peer is counted for each letter.
        var sender: Unmanaged<SRTPSender>?
        var memory: SRTPSender.Memory?
        var to: UnsafePointer<cs_address>?
    }

    private let datagrams: Datagrams
    weak var port: MeetingPort?
    private let routes = UnsafeMutablePointer<Route>.allocate(capacity: MeetingPort.mostPeers)
    private let letters = UnsafeMutablePointer<cs_letter>.allocate(capacity: Departures.slots)
    private let answers = UnsafeMutableRawBufferPointer.allocate(
        byteCount: Departures.answerBytes * Datagrams.slots, alignment: 8)
    private let places = UnsafeMutablePointer<cs_address>.allocate(capacity: Datagrams.slots)
    private let replies = UnsafeMutablePointer<cs_letter>.allocate(capacity: Datagrams.slots)
    private var replyCount = 0

    init(_ datagrams: Datagrams) {
        self.datagrams = datagrams
        places.initialize(repeating: cs_address(), count: Datagrams.slots)
        routes.initialize(repeating: Route(), count: MeetingPort.mostPeers)
    }

    deinit {
        letters.deallocate()
        answers.deallocate()
        places.deallocate()
        replies.deallocate()
        routes.deallocate()
    }

    /// What a peer's letters are sealed with, or where they go, has changed.
    func reroute(_ peer: Peer, isGone: Bool = false) {
        guard peer.number < MeetingPort.mostPeers else { return }
        guard !isGone, peer.hasTo, let sender = peer.sender else { return routes[Int(peer.number)] = Route() }
        routes[Int(peer.number)] = Route(
            sender: .passUnretained(sender), memory: sender.memory, to: UnsafePointer(peer.to))
    }

    // MARK: Answers to checks

    /// Room for the next answer.
    var answerRoom: UnsafeMutableRawBufferPointer {
        let start = replyCount * Departures.answerBytes
        return UnsafeMutableRawBufferPointer(rebasing: answers[start..<(start + Departures.answerBytes)])
    }

    /// The room that was given last holds an answer of so many bytes.
    func answer(_ count: Int, to place: cs_address) {
        places[replyCount] = place
        replies[replyCount] = cs_letter(
            bytes: answerRoom.baseAddress, count: UInt32(truncatingIfNeeded: count), to: places + replyCount)
        replyCount += 1
        if replyCount == Datagrams.slots { sendAnswers() }
    }

    func sendAnswers() {
        datagrams.send(replies, replyCount)
        replyCount = 0
    }

    /// One datagram at once.
    func send(_ datagram: [UInt8], to place: UnsafePointer<cs_address>) {
        datagram.withUnsafeBytes { bytes in
            var letter = cs_letter(
                bytes: UnsafeMutableRawPointer(mutating: bytes.baseAddress), count: UInt32(bytes.count), to: place)
            datagrams.send(&letter, 1)
        }
    }

    // MARK: Media

    /// Seals and sends everything in its order: neighbours to one line, as the packets of a picture are, together.
    func drain(_ outbox: Outbox) {
        let count = outbox.count
        var (place, filled) = (0, 0)
        while place < count {
            let line = outbox.line(place)
            var end = place + 1
            while end < count, outbox.line(end) == line { end += 1 }
            defer { place = end }
            let route = route(of: line)
            let next = end < count ? self.route(of: outbox.line(end)).memory : nil
            next?.fetch()
            guard let sender = route.sender else {
                deliver(place..<end, of: outbox, to: line)
                continue
            }
            sender._withUnsafeGuaranteedRef { sender in
                for number in place..<end {
                    let letter = outbox.letter(number)
                    let sealed = Departures.seal(letter, sender)
                    guard sealed > 0 else { continue }
                    letters[filled] = cs_letter(
                        bytes: letter.bytes.baseAddress, count: UInt32(truncatingIfNeeded: sealed), to: route.to)
                    filled += 1
                }
            }
            next?.fetchFurther()
        }
        datagrams.send(letters, filled)
    }

    private func route(of line: UInt32) -> Route { line < MeetingPort.mostPeers ? routes[Int(line)] : Route() }

    /// Letters by TCP, and those that stay in the house and need no seal.
    private func deliver(_ places: Range<Int>, of outbox: Outbox, to line: UInt32) {
        guard let port, Int(line) < port.peers.count else { return }
        guard let peer = port.peers[Int(line)], let sender = peer.sender, let framed = peer.framed else {
            if let ear = port.ears[line] { whisper(places, of: outbox, to: ear) }
            return
        }
        for place in places {
            let letter = outbox.letter(place)
            let sealed = Departures.seal(letter, sender)
            if sealed > 0 { framed.send(UnsafeRawBufferPointer(start: letter.bytes.baseAddress, count: sealed)) }
        }
    }

    /// Letters that stay in the house need no seal.
    private func whisper(
        _ places: Range<Int>, of outbox: Outbox, to ear: (UnsafeRawBufferPointer, Bool) -> Void
    ) {
        for place in places {
            let letter = outbox.letter(place)
            ear(UnsafeRawBufferPointer(letter.bytes), letter.isControl)
        }
    }

    /// How long it is now; 0 when it must not be sent.
    private static func seal(_ letter: Outbox.Letter, _ sender: SRTPSender) -> Int {
        let room = UnsafeMutableRawBufferPointer(
            start: letter.bytes.baseAddress, count: letter.bytes.count + letter.room)
        do throws(SRTPFault) {
            return letter.isControl
                ? try sender.protect(rtcp: room, count: letter.bytes.count)
                : try sender.protect(rtp: room, count: letter.bytes.count)
        } catch {
            return 0
        }
    }
}

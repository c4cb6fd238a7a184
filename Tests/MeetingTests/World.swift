// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP

@testable import Studio

/// A meeting, its people and their lines, in a world whose clock stands still until the next thing happens.
final class MeetingWorld {
    private struct Happening {
        var at: Int64
        var order: Int
        var act: () -> Void
    }

    private(set) var now: Int64 = 1_000_000
    private var heap: [Happening] = []
    private var count = 0
    private var wakeAt: Int64 = .max
    private(set) var meeting: Meeting!
    private var outbox: Outbox!
    private var ends: [UInt32: (Bool, [UInt8]) -> Void] = [:]
    private(set) var news: [MeetingNews] = []
    var dice: NetDice
    /// Who is in it.
    var people: [AnyObject] = []

    init(seed: UInt64 = 7, settings: Meeting.Settings = .init()) {
        dice = NetDice(seed)
        outbox = Outbox { [unowned self] outbox in
            for index in 0..<outbox.count {
                let letter = outbox.letter(index)
                ends[letter.line]?(letter.isControl, Array(letter.bytes))
            }
        }
        meeting = Meeting(settings, outbox: outbox, seed: seed)
    }

    var tick: Tick { Tick(microseconds: now) }

    /// Something happens at an instant.
    func at(_ instant: Int64, _ act: @escaping () -> Void) {
        heap.append(Happening(at: max(instant, now), order: count, act: act))
        count += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard isBefore(heap[child], heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private func isBefore(_ left: Happening, _ right: Happening) -> Bool {
        (left.at, left.order) < (right.at, right.order)
    }

    private func pop() -> Happening {
        let first = heap[0]
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [parent * 2 + 1, parent * 2 + 2] where child < heap.count && isBefore(heap[child], heap[least])
            {
                least = child
            }
            if least == parent { return first }
            heap.swapAt(least, parent)
            parent = least
        }
    }

    /// Who sits behind a line: what the meeting sends there is told to it.
    func join(_ negotiated: Negotiated, line: UInt32, _ told: @escaping (Bool, [UInt8]) -> Void) -> SeatID {
        ends[line] = told
        guard let seat = meeting.seat(negotiated, line: line, at: tick) else { return SeatID(.max) }
        meeting.opened(seat, at: tick)
        drain()
        return seat
    }

    func leave(_ seat: SeatID, line: UInt32) {
        meeting.leave(seat, at: tick)
        ends[line] = nil
        drain()
    }

    func order(_ order: MeetingOrder) {
        meeting.take(order, at: tick)
        drain()
    }

    /// What becomes of a packet on its way in.
    var mangle: (([UInt8]) -> [UInt8])?

    /// A packet arrives at the meeting now.
    func arrive(_ bytes: [UInt8], from seat: SeatID) {
        var bytes = mangle?(bytes) ?? bytes
        bytes.withUnsafeMutableBytes { raw in
            if Packet.isControl(UnsafeRawBufferPointer(raw)) {
                meeting.receiveControl(UnsafeRawBufferPointer(raw), from: seat, at: tick)
            } else {
                meeting.receive(raw, from: seat, at: tick)
            }
        }
        drain()
    }

    func drain() {
        while true {
            switch meeting.next() {
            case .tell(let one): news.append(one)
            case .wake(let at):
                outbox.flush()
                wakeAt = at.microseconds
                return
            }
        }
    }

    /// So many milliseconds pass.
    func run(milliseconds: Int64) {
        let end = now + milliseconds * 1_000
        while true {
            let next = min(heap.first?.at ?? .max, wakeAt)
            guard next <= end else { break }
            now = max(now, next)
            if wakeAt <= now {
                meeting.time(at: tick)
                drain()
            } else {
                pop().act()
            }
        }
        now = end
    }
}

/// What two browsers would agree on with us; numbers as Chromium has them.
enum Agreed {
    static func publisher(
        video: Bool = true, audio: Bool = true, rids: [String] = [], format: PayloadFormat = .vp8, ssrc: UInt32 = 0x1000
    ) -> Negotiated {
        var sections: [NegotiatedSection] = []
        if audio {
            var sound = section("0", isVideo: false, .recvonly)
            sound.codings = [Coding(format: .opus, payloadType: 111)]
            sound.theirs = [.init(ssrc: ssrc)]
            sections.append(sound)
        }
        if video {
            var picture = section("1", isVideo: true, .recvonly)
            picture.codings = [Coding(format: format, payloadType: 96, repairType: 97)]
            picture.rids = rids
            if rids.isEmpty { picture.theirs = [.init(ssrc: ssrc + 1, repair: ssrc + 2)] }
            sections.append(picture)
        }
        return Negotiated(fragment: "pubf", password: "pubp", fingerprint: [], sections: sections)
    }

    static func viewer(
        videos: Int = 1, audios: Int = 1, ssrc: UInt32 = 0x9000, formats: [PayloadFormat] = [.vp8, .h264, .vp9, .av1],
        repairs: Bool = true
    ) -> Negotiated {
        var sections: [NegotiatedSection] = []
        for index in 0..<audios {
            var sound = section("a\(index)", isVideo: false, .sendonly)
            sound.codings = [Coding(format: .opus, payloadType: 109, redundantType: 63)]
            sound.ours = .init(ssrc: ssrc + UInt32(index))
            sections.append(sound)
        }
        for index in 0..<videos {
            var picture = section("v\(index)", isVideo: true, .sendonly)
            picture.codings = formats.enumerated().map { place, format in
                let type = UInt8(100 + place * 2)
                return Coding(format: format, payloadType: type, repairType: repairs ? type + 1 : nil)
            }
            picture.ours = .init(
                ssrc: ssrc + 100 + UInt32(index) * 2, repair: repairs ? ssrc + 101 + UInt32(index) * 2 : nil)
            sections.append(picture)
        }
        return Negotiated(fragment: "view", password: "pass", fingerprint: [], sections: sections)
    }

    private static func section(_ mid: String, isVideo: Bool, _ direction: Direction) -> NegotiatedSection {
        var section = NegotiatedSection(mid: mid, isVideo: isVideo)
        section.isRefused = false
        section.direction = direction
        section.hasTransportFeedback = true
        section.hasNACK = true
        // Publisher's and viewer's numbers differ on purpose.
        let isPublisher = direction == .recvonly
        section.extensions[.mid] = isPublisher ? 4 : 9
        section.extensions[.rid] = isPublisher ? 10 : 0
        section.extensions[.repairedRid] = isPublisher ? 11 : 0
        section.extensions[.audioLevel] = isPublisher ? 1 : 2
        section.extensions[.transportSequence] = isPublisher ? 3 : 5
        section.extensions[.dependencyDescriptor] = isPublisher ? 12 : 8
        return section
    }
}

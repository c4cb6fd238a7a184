// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP

@testable import Studio

/// Somebody who watches: it puts pictures together as a browser does, asks for what is missing, says when packets came,
/// and notes every picture it could show.
final class Onlooker {
    struct Shown: Equatable {
        var at: Int64
        var encoding: Int
        var frame: Int
        var timestamp: UInt32
        var height: Int
    }

    private final class Stream {
        var packets: [Int64: (Packet, [UInt8])] = [:]
        var unroller = Unroller()
        var next: Int64?
        var asked: [Int64: (since: Int64, at: Int64, tries: Int)] = [:]
        var shown: [Shown] = []
        var lastPicture: UInt16?
        var lastTimestamp: UInt32?
        var height = 0
        var received = 0
        /// Numbers that came as they were sent first, not as a repair.
        var originals: Set<Int64> = []
        var repaired = 0
        var isStuckSince: Int64?
        var needsKey = true
    }

    unowned let world: MeetingWorld
    let line: UInt32
    private(set) var seat = SeatID(.max)
    var downlink: NetLine
    /// Whether it says when packets came, and asks for those that did not.
    var tellsArrivals = true
    var asksAgain = true
    /// How much its clock is ahead of ours.
    var clockShift: Int64 = 0
    /// It looks at what came only so often, in microseconds: a busy machine.
    var naps: Int64 = 0
    private var streams: [UInt32: Stream] = [:]
    private var arrivals = TransportArrivals()
    private(set) var faults: [String] = []
    private(set) var soundCount = 0
    private var soundSeen: Set<Int64> = []
    private var soundUnroller = Unroller()
    private(set) var soundFirst: Int64?
    private(set) var soundLast: Int64 = 0
    private(set) var redundantCount = 0
    private(set) var bytes = 0
    private(set) var padding = 0
    private(set) var keyFramesAsked = 0
    private(set) var reports: [UInt32: SenderReport] = [:]
    let negotiated: Negotiated
    private var hasLeft = false

    init(
        _ world: MeetingWorld, line: UInt32, videos: Int = 1, audios: Int = 1, downlink: NetLine = NetLine(),
        negotiated: Negotiated? = nil
    ) {
        self.world = world
        self.line = line
        self.downlink = downlink
        self.negotiated = negotiated ?? Agreed.viewer(videos: videos, audios: audios, ssrc: line << 16)
        world.people.append(self)
        seat = world.join(self.negotiated, line: line) { [unowned self] isControl, bytes in
            guard var at = self.downlink.send(bytes.count, at: world.now, &world.dice) else { return }
            if naps > 0 { at = (at + naps - 1) / naps * naps }
            world.at(at) { [unowned self] in if !hasLeft { receive(bytes, isControl) } }
        }
        every(50_000) { $0.feedback() }
        every(10_000) { $0.ask() }
        every(1_000_000) { $0.tellReception() }
    }

    private func every(_ microseconds: Int64, _ act: @escaping (Onlooker) -> Void) {
        world.at(world.now + microseconds) { [unowned self] in
            guard !hasLeft else { return }
            act(self)
            every(microseconds, act)
        }
    }

    func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        world.leave(seat, line: line)
    }

    private func send(_ write: (inout ControlWriter) -> Void) {
        var room = [UInt8](repeating: 0, count: 1_400)
        let count = room.withUnsafeMutableBytes { raw in
            var writer = ControlWriter(raw)
            write(&writer)
            return writer.count
        }
        guard count > 0 else { return }
        let bytes = Array(room[..<count])
        world.at(world.now + downlink.delay) { [unowned self] in if !hasLeft { world.arrive(bytes, from: seat) } }
    }

    // MARK: What comes

    private func receive(_ bytes: [UInt8], _ isControl: Bool) {
        self.bytes += bytes.count
        if isControl { return hear(bytes) }
        guard let packet = bytes.withUnsafeBytes({ Packet($0) }) else {
            faults.append("no packet")
            return
        }
        if let at = bytes.withUnsafeBytes({ packet.element(5, in: $0) }) {
            arrivals.note(
                UInt16(bytes[at.lowerBound]) << 8 | UInt16(bytes[at.lowerBound + 1]),
                at: Tick(microseconds: world.now + clockShift))
        }
        for section in negotiated.sections {
            if section.ours.ssrc == packet.ssrc {
                guard section.isVideo else { return sound(packet, bytes, section) }
                picture(packet, bytes, packet.ssrc)
                let stream = stream(packet.ssrc)
                stream.originals.insert(stream.unroller.peek(packet.sequence))
                return
            }
            if section.ours.repair == packet.ssrc { return repair(packet, bytes, section) }
        }
        faults.append("a stream that was not agreed on: \(packet.ssrc)")
    }

    private func repair(_ packet: Packet, _ bytes: [UInt8], _ section: NegotiatedSection) {
        guard packet.payload.count >= 2 else {
            padding += bytes.count
            return
        }
        var again = bytes
        let coding = section.codings.first { $0.repairType == packet.payloadType }
        let count = again.withUnsafeMutableBytes {
            Repair.unwrap(packet, in: $0, ssrc: section.ours.ssrc, payloadType: coding?.payloadType ?? 0)
        }
        guard let count, let original = again[..<count].withUnsafeBytes({ Packet($0) }) else { return }
        stream(section.ours.ssrc).repaired += 1
        picture(original, Array(again[..<count]), section.ours.ssrc)
    }

    private func stream(_ ssrc: UInt32) -> Stream {
        if let stream = streams[ssrc] { return stream }
        let stream = Stream()
        streams[ssrc] = stream
        return stream
    }

    private func sound(_ packet: Packet, _ bytes: [UInt8], _ section: NegotiatedSection) {
        let number = soundUnroller.unroll(packet.sequence)
        if soundFirst == nil { soundFirst = number }
        soundLast = max(soundLast, number)
        if packet.payloadType == 63 {
            redundantCount += 1
            bytes.withUnsafeBytes { raw in
                Redundant.forEachBlock(in: raw.part(packet.payload)) { _, before, _ in
                    if before > 0 { soundSeen.insert(number - 1) }
                }
            }
        }
        if soundSeen.insert(number).inserted { soundCount += 1 }
        for missing in max(soundFirst ?? number, number - 20)..<max(number, soundFirst ?? number)
        where !soundSeen.contains(missing) && asksAgain {
            let ssrc = section.ours.ssrc
            let one = stream(ssrc)
            let known = one.asked[missing]
            guard known.map({ world.now - $0.at > 40_000 && $0.tries < 6 }) ?? true else { continue }
            one.asked[missing] = (known?.since ?? world.now, world.now, (known?.tries ?? 0) + 1)
            send { $0.nack(from: 1, of: ssrc, [UInt16(truncatingIfNeeded: missing)]) }
        }
    }

    /// Packets of sound that never came, of those that were sent.
    var soundMissing: Int {
        guard let first = soundFirst else { return 0 }
        // The last ones may still be asked for.
        return (first...max(first, soundLast - 25)).filter { !soundSeen.contains($0) }.count
    }

    // MARK: Pictures

    private func picture(_ packet: Packet, _ bytes: [UInt8], _ ssrc: UInt32) {
        let stream = stream(ssrc)
        let number = stream.unroller.unroll(packet.sequence)
        stream.received += 1
        if let next = stream.next, number < next { return }
        stream.packets[number] = (packet, bytes)
        stream.asked[number] = nil
        if stream.next == nil { stream.next = number }
        while show(stream) {}
        if stream.packets.isEmpty {
            stream.isStuckSince = nil
        } else if stream.isStuckSince == nil {
            stream.isStuckSince = world.now
        }
    }

    /// Shows the next picture when all of it is there and it follows from what was shown.
    private func show(_ stream: Stream) -> Bool {
        guard let start = stream.next, let first = stream.packets[start] else { return skip(stream) }
        var end = start
        while let (packet, _) = stream.packets[end], packet.timestamp == first.0.timestamp {
            if packet.marker {
                present(stream, start...end)
                return true
            }
            end += 1
        }
        return skip(stream)
    }

    /// After half a second without the missing packet, decoding goes on at a key picture that is whole.
    private func skip(_ stream: Stream) -> Bool {
        guard let since = stream.isStuckSince, world.now - since > 500_000 else { return false }
        for number in stream.packets.keys.sorted() {
            guard let (packet, bytes) = stream.packets[number] else { continue }
            let descriptor = bytes.withUnsafeBytes { VP8Descriptor($0.part(packet.payload)) }
            guard let descriptor, descriptor.isKey, number > (stream.next ?? 0) else { continue }
            stream.next = number
            stream.packets = stream.packets.filter { $0.key >= number }
            stream.needsKey = true
            stream.isStuckSince = nil
            return true
        }
        return false
    }

    private func present(_ stream: Stream, _ range: ClosedRange<Int64>) {
        guard let (packet, bytes) = stream.packets[range.lowerBound] else { return }
        let payload = Array(bytes[packet.payload])
        guard let descriptor = payload.withUnsafeBytes({ VP8Descriptor($0) }), descriptor.isStart else {
            faults.append("a picture that begins in the middle")
            stream.next = range.upperBound + 1
            for number in range { stream.packets[number] = nil }
            return
        }
        if descriptor.isKey {
            stream.height = payload.withUnsafeBytes { descriptor.size(in: $0)?.height } ?? 0
        } else if stream.needsKey {
            faults.append("a picture without what it needs")
        }
        stream.needsKey = false
        if let last = stream.lastPicture, let now = descriptor.pictureID, now != (last + 1) & 0x7FFF, !descriptor.isKey
        {
            faults.append("picture \(now) after \(last)")
        }
        if let last = stream.lastTimestamp, Int32(bitPattern: packet.timestamp &- last) <= 0 {
            faults.append("time went from \(last) to \(packet.timestamp)")
        }
        stream.lastPicture = descriptor.pictureID
        stream.lastTimestamp = packet.timestamp
        let at = descriptor.count + 10
        // What was mangled on its way in says nothing of itself.
        guard at + 2 < payload.count else {
            stream.next = range.upperBound + 1
            for number in range { stream.packets[number] = nil }
            return
        }
        stream.shown.append(
            Shown(
                at: world.now, encoding: Int(payload[at]), frame: Int(payload[at + 1]) << 8 | Int(payload[at + 2]),
                timestamp: packet.timestamp, height: stream.height))
        stream.next = range.upperBound + 1
        for number in range { stream.packets[number] = nil }
        stream.isStuckSince = nil
    }

    private func ask() {
        for (ssrc, stream) in streams {
            if !stream.packets.isEmpty {
                if stream.isStuckSince == nil { stream.isStuckSince = world.now }
                while show(stream) {}
            }
            guard let next = stream.next, let highest = stream.unroller.highest, asksAgain, highest >= next else {
                continue
            }
            var list: [UInt16] = []
            for number in next...highest where stream.packets[number] == nil {
                let known = stream.asked[number] ?? (world.now, 0, 0)
                guard known.tries < 10, world.now - known.at > max(30_000, downlink.delay * 3) else { continue }
                stream.asked[number] = (known.since, world.now, known.tries + 1)
                list.append(UInt16(truncatingIfNeeded: number))
            }
            if !list.isEmpty { send { $0.nack(from: 1, of: ssrc, list[...]) } }
            if let since = stream.isStuckSince, world.now - since > 600_000 {
                stream.isStuckSince = world.now - 500_001
                keyFramesAsked += 1
                send { $0.pictureLoss(from: 1, of: ssrc) }
            }
        }
    }

    // MARK: What it says

    private func feedback() {
        guard tellsArrivals, arrivals.isWaiting, let ssrc = streams.keys.first ?? negotiated.sections.first?.ours.ssrc
        else { return }
        send { $0.transportFeedback(from: 1, of: ssrc, &arrivals) }
    }

    private func tellReception() {
        var blocks: [ReportBlock] = []
        for section in negotiated.sections {
            let ssrc = section.ours.ssrc
            let report = reports[ssrc]
            blocks.append(
                ReportBlock(
                    ssrc: ssrc, fractionLost: section.isVideo ? 0 : soundLoss, cumulativeLost: 0, highestSequence: 1,
                    jitter: 0,
                    lastReport: report.map { SenderReport.middle(of: $0.ntp) } ?? 0,
                    delaySinceLastReport: UInt32((world.now - (reportedAt[ssrc] ?? world.now)) * 65_536 / 1_000_000)))
        }
        send { $0.receiverReport(from: 1, blocks[...]) }
    }

    /// What it says of lost sound, of 256.
    var soundLoss: UInt8 = 0
    private var reportedAt: [UInt32: Int64] = [:]

    private func hear(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { raw in
            var reader = ControlReader(raw)
            while let control = reader.next() {
                if case .senderReport(let report, _) = control {
                    reports[report.ssrc] = report
                    reportedAt[report.ssrc] = world.now
                }
            }
            if reader.isMalformed { faults.append("malformed RTCP") }
        }
    }

    // MARK: What it saw

    private func ssrc(_ slot: Int) -> UInt32 { negotiated.sections.filter(\.isVideo)[slot].ours.ssrc }
    func shown(_ slot: Int = 0) -> [Shown] { streams[ssrc(slot)]?.shown ?? [] }
    func repaired(_ slot: Int = 0) -> Int { streams[ssrc(slot)]?.repaired ?? 0 }

    /// Numbers between the first and the last that were never sent, or lost.
    func holes(_ slot: Int = 0) -> Int {
        guard let seen = streams[ssrc(slot)]?.originals, let first = seen.min(), let last = seen.max() else { return 0 }
        return Int(last - first) + 1 - seen.count
    }

    /// The longest time without a new picture between two instants, in milliseconds.
    func longestFreeze(_ slot: Int = 0, from: Int64 = 0, to: Int64 = .max) -> Int64 {
        let times = shown(slot).map(\.at).filter { $0 >= from && $0 <= to }
        return (zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? .max) / 1_000
    }
}

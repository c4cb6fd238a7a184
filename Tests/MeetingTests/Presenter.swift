// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP

@testable import Studio

/// Somebody who publishes: a camera in one or several encodings, a microphone, and a line to the meeting. Its packets are
/// written by hand; the picture says in its payload which encoding and which frame it is.
final class Presenter {
    struct Encoding {
        var rid = ""
        var height = 720
        var rate: Int64 = 1_500_000
        var isOn = true
        var temporalCount = 1
    }

    private final class Stream {
        let encoding: Int
        let ssrc: UInt32
        var sequence: UInt16
        var timestamp: UInt32
        var picture: UInt16 = 0
        var base: UInt8 = 0
        var frame = 0
        var wantsKey = true
        var kept: [UInt16: [UInt8]] = [:]
        var repairSequence: UInt16 = 9_000
        var packets: UInt32 = 0

        init(_ encoding: Int, ssrc: UInt32, sequence: UInt16, timestamp: UInt32) {
            self.encoding = encoding
            self.ssrc = ssrc
            self.sequence = sequence
            self.timestamp = timestamp
        }
    }

    unowned let world: MeetingWorld
    let line: UInt32
    private(set) var seat = SeatID(.max)
    var encodings: [Encoding]
    var uplink: NetLine
    /// How loud it is, 0 the loudest; nil says nothing of it.
    var level: UInt8? = 40
    var isSpeaking = true
    var isSendingVideo = true
    private(set) var keyFramesAsked = 0
    private(set) var keyFramesSent = 0
    private(set) var nacks = 0
    private(set) var audioSent = 0
    private var streams: [Stream] = []
    private var transport: UInt16 = 65_000
    private let baseSSRC: UInt32
    private let hasAudio: Bool
    private var audioSequence: UInt16 = 30_000
    private var audioTimestamp: UInt32 = 4_000_000
    private var audioKept: [UInt16: [UInt8]] = [:]
    /// This computer's clock is not ours.
    private let clockShift: Int64 = 77_000_000

    init(
        _ world: MeetingWorld, line: UInt32, encodings: [Encoding] = [Encoding()], audio: Bool = true,
        uplink: NetLine = NetLine()
    ) {
        self.world = world
        self.line = line
        self.encodings = encodings
        self.uplink = uplink
        hasAudio = audio
        baseSSRC = line << 16 | 0x10
        for index in encodings.indices {
            streams.append(
                Stream(
                    index, ssrc: baseSSRC + 1 + UInt32(index) * 2, sequence: UInt16(65_000 + index * 100),
                    timestamp: UInt32.max - 90_000 &+ UInt32(index) * 1_000_003))
        }
        let rids = encodings.map(\.rid).filter { !$0.isEmpty }
        world.people.append(self)
        seat = world.join(
            Agreed.publisher(video: !encodings.isEmpty, audio: audio, rids: rids, ssrc: baseSSRC), line: line
        ) { [unowned self] isControl, bytes in
            guard isControl, let at = downAt() else { return }
            world.at(at) { [unowned self] in hear(bytes) }
        }
        for stream in streams { picture(stream) }
        if audio { sound() }
        report()
    }

    private func downAt() -> Int64? { world.now + uplink.delay }

    private func send(_ bytes: [UInt8]) {
        if let at = uplink.send(bytes.count, at: world.now, &world.dice) {
            world.at(at) { [unowned self] in world.arrive(bytes, from: seat) }
        }
    }

    private func header(
        _ type: UInt8, _ sequence: UInt16, _ timestamp: UInt32, _ ssrc: UInt32, marker: Bool,
        _ elements: [(UInt8, [UInt8])]
    ) -> [UInt8] {
        transport &+= 1
        var extra: [UInt8] = []
        for (number, value) in elements + [(3, [UInt8(transport >> 8), UInt8(transport & 255)])] {
            extra += [number << 4 | UInt8(value.count - 1)] + value
        }
        while extra.count % 4 != 0 { extra.append(0) }
        return [0x90, type | (marker ? 0x80 : 0), UInt8(sequence >> 8), UInt8(sequence & 255)] + big(timestamp)
            + big(ssrc) + [0xBE, 0xDE, 0, UInt8(extra.count / 4)] + extra
    }

    private func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * UInt32($0)) & 255) } }

    // MARK: Pictures

    private func picture(_ stream: Stream) {
        world.at(world.now + 33_333) { [unowned self] in
            if isSendingVideo, encodings[stream.encoding].isOn { frame(stream) }
            stream.timestamp &+= 3_000
            picture(stream)
        }
    }

    private func frame(_ stream: Stream) {
        let encoding = encodings[stream.encoding]
        let isKey = stream.wantsKey
        stream.wantsKey = false
        if isKey {
            keyFramesSent += 1
            stream.frame = 0
        }
        let temporal: UInt8 = encoding.temporalCount < 2 || stream.frame % 2 == 0 ? 0 : 1
        stream.picture = (stream.picture &+ 1) & 0x7FFF
        if temporal == 0 { stream.base &+= 1 }
        var bytes = Int(encoding.rate / 240) * (isKey ? 4 : 1)
        let packets = max(1, (bytes + 1_099) / 1_100)
        let share = max(20, bytes / packets)
        for index in 0..<packets {
            // X, S on the first; I with 15 bits, L, T; then a payload header whose P says whether it is a key.
            var payload: [UInt8] = [
                index == 0 ? 0x90 : 0x80, 0xE0, 0x80 | UInt8(stream.picture >> 8), UInt8(stream.picture & 255),
                stream.base,
                temporal << 6 | 0x20, isKey ? 0 : 1, 0, 0, 0x9D, 0x01, 0x2A,
            ]
            let width = encoding.height * 16 / 9
            payload += [
                UInt8(width & 255), UInt8(width >> 8), UInt8(encoding.height & 255), UInt8(encoding.height >> 8),
            ]
            payload += [
                UInt8(stream.encoding), UInt8(stream.frame >> 8 & 255), UInt8(stream.frame & 255), UInt8(index),
            ]
            payload += [UInt8](repeating: 0xAB, count: max(0, share - payload.count))
            bytes -= share
            var elements: [(UInt8, [UInt8])] = [(4, Array("1".utf8))]
            if !encoding.rid.isEmpty { elements.append((10, Array(encoding.rid.utf8))) }
            let packet =
                header(96, stream.sequence, stream.timestamp, stream.ssrc, marker: index == packets - 1, elements)
                + payload
            stream.kept[stream.sequence] = packet
            stream.kept[stream.sequence &- 600] = nil
            stream.sequence &+= 1
            stream.packets += 1
            send(packet)
        }
        stream.frame += 1
    }

    // MARK: Sound

    private func sound() {
        world.at(world.now + 20_000) { [unowned self] in
            if isSpeaking { say() }
            audioTimestamp &+= 960
            sound()
        }
    }

    private func say() {
        var elements: [(UInt8, [UInt8])] = [(4, Array("0".utf8))]
        if let level { elements.append((1, [0x80 | level])) }
        let packet =
            header(111, audioSequence, audioTimestamp, baseSSRC, marker: false, elements)
            + [UInt8](repeating: UInt8(audioSent & 127), count: 80)
        audioKept[audioSequence] = packet
        audioKept[audioSequence &- 100] = nil
        audioSequence &+= 1
        audioSent += 1
        send(packet)
    }

    /// Padding as a browser probes with it, on the stream itself.
    func pad(_ index: Int = 0) {
        let stream = streams[index]
        var packet = header(96, stream.sequence, stream.timestamp, stream.ssrc, marker: false, [(4, Array("1".utf8))])
        packet[0] |= 0x20
        packet += [UInt8](repeating: 0, count: 49) + [50]
        stream.sequence &+= 1
        send(packet)
    }

    // MARK: What it is told

    private func report() {
        world.at(world.now + 500_000) { [unowned self] in
            let micros = world.now + clockShift
            var room = [UInt8](repeating: 0, count: 200)
            for stream in streams where encodings[stream.encoding].isOn {
                send(sender(stream.ssrc, stream.timestamp, micros, &room))
            }
            if hasAudio { send(sender(baseSSRC, audioTimestamp, micros, &room)) }
            report()
        }
    }

    private func sender(_ ssrc: UInt32, _ timestamp: UInt32, _ micros: Int64, _ room: inout [UInt8]) -> [UInt8] {
        let ntp = UInt64(micros / 1_000_000) << 32 | UInt64(micros % 1_000_000) << 32 / 1_000_000
        let count = room.withUnsafeMutableBytes { raw in
            var writer = ControlWriter(raw)
            writer.senderReport(
                SenderReport(ssrc: ssrc, ntp: ntp, timestamp: timestamp, packetCount: 1, byteCount: 1))
            return writer.count
        }
        return Array(room[..<count])
    }

    private func hear(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { raw in
            var reader = ControlReader(raw)
            while let control = reader.next() {
                switch control {
                case .pictureLoss(let ssrc):
                    keyFramesAsked += 1
                    streams.first { $0.ssrc == ssrc }?.wantsKey = true
                case .nack(let items): repair(items)
                default: break
                }
            }
        }
    }

    private func repair(_ items: NackItems) {
        var numbers: [UInt16] = []
        items.forEach { numbers.append($0) }
        nacks += numbers.count
        if items.ssrc == baseSSRC {
            for number in numbers { audioKept[number].map(send) }
            return
        }
        guard let stream = streams.first(where: { $0.ssrc == items.ssrc }) else { return }
        let rid = encodings[stream.encoding].rid
        for number in numbers {
            guard let packet = stream.kept[number] else { continue }
            var elements: [(UInt8, [UInt8])] = [(4, Array("1".utf8))]
            if !rid.isEmpty { elements.append((11, Array(rid.utf8))) }
            let parsed = packet.withUnsafeBytes { Packet($0) }
            guard let parsed else { continue }
            let again =
                header(97, stream.repairSequence, parsed.timestamp, stream.ssrc + 1, marker: parsed.marker, elements)
                + [UInt8(number >> 8), UInt8(number & 255)] + packet[parsed.payload]
            stream.repairSequence &+= 1
            send(again)
        }
    }
}

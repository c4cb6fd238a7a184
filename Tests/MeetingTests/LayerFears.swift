// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import SDP
import Testing

@testable import Studio

/// A stream of three spatial layers, as VP9 and AV1 have them (L3T1), sent by hand into a meeting.
private final class LayeredStage {
    let world = MeetingWorld(seed: 31)
    let publisher: SeatID
    let viewer: SeatID
    let format: PayloadFormat
    private(set) var letters: [(Packet, [UInt8])] = []
    private var sequence: UInt16 = 100
    private var picture: UInt16 = 0x7FF0
    private var timestamp: UInt32 = 0
    private(set) var asked = 0

    init(_ format: PayloadFormat) {
        self.format = format
        final class Box { var stage: LayeredStage? }
        let box = Box()
        publisher = world.join(Agreed.publisher(audio: false, format: format), line: 1) { isControl, bytes in
            guard isControl else { return }
            bytes.withUnsafeBytes { raw in
                var reader = ControlReader(raw)
                while let control = reader.next() { if case .pictureLoss = control { box.stage?.asked += 1 } }
            }
        }
        viewer = world.join(Agreed.viewer(videos: 1, audios: 0, ssrc: 0x9000), line: 2) { isControl, bytes in
            guard !isControl, let packet = bytes.withUnsafeBytes({ Packet($0) }), packet.ssrc == 0x9000 + 100 else {
                return
            }
            box.stage?.letters.append((packet, bytes))
        }
        box.stage = self
    }

    /// One picture: a packet for each spatial layer, larger upwards.
    func picture(isKey: Bool) {
        for spatial in 0..<3 {
            var extra: [UInt8] = [0x40, UInt8(ascii: "1")]
            var payload: [UInt8]
            if format == .vp9 {
                // I, P, L, F, B, E; layer indices; one reference when it is predicted.
                let isInter = !isKey
                payload = [
                    0x80 | (isInter ? 0x40 : 0) | 0x20 | 0x10 | 0x08 | 0x04, 0x80 | UInt8(picture >> 8 & 0x7F),
                    UInt8(picture & 255), UInt8(spatial) << 1 | (spatial > 0 ? 1 : 0),
                ]
                if isInter { payload.append(0x02) }
            } else {
                payload = [spatial == 0 && isKey ? 0x18 : 0x10]
                let descriptor = Self.descriptor(spatial: spatial, frame: picture &* 3 &+ UInt16(spatial), isKey: isKey)
                extra += [12 << 4 | UInt8(descriptor.count - 1)] + descriptor
            }
            while extra.count % 4 != 0 { extra.append(0) }
            payload += [UInt8(spatial)] + [UInt8](repeating: 0x77, count: 200 << spatial)
            let marker: UInt8 = spatial == 2 ? 0x80 : 0
            let head: [UInt8] =
                [0x90, 96 | marker, UInt8(sequence >> 8), UInt8(sequence & 255)]
                + (0..<4).map { UInt8(timestamp >> (24 - 8 * UInt32($0)) & 255) } + [0, 0, 0x10, 0x01]
            world.arrive(head + [0xBE, 0xDE, 0, UInt8(extra.count / 4)] + extra + payload, from: publisher)
            sequence &+= 1
        }
        picture = (picture + 1) & 0x7FFF
        timestamp &+= 3_000
        world.run(milliseconds: 33)
    }

    /// Three spatial layers and three targets: written bit by bit (AV1 RTP specification, A.8).
    private static func descriptor(spatial: Int, frame: UInt16, isKey: Bool) -> [UInt8] {
        var bits = "11" + binary(spatial, 6) + binary(Int(frame), 16)
        if isKey, spatial == 0 {
            bits += "10000" + "000000" + "00010" + "10" + "10" + "11"
            bits += ["101010", "001010", "000010"].joined()
            bits += "0" + "0" + "0"
            bits += "00" + "0"
        }
        while bits.count % 8 != 0 { bits += "0" }
        let digits = Array(bits)
        return stride(from: 0, to: digits.count, by: 8).map { UInt8(String(digits[$0..<($0 + 8)]), radix: 2) ?? 0 }
    }

    private static func binary(_ value: Int, _ width: Int) -> String {
        let text = String(value, radix: 2)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// The spatial layer of each packet that the viewer got, by pictures.
    func pictures(from index: Int) -> [[Int]] {
        var all: [[Int]] = []
        var last: UInt32?
        for (packet, bytes) in letters[index...] {
            let at =
                packet.payload.count - 1 - (packet.payload.count > 700 ? 800 : packet.payload.count > 350 ? 400 : 200)
            let spatial = Int(bytes[packet.payload.lowerBound + at])
            if packet.timestamp == last { all[all.count - 1].append(spatial) } else { all.append([spatial]) }
            last = packet.timestamp
        }
        return all
    }
}

@Suite("Spatial layers in one stream")
struct LayerFears {
    @Test(
        "a small tile gets the lowest layer, whole pictures with their end marked, and no hole",
        arguments: [PayloadFormat.vp9, .av1])
    func lowest(format: PayloadFormat) throws {
        let stage = LayeredStage(format)
        for index in 0..<60 { stage.picture(isKey: index == 0) }
        let source = try #require(stage.world.meeting.publishing.first?.source)
        #expect(stage.pictures(from: max(0, stage.letters.count - 9)).suffix(2) == [[0, 1, 2], [0, 1, 2]])
        stage.world.order(.watch(stage.viewer, [Wish(source: source, heightLimit: 100)]))
        let begin = stage.letters.count
        for _ in 0..<30 { stage.picture(isKey: false) }
        #expect(stage.pictures(from: begin).dropFirst() == ArraySlice(repeating: [0], count: 29))
        let tail = stage.letters.suffix(20)
        #expect(tail.allSatisfy { $0.0.marker })
        let numbers = tail.map(\.0.sequence)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 &+ 1 })
    }

    @Test("more layers come with the next key picture, which is asked for", arguments: [PayloadFormat.vp9, .av1])
    func up(format: PayloadFormat) throws {
        let stage = LayeredStage(format)
        for index in 0..<60 { stage.picture(isKey: index == 0) }
        let source = try #require(stage.world.meeting.publishing.first?.source)
        stage.world.order(.watch(stage.viewer, [Wish(source: source, heightLimit: 100)]))
        for _ in 0..<30 { stage.picture(isKey: false) }
        let asked = stage.asked
        stage.world.order(.watch(stage.viewer, [Wish(source: source, heightLimit: 2_000)]))
        for _ in 0..<15 { stage.picture(isKey: false) }
        #expect(stage.asked > asked)
        let begin = stage.letters.count
        #expect(stage.pictures(from: begin - 2) == [[0], [0]])
        stage.picture(isKey: true)
        for _ in 0..<5 { stage.picture(isKey: false) }
        #expect(stage.pictures(from: begin) == Array(repeating: [0, 1, 2], count: 6))
        #expect(stage.letters.suffix(3).map(\.0.marker) == [false, false, true])
    }
}

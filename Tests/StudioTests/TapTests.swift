// SPDX-License-Identifier: Apache-2.0
import FMP4
import Media
import Testing

@testable import Studio

/// RTP packets become frames: in order, whole, on one clock.
@Suite("A tap") struct TapTests {
    private static let sps: [UInt8] = [
        0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xA0, 0x47, 0xFE, 0x88, 0x00, 0x00, 0x03, 0x00, 0x08, 0x00, 0x00, 0x03,
        0x01,
        0xE4, 0x78, 0xB1, 0x75,
    ]
    private static let pps: [UInt8] = [0x68, 0xCB, 0x83, 0xCB, 0x20]

    private static func packet(
        _ sequence: UInt16, _ timestamp: UInt32, _ payload: [UInt8], last: Bool = false, type: UInt8 = 96
    ) -> [UInt8] {
        func word(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        return [0x80, (last ? 0x80 : 0) | type, UInt8(sequence >> 8), UInt8(sequence & 255)] + word(timestamp) + word(1)
            + payload
    }

    private static func stap(_ units: [[UInt8]]) -> [UInt8] {
        [24] + units.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 255)] + $0 }
    }

    /// A unit in pieces of so many bytes (FU-A).
    private static func pieces(_ unit: [UInt8], _ size: Int) -> [[UInt8]] {
        let body = Array(unit.dropFirst())
        return stride(from: 0, to: body.count, by: size).map { start in
            let isLast = start + size >= body.count
            let flags: UInt8 = (start == 0 ? 0x80 : 0) | (isLast ? 0x40 : 0)
            return [unit[0] & 0xE0 | 28, flags | unit[0] & 31] + body[start..<min(body.count, start + size)]
        }
    }

    private static func sized(_ unit: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(unit.count >> 8), UInt8(unit.count & 255)] + unit
    }

    /// A key frame in a STAP-A and pieces, then two more frames of one packet each: packets, and samples' bytes.
    private static func stream() -> (packets: [[UInt8]], frames: [[UInt8]]) {
        let idr = [0x65] + (0..<900).map { UInt8(truncatingIfNeeded: $0) }
        let (second, third): ([UInt8], [UInt8]) = ([0x41, 1, 2, 3], [0x41, 4, 5])
        var packets = [packet(65_534, 1_000, stap([sps, pps]))]
        let cut = pieces(idr, 300)
        for (place, piece) in cut.enumerated() {
            packets.append(packet(65_535 &+ UInt16(place), 1_000, piece, last: place == cut.count - 1))
        }
        packets.append(packet(2, 4_000, second, last: true))
        packets.append(packet(3, 7_000, third, last: true))
        return (packets, [sized(idr), sized(second), sized(third)])
    }

    private static func feed(_ packets: [[UInt8]], to tap: inout Tap, at now: Tick = Tick(milliseconds: 10)) -> [Tap
        .Output]
    {
        var found: [Tap.Output] = []
        for packet in packets {
            packet.withUnsafeBytes { tap.take($0, isVideo: packet[1] & 127 == 96, at: now) }
            while let output = tap.next() { found.append(output) }
        }
        return found
    }

    private static func samples(_ found: [Tap.Output]) -> [Sample] {
        found.compactMap { if case .signal(.sample(let sample)) = $0 { sample } else { nil } }
    }

    @Test("puts pictures together from aggregates and fragments, over the wrap of numbers") func assembles() throws {
        var tap = Tap()
        let (packets, frames) = Self.stream()
        let found = Self.feed(packets, to: &tap)
        let samples = Self.samples(found)
        #expect(samples.map { Array($0.bytes) } == frames)
        #expect(samples.map(\.isKey) == [true, false, false])
        #expect(samples.map { $0.microseconds - samples[0].microseconds } == [0, 33_333, 66_666])
        var sets = ParameterSets.avc
        _ = (sets.take(Self.sps[...]), sets.take(Self.pps[...]))
        let record = try #require(try sets.record())
        let configurations = found.compactMap {
            if case .signal(.configuration(_, let codec, let bytes)) = $0 { (codec, Array(bytes)) } else { nil }
        }
        #expect(configurations.map(\.0) == [.avc])
        #expect(configurations.map(\.1) == [record])
    }

    @Test("puts packets in order") func reorders() {
        let (packets, frames) = Self.stream()
        // The first one says where the stream begins; the rest in any order.
        for turn in 1..<packets.count {
            var tap = Tap()
            var shuffled = [packets[0]] + packets.dropFirst().reversed()
            shuffled.swapAt(turn, 1)
            #expect(Self.samples(Self.feed(shuffled, to: &tap)).map { Array($0.bytes) } == frames)
        }
    }

    @Test("gives up what never comes, and then waits for a key frame") func gap() {
        let (packets, frames) = Self.stream()
        var tap = Tap()
        // The second frame is lost, the third cannot be decoded without it.
        var found = Self.feed(Array(packets.dropLast(2)) + [packets[packets.count - 1]], to: &tap)
        #expect(Self.samples(found).map { Array($0.bytes) } == [frames[0]])
        tap.time(at: Tick(milliseconds: 10 + 600))
        found = []
        while let output = tap.next() { found.append(output) }
        #expect(found == [.missing(1), .wantsKeyFrame])
        let again = Self.packet(4, 10_000, Self.stap([Self.sps, Self.pps, [0x65, 9, 9]]), last: true)
        let later = Self.feed([again], to: &tap, at: Tick(milliseconds: 700))
        #expect(Self.samples(later).map { Array($0.bytes) } == [Self.sized([0x65, 9, 9])])
    }

    @Test("hears Opus as it comes") func sound() {
        var tap = Tap()
        let found = Self.feed(
            (0..<3).map { Self.packet($0, 960 * UInt32($0), [0x78, UInt8($0)], type: 111) }, to: &tap)
        let samples = Self.samples(found)
        #expect(samples.map { Array($0.bytes) } == [[0x78, 0], [0x78, 1], [0x78, 2]])
        #expect(samples.map { $0.microseconds - samples[0].microseconds } == [0, 20_000, 40_000])
        guard case .signal(.configuration(let track, .opus, let head)) = found.first else {
            Issue.record("no configuration first: \(found)")
            return
        }
        #expect(track == TrackID(.audio))
        #expect((try? AudioFormat.opus(head))?.channels == 2)
    }

    @Test("draws the picture's clock to the sound's when reports tell how they belong together") func clocks() {
        var tap = Tap()
        let (packets, _) = Self.stream()
        _ = Self.feed([Self.packet(0, 0, [0x78, 0], type: 111)], to: &tap, at: Tick(milliseconds: 1_000))
        // The picture came 40 ms later than the sound of the same moment.
        var samples = Self.samples(Self.feed(packets, to: &tap, at: Tick(milliseconds: 1_040)))
        #expect(samples.map(\.microseconds) == [1_040_000, 1_073_333, 1_106_666])
        let second: UInt64 = 1 << 32
        tap.takeReport(ntp: 100 * second, timestamp: 0, isVideo: false)
        tap.takeReport(ntp: 100 * second, timestamp: 1_000, isVideo: true)
        for number in 0..<40 {
            let frame = Self.packet(4 + UInt16(number), 10_000 + 3_000 * UInt32(number), [0x41, 1], last: true)
            samples += Self.samples(Self.feed([frame], to: &tap, at: Tick(milliseconds: 1_200)))
        }
        let apart = samples.map(\.microseconds)
        #expect(zip(apart, apart.dropFirst()).allSatisfy { $1 - $0 >= 31_000 && $1 - $0 <= 34_000 })
        // In the end the first frame's moment would be that of the first sound.
        #expect(abs((apart.last ?? 0) - (1_000_000 + (9_000 + 3_000 * 39) * 100 / 9)) <= 100)
    }

    @Test("anything else is dropped") func hostile() {
        var state: UInt64 = 9
        func die() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        var tap = Tap()
        for number in 0..<3_000 {
            let payload = (0..<Int(die() % 40)).map { _ in die() }
            let packet = Self.packet(UInt16(number), 3_000 * UInt32(number / 3), payload, last: number % 3 == 2)
            for sample in Self.samples(Self.feed([packet], to: &tap)) { #expect(!sample.bytes.isEmpty) }
        }
    }
}

/// What is packetised is heard again as it was.
@Suite("A packetizer") struct PacketizerTests {
    @Test("makes packets of which a tap makes the same frames") func roundTrip() throws {
        let sps: [UInt8] = [
            0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xA0, 0x47, 0xFE, 0x88, 0x00, 0x00, 0x03, 0x00, 0x08, 0x00, 0x00, 0x03,
            0x01, 0xE4, 0x78, 0xB1, 0x75,
        ]
        var sets = ParameterSets.avc
        _ = (sets.take(sps[...]), sets.take([0x68, 0xCB, 0x83, 0xCB, 0x20][...]))
        let record = try #require(try sets.record())
        let sizes = [5_000, 1_180, 1_181, 1_182, 3, 2_361]
        let samples = sizes.enumerated().map { place, size in
            let unit = [place == 0 ? 0x65 : 0x41] + (1..<size).map { UInt8(truncatingIfNeeded: $0 * 7) }
            let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
            return Sample(
                track: TrackID(.video), microseconds: 1_000_000 + Int64(place) * 40_000, isKey: place == 0,
                bytes: (length + unit)[...])
        }
        var (packetizer, tap) = (Packetizer(.video, stream: 9, payloadType: 96, sequence: 65_533), Tap())
        packetizer.configure(avc: record[...])
        var found: [Signal] = []
        for sample in samples {
            for packet in packetizer.picture(sample) {
                #expect(packet.count <= 1_200)
                packet.withUnsafeBytes { tap.take($0, isVideo: true, at: Tick(milliseconds: 3)) }
                while let output = tap.next() { if case .signal(let signal) = output { found.append(signal) } }
            }
        }
        #expect(found.first == .configuration(TrackID(.video), .avc, record[...]))
        let heard = found.compactMap { if case .sample(let sample) = $0 { sample } else { nil } }
        #expect(heard.map { Array($0.bytes) } == samples.map { Array($0.bytes) })
        #expect(heard.map(\.isKey) == samples.map(\.isKey))
        #expect(
            heard.map { $0.microseconds - heard[0].microseconds } == [0, 40_000, 80_000, 120_000, 160_000, 200_000])
    }
}

// SPDX-License-Identifier: Apache-2.0
import FMP4
import Media
import RTP
import Testing

@testable import Studio

/// SplitMix64.
private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A publisher's stream of pictures that nobody decodes.
private struct Film {
    struct Picture {
        let bytes: [UInt8]
        let isKey: Bool
        let timestamp: UInt32
        var packets: [[UInt8]] = []
    }

    var pictures: [Picture] = []
    private var sequence: UInt16
    private let stream: UInt32

    init(stream: UInt32 = 1, sequence: UInt16 = 65_000) { (self.stream, self.sequence) = (stream, sequence) }

    static func packet(
        _ sequence: UInt16, _ timestamp: UInt32, _ payload: [UInt8], isLast: Bool, stream: UInt32 = 1
    ) -> [UInt8] {
        func word(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        return [0x80, (isLast ? 0x80 : 0) | 96, UInt8(sequence >> 8), UInt8(sequence & 255)] + word(timestamp)
            + word(stream) + payload
    }

    /// One more picture of VP8, in packets of at most 300 bytes.
    mutating func add(bytes count: Int, isKey: Bool, timestamp: UInt32, _ dice: inout Dice) {
        var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) }
        bytes[0] = bytes[0] & 0xFE | (isKey ? 0 : 1)
        if isKey { bytes.replaceSubrange(3..<10, with: [0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x01]) }
        var picture = Picture(bytes: bytes, isKey: isKey, timestamp: timestamp)
        for start in stride(from: 0, to: count, by: 300) {
            let piece = bytes[start..<min(count, start + 300)]
            picture.packets.append(
                Film.packet(
                    sequence, timestamp, [start == 0 ? 0x10 : 0] + piece, isLast: start + 300 >= count, stream: stream))
            sequence &+= 1
        }
        pictures.append(picture)
    }

    static func random(_ seed: UInt64, pictures count: Int, keyEvery: Int) -> (film: Film, dice: Dice) {
        var dice = Dice(state: seed)
        var film = Film()
        for number in 0..<count {
            let isKey = number % keyEvery == 0
            film.add(
                bytes: Int.random(in: isKey ? 900...3_000 : 12...1_200, using: &dice), isKey: isKey,
                timestamp: 4_294_900_000 &+ UInt32(number) &* 3_000, &dice)
        }
        return (film, dice)
    }
}

private func frames(_ outputs: [TrackEar.Output]) -> [CodedFrame] {
    outputs.compactMap { if case .frame(let frame) = $0 { frame } else { nil } }
}

extension TrackEar {
    fileprivate mutating func hear(
        _ packet: [UInt8], _ format: PayloadFormat = .vp8, place: Int = 0, report: TappedPacket.Report? = nil,
        offset: Int64? = nil, stretch: UInt32 = 0, at now: Tick
    ) -> [Output] {
        var tapped = TappedPacket(
            source: SourceID(1), stream: packet.withUnsafeBytes { $0.word32(8) }, place: place, format: format)
        (tapped.report, tapped.clockOffset, tapped.stretch) = (report, offset, stretch)
        packet.withUnsafeBytes { take(tapped, $0, at: now) }
        return all()
    }

    fileprivate mutating func all() -> [Output] {
        var found: [Output] = []
        while let output = next() { found.append(output) }
        return found
    }
}

/// What is recorded of a meeting is what was sent, or nothing.
@Suite("A tape fears") struct TapeFears {
    @Test("a line that loses, delays and turns around packets", arguments: [1, 7, 42, 2569] as [UInt64])
    func loss(_ seed: UInt64) {
        var (film, dice) = Film.random(seed, pictures: 600, keyEvery: 60)
        // When each packet comes, or nil for never: one in twenty is repaired late, one in four hundred not at all.
        var arrivals: [(at: Int64, order: Int, packet: [UInt8])] = []
        var expected: [Film.Picture] = []
        var isBroken = false
        for (number, picture) in film.pictures.enumerated() {
            var isWhole = true
            for packet in picture.packets {
                let sent = Int64(number) * 33_333
                let lot = Int.random(in: 0..<400, using: &dice)
                // The first picture says where the stream begins.
                if lot == 0, number > 0 {
                    isWhole = false
                    continue
                }
                let late = lot < 20 && number > 0 ? Int64.random(in: 30_000...800_000, using: &dice) : 0
                let jitter = number > 0 ? Int64.random(in: 0...15_000, using: &dice) : 0
                arrivals.append((sent + late + jitter, arrivals.count, packet))
            }
            if !isWhole { isBroken = true }
            if isWhole, picture.isKey { isBroken = false }
            if isWhole, !isBroken { expected.append(picture) }
        }
        var ear = TrackEar()
        var outputs: [TrackEar.Output] = []
        for arrival in arrivals.sorted(by: { ($0.at, $0.order) < ($1.at, $1.order) }) {
            outputs += ear.hear(arrival.packet, at: Tick(microseconds: arrival.at))
        }
        ear.time(at: Tick(microseconds: 600 * 33_333 + 2_000_000))
        outputs += ear.all()
        let found = frames(outputs)
        #expect(found.map(\.bytes) == expected.map(\.bytes), "seed \(seed)")
        #expect(found.map(\.isKey) == expected.map(\.isKey))
        let first = film.pictures[0].timestamp
        #expect(found.map(\.microseconds) == expected.map { Int64($0.timestamp &- first) * 100 / 9 })
        #expect(expected.count > 300 && expected.count < 600)
        #expect(outputs.contains(.wantsKeyFrame))
        #expect(found.filter(\.isKey).allSatisfy { $0.width == 640 && $0.height == 360 })
        film.pictures = []
    }

    @Test("padding between pictures") func padding() {
        let (film, _) = Film.random(3, pictures: 1, keyEvery: 1)
        var ear = TrackEar()
        var found: [CodedFrame] = []
        for packet in film.pictures[0].packets { found += frames(ear.hear(packet, at: Tick(milliseconds: 1))) }
        let next = film.pictures[0].packets.count
        // Only padding: RTP's P bit, and a last byte that says how much.
        var empty = Film.packet(65_000 &+ UInt16(next), 9, [0, 0, 3], isLast: false)
        empty[0] |= 0x20
        found += frames(ear.hear(empty, at: Tick(milliseconds: 2)))
        let last = Film.packet(65_001 &+ UInt16(next), 12_000, [0x10, 1, 2, 3], isLast: true)
        found += frames(ear.hear(last, at: Tick(milliseconds: 3)))
        #expect(found.map(\.bytes) == [film.pictures[0].bytes, [1, 2, 3]])
    }

    @Test("an encoding that is switched off, and a better one that comes") func layers() {
        var dice = Dice(state: 5)
        var (small, large) = (Film(stream: 10), Film(stream: 20))
        for number in 0..<90 {
            let time = UInt32(number) * 3_000
            small.add(bytes: 40, isKey: number == 0 || number == 80, timestamp: time, &dice)
            // Another clock altogether, and it sends for one second only.
            if number >= 10, number < 30 { large.add(bytes: 200, isKey: number == 15, timestamp: time + 777, &dice) }
        }
        var ear = TrackEar()
        var told: [(stream: UInt32, frame: CodedFrame)] = []
        for number in 0..<90 {
            let now = Tick(microseconds: Int64(number) * 33_333)
            for packet in small.pictures[number].packets {
                told += frames(ear.hear(packet, place: 0, at: now)).map { (10, $0) }
            }
            guard number >= 10, number < 30 else { continue }
            for packet in large.pictures[number - 10].packets {
                told += frames(ear.hear(packet, place: 1, at: now)).map { (20, $0) }
            }
        }
        // The small one until the large one's key frame, that one until it stops, then the small one's next key frame.
        let expected: [(UInt32, [UInt8])] =
            (0...15).map { (10, small.pictures[$0].bytes) } + (15..<30).map { (20, large.pictures[$0 - 10].bytes) }
            + (80..<90).map { (10, small.pictures[$0].bytes) }
        #expect(told.map(\.stream) == expected.map(\.0))
        #expect(told.map(\.frame.bytes) == expected.map(\.1))
        let times = told.map(\.frame.microseconds)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("half an hour in a group: numbers have gone round meanwhile") func away() {
        var dice = Dice(state: 9)
        var film = Film(sequence: 100)
        for number in 0..<3 { film.add(bytes: 50, isKey: number == 0, timestamp: UInt32(number) * 3_000, &dice) }
        // Half of all numbers later, which by themselves would be earlier ones.
        var later = Film(sequence: 100 &+ 40_000)
        for number in 0..<4 {
            later.add(bytes: 50, isKey: number == 1, timestamp: 162_000_000 + UInt32(number) * 3_000, &dice)
        }
        var ear = TrackEar()
        var found: [CodedFrame] = []
        for (number, picture) in film.pictures.enumerated() {
            let now = Tick(milliseconds: Int64(number) * 33)
            found += frames(ear.hear(picture.packets[0], at: now))
        }
        var wishes: [TrackEar.Output] = []
        for (number, picture) in later.pictures.enumerated() {
            let now = Tick(milliseconds: 1_800_000 + Int64(number) * 33)
            let outputs = ear.hear(picture.packets[0], stretch: 1, at: now)
            found += frames(outputs)
            wishes += outputs.filter { $0 == .wantsKeyFrame }
        }
        #expect(found.map(\.bytes) == (film.pictures + later.pictures.dropFirst()).map(\.bytes))
        #expect(found.last.map { $0.microseconds >= 1_800_000_000 } == true)
        #expect(!wishes.isEmpty, "the first picture after it is no key frame")
    }

    @Test("sound and picture that come apart: reports lay both on one clock") func clocks() {
        var (sound, picture) = (TrackEar(), TrackEar())
        // On the publisher's clock sound 5,000 and picture 90,000 are of the same moment, 100 s; ours is 40 s behind. The
        // picture comes 200 ms late.
        let moment: Int64 = 100_000_000
        let heard = frames(
            sound.hear(
                Film.packet(1, 5_000, [0x78, 1], isLast: true), .opus,
                report: .init(microseconds: moment, timestamp: 5_000),
                offset: -40_000_000, at: Tick(microseconds: 60_020_000)))
        var dice = Dice(state: 1)
        var film = Film(stream: 2)
        film.add(bytes: 50, isKey: true, timestamp: 90_000, &dice)
        let seen = frames(
            picture.hear(
                film.pictures[0].packets[0], report: .init(microseconds: moment + 1_000_000, timestamp: 180_000),
                offset: -40_000_000, at: Tick(microseconds: 60_200_000)))
        #expect(heard.map(\.microseconds) == [60_000_000])
        #expect(seen.map(\.microseconds) == [60_000_000])
        #expect(heard.first?.configuration == CodedFrame.opusHead)
    }
}

/// Packets become what files have.
@Suite("A frame builder") struct FrameBuilderTests {
    private func hear(_ payloads: [[UInt8]], _ format: PayloadFormat) -> [CodedFrame] {
        var ear = TrackEar()
        var outputs: [TrackEar.Output] = []
        for (number, payload) in payloads.enumerated() {
            let isLast = number == payloads.count - 1
            outputs += ear.hear(
                Film.packet(UInt16(number), 9_000, payload, isLast: isLast), format, at: Tick(milliseconds: 5))
        }
        return frames(outputs)
    }

    @Test("writes the lengths of VP9's layer frames behind them") func superframe() {
        // RFC 9628, 4.2: I, L, B and E; no picture before, spatial layers 0 and 1.
        let small = [0x82, 0x49, 0x83, 0x42, 0x00, 0x02, 0x7F, 0x01, 0x67] as [UInt8]
        let large = [UInt8](repeating: 7, count: 300)
        let found = hear(
            [
                [0x80 | 0x20 | 0x08 | 0x04, 5, 0x00, 0] + small,
                [0x80 | 0x20 | 0x08, 5, 0x03, 0] + large[..<200],
                [0x80 | 0x20 | 0x04, 5, 0x03, 0] + large[200...],
            ], .vp9)
        let lengths: [UInt8] = [9, 0, 44, 1]
        #expect(found.map(\.bytes) == [small + large + [0xC9] + lengths + [0xC9]])
        #expect(found.map(\.isKey) == [true])
    }

    @Test("gives AV1's units their sizes, and makes its record") func av1() throws {
        // A sequence header of level 3.0 (4 in its five bits), without its size; then a frame in two packets.
        let header: [UInt8] = [0x08, 0x00, 0x00, 0x00, 0x24, 0xC4, 0xFF, 0xDF, 0x3F, 0xFE, 0x0D, 0x22]
        let frame: [UInt8] = [0x30] + (0..<200).map { UInt8($0) }
        let found = hear(
            [
                // Z 0, Y 1, W 2, N 1: the header behind its length, and the frame's beginning.
                [0x40 | 0x20 | 0x08, UInt8(header.count)] + header + frame[..<120],
                // Z 1, Y 0, W 1: its end.
                [0x80 | 0x10] + frame[120...],
            ], .av1)
        let sized = [0x0A, 11] + header.dropFirst() + [0x32, 0xC8, 0x01] + frame.dropFirst()
        #expect(found.map(\.bytes) == [sized])
        #expect(found.map(\.isKey) == [true])
        let record = try #require(found.first?.configuration)
        #expect(record == [0x81, 0x04, 0x0C, 0x00] + [0x0A, 11] + header.dropFirst())
        let read = try VideoFormat.av1(record[...])
        #expect((found.first?.width, found.first?.height) == (read.width, read.height))
    }

    @Test("keeps H.264's parameter sets beside its pictures") func sets() throws {
        let sps: [UInt8] = [
            0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xA0, 0x47, 0xFE, 0x88, 0x00, 0x00, 0x03, 0x00, 0x08, 0x00, 0x00, 0x03,
            0x01, 0xE4, 0x78, 0xB1, 0x75,
        ]
        let pps: [UInt8] = [0x68, 0xCB, 0x83, 0xCB, 0x20]
        let found = hear([sps, pps, [0x65, 1, 2, 3]], .h264)
        #expect(found.map(\.bytes) == [[0, 0, 0, 4, 0x65, 1, 2, 3]])
        #expect(found.map(\.sets) == [[0, 0, 0, 23] + sps + [0, 0, 0, 5] + pps])
        let format = try VideoFormat.avc(try #require(found.first?.configuration)[...])
        #expect((found.first?.width, found.first?.height) == (format.width, format.height))
    }
}

// SPDX-License-Identifier: Apache-2.0
import Footage
import MPEGTS
import Media
import Testing

/// What a bad line does to a stream.
@Suite struct LossyLine {
    static let packet = 188

    /// The fixture without these packets.
    static func without(_ places: Set<Int>, _ name: String = "ts-avc-aac.ts") throws -> [UInt8] {
        let bytes = try footage(name)
        return (0..<bytes.count / packet).filter { !places.contains($0) }.flatMap {
            bytes[($0 * packet)..<(($0 + 1) * packet)]
        }
    }

    @Test func everySingleLostPacketCostsAtMostTheFramesOfItsPESPacket() throws {
        let bytes = try footage("ts-avc-aac.ts")
        let whole = Hearing([bytes[...]])
        let all = Set(whole.samples)
        // Without the first picture's parameter sets there is none before the next key.
        for place in stride(from: 40, to: bytes.count / LossyLine.packet, by: 7) {
            let pid = Int(bytes[place * LossyLine.packet + 1] & 0x1F) << 8 | Int(bytes[place * LossyLine.packet + 2])
            let heard = Hearing([try LossyLine.without([place])[...]])
            guard [0x100, 0x101].contains(pid) else {
                #expect(heard.samples == whole.samples)
                continue
            }
            let track = TrackID(pid == 0x100 ? .video : .audio)
            let missing = whole.samples.count - heard.samples.count
            // The very last packet of a stream is missed by nobody.
            if heard.losses.isEmpty { continue }
            #expect(heard.losses == [Loss(track: track, packets: 1)])
            // Between the last packet of one picture and the first of the next nobody can tell which is missing.
            #expect((1...(track.kind == .video ? 2 : 40)).contains(missing), "\(place) \(track)")
            // What is left is what was there.
            #expect(heard.samples.allSatisfy { all.contains($0) }, "\(place)")
            #expect(heard.tally.lostPackets == 1)
            #expect(heard.tally.droppedFrames >= 1)
            #expect(heard.remarks == [])
        }
    }

    @Test func soundsInFrontOfAGapAreKept() {
        var stream = PretendMultiplexer()
        stream.tables([.init(type: 0x0F, pid: 0x101)])
        let frames = (1...8).flatMap { Coded.adts(UInt8($0)) }
        stream.pes(0x101, pts: 0, isBounded: true, frames)
        // The third packet of the three is missing; the seventh frame goes into it.
        stream.bytes.removeLast(188)
        stream.pes(0x101, pts: 15_360, isBounded: true, Coded.adts(9))
        let heard = Hearing(stream)
        #expect(heard.samples.map(\.bytes.first) == [1, 2, 3, 4, 5, 6, 9])
        #expect(heard.samples.last?.microseconds == 170_666)
        #expect(heard.losses == [Loss(track: TrackID(.audio), packets: 1)])
    }

    @Test func aDamagedPacketIsALostOne() throws {
        var bytes = try footage("ts-avc-aac.ts")
        let place = try #require((20..<100).first { bytes[$0 * 188 + 1] & 0x5F == 1 && bytes[$0 * 188 + 2] == 0 })
        bytes[place * 188 + 1] |= 0x80
        let heard = Hearing([bytes[...]])
        #expect(heard.losses == [Loss(track: TrackID(.video), packets: 1)])
        #expect(heard.tally.damaged == 1)
        #expect(heard.samples == Hearing([try LossyLine.without([place])[...]]).samples)
    }

    @Test func garbageInFrontAndBetweenIsSkipped() throws {
        let bytes = try footage("ts-audio.ts")
        let whole = Hearing([bytes[...]])
        let garbage = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        let front = Hearing([garbage[...], bytes[...]])
        #expect(front.samples == whole.samples)
        #expect(front.tally.skippedBytes == 1_000)
        #expect(front.tally.resyncs == 0)
        let cut = 188 * 20
        let between = Hearing([bytes[..<cut], garbage[...], bytes[cut...]])
        #expect(between.samples == whole.samples)
        #expect(between.tally.skippedBytes == 1_000)
        #expect(between.tally.resyncs == 1)
    }

    @Test func aStreamThatBeginsInsideAPacketBeginsWithTheNext() throws {
        let bytes = try footage("ts-avc-aac.ts")
        let heard = Hearing([bytes[100...]])
        #expect(heard.tally.skippedBytes == 88)
        #expect(heard.violation == nil)
        #expect(heard.samples.count > 100)
    }

    @Test func aPacketThatCameTwiceCountsOnce() throws {
        let bytes = try footage("ts-avc-aac.ts")
        let doubled = (0..<bytes.count / 188).flatMap { place in
            let packet = bytes[(place * 188)..<((place + 1) * 188)]
            return place % 5 == 2 ? packet + packet : packet
        }
        let heard = Hearing([doubled[...]])
        #expect(heard.losses == [])
        #expect(heard.samples == Hearing([bytes[...]]).samples)
    }

    @Test func aWholeTurnOfTheCounterIsNoticedWhenTheLengthIsKnown() {
        var stream = PretendMultiplexer()
        stream.tables([.init(type: 0x0F, pid: 0x101)])
        stream.pes(0x101, pts: 0, isBounded: true, Coded.adts(1, count: 400))
        let before = stream.bytes
        var gap = stream
        gap.pes(0x101, pts: 1_920, isBounded: true, Coded.adts(2, count: 3_100))
        // Its second to seventeenth packets are missing.
        let start = before.count
        gap.bytes.removeSubrange((start + 188)..<(start + 188 * 17))
        gap.pes(0x101, pts: 3_840, isBounded: true, Coded.adts(3, count: 400))
        let heard = Hearing(gap)
        #expect(heard.samples.map(\.bytes.first) == [1, 3])
        #expect(heard.tally.droppedFrames == 1)
    }
}

/// What is not a transport stream, or not one for us.
@Suite struct NotForUs {
    @Test func noiseEndsWithAReason() {
        let noise = (0..<200_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 11) }
        let heard = Hearing(
            stride(from: 0, to: noise.count, by: 1_316).map { noise[$0..<min($0 + 1_316, noise.count)] })
        guard case .noPackets(let skipped)? = heard.violation else {
            Issue.record("noise was taken: \(heard.tally)")
            return
        }
        #expect((65_536...66_900).contains(skipped))
        #expect(heard.news == [])
    }

    @Test func packetsWithoutAProgramEndWithAReason() {
        var stream = PretendMultiplexer()
        for _ in 0..<12_000 { stream.packet(0x1FFF, isStart: false, [UInt8](repeating: 0, count: 184)) }
        #expect(Hearing(stream).violation == .noProgram(bytes: 2_097_328))
    }

    @Test func scramblingIsSaid() {
        var stream = PretendMultiplexer()
        stream.tables([.init(type: 0x1B, pid: 0x100)])
        stream.packet(0x100, isStart: true, scrambling: 2, [UInt8](repeating: 7, count: 184))
        #expect(Hearing(stream).violation == .scrambled)
    }

    @Test func aFrameWithoutEndEndsTheStream() {
        var limits = Limits()
        limits.frameBytes = 10_000
        var stream = PretendMultiplexer()
        stream.tables([.init(type: 0x1B, pid: 0x100)])
        stream.pes(0x100, pts: 0, Coded.picture(1, key: true, count: 11_000))
        #expect(Hearing(stream, limits: limits).violation == .frameTooLong(bytes: 10_000))
    }

    @Test func unfinishedFramesOfAllStreamsTogetherAreBounded() {
        var limits = Limits()
        (limits.heldBytes, limits.frameBytes) = (30_000, 20_000)
        var stream = PretendMultiplexer()
        stream.tables((0..<4).map { .init(type: 0x1B, pid: 0x100 + $0) })
        for pid in 0x100..<0x104 { stream.pes(pid, pts: 0, Coded.picture(1, key: true, count: 9_000)) }
        guard case .tooMuchHeld? = Hearing(stream, limits: limits).violation else {
            Issue.record("it was held")
            return
        }
    }

    @Test func tooManyStreamsEndTheStream() {
        var stream = PretendMultiplexer()
        stream.tables((0..<33).map { .init(type: 0x1B, pid: 0x100 + $0) })
        for _ in 0..<2 { stream.packet(0x1FFF, isStart: false, [UInt8](repeating: 0, count: 184)) }
        #expect(Hearing(stream).violation == .tooManyStreams)
    }

    @Test func whatIsNotTakenIsNamedOnce() {
        var stream = PretendMultiplexer()
        let opus: [UInt8] = [5, 4] + Array("Opus".utf8) + [0x7F, 2, 0x80, 2]
        stream.tables([
            .init(type: 0x02, pid: 0x100), .init(type: 0x1B, pid: 0x101), .init(type: 0x11, pid: 0x102),
            .init(type: 0x06, pid: 0x103, descriptors: [0x6A, 1, 0]), .init(type: 0x86, pid: 0x104),
            .init(type: 0x06, pid: 0x105), .init(type: 0x06, pid: 0x106, descriptors: opus),
            .init(type: 0x0F, pid: 0x107),
        ])
        for at in 0..<3 {
            stream.pes(0x101, pts: Int64(at) * 3_600, Coded.picture(UInt8(at + 1), key: at == 0))
            stream.pes(0x106, pts: Int64(at) * 1_800, isBounded: true, [0x7F, 0xE0, 3, 0xFC, 1, 2])
            stream.pes(0x107, pts: Int64(at) * 1_920, isBounded: true, Coded.adts(9))
        }
        let heard = Hearing(stream)
        #expect(
            heard.remarks == [
                .unknown(TrackID(.video, 0), name: "MPEG-2 video"), .unknown(TrackID(.audio, 0), name: "AAC in LATM"),
                .unknown(TrackID(.audio, 1), name: "AC-3"), .unknown(TrackID(.audio, 2), name: "SCTE 35"),
                .unknown(TrackID(.audio, 2), name: "private data"),
            ])
        // Everything has its number in the order of the map.
        #expect(
            Set(heard.samples.map(\.track)) == [TrackID(.video, 1), TrackID(.audio, 2), TrackID(.audio, 3)])
        #expect(heard.samples(.audio, 2).map(\.microseconds) == [0, 20_000, 40_000])
    }
}

/// Bytes that somebody chose.
@Suite struct HostileBytes {
    /// Numbers that look random and are the same each time.
    struct Dice {
        var state: UInt64
        mutating func roll(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
    }

    @Test(arguments: ["ts-avc-aac", "ts-hevc-aac", "ts-opus"]) func changedBytesNeverTrap(_ name: String) throws {
        let bytes = Array(try footage(name + ".ts").prefix(188 * 60))
        for round in 0..<60 {
            var dice = Dice(state: UInt64(round))
            var changed = bytes
            for _ in 0..<(1 + dice.roll(200)) { changed[dice.roll(changed.count)] = UInt8(dice.roll(256)) }
            let heard = Hearing([changed[...]])
            let isBounded = heard.samples.reduce(0) { $0 + $1.bytes.count } <= changed.count + 400
            #expect(isBounded, "round \(round)")
        }
    }

    @Test func changedTablesNeverTrap() throws {
        let body: [UInt8] = [0, 1, 0xC1, 0, 0, 0xE1, 0, 0xF0, 0, 0x06, 0xE1, 0, 0xF0, 12, 5, 4, 0x4F, 0x70, 0x75, 0x73]
        for round in 0..<400 {
            var dice = Dice(state: UInt64(round))
            var changed = body + [0x7F, 2, 0x80, 2, 0, 0]
            for _ in 0..<(1 + dice.roll(6)) { changed[5 + dice.roll(changed.count - 5)] = UInt8(dice.roll(256)) }
            var stream = PretendMultiplexer()
            stream.section(0, [0, 1, 0xC1, 0, 0, 0, 1, 0xF0, 0], pid: 0)
            stream.section(2, changed, pid: 0x1000)
            stream.pes(0x100, pts: 0, isBounded: true, [0x7F, 0xE0, 3, 0xFC, 1, 2])
            #expect(Hearing(stream).samples.count <= 1)
        }
    }
}

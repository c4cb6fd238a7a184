// SPDX-License-Identifier: Apache-2.0
import MPEGTS
import Media
import Testing

/// What multiplexers do that one might not expect.
@Suite struct Quirks {
    static let lines: [PretendMultiplexer.Line] = [.init(type: 0x1B, pid: 0x100), .init(type: 0x0F, pid: 0x101)]

    static func opened() -> PretendMultiplexer {
        var stream = PretendMultiplexer()
        stream.tables(lines)
        return stream
    }

    /// Picture after picture, 40 ms each, and 20 ms of sound beside it, from a time in milliseconds.
    static func play(_ stream: inout PretendMultiplexer, from start: Int64, pictures: Int = 5) {
        for at in 0..<Int64(pictures) {
            stream.pes(0x100, pts: (start + at * 40) * 90, Coded.picture(UInt8(at + 1), key: at == 0))
            stream.pes(0x101, pts: (start + at * 40) * 90, isBounded: true, Coded.adts(UInt8(at + 101)))
        }
    }

    @Test func severalPicturesInOnePESPacketShareTheTimeUntilTheNext() {
        var stream = Quirks.opened()
        stream.pes(0x100, pts: 9_000, Coded.picture(1, key: true) + Coded.picture(2) + Coded.picture(3))
        // Without delimiters the slices say where a picture begins.
        stream.pes(0x100, pts: 9_000 + 5_400, Coded.slice(4) + Coded.slice(5) + Coded.slice(6))
        let heard = Hearing(stream)
        #expect(
            heard.samples.map(\.microseconds) == [100_000, 120_000, 140_000, 160_000, 180_000, 200_000])
        #expect(heard.samples.map(\.isKey) == [true, false, false, false, false, false])
        let frames = (1...6).map { Coded.framed(UInt8($0), key: $0 == 1)[...] }
        #expect(heard.samples.map(\.bytes) == frames)
    }

    @Test func slicesOfOnePictureStayTogether() {
        var stream = Quirks.opened()
        // first_mb_in_slice of the second is not 0.
        let second = Coded.start + [0x65, 0x40] + [UInt8](repeating: 8, count: 5)
        stream.pes(0x100, pts: 0, Coded.picture(1, key: true) + second)
        #expect(
            Hearing(stream).samples.map(\.bytes) == [(Coded.framed(1, key: true) + [0, 0, 0, 7] + second[4...])[...]])
    }

    @Test func aPESPacketWithoutATimeGoesOnWithThePictureBefore() {
        var stream = Quirks.opened()
        let picture = Coded.picture(1, key: true, count: 300)
        stream.pes(0x100, pts: 0, Array(picture.prefix(200)))
        stream.pes(0x100, Array(picture.dropFirst(200)))
        stream.pes(0x100, pts: 3_600, Coded.picture(2))
        let heard = Hearing(stream)
        #expect(heard.samples.map(\.bytes) == [Coded.framed(1, key: true, count: 300)[...], Coded.framed(2)[...]])
        #expect(heard.samples.map(\.microseconds) == [0, 40_000])
    }

    @Test func aPESHeaderMayBeCutByThePacket() {
        var stream = Quirks.opened()
        stream.pes(0x100, pts: 0, Coded.picture(1, key: true))
        let header: [UInt8] = [0, 0, 1, 0xE0, 0, 0, 0x80, 0x80, 5] + PretendMultiplexer.stamp(3_600, 0x20)
        stream.packet(0x100, isStart: true, Array(header.prefix(8)))
        stream.packet(0x100, isStart: false, Array(header.dropFirst(8)) + Coded.picture(2))
        #expect(Hearing(stream).samples.map(\.microseconds) == [0, 40_000])
    }

    @Test func aSoundMayGoFromOnePESPacketIntoTheNext() {
        var stream = Quirks.opened()
        let frames = Coded.adts(1) + Coded.adts(2) + Coded.adts(3) + Coded.adts(4)
        stream.pes(0x101, pts: 90_000, isBounded: true, Array(frames[..<80]))
        // The time is that of the third frame, the first that begins here: a millisecond late.
        stream.pes(0x101, pts: 90_000 + 3_930, isBounded: true, Array(frames[80...]))
        let heard = Hearing(stream)
        #expect(heard.samples.map(\.bytes.first) == [1, 2, 3, 4])
        #expect(heard.samples.map(\.microseconds) == [1_000_000, 1_021_333, 1_043_666, 1_064_999])
        #expect(heard.configurations == [TrackID(.audio): [[0x11, 0x90]]])
    }

    @Test func noiseBetweenSoundsIsSkipped() {
        var stream = Quirks.opened()
        stream.pes(0x101, pts: 0, isBounded: true, Coded.adts(1) + [0xFF, 0xF1, 0, 0, 1, 2, 3] + Coded.adts(2))
        let heard = Hearing(stream)
        #expect(heard.samples.map(\.bytes.first) == [1, 2])
        #expect(heard.tally.droppedFrames == 1)
    }

    @Test func aPictureMayWaitForOthers() {
        var stream = Quirks.opened()
        stream.pes(0x100, pts: 7_200, dts: 3_600, Coded.picture(1, key: true))
        #expect(Hearing(stream).samples.map(\.compositionMicroseconds) == [40_000])
        #expect(Hearing(stream).samples.map(\.microseconds) == [40_000])
    }

    @Test func newParameterSetsAreToldBeforeTheirPicture() {
        var stream = Quirks.opened()
        let newer = Coded.start + [0x68, 0xEB, 0xEC, 0xB2, 0x2C]
        stream.pes(0x100, pts: 0, Coded.picture(1, key: true))
        stream.pes(0x100, pts: 3_600, Coded.picture(2, key: true))
        stream.pes(0x100, pts: 7_200, Coded.delimiter + newer + Coded.slice(3, key: true))
        let kinds = Hearing(stream).signals.map {
            if case .configuration = $0 { "configuration" } else { "sample" }
        }
        #expect(kinds == ["configuration", "sample", "sample", "configuration", "sample"])
    }

    @Test func picturesBeforeTheirParameterSetsAreLeftOut() {
        var stream = Quirks.opened()
        stream.pes(0x100, pts: 0, Coded.picture(1))
        stream.pes(0x100, pts: 3_600, Coded.picture(2, key: true))
        #expect(Hearing(stream).samples.map(\.bytes) == [Coded.framed(2, key: true)[...]])
    }

    @Test func aRecoveryPointIsAKey() {
        var stream = Quirks.opened()
        stream.pes(0x100, pts: 0, Coded.picture(1, key: true))
        // User data that holds an emulation prevention byte, then a recovery point.
        let message: [UInt8] = [6, 5, 4, 0, 0, 3, 1, 9, 6, 1, 0xC4, 0x80]
        stream.pes(0x100, pts: 3_600, Coded.delimiter + Coded.start + message + Coded.slice(2))
        stream.pes(0x100, pts: 7_200, Coded.delimiter + Coded.start + message.prefix(8) + [0x80] + Coded.slice(3))
        let heard = Hearing(stream)
        #expect(heard.samples.map(\.isKey) == [true, true, false])
        #expect(Kit.unitTypes(heard.samples[1].bytes) == [6, 1])
    }

    // MARK: Tables

    @Test func aNewMapChangesTheStreams() {
        var stream = Quirks.opened()
        Quirks.play(&stream, from: 0)
        stream.tables([.init(type: 0x1B, pid: 0x100), .init(type: 0x1B, pid: 0x102)], version: 1)
        stream.pes(0x100, pts: 200 * 90, Coded.picture(6))
        stream.pes(0x102, pts: 200 * 90, Coded.picture(7, key: true))
        stream.pes(0x101, pts: 200 * 90, isBounded: true, Coded.adts(1))
        let heard = Hearing(stream)
        #expect(heard.remarks == [.trackEnded(TrackID(.audio))])
        #expect(heard.samples(.video).map(\.microseconds) == [0, 40_000, 80_000, 120_000, 160_000, 200_000])
        #expect(heard.samples(.video, 1).map(\.microseconds) == [200_000])
        #expect(heard.samples(.audio).count == 5)
        #expect(heard.configurations[TrackID(.video)]?.count == 1)
    }

    @Test func theSameMapAgainIsNoNews() {
        var stream = Quirks.opened()
        Quirks.play(&stream, from: 0)
        stream.tables(Quirks.lines)
        stream.tables(Quirks.lines, version: 5)
        Quirks.play(&stream, from: 200)
        let heard = Hearing(stream)
        #expect(heard.remarks == [])
        #expect(heard.samples.count == 20)
        #expect(heard.configurations.values.map(\.count) == [1, 1])
    }

    @Test func aTableWithAWrongChecksumIsLeftAlone() {
        var stream = PretendMultiplexer()
        stream.section(0, [0, 1, 0xC1, 0, 0, 0, 1, 0xE2, 0], pid: 0, breaks: true)
        stream.tables(Quirks.lines)
        Quirks.play(&stream, from: 0)
        let heard = Hearing(stream)
        #expect(heard.tally.damaged == 1)
        #expect(heard.samples.count == 10)
    }

    @Test func aMapMayBeLongerThanAPacket() {
        var stream = PretendMultiplexer()
        let long = [UInt8](repeating: 0, count: 120)
        stream.tables([
            .init(type: 0x1B, pid: 0x100, descriptors: [0x0A, 118] + long.prefix(118)),
            .init(type: 0x0F, pid: 0x101, descriptors: [0x0A, 118] + long.prefix(118)),
        ])
        Quirks.play(&stream, from: 0)
        #expect(Hearing(stream).samples.count == 10)
    }

    // MARK: Clocks

    @Test func aClockThatJumpsIsToldOnceAndStragglersAreLeftOut() {
        var stream = Quirks.opened()
        Quirks.play(&stream, from: 1_000)
        stream.pes(0x100, pts: 3_601_000 * 90, Coded.picture(6, key: true))
        stream.pes(0x100, pts: 3_601_040 * 90, Coded.picture(7))
        stream.pes(0x101, pts: 1_200 * 90, isBounded: true, Coded.adts(106))
        stream.pes(0x101, pts: 3_601_000 * 90, isBounded: true, Coded.adts(107))
        stream.pes(0x100, pts: 3_601_080 * 90, Coded.picture(8))
        let heard = Hearing(stream)
        #expect(heard.remarks == [.jump(byMilliseconds: 3_599_840)])
        #expect(heard.samples(.video).suffix(3).map(\.microseconds) == [3_601_000_000, 3_601_040_000, 3_601_080_000])
        #expect(heard.samples(.audio).suffix(2).map(\.microseconds) == [1_160_000, 3_601_000_000])
    }

    @Test func aClockThatRunsBackwardsMoreThanASecondHasJumped() {
        var stream = Quirks.opened()
        Quirks.play(&stream, from: 5_000)
        Quirks.play(&stream, from: 3_900)
        let heard = Hearing(stream)
        #expect(heard.remarks == [.jump(byMilliseconds: -1_260)])
        #expect(heard.samples.count == 20)
        var small = Quirks.opened()
        Quirks.play(&small, from: 5_000)
        Quirks.play(&small, from: 4_200)
        #expect(Hearing(small).remarks == [])
    }

    @Test func soundFarBehindThePictureIsNoJump() {
        var stream = Quirks.opened()
        for at in 0..<Int64(50) {
            stream.pes(0x100, pts: (3_000 + at * 40) * 90, Coded.picture(1, key: at == 0))
            stream.pes(0x101, pts: (500 + at * 40) * 90, isBounded: true, Coded.adts(1))
        }
        let heard = Hearing(stream)
        #expect(heard.remarks == [])
        #expect(heard.samples.count == 100)
    }

    @Test func timesCrossTheirWrapOnBothStreams() {
        var stream = Quirks.opened()
        let turn = Int64(1) << 33
        for at in 0..<Int64(10) {
            let ticks = turn - 18_000 + at * 3_600
            stream.pes(0x100, pts: ticks & (turn - 1), Coded.picture(1, key: at == 0))
            stream.pes(0x101, pts: (ticks - 9_000) & (turn - 1), isBounded: true, Coded.adts(1))
        }
        let heard = Hearing(stream)
        #expect(heard.remarks == [])
        for track in [TrackID.Kind.video, .audio] {
            let times = heard.samples(track).map(\.microseconds)
            #expect(times.count == 10)
            #expect(zip(times, times.dropFirst()).allSatisfy { abs($1 - $0 - 40_000) <= 1 })
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import Media
import RTMP
import Testing

func configuration(_ name: String, _ codec: Codec) throws -> ArraySlice<UInt8> {
    for case .configuration(_, codec, let bytes) in try told(name) { return bytes }
    throw FMP4.Violation.parameterSetMissing(codec: codec.rawValue)
}

@Suite struct Formats {
    @Test func avcOfFfmpeg() throws {
        let format = try VideoFormat.avc(configuration("ffmpeg-avc-aac.rtmp", .avc))
        #expect(format.codecs == "avc1.64000C")
        #expect([format.width, format.height] == [320, 180])
        #expect(format.frameRate?.thousandths == 25_000)
        #expect(format.lengthBytes == 4)
        #expect(format.range == .sdr)
    }

    @Test func hevcOfFfmpeg() throws {
        let format = try VideoFormat.hevc(configuration("hevc-aac.samples", .hevc))
        #expect(format.codecs == "hvc1.1.6.L60.90")
        #expect([format.width, format.height] == [320, 180])
    }

    @Test func av1OfFfmpeg() throws {
        let format = try VideoFormat.av1(configuration("av1-opus.samples", .av1))
        #expect(format.codecs == "av01.0.00M.08")
        #expect([format.width, format.height] == [320, 180])
    }

    @Test func opusOfFfmpeg() throws {
        let format = try AudioFormat.opus(configuration("av1-opus.samples", .opus))
        #expect(format.codecs == "Opus")
        #expect([format.rate, format.channels] == [48_000, 1])
        #expect(format.record == [0, 1, 1, 56, 0, 0, 0xBB, 0x80, 0, 0, 0])
        // 20 ms CELT alone, two frames of 10 ms, three frames of 60 ms SILK.
        #expect(format.samples(in: [0xF8]) == 960)
        #expect(format.samples(in: [0xF1]) == 960)
        #expect(format.samples(in: [0x1B, 3]) == 8640)
    }

    @Test func vp9() throws {
        // Profile 0, level 3.1, 8 bits, 4:2:0, BT.709; a key frame of 640 by 360.
        let record: [UInt8] = [0, 31, 0x82, 1, 1, 1, 0, 0]
        let key: [UInt8] = [0x82, 0x49, 0x83, 0x42, 0x00, 0x27, 0xF0, 0x16, 0x70]
        for bytes in [record, [1, 0, 0, 0] + record] {
            let format = try VideoFormat.vp9(bytes[...], keyFrame: key[...])
            #expect(format.codecs == "vp09.00.31.08")
            #expect([format.width, format.height] == [640, 360])
            #expect(format.record == record)
        }
    }

    /// ISO/IEC 14496-3, 1.6.2.1.
    @Test(
        arguments: [
            ([0x12, 0x10], 44_100, 2, "mp4a.40.2", 1024), ([0x11, 0x90], 48_000, 2, "mp4a.40.2", 1024),
            // Explicit SBR: 24000 core, 48000 with it.
            ([0x2B, 0x11, 0x88, 0x00], 24_000, 2, "mp4a.40.5", 1024),
            // Explicit PS over one channel.
            ([0xEB, 0x09, 0x88, 0x00], 24_000, 1, "mp4a.40.29", 1024),
            // Rate index 15: 44056 said in full.
            ([0x17, 0x80, 0x56, 0x0C, 0x10], 44_056, 2, "mp4a.40.2", 1024),
            // Frames of 960 samples.
            ([0x11, 0x94], 48_000, 2, "mp4a.40.2", 960),
            // Channel configuration 0 and a program config element: one pair in front and an LFE.
            ([0x11, 0x80, 0x04, 0xC4, 0x01, 0x00, 0x20, 0x00], 48_000, 3, "mp4a.40.2", 1024),
        ] as [([UInt8], Int, Int, String, Int)])
    func audioSpecificConfigs(_ config: [UInt8], rate: Int, channels: Int, codecs: String, samples: Int) throws {
        let format = try AudioFormat.aac(config[...])
        #expect([format.rate, format.channels, format.samplesPerFrame] == [rate, channels, samples])
        #expect(format.codecs == codecs)
        #expect(format.record == config)
    }

    /// H.264, 1920 by 1080 cropped from 1088, 30000/1001 frames a second (as x264 writes it).
    @Test func croppedPicture() throws {
        let set: [UInt8] = [
            0x67, 0x64, 0x00, 0x28, 0xAC, 0xD9, 0x40, 0x78, 0x02, 0x27, 0xE5, 0x84, 0x00, 0x00, 0x0F, 0xA4, 0x00, 0x03,
            0xA9, 0x82, 0x3C, 0x60, 0xC6, 0x58,
        ]
        let record = [1, 0x64, 0, 0x28, 0xFF, 0xE1, 0, UInt8(set.count)] + set + [1, 0, 4, 0x68, 0xEB, 0xE3, 0xCB]
        let format = try VideoFormat.avc(record[...])
        #expect([format.width, format.height] == [1920, 1080])
        #expect(format.codecs == "avc1.640028")
        #expect(format.frameRate?.thousandths == 29_970)
    }

    /// Every prefix and many broken copies: a reason or a format, never a trap.
    @Test func brokenConfigurations() throws {
        let all: [(ArraySlice<UInt8>, (ArraySlice<UInt8>) throws -> Void)] = [
            (try configuration("ffmpeg-avc-aac.rtmp", .avc), { _ = try VideoFormat.avc($0) }),
            (try configuration("hevc-aac.samples", .hevc), { _ = try VideoFormat.hevc($0) }),
            (try configuration("av1-opus.samples", .av1), { _ = try VideoFormat.av1($0) }),
            (try configuration("av1-opus.samples", .opus), { _ = try AudioFormat.opus($0) }),
            (try configuration("hevc-aac.samples", .aac), { _ = try AudioFormat.aac($0) }),
            (
                [0x82, 0x49, 0x83, 0x42, 0, 0x27, 0xF0, 0x16, 0x70],
                { _ = try VideoFormat.vp9([0, 31, 0x82, 1, 1, 1, 0, 0], keyFrame: $0) }
            ),
        ]
        var dice: UInt64 = 7
        var refused = 0
        for (bytes, read) in all {
            for count in 0..<bytes.count { do { try read(bytes.prefix(count)) } catch { refused += 1 } }
            for _ in 0..<2000 {
                var broken = Array(bytes)
                for _ in 0..<3 {
                    dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    broken[Int(dice >> 33) % broken.count] = UInt8(truncatingIfNeeded: dice >> 20)
                }
                do { try read(broken[...]) } catch { refused += 1 }
            }
        }
        #expect(refused > 1000)
    }
}

@Suite struct Units {
    @Test func lengthsBecomeFourBytesAndWhatIsOutOfBandGoes() throws {
        var record = Array(try configuration("ffmpeg-avc-aac.rtmp", .avc))
        record[4] = 0xFD  // Two bytes.
        let format = try VideoFormat.avc(record[...])
        #expect(format.lengthBytes == 2)
        #expect(format.record[4] == 0xFF)
        // Delimiter, SPS, PPS, SEI, picture, filler.
        let frame: [UInt8] = [0, 2, 9, 0xF0, 0, 1, 0x67, 0, 1, 0x68, 0, 2, 6, 1, 0, 3, 0x65, 1, 2, 0, 1, 12]
        #expect(try format.sampleBytes(frame[...]) == [0, 0, 0, 2, 6, 1, 0, 0, 0, 3, 0x65, 1, 2])
        #expect(throws: FMP4.Violation.frameTruncated) { try format.sampleBytes([0, 9, 1]) }
        #expect(throws: FMP4.Violation.frameTruncated) { try format.sampleBytes([0]) }
    }

    @Test func av1LosesItsTemporalDelimiters() throws {
        let format = try VideoFormat.av1(configuration("av1-opus.samples", .av1))
        #expect(try format.sampleBytes([0x12, 0, 0x32, 1, 9]) == [0x32, 1, 9])
    }
}

@Suite struct Boxes {
    @Test func aFragmentAsText() {
        let video = TrackRun(
            track: 1,
            frames: [
                Frame(decodeTime: 900_000, duration: 3000, composition: 6000, isKey: true, bytes: [1, 2, 3]),
                Frame(decodeTime: 903_000, duration: 3000, composition: -3000, isKey: false, bytes: [4]),
            ])
        let audio = TrackRun(
            track: 2,
            frames: [
                Frame(decodeTime: 480_000, duration: 1024, isKey: true, bytes: [5, 6]),
                Frame(decodeTime: 481_024, duration: 2048, isKey: true, bytes: [7]),
            ])
        let bytes = fragment(sequence: 7, [video, audio, TrackRun(track: 3, frames: [])])
        #expect(
            boxText(bytes[...]) == """
                moof 200
                  mfhd 16 sequence 7
                  traf 92
                    tfhd 24 track 1 duration 3000 flags 1010000
                    tfdt 20 time 900000
                    trun 40 frames 2 offset 208 first 2000000; size 3 offset 6000; size 1 offset -3000
                  traf 84
                    tfhd 20 track 2 flags 2000000
                    tfdt 20 time 480000
                    trun 36 frames 2 offset 212; duration 1024 size 2; duration 2048 size 1
                mdat 15

                """)
        #expect(Array(bytes.suffix(7)) == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test func anInitSegmentAsText() throws {
        let audio = try AudioFormat.aac([0x12, 0x10])
        let bytes = initSegment([Track(number: 1, format: .audio(audio), language: "tha")])
        #expect(
            boxText(bytes[...]) == """
                ftyp 24 69736F360000000069736F366D703431
                moov 568
                  mvhd 108 00000000000000000000000000\
                0003E8000000000001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000\
                004000000000000000000000000000000000000000000000000000000000000002
                  trak 412
                    tkhd 92 000000070000000000000000000000010000000000000000000000000000000000000000010000000001000000000000\
                0000000000000000000100000000000000000000000000004000000000000000\
                00000000
                    mdia 312
                      mdhd 32 0000000000000000000000000000AC440000000051010000
                      hdlr 33 00000000000000\
                00736F756E00000000000000000000000000
                      minf 239
                        smhd 16 0000000000000000
                        dinf 36
                          dref 28 0000000000000001
                            url  12 00000001
                        stbl 179
                          stsd 103 0000000000000001
                            mp4a 87 000000000000000100000000000000000002001000000000AC440000
                              esds 51 00000000038080802200000004808080144015000000000000000000000005808080021210068080800102
                          stts 16 0000000000000000
                          stsc 16 0000000000000000
                          stsz 20 000000000000000000000000
                          stco 16 0000000000000000
                  mvex 40
                    trex 32 000000000000000100000001000000000000000000000000

                """)
    }

    @Test func brokenBoxesAreTold() {
        #expect(boxText([0, 0, 0]) == "stray 000000\n")
        #expect(boxText([0, 0, 0, 99, 109, 111, 111, 102]) == "moof broken, size 99\n")
    }
}

@Suite struct Timing {
    /// Frame rates as a publisher's whole milliseconds say them: in steady state every duration is exact.
    @Test(arguments: [(24000, 1001), (25, 1), (30000, 1001), (30, 1), (50, 1), (60000, 1001), (60, 1)])
    func framesAreSnapped(_ frames: Int, _ seconds: Int) {
        var timing = VideoTiming()
        var times: [Int64] = []
        for index in 0..<(frames / seconds * 60) {
            let milliseconds = Int64(index * 1000 * seconds / frames)
            times.append(timing.place(microseconds: milliseconds * 1000, composition: 0).decodeTime)
        }
        #expect(timing.rate == FrameRate(frames: frames, seconds: seconds))
        let steps = Set(zip(times, times.dropFirst()).suffix(times.count - 300).map { $1 - $0 })
        let exact = Double(90_000 * seconds) / Double(frames)
        #expect(steps.allSatisfy { abs(Double($0) - exact) <= 1 })
        // No error grows: after a minute it is still where the publisher said.
        let said = Int64((times.count - 1) * 1000 * seconds / frames) * 90
        #expect(abs((times.last ?? 0) - said) < 180)
    }

    @Test func compositionIsSnappedToo() {
        var timing = VideoTiming(promised: FrameRate(frames: 30, seconds: 1))
        var compositions: [Int64] = []
        for index in 0..<60 {
            let composition = [33_000, 67_000, 100_000, 0][index % 4] as Int64
            compositions.append(
                timing.place(microseconds: Int64(index * 1000 / 30) * 1000, composition: composition).composition)
        }
        #expect(Array(compositions.suffix(4)) == [3000, 6000, 9000, 0])
    }

    @Test func aFrameThatComesLateKeepsItsPresentation() {
        var timing = VideoTiming(promised: FrameRate(frames: 25, seconds: 1))
        for index in 0..<30 { _ = timing.place(microseconds: Int64(index) * 40_000, composition: 0) }
        #expect(timing.isSteady)
        // Two frames are missing.
        let place = timing.place(microseconds: 31 * 40_000, composition: 40_000)
        #expect(place.decodeTime == 31 * 3600)
        #expect(!timing.isSteady)
        // A time that runs back: decode times grow all the same, and the presentation is what was said.
        let back = timing.place(microseconds: 30 * 40_000, composition: 80_000)
        #expect(back.decodeTime == 31 * 3600 + 1)
        #expect(back.decodeTime + back.composition == 32 * 3600)
    }

    @Test func soundIsCountedAndReanchored() {
        var timing = AudioTiming(rate: 44_100)
        var times: [AudioTiming.Place] = []
        for index in 0..<200 {
            times.append(timing.place(microseconds: Int64(index * 1024 * 1000 / 44_100) * 1000, samples: 1024))
        }
        #expect(times == (0..<200).map { .at(Int64($0 * 1024)) })
        // Sixty milliseconds are missing.
        let said = (200 * 1024 * 1_000_000 / 44_100 + 60_000) as Int64
        #expect(timing.place(microseconds: said, samples: 1024) == .afterGap(200 * 1024 + 2646, missing: 2646))
        #expect(timing.place(microseconds: said - 40_000, samples: 1024) == .leftOut)
    }
}

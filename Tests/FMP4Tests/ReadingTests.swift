// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import Media
import Testing

/// What is written is read again, and nothing else is.
@Suite struct Reading {
    private func tracks() throws -> [[FMP4.Track]] {
        let avc = try VideoFormat.avc(configuration("ffmpeg-avc-aac.rtmp", .avc))
        let aac = try AudioFormat.aac(configuration("ffmpeg-avc-aac.rtmp", .aac))
        let hevc = try VideoFormat.hevc(configuration("hevc-aac.samples", .hevc))
        let av1 = try VideoFormat.av1(configuration("av1-opus.samples", .av1))
        let opus = try AudioFormat.opus(configuration("av1-opus.samples", .opus))
        let vp9 = try VideoFormat.vp9(
            [0, 31, 0x82, 1, 1, 1, 0, 0], keyFrame: [0x82, 0x49, 0x83, 0x42, 0, 0x27, 0xF0, 0x16, 0x70])
        return [
            [Track(number: 1, format: .video(avc)), Track(number: 2, format: .audio(aac), language: "tha")],
            [Track(number: 1, format: .video(hevc)), Track(number: 2, format: .audio(aac))],
            [Track(number: 1, format: .video(av1)), Track(number: 2, format: .audio(opus))],
            [Track(number: 7, format: .video(vp9))], [Track(number: 2, format: .audio(opus), language: "eng")],
        ]
    }

    @Test func initSegments() throws {
        for tracks in try tracks() {
            let bytes = initSegment(tracks)
            #expect(try InitSegment(bytes[...]).tracks == tracks)
            #expect(try initSegment(InitSegment(bytes[...]).tracks) == bytes)
        }
    }

    @Test func brokenInitSegments() throws {
        var dice: UInt64 = 5
        for tracks in try tracks() {
            let bytes = initSegment(tracks)
            for count in stride(from: 0, to: bytes.count, by: 5) {
                #expect(throws: FMP4.Violation.self) { try InitSegment(bytes[..<count]) }
            }
            var refused = 0
            for _ in 0..<500 {
                var broken = bytes
                dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                broken[Int(dice >> 33) % broken.count] = UInt8(truncatingIfNeeded: dice >> 20)
                do { _ = try InitSegment(broken[...]) } catch { refused += 1 }
            }
            #expect(refused > 20)
        }
    }

    @Test(arguments: [true, false], [true, false])
    func fragments(_ isEven: Bool, _ hasComposition: Bool) throws {
        let pictures = (0..<9).map { number in
            Frame(
                decodeTime: 900_000 + Int64(number) * 3_000 + (isEven || number == 0 ? 0 : 5), duration: 3_000,
                composition: hasComposition ? [6_000, -3_000, 0][number % 3] : 0, isKey: number % 4 == 0,
                bytes: [UInt8](repeating: UInt8(number), count: number + 1)[...])
        }
        var frames = pictures
        if !isEven { frames[0].duration = 3_005 }
        let sounds = [Frame(decodeTime: 480_000, duration: 1_024, isKey: true, bytes: [1, 2])]
        let bytes = fragment(sequence: 9, [TrackRun(track: 1, frames: frames), TrackRun(track: 2, frames: sounds)])
        let moof = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let shape = try FragmentShape(moof: bytes[..<moof])
        #expect(shape.sequence == 9)
        #expect(shape.runs.map(\.track) == [1, 2])
        for (run, frames) in zip(shape.runs, [frames, sounds]) {
            #expect(
                run.frames
                    == frames.map {
                        FrameShape(
                            decodeTime: $0.decodeTime, duration: $0.duration, composition: $0.composition,
                            isKey: $0.isKey, byteCount: $0.bytes.count)
                    })
        }
        #expect(shape.head == Array(bytes[..<(moof + 8)]))
        for count in 0..<moof {
            #expect(throws: FMP4.Violation.self) { try FragmentShape(moof: bytes[..<count]) }
        }
    }

    @Test(arguments: [0, 1, 999, 1_795_000_000_123, 2_085_978_495_999, 2_085_978_496_001] as [Int64])
    func referenceTimes(_ milliseconds: Int64) throws {
        let time = ReferenceTime(track: 1, wallMilliseconds: milliseconds, decodeTime: 900_000)
        #expect(time.bytes.count == ReferenceTime.byteCount)
        #expect(try ReferenceTime(time.bytes[...]) == time)
        for count in 0..<time.bytes.count {
            #expect(throws: FMP4.Violation.self) { try ReferenceTime(time.bytes[..<count]) }
        }
    }

    @Test func aReferenceTimeAsBytes() {
        let time = ReferenceTime(track: 1, wallMilliseconds: 1_795_000_000_500, decodeTime: 900_000)
        #expect(
            time.bytes == [
                0, 0, 0, 32, 0x70, 0x72, 0x66, 0x74, 1, 0, 0, 24, 0, 0, 0, 1, 0xEE, 0xA8, 0x05, 0x40, 0x80, 0, 0, 0, 0,
                0, 0, 0, 0, 0x0D, 0xBB, 0xA0,
            ])
    }
}

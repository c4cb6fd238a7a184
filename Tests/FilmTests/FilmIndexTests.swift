// SPDX-License-Identifier: Apache-2.0
import FMP4
import Film
import Footage
import HLS
import Testing

let fixtures = [
    "ffmpeg-avc-aac.rtmp", "ffmpeg-audio.rtmp", "obs-avc-aac.rtmp", "hevc-aac.samples", "av1-opus.samples",
]

@Suite struct Index {
    @Test(arguments: fixtures) func everyFragmentHasItsLine(_ name: String) throws {
        let recording = try Recording(fixture: name)
        let index = recording.index()
        #expect(index.flaw == nil)
        #expect(index.headBytes == recording.ends[0])
        #expect(index.fragments.map { Int($0.end) } == Array(recording.ends.dropFirst()))
        #expect(index.end == recording.bytes.count)
        let frames = try Framed.all(recording.bytes)
        let lead = frames.filter { $0.track == index.lead?.number }
        let ticks = lead.reduce(0) { $0 + $1.duration }
        #expect(index.microseconds == ticks * 1_000_000 / Int64(index.lead?.timescale ?? 1))
        #expect(index.fragments.reduce(0) { $0 + $1.lead.frames } == lead.count)
        #expect(index.fragments.first?.beginsWithKey == true)
        #expect(zip(index.fragments, index.fragments.dropFirst()).allSatisfy { $0.lead.end == $1.lead.start })
    }

    @Test func theTracksAreTheEncoders() throws {
        let index = try Recording(fixture: "ffmpeg-avc-aac.rtmp").index()
        #expect(index.picture?.codecs == "avc1.64000C")
        #expect(index.sound?.codecs == "mp4a.40.2")
        #expect(index.fragments.first?.wall == 1_795_000_000_000)
    }

    /// Told of the file a few bytes at a time, it comes to the same, and asks for nothing twice but windows.
    @Test(arguments: [61, 1_000, 10_000]) func itGrowsWithTheFile(_ step: Int) throws {
        let recording = try Recording(fixture: "ffmpeg-avc-aac.rtmp")
        let read = reading(recording.bytes)
        var index = FilmIndex()
        for length in stride(from: 0, through: recording.bytes.count + step, by: step) {
            let length = min(length, recording.bytes.count)
            index.grow(to: Int64(length)) { read($0, min($1, max(0, length - Int($0)))) }
            #expect(index.end == recording.ends.last { $0 <= length } ?? 0)
        }
        #expect(index.fragments == recording.index().fragments)
        #expect(index.flaw == nil)
    }

    @Test func onlyHeadsAreRead() throws {
        let recording = try Recording(fixture: "ffmpeg-avc-aac.rtmp")
        var bytes = 0
        var index = FilmIndex()
        index.grow(to: Int64(recording.bytes.count)) { offset, count in
            bytes += count
            return reading(recording.bytes)(offset, count)
        }
        #expect(bytes <= 4_096 * (recording.ends.count + 1))
    }

    /// Cut off anywhere, what is whole is found, and nothing else.
    @Test(arguments: [("ffmpeg-audio.rtmp", 1), ("ffmpeg-avc-aac.rtmp", 97)])
    func truncatedAtEveryByte(_ name: String, _ step: Int) throws {
        let recording = try Recording(fixture: name)
        let read = reading(recording.bytes)
        for length in stride(from: 0, through: recording.bytes.count, by: step) {
            let torn: (Int64, Int) -> [UInt8] = { read($0, min($1, max(0, length - Int($0)))) }
            var index = FilmIndex()
            index.grow(to: Int64(length), torn)
            let whole = recording.ends.last { $0 <= length } ?? 0
            guard index.end == whole, index.flaw == nil, index.wholeBytes(torn) == whole else {
                Issue.record("cut at \(length): \(index.end), \(String(describing: index.flaw))")
                return
            }
        }
    }

    @Test func readingFailsAndTheIndexStaysWhatItWas() throws {
        struct Trouble: Error {}
        let recording = try Recording(fixture: "ffmpeg-avc-aac.rtmp")
        var index = FilmIndex()
        let half = recording.ends[3]
        #expect(throws: Trouble.self) {
            try index.grow(to: Int64(recording.bytes.count)) { offset, count throws(Trouble) in
                guard offset < half else { throw Trouble() }
                return reading(recording.bytes)(offset, count)
            }
        }
        #expect(index.fragments.count == 3)
        index.grow(to: Int64(recording.bytes.count), reading(recording.bytes))
        #expect(index.fragments == recording.index().fragments)
    }
}

@Suite struct Repair {
    /// A power cut left the file's length and zeros from some page on: everything before is kept.
    @Test func zerosAtTheEndAreCutOff() throws {
        let recording = try Recording(fixture: "ffmpeg-avc-aac.rtmp")
        for start in stride(from: recording.ends[0], to: recording.bytes.count, by: 1_500) {
            var spoilt = recording.bytes
            for place in start..<spoilt.count { spoilt[place] = 0 }
            var index = FilmIndex()
            index.grow(to: Int64(spoilt.count), reading(spoilt))
            let whole = index.wholeBytes(reading(spoilt))
            let before = recording.ends.last { $0 <= start } ?? 0
            // A frame that ends in a few zeros may pass; nothing good is lost, and no zeros are kept.
            #expect(whole >= before && whole <= start + 64, "zeros from \(start): \(whole)")
        }
    }

    @Test func aWholeFileIsWhole() throws {
        for name in fixtures {
            let recording = try Recording(fixture: name)
            #expect(recording.index().wholeBytes(reading(recording.bytes)) == Int64(recording.bytes.count))
        }
    }

    /// Whatever stands in the file: an answer, no trap, and never more lines than the file has room for.
    @Test func hostileBytes() throws {
        let recording = try Recording(fixture: "hevc-aac.samples")
        var dice: UInt64 = 11
        var flaws = 0
        for _ in 0..<400 {
            var broken = recording.bytes
            for _ in 0..<3 {
                dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                // Where the boxes are, rather than the pictures.
                let places = recording.ends[Int(dice >> 40) % (recording.ends.count - 1)]
                let place = Int(dice >> 33) % 2 == 0 ? Int(dice >> 50) % recording.ends[0] : places
                let within = min(broken.count - 1, place + Int(dice >> 44) % 400)
                broken[within] = UInt8(truncatingIfNeeded: dice >> 20)
            }
            var index = FilmIndex()
            index.grow(to: Int64(broken.count), reading(broken))
            if index.flaw != nil { flaws += 1 }
            #expect(index.end <= broken.count)
            _ = index.wholeBytes(reading(broken))
            _ = index.segments(.vod, isComplete: true)
            _ = FilmPlaylist.multivariant(index, address: "v0.m3u8")
            _ = Progressive(index, reading(broken))
            if var trim = Trim(index, from: 500, to: 2_500, reading(broken)) {
                while trim.next(reading(broken)) != nil {}
            }
        }
        #expect(flaws > 60)
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 0, 0, 0, 0], .boxUnexpected("\0\0\0\0", awaited: "moof")),
            ([0, 0, 0, 1] + Array("moof".utf8) + [0, 0, 0, 0, 0, 0, 0, 9], .boxBroken("moof")),
            ([0xFF, 0xFF, 0xFF, 0xFF] + Array("moof".utf8), .boxBroken("moof")),
            ([0, 0, 0, 9] + Array("free".utf8), .boxUnexpected("free", awaited: "moof")),
            ([0, 0, 0, 37] + Array("prft".utf8), .boxFormUnknown("prft")),
        ] as [([UInt8], FMP4.Violation)])
    func whatIsNoFragmentIsAFlaw(_ tail: [UInt8], _ flaw: FMP4.Violation) throws {
        let recording = try Recording(fixture: "ffmpeg-avc-aac.rtmp")
        let bytes = recording.bytes + tail + [UInt8](repeating: 0, count: 64)
        var index = FilmIndex()
        index.grow(to: Int64(bytes.count), reading(bytes))
        #expect(index.flaw == flaw)
        #expect(index.end == recording.bytes.count)
        // It is final: what is appended behind it changes nothing.
        index.grow(to: Int64(bytes.count + 9), reading(bytes + recording.bytes))
        #expect(index.end == recording.bytes.count)
    }

    /// A run that claims four thousand million frames in twenty bytes, times that overflow, sizes beyond the file.
    @Test func absurdNumbers() throws {
        let head = initSegment([Track(number: 1, format: .audio(try .aac([0x11, 0x90])))])
        func film(_ frames: [FrameShape], patch: (inout [UInt8]) -> Void = { _ in }) -> FilmIndex {
            var part = FragmentShape(sequence: 1, runs: [RunShape(track: 1, frames: frames)]).head
            part += [UInt8](repeating: 7, count: 8)
            patch(&part)
            let bytes = head + part
            var index = FilmIndex()
            index.grow(to: Int64(bytes.count), reading(bytes))
            return index
        }
        let usual = FrameShape(decodeTime: 0, duration: 1_024, isKey: true, byteCount: 8)
        #expect(film([usual]).fragments.count == 1)
        var late = usual
        late.decodeTime = 1 << 42
        #expect(film([late]).flaw == .timeAbsurd)
        #expect(film([usual]) { $0[76] = 0xFF }.flaw == .boxBroken("trun"))
        var large = usual
        large.byteCount = 1 << 30
        let torn = film([large])
        #expect(torn.flaw == nil && torn.fragments.isEmpty)
        #expect(film([usual]) { $0[$0.count - 13] = 17 }.flaw == .boxBroken("mdat"))
    }
}

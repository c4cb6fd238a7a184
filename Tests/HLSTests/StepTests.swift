// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import HLS
import Testing

/// Segments of one number hold the same time in every rendition.
func expectInStep(_ airing: Airing, sourceLocation: SourceLocation = #_sourceLocation) {
    let leading = Dictionary(uniqueKeysWithValues: (airing.segments["v0"] ?? []).map { ($0.msn, $0) })
    for (id, segments) in airing.segments where id != "v0" {
        for segment in segments {
            guard let own = leading[segment.msn] else { continue }
            let distance = abs(segment.startMicroseconds - own.startMicroseconds)
            #expect(distance < 30_000, "\(id) \(segment.msn)", sourceLocation: sourceLocation)
            #expect(
                segment.isDiscontinuous == own.isDiscontinuous, "\(id) \(segment.msn)", sourceLocation: sourceLocation)
            #expect(segment.wall == own.wall, sourceLocation: sourceLocation)
        }
    }
}

/// The lines of a playlist that begin with one of these.
func lines(_ text: String, _ starts: String...) -> [String] {
    text.split(separator: "\n").map(String.init).filter { line in starts.contains { line.hasPrefix($0) } }
}

@Suite struct LadderIsLate {
    @Test func itsSegmentsAreTheLeadersWithTheSameSound() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.airing.take(.expect([.picture(101), .picture(102)], milliseconds: 8_000))
        metronome.rungs = [101: 1_200, 102: 1_500]
        metronome.play(seconds: 1)
        try metronome.tell(picture: 101)
        try metronome.tell(picture: 102)
        metronome.play(seconds: 19)
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        let airing = metronome.airing
        #expect(airing.segments["v0"]?.map(\.msn) == Array(0..<9))
        for id in ["v101", "v102"] {
            #expect(airing.segments[id]?.map(\.msn) == Array(0..<9))
            // The same frames, and the same frames of sound, are in them: none twice, none left out at a change.
            #expect(airing.segments[id]?.map(\.byteCount) == airing.segments["v0"]?.map(\.byteCount))
        }
        #expect(airing.multivariants.first.map { lines($0, "v") } == ["v0.m3u8", "v101.m3u8", "v102.m3u8"])
    }

    @Test func whileThePublisherReturnsAndItsClockJumps() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.rungs = [101: 1_100]
        metronome.play(seconds: 1)
        try metronome.tell(picture: 101)
        metronome.play(seconds: 8)
        metronome.airing.take(.leave)
        metronome.play(seconds: 1.2, pictures: [], sounds: [])
        metronome.loseRungs()
        metronome.airing.take(.settle)
        metronome.sourceOffset = 700_000
        try metronome.begin("two")
        metronome.rungs = [101: 1_100]
        metronome.play(seconds: 1)
        try metronome.tell(picture: 101)
        metronome.play(seconds: 10)
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        let own = metronome.airing.segments["v101"] ?? []
        #expect(own.map(\.msn) == Array(own.indices))
        #expect(own.filter(\.isDiscontinuous).map(\.msn) == [5])
        #expect(own.map(\.isGap).contains(true) == false)
    }
}

@Suite struct LadderAndTheClock {
    @Test(arguments: [3_600_000, -3_600_000, -2_000] as [Int64])
    func whatTheLadderMadeBeforeTheJumpStaysWhereItBelongs(_ jump: Int64) throws {
        var metronome = Metronome()
        try metronome.begin("one", pictures: [0, 1])
        try metronome.tell(picture: 101)
        metronome.rungs = [101: 1_000]
        metronome.play(seconds: 7.3, pictures: [1, 0])
        metronome.airing.take(.jump)
        metronome.sourceOffset += jump
        metronome.play(seconds: 8, pictures: [1, 0])
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        for id in ["v0", "v1", "v101"] {
            let segments = metronome.airing.segments[id] ?? []
            #expect(segments.count >= 6)
            #expect(segments.map(\.msn) == Array(segments.indices))
            #expect(segments.allSatisfy { abs($0.microseconds - 2_000_000) < 40_000 && !$0.isDiscontinuous }, "\(id)")
        }
    }

    @Test func aJumpWithoutAWordIsAJump() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 5)
        metronome.sourceOffset = 3_600_000
        metronome.play(seconds: 5)
        expectRules(metronome.airing)
        let segments = metronome.airing.segments["v0"] ?? []
        #expect(segments.count == 4)
        #expect(segments.allSatisfy { abs($0.microseconds - 2_000_000) < 40_000 })
        #expect(metronome.airing.troubles == [])
    }
}

@Suite struct LateRendition {
    @Test func joinsWithTheNumbersOfAll() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 5)
        metronome.airing.take(.leave)
        try metronome.begin("two")
        metronome.play(seconds: 5)
        #expect(metronome.airing.multivariants.last.map { lines($0, "v") } == ["v0.m3u8"])
        try metronome.tell(picture: 101)
        metronome.rungs = [101: 900]
        metronome.play(seconds: 6)
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        #expect(metronome.airing.multivariants.last.map { lines($0, "v") } == ["v0.m3u8", "v101.m3u8"])
        let first = text(metronome.airing.playlists["v101.m3u8"]?.first?.text)
        #expect(
            first == """
                #EXTM3U
                #EXT-X-VERSION:9
                #EXT-X-TARGETDURATION:2
                #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,CAN-SKIP-UNTIL=12
                #EXT-X-PART-INF:PART-TARGET=0.5
                #EXT-X-MEDIA-SEQUENCE:6
                #EXT-X-DISCONTINUITY-SEQUENCE:1
                #EXT-X-MAP:URI="two-v101-init6-0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:51.000Z
                #EXT-X-PART:DURATION=0.50000,URI="two-v101-p0.m4s",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.50000,URI="two-v101-p1.m4s"
                #EXT-X-PART:DURATION=0.50000,URI="two-v101-p2.m4s"
                #EXT-X-PART:DURATION=0.50000,URI="two-v101-p3.m4s"
                #EXTINF:2.00000,
                two-v101-6.m4s
                #EXT-X-PRELOAD-HINT:TYPE=PART,URI="two-v101-p4.m4s"
                #EXT-X-RENDITION-REPORT:URI="v0.m3u8",LAST-MSN=7,LAST-PART=0

                """)
        let last = text(metronome.airing.playlists["v0.m3u8"]?.last?.text)
        #expect(lines(last, "#EXT-X-RENDITION-REPORT:URI=\"v101.m3u8\"").count == 1)
    }

    @Test func isHeldForNoLongerThanWasSaid() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.airing.take(.expect([.picture(101)], milliseconds: 3_000))
        metronome.play(seconds: 4.5)
        #expect(metronome.airing.multivariants == [])
        metronome.play(seconds: 1)
        #expect(metronome.airing.multivariants.map { lines($0, "v") } == [["v0.m3u8"]])
    }

    @Test func aTrackTooManyIsInNoPlaylist() throws {
        var configuration = HLS.Configuration()
        configuration.mostRenditions = 2
        var metronome = Metronome(configuration)
        try metronome.begin("one", pictures: [0, 1, 2, 3])
        metronome.play(seconds: 4, pictures: [0, 1, 2, 3])
        expectRules(metronome.airing)
        #expect(metronome.airing.unlisted == [.picture(2), .picture(3)])
        #expect(metronome.airing.multivariants.last.map { lines($0, "v") } == ["v0.m3u8", "v1.m3u8"])
    }
}

@Suite struct LadderDies {
    @Test func gapsStandInUntilItReturns() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        try metronome.tell(picture: 101)
        metronome.rungs = [101: 1_000]
        metronome.play(seconds: 8)
        metronome.loseRungs()
        metronome.airing.take(.lost(.picture(101)))
        metronome.play(seconds: 10)
        let gone = text(metronome.airing.playlists["v101.m3u8"]?.last?.plain)
        #expect(lines(gone, "#EXT-X-GAP").count == 4)
        #expect(metronome.airing.multivariants.last.map { lines($0, "v") } == ["v0.m3u8", "v101.m3u8"])
        try metronome.tell(picture: 101)
        metronome.rungs = [101: 1_000]
        metronome.play(seconds: 9)
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        let plain = text(metronome.airing.playlists["v101.m3u8"]?.last?.plain).split(separator: "\n")
        let start = plain.firstIndex { $0 == "#EXT-X-GAP" } ?? 0
        #expect(
            plain[start...].prefix(3) == ["#EXT-X-GAP", "#EXTINF:2.00000,", "one-v101-gap4.m4s"])
        // Who asks for the number that all have gets the time that all have.
        #expect(metronome.airing.segments["v101"]?.map(\.msn) == [0, 1, 2, 3, 9, 10, 11])
    }

    @Test func whatStaysAwayIsNoLongerListedAndComesBack() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        try metronome.tell(picture: 101)
        metronome.rungs = [101: 1_000]
        metronome.play(seconds: 6)
        metronome.loseRungs()  // Without a word.
        metronome.play(seconds: 34)
        #expect(metronome.airing.multivariants.last.map { lines($0, "v") } == ["v0.m3u8", "v101.m3u8"])
        metronome.play(seconds: 8)
        #expect(metronome.airing.multivariants.last.map { lines($0, "v") } == ["v0.m3u8"])
        let last = text(metronome.airing.playlists["v0.m3u8"]?.last?.text)
        #expect(lines(last, "#EXT-X-RENDITION-REPORT") == [])
        metronome.rungs = [101: 1_000]
        metronome.play(seconds: 6)
        #expect(metronome.airing.multivariants.last.map { lines($0, "v") } == ["v0.m3u8", "v101.m3u8"])
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
    }
}

@Suite struct SeveralPictures {
    @Test func ofOneEncoderAreAllListedAndCutTogether() throws {
        var metronome = Metronome()
        try metronome.begin("one", pictures: [0, 1])
        metronome.play(seconds: 7, pictures: [1, 0])
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        #expect(metronome.airing.segments["v1"]?.map(\.msn) == [0, 1, 2])
        #expect(metronome.airing.multivariants.last.map { lines($0, "v") } == ["v0.m3u8", "v1.m3u8"])
    }

    /// HEVC at 30 frames a second with a key frame every two seconds, and H.264 at 25 with one each second, as enhanced
    /// RTMP carries both.
    @Test func ofEnhancedRTMPAreTheLadder() throws {
        let shot = try Shot("hevc-aac.samples").beside(Shot(publish: "ffmpeg-avc-aac.rtmp"), as: 1)
        var airing = Airing()
        airing.begin("one")
        try airing.air(told(shot))
        airing.take(.end)
        expectRules(airing)
        expectInStep(airing)
        #expect(airing.troubles == [])
        #expect(
            airing.multivariants.last == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-STREAM-INF:BANDWIDTH=200000,AVERAGE-BANDWIDTH=150000,CODECS="hvc1.1.6.L60.90,mp4a.40.2",\
                RESOLUTION=320x180,FRAME-RATE=30.000,VIDEO-RANGE=SDR
                v0.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=250000,AVERAGE-BANDWIDTH=210000,CODECS="avc1.64000C,mp4a.40.2",\
                RESOLUTION=320x180,FRAME-RATE=25.000,VIDEO-RANGE=SDR
                v1.m3u8

                """)
        #expect(airing.segments["v0"]?.map(\.msn) == [0, 1])
        #expect(airing.segments["v1"]?.map(\.msn) == [0, 1])
        #expect(airing.segments["v1"]?.map(\.beginsWithKey) == [true, true])
    }

    @Test func withKeyFramesOfTheirOwnKeepTheNumbers() throws {
        var metronome = Metronome()
        metronome.ownKeys = [1: 75, 2: 48]
        try metronome.begin("one", pictures: [0, 1, 2])
        metronome.play(seconds: 40, pictures: [0, 1, 2])
        expectRules(metronome.airing)
        let leading = metronome.airing.segments["v0"] ?? []
        // They begin where all begin, if need be without a key frame.
        for id in ["v1", "v2"] {
            let own = metronome.airing.segments[id] ?? []
            #expect(own.map(\.msn) == leading.map(\.msn))
            for (segment, other) in zip(own, leading) {
                #expect((-26_000..<100_000).contains(segment.startMicroseconds - other.startMicroseconds))
            }
            #expect(Set(own.map(\.beginsWithKey)) == [true, false])
        }
        #expect(metronome.airing.troubles == [])
    }
}

@Suite struct SoundRenditions {
    @Test func soundAloneIsListedBesideThePictures() throws {
        var configuration = HLS.Configuration()
        configuration.listsSoundAlone = true
        var metronome = Metronome(configuration)
        try metronome.begin("one")
        metronome.play(seconds: 9)
        metronome.airing.take(.end)
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        #expect(
            metronome.airing.multivariants.last.map { lines($0, "#EXT-X-STREAM", "#EXT-X-MEDIA", "v", "a") } == [
                "#EXT-X-STREAM-INF:BANDWIDTH=50000,AVERAGE-BANDWIDTH=10000,CODECS=\"avc1.640028,mp4a.40.2\","
                    + "RESOLUTION=1920x1080,FRAME-RATE=30.000,VIDEO-RANGE=SDR",
                "v0.m3u8",
                "#EXT-X-STREAM-INF:BANDWIDTH=50000,AVERAGE-BANDWIDTH=10000,CODECS=\"mp4a.40.2\"",
                "a0.m3u8",
            ])
        #expect(metronome.airing.segments["a0"]?.map(\.msn) == metronome.airing.segments["v0"]?.map(\.msn))
    }

    @Test func aSecondLanguageThatComesLateIsAdded() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 5)
        metronome.airing.take(
            .format(.sound(1), .audio(try .aac([0x11, 0x90])), language: "en", name: "English"))
        metronome.play(seconds: 6, sounds: [0, 1])
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        #expect(
            metronome.airing.multivariants.last.map { lines($0, "#EXT-X-MEDIA") } == [
                "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"tha\",LANGUAGE=\"tha\",DEFAULT=YES,AUTOSELECT=YES",
                "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=NO,"
                    + "AUTOSELECT=YES,URI=\"a1.m3u8\"",
            ])
        #expect(metronome.airing.segments["a1"]?.first?.msn == 3)
        // Nothing began anew for it.
        #expect(metronome.airing.segments["v0"]?.contains(where: \.isDiscontinuous) == false)
    }
}

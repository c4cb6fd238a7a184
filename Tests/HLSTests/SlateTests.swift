// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import HLS
import Testing

/// What comes and goes of picture and sound while the audience watches.
@Suite struct SomethingStandsIn {
    @Test func aSlateFillsEveryRenditionAndTheLadderReturnsAfterIt() throws {
        var configuration = HLS.Configuration()
        configuration.listsSoundAlone = true
        var metronome = Metronome(configuration)
        try metronome.begin("one")
        try metronome.tell(picture: 101)
        metronome.rungs = [101: 1_000]
        metronome.play(seconds: 7)
        let list = metronome.airing.multivariants.last
        metronome.airing.take(.leave)
        metronome.play(seconds: 1, pictures: [], sounds: [])
        metronome.loseRungs()

        metronome.airing.take(.begin(publication: "slate", fills: true))
        var format = try VideoFormat.avc(Metronome.avcC[...])
        (format.width, format.height) = (640, 360)
        metronome.airing.take(.format(.picture(0), .video(format), language: ""))
        metronome.airing.take(.format(.sound(0), .audio(try .aac([0x11, 0x90])), language: ""))
        metronome.frame = 0
        metronome.play(seconds: 9)

        try metronome.begin("two")
        try metronome.tell(picture: 101)
        metronome.rungs = [101: 1_000]
        metronome.play(seconds: 7)
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        for id in ["v0", "v101", "a0"] {
            let segments = metronome.airing.segments[id] ?? []
            #expect(segments.map(\.msn) == Array(segments.indices))
            #expect(segments.filter(\.isDiscontinuous).map(\.msn) == [4, 9], "\(id)")
            #expect(segments.filter { $0.name.hasPrefix("slate-") }.map(\.msn) == [4, 5, 6, 7, 8], "\(id)")
        }
        // The list says what the publisher sends, not what stands in for it.
        #expect(lines(metronome.airing.multivariants.last ?? "", "v", "a") == lines(list ?? "", "v", "a"))
        #expect(metronome.airing.multivariants.contains { $0.contains("640x360") } == false)
    }

    @Test func soundThatComesLateBeginsAnewWithThePictureUnbroken() throws {
        var metronome = Metronome()
        try metronome.begin("one", sounds: [])
        metronome.play(seconds: 4.5, sounds: [])
        metronome.airing.take(.format(.sound(0), .audio(try .aac([0x11, 0x90])), language: "tha"))
        metronome.play(seconds: 6)
        expectRules(metronome.airing)
        let segments = metronome.airing.segments["v0"] ?? []
        #expect(segments.map(\.isDiscontinuous) == [false, false, false, true, false])
        #expect(segments.map(\.microseconds).allSatisfy { abs($0 - 2_000_000) < 3_000 })
        #expect(metronome.airing.multivariants.last?.contains("mp4a.40.2") == true)
    }

    @Test func aPictureThatComesLateIsAddedToTheSound() throws {
        var metronome = Metronome()
        try metronome.begin("one", pictures: [])
        metronome.play(seconds: 5, pictures: [])
        #expect(metronome.airing.multivariants.last.map { lines($0, "v", "a") } == ["a0.m3u8"])
        metronome.frame = 0
        try metronome.tell(picture: 0)
        metronome.play(seconds: 7)
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        #expect(metronome.airing.multivariants.last.map { lines($0, "v", "a") } == ["v0.m3u8", "a0.m3u8"])
        #expect(metronome.airing.segments["a0"]?.map(\.msn) == [0, 1, 2, 3, 4, 5])
        #expect(metronome.airing.segments["v0"]?.map(\.msn) == [3, 4, 5])
    }

    @Test func whoReturnsWithSoundAloneIsHeardWhereThePictureWas() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 5)
        metronome.airing.take(.leave)
        try metronome.begin("two", pictures: [])
        metronome.play(seconds: 6, pictures: [])
        expectRules(metronome.airing)
        let segments = metronome.airing.segments["v0"] ?? []
        #expect(segments.map(\.isDiscontinuous) == [false, false, false, true, false, false])
        #expect(metronome.airing.segments["a0"] == nil)
    }

    @Test func theSecondPictureAloneReturns() throws {
        var metronome = Metronome()
        try metronome.begin("one", pictures: [0, 1])
        metronome.play(seconds: 5, pictures: [0, 1])
        metronome.airing.take(.leave)
        try metronome.begin("two", pictures: [1])
        metronome.play(seconds: 8, pictures: [1])
        expectRules(metronome.airing)
        #expect(metronome.airing.segments["v1"]?.map(\.msn) == [0, 1, 2, 3, 4, 5])
        #expect(lines(text(metronome.airing.playlists["v0.m3u8"]?.last?.plain), "#EXT-X-GAP").count == 3)
    }
}

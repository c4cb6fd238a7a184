// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import HLS
import Media
import RTMP
import Testing

@Suite struct Airings {
    /// A publish from its beginning to its end, listed by the rules and without any trouble.
    private func aired(_ name: String) throws -> Airing {
        var airing = Airing()
        airing.begin("one")
        try airing.air(told(name))
        airing.take(.end)
        expectRules(airing)
        #expect(airing.troubles == [])
        return airing
    }

    @Test func aPublishOfObs() throws {
        let airing = try aired("obs-avc-aac.rtmp")
        #expect(
            text(airing.playlists["v0.m3u8"]?.last?.text) == """
                #EXTM3U
                #EXT-X-VERSION:9
                #EXT-X-TARGETDURATION:2
                #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,CAN-SKIP-UNTIL=12
                #EXT-X-PART-INF:PART-TARGET=0.5
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-DISCONTINUITY-SEQUENCE:0
                #EXT-X-MAP:URI="one-v0-init0-0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p0.m4s",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p1.m4s"
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p2.m4s"
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p3.m4s"
                #EXTINF:2.00000,
                one-v0-0.m4s
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:42.000Z
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p4.m4s",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p5.m4s"
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p6.m4s"
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p7.m4s"
                #EXTINF:2.00000,
                one-v0-1.m4s
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:44.000Z
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p8.m4s",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p9.m4s"
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p10.m4s"
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p11.m4s"
                #EXTINF:2.00000,
                one-v0-2.m4s
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:46.000Z
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p12.m4s",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.50000,URI="one-v0-p13.m4s"
                #EXT-X-PART:DURATION=0.20000,URI="one-v0-p14.m4s"
                #EXTINF:1.20000,
                one-v0-3.m4s
                #EXT-X-ENDLIST

                """)
        let line = airing.multivariants.last?.split(separator: "\n").first { $0.hasPrefix("#EXT-X-STREAM-INF") } ?? ""
        #expect(line.hasSuffix("CODECS=\"avc1.64000C,mp4a.40.2\",RESOLUTION=320x180,FRAME-RATE=10.000,VIDEO-RANGE=SDR"))
    }

    @Test func aPublishOfFfmpeg() throws {
        let airing = try aired("ffmpeg-avc-aac.rtmp")
        let first = """
            #EXTM3U
            #EXT-X-VERSION:9
            #EXT-X-TARGETDURATION:2
            #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,CAN-SKIP-UNTIL=12
            #EXT-X-PART-INF:PART-TARGET=0.5
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-DISCONTINUITY-SEQUENCE:0
            #EXT-X-MAP:URI="one-v0-init0-0.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z
            #EXT-X-PART:DURATION=0.48000,URI="one-v0-p0.m4s",INDEPENDENT=YES
            #EXT-X-PART:DURATION=0.48000,URI="one-v0-p1.m4s"
            #EXT-X-PART:DURATION=0.48000,URI="one-v0-p2.m4s",INDEPENDENT=YES
            #EXT-X-PART:DURATION=0.48000,URI="one-v0-p3.m4s"
            #EXT-X-PART:DURATION=0.08000,URI="one-v0-p4.m4s"
            #EXTINF:2.00000,
            one-v0-0.m4s

            """
        #expect(
            text(airing.playlists["v0.m3u8"]?.first?.text) == first
                + "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"one-v0-p5.m4s\"\n")
        #expect(
            text(airing.playlists["v0.m3u8"]?.last?.text) == first + """
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:42.000Z
                #EXT-X-PART:DURATION=0.48000,URI="one-v0-p5.m4s",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.48000,URI="one-v0-p6.m4s"
                #EXT-X-PART:DURATION=0.48000,URI="one-v0-p7.m4s",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.48000,URI="one-v0-p8.m4s"
                #EXT-X-PART:DURATION=0.08000,URI="one-v0-p9.m4s"
                #EXTINF:2.00000,
                one-v0-1.m4s
                #EXT-X-ENDLIST

                """)
        #expect(
            text(airing.playlists["v0.m3u8"]?.last?.plain) == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-TARGETDURATION:2
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-DISCONTINUITY-SEQUENCE:0
                #EXT-X-MAP:URI="one-v0-init0-0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z
                #EXTINF:2.00000,
                one-v0-0.m4s
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:42.000Z
                #EXTINF:2.00000,
                one-v0-1.m4s
                #EXT-X-ENDLIST

                """)
        #expect(
            airing.multivariants == [
                """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-STREAM-INF:BANDWIDTH=250000,AVERAGE-BANDWIDTH=210000,CODECS="avc1.64000C,mp4a.40.2",\
                RESOLUTION=320x180,FRAME-RATE=25.000,VIDEO-RANGE=SDR
                v0.m3u8

                """
            ])
    }

    @Test(arguments: [
        ("hevc-aac.samples", "hvc1.1.6.L60.90,mp4a.40.2"), ("av1-opus.samples", "av01.0.00M.08,Opus"),
    ]) func enhancedCodecs(_ name: String, _ codecs: String) throws {
        let airing = try aired(name)
        #expect(
            airing.multivariants.last?.contains("CODECS=\"\(codecs)\",RESOLUTION=320x180,FRAME-RATE=30.000") == true)
        // Whole milliseconds are all that is known of the first frames.
        let lengths = airing.segments["v0"]?.map { $0.microseconds / 1000 } ?? []
        #expect(lengths.count == 2 && lengths.allSatisfy { abs($0 - 2000) <= 3 })
    }

    @Test func soundAlone() throws {
        var airing = Airing()
        airing.begin("one")
        try airing.air(told("ffmpeg-audio.rtmp"))
        airing.take(.end)
        expectRules(airing)
        #expect(airing.multivariants.last?.contains("CODECS=\"mp4a.40.2\"\na0.m3u8") == true)
        #expect(airing.segments["a0"]?.flatMap(\.parts).allSatisfy(\.isIndependent) == true)
    }

    @Test(
        arguments: [HLS.Configuration(), .campus, .everywhere], [1000.0 / 25, 1001.0 / 30, 1000.0 / 30, 1000.0 / 60])
    func everyProfileAtEveryRate(_ configuration: HLS.Configuration, _ length: Double) throws {
        var metronome = Metronome(configuration, length: length, keyEvery: Int((2000 / length).rounded()))
        try metronome.begin("one")
        metronome.play(seconds: 40)
        expectRules(metronome.airing)
        #expect(metronome.airing.troubles == [])
        #expect((metronome.airing.segments["v0"]?.count ?? 0) >= 19)
        // In steady state a part is there with its last frame: nothing waits for the next one.
        let target = Double(configuration.partMilliseconds)
        let parts = metronome.airing.segments["v0"]?.dropFirst().flatMap(\.parts).map(\.microseconds) ?? []
        #expect((parts.max() ?? 0) <= Int64(target * 1000))
    }
}

// SPDX-License-Identifier: Apache-2.0
import Footage
import HLS
import Testing

@Suite struct LiveCaptions {
    static func announced() -> HLS.Configuration {
        var configuration = HLS.Configuration()
        configuration.captions = .thai
        return configuration
    }

    @Test func areFilesInStepWithThePicture() throws {
        var metronome = Metronome(LiveCaptions.announced())
        try metronome.begin("one")
        metronome.play(seconds: 0.6)
        metronome.airing.take(.caption("สวัสดีครับ & <ยินดี>"))
        metronome.play(seconds: 2)
        metronome.airing.take(.caption("บรรทัดหนึ่ง\n\nบรรทัดสอง"))
        metronome.play(seconds: 3.5)
        metronome.airing.take(.end)
        expectRules(metronome.airing)
        expectInStep(metronome.airing)
        #expect(
            text(metronome.airing.files["one-captions-0.vtt"]) == """
                WEBVTT
                X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

                00:00:00.566 --> 00:00:02.000
                สวัสดีครับ &amp; &lt;ยินดี&gt;


                """)
        // The cue goes on where the segment before it ended.
        #expect(
            text(metronome.airing.files["one-captions-1.vtt"]) == """
                WEBVTT
                X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

                00:00:02.000 --> 00:00:02.566
                สวัสดีครับ &amp; &lt;ยินดี&gt;

                00:00:02.566 --> 00:00:04.000
                บรรทัดหนึ่ง
                บรรทัดสอง


                """)
        #expect(
            text(metronome.airing.files["one-captions-p4.vtt"]) == """
                WEBVTT
                X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

                00:00:02.000 --> 00:00:02.500
                สวัสดีครับ &amp; &lt;ยินดี&gt;


                """)
        #expect(
            metronome.airing.captions.last == """
                WEBVTT

                00:00:00.566 --> 00:00:02.566
                สวัสดีครับ &amp; &lt;ยินดี&gt;

                00:00:02.566 --> 00:00:04.566
                บรรทัดหนึ่ง
                บรรทัดสอง


                """)
    }

    @Test func areAnnouncedFromTheBeginning() throws {
        var metronome = Metronome(LiveCaptions.announced())
        try metronome.begin("one")
        metronome.play(seconds: 3)
        #expect(
            metronome.airing.multivariants.first.map { lines($0, "#EXT-X-MEDIA", "#EXT-X-STREAM") } == [
                "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"ไทย\",LANGUAGE=\"th\",DEFAULT=NO,"
                    + "AUTOSELECT=YES,FORCED=NO,URI=\"captions.m3u8\"",
                "#EXT-X-STREAM-INF:BANDWIDTH=50000,AVERAGE-BANDWIDTH=10000,CODECS=\"avc1.640028,mp4a.40.2\","
                    + "RESOLUTION=1920x1080,FRAME-RATE=30.000,VIDEO-RANGE=SDR,SUBTITLES=\"captions\"",
            ])
        #expect(
            text(metronome.airing.playlists["captions.m3u8"]?.last?.text) == """
                #EXTM3U
                #EXT-X-VERSION:9
                #EXT-X-TARGETDURATION:2
                #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,CAN-SKIP-UNTIL=12
                #EXT-X-PART-INF:PART-TARGET=0.5
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-DISCONTINUITY-SEQUENCE:0
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z
                #EXT-X-PART:DURATION=0.50000,URI="one-captions-p0.vtt",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.50000,URI="one-captions-p1.vtt",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.50000,URI="one-captions-p2.vtt",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.50000,URI="one-captions-p3.vtt",INDEPENDENT=YES
                #EXTINF:2.00000,
                one-captions-0.vtt
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:42.000Z
                #EXT-X-PART:DURATION=0.50000,URI="one-captions-p4.vtt",INDEPENDENT=YES
                #EXT-X-PART:DURATION=0.50000,URI="one-captions-p5.vtt",INDEPENDENT=YES
                #EXT-X-PRELOAD-HINT:TYPE=PART,URI="one-captions-p6.vtt"
                #EXT-X-RENDITION-REPORT:URI="v0.m3u8",LAST-MSN=1,LAST-PART=1

                """)
        #expect(
            text(metronome.airing.playlists["captions.m3u8"]?.last?.plain) == """
                #EXTM3U
                #EXT-X-VERSION:6
                #EXT-X-TARGETDURATION:2
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-DISCONTINUITY-SEQUENCE:0
                #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z
                #EXTINF:2.00000,
                one-captions-0.vtt

                """)
    }

    @Test func thatBeginLateBeginWithTheNumbersOfAll() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 5)
        metronome.airing.take(.leave)
        try metronome.begin("two")
        metronome.play(seconds: 5)
        #expect(metronome.airing.multivariants.contains { $0.contains("SUBTITLES") } == false)
        metronome.airing.take(.caption("มาช้า"))
        metronome.play(seconds: 5)
        expectRules(metronome.airing)
        #expect(metronome.airing.multivariants.last?.contains("SUBTITLES=\"captions\"") == true)
        let first = text(metronome.airing.playlists["captions.m3u8"]?.first?.text)
        #expect(
            lines(first, "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY", "#EXT-X-PROGRAM") == [
                "#EXT-X-MEDIA-SEQUENCE:6", "#EXT-X-DISCONTINUITY-SEQUENCE:1",
                "#EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:51.000Z",
            ])
        // What was said in the segment before is still there to be read.
        #expect(
            text(metronome.airing.files["two-captions-6.vtt"]) == """
                WEBVTT
                X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

                00:00:11.001 --> 00:00:11.967
                มาช้า


                """)
    }

    @Test func goOnThroughADiscontinuityWithThePicture() throws {
        var metronome = Metronome(LiveCaptions.announced())
        try metronome.begin("one")
        metronome.play(seconds: 5)
        metronome.airing.take(.leave)
        metronome.milliseconds += 4_000
        metronome.sourceOffset = 100_000
        try metronome.begin("two")
        metronome.play(seconds: 5)
        metronome.airing.take(.end)
        expectRules(metronome.airing)
        let pair = ["v0.m3u8", "captions.m3u8"].map { name in
            lines(
                text(metronome.airing.playlists[name]?.last?.plain), "#EXT-X-DISCONTINUITY", "#EXT-X-PROGRAM",
                "#EXTINF",
                "#EXT-X-MEDIA-SEQUENCE")
        }
        #expect(pair[0] == pair[1])
        #expect(pair[0].contains("#EXT-X-DISCONTINUITY"))
    }
}

// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import HLS
import Media
import RTMP
import Testing

func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

/// Every playlist of an airing, whole, delta and plain, alone and after the one before it.
func expectRules(_ airing: Airing, sourceLocation: SourceLocation = #_sourceLocation) {
    var all: [PlaylistRules.Breach] = []
    for playlists in airing.playlists.values {
        var earlier: Playlist?
        for playlist in playlists {
            for form in [\Playlist.text, \Playlist.delta, \Playlist.plain] {
                all += PlaylistRules.breaches(in: text(playlist[keyPath: form]))
                guard let earlier else { continue }
                all += PlaylistRules.breaches(in: text(playlist[keyPath: form]), after: text(earlier[keyPath: form]))
            }
            earlier = playlist
        }
    }
    for multivariant in airing.multivariants { all += PlaylistRules.breaches(in: multivariant) }
    #expect(all.prefix(5).map(\.description) == [], sourceLocation: sourceLocation)
    #expect(airing.missing == [], sourceLocation: sourceLocation)
    #expect(airing.reused == [], sourceLocation: sourceLocation)
    // A segment and its parts hold the same bytes.
    for segment in airing.segments.values.joined() {
        #expect(segment.parts.flatMap { airing.files[$0.name] ?? [] } == airing.files[segment.name] ?? [])
    }
}

/// A made-up encoder of small frames, for what no fixture can show.
struct Metronome {
    var airing: Airing
    var milliseconds: Double = 0
    var frame = 0
    let length: Double
    var keyEvery: Int
    var sourceOffset: Int64 = 0
    static let avcC: [UInt8] = [
        1, 0x64, 0, 0x28, 0xFF, 0xE1, 0, 24, 0x67, 0x64, 0x00, 0x28, 0xAC, 0xD9, 0x40, 0x78, 0x02, 0x27, 0xE5, 0x84, 0,
        0,
        0x0F, 0xA4, 0x00, 0x03, 0xA9, 0x82, 0x3C, 0x60, 0xC6, 0x58, 1, 0, 4, 0x68, 0xEB, 0xE3, 0xCB,
    ]

    init(_ configuration: HLS.Configuration = HLS.Configuration(), length: Double = 1000.0 / 30, keyEvery: Int = 60) {
        airing = Airing(configuration)
        self.length = length
        self.keyEvery = keyEvery
    }

    mutating func begin(_ publication: String, pictures: [UInt8] = [0], sounds: [UInt8] = [0]) throws {
        airing.begin(publication)
        var format = try VideoFormat.avc(Metronome.avcC[...])
        format.frameRate = nil  // It is to be learned.
        for number in pictures { airing.take(.format(.picture(number), .video(format), language: "")) }
        for number in sounds {
            let language = number == 0 ? "tha" : "eng"
            airing.take(.format(.sound(number), .audio(try .aac([0x11, 0x90])), language: language))
        }
        frame = 0
    }

    /// Plays for so long: pictures at their rate and sound at about its own.
    mutating func play(seconds: Double, pictures: [UInt8] = [0], sounds: [UInt8] = [0]) {
        let end = milliseconds + seconds * 1000
        var sound = milliseconds
        airing.wall.milliseconds = 1_795_000_000_000 + Int64(milliseconds)
        while milliseconds < end - 0.001 {
            for number in pictures {
                let bytes: [UInt8] = [0, 0, 0, 2, frame % keyEvery == 0 ? 0x65 : 0x41, number]
                airing.take(
                    .sample(
                        .picture(number),
                        Packager.Sample(
                            microseconds: stamp(milliseconds), isKey: frame % keyEvery == 0, bytes: bytes[...])))
            }
            milliseconds += length
            airing.wall.milliseconds = 1_795_000_000_000 + Int64(milliseconds)
            frame += 1
            while sound < milliseconds {
                for number in sounds {
                    airing.take(
                        .sample(
                            .sound(number), Packager.Sample(microseconds: stamp(sound), isKey: true, bytes: [number])))
                }
                sound += 1024.0 / 48
            }
        }
    }

    private func stamp(_ milliseconds: Double) -> Int64 { (Int64(milliseconds) + sourceOffset) * 1000 }
}

@Suite struct Airings {
    @Test func aPublishOfFfmpeg() throws {
        var airing = Airing()
        airing.begin("one")
        try airing.air(told("ffmpeg-avc-aac.rtmp"))
        airing.take(.end)
        expectRules(airing)
        #expect(airing.troubles == [])
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
        var airing = Airing()
        airing.begin("one")
        try airing.air(told(name))
        airing.take(.end)
        expectRules(airing)
        #expect(airing.troubles == [])
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

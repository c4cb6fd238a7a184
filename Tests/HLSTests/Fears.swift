// SPDX-License-Identifier: Apache-2.0
import FMP4
import Footage
import HLS
import Media
import RTMP
import Testing

/// What goes wrong in a broadcast, one fear a test.
@Suite struct Fears {
    @Test func publisherReturns() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 5)
        let hinted = metronome.airing.playlists["v0.m3u8"]?.last.map { text($0.text) } ?? ""
        metronome.airing.take(.leave)
        metronome.milliseconds += 12_000
        metronome.sourceOffset = 900_000
        try metronome.begin("two")
        metronome.play(seconds: 5)
        expectRules(metronome.airing)
        let segments = metronome.airing.segments["v0"] ?? []
        #expect(segments.map(\.msn) == Array(segments.indices))
        #expect(segments.map(\.isDiscontinuous) == [false, false, false, true, false])
        #expect(
            Set(segments.map(\.map)) == [
                "one-v0-init0-0.mp4", "two-v0-init3-\(segments[..<3].flatMap(\.parts).count).mp4",
            ])
        // The stream's own clock goes on; the world's shows the gap.
        #expect(segments[3].startMicroseconds == segments[2].startMicroseconds + segments[2].microseconds)
        #expect(segments[3].wall.milliseconds - segments[2].wall.milliseconds >= 12_900)
        #expect(hinted.contains("PRELOAD-HINT"))
    }

    /// It left between pictures that wait for each other: the last one's turn comes after all are decoded. What follows
    /// begins behind it, but one picture's absurd time does not hold it up.
    @Test(arguments: [(133_000, 133_000), (3_600_000_000, 2_000_000)] as [(Int64, Int64)])
    func publisherLeavesBeforeItsLastPictureIsShown(_ composition: Int64, _ pause: Int64) throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 4.8)
        let last = Packager.Sample(
            microseconds: Int64(metronome.milliseconds) * 1000, compositionMicroseconds: composition, isKey: false,
            bytes: [0, 0, 0, 2, 0x41, 0])
        metronome.airing.take(.sample(.picture(0), last))
        metronome.airing.take(.leave)
        metronome.milliseconds += 3_000
        try metronome.begin("two")
        metronome.play(seconds: 5)
        expectRules(metronome.airing)
        let segments = metronome.airing.segments["v0"] ?? []
        let two = try #require(segments.firstIndex { $0.isDiscontinuous })
        let before = segments[two - 1]
        #expect(abs(segments[two].startMicroseconds - before.startMicroseconds - before.microseconds - pause) < 1_000)
    }

    @Test func encoderChangesItsPicture() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 4)
        let other = try told("ffmpeg-avc-aac.rtmp")
        for case .configuration(_, Media.Codec.avc, let bytes) in other {
            metronome.airing.take(.format(.picture(0), .video(try .avc(bytes)), language: ""))
        }
        metronome.play(seconds: 4)
        expectRules(metronome.airing)
        let last = text(metronome.airing.playlists["v0.m3u8"]?.last?.text)
        #expect(last.split(separator: "\n").filter { $0 == "#EXT-X-DISCONTINUITY" }.count == 1)
        #expect(last.split(separator: "\n").filter { $0.hasPrefix("#EXT-X-MAP") }.count == 2)
    }

    @Test func clockJumpsAnHour() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 5)
        metronome.airing.take(.jump)
        metronome.sourceOffset = -3_600_000
        metronome.play(seconds: 5)
        expectRules(metronome.airing)
        let segments = metronome.airing.segments["v0"] ?? []
        for (earlier, later) in zip(segments, segments.dropFirst()) {
            #expect(abs(later.startMicroseconds - earlier.startMicroseconds - earlier.microseconds) <= 2)
        }
        #expect(segments.contains { $0.isDiscontinuous } == false)
    }

    @Test func lateKeyframe() throws {
        var metronome = Metronome(keyEvery: 300)
        try metronome.begin("one")
        metronome.play(seconds: 40)
        expectRules(metronome.airing)
        #expect(metronome.airing.troubles.isEmpty == false)
        let lengths = Set(metronome.airing.segments["v0"]?.map { ($0.microseconds + 500) / 1000 } ?? [])
        // Cut at six seconds, later at what rounds to six, and at each key frame after that.
        #expect(lengths == [6000, 4000, 6467, 3533])
    }

    @Test func pictureStopsAndSoundGoesOn() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 3)
        metronome.play(seconds: 30, pictures: [])
        metronome.frame = 0
        metronome.play(seconds: 3)
        expectRules(metronome.airing)
    }

    @Test func longBroadcastForgets() throws {
        var configuration = Configuration()
        configuration.windowMilliseconds = 20_000
        var metronome = Metronome(configuration)
        try metronome.begin("one")
        metronome.play(seconds: 120)
        metronome.airing.take(.leave)
        try metronome.begin("two")
        metronome.play(seconds: 60)
        expectRules(metronome.airing)
        let last = text(metronome.airing.playlists["v0.m3u8"]?.last?.text)
        #expect(last.contains("#EXT-X-DISCONTINUITY-SEQUENCE:1\n"))
        let listed = last.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
        #expect(listed.count == 10)
        #expect(Set(listed).isDisjoint(with: metronome.airing.forgotten))
        #expect(metronome.airing.forgotten.contains("one-v0-0.m4s"))
        #expect(Set(metronome.airing.forgotten).count == metronome.airing.forgotten.count)
        let delta = text(metronome.airing.playlists["v0.m3u8"]?.last?.delta)
        #expect(
            delta.contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n") || delta.contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n"))
        #expect(delta.count < last.count)
    }

    @Test func ladderAndLanguages() throws {
        var metronome = Metronome()
        try metronome.begin("one", pictures: [0, 1], sounds: [0, 1])
        metronome.play(seconds: 7, pictures: [0, 1], sounds: [0, 1])
        expectRules(metronome.airing)
        #expect(
            metronome.airing.multivariants.last?.split(separator: "\n").filter { !$0.hasPrefix("#EXT-X-STREAM") } == [
                "#EXTM3U", "#EXT-X-VERSION:6",
                "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"tha\",LANGUAGE=\"tha\",DEFAULT=YES,AUTOSELECT=YES",
                "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"eng\",LANGUAGE=\"eng\",DEFAULT=NO,AUTOSELECT=YES,URI=\"a1.m3u8\"",
                "v0.m3u8", "v1.m3u8",
            ])
        let last = text(metronome.airing.playlists["v0.m3u8"]?.last?.text)
        let reports = last.split(separator: "\n").filter { $0.hasPrefix("#EXT-X-RENDITION-REPORT") }
        #expect(reports.count == 2)
        let starts = ["v0", "v1"].map { metronome.airing.segments[$0]?.map(\.startMicroseconds) }
        #expect(starts[0] == starts[1])
    }

    @Test func markersAreListedWhileTheirTimeIs() throws {
        var metronome = Metronome()
        try metronome.begin("one")
        metronome.play(seconds: 5)
        let mark = DateRange(
            id: "m1", kind: "slide", start: WallTime(milliseconds: 1_795_000_003_000), milliseconds: 1500,
            attributes: [("X-TITLE", "หน้า \"3\"")])
        metronome.airing.take(.mark(mark))
        expectRules(metronome.airing)
        let last = text(metronome.airing.playlists["v0.m3u8"]?.last?.text)
        #expect(
            last.split(separator: "\n").filter { $0.hasPrefix("#EXT-X-DATERANGE") } == [
                "#EXT-X-DATERANGE:ID=\"m1\",CLASS=\"slide\",START-DATE=\"2026-11-18T11:06:43.000Z\",DURATION=1.5,X-TITLE=\"หน้า  3 \""
            ])
    }
}

/// Facts of 6.2.5.2, as a table.
@Suite struct BlockingReload {
    /// Segments 0 to 7 are complete, 7 has 4 parts; 8 has 2 so far.
    static let edge = Edge(
        lastSegment: 7, partsOfLastSegment: 4, partsOfOpenSegment: 2, targetSeconds: 2, partTargetMicroseconds: 500_000)

    @Test(
        arguments: [
            ("", .now), ("unknown=1", .now),
            ("_HLS_msn=0", .now), ("_HLS_msn=7", .now), ("_HLS_msn=8", .wait), ("_HLS_msn=9", .wait),
            ("_HLS_msn=10", .bad("_HLS_msn is too far ahead.")),
            ("_HLS_msn=3&_HLS_part=99", .now), ("_HLS_msn=7&_HLS_part=3", .now), ("_HLS_msn=7&_HLS_part=4", .now),
            ("_HLS_msn=8&_HLS_part=0", .now), ("_HLS_msn=8&_HLS_part=1", .now), ("_HLS_msn=8&_HLS_part=2", .wait),
            ("_HLS_msn=8&_HLS_part=7", .wait), ("_HLS_msn=8&_HLS_part=8", .bad("_HLS_part is too far ahead.")),
            ("_HLS_msn=9&_HLS_part=0", .wait), ("_HLS_part=0", .bad("_HLS_part without _HLS_msn.")),
            ("_HLS_msn=8&_HLS_part=2&_HLS_skip=YES", .wait),
        ] as [(String, Reload.Answer)]) func answers(_ query: String, _ answer: Reload.Answer)
    {
        #expect(Reload(query: query)?.answer(at: BlockingReload.edge) == answer)
    }

    @Test func aPartBeyondAWholeSegmentIsTheNextSegmentsFirst() {
        var edge = BlockingReload.edge
        edge.partsOfOpenSegment = 0
        #expect(Reload(msn: 7, part: 4).answer(at: edge) == .wait)
        #expect(Reload(msn: 7, part: 40).answer(at: edge) == .wait)
        #expect(Reload(msn: 7, part: 3).answer(at: edge) == .now)
    }

    @Test func nobodyWaitsLongerThanThreeTargetDurations() {
        #expect(Reload(msn: 8).answer(at: BlockingReload.edge, waitedMilliseconds: 6000) == .wait)
        #expect(Reload(msn: 8).answer(at: BlockingReload.edge, waitedMilliseconds: 6001) == .tooLong)
    }

    @Test func afterTheEndNothingBlocks() {
        var edge = BlockingReload.edge
        edge.isEnded = true
        #expect(Reload(msn: 99).answer(at: edge) == .now)
    }

    @Test(arguments: ["_HLS_msn=", "_HLS_msn=-1", "_HLS_msn=1e3", "_HLS_part=x&_HLS_msn=1", "_HLS_skip=no"])
    func unreadable(_ query: String) { #expect(Reload(query: query) == nil) }

    @Test func beforeTheFirstSegmentEverybodyWaits() {
        let edge = Edge(
            lastSegment: -1, partsOfLastSegment: 0, partsOfOpenSegment: 2, targetSeconds: 0, partTargetMicroseconds: 0)
        #expect(Reload().answer(at: edge) == .wait)
        #expect(Reload().answer(at: edge, waitedMilliseconds: 20_001) == .tooLong)
    }
}

/// The rules must be able to find something.
@Suite struct Rules {
    static let good = """
        #EXTM3U
        #EXT-X-VERSION:9
        #EXT-X-TARGETDURATION:2
        #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,CAN-SKIP-UNTIL=12
        #EXT-X-PART-INF:PART-TARGET=0.5
        #EXT-X-MEDIA-SEQUENCE:4
        #EXT-X-MAP:URI="i.mp4"
        #EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z
        #EXT-X-PART:DURATION=0.50000,URI="p0",INDEPENDENT=YES
        #EXT-X-PART:DURATION=0.50000,URI="p1"
        #EXT-X-PART:DURATION=0.20000,URI="p2"
        #EXTINF:1.20000,
        s4
        #EXT-X-PRELOAD-HINT:TYPE=PART,URI="p3"

        """

    @Test func aGoodOneBreaksNothing() { #expect(PlaylistRules.breaches(in: Rules.good) == []) }

    @Test(arguments: [
        ("#EXTM3U\n", "\n", "4.4.1.1"), ("TARGETDURATION:2", "TARGETDURATION:1\n#EXT-X-TARGETDURATION:1", "4.4"),
        ("#EXTINF:1.2", "#EXTINF:9.2", "4.4.3.1"), ("PART-HOLD-BACK=1.5", "PART-HOLD-BACK=1.0", "4.4.3.8"),
        ("CAN-SKIP-UNTIL=12", "CAN-SKIP-UNTIL=11", "4.4.3.8"),
        ("DURATION=0.50000,URI=\"p1\"", "DURATION=0.50001,URI=\"p1\"", "4.4.3.7"),
        ("DURATION=0.50000,URI=\"p1\"", "DURATION=0.40000,URI=\"p1\"", "4.4.3.7"),
        ("#EXT-X-MAP:URI=\"i.mp4\"\n", "", "4.4.4.5"), ("#EXTINF:1.20000,\n", "", "4.4.4.1"),
        ("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p3\"\n", "", "B.1"), ("VERSION:9", "VERSION:3", "8"),
        ("#EXT-X-PROGRAM-DATE-TIME:2026-11-18T11:06:40.000Z\n", "", "B.1"),
        (",URI=\"p0\"", ",URI=p0", "4.4.4.9"), ("1.20000,\ns4", "1.20000,\ns4\n#EXT-X-ENDLIST", "6.2.6"),
    ]) func brokenOnes(_ from: String, _ to: String, _ section: String) {
        let parts = Rules.good.replacing(from, with: to, maxReplacements: 1)
        #expect(parts != Rules.good)
        #expect(PlaylistRules.breaches(in: parts).map(\.section).contains(section))
    }

    @Test func changesOverTime() {
        func after(_ from: String, _ to: String) -> [String] {
            PlaylistRules.breaches(in: Rules.good.replacing(from, with: to), after: Rules.good).map(\.section)
        }
        #expect(after("PART-TARGET=0.5", "PART-TARGET=0.6") == ["4.4.3.7"])
        #expect(after("DURATION:2", "DURATION:3") == ["4.4.3.1"])
        #expect(after("SEQUENCE:4", "SEQUENCE:3") == ["6.2.2"])
        #expect(after("s4", "s5") == ["6.2.1"])
        #expect(after("p3", "p9") == ["6.2.6"])
    }
}

// SPDX-License-Identifier: Apache-2.0
import HLS
import Testing

/// The rules for segments that are parts of a longer file, and for what may still change, must find something too.
@Suite struct RangeRules {
    static let good = """
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-TARGETDURATION:6
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:EVENT
        #EXT-X-MAP:URI="media.mp4",BYTERANGE="1000@0"
        #EXTINF:6.00000,
        #EXT-X-BYTERANGE:5000@1000
        media.mp4
        #EXTINF:6.00000,
        #EXT-X-BYTERANGE:5000
        media.mp4

        """

    @Test func aGoodOneBreaksNothing() {
        #expect(PlaylistRules.breaches(in: Self.good) == [])
        let whole = Self.good.replacing("EVENT", with: "VOD") + "#EXT-X-ENDLIST\n"
        #expect(PlaylistRules.breaches(in: whole) == [])
    }

    @Test(arguments: [
        ("5000@1000", "5000@", "4.4.4.2"), ("5000@1000", "@1000", "4.4.4.2"), ("5000@1000", "5000@-1", "4.4.4.2"),
        ("5000@1000", "+5000@1000", "4.4.4.2"), ("5000@1000", "5000@1@0", "4.4.4.2"), ("5000@1000", "0@0", "4.4.4.2"),
        ("5000@1000", "5000", "4.4.4.2"), ("5000@1000\nmedia.mp4", "5000@1000\nother.mp4", "4.4.4.2"),
        ("#EXT-X-BYTERANGE:5000@1000\n", "", "4.4.4.2"),
        ("#EXT-X-BYTERANGE:5000\n", "#EXT-X-BYTERANGE:1\n#EXT-X-BYTERANGE:5000\n", "4.4.4.2"),
        ("BYTERANGE=\"1000@0\"", "BYTERANGE=1000@0", "4.4.4.5"), ("\"1000@0\"", "\"x@0\"", "4.4.4.5"),
        ("VERSION:7", "VERSION:3", "8"), ("EVENT", "LIVE", "4.4.3.5"), ("EVENT", "VOD", "6.2.1"),
        ("5000\nmedia.mp4\n", "5000\n", "4.4.4.2"),
    ]) func brokenOnes(_ from: String, _ to: String, _ section: String) {
        let text = Self.good.replacing(from, with: to, maxReplacements: 1)
        #expect(text != Self.good)
        #expect(PlaylistRules.breaches(in: text).map(\.section).contains(section))
    }

    @Test func changesOverTime() {
        func after(_ text: String, _ earlier: String = Self.good) -> [String] {
            PlaylistRules.breaches(in: text, after: earlier).map(\.section)
        }
        #expect(after(Self.good + "#EXTINF:6.00000,\n#EXT-X-BYTERANGE:9\nmedia.mp4\n#EXT-X-ENDLIST\n") == [])
        #expect(after(Self.good.replacing("5000\n", with: "5001\n")) == ["4.4.3.5", "6.2.1"])
        #expect(after(Self.good.replacing("EVENT", with: "VOD")) == ["4.4.3.5", "4.4.3.5"])
        let vod = Self.good.replacing("EVENT", with: "VOD")
        #expect(after(vod + "#EXT-X-ENDLIST\n", vod) == ["4.4.3.5"])
    }
}

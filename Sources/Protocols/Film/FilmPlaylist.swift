// SPDX-License-Identifier: Apache-2.0
import FMP4
import HLS

/// One file of a broadcast, as a playlist lists it.
public struct FilmReel: Sendable {
    /// What stands where in it.
    public var index: FilmIndex
    /// Its address, relative to the playlist. It needs no quotation marks.
    public var address: String
    /// Whether nothing more will be written to it.
    public var isComplete: Bool
    /// When it began, in milliseconds since 1970; counts where the file itself does not say.
    public var startedAt: Int64

    /// A file of these properties.
    public init(index: FilmIndex, address: String, isComplete: Bool, startedAt: Int64) {
        (self.index, self.address, self.isComplete, self.startedAt) = (index, address, isComplete, startedAt)
    }
}

/// Recordings as HLS playlists. Every segment is a byte range of a recording (4.4.4.2), so there are no other files.
public enum FilmPlaylist {
    /// The media playlist of a finished recording; nil when there is nothing in it.
    public static func vod(_ reel: FilmReel) -> String? {
        let segments = reel.index.segments(.vod, isComplete: true)
        let longest = segments.map(\.microseconds).max() ?? 0
        guard longest > 0 else { return nil }
        let target = max(1, (longest + 500_000) / 1_000_000)
        return head(type: "VOD", target: target) + body(reel, segments, target: target, isFirst: true)
            + "#EXT-X-ENDLIST\n"
    }

    /// The media playlist of a broadcast from its beginning: the files in order, of which only the last one may still
    /// grow. What it lists once it lists for ever (4.4.3.5). Nil as long as there is no whole segment.
    public static func event(_ reels: [FilmReel], isEnded: Bool) -> String? {
        let target = Cutting.event.mostMilliseconds / 1000
        var text = ""
        for reel in reels {
            let segments = reel.index.segments(.event, isComplete: reel.isComplete || isEnded)
            if !segments.isEmpty { text += body(reel, segments, target: target, isFirst: text.isEmpty) }
            // Behind a file that grows nothing can stand.
            if !reel.isComplete { break }
        }
        guard !text.isEmpty else { return nil }
        return head(type: "EVENT", target: target) + text + (isEnded ? "#EXT-X-ENDLIST\n" : "")
    }

    private static func head(type: String, target: Int64) -> String {
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:\(target)\n#EXT-X-MEDIA-SEQUENCE:0\n"
            + "#EXT-X-PLAYLIST-TYPE:\(type)\n"
    }

    private static func body(_ reel: FilmReel, _ segments: [FilmSegment], target: Int64, isFirst: Bool) -> String {
        var text = isFirst ? "" : "#EXT-X-DISCONTINUITY\n"
        text += "#EXT-X-MAP:URI=\"\(reel.address)\",BYTERANGE=\"\(reel.index.headBytes)@0\"\n"
        for segment in segments {
            if segment.isDiscontinuous { text += "#EXT-X-DISCONTINUITY\n" }
            let wall = segment.wall ?? reel.startedAt + segment.startMicroseconds / 1000
            text += "#EXT-X-PROGRAM-DATE-TIME:\(WallTime(milliseconds: wall).text)\n"
            // A picture that stood still for longer than a segment may be is listed as that long.
            let length = min(segment.microseconds, target * 1_000_000 + 499_000)
            text += "#EXTINF:\(seconds(length)),\n#EXT-X-BYTERANGE:\(segment.byteCount)@\(segment.offset)\n"
            text += reel.address + "\n"
        }
        return text
    }

    /// The multivariant playlist over the media playlist at `address`; nil when there is nothing in the recording.
    public static func multivariant(_ index: FilmIndex, address: String) -> String? {
        let segments = index.segments(.vod, isComplete: true)
        guard let rate = BitRate(segments) else { return nil }
        let codecs = [index.picture, index.sound].compactMap(\.?.codecs).joined(separator: ",")
        var text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=\(rate.peak)"
        text += ",AVERAGE-BANDWIDTH=\(rate.average),CODECS=\"\(codecs)\""
        if case .video(let video)? = index.picture?.format {
            text += ",RESOLUTION=\(video.width)x\(video.height)"
            let thousandths = index.frameRateThousandths
            text += ",FRAME-RATE=\(thousandths / 1000).\(padded(thousandths % 1000, 3))"
            text += ",VIDEO-RANGE=\(video.range.rawValue)"
        }
        return text + "\n\(address)\n"
    }
}

extension FilmIndex {
    /// Pictures per second, in thousandths: what the encoder promised, or what came on the average.
    var frameRateThousandths: Int64 {
        if case .video(let video)? = picture?.format, let rate = video.frameRate { return Int64(rate.thousandths) }
        let frames = fragments.reduce(0) { $0 + Int64($1.lead.frames) }
        return frames * 1_000_000_000 / max(1, microseconds)
    }
}

/// Bits per second as 4.4.6.2 counts them.
private struct BitRate {
    /// The most in any run of segments that lasts from half a target duration to one and a half.
    var peak: Int64
    /// More segments than this in one and a half target durations are not looked at together.
    private static let mostSegments = 64
    /// All bits over all time.
    var average: Int64

    init?(_ segments: [FilmSegment]) {
        let target = segments.map(\.microseconds).max() ?? 0
        guard target > 0 else { return nil }
        func rate(_ bytes: Int64, _ microseconds: Int64) -> Int64 {
            // Whole bits, rounded up: never below what comes.
            Int64((Double(bytes) * 8_000_000 / Double(max(1, microseconds))).rounded(.up))
        }
        average = rate(
            segments.reduce(0) { $0 + $1.byteCount }, segments.reduce(0) { $0 + $1.microseconds })
        peak = average
        for first in segments.indices {
            var (bytes, length): (Int64, Int64) = (0, 0)
            for segment in segments[first...].prefix(BitRate.mostSegments) {
                (bytes, length) = (bytes + segment.byteCount, length + segment.microseconds)
                if 2 * length > 3 * target { break }
                if 2 * length >= target { peak = max(peak, rate(bytes, length)) }
            }
        }
    }
}

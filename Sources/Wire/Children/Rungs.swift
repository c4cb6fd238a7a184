// SPDX-License-Identifier: Apache-2.0
import Media
import Studio

extension Plan.Rung {
    /// What its pictures may cost the viewer's line, in kbit/s.
    fileprivate var kilobitsPerSecond: Int {
        switch self {
        case .p1080: 4_500
        case .p720: 2_400
        case .p480: 1_000
        case .p240: 350
        case .sound: 0
        }
    }
}

/// What one ffmpeg is to make of a publisher's picture.
struct Rungs: Hashable, Sendable {
    /// How hard x264 tries, hardest first.
    static let presets = ["veryfast", "superfast", "ultrafast"]

    /// Of the publisher's picture, in pixels.
    var width: Int
    var height: Int
    /// Largest first.
    var rungs: [Plan.Rung]
    /// An index of `presets`.
    var effort: Int
    /// How many processors it may keep busy.
    var processors: Int

    /// Those of the rungs that are smaller than what comes in: an equal one would be the same picture again, and worse.
    static func below(width: Int, height: Int, _ rungs: [Plan.Rung]) -> [Plan.Rung] {
        Plan.Rung.allCases.filter { rung in
            rungs.contains(rung) && rung.shortSide.map { $0 < min(width, height) } ?? false
        }
    }

    /// The arguments of an ffmpeg that reads Matroska and gives MPEG-TS with a video stream for each rung.
    ///
    /// Times go through unchanged: `-copyts`, a tick of the output's own, no picture doubled or dropped, nothing added
    /// by the multiplexer. Key frames are where the source has them, so that segments of all qualities are cut alike.
    var arguments: [String] {
        var words = FFmpeg.quiet
        // One thread decodes: more would each hold a picture back.
        words += ["-probesize", "1000000", "-analyzeduration", "0", "-fpsprobesize", "0", "-threads", "1"]
        words += ["-f", "matroska", "-i", "pipe:0", "-copyts", "-filter_threads", "1", "-filter_complex_threads", "1"]
        words += ["-filter_complex", filters]
        for place in rungs.indices { words += ["-map", "[r\(place)]"] }
        words += [
            "-c:v", "libx264", "-preset", Rungs.presets[effort], "-tune", "zerolatency", "-threads", "\(threads)",
        ]
        words += ["-sc_threshold", "0", "-g", "600", "-forced-idr", "1", "-force_key_frames", "source"]
        for (place, rung) in rungs.enumerated() {
            let rate = rung.kilobitsPerSecond
            words += ["-b:v:\(place)", "\(rate)k", "-maxrate:v:\(place)", "\(rate * 11 / 10)k"]
            words += ["-bufsize:v:\(place)", "\(rate)k"]
        }
        words += ["-enc_time_base", "1:90000", "-fps_mode", "passthrough", "-muxdelay", "0", "-muxpreload", "0"]
        return words + ["-flush_packets", "1", "-f", "mpegts", "pipe:1"]
    }

    private var threads: Int { max(1, min(4, processors)) }

    /// Each size is made of the next larger one, which costs less than making each of the source.
    private var filters: String {
        var links: [String] = []
        var input = "[0:v:0]"
        for (place, rung) in rungs.enumerated() {
            let scale = "scale=\(size(rung)):flags=bicubic,format=yuv420p"
            let isLast = place == rungs.count - 1
            links.append("\(input)\(scale)\(isLast ? "[r\(place)]" : ",split=2[r\(place)][s\(place)]")")
            input = "[s\(place)]"
        }
        return links.joined(separator: ";")
    }

    /// As large as it is to be, in even numbers: half of the pixels have no colour of their own.
    private func size(_ rung: Plan.Rung) -> String {
        let short = rung.shortSide ?? 0
        let long = (max(width, height) * short / min(width, height) + 1) / 2 * 2
        return width >= height ? "\(long):\(short)" : "\(short):\(long)"
    }
}

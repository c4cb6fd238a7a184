// SPDX-License-Identifier: Apache-2.0
import Media
import RTP
import Studio

/// The slate of every broadcast, for a stage on which nobody is to be seen: the same clip, decoded like anybody's pictures.
/// Lives on its stage's loop.
final class StageSlate {
    let decoder: TileDecoder
    private var reel: Reel
    private let configuration: [UInt8]?

    /// It begins now.
    init(_ ffmpeg: FFmpeg, on loop: Loop) {
        let clip = Slates.clip(.backSoon)
        reel = Reel(clip, kinds: [.video], at: Clock.now())
        configuration =
            clip.signals.compactMap { signal -> [UInt8]? in
                if case .configuration(_, .avc, let record) = signal { Array(record) } else { nil }
            }.first
        let whole = Arrangement.Place(x: 0, y: 0, width: Arrangement.width, height: Arrangement.height)
        decoder = TileDecoder(whole, plate: nil, ffmpeg, on: loop)
    }

    /// As often as pictures are put together: what of the clip is due is decoded.
    func time(at now: Instant) {
        for (sample, _) in reel.due(at: now) {
            var frame = CodedFrame(
                format: .h264, microseconds: sample.microseconds, isKey: sample.isKey, bytes: Array(sample.bytes))
            if sample.isKey { frame.configuration = configuration }
            decoder.take(frame)
        }
    }
}

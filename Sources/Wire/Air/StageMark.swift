// SPDX-License-Identifier: Apache-2.0
import Studio

/// The office's mark (`Styles/icon.svg`), for a corner of what is put together on air: drawn once, by the ffmpeg that is
/// there for the pictures anyway. Where it cannot be drawn there is none. Lives on its stage's loop.
final class StageMark {
    /// Its width and its height, in pixels.
    static let side = 64
    private static let margin = 24
    /// Where it stands: at the upper right, where no name is.
    static let place = Arrangement.Place(x: Arrangement.width - side - margin, y: margin, width: side, height: side)

    /// In planes: luma, the two colours in half the size, and how much of it covers what is below. Empty until it is drawn.
    private(set) var picture: [UInt8] = []
    private var drawn: [UInt8] = []
    private var child: ChildProcess?

    /// Begins to draw it.
    init(_ ffmpeg: FFmpeg, on loop: Loop) {
        guard let path = ffmpeg.path, let icon = embeddedText["Styles/icon.svg"] else { return }
        let arguments =
            FFmpeg.quiet + [
                // A drawing is one packet; without its size it would be read in pieces.
                "-f", "svg_pipe", "-frame_size", "\(icon.utf8.count)", "-i", "pipe:0", "-vf",
                "scale=\(StageMark.side):\(StageMark.side),format=yuva420p",
                "-frames:v", "1", "-f", "rawvideo", "pipe:1",
            ]
        // Without it what is on air is as good.
        child = try? ChildProcess(
            path, arguments, on: loop, mostWaitingBytes: 1 << 20, reads: { [weak self] in self?.drawn += $0 },
            ends: { [weak self] _ in self?.ended() })
        if child?.send(Array(icon.utf8)) ?? false { child?.finish() }
    }

    private func ended() {
        child = nil
        if drawn.count == StageMark.side * StageMark.side * 5 / 2 { picture = drawn }
        drawn = []
    }
}

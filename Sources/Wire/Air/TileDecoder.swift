// SPDX-License-Identifier: Apache-2.0
import Matroska
import Media
import RTP
import Studio

/// One source's pictures, decoded and brought to one size by a program beside us that begins at a key frame. When it dies,
/// another begins at the next one. Lives on its stage's loop.
final class TileDecoder {
    let place: Arrangement.Place
    /// The last whole picture, in planes (4:2:0); empty before the first.
    private(set) var picture: [UInt8] = []
    /// Whether it came since this was asked last.
    var isFresh = false
    private let loop: Loop
    private let ffmpeg: FFmpeg
    private let plate: String?
    private var child: ChildProcess?
    private var content: MatroskaFile.Content?
    private var beginning: Int64 = 0
    private var filling: [UInt8] = []
    private var mayBeginAt: Int64 = 0
    private static let pauseMilliseconds: Int64 = 1_000

    /// Pictures for this place; `plate` is a script that names who is in them.
    init(_ place: Arrangement.Place, plate: String?, _ ffmpeg: FFmpeg, on loop: Loop) {
        (self.place, self.plate, self.ffmpeg, self.loop) = (place, plate, ffmpeg, loop)
        filling.reserveCapacity(frameBytes)
    }

    private var frameBytes: Int { place.width * place.height * 3 / 2 }

    func take(_ frame: CodedFrame) {
        if frame.isKey, child == nil || content != frame.format.content { begin(frame) }
        guard let child else { return }
        let milliseconds = max(0, (frame.microseconds - beginning) / 1_000)
        let bytes = frame.isKey ? frame.sets + frame.bytes : frame.bytes
        let cluster = MatroskaFile.cluster([.init(milliseconds: milliseconds, isKey: frame.isKey, bytes: bytes)])
        // One that does not keep up begins anew at a key frame.
        if !child.send(cluster) { drop() }
    }

    func drop() {
        child?.stop()
        child = nil
        mayBeginAt = Clock.now().milliseconds + TileDecoder.pauseMilliseconds
    }

    private func begin(_ frame: CodedFrame) {
        if child != nil { drop() }
        guard let path = ffmpeg.path, Clock.now().milliseconds >= mayBeginAt || content != frame.format.content else {
            return
        }
        content = frame.format.content
        beginning = frame.microseconds
        filling.removeAll(keepingCapacity: true)
        do {
            let child = try ChildProcess(
                path, arguments, on: loop, mostWaitingBytes: 8 << 20, reads: { [weak self] in self?.read($0) },
                ends: { [weak self] _ in self?.drop() })
            let head = MatroskaFile.head(
                frame.format.content, configuration: frame.configuration ?? [], width: frame.width ?? 0,
                height: frame.height ?? 0, title: "")
            guard child.send(head.bytes) else { return }
            self.child = child
        } catch { drop() }
    }

    private var arguments: [String] {
        let (width, height) = (place.width, place.height)
        var filters =
            "scale=\(width):\(height):force_original_aspect_ratio=decrease:force_divisible_by=2,"
            + "pad=\(width):\(height):-1:-1,format=yuv420p"
        if let plate { filters += "," + Plates.filter(plate) }
        return FFmpeg.quiet + [
            "-probesize", "32768", "-analyzeduration", "0", "-fpsprobesize", "0", "-flags", "low_delay", "-threads",
            "1",
        ] + FFmpeg.decoding(content) + [
            "-f", "matroska", "-i", "pipe:0", "-filter_threads", "1", "-vf", filters, "-fps_mode", "passthrough",
            "-f", "rawvideo", "pipe:1",
        ]
    }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rest.count, frameBytes - filling.count)
            filling += UnsafeRawBufferPointer(rebasing: rest[..<count])
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            guard filling.count == frameBytes else { continue }
            swap(&picture, &filling)
            filling.removeAll(keepingCapacity: true)
            filling.reserveCapacity(frameBytes)
            isFresh = true
        }
    }
}

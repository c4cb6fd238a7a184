// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Draws the poster and the small stills of finished recordings, one recording at a time, with all the time in the
/// world. Lives on its loop.
///
/// Beside `NAME.mp4` it lays `NAME.poster.jpg`, `NAME.sprite.jpg` and `NAME.sprite.vtt`, whole or not at all.
final class Pictures {
    private struct Wish {
        let recording: String
        let milliseconds: Int64
        let then: (String?) -> Void

        /// The recording's path without its ending.
        var stem: String { recording.hasSuffix(".mp4") ? String(recording.dropLast(4)) : recording }
    }

    /// One that takes longer will never end.
    private static let mostMilliseconds: Int64 = 3_600_000

    private let ffmpeg: FFmpeg
    private let loop: Loop
    private var wishes: [Wish] = []
    private var child: ChildProcess?
    private var alarm: Alarm?

    /// One that draws nothing yet.
    init(_ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop) { (self.ffmpeg, self.loop) = (ffmpeg, loop) }

    deinit { alarm?.cancel() }

    /// Draws the pictures of the recording at this path, which is so long, when it is its turn. `then` is told nil when
    /// they are there, or why they are not, for people.
    func draw(_ recording: String, milliseconds: Int64, then: @escaping (String?) -> Void) {
        wishes.append(Wish(recording: recording, milliseconds: milliseconds, then: then))
        if wishes.count == 1 { begin() }
    }

    /// The recording is to be deleted: nothing is drawn of it any more, and `then` is not told.
    func forget(_ recording: String) {
        let isDrawing = child != nil && wishes.first?.recording == recording
        if isDrawing { drop() }
        wishes.removeAll { $0.recording == recording }
        if isDrawing, !wishes.isEmpty { begin() }
    }

    private func begin() {
        guard let wish = wishes.first else { return }
        guard let path = ffmpeg.path else { return end(FFmpeg.missing) }
        do {
            child = try ChildProcess(
                path, Pictures.arguments(wish.recording, wish.stem, wish.milliseconds), on: loop, humility: .patient,
                reads: { _ in }, ends: { [weak self] in self?.ended($0) })
            child?.finish()
        } catch {
            return end("\(error)")
        }
        alarm = loop.after(Pictures.mostMilliseconds) { [weak self] in
            self?.drop()
            self?.end("วาดภาพไม่เสร็จภายในหนึ่งชั่วโมง · Drawing took more than an hour")
        }
    }

    private func ended(_ ending: Ending) {
        guard let wish = wishes.first else { return }
        var reason = ending.code == 0 ? nil : "ffmpeg วาดภาพไม่ได้ · ffmpeg could not draw: \(ending.reason)"
        if reason == nil { reason = Pictures.lay(wish.stem, Sprite(milliseconds: wish.milliseconds).list) }
        end(reason)
    }

    private func end(_ reason: String?) {
        drop()
        guard !wishes.isEmpty else { return }
        let wish = wishes.removeFirst()
        // In the loop's next turn, so that a list of wishes that all fail is no deep recursion.
        if !wishes.isEmpty { loop.after(0) { [weak self] in if self?.child == nil { self?.begin() } } }
        wish.then(reason)
    }

    private func drop() {
        child?.stop()
        child = nil
        alarm?.cancel()
        alarm = nil
        guard let wish = wishes.first else { return }
        // What is half drawn, if there is any.
        for picture in ["poster", "sprite"] { unlink(Pictures.draft(wish.stem, picture)) }
    }

    private static func draft(_ stem: String, _ picture: String) -> String { "\(stem).\(picture).draft" }

    /// Gives the drafts their names, the list last: whoever finds it finds the pictures. Answers what went wrong.
    private static func lay(_ stem: String, _ list: String) -> String? {
        for picture in ["poster", "sprite"] where rename(draft(stem, picture), "\(stem).\(picture).jpg") != 0 {
            return "\(picture): \(String(cString: strerror(errno)))"
        }
        let file = open("\(stem).sprite.vtt", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard file >= 0 else { return String(cString: strerror(errno)) }
        defer { close(file) }
        let bytes = Array(list.utf8)
        // A few kilobytes to the disk are written at once, or not at all.
        return write(file, bytes, bytes.count) == bytes.count ? nil : String(cString: strerror(errno))
    }

    /// One reading of the recording for both pictures, of which only the key frames are decoded.
    private static func arguments(_ recording: String, _ stem: String, _ milliseconds: Int64) -> [String] {
        let sprite = Sprite(milliseconds: milliseconds)
        let (columns, rows) = sprite.layout
        let (width, height) = (Sprite.width, Sprite.height)
        // The first picture is seldom the best: half a minute later everybody is there. It overwrites the first, which
        // stays where no other key frame comes.
        let late = min(30, Double(milliseconds) / 10_000)
        let stills =
            "fps=1000/\(sprite.stepMilliseconds):start_time=0:eof_action=pass,tpad=stop=\(columns * rows):stop_mode=clone,"
            + "scale=\(width):\(height):force_original_aspect_ratio=decrease,pad=\(width):\(height):-1:-1,"
            + "tile=\(columns)x\(rows)"
        let poster = "select='eq(n,0)+gte(t,\(late))*lt(prev_selected_t,\(late))',scale='min(1280,iw)':-2"
        let picture = ["-fps_mode", "passthrough", "-c:v", "mjpeg", "-f", "image2", "-update", "1", "-y"]
        // A path is no protocol, whatever it is called.
        return FFmpeg.quiet + ["-threads", "1", "-skip_frame", "nokey", "-i", "file:\(recording)"]
            + ["-filter_threads", "1", "-filter_complex_threads", "1"]
            + ["-filter_complex", "[0:v:0]split[a][b];[a]\(stills)[stills];[b]\(poster)[poster]"]
            + ["-map", "[stills]", "-frames:v", "1", "-q:v", "5"] + picture + ["file:\(draft(stem, "sprite"))"]
            + ["-map", "[poster]", "-q:v", "3"] + picture + ["file:\(draft(stem, "poster"))"]
    }
}

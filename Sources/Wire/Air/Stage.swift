// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Media
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Puts a meeting's pictures into one while it is live: a decoder beside us for each, a canvas, and a supervised encoder.
/// A picture that stops stands still, and one that comes late is seen late; nobody waits for anybody. It has a thread of its
/// own, and whatever becomes of it, the meeting goes on.
// Everything but `loop` and what never changes is touched on `loop` alone, which every call from elsewhere hops to.
final class Stage: @unchecked Sendable {
    private static let framesPerSecond: Int64 = 25
    /// So much is before everything, so that nothing is before the beginning.
    private static let beginning: Int64 = 10_000_000
    /// How old what is seen is on the canvas, in microseconds: packets in order, decoded and brought to size.
    private static let ageMicroseconds: Int64 = 200_000
    private static let presets = ["superfast", "ultrafast"]

    /// A source that is shown, and where.
    private struct Tile {
        var shown: MeetingAir.Shown
        var place: Arrangement.Place
        var decoder: TileDecoder
        /// What it had before its place changed, until the new one has its first picture.
        var former: TileDecoder?
    }

    private let layout: FilmLayout
    private let ffmpeg: FFmpeg
    private let loop: Loop?
    private let folder: String?
    private var tiles: [Tile] = []
    private var canvas = Canvas()
    /// What is shown while nobody is, until somebody's picture is there.
    private var slate: StageSlate?
    private var mark: StageMark?
    private var encoder: Attendant?
    private let made: MadeTrack
    private var began: Tick?
    private var sent: Int64 = 0
    private var effort = 0
    private var alarm: Alarm?
    private var plates = 0
    private var isOver = false

    /// `tell` is told, on the stage's thread, of one picture's configurations and frames, on our clock.
    init(_ layout: FilmLayout, _ ffmpeg: FFmpeg = FFmpeg(), tell: @escaping @Sendable (Signal) -> Void) {
        (self.layout, self.ffmpeg, made) = (layout, ffmpeg, MadeTrack(.video, tell: tell))
        // Without a thread there is no picture, and the voices go on air alone.
        loop = try? Loop("stage")
        folder = Stage.makeFolder()
        loop?.execute { self.start() }
    }

    private static func makeFolder() -> String? {
        var path = Array("/tmp/sanyan-stage-XXXXXX".utf8CString)
        return mkdtemp(&path).map { String(cString: $0) }
    }

    /// Which sources are shown, the most important first.
    func show(_ shown: [MeetingAir.Shown]) { loop?.execute { self.arrange(shown) } }

    /// A picture of a source.
    func take(_ source: SourceID, _ frame: CodedFrame) {
        loop?.execute {
            guard let tile = self.tiles.first(where: { $0.shown.source == source }) else { return }
            tile.decoder.take(frame)
            tile.former?.take(frame)
        }
    }

    /// It is over.
    func leave() {
        guard let loop else { return }
        loop.execute {
            self.isOver = true
            self.alarm?.cancel()
            for tile in self.tiles {
                tile.decoder.drop()
                tile.former?.drop()
            }
            self.tiles = []
            self.slate?.decoder.drop()
            (self.slate, self.mark) = (nil, nil)
            self.encoder?.want(false)
            self.encoder = nil
            if let folder = self.folder {
                for file in Vault.names(in: folder) { unlink("\(folder)/\(file)") }
                rmdir(folder)
            }
        }
        // A loop waits for its thread, which nobody else should; before that it buries its children.
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(1)) { loop.stop() }
    }

    // MARK: On the stage

    private func start() {
        guard let loop else { return }
        encoder = Attendant(
            "stage", ffmpeg, on: loop, begins: { [weak self] in self?.begin() ?? [] },
            reads: { [weak self] in self?.read($0) }, tells: { _ in })
        encoder?.want(true)
        mark = StageMark(ffmpeg, on: loop)
        tick()
    }

    private func arrange(_ shown: [MeetingAir.Shown]) {
        guard let loop, !isOver else { return }
        let seen = layout == .side ? Stage.pair(shown) : shown
        let places = Arrangement.places(layout, count: seen.count)
        var fresh: [Tile] = []
        for (shown, place) in zip(seen, places) {
            let known = tiles.first { $0.shown.source == shown.source }
            if var known, known.place.width == place.width, known.shown.name == shown.name {
                (known.place, known.shown) = (place, shown)
                fresh.append(known)
                continue
            }
            let former = known.flatMap { $0.decoder.picture.isEmpty ? $0.former : $0.decoder }
            let decoder = TileDecoder(place, plate: plate(shown.name, place), ffmpeg, on: loop)
            fresh.append(Tile(shown: shown, place: place, decoder: decoder, former: former))
        }
        for tile in tiles where !fresh.contains(where: { $0.decoder === tile.decoder || $0.former === tile.decoder }) {
            tile.decoder.drop()
        }
        tiles = fresh
        if tiles.isEmpty, slate == nil { slate = StageSlate(ffmpeg, on: loop) }
        if slate == nil { lookAnew() } else if tiles.isEmpty { canvas.clear() }
    }

    private func lookAnew() {
        canvas.clear()
        for tile in tiles {
            canvas.fill(tile.place, luma: 45)
            tile.decoder.isFresh = !tile.decoder.picture.isEmpty
            tile.former?.isFresh = true
        }
    }

    /// A screen, and who speaks beside it.
    private static func pair(_ shown: [MeetingAir.Shown]) -> [MeetingAir.Shown] {
        guard let screen = shown.first(where: \.isScreen), let other = shown.first(where: { !$0.isScreen }) else {
            return Array(shown.prefix(2))
        }
        return [screen, other]
    }

    private func plate(_ name: String, _ place: Arrangement.Place) -> String? {
        guard !name.isEmpty, let folder else { return nil }
        plates += 1
        let path = "\(folder)/\(plates).ass"
        let whole = Arrangement.Place(x: 0, y: 0, width: place.width, height: place.height)
        let script = Plates.script(
            [.init(name: name, place: whole)], width: place.width, height: place.height)
        return Plates.write(script, to: path) ? path : nil
    }

    private func tick() {
        alarm = loop?.after(1_000 / Stage.framesPerSecond) { [weak self] in
            guard let self, !isOver else { return }
            compose()
            tick()
        }
    }

    private func compose() {
        guard let encoder, encoder.isRunning else { return began = nil }
        let now = Clock.tick()
        if began == nil { (began, sent) = (now, 0) }
        guard let began else { return }
        lay()
        var seen = canvas
        // The slate has it in the middle.
        if slate == nil, let mark { seen.cover(mark.picture, at: StageMark.place) }
        let due = (now - began) * Stage.framesPerSecond / 1_000_000 + 1
        // What is missed is shown twice, so that the time goes on evenly; after a long pause not for ever.
        if due - sent > 25 { return encoder.renew() }
        while sent < due {
            sent += 1
            guard encoder.send(seen.bytes) else { return slow() }
        }
    }

    private func lay() {
        if let slate {
            guard tiles.contains(where: \.decoder.isFresh) else {
                slate.time(at: Clock.now())
                guard slate.decoder.isFresh else { return }
                slate.decoder.isFresh = false
                return canvas.lay(slate.decoder.picture, from: slate.decoder.place, into: slate.decoder.place)
            }
            slate.decoder.drop()
            self.slate = nil
            lookAnew()
        }
        for place in tiles.indices {
            let tile = tiles[place]
            if tile.decoder.isFresh {
                tile.decoder.isFresh = false
                if let former = tile.former {
                    former.drop()
                    tiles[place].former = nil
                }
                canvas.lay(tile.decoder.picture, from: tile.decoder.place, into: tile.place)
            } else if let former = tile.former, former.isFresh {
                former.isFresh = false
                canvas.lay(former.picture, from: former.place, into: tile.place)
            }
        }
    }

    private func slow() {
        effort = min(effort + 1, Stage.presets.count - 1)
        encoder?.giveUp(because: "ffmpeg: too slow")
    }

    private func begin() -> [String] {
        began = nil
        made.begin()
        let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)
        return FFmpeg.quiet + [
            "-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", "\(canvas.width)x\(canvas.height)",
            "-framerate", "\(Stage.framesPerSecond)", "-i", "pipe:0", "-c:v", "libx264", "-preset",
            Stage.presets[effort], "-tune", "zerolatency", "-threads", "\(min(4, processors))", "-g", "50",
            "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-b:v", "2000k", "-maxrate", "2500k", "-bufsize", "2500k",
            "-output_ts_offset", "10", "-muxdelay", "0", "-muxpreload", "0", "-flush_packets", "1", "-f", "mpegts",
            "pipe:1",
        ]
    }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        guard let began else { return }
        made.take(bytes, laterBy: began.microseconds - Stage.beginning - Stage.ageMicroseconds, from: encoder)
    }
}

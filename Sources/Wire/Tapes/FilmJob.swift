// SPDX-License-Identifier: Apache-2.0
import Matroska
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One step on the way to a film: what an ffmpeg is to do, and how long what it makes is.
struct FilmJob: Hashable, Sendable {
    var arguments: [String]
    var milliseconds: Int64
}

/// How a film of a recording is made: a piece for each scene, one sound, and at last both put together. Everything lies in a
/// folder of its own until it is done.
struct FilmPlan: Hashable, Sendable {
    /// Sounds that one ffmpeg mixes at once.
    private static let mostSounds = 24
    private static let rate = 1_000 / Storyboard.pictureMilliseconds

    let jobs: [FilmJob]
    /// The file that the last one makes.
    let made: String

    /// A plan for the recording in `folder`; what is made on the way lies in `parts`, which is there.
    /// - Throws: what cannot be read or written.
    init(_ folder: String, parts: String, _ layout: FilmLayout) throws(Obstacle) {
        guard let log = MeetingLog(reading: "\(folder)/\(TapeReel.logName)") else { throw .unknown }
        let (shots, sounds, length) = try FilmPlan.read(folder, log)
        let board = Storyboard(layout, shots: shots, turns: FilmPlan.turns(log), milliseconds: length)
        guard let end = board.scenes.last?.to, length > 0 else { throw .nothingBetween }
        var jobs: [FilmJob] = []
        var list = ""
        for (place, scene) in board.scenes.enumerated() {
            jobs.append(try FilmPlan.scene(scene, folder, parts, place))
            list += "file 'scene-\(place).mp4'\n"
        }
        jobs += FilmPlan.sound(sounds.map { "\(folder)/\($0)" }, parts, end)
        guard Plates.write(list, to: "\(parts)/list.txt") else { throw .failed(errno) }
        made = "\(folder)/\(FilmMaker.draft)"
        jobs.append(
            FilmJob(
                arguments: FilmPlan.head + [
                    "-f", "concat", "-safe", "0", "-i", "file:\(parts)/list.txt", "-i", "file:\(parts)/sound.m4a",
                    "-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-movflags", "+faststart", "-metadata",
                    "title=\(log.title)", "-f", "mp4", "file:\(made)",
                ], milliseconds: end / 20))
        self.jobs = jobs
    }

    private static let head = FFmpeg.quiet + ["-y", "-progress", "pipe:1", "-stats_period", "1"]

    /// Its pictures, its sounds' files, and how long all of it is.
    private static func read(
        _ folder: String, _ log: MeetingLog
    ) throws(Obstacle) -> (shots: [Storyboard.Shot], sounds: [String], milliseconds: Int64) {
        var (shots, sounds, length): ([Storyboard.Shot], [String], Int64) = ([], [], 0)
        for track in log.tracks {
            // A name that is none of ours is opened nowhere.
            guard let file = track.file, Vault.names(in: folder).contains(file) else { continue }
            let index = try TrackFile.read("\(folder)/\(file)")
            guard index.frameCount > 0 else { continue }
            length = max(length, index.lastMilliseconds + index.lastLength)
            guard index.content?.isPicture == true else {
                sounds.append(file)
                continue
            }
            shots.append(
                Storyboard.Shot(
                    file: file, person: track.owner, name: track.name ?? "", isScreen: track.what == .screen,
                    stretches: index.stretches.map { .init(from: $0.from, to: $0.to) }))
        }
        return (shots, sounds, length)
    }

    private static func turns(_ log: MeetingLog) -> [Storyboard.Turn] {
        var voices: [UInt32: TapeLine] = [:]
        for track in log.tracks { if let source = track.source { voices[source] = track } }
        return log.lines.filter { $0.kind == .speaks }.map { line in
            let voice = line.source.flatMap { voices[$0] }
            return Storyboard.Turn(at: line.at - log.startedAt, person: voice?.owner, name: voice?.name ?? "")
        }
    }

    // MARK: Pieces

    private static func scene(
        _ scene: Storyboard.Scene, _ folder: String, _ parts: String, _ number: Int
    ) throws(Obstacle) -> FilmJob {
        let length = seconds(scene.to - scene.from)
        let (width, height) = (Arrangement.width, Arrangement.height)
        var words = head
        var graph = "color=c=0x14181f:s=\(width)x\(height):r=\(rate):d=\(length),format=yuv420p[s0]"
        let tiles = scene.tiles.compactMap { tile in tile.file.map { ($0, tile.place) } }
        for (place, (file, at)) in tiles.enumerated() {
            // What was shown when the scene begins may be older than it; the key frame before is where reading begins.
            words += ["-threads", "1", "-seek_timestamp", "1", "-noaccurate_seek", "-ss", seconds(scene.from)]
            words += FFmpeg.decoding(TapeReel.content(of: file)) + ["-i", "file:\(folder)/\(file)"]
            graph +=
                ";[\(place):v:0]fps=\(rate):start_time=0,"
                + "scale=\(at.width):\(at.height):force_original_aspect_ratio=decrease:force_divisible_by=2,"
                + "pad=\(at.width):\(at.height):-1:-1,setsar=1,format=yuv420p,tpad=stop=-1:stop_mode=clone[t\(place)]"
                + ";[s\(place)][t\(place)]overlay=\(at.x):\(at.y):shortest=0[s\(place + 1)]"
        }
        let plates = "\(parts)/plates-\(number).ass"
        let script = Plates.script(
            scene.tiles.map { .init(name: $0.name, place: $0.place) }, width: width, height: height)
        guard Plates.write(script, to: plates) else { throw .failed(errno) }
        graph += ";[s\(tiles.count)]\(Plates.filter(plates))[v]"
        words += ["-filter_threads", "1", "-filter_complex_threads", "1", "-filter_complex", graph, "-map", "[v]"]
        words += ["-t", length, "-r", "\(rate)", "-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-bf", "0"]
        words += ["-g", "\(rate * 4)", "-pix_fmt", "yuv420p", "-threads", "1", "-video_track_timescale", "12800"]
        return FilmJob(
            arguments: words + ["-f", "mp4", "file:\(parts)/scene-\(number).mp4"], milliseconds: scene.to - scene.from)
    }

    /// All sounds together, from the beginning to the end; of many some first, and then those.
    private static func sound(_ files: [String], _ parts: String, _ end: Int64) -> [FilmJob] {
        let last = ["-c:a", "aac", "-b:a", "128k", "-f", "mp4", "file:\(parts)/sound.m4a"]
        guard files.count > mostSounds else { return [mix(files, end, last)] }
        var (jobs, mixed): ([FilmJob], [String]) = ([], [])
        for start in stride(from: 0, to: files.count, by: mostSounds) {
            let file = "\(parts)/sounds-\(mixed.count).mka"
            let some = Array(files[start..<min(files.count, start + mostSounds)])
            jobs.append(mix(some, end, ["-c:a", "pcm_s16le", "-f", "matroska", "file:\(file)"]))
            mixed.append(file)
        }
        return jobs + [mix(mixed, end, last)]
    }

    private static func mix(_ files: [String], _ end: Int64, _ output: [String]) -> FilmJob {
        var words = head
        var graph = "anullsrc=r=48000:cl=stereo:d=\(seconds(end))[a0]"
        for (place, file) in files.enumerated() {
            words += ["-threads", "1", "-copyts", "-i", "file:\(file)"]
            // Where nothing came there is silence, and everything stands where it was.
            graph +=
                ";[\(place):a:0]aresample=48000:async=1:min_hard_comp=0.05:first_pts=0,"
                + "aformat=channel_layouts=stereo[a\(place + 1)]"
        }
        let inputs = (0...files.count).map { "[a\($0)]" }.joined()
        graph +=
            ";\(inputs)amix=inputs=\(files.count + 1):normalize=0:duration=first,alimiter=limit=0.95:level=disabled[a]"
        words += ["-filter_threads", "1", "-filter_complex_threads", "1", "-filter_complex", graph, "-map", "[a]"]
        return FilmJob(arguments: words + ["-t", seconds(end)] + output, milliseconds: end / 10)
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}

extension TapeLine {
    /// Whose it is: a person where the room knows one, else a seat.
    fileprivate var owner: String { person ?? "seat \(seat ?? 0)" }
}

// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Makes films of meetings' recordings when somebody asks, one at a time and with all the time in the world: programs beside
/// us, one after the other, that yield to everybody.
// What changes is touched on `loop` alone, which every call from elsewhere hops to.
final class FilmMaker: @unchecked Sendable {
    private struct Wish {
        let name: String
        let folder: String
        let layout: FilmLayout
    }

    /// A step that takes longer, and ten times as long as what it makes, will never end.
    private static let leastPatienceMilliseconds: Int64 = 600_000
    static let partsName = "film.parts"
    /// How a film's file is called in its recording's folder, and while it is being made.
    static let file = "film.mp4"
    static let draft = "film.mp4.part"

    /// A film that lies in a recording's folder.
    static func made(_ folder: String) -> MeetingRecording.Film {
        var about = stat()
        let bytes = lstat("\(folder)/\(file)", &about) == 0 ? Int64(about.st_size) : 0
        return MeetingRecording.Film(stage: .made, percent: 100, file: file, bytes: bytes)
    }

    private let shelf: MeetingShelf
    private let loop: Loop
    private let ffmpeg: FFmpeg
    private var wishes: [Wish] = []
    private var jobs: [FilmJob] = []
    private var doneMilliseconds: Int64 = 0
    private var wholeMilliseconds: Int64 = 1
    private var made = ""
    private var child: ChildProcess?
    private var alarm: Alarm?
    private var said: [UInt8] = []

    /// Makes films of what is on this shelf; the programs are watched on this loop.
    init(_ shelf: MeetingShelf, _ ffmpeg: FFmpeg = FFmpeg(), on loop: Loop) {
        (self.shelf, self.ffmpeg, self.loop) = (shelf, ffmpeg, loop)
    }

    /// Makes the film of a recording, when it is its turn; another one, where there is one already. How far it is stands in
    /// the recording. Answers what is in the way.
    func make(_ folder: String, of name: String, _ layout: FilmLayout) -> Obstacle? {
        guard let recording = shelf.recording(folder, of: name) else { return .unknown }
        guard !recording.isOpen else { return .stillOpen }
        guard recording.film.stage != .making else { return nil }
        shelf.change(folder, of: name) { $0.film = MeetingRecording.Film(stage: .making) }
        loop.execute {
            self.wishes.append(Wish(name: name, folder: folder, layout: layout))
            if self.wishes.count == 1 { self.begin() }
        }
        return nil
    }

    /// The house closes.
    func stop() {
        loop.execute {
            self.wishes = []
            self.drop()
        }
    }

    private func begin() {
        guard let wish = wishes.first else { return }
        let path = shelf.path(wish.folder, of: wish.name)
        shelf.queue.async {
            let parts = "\(path)/\(FilmMaker.partsName)"
            FilmMaker.clear(parts)
            let plan = Result { () throws(Obstacle) in
                guard mkdir(parts, 0o750) == 0 else { throw .failed(errno) }
                return try FilmPlan(path, parts: parts, wish.layout)
            }
            self.loop.execute {
                switch plan {
                case .success(let plan): self.work(plan)
                case .failure(let obstacle): self.end(obstacle.both)
                }
            }
        }
    }

    private func work(_ plan: FilmPlan) {
        guard !wishes.isEmpty else { return }
        (jobs, made, doneMilliseconds) = (plan.jobs, plan.made, 0)
        wholeMilliseconds = max(1, jobs.reduce(0) { $0 + $1.milliseconds })
        next()
    }

    private func next() {
        guard let job = jobs.first else { return end(nil) }
        guard let path = ffmpeg.path else { return end(FFmpeg.missing) }
        said = []
        do {
            child = try ChildProcess(
                path, job.arguments, on: loop, humility: .patient, reads: { [weak self] in self?.hear($0) },
                ends: { [weak self] in self?.ended($0) })
            child?.finish()
        } catch { return end("\(error)") }
        let patience = max(FilmMaker.leastPatienceMilliseconds, job.milliseconds * 10)
        alarm = loop.after(patience) { [weak self] in self?.end("ffmpeg ทำไม่เสร็จ · ffmpeg took too long") }
    }

    /// `out_time_us=…` once a second.
    private func hear(_ bytes: UnsafeRawBufferPointer) {
        said += bytes
        guard let end = said.lastIndex(of: 0x0A), let job = jobs.first else { return }
        let lines = String(decoding: said[..<end], as: UTF8.self).split(separator: "\n")
        said.removeFirst(end + 1)
        guard let last = lines.last(where: { $0.hasPrefix("out_time_us=") }), let time = Int64(last.dropFirst(12))
        else {
            return
        }
        tell(doneMilliseconds + min(job.milliseconds, max(0, time / 1_000)))
    }

    private func tell(_ milliseconds: Int64) {
        guard let wish = wishes.first else { return }
        let percent = Int(min(99, milliseconds * 100 / wholeMilliseconds))
        guard shelf.recording(wish.folder, of: wish.name)?.film.percent != percent else { return }
        shelf.change(wish.folder, of: wish.name) { $0.film = MeetingRecording.Film(stage: .making, percent: percent) }
    }

    private func ended(_ ending: Ending) {
        drop()
        guard ending.code == 0 else {
            return end("ffmpeg ทำไม่ได้ · ffmpeg could not make it: \(ending.reason)")
        }
        guard !jobs.isEmpty else { return }
        doneMilliseconds += jobs.removeFirst().milliseconds
        tell(doneMilliseconds)
        next()
    }

    private func drop() {
        child?.stop()
        child = nil
        alarm?.cancel()
        alarm = nil
    }

    private func end(_ reason: String?) {
        drop()
        guard !wishes.isEmpty else { return }
        let wish = wishes.removeFirst()
        (jobs, said) = ([], [])
        let path = shelf.path(wish.folder, of: wish.name)
        let made = made
        shelf.queue.async { [shelf] in
            FilmMaker.clear("\(path)/\(FilmMaker.partsName)")
            var reason = reason
            if reason == nil, rename(made, "\(path)/\(FilmMaker.file)") != 0 { reason = Obstacle.failed(errno).both }
            if reason != nil { unlink("\(path)/\(FilmMaker.draft)") }
            let film = reason.map { MeetingRecording.Film(stage: .failed, reason: $0) } ?? FilmMaker.made(path)
            shelf.change(wish.folder, of: wish.name) {
                $0.film = film
                $0.bytes = Vault.bytes(below: path)
            }
        }
        loop.execute { if self.child == nil { self.begin() } }
    }

    static func clear(_ parts: String) {
        for file in Vault.names(in: parts) { unlink("\(parts)/\(file)") }
        rmdir(parts)
    }
}

extension Obstacle {
    /// Thai first.
    var both: String { "\(thai) · \(english)" }
}

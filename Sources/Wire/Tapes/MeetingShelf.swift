// SPDX-License-Identifier: Apache-2.0
import Dispatch
import HLS
import Matroska
import Media
import Studio
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// All recordings of meetings on the disk: `meetings/NAME/20261126T104500Z/`, and in it a file for each picture and sound,
/// the log, and the film when one was made.
///
/// What was not finished when the program ended is finished when its meeting is opened. How much room is left is looked at
/// every ten seconds: what may be forgotten goes, oldest first, when there is too little, and nothing is recorded into the
/// last of it.
// What changes is behind `books`; the rest never does. The disk is touched on `queue`, never on a loop.
final class MeetingShelf: Sendable {
    /// What is known of one meeting.
    private struct Book {
        var recordings: [String: MeetingRecording] = [:]
        var mayForget = false
        var isRead = false
    }

    /// With less than this on the disk no recording is begun.
    static let leastBytes: Int64 = 256 << 20
    private static let lookSeconds = 10

    let folder: String
    /// How many bytes the folder may hold; nil for as many as the disk has.
    private let budgetBytes: Int64?
    private let books = Mutex<[String: Book]>([:])
    let queue = DispatchQueue(label: "shelf", qos: .utility)
    // Made in `init`, cancelled in `deinit`, and never touched between.
    private nonisolated(unsafe) let clock: any DispatchSourceTimer
    private let changed: @Sendable (String) -> Void
    private let trouble: @Sendable (String, Fault) -> Void
    private let room: @Sendable (String) -> (free: Int64, whole: Int64)?
    /// Whether what nobody finished is finished here; else it is somebody else's.
    private let finishes: Bool

    /// The recordings below `folder`. `changed` is told of a meeting whose recordings are no longer what they were,
    /// `trouble` of what goes wrong with one; both on a queue.
    /// - Throws: what the system says when the folder cannot be made.
    init(
        folder: String, budgetBytes: Int64? = nil, finishes: Bool = true,
        room: @escaping @Sendable (String) -> (free: Int64, whole: Int64)? = Vault.room,
        changed: @escaping @Sendable (String) -> Void, trouble: @escaping @Sendable (String, Fault) -> Void
    ) throws {
        (self.folder, self.budgetBytes, self.room, self.finishes) = (folder, budgetBytes, room, finishes)
        (self.changed, self.trouble) = (changed, trouble)
        try makeFolder(folder)
        clock = DispatchSource.makeTimerSource(queue: queue)
        clock.setEventHandler { [weak self] in self?.look() }
        clock.schedule(deadline: .now(), repeating: .seconds(MeetingShelf.lookSeconds), leeway: .seconds(1))
        clock.activate()
    }

    deinit { clock.cancel() }

    /// A meeting is opened, or what is decided about it has changed. What lies in its folder is looked at once.
    func open(_ name: String, mayForget: Bool) {
        let isNew = books.withLock { books in
            let wasRead = books[name]?.isRead ?? false
            books[name, default: Book()].mayForget = mayForget
            books[name]?.isRead = true
            return !wasRead
        }
        if isNew { queue.async { self.read(name) } }
    }

    /// The meeting's recordings, oldest first.
    func recordings(of name: String) -> [MeetingRecording] {
        books.withLock { $0[name]?.recordings.values.sorted { $0.name < $1.name } ?? [] }
    }

    func recording(_ folder: String, of name: String) -> MeetingRecording? {
        books.withLock { $0[name]?.recordings[folder] }
    }

    func path(_ recording: String, of name: String) -> String { "\(folder)/\(name)/\(recording)" }

    /// Whether it is the name of a recording's folder.
    static func isFolder(_ name: String) -> Bool { RecordingName(name + ".mp4").map { !$0.isCut } ?? false }

    /// A recording is no longer what it was.
    func change(_ folder: String, of name: String, _ change: (inout MeetingRecording) -> Void) {
        books.withLock { books in
            if var recording = books[name]?.recordings[folder] {
                change(&recording)
                books[name]?.recordings[folder] = recording
            }
        }
        changed(name)
    }

    // MARK: While it is recorded

    /// A folder for a recording that begins now; nil, and it is told, when there can be none.
    func begin(_ plan: MeetingPlan) -> (reel: TapeReel, startedAt: Int64)? {
        let name = plan.name
        if let free = room(folder)?.free, free < MeetingShelf.leastBytes {
            trouble(name, .recordingFailed(Obstacle.noRoom.english))
            return nil
        }
        let wall = Clock.wall()
        do { try makeFolder("\(folder)/\(name)") } catch {
            trouble(name, .recordingFailed("\(error)"))
            return nil
        }
        for copy in 1...99 {
            guard let stem = RecordingName(wall, copy: copy)?.text.dropLast(4) else { break }
            let path = path(String(stem), of: name)
            if mkdir(path, 0o750) != 0 {
                if errno == EEXIST { continue }
                trouble(name, .recordingFailed(Obstacle.words(errno)))
                return nil
            }
            let recording = MeetingRecording(
                name: String(stem), bytes: 0, milliseconds: 0, startedAt: wall.milliseconds, isOpen: true)
            books.withLock { $0[name, default: Book()].recordings[recording.name] = recording }
            changed(name)
            let reel = TapeReel(path) { [trouble] in trouble(name, .recordingFailed($0)) }
            return (reel, wall.milliseconds)
        }
        return nil
    }

    /// How the recording that is going on does.
    func note(_ tape: MeetingTape, of name: String, at now: Tick) {
        let (milliseconds, bytes) = (tape.milliseconds(at: now), tape.reel.bytes)
        change(MeetingShelf.last(tape.reel.folder), of: name) { recording in
            (recording.milliseconds, recording.bytes) = (milliseconds, bytes)
        }
    }

    /// It is over: its files are finished.
    func end(_ tape: MeetingTape, of plan: MeetingPlan, at now: Tick) {
        note(tape, of: plan.name, at: now)
        let folder = MeetingShelf.last(tape.reel.folder)
        let keeps = plan.keepsRecordings
        tape.end(at: now) { [queue] in
            queue.async {
                if keeps { self.finish(folder, of: plan.name) } else { _ = self.erase(folder, of: plan.name) }
            }
        }
    }

    /// Waits until everything that came is written and finished. Never called on the queue.
    func done() { queue.sync {} }

    private static func last(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    // MARK: Finishing

    /// Looks at everything that lies in a meeting's folder.
    private func read(_ name: String) {
        for folder in Vault.names(in: "\(folder)/\(name)") where MeetingShelf.isFolder(folder) {
            // It was begun after the program was.
            guard recording(folder, of: name) == nil else { continue }
            let log = "\(path(folder, of: name))/\(TapeReel.logName)"
            if finishes || MeetingShelf.isReadOnly(log) { finish(folder, of: name) }
        }
        changed(name)
    }

    /// Finishes what is not finished, and takes note of what there is.
    private func finish(_ folder: String, of name: String) {
        let path = path(folder, of: name)
        var found = MeetingRecording(
            name: folder, bytes: 0, milliseconds: 0, startedAt: RecordingName(folder + ".mp4")?.startedAt ?? 0,
            isOpen: false)
        for file in Vault.names(in: path) {
            do throws(Obstacle) {
                guard file.hasSuffix(".webm") || file.hasSuffix(".mkv") else { continue }
                let isFinished = MeetingShelf.isReadOnly("\(path)/\(file)")
                let index = isFinished ? try TrackFile.read("\(path)/\(file)") : try TrackFile.finish("\(path)/\(file)")
                guard let index else { continue }
                found.milliseconds = max(found.milliseconds, index.lastMilliseconds + index.lastLength)
            } catch { trouble(name, .recordingFailed("\(file): \(error.english)")) }
        }
        found.startedAt = finishLog(path, found) ?? found.startedAt
        found.bytes = Vault.bytes(below: path)
        if finishes {
            unlink("\(path)/\(FilmMaker.draft)")
            FilmMaker.clear("\(path)/\(FilmMaker.partsName)")
        }
        if access("\(path)/\(FilmMaker.file)", F_OK) == 0 { found.film = FilmMaker.made(path) }
        books.withLock { $0[name, default: Book()].recordings[folder] = found }
        changed(name)
    }

    private static func isReadOnly(_ path: String) -> Bool {
        var about = stat()
        return lstat(path, &about) == 0 && about.st_mode & S_IWUSR == 0
    }

    /// A log that nobody ended gets its last line. Answers when the recording began.
    private func finishLog(_ path: String, _ found: MeetingRecording) -> Int64? {
        let log = "\(path)/\(TapeReel.logName)"
        let file = Glibc.open(log, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return MeetingLog(reading: log)?.startedAt }
        defer { close(file) }
        guard !MeetingShelf.isReadOnly(log), let read = MeetingLog(reading: log) else {
            return MeetingLog(reading: log)?.startedAt
        }
        _ = ftruncate(file, off_t(read.wholeBytes))
        if !read.isEnded {
            var line = TapeLine(at: read.startedAt + found.milliseconds, .recordingEnded)
            line.isBroken = true
            _ = (JSON.encode(line) + [0x0A]).withUnsafeBytes { RecordingFile.write($0, file) }
        }
        RecordingFile.finish(file)
        return read.startedAt
    }

    // MARK: Erasing

    /// Deletes a recording for good, with its film.
    func erase(_ recording: String, of name: String, done: @escaping @Sendable (Obstacle?) -> Void) {
        queue.async { done(self.erase(recording, of: name)) }
    }

    private func erase(_ folder: String, of name: String) -> Obstacle? {
        guard MeetingShelf.isFolder(folder), recording(folder, of: name) != nil else { return .unknown }
        let path = path(folder, of: name)
        for file in Vault.names(in: path) {
            guard unlink("\(path)/\(file)") == 0 || errno == ENOENT else { return .failed(errno) }
        }
        guard rmdir(path) == 0 || errno == ENOENT else { return .failed(errno) }
        books.withLock { $0[name]?.recordings[folder] = nil }
        changed(name)
        return nil
    }

    /// Looks how much room there is, and makes some where it may.
    func look() {
        guard var (free, whole) = room(folder) else { return }
        var missing = Vault.leastFreeBytes - free
        if let budgetBytes { missing = max(missing, Vault.bytes(below: folder) - budgetBytes) }
        while missing > 0, let oldest = oldestToForget(), erase(oldest.folder, of: oldest.name) == nil {
            trouble(oldest.name, .recordingForgotten(oldest.folder))
            missing -= oldest.bytes
            (free, whole) = room(folder) ?? (free, whole)
        }
        guard free < Vault.leastFreeBytes || free < whole / 10 else { return }
        let recording = books.withLock { $0.filter { $0.value.recordings.values.contains(where: \.isOpen) }.map(\.key) }
        for name in recording { trouble(name, .diskLow(freeBytes: free)) }
    }

    private func oldestToForget() -> (name: String, folder: String, bytes: Int64)? {
        books.withLock { books in
            books.filter { $0.value.mayForget }
                .flatMap { name, book in
                    book.recordings.values.filter { !$0.isOpen && $0.film.stage != .making }
                        .map { (name: name, folder: $0.name, bytes: $0.bytes) }
                }
                .min { ($0.folder, $0.name) < ($1.folder, $1.name) }
        }
    }
}

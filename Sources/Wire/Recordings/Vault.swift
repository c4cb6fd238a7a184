// SPDX-License-Identifier: Apache-2.0
import Dispatch
import HLS
import Studio
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// All recordings on the disk: a folder for each broadcast, `recordings/NAME/`, and in it a file for each recording.
///
/// What was not finished when the program ended is repaired when its broadcast is opened. How much room is left is
/// looked at every ten seconds; what may be forgotten goes, oldest first, when there is too little.
// What changes is behind `books`; the rest never does. The disk is touched on `queue` and `cutting`, never on a loop.
final class Vault: Sendable {
    /// What is known of one broadcast.
    private struct Book {
        var recordings: [RecordingName: State.Recording] = [:]
        var mayForget = false
        /// What was not finished when the program ended: when the first of it began, and the last of it ended.
        var interrupted: (began: Int64, ended: Int64)?
        /// Whether its folder was looked at, or will be.
        var isRead = false
    }

    private struct Books {
        var books: [String: Book] = [:]
        var erased: [@Sendable (RecordingName, String) -> Void] = []
        var freeBytes: Int64?
    }

    /// Below this, or below a tenth of the disk, it is told that room is short.
    static let leastFreeBytes: Int64 = 5 << 30
    private static let lookSeconds = 10
    /// A change of the free bytes that is worth telling.
    private static let worthTelling: Int64 = 64 << 20

    let folder: String
    /// How many bytes the folder may hold; nil for as many as the disk has.
    private let budgetBytes: Int64?
    private let books = Mutex(Books())
    let queue = DispatchQueue(label: "vault", qos: .utility)
    /// Parts are cut out one after the other, and nobody waits for one but who asked.
    let cutting = DispatchQueue(label: "cutting", qos: .utility)
    // Made in `init`, cancelled in `deinit`, and never touched between.
    private nonisolated(unsafe) let clock: any DispatchSourceTimer
    private let changed: @Sendable (String) -> Void
    private let trouble: @Sendable (String, Fault) -> Void
    /// Free and all bytes of the disk that a path lies on; nil when it cannot be said.
    private let room: @Sendable (String) -> (free: Int64, whole: Int64)?

    /// The recordings below `folder`. `changed` is told of a broadcast whose recordings are no longer what they were,
    /// `trouble` of what goes wrong with one; both on a queue of the vault's.
    /// - Throws: what the system says when the folder cannot be made.
    init(
        folder: String, budgetBytes: Int64? = nil,
        room: @escaping @Sendable (String) -> (free: Int64, whole: Int64)? = Vault.room,
        changed: @escaping @Sendable (String) -> Void, trouble: @escaping @Sendable (String, Fault) -> Void
    ) throws {
        (self.folder, self.budgetBytes, self.room) = (folder, budgetBytes, room)
        (self.changed, self.trouble) = (changed, trouble)
        try makeFolder(folder)
        clock = DispatchSource.makeTimerSource(queue: queue)
        clock.setEventHandler { [weak self] in self?.look() }
        clock.schedule(deadline: .now(), repeating: .seconds(Vault.lookSeconds), leeway: .seconds(1))
        clock.activate()
    }

    deinit { clock.cancel() }

    /// A broadcast is opened, or what is decided about it has changed. What lies in its folder is looked at once.
    func open(_ name: String, mayForget: Bool) {
        let isNew = books.withLock { books in
            let wasRead = books.books[name]?.isRead ?? false
            books.books[name, default: Book()].mayForget = mayForget
            books.books[name]?.isRead = true
            return !wasRead
        }
        if isNew { queue.async { self.read(name) } }
    }

    /// The broadcast's recordings as they are told: oldest first.
    func recordings(of name: String) -> [State.Recording] {
        books.withLock { $0.books[name]?.recordings.sorted { $0.key < $1.key }.map(\.value) ?? [] }
    }

    /// Free bytes on the disk, as it was looked at last.
    var freeBytes: Int64? { books.withLock { $0.freeBytes } }

    /// What is known of one recording.
    func recording(_ file: RecordingName, of name: String) -> State.Recording? {
        books.withLock { $0.books[name]?.recordings[file] }
    }

    /// Where a broadcast's files are.
    func folder(of name: String) -> String { "\(folder)/\(name)" }
    func path(_ file: RecordingName, of name: String) -> String { "\(folder)/\(name)/\(file.text)" }

    /// A recording began, grew or was finished.
    func note(_ recording: State.Recording, _ file: RecordingName, of name: String) {
        books.withLock { $0.books[name, default: Book()].recordings[file] = recording }
        changed(name)
    }

    /// Tells of every recording that is deleted, so that nobody keeps it open.
    func tellErased(_ tell: @escaping @Sendable (RecordingName, String) -> Void) {
        books.withLock { $0.erased.append(tell) }
    }

    /// When that began which a broadcast at `wall` goes on with, because the program ended in the middle of it and was
    /// started again less than a quarter of an hour later; nil when there is no such thing.
    func interrupted(_ name: String, at wall: Int64) -> Int64? {
        guard let interrupted = books.withLock({ $0.books[name]?.interrupted }) else { return nil }
        return wall - interrupted.ended < 900_000 ? interrupted.began : nil
    }

    /// A recording is no longer there.
    private func strike(_ file: RecordingName, of name: String) {
        let erased = books.withLock { books in
            books.books[name]?.recordings[file] = nil
            return books.erased
        }
        for tell in erased { tell(file, name) }
        changed(name)
    }

    /// Something went wrong with a broadcast's recording.
    func tell(_ fault: Fault, of name: String) { trouble(name, fault) }

    /// Answers with the finished recordings that have no pictures yet, and how long they are.
    func undrawn(_ name: String, done: @escaping @Sendable ([(path: String, milliseconds: Int64)]) -> Void) {
        queue.async {
            let finished = self.recordings(of: name).filter { !$0.isOpen && $0.milliseconds > 0 }
            let folder = self.folder(of: name)
            done(
                finished.compactMap { recording in
                    guard let file = RecordingName(recording.file),
                        access("\(folder)/\(file.beside("sprite.vtt"))", F_OK) != 0
                    else { return nil }
                    return ("\(folder)/\(file.text)", recording.milliseconds)
                })
        }
    }

    // MARK: At the beginning

    /// Looks at everything that lies in a broadcast's folder, the newest first.
    private func read(_ name: String) {
        let folder = folder(of: name)
        for file in Vault.names(in: folder).sorted(by: >) {
            if let file = RecordingName(file) {
                // It was begun after the program was.
                guard recording(file, of: name) == nil else { continue }
                inspect(file, of: name)
            } else if file.hasSuffix(Vault.unfinished) {
                // A part that was being cut out when the program ended.
                unlink("\(folder)/\(file)")
            }
        }
        changed(name)
    }

    private func inspect(_ file: RecordingName, of name: String) {
        do {
            switch try RecordingFile.inspect(path(file, of: name), file) {
            case .whole(let recording, let at): keep(recording, file, of: name, interruptedAt: at)
            case .removed: break
            case .strange(let recording, let reason):
                keep(recording, file, of: name, interruptedAt: nil)
                trouble(name, .recordingFailed("\(file.text): \(reason)"))
            }
        } catch { trouble(name, .recordingFailed("\(file.text): \(error.english)")) }
    }

    /// What was found, unless it has been told better since.
    private func keep(_ recording: State.Recording, _ file: RecordingName, of name: String, interruptedAt: Int64?) {
        books.withLock { books in
            guard var book = books.books[name], book.recordings[file] == nil else { return }
            book.recordings[file] = recording
            if let ended = interruptedAt {
                book.interrupted = (
                    min(book.interrupted?.began ?? .max, recording.startedAt), max(book.interrupted?.ended ?? 0, ended)
                )
            }
            books.books[name] = book
        }
    }

    /// How the name of a part ends that is still being cut out.
    static let unfinished = ".part"

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    // MARK: Erasing

    /// Deletes a recording for good, with everything that belongs to it.
    func erase(_ file: String, of name: String, done: @escaping @Sendable (Obstacle?) -> Void) {
        queue.async { done(self.erase(file, of: name)) }
    }

    private func erase(_ file: String, of name: String) -> Obstacle? {
        guard let file = RecordingName(file), let recording = recording(file, of: name) else { return .unknown }
        guard !recording.isOpen else { return .stillOpen }
        return erase(file, of: name)
    }

    private func erase(_ file: RecordingName, of name: String) -> Obstacle? {
        let path = path(file, of: name)
        guard unlink(path) == 0 || errno == ENOENT else { return .failed(errno) }
        let stem = file.beside("")
        for other in Vault.names(in: folder(of: name)) where other.hasPrefix(stem) {
            unlink("\(folder(of: name))/\(other)")
        }
        strike(file, of: name)
        return nil
    }

    // MARK: Room

    /// Looks how much room there is, and makes some where it may.
    func look() {
        guard var (free, whole) = room(folder) else { return }
        // What somebody is still looking at frees its bytes later: no more goes at once than is missing.
        var missing = Vault.leastFreeBytes - free
        if let budgetBytes { missing = max(missing, Vault.bytes(below: folder) - budgetBytes) }
        while missing > 0, let oldest = oldestToForget(), erase(oldest.file, of: oldest.name) == nil {
            trouble(oldest.name, .recordingForgotten(oldest.file.text))
            missing -= oldest.bytes
            (free, whole) = room(folder) ?? (free, whole)
        }
        let isLow = free < Vault.leastFreeBytes || free < whole / 10
        let (names, hasChanged) = books.withLock { books in
            defer { books.freeBytes = free }
            return (Array(books.books.keys), books.freeBytes.map { abs($0 - free) > Vault.worthTelling } ?? true)
        }
        for name in names where isLow { trouble(name, .diskLow(freeBytes: free)) }
        for name in names where hasChanged { changed(name) }
    }

    /// The oldest recording that may go: of a broadcast of which that was said, and which is not being recorded now.
    private func oldestToForget() -> (name: String, file: RecordingName, bytes: Int64)? {
        books.withLock { books in
            books.books.filter { $0.value.mayForget && !$0.value.recordings.values.contains(where: \.isOpen) }
                .flatMap { name, book in book.recordings.map { (name: name, file: $0.key, bytes: $0.value.bytes) } }
                .min { ($0.file, $0.name) < ($1.file, $1.name) }
        }
    }

    static func bytes(below folder: String) -> Int64 {
        names(in: folder).reduce(0) { sum, name in
            var about = stat()
            guard lstat("\(folder)/\(name)", &about) == 0 else { return sum }
            if about.st_mode & S_IFMT == S_IFDIR { return sum + bytes(below: "\(folder)/\(name)") }
            return sum + (about.st_mode & S_IFMT == S_IFREG ? Int64(about.st_size) : 0)
        }
    }

    /// What the system says.
    static func room(_ path: String) -> (free: Int64, whole: Int64)? {
        var about = statvfs()
        guard statvfs(path, &about) == 0 else { return nil }
        let unit = Int64(about.f_frsize)
        return (Int64(about.f_bavail) * unit, Int64(about.f_blocks) * unit)
    }
}

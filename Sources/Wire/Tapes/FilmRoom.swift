// SPDX-License-Identifier: Apache-2.0
public import Studio
import Synchronization

/// Makes films of meetings' recordings where no studio runs, or beside one that does.
public enum FilmRoom {
    /// Makes the film of a recording, the last one when none is named, and answers its path.
    ///
    /// What is still being recorded, or was torn and not finished yet, is left alone: a studio does that when it opens the
    /// meeting. `tells` is told how many of a hundred are done.
    /// - Throws: `Fault` with a sentence for people.
    public static func make(
        data: String, meeting: String, recording: String?, layout: FilmLayout,
        tells: @escaping @Sendable (Int) -> Void
    ) async throws -> String {
        let patron = Patron(tells)
        let shelf = try MeetingShelf(
            folder: data + "/meetings", finishes: false, changed: { patron.look($0) }, trouble: { _, _ in })
        shelf.open(meeting, mayForget: false)
        shelf.done()
        guard let folder = recording ?? shelf.recordings(of: meeting).last?.name else { throw Fault(.unknown) }
        let loop = try Loop("film")
        defer { loop.stop() }
        let maker = FilmMaker(shelf, on: loop)
        let film = await withCheckedContinuation { waits in
            patron.wait(for: folder, on: shelf, waits)
            if let obstacle = maker.make(folder, of: meeting, layout) {
                patron.take(MeetingRecording.Film(stage: .failed, reason: obstacle.both))
            }
        }
        guard film.stage == .made else { throw Fault(film.reason) }
        return shelf.path(folder, of: meeting) + "/" + FilmMaker.file
    }

    /// Why there is no film, for people.
    public struct Fault: Error, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }
        init(_ obstacle: Obstacle) { description = obstacle.both }
    }
}

/// Waits for a film.
private final class Patron: Sendable {
    private struct Wait {
        var folder = ""
        var shelf: MeetingShelf?
        var percent = -1
        var continuation: CheckedContinuation<MeetingRecording.Film, Never>?
    }

    private let kept = Mutex(Wait())
    private let tells: @Sendable (Int) -> Void

    init(_ tells: @escaping @Sendable (Int) -> Void) { self.tells = tells }

    func wait(
        for folder: String, on shelf: MeetingShelf, _ continuation: CheckedContinuation<MeetingRecording.Film, Never>
    ) {
        kept.withLock { $0 = Wait(folder: folder, shelf: shelf, continuation: continuation) }
    }

    /// A meeting's recordings are no longer what they were.
    func look(_ name: String) {
        let (shelf, folder) = kept.withLock { ($0.shelf, $0.folder) }
        if let film = shelf?.recording(folder, of: name)?.film { take(film) }
    }

    func take(_ film: MeetingRecording.Film) {
        let isNews = kept.withLock { wait in
            defer { wait.percent = max(wait.percent, film.percent) }
            return film.percent > wait.percent
        }
        if isNews { tells(film.percent) }
        guard film.stage == .made || film.stage == .failed else { return }
        let continuation = kept.withLock { wait in
            defer { (wait.continuation, wait.shelf) = (nil, nil) }
            return wait.continuation
        }
        continuation?.resume(returning: film)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Dispatch
import FMP4
import Film
import HLS
import Studio
import Synchronization

/// Serves recordings: as HLS, as the file itself in byte ranges, as an ordinary MP4, and a broadcast's past while it
/// goes on.
///
/// Nothing of it happens on a loop: every recording has a queue of its own, so that a long one that is being read for
/// the first time delays nobody but who asked for it. What was read is kept, as long as it is not too much.
// What changes is behind `shelf`; each projector is used on its own queue.
final class Films: Sendable {
    /// More recordings, or more bytes of what was read of all of them, are not kept in mind.
    private static let mostProjectors = 64
    private static let mostBytes = 48 << 20

    private struct Place: Hashable {
        let broadcast: String
        let file: RecordingName
    }

    private struct Shelf {
        var projectors: [Place: Projector] = [:]
        var pasts: [String: Past] = [:]
        var turn: UInt64 = 0
        var used: [Place: UInt64] = [:]
    }

    private let vault: Vault
    private let shelf = Mutex(Shelf())
    private let reading = DispatchQueue(label: "films", attributes: .concurrent)

    /// The recordings of this vault.
    init(_ vault: Vault) {
        self.vault = vault
        vault.tellErased { [weak self] file, name in self?.forget(file, of: name) }
    }

    /// Answers, later and elsewhere.
    func answer(_ ask: FilmAsk, done: @escaping @Sendable (Body) -> Void) {
        guard let recording = vault.recording(ask.file, of: ask.broadcast) else { return done(.notFound) }
        let projector = projector(ask.file, of: ask.broadcast)
        projector.queue.async {
            let body = projector.answer(ask, isOpen: recording.isOpen)
            done(body ?? .notFound)
        }
    }

    /// Answers with everything since `since`, in milliseconds since 1970, as one playlist; it grows until `isEnded`.
    func past(
        of broadcast: String, since: Int64, isEnded: Bool, zips: Bool, done: @escaping @Sendable (Body) -> Void
    ) {
        let past = shelf.withLock { shelf in
            let known = shelf.pasts[broadcast]
            // Other broadcasts' playlists are made again when they are asked for.
            if known == nil, shelf.pasts.count >= 32 { shelf.pasts = [:] }
            let past = known ?? Past(DispatchQueue(label: "past", target: reading))
            shelf.pasts[broadcast] = past
            return past
        }
        past.queue.async {
            let files = self.vault.recordings(of: broadcast).compactMap { recording in
                RecordingName(recording.file).map { (name: $0, recording: recording) }
            }.filter { !$0.name.isCut && $0.recording.startedAt >= since - Films.slackMilliseconds }
            let reels = files.compactMap { file -> FilmReel? in
                let projector = self.projector(file.name, of: broadcast)
                return projector.queue.sync { projector.reel(file.recording) }
            }
            done(past.body(reels, isEnded: isEnded, zips: zips) ?? .notFound)
        }
    }

    /// The first frame may have been a little before it was on air.
    private static let slackMilliseconds: Int64 = 5_000

    /// Whether a recording is of a broadcast that began at `since`, and not a part of another one.
    static func isPast(_ file: RecordingName, since: Int64) -> Bool {
        !file.isCut && file.startedAt >= since - slackMilliseconds
    }

    /// It is gone, or another file has its name: what was read of it is forgotten.
    func forget(_ file: RecordingName, of broadcast: String) {
        shelf.withLock { shelf in
            shelf.projectors[Place(broadcast: broadcast, file: file)] = nil
            shelf.used[Place(broadcast: broadcast, file: file)] = nil
        }
    }

    /// How many recordings are kept in mind.
    var kept: Int { shelf.withLock { $0.projectors.count } }

    private func projector(_ file: RecordingName, of broadcast: String) -> Projector {
        let place = Place(broadcast: broadcast, file: file)
        return shelf.withLock { shelf in
            shelf.turn += 1
            shelf.used[place] = shelf.turn
            let projector =
                shelf.projectors[place]
                ?? Projector(vault.path(file, of: broadcast), DispatchQueue(label: "film", target: reading))
            shelf.projectors[place] = projector
            var bytes = shelf.projectors.values.reduce(0) { $0 + $1.byteCount }
            while shelf.projectors.count > Films.mostProjectors || bytes > Films.mostBytes,
                let oldest = shelf.used.filter({ $0.key != place }).min(by: { $0.value < $1.value })?.key
            {
                bytes -= shelf.projectors.removeValue(forKey: oldest)?.byteCount ?? 0
                shelf.used[oldest] = nil
            }
            return projector
        }
    }
}

/// A broadcast's past as it was made last. Lives on its queue.
// Touched on `queue` alone.
private final class Past: @unchecked Sendable {
    let queue: DispatchQueue
    private var made: (key: [Int64], isEnded: Bool, sheet: Sheet)?

    init(_ queue: DispatchQueue) { self.queue = queue }

    func body(_ reels: [FilmReel], isEnded: Bool, zips: Bool) -> Body? {
        let key = reels.flatMap { reel -> [Int64] in [reel.startedAt, reel.index.end, reel.isComplete ? 1 : 0] }
        if made?.key != key || made?.isEnded != isEnded {
            guard let text = FilmPlaylist.event(reels, isEnded: isEnded) else { return nil }
            made = (key, isEnded, Sheet(Array(text.utf8), targetSeconds: isEnded ? 120 : 4))
        }
        return made?.sheet.body(zips: zips, isHeld: false)
    }
}

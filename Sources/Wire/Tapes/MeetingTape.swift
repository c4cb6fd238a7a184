// SPDX-License-Identifier: Apache-2.0
import Matroska
import Media
import RTP
import Studio

/// Somebody in the house who hears a meeting's sources. Lives on the room's loop.
protocol Tapper: AnyObject {
    /// A packet of a source that is tapped.
    func take(_ tapped: TappedPacket, _ bytes: UnsafeRawBufferPointer, at now: Tick)
    /// What the meeting tells.
    func learn(_ news: MeetingNews)
    /// The room works off what came.
    func settle(at now: Tick)
}

/// Records a meeting: every source's frames as they came, each source into a file of its own, all on one clock, and beside
/// them what happened. Nothing is decoded. Lives on the room's loop; the disk has a queue of its own.
final class MeetingTape: Tapper {
    /// What of a source is being recorded.
    private struct Recorded {
        let facts: SourceFacts
        var ear = TrackEar()
        /// Frames that are not handed to the disk yet.
        var blocks: [MatroskaFile.Block] = []
        var beginning: TrackFile.Beginning?
        /// What the decoder knows where the file ends: the head's, or what came with a key frame since.
        var configuration: [UInt8] = []
        var file = ""
        /// The formats whose files have a line in the log.
        var told: Set<PayloadFormat> = []
        var lastMilliseconds: Int64 = -1
        var keyAt: Tick?
    }

    /// What waits this long is written.
    private static let flushMicroseconds: Int64 = 500_000
    private static let syncMicroseconds: Int64 = 4_000_000
    /// Where nobody else asks, a key frame comes at least so often: a film's scenes are cut there.
    private static let keyMicroseconds: Int64 = 10_000_000

    let reel: TapeReel
    let startedAt: Int64
    private let start: Tick
    private unowned let room: MeetingRoom
    private var recorded: [SourceID: Recorded] = [:]
    private var flushedAt: Tick
    private var syncedAt: Tick
    private(set) var trackCount = 0

    /// Records from now on, when it is `wall` in milliseconds since 1970.
    init(_ reel: TapeReel, of room: MeetingRoom, wall: Int64, at now: Tick) {
        (self.reel, self.room, startedAt, start) = (reel, room, wall, now)
        (flushedAt, syncedAt) = (now, now)
        var line = TapeLine(at: wall, .recording)
        line.name = room.plan.title
        note(line)
        for facts in room.meeting.publishing { begin(facts) }
    }

    /// How long it has been going on.
    func milliseconds(at now: Tick) -> Int64 { (now - start) / 1_000 }

    /// A line of the room's own: one JSON object with `at` and `kind`.
    func note(_ line: [UInt8]) { reel.note(line) }

    /// Whose a source is has become known.
    func own(_ source: SourceID, _ owner: TrackOwner) {
        var line = TapeLine(at: wall(Clock.tick()), .owner)
        (line.source, line.person, line.name, line.what) = (source.number, owner.person, owner.name, owner.kind)
        note(line)
    }

    /// It ends: `then` is called on the disk's queue when everything is written.
    func end(at now: Tick, _ then: @escaping @Sendable () -> Void) {
        for source in Array(recorded.keys) { leave(source, at: now) }
        note(TapeLine(at: wall(now), .recordingEnded))
        reel.sync()
        reel.end(then)
    }

    private func wall(_ now: Tick) -> Int64 { startedAt + milliseconds(at: now) }
    private func note(_ line: TapeLine) { reel.note(JSON.encode(line)) }

    // MARK: Tapper

    func learn(_ news: MeetingNews) {
        let now = Clock.tick()
        switch news {
        case .began(let facts): begin(facts)
        case .ended(let source):
            leave(source, at: now)
            var line = TapeLine(at: wall(now), .trackEnded)
            line.source = source.number
            note(line)
        case .speaker(let source):
            var line = TapeLine(at: wall(now), .speaks)
            line.source = source?.number
            note(line)
        case .slots, .wanted, .speaksMuted, .groupSpeaker: break
        }
    }

    private func begin(_ facts: SourceFacts) {
        guard recorded[facts.source] == nil else { return }
        recorded[facts.source] = Recorded(facts: facts)
        room.meeting.take(.tap(facts.source, true), at: Clock.tick())
    }

    private func leave(_ source: SourceID, at now: Tick) {
        guard recorded[source] != nil else { return }
        room.meeting.take(.tap(source, false), at: now)
        // What is missing will never come.
        recorded[source]?.ear.time(at: now.later(by: TrackEar.patienceMicroseconds * 2))
        drain(source, at: now)
        flush(source)
        recorded[source] = nil
    }

    func take(_ tapped: TappedPacket, _ bytes: UnsafeRawBufferPointer, at now: Tick) {
        guard recorded[tapped.source] != nil else { return }
        recorded[tapped.source]?.ear.take(tapped, bytes, at: now)
        drain(tapped.source, at: now)
    }

    func settle(at now: Tick) {
        guard now - flushedAt >= MeetingTape.flushMicroseconds else { return }
        flushedAt = now
        for source in Array(recorded.keys) {
            recorded[source]?.ear.time(at: now)
            drain(source, at: now)
            flush(source)
            askForKey(source, at: now)
        }
        if now - syncedAt >= MeetingTape.syncMicroseconds {
            syncedAt = now
            reel.sync()
            room.note(self, at: now)
        }
    }

    private func askForKey(_ source: SourceID, at now: Tick) {
        guard let track = recorded[source], track.facts.format.isVideo, let at = track.keyAt,
            now - at >= MeetingTape.keyMicroseconds
        else { return }
        recorded[source]?.keyAt = now
        room.meeting.take(.keyFrame(source), at: now)
    }

    // MARK: Frames

    private func drain(_ source: SourceID, at now: Tick) {
        while let output = recorded[source]?.ear.next() {
            switch output {
            case .frame(let frame): keep(frame, of: source, at: now)
            case .wantsKeyFrame: room.meeting.take(.keyFrame(source), at: now)
            case .missing: break
            }
        }
    }

    private func keep(_ frame: CodedFrame, of source: SourceID, at now: Tick) {
        guard var track = recorded[source] else { return }
        if track.beginning?.content != frame.format.content {
            guard frame.isKey else { return }
            flush(source)
            track = recorded[source] ?? track
            begin(&track, with: frame, at: now)
        }
        guard track.beginning != nil else { return }
        if frame.isKey { track.keyAt = now }
        let milliseconds = max(track.lastMilliseconds + 1, (frame.microseconds - start.microseconds + 500) / 1_000, 0)
        track.lastMilliseconds = milliseconds
        // Parameter sets that are not those of the picture before come with the pictures that need them: another encoding,
        // and the first one again after it, call theirs by the same number.
        let isOther = frame.isKey && frame.configuration != track.configuration
        if isOther { track.configuration = frame.configuration ?? [] }
        let bytes = isOther ? frame.sets + frame.bytes : frame.bytes
        track.blocks.append(MatroskaFile.Block(milliseconds: milliseconds, isKey: frame.isKey, bytes: bytes))
        recorded[source] = track
    }

    private func begin(_ track: inout Recorded, with frame: CodedFrame, at now: Tick) {
        let content = frame.format.content
        let owner = room.whose(track.facts)
        let name = owner?.name ?? ""
        // A file that is there already has a head: parameter sets come with the pictures.
        let isKnown = track.told.contains(frame.format)
        track.beginning = TrackFile.Beginning(
            content: content, configuration: isKnown ? [] : frame.configuration ?? [], width: frame.width ?? 0,
            height: frame.height ?? 0, title: name)
        track.configuration = track.beginning?.configuration ?? []
        track.file = TapeReel.file(track.facts.source, frame.format)
        guard track.told.insert(frame.format).inserted else { return }
        trackCount += 1
        var line = TapeLine(at: wall(now), .track)
        (line.source, line.seat) = (track.facts.source.number, track.facts.seat.number)
        (line.file, line.name, line.person) = (track.file, name, owner?.person)
        line.what = owner?.kind ?? (frame.format.isVideo ? .camera : .microphone)
        note(line)
    }

    private func flush(_ source: SourceID) {
        guard let track = recorded[source], !track.blocks.isEmpty, let beginning = track.beginning else { return }
        recorded[source]?.blocks = []
        reel.write(track.file, beginning, track.blocks)
    }
}

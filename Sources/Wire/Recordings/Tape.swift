// SPDX-License-Identifier: Apache-2.0
import FMP4
import HLS
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a recorder writes on: at most one open file at a time. Lives on its recorder's queue.
final class Tape {
    /// A file that is being written, whole after each write.
    private struct Reel {
        let file: Int32
        let name: RecordingName
        let head: Slab
        let tracks: [Track]
        /// When its first frame was, in milliseconds since 1970.
        var startedAt: Int64
        var bytes: Int64
        /// Where the lead's next frame should begin, on the file's own clock and in its timescale.
        var next: Int64?
        /// What the lead's times are moved by, so that nothing is missing between what is written.
        var shift: Int64 = 0
        var ticks: Int64 = 0
        /// Whether what the world's clock is must be said before the next fragment.
        var wantsReference = true

        var lead: Track? { tracks.first }
        var milliseconds: Int64 { lead.map { ticks * 1000 / Int64($0.timescale) } ?? 0 }
    }

    /// A step in the times that is not the encoder's rounding, in milliseconds.
    private static let stepMilliseconds: Int64 = 100

    private let vault: Vault
    private let name: String
    private var reel: Reel?
    private var head: Slab?
    private var isResting = false
    /// Something was left out: the next fragment must begin with a key frame.
    private var hasHole = false
    /// When `head` came, as long as nothing has been written after it.
    private var headWall: Int64?
    /// An instant on the stream's own clock, and what the world's was then.
    private var clock: (microseconds: Int64, wall: Int64)?

    /// Writes all of some bytes at a file's end, or answers why not.
    private let put: (UnsafeRawBufferPointer, Int32) -> Int32

    init(
        _ vault: Vault, name: String, put: @escaping (UnsafeRawBufferPointer, Int32) -> Int32 = RecordingFile.write
    ) {
        (self.vault, self.name, self.put) = (vault, name, put)
    }

    deinit { eject() }

    /// An init segment: what comes now goes with it.
    func load(_ head: Slab, _ wall: Int64) {
        self.head = head
        (headWall, hasHole) = (wall, true)
    }

    func rest(_ isResting: Bool) {
        self.isResting = isResting
        hasHole = true
    }

    /// Something is left out, and it is told why.
    func skip(_ reason: String) {
        hasHole = true
        complain(reason)
    }

    /// A segment is complete.
    func settle(startMicroseconds: Int64, wallMilliseconds: Int64) {
        clock = (startMicroseconds, wallMilliseconds)
        guard let reel, !isResting else { return }
        self.reel?.wantsReference = true
        if fdatasync(reel.file) != 0 { fail(errno) } else { note(isOpen: true) }
    }

    /// Finishes the file.
    func eject() {
        guard let reel else { return }
        RecordingFile.finish(reel.file)
        close(reel.file)
        note(isOpen: false)
        self.reel = nil
    }

    /// One part: a `moof` and its `mdat`.
    func write(_ part: Slab) {
        guard !isResting, let head else { return }
        let moof = part.count < 8 ? 0 : Int(part.bytes.loadUnaligned(as: UInt32.self).bigEndian)
        guard moof >= 8, moof <= part.count - 8, let shape = try? FragmentShape(moof: Array(part.bytes[..<moof])[...]),
            let run = shape.runs.first, let first = run.frames.first
        else { return skip("a part cannot be read") }
        guard !hasHole || first.isKey else { return }
        if let reel, !reel.head.bytes.elementsEqual(head.bytes) { eject() }
        if reel == nil, !begin(head) { return }
        guard let reel, reel.lead?.number == run.track else { return }
        write(part, moof: moof, shape, first)
    }

    private func write(_ part: Slab, moof: Int, _ shape: FragmentShape, _ first: FrameShape) {
        guard var reel, let lead = reel.lead else { return }
        let scale = Int64(lead.timescale)
        let time = first.decodeTime * 1_000_000 / scale
        if let wall = headWall { (clock, headWall) = ((time, wall), nil) }
        if let next = reel.next, abs(first.decodeTime + reel.shift - next) * 1000 > Tape.stepMilliseconds * scale {
            (reel.shift, reel.wantsReference) = (next - first.decodeTime, true)
        }
        if hasHole { reel.wantsReference = true }
        var made: [UInt8] = []
        let start = first.decodeTime + reel.shift
        if reel.wantsReference, let clock {
            let wall = clock.wall + (time - clock.microseconds) / 1000
            if reel.next == nil { reel.startedAt = wall }
            made = ReferenceTime(track: lead.number, wallMilliseconds: wall, decodeTime: start).bytes
        }
        if reel.shift != 0 {
            made += shape.moved(by: reel.shift, scale, reel.tracks).head
        } else {
            made += part.bytes[..<(moof + 8)]
        }
        let code = append(reel.file, made, UnsafeRawBufferPointer(rebasing: part.bytes[(moof + 8)...]))
        guard code == 0 else { return fail(code) }
        let length = shape.runs[0].frames.reduce(0) { $0 + $1.duration }
        reel.bytes += Int64(made.count + part.count - moof - 8)
        reel.ticks += length
        (reel.next, reel.wantsReference, hasHole) = (start + length, false, false)
        let isFirst = self.reel?.next == nil
        self.reel = reel
        if isFirst { note(isOpen: true) }
    }

    // MARK: The file

    private func begin(_ head: Slab) -> Bool {
        let tracks: [Track]
        do { tracks = try InitSegment(Array(head.bytes)[...]).tracks } catch {
            skip(error.reason)
            return false
        }
        do { try makeFolder(vault.folder(of: name)) } catch {
            skip("\(error)")
            return false
        }
        let wall = Clock.wall()
        for copy in 1...99 {
            guard let name = RecordingName(wall, copy: copy) else { break }
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW
            let file = open(vault.path(name, of: self.name), flags, 0o640)
            if file < 0, errno == EEXIST { continue }
            guard file >= 0 else {
                fail(errno)
                return false
            }
            let code = append(file, Array(head.bytes), UnsafeRawBufferPointer(start: nil, count: 0))
            guard code == 0 else {
                close(file)
                // Nothing is in it.
                unlink(vault.path(name, of: self.name))
                fail(code)
                return false
            }
            let isPicture = tracks.sorted { $0.isPicture && !$1.isPicture }
            reel = Reel(
                file: file, name: name, head: head, tracks: isPicture, startedAt: wall.milliseconds,
                bytes: Int64(head.count))
            return true
        }
        return false
    }

    /// What could not be written is taken away again: half a part would spoil what follows. A full disk is tried again
    /// at the next key frame; anything else ends this file.
    private func fail(_ code: Int32) {
        hasHole = true
        complain(code == ENOSPC || code == EDQUOT ? "ดิสก์เต็ม · the disk is full" : Obstacle.words(code))
        guard let reel else { return }
        let isWhole = ftruncate(reel.file, off_t(reel.bytes)) == 0
        if !isWhole || (code != ENOSPC && code != EDQUOT) { eject() }
    }

    private func complain(_ reason: String) { vault.tell(.recordingFailed(reason), of: name) }

    private func note(isOpen: Bool) {
        guard let reel else { return }
        vault.note(
            State.Recording(
                file: reel.name.text, bytes: reel.bytes, milliseconds: reel.milliseconds, startedAt: reel.startedAt,
                isOpen: isOpen),
            reel.name, of: name)
    }

    /// Writes both at the file's end; answers what the system says when it does not take all of it.
    private func append(_ file: Int32, _ made: [UInt8], _ rest: UnsafeRawBufferPointer) -> Int32 {
        let code = made.withUnsafeBytes { put($0, file) }
        return code == 0 ? put(rest, file) : code
    }
}

extension Track {
    /// Whether it is a picture; else a sound.
    var isPicture: Bool { if case .video = format { true } else { false } }
}

extension FragmentShape {
    /// The same with all times moved by so many ticks of `scale`; each track's by as much of its own.
    fileprivate func moved(by ticks: Int64, _ scale: Int64, _ tracks: [Track]) -> FragmentShape {
        var shape = self
        for run in shape.runs.indices {
            guard let own = tracks.first(where: { $0.number == shape.runs[run].track }) else { continue }
            let moved = ticks * Int64(own.timescale) / scale
            for frame in shape.runs[run].frames.indices { shape.runs[run].frames[frame].decodeTime += moved }
        }
        return shape
    }
}

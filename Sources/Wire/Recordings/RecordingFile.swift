// SPDX-License-Identifier: Apache-2.0
import FMP4
import Film
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A recording on the disk, looked at as a whole. A finished one is read-only; one that can still be written was not
/// finished: the program was killed, or the power went.
enum RecordingFile {
    /// More than this is not torn by a kill or a power cut: it is left alone and told.
    static let mostTornBytes: Int64 = 64 << 20

    /// What came of looking.
    enum Finding: Hashable {
        /// It is whole now. Where nobody had finished it, this is when its last frame was, in milliseconds since 1970.
        case whole(State.Recording, interruptedAt: Int64?)
        /// There was nothing whole in it, so it is gone.
        case removed
        /// Nothing behind `State.Recording.bytes` can be read, and there is too much of it to be a torn tail.
        case strange(State.Recording, reason: String)
    }

    /// Looks at a file, and finishes it when nobody did.
    static func inspect(_ path: String, _ name: RecordingName) throws(Obstacle) -> Finding {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw .failed(errno) }
        defer { close(file) }
        var about = stat()
        guard fstat(file, &about) == 0 else { throw .failed(errno) }
        guard about.st_mode & S_IFMT == S_IFREG else { throw .unknown }
        _ = posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM)
        let length = Int64(about.st_size)
        var index = FilmIndex()
        index.grow(to: length) { read(file, $0, $1) }
        var whole = index.end
        guard about.st_mode & S_IWUSR != 0 else {
            let recording = told(name, index, bytes: length)
            return whole == length
                ? .whole(recording, interruptedAt: nil) : .strange(recording, reason: reason(index))
        }
        whole = index.wholeBytes { read(file, $0, $1) }
        guard length - whole <= mostTornBytes else {
            return .strange(told(name, index, bytes: length), reason: reason(index))
        }
        if whole <= index.headBytes || index.fragments.isEmpty {
            guard unlink(path) == 0 else { throw .failed(errno) }
            return .removed
        }
        if whole < length {
            try cut(path, to: whole)
            index = FilmIndex()
            index.grow(to: whole) { read(file, $0, $1) }
        }
        finish(file)
        let recording = told(name, index, bytes: whole)
        return .whole(recording, interruptedAt: end(index) ?? recording.startedAt + recording.milliseconds)
    }

    /// Says on the disk that nothing more will be written.
    static func finish(_ file: Int32) {
        fdatasync(file)
        // Where a file system knows no rights, it is looked at again next time; nothing else is lost.
        fchmod(file, 0o440)
    }

    /// At most `count` bytes at `offset`; fewer at the end, or where the disk fails.
    static func read(_ file: Int32, _ offset: Int64, _ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let more = pread(file, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + filled)
                if more < 0, errno == EINTR { continue }
                if more <= 0 { return }
                filled += more
            }
        }
    }

    /// Writes all of it; answers what the system says when it does not take it.
    static func write(_ bytes: UnsafeRawBufferPointer, _ file: Int32) -> Int32 {
        var rest = bytes
        while let base = rest.baseAddress, rest.count > 0 {
            let count = Glibc.write(file, base, rest.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return errno }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        return 0
    }

    private static func cut(_ path: String, to length: Int64) throws(Obstacle) {
        let file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw .failed(errno) }
        defer { close(file) }
        guard ftruncate(file, off_t(length)) == 0 else { throw .failed(errno) }
    }

    private static func told(_ name: RecordingName, _ index: FilmIndex, bytes: Int64) -> State.Recording {
        State.Recording(
            file: name.text, bytes: bytes, milliseconds: index.microseconds / 1000,
            startedAt: index.fragments.first?.wall ?? name.startedAt, isOpen: false)
    }

    /// When the last frame was on the world's clock.
    private static func end(_ index: FilmIndex) -> Int64? {
        guard let lead = index.lead, let known = index.fragments.last(where: { $0.wall != nil }), let wall = known.wall,
            let last = index.fragments.last
        else { return nil }
        return wall + (last.lead.end - known.lead.start) * 1000 / Int64(lead.timescale)
    }

    private static func reason(_ index: FilmIndex) -> String {
        index.flaw?.reason ?? "It ends inside a fragment."
    }
}

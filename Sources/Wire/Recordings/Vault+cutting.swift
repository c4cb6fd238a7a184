// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Film
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Vault {
    /// So much must be left on the disk after a part was cut out.
    private static let reserveBytes: Int64 = 1 << 30
    private static let stretchBytes = 1 << 20

    /// Makes a new recording of a part of one, from the key frame at or before `from` to `to`, in milliseconds of its
    /// own time. Nothing is encoded anew: it takes as long as copying.
    func cut(
        _ file: String, of name: String, from: Int64, to: Int64,
        done: @escaping @Sendable (Result<RecordingName, Obstacle>) -> Void
    ) {
        cutting.async {
            done(Result { () throws(Obstacle) in try self.cut(file, of: name, from: from, to: to) })
        }
    }

    private func cut(_ file: String, of name: String, from: Int64, to: Int64) throws(Obstacle) -> RecordingName {
        guard let file = RecordingName(file), let recording = recording(file, of: name),
            let source = OpenFile(path(file, of: name))
        else { throw .unknown }
        var about = stat()
        guard fstat(source.number, &about) == 0 else { throw .failed(errno) }
        var index = FilmIndex()
        index.grow(to: Int64(about.st_size)) { source.read(from: $0, count: $1) }
        guard let trim = Trim(index, from: from, to: to, { source.read(from: $0, count: $1) }) else {
            throw .nothingBetween
        }
        let length = max(1, index.microseconds / 1000)
        let needed = index.end / length * Int64(trim.milliseconds.count)
        if let free = Vault.room(folder)?.free, free < needed + Vault.reserveBytes { throw .noRoom }
        guard let made = freePart(of: file, name) else { throw .noRoom }
        let path = path(made, of: name)
        let bytes = try write(trim, of: source, to: path + Vault.unfinished)
        guard rename(path + Vault.unfinished, path) == 0 else { throw .failed(errno) }
        note(
            State.Recording(
                file: made.text, bytes: bytes, milliseconds: Int64(trim.milliseconds.count),
                startedAt: recording.startedAt + trim.milliseconds.lowerBound, isOpen: false),
            made, of: name)
        return made
    }

    private func freePart(of file: RecordingName, _ name: String) -> RecordingName? {
        (1...99).lazy.compactMap { file.part($0) }.first { access(self.path($0, of: name), F_OK) != 0 }
    }

    /// Answers how many bytes it has. What cannot be written whole is taken away again.
    private func write(_ trim: Trim, of source: OpenFile, to path: String) throws(Obstacle) -> Int64 {
        unlink(path)
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard file >= 0 else { throw .failed(errno) }
        defer { close(file) }
        do throws(Obstacle) {
            var trim = trim
            var count: Int64 = 0
            while let pieces = trim.next({ source.read(from: $0, count: $1) }) {
                for piece in pieces {
                    try write(piece, of: source, to: file)
                    count += piece.byteCount
                }
            }
            guard !trim.isBroken else { throw .failed(EIO) }
            RecordingFile.finish(file)
            return count
        } catch {
            unlink(path)
            throw error
        }
    }

    private func write(_ piece: Piece, of source: OpenFile, to file: Int32) throws(Obstacle) {
        switch piece {
        case .bytes(let bytes): try write(Array(bytes), to: file)
        case .range(var offset, var left):
            while left > 0 {
                let bytes = source.read(from: offset, count: Int(min(left, Int64(Vault.stretchBytes))))
                guard !bytes.isEmpty else { throw .failed(EIO) }
                try write(bytes, to: file)
                (offset, left) = (offset + Int64(bytes.count), left - Int64(bytes.count))
            }
        }
    }

    private func write(_ bytes: [UInt8], to file: Int32) throws(Obstacle) {
        let code = bytes.withUnsafeBytes { RecordingFile.write($0, file) }
        if code == ENOSPC || code == EDQUOT { throw .noRoom }
        if code != 0 { throw .failed(code) }
    }
}

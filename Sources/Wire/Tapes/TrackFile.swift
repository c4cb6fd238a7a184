// SPDX-License-Identifier: Apache-2.0
import Matroska
import RTP
import Studio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One track of a meeting on the disk: whole after each write, whatever happens then. Lives on its reel's queue.
final class TrackFile {
    /// What must be known before the first frame.
    struct Beginning: Hashable, Sendable {
        let content: MatroskaFile.Content
        let configuration: [UInt8]
        let width: Int
        let height: Int
        let title: String
    }

    private let file: Int32
    private let isPicture: Bool
    private(set) var bytes: Int64
    /// Something was left out: the next frame must be a key.
    private var hasHole = false
    /// Writes all of some bytes at a file's end, or answers why not.
    private let put: (UnsafeRawBufferPointer, Int32) -> Int32

    /// - Throws: what the system says; then there is no file.
    init(
        _ path: String, _ beginning: Beginning,
        put: @escaping (UnsafeRawBufferPointer, Int32) -> Int32 = RecordingFile.write
    ) throws(Obstacle) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW
        file = open(path, flags, 0o640)
        guard file >= 0 else { throw .failed(errno) }
        let head = MatroskaFile.head(
            beginning.content, configuration: beginning.configuration, width: beginning.width,
            height: beginning.height, title: beginning.title)
        (isPicture, bytes, self.put) = (beginning.content.isPicture, Int64(head.bytes.count), put)
        let code = head.bytes.withUnsafeBytes { put($0, file) }
        guard code == 0 else {
            close(file)
            unlink(path)
            throw .failed(code)
        }
    }

    deinit { close(file) }

    /// Writes frames, each key picture at the beginning of a cluster. What cannot be written is taken away again, and
    /// what follows waits for a key frame.
    func write(_ blocks: [MatroskaFile.Block]) throws(Obstacle) {
        for cluster in clusters(blocks) {
            if hasHole {
                guard cluster.first?.isKey == true else { continue }
                hasHole = false
            }
            let made = MatroskaFile.cluster(cluster)
            let code = made.withUnsafeBytes { put($0, file) }
            guard code == 0 else {
                hasHole = true
                _ = ftruncate(file, off_t(bytes))
                throw .failed(code)
            }
            bytes += Int64(made.count)
        }
    }

    /// Something did not come here: what follows waits for a key frame.
    func skip() { hasHole = true }

    private func clusters(_ blocks: [MatroskaFile.Block]) -> [ArraySlice<MatroskaFile.Block>] {
        var clusters: [ArraySlice<MatroskaFile.Block>] = []
        var start = 0
        for place in blocks.indices {
            let ahead = blocks[place].milliseconds - blocks[start].milliseconds
            let isCut = place > start && isPicture && blocks[place].isKey
            if isCut || ahead < 0 || ahead > MatroskaFile.mostClusterMilliseconds {
                clusters.append(blocks[start..<place])
                start = place
            }
        }
        if start < blocks.count { clusters.append(blocks[start...]) }
        return clusters
    }

    /// What was written shall survive a power cut.
    func sync() throws(Obstacle) {
        guard fdatasync(file) == 0 else { throw .failed(errno) }
    }

    // MARK: When it is over

    /// Finishes a file that nobody writes any more, also one that a kill or a power cut left: what is torn goes, how long
    /// it is and where its key frames are is written, and then it is read-only. Nil when nothing is in it; then it is gone.
    static func finish(_ path: String) throws(Obstacle) -> MatroskaIndex? {
        let file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw .failed(errno) }
        defer { close(file) }
        var index = MatroskaIndex()
        index.grow(to: try length(file)) { RecordingFile.read(file, $0, $1) }
        guard index.frameCount > 0, let finish = MatroskaFile.finish(index) else {
            guard unlink(path) == 0 else { throw .failed(errno) }
            return nil
        }
        guard ftruncate(file, off_t(index.wholeBytes)) == 0 else { throw .failed(errno) }
        try put(finish.cues, file, at: index.wholeBytes)
        for patch in finish.patches { try put(patch.bytes, file, at: Int64(patch.offset)) }
        RecordingFile.finish(file)
        return index
    }

    /// Reads a finished file.
    static func read(_ path: String) throws(Obstacle) -> MatroskaIndex {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw .failed(errno) }
        defer { close(file) }
        var index = MatroskaIndex()
        index.grow(to: try length(file)) { RecordingFile.read(file, $0, $1) }
        return index
    }

    private static func length(_ file: Int32) throws(Obstacle) -> Int64 {
        var about = stat()
        guard fstat(file, &about) == 0 else { throw .failed(errno) }
        guard about.st_mode & S_IFMT == S_IFREG else { throw .unknown }
        return Int64(about.st_size)
    }

    private static func put(_ bytes: [UInt8], _ file: Int32, at offset: Int64) throws(Obstacle) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(offset) + done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .failed(errno) }
            done += count
        }
    }
}

extension PayloadFormat {
    /// How a file names it.
    var content: MatroskaFile.Content {
        switch self {
        case .opus: .opus
        case .vp8: .vp8
        case .h264: .avc
        case .vp9: .vp9
        case .av1: .av1
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import CLinux
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Something that takes a request's content as it comes, because there is too much of it to be kept. Lives on the loop of
/// the connection.
protocol Sink: AnyObject {
    /// The next bytes, which are gone when this returns.
    func take(_ bytes: UnsafeRawBufferPointer)
    /// It was all.
    func finish()
    /// The connection broke, or the rest will not come.
    func cancel()
    /// Called with yes when no more can be taken for a while, with no when it can.
    var onPause: (Bool) -> Void { get set }
}

/// Whether somebody takes a request's content.
enum SinkAnswer {
    /// No content may be longer.
    static let mostBytes = 50 << 20

    case sink(any Sink)
    case refused(Body)
}

/// Counts, and keeps nothing.
final class Drain: Sink {
    private let most: Int
    private let done: (Int) -> Void
    private(set) var count = 0
    var onPause: (Bool) -> Void = { _ in }

    /// `done` is told how many bytes there were; more than `most` count no more.
    init(most: Int = .max, done: @escaping (Int) -> Void = { _ in }) { (self.most, self.done) = (most, done) }

    func take(_ bytes: UnsafeRawBufferPointer) { count = min(most, count + bytes.count) }
    func finish() { done(count) }
    func cancel() {}
}

/// Writes into a file, on a queue of its own: a slow disk stops nobody.
// `waiting` and `state` are behind locks; `began` and `onPause` are touched on the connection's loop alone; the file is
// written on `queue`.
final class FileSink: Sink, @unchecked Sendable {
    /// What became of the content.
    enum Ending: Hashable, Sendable {
        case written(bytes: Int)
        case tooLong
        case failed(code: Int32)
        case broken
    }

    private static let mostWaiting = 4 << 20
    private static let piece = 1 << 20

    let path: String
    private let most: Int
    private let loop: Loop
    private let queue = DispatchQueue(label: "sink", qos: .utility)
    private let waiting = Atomic(0)
    private let file: Int32
    private let fault = Atomic<Int32>(0)
    private let done: (Ending) -> Void
    private var kept: [UInt8] = []
    private var count = 0
    private var isPaused = false
    private var isOver = false
    var onPause: (Bool) -> Void = { _ in }

    /// A new file at this path; `done` is told on the loop what became of it, once. The file stays only when it was written.
    init?(_ path: String, most: Int, on loop: Loop, done: @escaping (Ending) -> Void) {
        (self.path, self.most, self.loop, self.done) = (path, most, loop, done)
        file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
        if file < 0 { return nil }
    }

    deinit { close(file) }

    func take(_ bytes: UnsafeRawBufferPointer) {
        count += bytes.count
        guard count <= most else { return }
        kept.append(contentsOf: bytes)
        if kept.count >= FileSink.piece { hand() }
    }

    private func hand() {
        guard !kept.isEmpty else { return }
        let bytes = kept
        kept = []
        let behind = waiting.add(bytes.count, ordering: .relaxed).newValue
        queue.async { [self] in
            if fault.load(ordering: .relaxed) == 0 {
                let code = bytes.withUnsafeBytes { RecordingFile.write($0, file) }
                if code != 0 { fault.store(code, ordering: .relaxed) }
            }
            let left = waiting.subtract(bytes.count, ordering: .relaxed).newValue
            if left < FileSink.mostWaiting / 2 { loop.execute { [self] in pause(false) } }
        }
        if behind > FileSink.mostWaiting { pause(true) }
    }

    private func pause(_ isPaused: Bool) {
        guard isPaused != self.isPaused, !isOver else { return }
        self.isPaused = isPaused
        onPause(isPaused)
    }

    func finish() { end(count > most ? .tooLong : .written(bytes: count)) }
    func cancel() { end(.broken) }

    private func end(_ wanted: Ending) {
        guard !isOver else { return }
        hand()
        isOver = true
        queue.async { [self] in
            var ending = wanted
            let code = fault.load(ordering: .relaxed)
            if code != 0, case .written = wanted { ending = .failed(code: code) }
            if case .written = ending {} else { unlink(path) }
            loop.execute { [self, ending] in done(ending) }
        }
    }
}

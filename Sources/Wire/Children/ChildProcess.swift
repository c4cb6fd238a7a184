// SPDX-License-Identifier: Apache-2.0
import CLinux

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How a program ended.
struct Ending: Hashable, Sendable {
    /// What it answered, 0 when all was well; minus the number of the signal that ended it.
    var code: Int32
    /// The last of what it said on its standard error.
    var words: String

    /// The last line that it said, or how it ended: for people.
    var reason: String {
        let last = words.split(whereSeparator: \.isNewline).last.map(String.init)
        return last ?? (code < 0 ? "signal \(-code)" : "code \(code)")
    }
}

/// One program that works beside us, from its start to its end: it is fed through a queue that has an end, and what it
/// gives is read as it comes. Lives on its loop. No longer held, it is killed with everything that it started.
final class ChildProcess {
    /// How much it yields to us.
    struct Humility: Sendable {
        /// 0 is as urgent as anybody, 19 is least.
        var nice: Int32
        /// It leaves the first processor alone, where there are several: ours runs at once, whatever it does.
        var sparesProcessor: Bool

        /// Of a program that works while the broadcast is live.
        static let live = Humility(nice: 10, sparesProcessor: true)
        /// Of one that has all the time in the world.
        static let patient = Humility(nice: 19, sparesProcessor: true)
    }

    private static let mostWords = 4_096
    /// So long a program may live on with its pipes closed.
    private static let farewellMilliseconds: Int64 = 2_000

    /// How many bytes wait to be written.
    private(set) var waitingBytes = 0
    private let process: pid_t
    private let loop: Loop
    private let mostWaitingBytes: Int
    private let reads: (UnsafeRawBufferPointer) -> Void
    private let ends: (Ending) -> Void
    private var input: Watch?
    private var output: Watch?
    private var words: Watch?
    private var queue: [[UInt8]] = []
    /// How much of the queue's first piece is written.
    private var written = 0
    private var isLast = false
    private var said: [UInt8] = []
    private var isOver = false

    /// Starts a program; the callbacks come on `loop`, and none after the end, of which `ends` tells.
    /// - Throws: what the system says when it cannot be started.
    init(
        _ program: String, _ arguments: [String], on loop: Loop, humility: Humility = .live,
        mostWaitingBytes: Int = 32 << 20, reads: @escaping (UnsafeRawBufferPointer) -> Void,
        ends: @escaping (Ending) -> Void
    ) throws(WireFault) {
        let spawned = try Spawned(program, arguments)
        cs_humble(spawned.process, humility.nice, humility.sparesProcessor ? 1 : 0)
        (process, self.loop, self.mostWaitingBytes) = (spawned.process, loop, mostWaitingBytes)
        (self.reads, self.ends) = (reads, ends)
        input = loop.watch(spawned.input, reads: false, writes: false) { [weak self] in self?.write(when: $0) }
        output = loop.watch(spawned.output, reads: true, writes: false) { [weak self] _ in self?.readOutput() }
        words = loop.watch(spawned.words, reads: true, writes: false) { [weak self] _ in self?.readWords() }
    }

    deinit { stop() }

    /// Kills it, and everything that it started; no callback comes any more.
    func stop() {
        for watch in [input, output, words] { ChildProcess.shut(watch) }
        (input, output, words) = (nil, nil, nil)
        guard !isOver else { return }
        isOver = true
        kill(-process, SIGKILL)
        ChildProcess.bury(process, loop)
    }

    // MARK: What it is given

    /// Whether it still reads what it is given; one that does not will soon have ended.
    var isReading: Bool { input != nil }

    /// Gives it bytes to read; answers whether they were taken. None are when too many wait already, or when it reads
    /// no more.
    func send(_ bytes: [UInt8]) -> Bool {
        guard input != nil, !isLast, waitingBytes + bytes.count <= mostWaitingBytes else { return false }
        queue.append(bytes)
        waitingBytes += bytes.count
        if queue.count == 1 { writeQueue() }
        return true
    }

    /// Nothing more will be given: when it has read everything its standard input ends.
    func finish() {
        isLast = true
        if queue.isEmpty { closeInput() }
    }

    private func write(when readiness: Readiness) {
        if readiness.isOver { closeInput() } else { writeQueue() }
    }

    private func writeQueue() {
        guard let input else { return }
        while let piece = queue.first {
            let count = piece[written...].withUnsafeBytes { Glibc.write(input.file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                if errno != EAGAIN { return closeInput() }
                break
            }
            written += count
            waitingBytes -= count
            guard written == piece.count else { continue }
            queue.removeFirst()
            written = 0
        }
        if queue.isEmpty, isLast { return closeInput() }
        input.change(reads: false, writes: !queue.isEmpty)
    }

    private func closeInput() {
        ChildProcess.shut(input)
        input = nil
        (queue, written, waitingBytes) = ([], 0, 0)
    }

    // MARK: What it gives

    private func readOutput() {
        // Not for ever at once: others wait for the loop.
        for _ in 0..<4 {
            guard let output else { return }
            guard let count = receive(output, { reads(UnsafeRawBufferPointer($0)) }) else {
                ChildProcess.shut(output)
                self.output = nil
                return reapWhenClosed()
            }
            if count == 0 { return }
        }
    }

    private func readWords() {
        guard let words else { return }
        let count = receive(words) { bytes in
            said += bytes
            if said.count > ChildProcess.mostWords { said.removeFirst(said.count - ChildProcess.mostWords) }
        }
        guard count == nil else { return }
        ChildProcess.shut(words)
        self.words = nil
        reapWhenClosed()
    }

    /// How many bytes there were: 0 when none are there now, nil when there will never be any.
    private func receive(_ watch: Watch, _ act: (UnsafeMutableRawBufferPointer) -> Void) -> Int? {
        let count = read(watch.file, loop.scratch.baseAddress, loop.scratch.count)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? 0 : nil }
        guard count > 0 else { return nil }
        act(UnsafeMutableRawBufferPointer(rebasing: loop.scratch[..<count]))
        return count
    }

    // MARK: Its end

    private func reapWhenClosed() {
        guard output == nil, words == nil else { return }
        closeInput()
        reap(afterMilliseconds: 1, of: ChildProcess.farewellMilliseconds)
    }

    private func reap(afterMilliseconds pause: Int64, of patience: Int64) {
        guard !isOver else { return }
        var status: Int32 = 0
        let found = waitpid(process, &status, WNOHANG)
        if found == 0 {
            if patience <= 0 { kill(-process, SIGKILL) }
            loop.after(pause) { [weak self] in
                self?.reap(afterMilliseconds: min(100, pause * 2), of: patience - pause)
            }
            return
        }
        isOver = true
        // What it started and left behind goes with it.
        kill(-process, SIGKILL)
        let signal = status & 0x7F
        ends(
            Ending(
                code: found < 0 ? -1 : signal == 0 ? status >> 8 & 0xFF : -signal,
                words: String(decoding: said, as: UTF8.self)))
    }

    /// Takes note of a killed program's end, so that nothing of it stays in the system's tables.
    private static func bury(_ process: pid_t, _ loop: Loop) {
        if waitpid(process, nil, WNOHANG) == 0 { loop.after(50) { bury(process, loop) } }
    }

    private static func shut(_ watch: Watch?) {
        guard let watch else { return }
        let file = watch.file
        watch.cancel()
        close(file)
    }
}

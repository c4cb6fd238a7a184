// SPDX-License-Identifier: Apache-2.0
import CLinux
import Media
import Secure

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One connection (TCP or a Unix socket), with TLS or without. Lives on its loop.
///
/// What is sent waits in a queue of shared pieces and is written when the socket takes it. The owner looks at `unsent`
/// and lets those go who take nothing.
final class Line {
    private enum Phase { case connecting, shaking, open, closing, closed }

    let loop: Loop
    /// The other end's numeric address, for limits; empty for a Unix socket.
    let peer: String
    private let file: Int32
    private let secure: TLSLine?
    private var watch: Watch?
    private var phase: Phase
    private var queue: [Piece] = []
    private var head = 0
    private var isReadingFile = false
    private var isPaused = false
    /// Whether the other end answered, whatever became of TLS.
    private(set) var isConnected: Bool
    /// TLS asked for the other direction.
    private var wantsWriteToRead = false
    /// How many bytes wait to be written.
    private(set) var unsent = 0
    /// All bytes written so far.
    private(set) var written: Int64 = 0
    /// When something last went through, in either direction; for those who look for idle lines.
    private(set) var lastMove: Int64

    /// The line can be used: connected, and hands shaken.
    var onOpen: () -> Void = {}
    /// Bytes came. They are gone when this returns.
    var onBytes: (UnsafeRawBufferPointer) -> Void = { _ in }
    /// Everything that waited was written.
    var onDrained: () -> Void = {}
    /// It is over; told once, and never for a `close()` of one's own.
    var onClosed: () -> Void = {}

    /// A line on a connected socket, or on one that is being connected.
    init(_ file: Int32, peer: String, on loop: Loop, secure: TLSLine? = nil, isConnecting: Bool = false) {
        (self.file, self.peer, self.loop, self.secure) = (file, peer, loop, secure)
        phase = isConnecting ? .connecting : secure == nil ? .open : .shaking
        isConnected = !isConnecting
        lastMove = loop.now.milliseconds
        watch = loop.watch(file, reads: !isConnecting, writes: isConnecting) { [unowned self] in ready($0) }
    }

    deinit { if phase != .closed { hangUp() } }

    /// What TLS agreed to speak; empty without TLS.
    var agreed: String { secure?.agreed ?? "" }
    var isSecure: Bool { secure != nil }
    var isOpen: Bool { phase == .open }

    // MARK: Sending

    /// Sends pieces, in order, as soon as the socket takes them.
    func send(_ pieces: Slab...) { send(pieces) }

    func send(_ pieces: [Slab]) {
        guard phase != .closed, phase != .closing else { return }
        var done = 0
        // Most answers fit into the socket at once and never see the queue.
        if phase == .open, secure == nil, unsent == 0, pieces.count <= 16, Line.areAlike(pieces) {
            done = sendAtOnce(pieces)
            guard done >= 0 else { return end() }
        }
        for piece in pieces where piece.count > 0 {
            if done >= piece.count {
                done -= piece.count
            } else {
                queue.append(.slab(piece, from: done))
                unsent += piece.count - done
                done = 0
            }
        }
        if phase == .open, unsent > 0 { flush() }
    }

    /// Whether all of them lie in pages, or none.
    private static func areAlike(_ pieces: [Slab]) -> Bool {
        pieces.count < 2 || pieces.allSatisfy { $0.isPaged == pieces[0].isPaged }
    }

    /// Answers how many bytes the socket took; below zero when it broke.
    private func sendAtOnce(_ pieces: [Slab]) -> Int {
        let count = withUnsafeTemporaryAllocation(of: iovec.self, capacity: 16) { vectors in
            for place in pieces.indices { vectors[place] = Line.vector(pieces[place], from: 0) }
            let isPaged = !pieces.isEmpty && pieces[0].isPaged
            return put(UnsafeMutableBufferPointer(rebasing: vectors[..<pieces.count]), isPaged: isPaged, isMore: false)
        }
        guard count >= 0 else { return errno == EAGAIN || errno == EINTR ? 0 : -1 }
        lastMove = loop.now.milliseconds
        written += Int64(count)
        return count
    }

    private static func vector(_ slab: Slab, from start: Int) -> iovec {
        iovec(iov_base: UnsafeMutableRawPointer(mutating: slab.base + start), iov_len: slab.count - start)
    }

    /// Offers these to the socket, which takes pages as they are; what it took, or below zero and why in `errno`.
    private func put(_ pieces: UnsafeMutableBufferPointer<iovec>, isPaged: Bool, isMore: Bool) -> Int {
        let (count, more): (Int32, Int32) = (Int32(pieces.count), isMore ? 1 : 0)
        guard isPaged else { return cs_sendv(file, pieces.baseAddress, count, more) }
        return cs_send_pages(file, loop.chute, pieces.baseAddress, count, more)
    }

    /// Sends bytes that will be gone: what the socket takes at once is not kept.
    func send(copyOf bytes: UnsafeRawBufferPointer) {
        guard phase == .open else { return send(.of(Array(bytes))) }
        var done = 0
        while let secure, unsent == 0, done < bytes.count {
            guard case .done(let count) = secure.write(UnsafeRawBufferPointer(rebasing: bytes[done...])) else { break }
            done += count
            written += Int64(count)
            lastMove = loop.now.milliseconds
        }
        // The rest goes the long way, and meets there what was in the way here.
        if done < bytes.count { send(.of(Array(bytes[done...]))) }
    }

    /// Sends a stretch of a file. It is read elsewhere, so that a slow disk stops nobody.
    func send(_ file: any Readable, from: Int64, count: Int) {
        guard phase != .closed, phase != .closing, count > 0 else { return }
        queue.append(.file(file, from: from, count: count))
        unsent += count
        if phase == .open { flush() }
    }

    /// Closes when everything that waits has been written.
    func closeWhenSent() {
        guard phase == .open else { return phase == .closed ? () : close() }
        phase = .closing
        if unsent == 0 { close() } else { flush() }
    }

    /// Closes at once, without a word to the owner.
    func close() {
        guard phase != .closed else { return }
        if phase == .open || phase == .closing { secure?.sayGoodbye() }
        hangUp()
    }

    /// Reads no more until it is told to go on.
    func pause(_ isPaused: Bool) {
        guard self.isPaused != isPaused else { return }
        self.isPaused = isPaused
        rewatch()
    }

    private func hangUp() {
        phase = .closed
        watch?.cancel()
        watch = nil
        Glibc.close(file)
        queue = []
        (head, unsent) = (0, 0)
    }

    private func end() {
        guard phase != .closed else { return }
        hangUp()
        onClosed()
    }

    // MARK: Readiness

    private func ready(_ readiness: Readiness) {
        switch phase {
        case .connecting: connected(readiness)
        case .shaking: shake()
        case .open, .closing:
            if readiness.writes || wantsWriteToRead { flush() }
            if phase == .open, readiness.reads || readiness.isOver || wantsWriteToRead { read() }
            if phase == .closing, readiness.isOver { end() }
        case .closed: break
        }
    }

    private func connected(_ readiness: Readiness) {
        var code: Int32 = 0
        var length = socklen_t(4)
        getsockopt(file, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code == 0, readiness.writes else { return end() }
        isConnected = true
        lastMove = loop.now.milliseconds
        guard secure == nil else {
            phase = .shaking
            return shake()
        }
        open()
    }

    private func shake() {
        guard let secure else { return }
        switch secure.shakeHands() {
        case .done: open()
        case .wantsRead: watch?.change(reads: true, writes: false)
        case .wantsWrite: watch?.change(reads: false, writes: true)
        case .ended, .failed: end()
        }
    }

    private func open() {
        phase = .open
        lastMove = loop.now.milliseconds
        rewatch()
        onOpen()
        if phase == .open, unsent > 0 { flush() }
        // TLS may have read more than the handshake.
        if phase == .open, secure != nil { read() }
    }

    private func rewatch() {
        guard phase == .open || phase == .closing else { return }
        let waitsForSocket = head < queue.count && !isReadingFile
        watch?.change(reads: phase == .open && !isPaused, writes: waitsForSocket || wantsWriteToRead)
    }

    // MARK: Reading

    private func read() {
        // A few times at most, so that one loud line does not keep the others waiting.
        for _ in 0..<4 {
            guard phase == .open, !isPaused else { return }
            let count: Int
            if let secure {
                switch secure.read(into: loop.scratch) {
                case .done(let bytes): count = bytes
                case .wantsRead:
                    wantsWriteToRead = false
                    return rewatch()
                case .wantsWrite:
                    wantsWriteToRead = true
                    return rewatch()
                case .ended, .failed: return end()
                }
            } else {
                count = recv(file, loop.scratch.baseAddress, loop.scratch.count, Int32(MSG_DONTWAIT))
                if count == 0 { return end() }
                if count < 0 {
                    if errno == EAGAIN || errno == EINTR { return }
                    return end()
                }
            }
            lastMove = loop.now.milliseconds
            onBytes(UnsafeRawBufferPointer(start: loop.scratch.baseAddress, count: count))
            // Behind so little there is more at once: who sends a header by itself waited for our acknowledgement with
            // the rest (Nagle's algorithm), and that went out with the read.
            if secure == nil, count < loop.scratch.count, count > 16 { return }
        }
        // TLS may hold bytes that the socket does not show any more.
        if secure != nil { loop.execute { [again = Again(self)] in again.line?.read() } }
    }

    /// Carries a line to its own loop, where alone it is looked at again.
    private struct Again: @unchecked Sendable {
        // Read on the loop that the line lives on, which it never leaves.
        weak var line: Line?
        init(_ line: Line) { self.line = line }
    }

    // MARK: Writing

    private func flush() {
        var isBlocked = false
        while head < queue.count, phase == .open || phase == .closing, !isReadingFile, !isBlocked {
            switch queue[head] {
            case .file: fetch()
            case .slab: isBlocked = secure == nil ? !writePlain() : !writeSecure()
            }
        }
        guard phase == .open || phase == .closing else { return }
        if head == queue.count, head > 0 {
            queue.removeAll(keepingCapacity: queue.capacity <= 16)
            head = 0
            if phase == .closing { return close() }
            rewatch()
            return onDrained()
        }
        rewatch()
    }

    /// Writes the slabs at the front that are alike in one go. False when the socket takes no more, or broke.
    private func writePlain() -> Bool {
        guard case .slab(let first, _) = queue[head] else { return false }
        let most = 16
        let (count, offered) = withUnsafeTemporaryAllocation(of: iovec.self, capacity: most) { pieces in
            var filled = 0
            var offered = 0
            var place = head
            while place < queue.count, filled < most, case .slab(let slab, let from) = queue[place],
                slab.isPaged == first.isPaged
            {
                pieces[filled] = Line.vector(slab, from: from)
                offered += slab.count - from
                filled += 1
                place += 1
            }
            var isMore = false
            if place < queue.count, case .slab = queue[place] { isMore = true }
            let front = UnsafeMutableBufferPointer(rebasing: pieces[..<filled])
            return (put(front, isPaged: first.isPaged, isMore: isMore), offered)
        }
        guard count >= 0 else {
            if errno == EAGAIN || errno == EINTR { return false }
            end()
            return false
        }
        wrote(count)
        return count == offered
    }

    private func writeSecure() -> Bool {
        guard let secure, case .slab(let slab, let from) = queue[head] else { return false }
        // At most 64 kB at a time are encrypted: what waits in the socket for a slow viewer is not made for nothing.
        let count = min(slab.count - from, 64 << 10)
        switch secure.write(UnsafeRawBufferPointer(start: slab.base + from, count: count)) {
        case .done(let bytes):
            wrote(bytes)
            return true
        case .wantsWrite, .wantsRead: return false
        case .ended, .failed:
            end()
            return false
        }
    }

    private func wrote(_ count: Int) {
        lastMove = loop.now.milliseconds
        written += Int64(count)
        unsent -= count
        var left = count
        while left > 0, case .slab(let slab, let from) = queue[head] {
            let rest = slab.count - from
            guard left >= rest else {
                queue[head] = .slab(slab, from: from + left)
                return
            }
            left -= rest
            // Let go of it now: the queue may live on for hours.
            queue[head] = .slab(Line.nothing, from: 0)
            head += 1
        }
    }

    private static let nothing = Slab.of("")
    private static let stretch = 256 << 10

    /// Has the next stretch of the file at the front read, and goes on when it is there.
    private func fetch() {
        guard case .file(let file, let from, let count) = queue[head] else { return }
        isReadingFile = true
        let again = Again(self)
        let part = min(count, Line.stretch)
        Line.read(file, from: from, count: part, on: loop) { again.line?.fetched(.of($0), wanted: part) }
    }

    private func fetched(_ slab: Slab, wanted: Int) {
        isReadingFile = false
        guard phase == .open || phase == .closing, head < queue.count,
            case .file(let file, let from, let count) = queue[head]
        else { return }
        // A file that became shorter cannot be sent as it was announced.
        guard slab.count == wanted else { return end() }
        queue[head] = .slab(slab, from: 0)
        if count > wanted { queue.insert(.file(file, from: from + Int64(wanted), count: count - wanted), at: head + 1) }
        flush()
    }
}

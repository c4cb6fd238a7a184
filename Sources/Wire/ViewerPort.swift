// SPDX-License-Identifier: Apache-2.0
import HTTP

/// One viewer's connection that speaks HTTP/1.
// Lives on its outlet's loop, like everything that holds it.
final class ViewerPort: Asker {
    private static let mostPending = 96 << 10
    /// Who takes nothing while so much waits is let go when more is pushed.
    static let mostPushed = 256 << 10

    private let line: Line
    private unowned let outlet: Outlet
    /// What has come and is no whole request yet, or came before its turn.
    private var pending: [UInt8] = []
    private var request: Request?
    private var turn: UInt32 = 0
    private var isWaiting = false
    private var isStreaming = false

    init(_ line: Line, _ outlet: Outlet) {
        (self.line, self.outlet) = (line, outlet)
        line.onBytes = { [unowned self] in take($0) }
        line.onClosed = { [unowned self] in over() }
        line.onDrained = { [unowned self] in goOn() }
    }

    private func over() {
        isWaiting = false
        isStreaming = false
        turn &+= 1
        outlet.left(line)
    }

    private func hangUp() {
        line.close()
        over()
    }

    /// How long nothing has moved; who waits for an answer of ours is not idle.
    func isIdle(since oldest: Int64) -> Bool {
        line.lastMove < oldest && !(isWaiting && line.unsent == 0) && !(isStreaming && line.unsent == 0)
    }

    func letGo() { hangUp() }

    // MARK: Reading

    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard pending.isEmpty, !isWaiting, !isStreaming, line.unsent == 0 else {
            guard pending.count + bytes.count <= ViewerPort.mostPending else { return hangUp() }
            pending.append(contentsOf: bytes)
            return goOn()
        }
        let used = serve(bytes)
        if used < bytes.count, line.isOpen {
            pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[used...]))
        }
    }

    /// The last answer is out, or more has come: serves what is pending.
    private func goOn() {
        guard !pending.isEmpty, !isWaiting, !isStreaming, line.unsent == 0, line.isOpen else { return }
        let bytes = pending
        pending = []
        let used = bytes.withUnsafeBytes { serve($0) }
        if used < bytes.count, line.isOpen { pending = Array(bytes[used...]) + pending }
    }

    /// Serves the requests at the front, one after the other. Answers how many bytes they had.
    private func serve(_ bytes: UnsafeRawBufferPointer) -> Int {
        var used = 0
        while used < bytes.count, !isWaiting, !isStreaming, line.unsent == 0, line.isOpen {
            switch RequestReader.read(UnsafeRawBufferPointer(rebasing: bytes[used...])) {
            case .incomplete:
                if used == 0, bytes.count > ViewerPort.mostPending { hangUp() }
                return used
            case .request(let request, let length):
                used += length
                self.request = request
                turn &+= 1
                isWaiting = true
                outlet.receive(request, from: self, number: turn, peer: line.peer)
            case .bad(let status):
                var broken = Request()
                broken.isKeptAlive = false
                request = broken
                isWaiting = true
                send(.sentence(status, "This is no request that can be understood."), to: turn)
                return bytes.count
            }
        }
        return used
    }

    // MARK: Answering

    func isAwaiting(_ number: UInt32) -> Bool { isWaiting && turn == number }

    func send(_ body: Body, to number: UInt32) {
        guard isAwaiting(number), let request else { return }
        isWaiting = false
        self.request = nil
        let isHead = request.method == .head
        if request.isKeptAlive, !request.isOld, !isHead, body.file == nil { return line.send(body.line) }
        var more: [(String, String)] = []
        if !request.isKeptAlive { more.append(("connection", "close")) }
        if request.isKeptAlive, request.isOld { more.append(("connection", "keep-alive")) }
        line.send([more.isEmpty ? body.head : body.head(adding: more)] + (isHead ? [] : body.pieces))
        if !isHead, let file = body.file { line.send(file.file, from: file.from, count: file.count) }
        if !request.isKeptAlive { line.closeWhenSent() }
    }

    func open(_ body: Body, to number: UInt32) {
        guard isAwaiting(number) else { return }
        isWaiting = false
        isStreaming = true
        // Without a length the end of the connection is the end of the answer.
        line.send(body.head(adding: [("connection", "close")]))
    }

    func push(_ slab: Slab, to number: UInt32) -> Bool {
        guard isStreaming, turn == number, line.isOpen else { return false }
        guard line.unsent < ViewerPort.mostPushed else {
            hangUp()
            return false
        }
        line.send(slab)
        return true
    }
}

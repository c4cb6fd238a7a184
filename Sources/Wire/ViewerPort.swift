// SPDX-License-Identifier: Apache-2.0
import HTTP

/// One viewer's connection that speaks HTTP/1.
// Lives on its outlet's loop, like everything that holds it.
final class ViewerPort: Asker {
    private static let mostPending = 160 << 10
    /// Who takes nothing while so much waits is let go when more is pushed.
    static let mostPushed = 256 << 10

    private let line: Line
    private unowned let outlet: Outlet
    /// What has come and is no whole request yet, or came before its turn.
    private var pending: [UInt8] = []
    /// Of the request at hand.
    private var (isHead, isKeptAlive, isOld) = (false, true, false)
    private var visit: Visit?
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
            let rest = UnsafeRawBufferPointer(rebasing: bytes[used...])
            switch RequestReader.head(rest) {
            case .incomplete:
                if used == 0, bytes.count > ViewerPort.mostPending { hangUp() }
                return used
            case .head(let head):
                let length = head.fields.upperBound + head.contentLength
                guard rest.count >= length else { return used }
                used += length
                (isHead, isKeptAlive, isOld) = (head.method == .head, head.isKeptAlive, head.isOld)
                turn &+= 1
                isWaiting = true
                if !isAgain(head, rest) { receive(RequestReader.request(head, in: rest)) }
            case .bad(let status):
                (isHead, isKeptAlive, isOld, isWaiting) = (false, false, false, true)
                send(.sentence(status, "This is no request that can be understood."), to: turn)
                return bytes.count
            }
        }
        return used
    }

    private func receive(_ request: Request) {
        // A viewer asks for the next piece of the same stream, again and again: this is where it is.
        visit = outlet.visit(request)
        outlet.receive(request, from: self, number: turn, peer: line.peer)
    }

    /// Whether a request is for one more piece of the stream that was asked for before; it is served without reading
    /// the rest of it.
    private func isAgain(_ head: RequestHead, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let visit, head.method == .get, !head.isConditional, head.target.count > visit.prefix.count else {
            return false
        }
        let begin = head.target.lowerBound
        for place in visit.prefix.indices where bytes[begin + place] != visit.prefix[place] { return false }
        let rest = bytes[(begin + visit.prefix.count)..<head.target.upperBound]
        return outlet.serve(UnsafeRawBufferPointer(rebasing: rest), visit, zips: head.zips, to: self, number: turn)
    }

    // MARK: Answering

    func isAwaiting(_ number: UInt32) -> Bool { isWaiting && turn == number }

    func send(_ body: Body, to number: UInt32) {
        guard isAwaiting(number) else { return }
        isWaiting = false
        if isKeptAlive, !isOld, !isHead, body.file == nil {
            if !line.isSecure, let memory = body.memoryFile { return line.send(body.head, memory) }
            return line.send(body.line)
        }
        var more: [(String, String)] = []
        if !isKeptAlive { more.append(("connection", "close")) }
        if isKeptAlive, isOld { more.append(("connection", "keep-alive")) }
        line.send([more.isEmpty ? body.head : body.head(adding: more)] + (isHead ? [] : body.pieces))
        if !isHead, let file = body.file { line.send(file.file, from: file.from, count: file.count) }
        if !isKeptAlive { line.closeWhenSent() }
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

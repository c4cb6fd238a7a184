// SPDX-License-Identifier: Apache-2.0
import HTTP

/// One viewer's connection that speaks HTTP/1.
// Lives on its outlet's loop, like everything that holds it.
final class ViewerPort: Asker {
    private static let mostPending = 160 << 10
    /// So much is read of what nobody wants.
    private static let mostUnread = 64 << 20
    /// Who takes nothing while so much waits is let go when more is pushed.
    static let mostPushed = 256 << 10

    /// Content that is taken as it comes may be longer; how long, says who takes it.
    private static let limits: Limits = {
        var limits = Limits()
        limits.contentBytes = .max
        return limits
    }()

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
    /// Content that is taken as it comes, and how much of it is still to come.
    private var intake: (sink: any Sink, left: Int)?

    init(_ line: Line, _ outlet: Outlet) {
        (self.line, self.outlet) = (line, outlet)
        line.onBytes = { [unowned self] in take($0) }
        line.onClosed = { [unowned self] in over() }
        line.onDrained = { [unowned self] in goOn() }
    }

    private func over() {
        intake?.sink.cancel()
        intake = nil
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
        line.lastMove < oldest && !(isWaiting && intake == nil && line.unsent == 0)
            && !(isStreaming && line.unsent == 0)
    }

    func letGo() { hangUp() }

    // MARK: Reading

    private func take(_ bytes: UnsafeRawBufferPointer) {
        if intake != nil {
            let used = fill(bytes)
            guard used < bytes.count else { return }
            return take(UnsafeRawBufferPointer(rebasing: bytes[used...]))
        }
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
            switch RequestReader.head(rest, limits: ViewerPort.limits) {
            case .incomplete:
                if used == 0, bytes.count > ViewerPort.mostPending { hangUp() }
                return used
            case .head(let head):
                if head.method == .put || head.contentLength > Limits().contentBytes {
                    used += head.fields.upperBound
                    begin(head, rest)
                    used += fill(UnsafeRawBufferPointer(rebasing: bytes[used...]))
                    continue
                }
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

    /// Content that is not kept here: somebody takes it as it comes, or nobody wants it.
    private func begin(_ head: RequestHead, _ rest: UnsafeRawBufferPointer) {
        (isHead, isKeptAlive, isOld) = (false, head.isKeptAlive, head.isOld)
        turn &+= 1
        isWaiting = true
        var request = RequestReader.request(head, in: UnsafeRawBufferPointer(rebasing: rest[..<head.fields.upperBound]))
        request.content = []
        switch outlet.sink(for: request, length: head.contentLength, from: self, number: turn, peer: line.peer) {
        case .sink(let sink):
            intake = (sink, head.contentLength)
            sink.onPause = { [weak line] in line?.pause($0) }
            if head.contentLength == 0 { fillUp() }
        case .refused(let body):
            refuse(body, head.contentLength)
        }
    }

    /// Who is refused hears it only when nothing of theirs is left unread; what is longer than anybody may send is not
    /// waited for.
    private func refuse(_ body: Body, _ length: Int) {
        guard length > 0, length <= ViewerPort.mostUnread else {
            isKeptAlive = length == 0 && isKeptAlive
            return send(body, to: turn)
        }
        intake = (Drain { [unowned self] _ in send(body, to: turn) }, length)
    }

    /// Answers how many of the bytes belonged to it.
    private func fill(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let (sink, left) = intake, !bytes.isEmpty else { return 0 }
        let count = min(left, bytes.count)
        intake?.left = left - count
        sink.take(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        if count == left { fillUp() }
        return count
    }

    private func fillUp() {
        let sink = intake?.sink
        intake = nil
        line.pause(false)
        sink?.finish()
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
        if isKeptAlive, !isOld, !isHead, body.file == nil { return line.send(body.line) }
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

    func isTaking(_ number: UInt32) -> Bool { isStreaming && turn == number && line.isOpen }

    func end(_ number: UInt32) {
        guard isTaking(number) else { return }
        isStreaming = false
        line.closeWhenSent()
        if !line.isOpen, line.unsent == 0 { over() }
    }

    func push(_ slab: Slab, to number: UInt32, most: Int) -> Bool {
        guard isTaking(number) else { return false }
        guard line.unsent < most else {
            hangUp()
            return false
        }
        line.send(slab)
        return true
    }
}

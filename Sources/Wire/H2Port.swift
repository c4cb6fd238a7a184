// SPDX-License-Identifier: Apache-2.0
import CNGHTTP2
import HTTP

/// One viewer's connection that speaks HTTP/2 (RFC 9113), by nghttp2.
// Lives on its outlet's loop, like everything that holds it.
final class H2Port: Asker {
    /// How much of the answers is made before the socket has taken what was made.
    private static let mostUnsent = 128 << 10
    private static let mostStreams: UInt32 = 100

    /// One request and its answer.
    private final class Stream {
        var request = Request()
        var target: [UInt8] = []
        /// It is a GET and nothing in it changes the answer but its target.
        var isSimple = true
        var isRequested = false
        var body: Body?
        /// Where in the body's pieces the answer is.
        var piece = 0
        var offset = 0
        /// What of the body's file was read and not sent, and how far reading has come.
        var fromFile: [UInt8] = []
        var fileDone = 0
        /// An answer without an end: what waits of it.
        var pushed: [Slab] = []
        var pushedBytes = 0
        var isEndless = false
        /// Nothing more will be pushed.
        var isLast = false
        /// Content that is taken as it comes.
        var sink: (any Sink)?
        var isDeferred = false
    }

    private let line: Line
    private unowned let outlet: Outlet
    private var session: OpaquePointer?
    private var streams: [Int32: Stream] = [:]
    /// A viewer asks for the next piece of the same stream, again and again: this is where it is.
    private var visit: Visit?
    private var isBusy = false

    init?(_ line: Line, _ outlet: Outlet) {
        (self.line, self.outlet) = (line, outlet)
        var callbacks: OpaquePointer?
        guard nghttp2_session_callbacks_new(&callbacks) == 0, let callbacks else { return nil }
        defer { nghttp2_session_callbacks_del(callbacks) }
        H2Port.fill(callbacks)
        guard nghttp2_session_server_new(&session, callbacks, Unmanaged.passUnretained(self).toOpaque()) == 0 else {
            return nil
        }
        line.onBytes = { [unowned self] in take($0) }
        line.onClosed = { [unowned self] in over() }
        line.onDrained = { [unowned self] in pump() }
        var settings = [
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue), value: H2Port.mostStreams),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue), value: 16 << 10),
        ]
        nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), &settings, settings.count)
        pump()
    }

    deinit { nghttp2_session_del(session) }

    private func over() {
        for stream in streams.values { stream.sink?.cancel() }
        streams = [:]
        outlet.left(line)
    }

    private func hangUp() {
        line.close()
        over()
    }

    func isIdle(since oldest: Int64) -> Bool {
        line.lastMove < oldest
            && !streams.values.contains { $0.isRequested && $0.body == nil && $0.sink == nil || $0.isEndless }
    }

    func letGo() { hangUp() }

    // MARK: The session

    private func take(_ bytes: UnsafeRawBufferPointer) {
        isBusy = true
        let used = nghttp2_session_mem_recv(
            session, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        isBusy = false
        guard used >= 0 else { return hangUp() }
        pump()
    }

    /// Makes frames as long as the socket takes them.
    private func pump() {
        guard !isBusy, line.isOpen else { return }
        isBusy = true
        while line.isOpen, line.unsent < H2Port.mostUnsent {
            var made = 0
            // One frame has 16 kB and its head at most, so there is always room for another.
            while made < 64 << 10 {
                var bytes: UnsafePointer<UInt8>?
                let count = nghttp2_session_mem_send(session, &bytes)
                guard count > 0 else { break }
                guard made + count <= outlet.frames.count else { return hangUp() }
                let room = UnsafeMutableRawBufferPointer(rebasing: outlet.frames[made...])
                room.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
                made += count
            }
            guard made > 0 else { break }
            line.send(copyOf: UnsafeRawBufferPointer(rebasing: outlet.frames[..<made]))
        }
        isBusy = false
        if line.isOpen, nghttp2_session_want_read(session) == 0, nghttp2_session_want_write(session) == 0 {
            line.closeWhenSent()
            if !line.isOpen { over() }
        }
    }

    private func began(_ id: Int32) { streams[id] = Stream() }

    private func field(_ id: Int32, _ name: String, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let stream = streams[id] else { return }
        switch name {
        case ":path": return stream.target = Array(bytes)
        case ":scheme", "accept", "priority": return
        case "range", "if-range", "if-none-match": stream.isSimple = false
        default: break
        }
        let value = String(decoding: bytes, as: UTF8.self)
        switch name {
        case ":method":
            stream.isSimple = stream.isSimple && value == "GET"
            stream.request.method = Request.Method(value)
        default: stream.request.take(name, value)
        }
    }

    private func content(_ id: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let stream = streams[id] else { return true }
        if let sink = stream.sink {
            sink.take(UnsafeRawBufferPointer(bytes))
            return true
        }
        stream.request.content.append(contentsOf: bytes)
        return stream.request.content.count <= Limits().contentBytes
    }

    /// The fields are there and content will come: somebody takes it as it comes, or it is kept.
    private func headed(_ id: Int32) {
        guard let stream = streams[id], !stream.isRequested, stream.sink == nil else { return }
        var request = stream.request
        request.take(target: String(decoding: stream.target, as: UTF8.self))
        guard Outlet.wantsSink(request) else { return }
        stream.isRequested = true
        stream.request = request
        let number = UInt32(bitPattern: id)
        switch outlet.sink(for: stream.request, length: nil, from: self, number: number, peer: line.peer) {
        case .sink(let sink):
            stream.sink = sink
            sink.onPause = { [weak line] in line?.pause($0) }
        case .refused(let body):
            stream.sink = Drain()
            send(body, to: number)
        }
    }

    private func ended(_ id: Int32) {
        if let sink = streams[id]?.sink {
            streams[id]?.sink = nil
            line.pause(false)
            return sink.finish()
        }
        guard let stream = streams[id], !stream.isRequested else { return }
        stream.isRequested = true
        guard !isAgain(stream, UInt32(bitPattern: id)) else { return }
        stream.request.take(target: String(decoding: stream.target, as: UTF8.self))
        visit = outlet.visit(stream.request)
        outlet.receive(stream.request, from: self, number: UInt32(bitPattern: id), peer: line.peer)
    }

    /// Whether a request is for one more piece of the stream that was asked for before.
    private func isAgain(_ stream: Stream, _ number: UInt32) -> Bool {
        guard stream.isSimple, let visit, stream.target.starts(with: visit.prefix) else { return false }
        return stream.target.withUnsafeBytes {
            let rest = UnsafeRawBufferPointer(rebasing: $0[visit.prefix.count...])
            return outlet.serve(rest, visit, zips: stream.request.zips, to: self, number: number)
        }
    }

    private func closed(_ id: Int32) {
        streams[id]?.sink?.cancel()
        streams[id] = nil
    }

    // MARK: Answering

    func isAwaiting(_ number: UInt32) -> Bool {
        streams[Int32(bitPattern: number)].map { $0.isRequested && $0.body == nil } ?? false
    }

    func send(_ body: Body, to number: UInt32) {
        let id = Int32(bitPattern: number)
        guard isAwaiting(number), let stream = streams[id] else { return }
        stream.body = body
        let hasContent = stream.request.method != .head && body.count > 0
        submit(body, id, hasContent: hasContent)
        pump()
    }

    func open(_ body: Body, to number: UInt32) {
        let id = Int32(bitPattern: number)
        guard isAwaiting(number), let stream = streams[id] else { return }
        stream.body = body
        stream.isEndless = true
        submit(body, id, hasContent: true)
        pump()
    }

    func isTaking(_ number: UInt32) -> Bool {
        line.isOpen && streams[Int32(bitPattern: number)].map { $0.isEndless && !$0.isLast } ?? false
    }

    func end(_ number: UInt32) {
        let id = Int32(bitPattern: number)
        guard isTaking(number), let stream = streams[id] else { return }
        stream.isLast = true
        resume(id, stream)
    }

    func push(_ slab: Slab, to number: UInt32, most: Int) -> Bool {
        let id = Int32(bitPattern: number)
        guard isTaking(number), let stream = streams[id] else { return false }
        // What is pushed now may be long; what waits besides must not be.
        let waited = stream.pushedBytes
        stream.pushed.append(slab)
        stream.pushedBytes += slab.count
        guard waited < most else {
            nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, NGHTTP2_CANCEL.rawValue)
            streams[id] = nil
            pump()
            return false
        }
        resume(id, stream)
        return true
    }

    private func resume(_ id: Int32, _ stream: Stream) {
        guard stream.isDeferred else { return pump() }
        stream.isDeferred = false
        nghttp2_session_resume_data(session, id)
        pump()
    }

    private func submit(_ body: Body, _ id: Int32, hasContent: Bool) {
        body.block.withPairs { pairs in
            guard hasContent else {
                nghttp2_submit_response(session, id, pairs.baseAddress, pairs.count, nil)
                return
            }
            var provider = nghttp2_data_provider()
            provider.read_callback = { _, id, buffer, length, flags, _, raw in
                guard let raw, let buffer, let flags else { return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue) }
                let port = Unmanaged<H2Port>.fromOpaque(raw).takeUnretainedValue()
                return port.read(id, UnsafeMutableRawBufferPointer(start: buffer, count: length), flags)
            }
            nghttp2_submit_response(session, id, pairs.baseAddress, pairs.count, &provider)
        }
    }

    /// Fills a frame with what comes next of an answer.
    private func read(_ id: Int32, _ frame: UnsafeMutableRawBufferPointer, _ flags: UnsafeMutablePointer<UInt32>) -> Int
    {
        guard let stream = streams[id], let body = stream.body else {
            return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
        if stream.isEndless { return readPushed(stream, frame, flags) }
        var filled = 0
        while filled < frame.count, stream.piece < body.pieces.count {
            let piece = body.pieces[stream.piece].bytes
            let part = piece[stream.offset...].prefix(frame.count - filled)
            UnsafeMutableRawBufferPointer(rebasing: frame[filled...]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: part))
            filled += part.count
            stream.offset += part.count
            if stream.offset == piece.count { (stream.piece, stream.offset) = (stream.piece + 1, 0) }
        }
        guard stream.piece == body.pieces.count else { return filled }
        guard let file = body.file, stream.fileDone < file.count || !stream.fromFile.isEmpty else {
            flags.pointee |= UInt32(NGHTTP2_DATA_FLAG_EOF.rawValue)
            return filled
        }
        let part = stream.fromFile.prefix(frame.count - filled)
        part.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: frame[filled...]).copyMemory(from: $0) }
        stream.fromFile.removeFirst(part.count)
        filled += part.count
        if stream.fromFile.isEmpty {
            if stream.fileDone == file.count {
                flags.pointee |= UInt32(NGHTTP2_DATA_FLAG_EOF.rawValue)
            } else if filled == 0 {
                stream.isDeferred = true
                fetch(id, stream, file)
                return Int(NGHTTP2_ERR_DEFERRED.rawValue)
            }
        }
        return filled
    }

    private func readPushed(
        _ stream: Stream, _ frame: UnsafeMutableRawBufferPointer, _ flags: UnsafeMutablePointer<UInt32>
    ) -> Int {
        guard let slab = stream.pushed.first else {
            if stream.isLast {
                flags.pointee |= UInt32(NGHTTP2_DATA_FLAG_EOF.rawValue)
                return 0
            }
            stream.isDeferred = true
            return Int(NGHTTP2_ERR_DEFERRED.rawValue)
        }
        let part = slab.bytes[stream.offset...].prefix(frame.count)
        frame.copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
        stream.offset += part.count
        stream.pushedBytes -= part.count
        if stream.offset == slab.count {
            stream.pushed.removeFirst()
            stream.offset = 0
        }
        return part.count
    }

    private func fetch(_ id: Int32, _ stream: Stream, _ file: (file: any Readable, from: Int64, count: Int)) {
        let part = min(file.count - stream.fileDone, 256 << 10)
        let again = Again(self)
        Line.read(file.file, from: file.from + Int64(stream.fileDone), count: part, on: line.loop) { bytes in
            guard let port = again.port, let stream = port.streams[id] else { return }
            guard bytes.count == part else { return port.hangUp() }
            stream.fromFile += bytes
            stream.fileDone += part
            port.resume(id, stream)
        }
    }

    /// Carries a port to its own loop, where alone it is looked at again.
    private struct Again: @unchecked Sendable {
        // Read on the loop that the port lives on, which it never leaves.
        weak var port: H2Port?
        init(_ port: H2Port) { self.port = port }
    }

    // MARK: nghttp2's callbacks

    private static func fill(_ callbacks: OpaquePointer) {
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, raw in
            guard let raw, let frame else { return 0 }
            H2Port.of(raw).began(frame.pointee.hd.stream_id)
            return 0
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, frame, name, nameCount, value, valueCount, _, raw in
            guard let raw, let frame else { return 0 }
            H2Port.of(raw).field(
                frame.pointee.hd.stream_id,
                String(decoding: UnsafeBufferPointer(start: name, count: nameCount), as: UTF8.self),
                UnsafeBufferPointer(start: value, count: valueCount))
            return 0
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, id, bytes, count, raw in
            guard let raw else { return 0 }
            let isTaken = H2Port.of(raw).content(id, UnsafeBufferPointer(start: bytes, count: count))
            return isTaken ? 0 : Int32(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, raw in
            guard let raw, let frame else { return 0 }
            let head = frame.pointee.hd
            let isOurs = UInt32(head.type) == NGHTTP2_HEADERS.rawValue || UInt32(head.type) == NGHTTP2_DATA.rawValue
            if isOurs, UInt32(head.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0 {
                H2Port.of(raw).ended(head.stream_id)
            } else if UInt32(head.type) == NGHTTP2_HEADERS.rawValue {
                H2Port.of(raw).headed(head.stream_id)
            }
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, _, raw in
            guard let raw else { return 0 }
            H2Port.of(raw).closed(id)
            return 0
        }
    }

    private static func of(_ raw: UnsafeMutableRawPointer) -> H2Port {
        Unmanaged<H2Port>.fromOpaque(raw).takeUnretainedValue()
    }
}

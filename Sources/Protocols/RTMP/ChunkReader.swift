// SPDX-License-Identifier: Apache-2.0

/// Puts chunks together to messages (specification 5.3). Bytes are pushed in as they come, in pieces of any size;
/// whole messages are asked for with `next`.
///
/// A payload byte is copied once, into the message it belongs to. Set Chunk Size and Abort are obeyed here, because
/// they change how the very next byte is read, and are handed out like any other message.
public struct ChunkReader: Sendable {
    /// How long the peer's chunks are at most; 128 until it says otherwise (5.4.1).
    public private(set) var chunkSize = 128

    private let limits: Limits
    private var streams: [ChunkStream] = []
    private var stash: [UInt8] = []
    /// The place in `streams` of the chunk whose payload is being read.
    private var current: Int?
    private var ready: [Message] = []
    private var handedOut = 0

    /// A reader that has read nothing.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// The next whole message, in the order in which they became whole.
    public mutating func next() -> Message? {
        guard handedOut < ready.count else {
            ready.removeAll(keepingCapacity: true)
            handedOut = 0
            return nil
        }
        defer { handedOut += 1 }
        return ready[handedOut]
    }

    /// How many bytes at least are missing of the message whose payload is being read; 0 when none is.
    var missingBytes: Int {
        guard let place = current ?? streams.firstIndex(where: { !$0.body.isEmpty }) else { return 0 }
        let left = streams[place].length - streams[place].body.count
        // Each further chunk has a header of at least one byte.
        let more = left - (current == nil ? 0 : streams[place].chunkLeft)
        return left + (more + chunkSize - 1) / chunkSize - (current == nil ? stash.count : 0)
    }

    /// Takes what came.
    /// - Throws: `Violation`; after that nothing more may be pushed, but messages before it can still be asked for.
    public mutating func take(_ bytes: ArraySlice<UInt8>) throws(Violation) {
        var bytes = bytes
        while !bytes.isEmpty {
            if let place = current {
                bytes = try payload(of: place, from: bytes)
            } else {
                stash.append(bytes.removeFirst())
                guard let length = try header() else { continue }
                // The peek at an extended timestamp may have read into the payload: those bytes are read again.
                let unread = stash.count > length ? Array(stash[length...]) : []
                stash.removeAll(keepingCapacity: true)
                if !unread.isEmpty { try take(unread[...]) }
            }
        }
    }

    /// Reads the header in the stash when it is whole, and sets `current`. Answers how long the header was.
    private mutating func header() throws(Violation) -> Int? {
        var cursor = Cursor(stash[...])
        guard let (format, id) = ChunkReader.basicHeader(&cursor) else { return nil }
        guard let place = streams.firstIndex(where: { $0.id == id }) else {
            // librtmp opens the control stream with a format 1 chunk; nothing shorter can begin a stream.
            guard format <= 1 else { throw .chunkWithoutHeader(chunkStream: id) }
            guard streams.count < limits.chunkStreams else { throw .tooManyChunkStreams }
            streams.append(ChunkStream(id: id))
            return try header()
        }
        guard format == 3 || streams[place].body.isEmpty else { throw .headerInsideMessage(chunkStream: id) }
        guard try streams[place].readHeader(format: format, from: &cursor, limits: limits) else { return nil }
        streams[place].chunkLeft = min(chunkSize, streams[place].length - streams[place].body.count)
        if streams[place].chunkLeft == 0 {
            try finish(place)  // A message without a body.
        } else {
            current = place
        }
        return cursor.index
    }

    private mutating func payload(of place: Int, from bytes: ArraySlice<UInt8>) throws(Violation)
        -> ArraySlice<UInt8>
    {
        let piece = bytes.prefix(streams[place].chunkLeft)
        // Never more than has come, whatever was announced.
        if streams[place].body.isEmpty { streams[place].body.reserveCapacity(min(streams[place].length, bytes.count)) }
        streams[place].body.append(contentsOf: piece)
        streams[place].chunkLeft -= piece.count
        if streams[place].chunkLeft == 0 {
            current = nil
            if streams[place].body.count == streams[place].length { try finish(place) }
        }
        return bytes[piece.endIndex...]
    }

    private mutating func finish(_ place: Int) throws(Violation) {
        let message = streams[place].finish()
        switch message.type {
        case Message.Kind.setChunkSize:
            guard let size = message.body[...].leadingNumber else {
                throw .controlMessageTooShort(type: message.type)
            }
            // 5.4.1: the first bit is zero and the size at least 1; no message is longer than 0xFFFFFF.
            guard size >= 1, size < 0x8000_0000 else { throw .chunkSizeOutOfRange(bytes: size) }
            chunkSize = Int(min(size, 0xFF_FFFF))
        case Message.Kind.abort:
            guard let id = message.body[...].leadingNumber else {
                throw .controlMessageTooShort(type: message.type)
            }
            for place in streams.indices where streams[place].id == Int(id) { streams[place].body = [] }
        default: break
        }
        ready.append(message)
    }

    /// 5.3.1.1: two bits of format, then an id in one, two or three bytes (the last form low byte first).
    private static func basicHeader(_ cursor: inout Cursor) -> (format: UInt8, id: Int)? {
        guard let first = cursor.byte() else { return nil }
        let marker = first & 0x3F
        switch marker {
        case 0:
            guard let low = cursor.byte() else { return nil }
            return (first >> 6, 64 + Int(low))
        case 1:
            guard let low = cursor.byte(), let high = cursor.byte() else { return nil }
            return (first >> 6, 64 + Int(low) + Int(high) * 256)
        default: return (first >> 6, Int(marker))
        }
    }
}

/// What is remembered of one chunk stream from chunk to chunk.
private struct ChunkStream: Sendable {
    let id: Int
    var body: [UInt8] = []
    var length = 0
    var chunkLeft = 0
    private var time: UInt32 = 0
    private var delta: UInt32 = 0
    private var type: UInt8 = 0
    private var stream: UInt32 = 0
    /// The 32-bit field of the last full header when its 24-bit field said 0xFFFFFF.
    private var extended: UInt32?

    init(id: Int) { self.id = id }

    /// Reads a message header (5.3.1.2) and extended timestamp (5.3.1.3). False when more bytes are needed; nothing is
    /// remembered before the header is whole.
    mutating func readHeader(format: UInt8, from cursor: inout Cursor, limits: Limits) throws(Violation)
        -> Bool
    {
        guard format < 3 else { return repeatHeader(from: &cursor) }
        guard let field = cursor.number(3) else { return false }
        var head: (length: Int, type: UInt8)?
        var stream = self.stream
        if format < 2 {
            guard let length = cursor.number(3), let type = cursor.byte() else { return false }
            guard length <= limits.messageBytes else { throw .messageTooLong(bytes: Int(length)) }
            head = (Int(length), type)
        }
        if format == 0 {
            guard let raw = cursor.number(4) else { return false }
            stream = UInt32(raw).byteSwapped  // 5.3.1.2.1: little endian, the only such field.
        }
        var value = UInt32(field)
        var extended: UInt32?
        if field == 0xFF_FFFF {
            guard let long = cursor.number(4) else { return false }
            value = UInt32(long)
            extended = value
        }
        if let head { (length, type) = head }
        self.stream = stream
        self.extended = extended
        // After format 0 a format 3 repeats the time itself as its delta (5.3.1.2.4).
        delta = value
        time = format == 0 ? value : time &+ value
        return true
    }

    /// Format 3: a continuation, or a new message that repeats everything.
    private mutating func repeatHeader(from cursor: inout Cursor) -> Bool {
        guard body.isEmpty else { return skipRepeatedTimestamp(&cursor) }
        if extended != nil {
            guard let long = cursor.number(4) else { return false }
            delta = UInt32(long)
            extended = delta
        }
        time = time &+ delta
        return true
    }

    /// The specification of 2012 repeats the extended timestamp on each continuation; librtmp, and so OBS before 2024,
    /// does not. So: the next four bytes are taken for it only if they equal it, and the decision falls at the
    /// first byte that differs, so that the end of a message never waits for bytes that do not come.
    private func skipRepeatedTimestamp(_ cursor: inout Cursor) -> Bool {
        guard let extended else { return true }
        var peek = cursor
        for shift in [24, 16, 8, 0] as [UInt32] {
            guard let byte = peek.byte() else { return false }
            if byte != UInt8(truncatingIfNeeded: extended >> shift) { return true }
        }
        cursor = peek
        return true
    }

    mutating func finish() -> Message {
        defer { body = [] }
        return Message(chunkStream: id, time: time, type: type, stream: stream, body: body)
    }
}

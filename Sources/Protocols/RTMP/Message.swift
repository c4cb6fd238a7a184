// SPDX-License-Identifier: Apache-2.0

/// One RTMP message (specification 6.1): what chunks are put together to.
public struct Message: Hashable, Sendable {
    /// The message types that are known here (5.4, 6.2 and 7.1).
    public enum Kind {
        public static let setChunkSize: UInt8 = 1
        public static let abort: UInt8 = 2
        public static let acknowledgement: UInt8 = 3
        public static let userControl: UInt8 = 4
        public static let windowSize: UInt8 = 5
        public static let peerBandwidth: UInt8 = 6
        public static let audio: UInt8 = 8
        public static let video: UInt8 = 9
        public static let dataAMF3: UInt8 = 15
        public static let commandAMF3: UInt8 = 17
        public static let data: UInt8 = 18
        public static let command: UInt8 = 20
        public static let aggregate: UInt8 = 22
    }

    /// The chunk stream it came on or shall go on; 2 is for control messages.
    public var chunkStream: Int
    /// The sender's time in milliseconds; wraps after 49.7 days.
    public var time: UInt32
    /// The message type, one of `Kind` or unknown.
    public var type: UInt8
    /// The message stream: 0 for the connection itself.
    public var stream: UInt32
    /// The body.
    public var body: [UInt8]

    /// A message of these parts.
    public init(chunkStream: Int, time: UInt32 = 0, type: UInt8, stream: UInt32 = 0, body: [UInt8]) {
        self.chunkStream = chunkStream
        self.time = time
        self.type = type
        self.stream = stream
        self.body = body
    }

    /// A control message (5.4) whose body is one 32-bit number.
    static func control(_ type: UInt8, _ value: UInt32) -> Message {
        var body: [UInt8] = []
        body.append(number: UInt64(value), bytes: 4)
        return Message(chunkStream: 2, type: type, body: body)
    }

    /// Set Peer Bandwidth (5.4.5) with the limit type "dynamic".
    static func peerBandwidth(_ bytes: UInt32) -> Message {
        var message = control(Kind.peerBandwidth, bytes)
        message.body.append(2)
        return message
    }

    /// A user control message (7.1.7): an event and its number.
    static func userControl(_ event: UInt16, _ value: UInt32) -> Message {
        var body: [UInt8] = []
        body.append(number: UInt64(event), bytes: 2)
        body.append(number: UInt64(value), bytes: 4)
        return Message(chunkStream: 2, type: Kind.userControl, body: body)
    }

    /// A command (7.2) as AMF0.
    public static func command(_ values: [AMF], stream: UInt32 = 0) -> Message {
        Message(chunkStream: stream == 0 ? 3 : 5, type: Kind.command, stream: stream, body: AMF.bytes(of: values))
    }

    /// A command's values, or a data message's. Types 15 and 17 are AMF3 by name; what is sent in them is a zero byte and
    /// then AMF0.
    var values: ArraySlice<UInt8> {
        let isAMF3 = type == Kind.commandAMF3 || type == Kind.dataAMF3
        return isAMF3 && body.first == 0 ? body.dropFirst() : body[...]
    }

    /// The answer to a user control message that is a ping (7.1.7); nil for any other.
    func pong() throws(Violation) -> Message? {
        var cursor = Cursor(body[...])
        guard let event = cursor.number(2) else { throw .controlMessageTooShort(type: type) }
        guard event == 6, let value = cursor.number(4) else { return nil }
        return .userControl(7, UInt32(truncatingIfNeeded: value))
    }

    /// The messages inside an aggregate message (7.1.6); their times are counted from the aggregate's own time.
    func disaggregated() throws(Violation) -> [Message] {
        var cursor = Cursor(body[...])
        var first: UInt32?
        var messages: [Message] = []
        while cursor.left > 0 {
            guard let type = cursor.byte(), let length = cursor.number(3), let low = cursor.number(3),
                let high = cursor.byte(), cursor.number(3) != nil, let part = cursor.slice(Int(length)),
                cursor.number(4) != nil
            else { throw .aggregateTruncated }
            let stamp = UInt32(high) << 24 | UInt32(low)
            let begin = first ?? stamp
            first = begin
            messages.append(
                Message(
                    chunkStream: chunkStream, time: time &+ (stamp &- begin), type: type & 0x1F, stream: stream,
                    body: Array(part)))
        }
        return messages
    }
}

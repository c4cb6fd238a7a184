// SPDX-License-Identifier: Apache-2.0

/// Retransmissions on a stream of their own (RFC 4588, 4): the payload has the lost packet's number before it.
public enum Repair {
    /// The number that a retransmission repairs; nil for padding, which repairs nothing.
    public static func original(of packet: Packet, in bytes: UnsafeRawBufferPointer) -> UInt16? {
        packet.payload.count >= 2 ? bytes.word16(packet.payload.lowerBound) : nil
    }

    /// Makes the lost packet again, in the memory where the retransmission lies; how long it is. The payload's two bytes
    /// go, and the header gets the original's number, stream and payload type. Nil for padding.
    public static func unwrap(
        _ packet: Packet, in bytes: UnsafeMutableRawBufferPointer, ssrc: UInt32, payloadType: UInt8
    ) -> Int? {
        guard let number = original(of: packet, in: UnsafeRawBufferPointer(bytes)) else { return nil }
        let start = packet.payload.lowerBound
        let length = packet.payload.count - 2
        bytes[0] &= ~0x20
        bytes[1] = bytes[1] & 0x80 | payloadType & 0x7F
        bytes.put16(number, at: 2)
        bytes.put32(ssrc, at: 8)
        if length > 0, let base = bytes.baseAddress {
            // They overlap; copyMemory takes that into account.
            base.advanced(by: start).copyMemory(from: base.advanced(by: start + 2), byteCount: length)
        }
        return start + length
    }
}

/// Redundant sound (RFC 2198): one packet with the sound of now, and of a little while ago.
public enum Redundant {
    /// Where the primary block is in a RED payload; nil when it is cut.
    public static func primary(in payload: UnsafeRawBufferPointer) -> (type: UInt8, range: Range<Int>)? {
        var found: (type: UInt8, range: Range<Int>)?
        let isWhole = forEachBlock(in: payload) { type, offset, range in
            if offset == 0 { found = (type, range) }
        }
        return isWhole ? found : nil
    }

    /// Tells every block, oldest first as they stand: payload type, ticks before the packet's timestamp, where its bytes
    /// are. False when it is cut.
    @discardableResult
    public static func forEachBlock(
        in payload: UnsafeRawBufferPointer, _ tell: (UInt8, UInt32, Range<Int>) -> Void
    ) -> Bool {
        // Heads: four bytes each while the first bit is set, and one byte for the primary.
        var heads = 0
        while true {
            guard heads < payload.count else { return false }
            if payload[heads] & 0x80 == 0 { break }
            heads += 4
            guard heads <= 32 else { return false }
        }
        var data = heads + 1
        for at in stride(from: 0, to: heads, by: 4) {
            let head = payload.word24(at + 1)
            let length = Int(head & 0x3FF)
            guard data + length <= payload.count else { return false }
            if length > 0 { tell(payload[at] & 0x7F, head >> 10, data..<(data + length)) }
            data += length
        }
        guard data <= payload.count else { return false }
        tell(payload[heads] & 0x7F, 0, data..<payload.count)
        return true
    }

    /// Writes a RED payload of one older block and the primary; how long it is, nil when it does not fit or the older one
    /// is too old or too long to be named (14 bits of ticks, 10 of length).
    public static func write(
        into room: UnsafeMutableRawBufferPointer, type: UInt8, older: UnsafeRawBufferPointer, ticksBefore: UInt32,
        primary: UnsafeRawBufferPointer
    ) -> Int? {
        guard ticksBefore > 0, ticksBefore < 1 << 14, older.count < 1 << 10 else { return nil }
        let length = 5 + older.count + primary.count
        guard length <= room.count else { return nil }
        room[0] = type | 0x80
        room.put24(ticksBefore << 10 | UInt32(older.count), at: 1)
        room[4] = type & 0x7F
        room.put(older, at: 5)
        room.put(primary, at: 5 + older.count)
        return length
    }
}

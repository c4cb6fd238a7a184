// SPDX-License-Identifier: Apache-2.0

/// Where everything is in an RTP packet (RFC 3550, 5.1). Made from the packet once; the bytes stay where they are.
public struct Packet: Sendable {
    /// The first 12 bytes are always there.
    public static let headerCount = 12

    /// RTP's M bit: a video frame's last packet, the first sound after silence.
    public var marker: Bool
    /// 7 bits.
    public var payloadType: UInt8
    /// Its number, modulo 2^16.
    public var sequence: UInt16
    /// When it was taken, in ticks of the payload's clock.
    public var timestamp: UInt32
    /// Whose it is.
    public var ssrc: UInt32
    /// Where the elements of the header extension are; empty when there are none that can be read.
    public var extensions: Range<Int>
    /// Whether the elements have two-byte headers (RFC 8285, 4.3).
    public var isTwoByte: Bool
    /// Where the payload is, without padding.
    public var payload: Range<Int>
    /// Bytes of padding at the end.
    public var paddingCount: Int

    /// Nil for what is no RTP packet, or is cut anywhere.
    @inlinable
    public init?(_ bytes: UnsafeRawBufferPointer) {
        let count = bytes.count
        guard count >= Packet.headerCount else { return nil }
        let first = bytes[0]
        guard first >> 6 == 2 else { return nil }
        let second = bytes[1]
        var offset = Packet.headerCount + Int(first & 15) * 4
        guard offset <= count else { return nil }
        extensions = offset..<offset
        isTwoByte = false
        if first & 0x10 != 0 {
            guard offset + 4 <= count else { return nil }
            let profile = bytes.word16(offset)
            let length = Int(bytes.word16(offset + 2)) * 4
            guard offset + 4 + length <= count else { return nil }
            isTwoByte = profile & 0xFFF0 == 0x1000
            if profile == 0xBEDE || isTwoByte { extensions = (offset + 4)..<(offset + 4 + length) }
            offset += 4 + length
        }
        paddingCount = 0
        if first & 0x20 != 0 {
            paddingCount = Int(bytes[count - 1])
            guard paddingCount > 0, offset + paddingCount <= count else { return nil }
        }
        payload = offset..<(count - paddingCount)
        marker = second & 0x80 != 0
        payloadType = second & 0x7F
        sequence = bytes.word16(2)
        timestamp = bytes.word32(4)
        ssrc = bytes.word32(8)
    }

    /// Whether bytes that look like RTP or RTCP are RTCP (RFC 5761, 4).
    @inlinable
    public static func isControl(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 2 && bytes[1] >= 192 && bytes[1] <= 223
    }

    /// Tells every element of the header extension: its number, and where its bytes are. What is cut ends the telling.
    @inlinable
    public func forEachExtension(in bytes: UnsafeRawBufferPointer, _ tell: (UInt8, Range<Int>) -> Void) {
        var offset = extensions.lowerBound
        let end = extensions.upperBound
        while offset < end {
            let head = bytes[offset]
            let number: UInt8
            let length: Int
            if isTwoByte {
                if head == 0 {
                    offset += 1
                    continue
                }
                guard offset + 2 <= end else { return }
                number = head
                length = Int(bytes[offset + 1])
                offset += 2
            } else {
                number = head >> 4
                // 0 is padding, whatever its length says; 15 ends the elements (RFC 8285, 4.2).
                if number == 0 {
                    offset += 1
                    continue
                }
                if number == 15 { return }
                length = Int(head & 15) + 1
                offset += 1
            }
            guard offset + length <= end else { return }
            tell(number, offset..<(offset + length))
            offset += length
        }
    }

    /// Where the bytes of one element are.
    @inlinable
    public func element(_ number: UInt8, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard number != 0 else { return nil }
        var found: Range<Int>?
        forEachExtension(in: bytes) { if $0 == number, found == nil { found = $1 } }
        return found
    }
}

/// How loud a packet of sound is (RFC 6464, 3).
public struct AudioLevel: Hashable, Sendable {
    /// Below full scale, 0 (loudest) to 127 (silence), in decibels.
    public var decibelsBelow: UInt8
    /// Whether the sender takes it for a voice.
    public var isVoice: Bool

    /// One byte of the header extension.
    @inlinable
    public init(_ byte: UInt8) {
        decibelsBelow = byte & 0x7F
        isVoice = byte & 0x80 != 0
    }
}

/// Writes an RTP header of our own (RFC 3550, 5.1), with elements of one-byte form (RFC 8285, 4.2) behind it.
public struct HeaderWriter {
    @usableFromInline let room: UnsafeMutableRawBufferPointer
    @usableFromInline var offset = Packet.headerCount
    @usableFromInline var start = 0
    @usableFromInline var isTwoByte = false

    /// Begins in this room, which has at least 12 bytes.
    @inlinable
    public init(
        _ room: UnsafeMutableRawBufferPointer, marker: Bool, payloadType: UInt8, sequence: UInt16, timestamp: UInt32,
        ssrc: UInt32
    ) {
        self.room = room
        room[0] = 0x80
        room[1] = payloadType & 0x7F | (marker ? 0x80 : 0)
        room.put16(sequence, at: 2)
        room.put32(timestamp, at: 4)
        room.put32(ssrc, at: 8)
    }

    /// The elements that follow have heads of two bytes, for what is longer than 16 (RFC 8285, 4.3). Before the first one.
    @inlinable
    public mutating func useTwoBytes() { if start == 0 { isTwoByte = true } }

    /// Room for an element of 1 to 16 bytes (of two-byte form: 255); the offset of its first byte. Nil for number 0, or when there is no room.
    @inlinable
    public mutating func element(_ number: UInt8, count: Int) -> Int? {
        guard number > 0, number < 15, count >= 1, count <= (isTwoByte ? 255 : 16), offset + 12 + count <= room.count
        else { return nil }
        if start == 0 {
            start = offset
            offset += 4
        }
        if isTwoByte {
            room[offset] = number
            room[offset + 1] = UInt8(truncatingIfNeeded: count)
            offset += 1
        } else {
            room[offset] = number << 4 | UInt8(truncatingIfNeeded: count - 1)
        }
        offset += 1 + count
        return offset - count
    }

    /// Ends the header; how long it is.
    @inlinable
    public mutating func finish() -> Int {
        guard start > 0 else { return offset }
        while (offset - start) & 3 != 0 {
            room[offset] = 0
            offset += 1
        }
        room[0] |= 0x10
        room.put16(isTwoByte ? 0x1000 : 0xBEDE, at: start)
        room.put16(UInt16(truncatingIfNeeded: (offset - start) / 4 - 1), at: start + 2)
        return offset
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Writes RTCP into somebody's memory, packet behind packet. What finds no room is left out, and `false` says so.
public struct ControlWriter {
    let room: UnsafeMutableRawBufferPointer
    /// How much is written.
    public private(set) var count = 0

    /// Begins in this room.
    public init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    private mutating func begin(_ kind: UInt8, _ format: Int, count length: Int) -> Int? {
        guard count + length <= room.count, length & 3 == 0 else { return nil }
        let at = count
        room[at] = 0x80 | UInt8(truncatingIfNeeded: format & 31)
        room[at + 1] = kind
        room.put16(UInt16(truncatingIfNeeded: length / 4 - 1), at: at + 2)
        count += length
        return at
    }

    /// A sender report without blocks (RFC 3550, 6.4.1).
    @discardableResult
    public mutating func senderReport(_ report: SenderReport) -> Bool {
        guard let at = begin(200, 0, count: 28) else { return false }
        room.put32(report.ssrc, at: at + 4)
        room.put64(report.ntp, at: at + 8)
        room.put32(report.timestamp, at: at + 16)
        room.put32(report.packetCount, at: at + 20)
        room.put32(report.byteCount, at: at + 24)
        return true
    }

    /// A receiver report of at most 31 blocks (RFC 3550, 6.4.2).
    @discardableResult
    public mutating func receiverReport(from ssrc: UInt32, _ blocks: ArraySlice<ReportBlock>) -> Bool {
        let blocks = blocks.prefix(31)
        guard var at = begin(201, blocks.count, count: 8 + blocks.count * 24) else { return false }
        room.put32(ssrc, at: at + 4)
        at += 8
        for block in blocks {
            room.put32(block.ssrc, at: at)
            room[at + 4] = block.fractionLost
            let lost = min(max(block.cumulativeLost, -0x80_0000), 0x7F_FFFF)
            room.put24(UInt32(bitPattern: lost) & 0xFF_FFFF, at: at + 5)
            room.put32(block.highestSequence, at: at + 8)
            room.put32(block.jitter, at: at + 12)
            room.put32(block.lastReport, at: at + 16)
            room.put32(block.delaySinceLastReport, at: at + 20)
            at += 24
        }
        return true
    }

    /// Who a stream belongs to (RFC 3550, 6.5.1): one chunk with one canonical name.
    @discardableResult
    public mutating func description(of ssrc: UInt32, cname: String) -> Bool {
        let name = Array(cname.utf8.prefix(255))
        let length = (4 + 4 + 2 + name.count + 1 + 3) & ~3
        guard let at = begin(202, 1, count: length) else { return false }
        room.put32(ssrc, at: at + 4)
        for index in (at + 8)..<(at + length) { room[index] = 0 }
        room[at + 8] = 1
        room[at + 9] = UInt8(name.count)
        for (index, byte) in name.enumerated() { room[at + 10 + index] = byte }
        return true
    }

    /// A stream has ended (RFC 3550, 6.6).
    @discardableResult
    public mutating func goodbye(_ ssrc: UInt32) -> Bool {
        guard let at = begin(203, 1, count: 8) else { return false }
        room.put32(ssrc, at: at + 4)
        return true
    }

    /// These are missing (RFC 4585, 6.2.1); in order, at most 128 items of them.
    @discardableResult
    public mutating func nack(from ssrc: UInt32, of media: UInt32, _ missing: ArraySlice<UInt16>) -> Bool {
        guard let start = begin(205, 1, count: 12) else { return false }
        room.put32(ssrc, at: start + 4)
        room.put32(media, at: start + 8)
        var rest = missing
        var items = 0
        while let first = rest.popFirst(), items < 128, count + 4 <= room.count {
            var mask: UInt16 = 0
            while let next = rest.first, next &- first >= 1, next &- first <= 16 {
                mask |= 1 << (next &- first &- 1)
                rest.removeFirst()
            }
            room.put16(first, at: count)
            room.put16(mask, at: count + 2)
            count += 4
            items += 1
        }
        room.put16(UInt16(truncatingIfNeeded: 2 + items), at: start + 2)
        guard items > 0 else {
            count = start
            return false
        }
        return true
    }

    /// A picture cannot be decoded (RFC 4585, 6.3.1).
    @discardableResult
    public mutating func pictureLoss(from ssrc: UInt32, of media: UInt32) -> Bool {
        guard let at = begin(206, 1, count: 12) else { return false }
        room.put32(ssrc, at: at + 4)
        room.put32(media, at: at + 8)
        return true
    }

    /// A key frame is wanted (RFC 5104, 4.3.1.1), for senders that know no PLI.
    @discardableResult
    public mutating func fullIntra(from ssrc: UInt32, of media: UInt32, number: UInt8) -> Bool {
        guard let at = begin(206, 4, count: 20) else { return false }
        room.put32(ssrc, at: at + 4)
        room.put32(0, at: at + 8)
        room.put32(media, at: at + 12)
        room.put32(UInt32(number) << 24, at: at + 16)
        return true
    }

    /// How much we believe the way can carry (draft-alvestrand-rmcat-remb-03), for at most 16 streams.
    @discardableResult
    public mutating func estimate(
        from ssrc: UInt32, bitsPerSecond: UInt64, of streams: ArraySlice<UInt32>
    ) -> Bool {
        let streams = streams.prefix(16)
        guard let at = begin(206, 15, count: 20 + streams.count * 4) else { return false }
        var mantissa = bitsPerSecond
        var exponent: UInt32 = 0
        while mantissa > 0x3FFFF {
            mantissa >>= 1
            exponent += 1
        }
        room.put32(ssrc, at: at + 4)
        room.put32(0, at: at + 8)
        room.put32(0x5245_4D42, at: at + 12)
        room.put32(UInt32(streams.count) << 24 | exponent << 18 | UInt32(mantissa), at: at + 16)
        for (index, stream) in streams.enumerated() { room.put32(stream, at: at + 20 + index * 4) }
        return true
    }

    /// When packets arrived; what `arrivals` has to say, as much as finds room. False when there is nothing to say.
    @discardableResult
    public mutating func transportFeedback(
        from ssrc: UInt32, of media: UInt32, _ arrivals: inout TransportArrivals
    ) -> Bool {
        let rest = UnsafeMutableRawBufferPointer(rebasing: room[count...])
        let written = arrivals.write(into: rest, from: ssrc, of: media)
        count += written
        return written > 0
    }
}

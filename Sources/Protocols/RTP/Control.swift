// SPDX-License-Identifier: Apache-2.0

/// One packet of a compound of RTCP (RFC 3550, 6.1), as a view of somebody else's memory.
public enum Control {
    /// What a sender says of its stream, and of what it receives (RFC 3550, 6.4.1).
    case senderReport(SenderReport, ReportBlocks)
    /// What a receiver says (RFC 3550, 6.4.2).
    case receiverReport(ReportBlocks)
    /// A stream has ended (RFC 3550, 6.6).
    case goodbye(ssrc: UInt32)
    /// Packets are missing (RFC 4585, 6.2.1).
    case nack(NackItems)
    /// A picture cannot be decoded any more (RFC 4585, 6.3.1).
    case pictureLoss(ssrc: UInt32)
    /// A key frame is wanted (RFC 5104, 4.3.1).
    case fullIntra(ssrc: UInt32, number: UInt8)
    /// How much the receiver believes the way can carry (draft-alvestrand-rmcat-remb-03).
    case estimate(bitsPerSecond: UInt64)
    /// When the transport's packets arrived.
    case transportFeedback(TransportFeedback)
    /// Something that nobody here needs.
    case other(kind: UInt8)
}

/// When a stream's clock said what (RFC 3550, 6.4.1).
public struct SenderReport: Hashable, Sendable {
    /// The stream.
    public var ssrc: UInt32
    /// Seconds and fractions since 1900, 32.32.
    public var ntp: UInt64
    /// The same instant on the stream's clock.
    public var timestamp: UInt32
    /// Packets sent so far.
    public var packetCount: UInt32
    /// Bytes of payload sent so far.
    public var byteCount: UInt32

    /// A report of these parts.
    public init(ssrc: UInt32, ntp: UInt64, timestamp: UInt32, packetCount: UInt32, byteCount: UInt32) {
        self.ssrc = ssrc
        self.ntp = ntp
        self.timestamp = timestamp
        self.packetCount = packetCount
        self.byteCount = byteCount
    }

    /// The middle 32 bits of a time, as report blocks name it.
    public static func middle(of ntp: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: ntp >> 16) }
}

/// What is said of one received stream (RFC 3550, 6.4.1).
public struct ReportBlock: Hashable, Sendable {
    /// The stream.
    public var ssrc: UInt32
    /// Lost since the last report, of 256.
    public var fractionLost: UInt8
    /// Lost since the beginning; duplicates make it less.
    public var cumulativeLost: Int32
    /// The highest number that came, with its wraps above it.
    public var highestSequence: UInt32
    /// In ticks of the stream's clock.
    public var jitter: UInt32
    /// The middle of the last sender report's time; 0 for none.
    public var lastReport: UInt32
    /// Since that came, in 1/65536 seconds.
    public var delaySinceLastReport: UInt32

    /// A block of these parts.
    public init(
        ssrc: UInt32, fractionLost: UInt8, cumulativeLost: Int32, highestSequence: UInt32, jitter: UInt32,
        lastReport: UInt32, delaySinceLastReport: UInt32
    ) {
        self.ssrc = ssrc
        self.fractionLost = fractionLost
        self.cumulativeLost = cumulativeLost
        self.highestSequence = highestSequence
        self.jitter = jitter
        self.lastReport = lastReport
        self.delaySinceLastReport = delaySinceLastReport
    }
}

/// The blocks of a report.
public struct ReportBlocks {
    let bytes: UnsafeRawBufferPointer
    /// How many there are.
    public let count: Int

    /// The block of this number, below `count`.
    public subscript(_ index: Int) -> ReportBlock {
        let at = index * 24
        let lost = Int32(bitPattern: bytes.word24(at + 5) << 8) >> 8
        return ReportBlock(
            ssrc: bytes.word32(at), fractionLost: bytes[at + 4], cumulativeLost: lost,
            highestSequence: bytes.word32(at + 8), jitter: bytes.word32(at + 12), lastReport: bytes.word32(at + 16),
            delaySinceLastReport: bytes.word32(at + 20))
    }
}

/// The packets that a NACK names.
public struct NackItems {
    /// The stream they are missing from.
    public let ssrc: UInt32
    let bytes: UnsafeRawBufferPointer

    /// Tells every missing number, in the packet's order (RFC 4585, 6.2.1: one number, and sixteen that follow it).
    public func forEach(_ tell: (UInt16) -> Void) {
        for at in stride(from: 0, to: bytes.count - 3, by: 4) {
            let first = bytes.word16(at)
            let mask = bytes.word16(at + 2)
            tell(first)
            for bit in 0..<16 where mask >> UInt16(bit) & 1 == 1 { tell(first &+ UInt16(bit) &+ 1) }
        }
    }
}

/// Reads a compound packet by packet; what is cut ends it.
public struct ControlReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    /// Whether something in it was no RTCP.
    public private(set) var isMalformed = false

    /// A reader of a whole datagram.
    public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next packet.
    public mutating func next() -> Control? {
        guard offset < bytes.count else { return nil }
        guard offset + 4 <= bytes.count, bytes[offset] >> 6 == 2 else { return end() }
        let length = (Int(bytes.word16(offset + 2)) + 1) * 4
        guard offset + length <= bytes.count else { return end() }
        var packet = bytes.part(offset..<(offset + length))
        let isLast = offset + length == bytes.count
        offset += length
        if packet[0] & 0x20 != 0 {
            let padding = Int(packet[length - 1])
            guard isLast, padding > 0, padding & 3 == 0, padding + 4 <= length else { return end() }
            packet = packet.part(0..<(length - padding))
        }
        return ControlReader.read(packet) ?? end()
    }

    private mutating func end() -> Control? {
        isMalformed = true
        offset = bytes.count
        return nil
    }

    private static func read(_ packet: UnsafeRawBufferPointer) -> Control? {
        let count = Int(packet[0] & 31)
        switch packet[1] {
        case 200:
            guard packet.count >= 28 + count * 24 else { return nil }
            let report = SenderReport(
                ssrc: packet.word32(4), ntp: packet.word64(8), timestamp: packet.word32(16),
                packetCount: packet.word32(20), byteCount: packet.word32(24))
            return .senderReport(report, ReportBlocks(bytes: packet.part(28..<packet.count), count: count))
        case 201:
            guard packet.count >= 8 + count * 24 else { return nil }
            return .receiverReport(ReportBlocks(bytes: packet.part(8..<packet.count), count: count))
        case 203:
            guard count > 0 else { return .other(kind: 203) }
            return packet.count >= 8 ? .goodbye(ssrc: packet.word32(4)) : nil
        case 205: return transport(packet, format: count)
        case 206: return payload(packet, format: count)
        default: return .other(kind: packet[1])
        }
    }

    private static func transport(_ packet: UnsafeRawBufferPointer, format: Int) -> Control? {
        guard packet.count >= 12 else { return nil }
        switch format {
        case 1:
            guard packet.count >= 16 else { return nil }
            return .nack(NackItems(ssrc: packet.word32(8), bytes: packet.part(12..<packet.count)))
        case 15: return TransportFeedback(packet).map { .transportFeedback($0) }
        default: return .other(kind: 205)
        }
    }

    private static func payload(_ packet: UnsafeRawBufferPointer, format: Int) -> Control? {
        guard packet.count >= 12 else { return nil }
        switch format {
        case 1: return .pictureLoss(ssrc: packet.word32(8))
        case 4:
            guard packet.count >= 20 else { return nil }
            return .fullIntra(ssrc: packet.word32(12), number: packet[16])
        case 15:
            // "REMB", a count, and a number of 6 bits of exponent and 18 of mantissa.
            guard packet.count >= 20, packet.word32(12) == 0x5245_4D42 else { return .other(kind: 206) }
            let number = packet.word24(17)
            return .estimate(bitsPerSecond: UInt64(number & 0x3FFFF) << min(UInt64(number >> 18), 40))
        default: return .other(kind: 206)
        }
    }
}

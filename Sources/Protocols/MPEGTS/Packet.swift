// SPDX-License-Identifier: Apache-2.0

/// One transport packet (2.4.3.2).
struct Packet {
    static let length = 188
    static let sync: UInt8 = 0x47
    static let null = 0x1FFF

    let pid: Int
    /// A PES packet or a section begins in it.
    let isStart: Bool
    let counter: UInt8
    let isScrambled: Bool
    /// The counter may jump here, and it is no loss (2.4.3.5).
    let isDiscontinuity: Bool
    /// Nil when it has none; the counter does not count then.
    let payload: ArraySlice<UInt8>?

    /// Reads 188 bytes that begin with the sync byte; nil when the packet is damaged or makes no sense.
    init?(_ bytes: ArraySlice<UInt8>) {
        let start = bytes.startIndex
        let (second, third, fourth) = (bytes[start + 1], bytes[start + 2], bytes[start + 3])
        guard second & 0x80 == 0 else { return nil }
        pid = Int(second & 0x1F) << 8 | Int(third)
        isStart = second & 0x40 != 0
        isScrambled = fourth & 0xC0 != 0
        counter = fourth & 0x0F
        var place = start + 4
        var jumps = false
        if fourth & 0x20 != 0 {
            let length = Int(bytes[place])
            guard length <= (fourth & 0x10 != 0 ? 182 : 183) else { return nil }
            if length > 0 { jumps = bytes[place + 1] & 0x80 != 0 }
            place += 1 + length
        }
        isDiscontinuity = jumps
        payload = fourth & 0x10 != 0 ? bytes[place...] : nil
    }
}

/// Finds where packets begin, in bytes that come in pieces of any size.
struct PacketFinder: Sendable {
    /// A packet begins where two more follow at their distance.
    private static let proof = 2 * Packet.length + 1

    private var bytes: ArraySlice<UInt8> = []
    private var isInStep = false
    private(set) var resyncs = 0
    private(set) var skippedBytes = 0
    private(set) var skippedInARow = 0

    mutating func push(_ more: ArraySlice<UInt8>) {
        if bytes.isEmpty { bytes = more } else { bytes.append(contentsOf: more) }
    }

    /// The next whole packet, or nil when more bytes are needed.
    mutating func next() -> ArraySlice<UInt8>? {
        if isInStep {
            guard bytes.count >= Packet.length else { return nil }
            if bytes[bytes.startIndex] == Packet.sync { return cut() }
            isInStep = false
            resyncs += 1
        }
        while bytes.count >= PacketFinder.proof {
            let start = bytes.startIndex
            if bytes[start] == Packet.sync, bytes[start + Packet.length] == Packet.sync,
                bytes[start + 2 * Packet.length] == Packet.sync
            {
                isInStep = true
                skippedInARow = 0
                return cut()
            }
            bytes = bytes.dropFirst()
            skippedBytes += 1
            skippedInARow += 1
        }
        return nil
    }

    private mutating func cut() -> ArraySlice<UInt8> {
        let packet = bytes.prefix(Packet.length)
        bytes = bytes.dropFirst(Packet.length)
        return packet
    }
}

/// Follows the continuity counter of one PID (2.4.3.3).
struct Continuity: Sendable {
    enum Step: Hashable { case next, duplicate, gap(packets: Int) }

    private var last: (counter: UInt8, tail: UInt64)?

    /// Where a packet with a payload stands. The same counter again is a duplicate when it ends in the same bytes.
    mutating func take(_ packet: Packet, _ payload: ArraySlice<UInt8>) -> Step {
        let tail = payload.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
        defer { last = (packet.counter, tail) }
        guard let last, !packet.isDiscontinuity else { return .next }
        if packet.counter == last.counter, tail == last.tail { return .duplicate }
        let missing = Int((packet.counter &- last.counter &- 1) & 0x0F)
        return missing == 0 ? .next : .gap(packets: missing)
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Media

/// When a transport's packets arrived, as the other end says (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1).
public struct TransportFeedback {
    let bytes: UnsafeRawBufferPointer
    /// The number of the first packet it speaks of.
    public let base: UInt16
    /// Of how many packets it speaks.
    public let count: Int
    /// The other end's clock, in units of 64 milliseconds, 24 bits that wrap.
    public let reference: UInt32
    /// The report's own number; it wraps.
    public let number: UInt8

    init?(_ packet: UnsafeRawBufferPointer) {
        guard packet.count >= 20 else { return nil }
        bytes = packet
        base = packet.word16(12)
        count = Int(packet.word16(14))
        reference = packet.word24(16)
        number = packet[19]
        guard count > 0, isWhole else { return nil }
    }

    /// Tells every packet in its order: its number, and when it arrived on the other end's clock, in microseconds since
    /// `reference`; nil when it did not.
    public func forEach(_ tell: (UInt16, Int64?) -> Void) {
        var arrival: Int64 = 0
        var deltas = deltaStart
        eachStatus { index, status in
            let number = base &+ UInt16(truncatingIfNeeded: index)
            switch status {
            case 1 where deltas + 1 <= bytes.count:
                arrival += Int64(bytes[deltas]) * 250
                deltas += 1
                tell(number, arrival)
            case 2 where deltas + 2 <= bytes.count:
                arrival += Int64(Int16(bitPattern: bytes.word16(deltas))) * 250
                deltas += 2
                tell(number, arrival)
            default: tell(number, nil)
            }
        }
    }

    /// Whether all statuses and all deltas are there.
    private var isWhole: Bool {
        guard deltaStart <= bytes.count else { return false }
        var needed = 0
        var seen = 0
        eachStatus { _, status in
            seen += 1
            needed += status == 1 ? 1 : status == 2 ? 2 : 0
        }
        return seen == count && deltaStart + needed <= bytes.count
    }

    /// Where the deltas begin: behind the chunks that cover all packets.
    private var deltaStart: Int {
        var covered = 0
        var offset = 20
        while covered < count, offset + 2 <= bytes.count {
            covered += TransportFeedback.covered(by: bytes.word16(offset))
            offset += 2
        }
        return covered >= count ? offset : bytes.count + 1
    }

    private static func covered(by chunk: UInt16) -> Int {
        chunk & 0x8000 == 0 ? Int(chunk & 0x1FFF) : chunk & 0x4000 == 0 ? 14 : 7
    }

    private func eachStatus(_ tell: (Int, UInt8) -> Void) {
        var index = 0
        var offset = 20
        while index < count, offset + 2 <= bytes.count {
            let chunk = bytes.word16(offset)
            offset += 2
            let covered = min(TransportFeedback.covered(by: chunk), count - index)
            for place in 0..<covered {
                let status: UInt8 =
                    if chunk & 0x8000 == 0 {
                        UInt8(truncatingIfNeeded: chunk >> 13 & 3)
                    } else if chunk & 0x4000 == 0 {
                        UInt8(truncatingIfNeeded: chunk >> UInt16(13 - place) & 1)
                    } else {
                        UInt8(truncatingIfNeeded: chunk >> UInt16(12 - 2 * place) & 3)
                    }
                tell(index + place, status)
            }
            index += covered
        }
    }
}

/// When a transport's packets came to us: kept until it is told, in a ring of fixed size.
public struct TransportArrivals: Sendable {
    /// Numbers that can wait to be told.
    private static let limit = 2_048
    /// One report speaks of at most so many: it fits in one packet whatever they were.
    private static let reportLimit = 400
    private var unroller = Unroller()
    private var ring: [Int64] = []
    /// The first number that was not told yet.
    private var next: Int64 = 0
    private var number: UInt8 = 0

    /// Nothing came yet.
    public init() {}

    /// Whether there is something to tell.
    public var isWaiting: Bool { unroller.highest.map { $0 >= next } ?? false }

    /// A packet of this number came. Duplicates and what was already told as missing count as they came.
    public mutating func note(_ sequence: UInt16, at now: Tick) {
        if ring.isEmpty { ring = [Int64](repeating: -1, count: Self.limit) }
        let isFirst = unroller.highest == nil
        let value = unroller.peek(sequence)
        if isFirst { next = value }
        guard value >= 0, value > (unroller.highest ?? value) - Int64(Self.limit) else { return }
        let old = unroller.highest ?? value
        // A jump by more than the ring holds is another beginning.
        if value - old >= Int64(Self.limit) {
            for index in ring.indices { ring[index] = -1 }
            next = value
        } else if value > old {
            for skipped in (old + 1)...value { ring[Int(skipped % Int64(Self.limit))] = -1 }
        }
        _ = unroller.unroll(sequence)
        let place = Int(value % Int64(Self.limit))
        if ring[place] < 0 { ring[place] = max(0, now.microseconds) }
        next = max(next, (unroller.highest ?? value) - Int64(Self.limit) + 1)
    }

    /// Writes one report; how long it is, 0 when there is nothing to say.
    mutating func write(into room: UnsafeMutableRawBufferPointer, from ssrc: UInt32, of media: UInt32) -> Int {
        guard let highest = unroller.highest, room.count >= 40 else { return 0 }
        while next <= highest, ring[Int(next % Int64(Self.limit))] < 0 { next += 1 }
        guard next <= highest else { return 0 }
        let base = next
        let budget = min(Self.reportLimit, (room.count - 24) * 4 / 10)
        let reference = ring[Int(base % Int64(Self.limit))] / 64_000
        var statuses: [UInt8] = []
        var deltas: [Int16] = []
        statuses.reserveCapacity(64)
        deltas.reserveCapacity(64)
        var last = reference * 256
        while next <= highest, statuses.count < budget {
            let arrival = ring[Int(next % Int64(Self.limit))]
            if arrival < 0 {
                statuses.append(0)
            } else {
                // In quarters of milliseconds; what is too far apart waits for a report of its own.
                let quarters = arrival / 250
                guard let delta = Int16(exactly: quarters - last) else { break }
                statuses.append(delta >= 0 && delta < 256 ? 1 : 2)
                deltas.append(delta)
                last = quarters
            }
            next += 1
        }
        while statuses.last == 0 {
            statuses.removeLast()
            next -= 1
        }
        number &+= 1
        room.put32(ssrc, at: 4)
        room.put32(media, at: 8)
        room.put16(UInt16(truncatingIfNeeded: base), at: 12)
        room.put16(UInt16(truncatingIfNeeded: statuses.count), at: 14)
        room.put24(UInt32(truncatingIfNeeded: reference) & 0xFF_FFFF, at: 16)
        room[19] = number &- 1
        return Self.finish(room, statuses, deltas)
    }

    private static func finish(_ room: UnsafeMutableRawBufferPointer, _ statuses: [UInt8], _ deltas: [Int16]) -> Int {
        var offset = 20
        var index = 0
        while index < statuses.count {
            let status = statuses[index]
            let run = statuses[index...].prefix { $0 == status }.count
            if run >= 7 || index + run == statuses.count {
                room.put16(UInt16(status) << 13 | UInt16(truncatingIfNeeded: run), at: offset)
                index += run
            } else {
                var chunk: UInt16 = 0xC000
                for place in 0..<7 where index + place < statuses.count {
                    chunk |= UInt16(statuses[index + place]) << UInt16(12 - 2 * place)
                }
                room.put16(chunk, at: offset)
                index += 7
            }
            offset += 2
        }
        for delta in deltas {
            if delta >= 0 && delta < 256 {
                room[offset] = UInt8(delta)
                offset += 1
            } else {
                room.put16(UInt16(bitPattern: delta), at: offset)
                offset += 2
            }
        }
        while offset & 3 != 0 {
            room[offset] = 0
            offset += 1
        }
        room[0] = 0x8F
        room[1] = 205
        room.put16(UInt16(truncatingIfNeeded: offset / 4 - 1), at: 2)
        return offset
    }
}

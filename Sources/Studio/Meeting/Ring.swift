// SPDX-License-Identifier: Apache-2.0
import Media
import RTP

/// The last packets of one stream, once for all its viewers: what is lost on anybody's way is sent again from here, and
/// who joins gets the pictures since the last key frame.
///
/// Bytes lie behind each other in one piece of memory that is written round and round. It uses no more of it than some
/// seconds of the stream take; the system gives a page when it is first touched.
final class Ring {
    private struct Entry {
        var sequence: Int64
        /// Where it was written, counted since the beginning.
        var position: Int64
        var offset: UInt32
        var length: UInt32
    }

    /// What is younger is not written over while there is room elsewhere.
    private static let keptMicroseconds: Int64 = 6_000_000
    private static let firstBytes = 1 << 18

    private let memory: UnsafeMutableRawBufferPointer
    private let entries: UnsafeMutableBufferPointer<Entry>
    private let mask: Int64
    /// So much of the memory is used now.
    private var size: Int
    private var head = 0
    private var written: Int64 = 0
    /// Where and when this round began, and before what nothing is whole any more.
    private var roundFrom: Int64 = 0
    private var roundAt: Tick?
    private var wholeFrom: Int64 = 0

    /// A ring of at most so many bytes and packets; the number of packets is a power of two.
    init(bytes: Int, packets: Int) {
        memory = .allocate(byteCount: bytes, alignment: 64)
        entries = .allocate(capacity: packets)
        entries.initialize(repeating: Entry(sequence: -1, position: 0, offset: 0, length: 0))
        mask = Int64(packets - 1)
        size = min(bytes, Ring.firstBytes)
    }

    deinit {
        memory.deallocate()
        entries.deallocate()
    }

    /// Keeps a packet under its unrolled number; where it lies now, nil when it cannot be kept.
    @discardableResult
    func keep(_ bytes: UnsafeRawBufferPointer, as sequence: Int64, at now: Tick) -> UnsafeRawBufferPointer? {
        let length = bytes.count
        guard sequence >= 0, length > 0, length <= size else { return nil }
        // A packet lies in one piece: what does not fit before the end goes on in more room, or begins anew.
        if head + length > size { turn(at: now) }
        if roundAt == nil { roundAt = now }
        let place = UnsafeMutableRawBufferPointer(rebasing: memory[head..<(head + length)])
        place.copyMemory(from: bytes)
        entries[Int(sequence & mask)] = Entry(
            sequence: sequence, position: written, offset: UInt32(truncatingIfNeeded: head),
            length: UInt32(truncatingIfNeeded: length))
        head += length
        written += Int64(length)
        return UnsafeRawBufferPointer(place)
    }

    private func turn(at now: Tick) {
        if size < memory.count, roundAt.map({ now - $0 < Ring.keptMicroseconds }) ?? false {
            size = min(size * 2, memory.count)
            // The rest of the round before lies where this one goes on.
            wholeFrom = roundFrom
            return
        }
        written += Int64(size - head)
        (head, roundFrom, roundAt) = (0, written, now)
    }

    /// The packet of this number, as long as it is here.
    func packet(_ sequence: Int64) -> UnsafeRawBufferPointer? {
        guard sequence >= 0 else { return nil }
        let entry = entries[Int(sequence & mask)]
        guard entry.sequence == sequence, entry.position >= wholeFrom, written - entry.position <= Int64(size) else {
            return nil
        }
        let at = Int(entry.offset)
        return UnsafeRawBufferPointer(rebasing: memory[at..<(at + Int(entry.length))])
    }

    /// Whether it is here.
    func has(_ sequence: Int64) -> Bool { packet(sequence) != nil }
}

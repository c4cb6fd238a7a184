// SPDX-License-Identifier: Apache-2.0
import RTP

/// The last packets of one stream, once for all its viewers: what is lost on anybody's way is sent again from here, and
/// who joins gets the pictures since the last key frame.
///
/// Bytes lie behind each other in one piece of memory that is written round and round; the system gives its pages when
/// they are first touched.
final class Ring {
    private struct Entry {
        var sequence: Int64
        /// Where it was written, counted since the beginning.
        var position: Int64
        var length: Int32
    }

    private let memory: UnsafeMutableRawBufferPointer
    private let entries: UnsafeMutableBufferPointer<Entry>
    private let mask: Int64
    private var written: Int64 = 0

    /// A ring of so many bytes and packets; the number of packets is a power of two.
    init(bytes: Int, packets: Int) {
        memory = .allocate(byteCount: bytes, alignment: 64)
        entries = .allocate(capacity: packets)
        entries.initialize(repeating: Entry(sequence: -1, position: 0, length: 0))
        mask = Int64(packets - 1)
    }

    deinit {
        memory.deallocate()
        entries.deallocate()
    }

    /// Keeps a packet under its unrolled number.
    func keep(_ bytes: UnsafeRawBufferPointer, as sequence: Int64) {
        let length = bytes.count
        guard sequence >= 0, length > 0, length <= memory.count else { return }
        var at = Int(written % Int64(memory.count))
        // A packet lies in one piece: what does not fit before the end begins anew.
        if at + length > memory.count {
            written += Int64(memory.count - at)
            at = 0
        }
        UnsafeMutableRawBufferPointer(rebasing: memory[at..<(at + length)]).copyMemory(from: bytes)
        entries[Int(sequence & mask)] = Entry(sequence: sequence, position: written, length: Int32(length))
        written += Int64(length)
    }

    /// The packet of this number, as long as it is here.
    func packet(_ sequence: Int64) -> UnsafeRawBufferPointer? {
        guard sequence >= 0 else { return nil }
        let entry = entries[Int(sequence & mask)]
        guard entry.sequence == sequence, written - entry.position <= Int64(memory.count) else { return nil }
        let at = Int(entry.position % Int64(memory.count))
        return UnsafeRawBufferPointer(rebasing: memory[at..<(at + Int(entry.length))])
    }

    /// Whether it is here.
    func has(_ sequence: Int64) -> Bool { packet(sequence) != nil }
}

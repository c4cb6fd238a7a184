// SPDX-License-Identifier: Apache-2.0

/// What a media thread is about to send: packets in memory that is reused, one copy for each viewer. When it is full it
/// is drained at once, so a packet for three hundred viewers passes through a cache's worth of memory.
///
/// One for each media thread; its meetings share it. Not Sendable: it never leaves its thread.
public final class Outbox {
    /// The largest packet that is written here; a seal and its index have room behind it.
    public static let packetLimit = 1_500
    @inlinable static var stride: Int { 1_600 }

    /// One packet to protect and send.
    public struct Letter {
        /// The number that the owner gave the seat's connection.
        public let line: UInt32
        /// Whether it is RTCP.
        public let isControl: Bool
        /// The packet; the owner protects it in place.
        public let bytes: UnsafeMutableRawBufferPointer
        /// How many bytes behind the packet belong to it too.
        public let room: Int

        @inlinable
        init(line: UInt32, isControl: Bool, bytes: UnsafeMutableRawBufferPointer, room: Int) {
            (self.line, self.isControl, self.bytes, self.room) = (line, isControl, bytes, room)
        }
    }

    @usableFromInline
    struct Entry {
        @usableFromInline var line: UInt32
        @usableFromInline var length: Int32
        @usableFromInline var isControl: Bool

        init(line: UInt32, length: Int32, isControl: Bool) {
            (self.line, self.length, self.isControl) = (line, length, isControl)
        }
    }

    @usableFromInline let memory: UnsafeMutableRawBufferPointer
    @usableFromInline let entries: UnsafeMutableBufferPointer<Entry>
    private let drain: (Outbox) -> Void
    /// Packets that wait.
    public private(set) var count = 0

    /// An outbox of so many packets. `drain` protects and sends all of them, and calls nothing of the meeting.
    public init(slots: Int = 64, drain: @escaping (Outbox) -> Void) {
        memory = .allocate(byteCount: max(1, slots) * Outbox.stride, alignment: 64)
        entries = .allocate(capacity: max(1, slots))
        entries.initialize(repeating: Entry(line: 0, length: 0, isControl: false))
        self.drain = drain
    }

    deinit {
        memory.deallocate()
        entries.deallocate()
    }

    /// The packet of this number, below `count`.
    @inlinable
    public func letter(_ index: Int) -> Letter {
        let entry = entries[index]
        let start = index * Outbox.stride
        let length = Int(entry.length)
        return Letter(
            line: entry.line, isControl: entry.isControl,
            bytes: UnsafeMutableRawBufferPointer(rebasing: memory[start..<(start + length)]),
            room: Outbox.stride - length)
    }

    /// Whose the packet of this number is, below `count`.
    @inlinable
    public func line(_ index: Int) -> UInt32 { entries[index].line }

    /// Has everything sent that waits.
    public func flush() {
        guard count > 0 else { return }
        drain(self)
        count = 0
    }

    /// Room for one packet.
    func room() -> UnsafeMutableRawBufferPointer {
        if count == entries.count { flush() }
        let start = count * Outbox.stride
        return UnsafeMutableRawBufferPointer(rebasing: memory[start..<(start + Outbox.packetLimit)])
    }

    /// The room that was given last is a packet of this length.
    func post(_ length: Int, to line: UInt32, isControl: Bool = false) {
        entries[count] = Entry(line: line, length: Int32(truncatingIfNeeded: length), isControl: isControl)
        count += 1
    }
}

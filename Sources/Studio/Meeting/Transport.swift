// SPDX-License-Identifier: Apache-2.0
import CFetch
import Media
import RTP

/// What changes with every packet that goes to a seat, next to each other.
struct Way: ~Copyable {
    var pacer = Pacer()
    /// What goes out.
    var rate = RateMeter()
    /// Bytes that were sent, all in all.
    var sentBytes: Int64 = 0
    var book = SentBook()
    var estimator: Estimator

    init(estimator: Estimator) { self.estimator = estimator }
}

/// The numbers of everything that goes to one seat, and when it went: what transport-wide feedback speaks of.
///
/// Eight bytes for each packet: every viewer has a book, and most of what a viewer costs in memory would be in it.
struct SentBook: ~Copyable {
    /// One packet that went out.
    struct Sent {
        var at: Tick
        var bytes: Int32
        var cluster: Int32
    }

    private struct Entry {
        /// The low 32 bits of the microseconds: they wrap after an hour, and nothing here is older than a minute.
        var at: UInt32
        /// 0 when it was spoken of, or never was.
        var bytes: UInt16
        /// Modulo 2^16; few probes are under way at once.
        var cluster: UInt16
    }

    private static let first = 256
    private static let limit = 4_096
    private var ring = UnsafeMutablePointer<Entry>.allocate(capacity: 0)
    /// A power of two; 0 before the first packet.
    private var capacity = 0
    private(set) var next: Int64 = 1
    private var newestCluster: Int32 = 0
    private var lastAt = Tick(microseconds: 0)

    /// A packet goes out; its number. The book grows while it forgets what nobody has spoken of.
    mutating func note(bytes: Int, cluster: Int32, at now: Tick) -> UInt16 {
        if capacity == 0 { grow(to: SentBook.first) }
        var place = Int(next) & (capacity - 1)
        if ring[place].bytes != 0, capacity < SentBook.limit, isYoung(ring[place], at: now) {
            grow(to: capacity * 2)
            place = Int(next) & (capacity - 1)
        }
        ring[place] = Entry(
            at: UInt32(truncatingIfNeeded: now.microseconds), bytes: UInt16(clamping: max(1, bytes)),
            cluster: UInt16(truncatingIfNeeded: cluster))
        newestCluster = max(newestCluster, cluster)
        lastAt = now
        defer { next += 1 }
        return UInt16(truncatingIfNeeded: next)
    }

    /// The next packet is soon to be written down.
    @inline(__always)
    func fetch() { cs_fetch(ring + (Int(next) & max(0, capacity - 1)), MemoryLayout<Entry>.size) }

    private static let nothing = Entry(at: 0, bytes: 0, cluster: 0)

    /// Whether somebody may still speak of it: two seconds is a long way.
    private func isYoung(_ entry: Entry, at now: Tick) -> Bool {
        UInt32(truncatingIfNeeded: now.microseconds) &- entry.at < 2_000_000
    }

    private mutating func grow(to count: Int) {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: count)
        larger.initialize(repeating: SentBook.nothing, count: count)
        for number in max(1, next - Int64(capacity))..<next {
            larger[Int(number) & (count - 1)] = ring[Int(number) & (capacity - 1)]
        }
        ring.deallocate()
        (ring, capacity) = (larger, count)
    }

    deinit { ring.deallocate() }

    /// The packet of this number, once: what was spoken of is not spoken of again unless it had been missing.
    mutating func take(_ number: UInt16, arrived: Bool) -> Sent? {
        guard capacity > 0 else { return nil }
        let value = next + Int64(Int16(truncatingIfNeeded: Int64(number) - next))
        guard value >= 1, value < next, value >= next - Int64(capacity) else { return nil }
        let place = Int(value) & (capacity - 1)
        let entry = ring[place]
        guard entry.bytes != 0 else { return nil }
        if arrived { ring[place].bytes = 0 }
        let ago = UInt32(truncatingIfNeeded: lastAt.microseconds) &- entry.at
        let older = UInt16(truncatingIfNeeded: newestCluster) &- entry.cluster
        return Sent(
            at: Tick(microseconds: lastAt.microseconds - Int64(ago)), bytes: Int32(entry.bytes),
            cluster: entry.cluster == 0 ? 0 : newestCluster - Int32(older))
    }
}

/// Spreads what goes to one seat over time: no faster than its way is believed to carry, and some more. What it is given
/// leaves: when much waits it hurries, because what is not sent is a hole in the viewer's numbers.
struct Pacer {
    /// A packet that waits: where it is, and what numbers it will have.
    struct Waiting {
        let slot: Slot
        let layer: Layer
        let sequence: Int64
        let placement: Rewriter.Placement
        let bytes: Int32
        let isRepair: Bool
        let since: Tick
    }

    /// What went out since it was idle may be ahead by so much. More fills a narrow way, which then looks narrower.
    private static let burstMicroseconds: Int64 = 15_000
    /// So long a packet waits at most; what waits is let go as fast as that takes.
    static let patience: Int64 = 1_200_000
    /// What waited longer is of no use: nobody has asked us for so long.
    static let ageLimit: Int64 = 3_000_000
    static let countLimit = 4_096
    /// More room than this is given back when nothing waits.
    private static let keptCapacity = 32

    private var queue: ContiguousArray<Waiting> = []
    private var head = 0
    private var budget: Int64 = 0
    private var filledAt: Tick?
    /// Bits in a second.
    var rate: Int64 = 2_500_000
    private(set) var waitingBytes: Int64 = 0

    /// Packets that wait.
    private(set) var count = 0
    var isEmpty: Bool { count == 0 }

    /// As fast as was said, or as fast as it takes for the oldest packet not to wait too long.
    private func speed(at now: Tick) -> Int64 {
        guard head < queue.count else { return rate }
        let left = max(100_000, Pacer.patience - (now - queue[head].since))
        return max(rate, waitingBytes * 8_000_000 / left)
    }

    private mutating func fill(at now: Tick) {
        let speed = speed(at: now)
        let most = max(1_500 * 4, speed * Pacer.burstMicroseconds / 8_000_000)
        if let last = filledAt {
            budget = min(most, budget + max(0, min(now - last, 1_000_000)) * speed / 8_000_000)
        } else {
            budget = most
        }
        filledAt = now
    }

    /// Whether a packet may go at once.
    mutating func mayGo(at now: Tick) -> Bool {
        guard isEmpty else { return false }
        if budget > 0, filledAt == now { return true }
        fill(at: now)
        return budget > 0
    }

    /// A packet went out.
    mutating func spend(_ bytes: Int) { budget -= Int64(bytes) }

    /// A packet must wait. False when there is no room: then it is lost.
    mutating func wait(_ waiting: Waiting) -> Bool {
        guard count < Pacer.countLimit else { return false }
        queue.append(waiting)
        count += 1
        waitingBytes += Int64(waiting.bytes)
        return true
    }

    /// The next one that may go now.
    mutating func due(at now: Tick) -> Waiting? {
        fill(at: now)
        while head < queue.count {
            let first = queue[head]
            guard budget > 0 || now - first.since > Pacer.ageLimit else { return nil }
            head += 1
            count -= 1
            waitingBytes -= Int64(first.bytes)
            if head == queue.count {
                queue.removeAll(keepingCapacity: queue.capacity <= Pacer.keptCapacity)
                head = 0
            } else if head >= 256 {
                queue.removeFirst(head)
                head = 0
            }
            if now - first.since <= Pacer.ageLimit { return first }
        }
        return nil
    }

    /// Forgets what waits of a slot: it shows something else.
    mutating func forget(_ slot: Slot) {
        guard !isEmpty else { return }
        queue.removeFirst(head)
        head = 0
        queue.removeAll { $0.slot === slot }
        count = queue.count
        waitingBytes = queue.reduce(0) { $0 + Int64($1.bytes) }
    }
}

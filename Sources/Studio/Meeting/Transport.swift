// SPDX-License-Identifier: Apache-2.0
import Media
import RTP

/// The numbers of everything that goes to one seat, and when it went: what transport-wide feedback speaks of.
struct SentBook {
    /// One packet that went out.
    struct Sent {
        var at: Tick
        var bytes: Int32
        var cluster: Int32
        var isTold: Bool
    }

    private static let limit: Int64 = 1_024
    private var ring: ContiguousArray<Sent> = []
    private(set) var next: Int64 = 1
    /// Bytes that were sent and not spoken of yet.
    private(set) var inFlight: Int64 = 0

    /// A packet goes out; its number.
    mutating func note(bytes: Int, cluster: Int, at now: Tick) -> UInt16 {
        if ring.isEmpty {
            let nothing = Sent(at: now, bytes: 0, cluster: 0, isTold: true)
            ring = ContiguousArray(repeating: nothing, count: Int(SentBook.limit))
        }
        let place = Int(next % SentBook.limit)
        if !ring[place].isTold { inFlight -= Int64(ring[place].bytes) }
        ring[place] = Sent(at: now, bytes: Int32(bytes), cluster: Int32(cluster), isTold: false)
        inFlight += Int64(bytes)
        defer { next += 1 }
        return UInt16(truncatingIfNeeded: next)
    }

    /// The packet of this number, once: what was spoken of is not spoken of again unless it had been missing.
    mutating func take(_ number: UInt16, arrived: Bool) -> Sent? {
        guard !ring.isEmpty else { return nil }
        let value = next + Int64(Int16(truncatingIfNeeded: Int64(number) - next))
        guard value >= 1, value < next, value >= next - SentBook.limit else { return nil }
        let place = Int(value % SentBook.limit)
        guard !ring[place].isTold else { return nil }
        if arrived {
            ring[place].isTold = true
            inFlight -= Int64(ring[place].bytes)
        }
        return ring[place]
    }
}

/// Spreads what goes to one seat over time: never faster than twice and a half what its way is believed to carry.
struct Pacer {
    /// A packet that waits: where it is, and what numbers it will have.
    struct Waiting {
        let slot: Slot
        let layer: Layer
        let sequence: Int64
        let placement: Rewriter.Placement
        let isRepair: Bool
        let since: Tick
    }

    /// What went out since it was idle may be ahead by so much.
    private static let burstMicroseconds: Int64 = 15_000
    /// What waited longer is of no use.
    static let ageLimit: Int64 = 2_000_000
    static let countLimit = 2_048

    private var queue: ContiguousArray<Waiting> = []
    private var head = 0
    private var budget: Int64 = 0
    private var filledAt: Tick?
    /// Bits in a second.
    var rate: Int64 = 2_500_000
    private(set) var waitingBytes: Int64 = 0

    var isEmpty: Bool { head == queue.count }
    var count: Int { queue.count - head }

    private mutating func fill(at now: Tick) {
        let most = max(1_500 * 4, rate * Pacer.burstMicroseconds / 8_000_000)
        if let last = filledAt {
            budget = min(most, budget + max(0, min(now - last, 1_000_000)) * rate / 8_000_000)
        } else {
            budget = most
        }
        filledAt = now
    }

    /// Whether a packet may go at once.
    mutating func mayGo(at now: Tick) -> Bool {
        guard isEmpty else { return false }
        fill(at: now)
        return budget > 0
    }

    /// A packet went out.
    mutating func spend(_ bytes: Int) { budget -= Int64(bytes) }

    /// A packet must wait. False when there is no room: then it is lost.
    mutating func wait(_ waiting: Waiting, bytes: Int) -> Bool {
        guard count < Pacer.countLimit else { return false }
        queue.append(waiting)
        waitingBytes += Int64(bytes)
        return true
    }

    /// The next one that may go now.
    mutating func due(at now: Tick) -> Waiting? {
        fill(at: now)
        while head < queue.count {
            let first = queue[head]
            guard budget > 0 || now - first.since > Pacer.ageLimit else { return nil }
            head += 1
            if head == queue.count {
                queue.removeAll(keepingCapacity: queue.capacity <= 256)
                head = 0
            } else if head >= 256 {
                queue.removeFirst(head)
                head = 0
            }
            if now - first.since <= Pacer.ageLimit { return first }
        }
        waitingBytes = 0
        return nil
    }

    /// A waiting packet left.
    mutating func left(_ bytes: Int) { waitingBytes = isEmpty ? 0 : max(0, waitingBytes - Int64(bytes)) }

    /// Forgets what waits of a slot: it shows something else.
    mutating func forget(_ slot: Slot) {
        queue.removeFirst(head)
        head = 0
        queue.removeAll { $0.slot === slot }
        if isEmpty { waitingBytes = 0 }
    }

    /// Bits in a second that may be padding now: the budget that nobody uses.
    var spare: Int64 { budget }
}

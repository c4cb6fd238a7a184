// SPDX-License-Identifier: Apache-2.0

/// What is known of each source (SSRC) of one direction: the highest index and which of the last ones were used
/// (RFC 3711 section 3.3). The list of used ones is a ring of bits (RFC 6479), so that nothing is ever shifted.
struct SRTPSources: ~Copyable {
    /// A ring has so many words of 64 bits; all but one of them can be told apart from what is too old.
    private let words: Int
    private let limit: Int
    private var capacity = 0
    private(set) var count = 0
    private var last = 0
    private var ssrcs: UnsafeMutablePointer<UInt32>
    private var highest: UnsafeMutablePointer<UInt64>
    private var used: UnsafeMutablePointer<UInt64>

    /// At most `limit` sources, each with a list of `(words - 1) * 64` packets.
    init(words: Int, limit: Int) {
        (self.words, self.limit) = (words, limit)
        (ssrcs, highest, used) = (.allocate(capacity: 0), .allocate(capacity: 0), .allocate(capacity: 0))
    }

    deinit {
        ssrcs.deallocate()
        highest.deallocate()
        used.deallocate()
    }

    /// Where a source stands; nil for one that was never heard of.
    @inline(__always)
    mutating func find(_ ssrc: UInt32) -> Int? {
        if last < count, ssrcs[last] == ssrc { return last }
        for place in 0..<count where ssrcs[place] == ssrc {
            last = place
            return place
        }
        return nil
    }

    /// The index that a sequence number most likely means (RFC 3711 section 3.3.1); nil when it would be before the first.
    @inline(__always)
    func index(of sequence: UInt16, at place: Int?) -> UInt64? {
        guard let place else { return UInt64(sequence) }
        let rollovers = highest[place] >> 16
        let newest = Int32(highest[place] & 0xFFFF)
        let distance = Int32(sequence) - newest
        if newest < 32_768, distance > 32_768 {
            return rollovers == 0 ? nil : (rollovers - 1) << 16 | UInt64(sequence)
        }
        let isNext = newest >= 32_768 && distance < -32_768
        return (isNext ? rollovers + 1 : rollovers) << 16 | UInt64(sequence)
    }

    /// Whether an index is new for its source. What is too old to tell is not.
    @inline(__always)
    func isNew(_ index: UInt64, at place: Int?) -> Bool {
        guard let place else { return true }
        if index > highest[place] { return true }
        guard highest[place] - index < UInt64((words - 1) * 64) else { return false }
        let word = Int(index >> 6) & (words - 1)
        return used[place * words + word] & (1 << (index & 63)) == 0
    }

    /// An index was used. False when it is that of a new source and there are too many.
    @inline(__always)
    mutating func use(_ index: UInt64, of ssrc: UInt32, at place: Int?) -> Bool {
        guard let place else { return begin(ssrc, index) }
        let ring = used + place * words
        if index > highest[place] {
            // Words that were passed by since are those of packets not seen yet.
            let passed = min(Int(index >> 6 - highest[place] >> 6), words)
            var word = Int(highest[place] >> 6)
            for _ in 0..<passed {
                word = (word + 1) & (words - 1)
                ring[word] = 0
            }
            highest[place] = index
        }
        ring[Int(index >> 6) & (words - 1)] |= 1 << (index & 63)
        return true
    }

    private mutating func begin(_ ssrc: UInt32, _ index: UInt64) -> Bool {
        guard count < limit else { return false }
        if count == capacity { grow() }
        ssrcs[count] = ssrc
        highest[count] = index
        (used + count * words).initialize(repeating: 0, count: words)
        used[count * words + Int(index >> 6) & (words - 1)] |= 1 << (index & 63)
        last = count
        count += 1
        return true
    }

    private mutating func grow() {
        capacity = max(2, 2 * capacity)
        ssrcs = Self.moved(ssrcs, count, into: capacity)
        highest = Self.moved(highest, count, into: capacity)
        used = Self.moved(used, count * words, into: capacity * words)
    }

    private static func moved<Value: BitwiseCopyable>(
        _ old: UnsafeMutablePointer<Value>, _ count: Int, into capacity: Int
    ) -> UnsafeMutablePointer<Value> {
        let new = UnsafeMutablePointer<Value>.allocate(capacity: capacity)
        new.moveInitialize(from: old, count: count)
        old.deallocate()
        return new
    }
}

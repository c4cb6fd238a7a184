// SPDX-License-Identifier: Apache-2.0
import CFetch

/// What is known of each source (SSRC) of one direction: the highest index and which of the last ones were used
/// (RFC 3711 section 3.3). The list of used ones is a ring of bits (RFC 6479), so that nothing is ever shifted.
///
/// All of a source lies together: its SSRC, its highest index, its list. A packet touches one line of memory, or two.
struct SRTPSources: ~Copyable {
    /// A ring has so many words of 64 bits; all but one of them can be told apart from what is too old.
    private let words: Int
    private let limit: Int
    private var capacity = 0
    private(set) var count = 0
    private var last = 0
    private var sources = UnsafeMutablePointer<UInt64>.allocate(capacity: 0)

    /// At most `limit` sources, each with a list of `(words - 1) * 64` packets.
    init(words: Int, limit: Int) { (self.words, self.limit) = (words, limit) }

    deinit { sources.deallocate() }

    /// The same in memory of its own, until `free`.
    static func alone(words: Int, limit: Int) -> UnsafeMutablePointer<SRTPSources> {
        let place = UnsafeMutablePointer<SRTPSources>.allocate(capacity: 1)
        place.initialize(to: SRTPSources(words: words, limit: limit))
        return place
    }

    static func free(_ place: UnsafeMutablePointer<SRTPSources>) {
        place.deinitialize(count: 1)
        place.deallocate()
    }

    /// Where a source is: its SSRC there, its highest index one further, its list behind.
    @inline(__always)
    private func source(_ place: Int) -> UnsafeMutablePointer<UInt64> { sources + place * (words + 2) }

    /// The source that was last found is wanted again soon.
    @inline(__always)
    func fetch() { cs_fetch(source(last), (words + 2) * 8) }

    /// Where a source stands; nil for one that was never heard of.
    @inline(__always)
    mutating func find(_ ssrc: UInt32) -> Int? {
        if last < count, source(last)[0] == UInt64(ssrc) { return last }
        for place in 0..<count where source(place)[0] == UInt64(ssrc) {
            last = place
            return place
        }
        return nil
    }

    /// The index that a sequence number most likely means (RFC 3711 section 3.3.1); nil when it would be before the first.
    @inline(__always)
    func index(of sequence: UInt16, at place: Int?) -> UInt64? {
        guard let place else { return UInt64(sequence) }
        let highest = source(place)[1]
        let rollovers = highest >> 16
        let newest = Int32(highest & 0xFFFF)
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
        let (highest, used) = (source(place)[1], source(place) + 2)
        if index > highest { return true }
        guard highest - index < UInt64((words - 1) * 64) else { return false }
        return used[Int(index >> 6) & (words - 1)] & (1 << (index & 63)) == 0
    }

    /// An index was used. False when it is that of a new source and there are too many.
    @inline(__always)
    mutating func use(_ index: UInt64, of ssrc: UInt32, at place: Int?) -> Bool {
        guard let place else { return begin(ssrc, index) }
        let (highest, used) = (source(place)[1], source(place) + 2)
        if index > highest {
            // Words that were passed by since are those of packets not seen yet.
            let passed = min(Int(index >> 6 - highest >> 6), words)
            var word = Int(highest >> 6)
            for _ in 0..<passed {
                word = (word + 1) & (words - 1)
                used[word] = 0
            }
            source(place)[1] = index
        }
        used[Int(index >> 6) & (words - 1)] |= 1 << (index & 63)
        return true
    }

    private mutating func begin(_ ssrc: UInt32, _ index: UInt64) -> Bool {
        guard count < limit else { return false }
        if count == capacity { grow() }
        let new = source(count)
        new.initialize(repeating: 0, count: words + 2)
        (new[0], new[1]) = (UInt64(ssrc), index)
        new[2 + Int(index >> 6) & (words - 1)] |= 1 << (index & 63)
        last = count
        count += 1
        return true
    }

    private mutating func grow() {
        capacity = max(2, 2 * capacity)
        let more = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity * (words + 2))
        more.moveInitialize(from: sources, count: count * (words + 2))
        sources.deallocate()
        sources = more
    }
}

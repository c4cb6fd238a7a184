// SPDX-License-Identifier: Apache-2.0
import Media
import RTP

/// Packets of one incoming stream that did not come, and when to ask for them (RFC 4585, 6.2.1).
struct Missing {
    private struct Gap {
        var sequence: Int64
        var since: Tick
        var askedAt: Tick?
        var tries: UInt8
    }

    /// A stream with more holes than this is better begun anew.
    static let limit = 256
    /// What is a little out of order comes by itself.
    static let patienceMicroseconds: Int64 = 10_000
    private static let tryLimit = 10

    private var gaps: [Gap] = []
    /// How long an answer takes, from what was repaired; RFC 8888's default of a hundred milliseconds at first.
    private(set) var roundTrip: Int64 = 100_000
    /// Packets that were never repaired.
    private(set) var lostForGood: Int64 = 0

    var isEmpty: Bool { gaps.isEmpty }

    init() { gaps.reserveCapacity(32) }

    /// The numbers between the last and this one did not come. False when they are too many to be asked for.
    mutating func note(from first: Int64, to last: Int64, at now: Tick) -> Bool {
        guard last - first < Int64(Missing.limit), gaps.count + Int(last - first) < Missing.limit else {
            lostForGood += last - first + 1
            forget()
            return false
        }
        for sequence in first...last { gaps.append(Gap(sequence: sequence, since: now, askedAt: nil, tries: 0)) }
        return true
    }

    /// It came after all. Whether it had been missing.
    mutating func came(_ sequence: Int64, at now: Tick) -> Bool {
        guard let index = gaps.firstIndex(where: { $0.sequence == sequence }) else { return false }
        if let asked = gaps[index].askedAt, gaps[index].tries == 1 {
            let took = min(max(now - asked, 1_000), 1_000_000)
            roundTrip += (took - roundTrip) / 4
        }
        gaps.remove(at: index)
        return true
    }

    /// All of them are given up: a key frame will come.
    mutating func forget() {
        lostForGood += Int64(gaps.count)
        gaps.removeAll(keepingCapacity: true)
    }

    /// What to ask for now, in order. What is older than `ageLimit` is given up; `true` says that something was.
    mutating func due(at now: Tick, ageLimit: Int64, newest: Int64, into list: inout [UInt16]) -> Bool {
        let before = gaps.count
        gaps.removeAll { now - $0.since > ageLimit || $0.tries >= UInt8(Missing.tryLimit) }
        lostForGood += Int64(before - gaps.count)
        let pause = max(20_000, roundTrip + roundTrip / 4)
        for index in gaps.indices {
            let gap = gaps[index]
            if let asked = gap.askedAt {
                guard now - asked >= pause else { continue }
            } else {
                guard now - gap.since >= Missing.patienceMicroseconds || newest - gap.sequence >= 3 else { continue }
            }
            gaps[index].askedAt = now
            gaps[index].tries += 1
            list.append(UInt16(truncatingIfNeeded: gap.sequence))
        }
        return gaps.count < before
    }
}

/// What a receiver tells a sender of one stream (RFC 3550, 6.4.1 and A.3, A.8).
struct Reception {
    private var first: Int64?
    private(set) var received: Int64 = 0
    private var expectedBefore: Int64 = 0
    private var receivedBefore: Int64 = 0
    private var transit: Int64?
    private var jitter: Int64 = 0
    /// The middle of the last sender report, and when it came.
    var lastReport: (middle: UInt32, at: Tick)?

    /// A packet came; the timestamp is in ticks of `clockRate`.
    mutating func note(_ sequence: Int64, timestamp: UInt32, clockRate: UInt32, at now: Tick) {
        if first == nil { first = sequence }
        received += 1
        let arrival = now.microseconds / 1000 * Int64(clockRate) / 1000
        let transit = arrival - Int64(timestamp)
        if let before = self.transit {
            let difference = abs(Int64(Int32(truncatingIfNeeded: transit - before)))
            jitter += (min(difference, Int64(clockRate) * 8) * 16 - jitter) / 16
        }
        self.transit = transit
    }

    /// The block for now; the next one counts from here.
    mutating func block(ssrc: UInt32, highest: Int64, at now: Tick) -> ReportBlock {
        let expected = highest - (first ?? highest) + 1
        let expectedNow = expected - expectedBefore
        let lostNow = expectedNow - (received - receivedBefore)
        expectedBefore = expected
        receivedBefore = received
        let fraction = expectedNow <= 0 || lostNow <= 0 ? 0 : min(255, lostNow * 256 / expectedNow)
        let delay = lastReport.map { min(max(0, now - $0.at), 60_000_000) * 65_536 / 1_000_000 } ?? 0
        return ReportBlock(
            ssrc: ssrc, fractionLost: UInt8(fraction), cumulativeLost: Int32(clamping: expected - received),
            highestSequence: UInt32(truncatingIfNeeded: highest), jitter: UInt32(truncatingIfNeeded: jitter / 16),
            lastReport: lastReport?.middle ?? 0, delaySinceLastReport: UInt32(truncatingIfNeeded: delay))
    }
}

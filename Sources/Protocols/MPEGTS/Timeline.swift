// SPDX-License-Identifier: Apache-2.0

/// A time of 33 bits, in ticks of 90 kHz (2.4.3.7).
struct Stamp: Hashable, Sendable {
    static let bits: Int64 = 33

    let ticks: Int64

    init(_ ticks: Int64) { self.ticks = ticks & ((1 << Stamp.bits) - 1) }

    /// How many ticks from `other` to this, by the shorter way round.
    func since(_ other: Stamp) -> Int64 {
        let step = Stamp(ticks &- other.ticks).ticks
        return step >= 1 << (Stamp.bits - 1) ? step - (1 << Stamp.bits) : step
    }
}

/// Unrolls a program's 33-bit times and notices when they jump.
///
/// Every stream is measured against its own last time, because a multiplexer may send a picture long before its sound.
/// More than a second backwards or ten seconds forwards is a new beginning for all. While one stream has jumped and
/// the others have not, what still carries the old time is a straggler and is left out.
struct Timeline: Sendable {
    enum Place: Hashable {
        case at(ticks: Int64)
        /// A new beginning, at this unrolled time; `by` is how many ticks the sender's clock jumped.
        case jump(ticks: Int64, by: Int64)
        case straggler
    }

    private struct Mark {
        var stamp: Stamp
        var unrolled: Int64
        /// How many jumps there were before.
        var beginning: Int
    }

    private static let near = Int64(-90_000)...Int64(900_000)

    private var marks: [Int: Mark] = [:]
    private var latest: Mark?
    private var stragglers = 0

    /// Places a time of the stream with this PID.
    mutating func place(_ stamp: Stamp, of pid: Int) -> Place {
        guard let latest else { return .at(ticks: begin(stamp, of: pid, 0)) }
        let own = marks[pid]
        if let own, own.beginning == latest.beginning {
            let step = stamp.since(own.stamp)
            return Timeline.near.contains(step)
                ? .at(ticks: follow(own, step, stamp, of: pid)) : jump(stamp, of: pid, by: step, latest.beginning)
        }
        let step = stamp.since(latest.stamp)
        if let own, stragglers < 100 {
            let ownStep = stamp.since(own.stamp)
            if Timeline.near.contains(ownStep), abs(ownStep) <= abs(step) {
                stragglers += 1
                marks[pid]?.stamp = stamp
                return .straggler
            }
        }
        // Another's jump is followed, and a new stream begins, as far behind as it may be ahead.
        if abs(step) <= Timeline.near.upperBound { return .at(ticks: follow(latest, step, stamp, of: pid)) }
        return jump(stamp, of: pid, by: stamp.since(own?.stamp ?? latest.stamp), latest.beginning)
    }

    private mutating func follow(_ before: Mark, _ step: Int64, _ stamp: Stamp, of pid: Int) -> Int64 {
        let mark = Mark(stamp: stamp, unrolled: before.unrolled + step, beginning: before.beginning)
        if marks[pid]?.beginning != mark.beginning || step > 0 { marks[pid] = mark }
        if let latest, mark.unrolled > latest.unrolled { self.latest = mark }
        return mark.unrolled
    }

    private mutating func jump(_ stamp: Stamp, of pid: Int, by: Int64, _ beginning: Int) -> Place {
        stragglers = 0
        // Counting begins anew, so that no number of jumps can make the time overflow.
        return .jump(ticks: begin(stamp, of: pid, beginning + 1), by: by)
    }

    private mutating func begin(_ stamp: Stamp, of pid: Int, _ beginning: Int) -> Int64 {
        let mark = Mark(stamp: stamp, unrolled: stamp.ticks, beginning: beginning)
        marks[pid] = mark
        latest = mark
        return mark.unrolled
    }
}

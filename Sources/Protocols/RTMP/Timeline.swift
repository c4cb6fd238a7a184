// SPDX-License-Identifier: Apache-2.0

/// Unrolls a publisher's 32-bit times (RFC 1982 in spirit) and notices when they jump.
///
/// Audio and video share one clock but run on two chunk streams, so each may be a little behind the other. More than
/// a second backwards or ten seconds forwards is a new beginning. While one track has jumped and the others have
/// not, what still carries the old time is a straggler and is left out.
struct Timeline: Sendable {
    enum Place: Hashable {
        case at(milliseconds: Int64)
        /// A new beginning, at this unrolled time; `by` is how far the sender's clock jumped.
        case jump(milliseconds: Int64, by: Int64)
        case straggler
    }

    static let backwards: Int32 = -1_000
    static let forwards: Int32 = 10_000

    private var last: (raw: UInt32, unrolled: Int64)?
    private var before: UInt32?
    private var stragglers = 0

    mutating func place(_ raw: UInt32) -> Place {
        guard let last else {
            self.last = (raw, Int64(raw))
            return .at(milliseconds: Int64(raw))
        }
        let step = Int32(bitPattern: raw &- last.raw)
        let unrolled = last.unrolled &+ Int64(step)
        if Timeline.isNear(step) {
            if step > 0 { self.last = (raw, unrolled) }
            return .at(milliseconds: unrolled)
        }
        if let before, stragglers < 100, Timeline.isNear(Int32(bitPattern: raw &- before)) {
            stragglers += 1
            return .straggler
        }
        before = last.raw
        stragglers = 0
        // Counting begins anew, so that no number of jumps can make the time overflow.
        self.last = (raw, Int64(raw))
        return .jump(milliseconds: Int64(raw), by: Int64(step))
    }

    private static func isNear(_ step: Int32) -> Bool { (backwards...forwards).contains(step) }
}

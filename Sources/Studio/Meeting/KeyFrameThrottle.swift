// SPDX-License-Identifier: Apache-2.0
import Media

/// When a key frame may be asked for. One costs what several pictures cost, and the sender pays with everybody's quality:
/// the more are asked for, the longer is the pause between them.
struct KeyFrameThrottle {
    private static let shortest: Int64 = 500_000
    private static let longest: Int64 = 4_000_000
    private var askedAt: Tick?
    private var cameAt: Tick?
    private var pause = shortest
    /// Somebody waits for one.
    private(set) var isWanted = false
    /// How many were asked for.
    private(set) var count = 0

    /// Somebody needs one.
    mutating func want() { isWanted = true }

    /// One came.
    mutating func came(at now: Tick) {
        isWanted = false
        cameAt = now
    }

    /// Since when there was none, neither asked for nor come; nil when there never was.
    func quiet(at now: Tick) -> Int64? {
        guard let last = [askedAt, cameAt].compactMap({ $0 }).max() else { return nil }
        return now - last
    }

    /// Whether one shall be asked for now; asking is noted.
    mutating func isDue(at now: Tick, roundTrip: Int64) -> Bool {
        guard isWanted else { return false }
        if let asked = askedAt {
            let since = now - asked
            guard let came = cameAt, came >= asked else {
                // One that was asked for and did not come is asked for again after a round trip and a half.
                guard since >= max(300_000, roundTrip * 3 / 2) else { return false }
                askedAt = now
                count += 1
                return true
            }
            guard since >= pause else { return false }
            if since > KeyFrameThrottle.longest * 2 {
                pause = KeyFrameThrottle.shortest
            } else if since < pause * 2 {
                pause = min(pause * 2, KeyFrameThrottle.longest)
            } else {
                pause = max(KeyFrameThrottle.shortest, pause / 2)
            }
        }
        askedAt = now
        count += 1
        return true
    }
}

// SPDX-License-Identifier: Apache-2.0

import Desk

/// Slows down who tries too often (signing in, filing requests): so many tries per name within a stretch of time.
actor Throttle {
    private var tries: [String: [Moment]] = [:]
    /// The names that are remembered at most; beyond it the whole memory is dropped rather than grow without bound.
    private let longestMemory = 10_000

    /// Counts a try.
    ///
    /// - Returns: false when `name` has had its `limit` of tries within `length`.
    func allows(_ name: String, limit: Int, within length: Length, at now: Moment) -> Bool {
        if tries.count > longestMemory { tries = tries.filter { ($0.value.last ?? now) > now - length } }
        if tries.count > longestMemory { tries = [:] }
        var recent = tries[name, default: []].filter { $0 > now - length }
        guard recent.count < limit else { return false }
        recent.append(now)
        tries[name] = recent
        return true
    }

    /// Forgets the tries of a name, after it got in.
    func forget(_ name: String) { tries[name] = nil }
}

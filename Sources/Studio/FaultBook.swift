// SPDX-License-Identifier: Apache-2.0
import Media

/// The faults of the last half minute, each code once.
struct FaultBook: Sendable {
    static let memoryMilliseconds: Int64 = 30_000
    /// These last until they are cleared: the publisher's absence until it returns, a helper's until it works.
    private static let lasting: Set<String> = ["publisher-away", "no-sound", "ladder-down", "restream-down"]
    private var told: [(fault: Fault, at: Instant)] = []

    /// Answers whether it is news.
    mutating func note(_ fault: Fault, at now: Instant) -> Bool {
        let known = told.firstIndex { $0.fault.code == fault.code }
        if let known { told.remove(at: known) }
        told.append((fault, now))
        return known == nil
    }

    mutating func clear(_ code: String) { told.removeAll { $0.fault.code == code } }

    mutating func forget(at now: Instant) {
        told.removeAll {
            !FaultBook.lasting.contains($0.fault.code)
                && now.milliseconds - $0.at.milliseconds > FaultBook.memoryMilliseconds
        }
    }

    var faults: [Fault] { told.map(\.fault) }
}

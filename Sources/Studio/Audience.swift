// SPDX-License-Identifier: Apache-2.0
public import Media

/// Who is watching: a viewer is a token that fetched a part or a segment within the last three target durations.
/// Reloading a playlist makes nobody a viewer.
public struct Audience: Sendable {
    /// More tokens than this are not remembered, so that inventing them costs memory once.
    public static let mostTokens = 200_000

    private var seen: [UInt64: Instant] = [:]
    private var countedAt: Instant?
    private var viewerMilliseconds: Int64 = 0
    /// How long a viewer counts after its last fetch.
    public var patienceMilliseconds: Int64 = 6_000
    /// The highest count so far.
    public private(set) var peak = 0
    /// The last count.
    public private(set) var count = 0

    /// Nobody.
    public init() {}

    /// What all viewers have watched together, in whole minutes.
    public var viewerMinutes: Int64 { viewerMilliseconds / 60_000 }

    /// A token fetched media at `instant`.
    public mutating func note(_ token: UInt64, at instant: Instant) {
        if let known = seen[token] {
            if known < instant { seen[token] = instant }
        } else if seen.count < Audience.mostTokens {
            seen[token] = instant
        }
    }

    /// Counts who is there now, and adds the time since the last count to the viewers' minutes.
    public mutating func tally(at now: Instant) {
        if let countedAt, countedAt < now {
            viewerMilliseconds += Int64(count) * (now.milliseconds - countedAt.milliseconds)
        }
        countedAt = now
        let oldest = now.milliseconds - patienceMilliseconds
        seen = seen.filter { $0.value.milliseconds > oldest }
        count = seen.count
        peak = max(peak, count)
    }
}

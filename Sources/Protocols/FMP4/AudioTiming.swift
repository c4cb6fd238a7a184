// SPDX-License-Identifier: Apache-2.0

/// Counts a sound's samples, which is more exact than the milliseconds that come with them, and follows the
/// milliseconds only when the count has drifted from them by more than fifty.
public struct AudioTiming: Hashable, Sendable {
    /// Where a frame stands.
    public enum Place: Hashable, Sendable {
        /// Here, in samples.
        case at(Int64)
        /// Here, and so many samples are missing before it.
        case afterGap(Int64, missing: Int64)
        /// The sound is ahead of its clock: this frame is left out.
        case leftOut
    }

    /// Drift that is put up with, in milliseconds.
    public static let patienceMilliseconds: Int64 = 50

    private let rate: Int64
    private var next: Int64?

    /// A sound of so many samples per second.
    public init(rate: Int) { self.rate = Int64(rate) }

    /// Places a frame of `samples` samples that was said to come at `microseconds` from the stream's beginning.
    public mutating func place(microseconds: Int64, samples: Int) -> Place {
        let said = (microseconds * rate + 500_000) / 1_000_000
        guard let awaited = next else {
            next = said + Int64(samples)
            return .at(said)
        }
        let patience = AudioTiming.patienceMilliseconds * rate / 1000
        if said - awaited > patience {
            next = said + Int64(samples)
            return .afterGap(said, missing: said - awaited)
        }
        if awaited - said > patience { return .leftOut }
        next = awaited + Int64(samples)
        return .at(awaited)
    }
}

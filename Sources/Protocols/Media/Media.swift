// SPDX-License-Identifier: Apache-2.0

// Media: what every protocol of the studio has in common: tracks, coded frames, and instants. Nothing here reads a byte.

/// An instant of a clock that never runs backwards, in whole milliseconds since some moment that does not matter.
public struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since the clock's own beginning.
    public var milliseconds: Int64

    /// The instant `milliseconds` after the clock's own beginning.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whether `left` is the earlier one.
    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// The instant so much later.
    public func later(by milliseconds: Int64) -> Instant {
        Instant(milliseconds: self.milliseconds &+ milliseconds)
    }
}

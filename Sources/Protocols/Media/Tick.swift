// SPDX-License-Identifier: Apache-2.0

/// An instant of the same clock as `Instant`, in whole microseconds: packets are counted by it.
public struct Tick: Hashable, Comparable, Sendable {
    /// Microseconds since the clock's own beginning.
    public var microseconds: Int64

    /// The instant `microseconds` after the clock's own beginning.
    @inlinable
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The instant `milliseconds` after the clock's own beginning.
    @inlinable
    public init(milliseconds: Int64) { microseconds = milliseconds &* 1000 }

    /// Whether `left` is the earlier one.
    @inlinable
    public static func < (left: Tick, right: Tick) -> Bool { left.microseconds < right.microseconds }

    /// Microseconds from `right` to `left`.
    @inlinable
    public static func - (left: Tick, right: Tick) -> Int64 { left.microseconds &- right.microseconds }

    /// The instant so many microseconds later.
    @inlinable
    public func later(by microseconds: Int64) -> Tick { Tick(microseconds: self.microseconds &+ microseconds) }

    /// The instant so many milliseconds later.
    @inlinable
    public func later(byMilliseconds milliseconds: Int64) -> Tick { later(by: milliseconds &* 1000) }
}

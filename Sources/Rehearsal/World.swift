// SPDX-License-Identifier: Apache-2.0
public import Desk

/// A clock that stands still until it is told to move, and never goes back.
public struct StoppedClock: Sendable {
    public private(set) var now: Moment

    public init(at now: Moment) { self.now = now }

    /// Moves on to a moment; an earlier one leaves the clock where it is.
    public mutating func step(to moment: Moment) { now = max(now, moment) }
    public mutating func step(by length: Length) { step(to: now + length) }
}

/// A world with a stopped clock that always steps to the earliest wake, so that a month passes as fast as it is told.
///
/// `Wake` is whatever somebody wants to be reminded of. Two wakes of one moment come in the order in which they were set.
public struct World<Wake: Sendable>: Sendable {
    public private(set) var clock: StoppedClock
    private var agenda: [(at: Moment, order: Int, wake: Wake)] = []
    private var order = 0

    public init(at now: Moment) { clock = StoppedClock(at: now) }

    public var now: Moment { clock.now }
    /// When the earliest wake is set; nil when nothing is awaited.
    public var nextWake: Moment? { agenda.first?.at }

    /// Sets a wake. One that lies in the past comes at once.
    public mutating func wake(at moment: Moment, _ wake: Wake) {
        order += 1
        let place = agenda.firstIndex { $0.at > moment } ?? agenda.endIndex
        agenda.insert((moment, order, wake), at: place)
    }

    /// Steps to the earliest wake and hands it out; nil when nothing is awaited, or nothing before `limit`.
    public mutating func next(until limit: Moment? = nil) -> Wake? {
        guard let first = agenda.first else { return nil }
        if let limit, first.at > limit {
            clock.step(to: limit)
            return nil
        }
        agenda.removeFirst()
        clock.step(to: first.at)
        return first.wake
    }

    /// Moves on without waking anybody, as an outage does.
    public mutating func sleep(until moment: Moment) { clock.step(to: moment) }
}

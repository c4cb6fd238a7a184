// SPDX-License-Identifier: Apache-2.0
public import Media

/// Brings the pictures that an encoder beside us makes back to the publisher's own clock, to the microsecond.
///
/// The encoder counts in ticks of 1/90000 s from a beginning of its own and knows presentation times alone. Each of
/// its pictures is one of the publisher's, and gets that one's time. It makes no pictures that wait for others, so its
/// decode times are the presentation times less what the publisher's key frames wait: they begin where the
/// publisher's begin.
public struct RungClock: Sendable {
    /// So much is before everything, so that nothing is before the beginning.
    private static let beginning: Int64 = 10_000_000
    /// So long a picture may take to come back.
    private static let memoryTicks: Int64 = 30 * 90_000

    private let base: Int64
    private var sent: [(ticks: Int64, presentation: Int64, wait: Int64)] = []
    private var wait: Int64
    /// The presentation time that was sent last and the one that came back last, in microseconds of the publisher.
    private var newest: Int64
    private var returned: Int64?

    /// A clock that begins with this key frame.
    public init(_ first: Sample) {
        base = first.microseconds - RungClock.beginning
        wait = first.compositionMicroseconds
        newest = first.microseconds
    }

    /// When the encoder is to be told that this picture is presented, in microseconds.
    public mutating func send(_ sample: Sample) -> Int64 {
        if sample.isKey { wait = sample.compositionMicroseconds }
        let presentation = sample.microseconds + sample.compositionMicroseconds
        newest = max(newest, presentation)
        let time = presentation - base
        let ticks = RungClock.ticks(time)
        sent.append((ticks, presentation, wait))
        if let first = sent.first, ticks - first.ticks > 2 * RungClock.memoryTicks {
            sent.removeAll { ticks - $0.ticks > RungClock.memoryTicks }
        }
        return time
    }

    /// The publisher's decode time and composition time of a picture that came back; nil when none was sent for that
    /// time, or too long ago.
    public mutating func receive(_ microseconds: Int64) -> (microseconds: Int64, composition: Int64)? {
        let ticks = RungClock.ticks(microseconds)
        guard let found = sent.last(where: { $0.ticks == ticks }) else { return nil }
        returned = max(returned ?? found.presentation, found.presentation)
        return (found.presentation - found.wait, found.wait)
    }

    /// How far the encoder is behind; nil before anything came back.
    public var lagMilliseconds: Int64? { returned.map { (newest - $0) / 1_000 } }

    /// Rounded: both sides round to a microsecond, and a tick is eleven.
    private static func ticks(_ microseconds: Int64) -> Int64 { (microseconds * 9 + 50) / 100 }
}

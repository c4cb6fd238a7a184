// SPDX-License-Identifier: Apache-2.0
public import HLS
import Media

/// What is known of a broadcast at one moment.
public struct Figures: Hashable, Sendable {
    /// When its first publisher was let in.
    public var opened: WallTime?
    /// When its last publisher left, if it did not return in time.
    public var ended: WallTime?
    /// Whether a publisher is sending.
    public var isReceiving = false
    /// How many are watching.
    public var viewers = 0
    /// The most there were.
    public var peak = 0
    /// What they have watched together, in whole minutes.
    public var viewerMinutes: Int64 = 0
    /// How often a publisher broke off and returned.
    public var interruptions = 0
    /// How many publishers were refused.
    public var refused = 0
    /// What comes in, in bits per second; 0 while it is not known.
    public var bitsPerSecond: Int64 = 0
    /// Pictures per second, in thousandths; 0 while it is not known.
    public var milliPictures: Int64 = 0
    /// How far the last two key frames were apart.
    public var keyFrameMilliseconds: Int64?
    /// All media bytes that came.
    public var bytes: Int64 = 0
    /// What is wrong now: told within the last half minute, or still so.
    public var faults: [Fault] = []
}

/// The faults of the last half minute, each code once.
struct FaultBook: Sendable {
    static let memoryMilliseconds: Int64 = 30_000
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
        // The publisher's absence lasts until it returns.
        told.removeAll {
            $0.fault != .publisherAway && now.milliseconds - $0.at.milliseconds > FaultBook.memoryMilliseconds
        }
    }

    var faults: [Fault] { told.map(\.fault) }
}

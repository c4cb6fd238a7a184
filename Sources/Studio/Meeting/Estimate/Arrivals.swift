// SPDX-License-Identifier: Apache-2.0
import Media

/// One packet of which the other end has spoken.
struct Told {
    /// When it was sent, on our clock.
    var sent: Int64
    /// When it arrived, on the other end's clock; nil when it was lost. Microseconds, both.
    var arrived: Int64?
    var bytes: Int64
    /// The probe it belonged to; 0 for none.
    var cluster: Int32
}

/// Packets that were sent together, and what one group's delay is more than the last's
/// (draft-ietf-rmcat-gcc-02, 5.2: pre-filtering).
struct ArrivalGroups {
    private struct Group {
        var firstSent: Int64
        var sent: Int64
        var firstArrived: Int64
        var arrived: Int64
    }

    private static let groupMicroseconds: Int64 = 5_000
    private var current: Group?
    private var previous: Group?

    /// Two groups, one behind the other.
    struct Delta {
        /// Microseconds between their last sendings, and between their last arrivals.
        var sent: Int64
        var arrived: Int64
        var at: Int64
    }

    mutating func take(sent: Int64, arrived: Int64) -> Delta? {
        guard var group = current else {
            current = Group(firstSent: sent, sent: sent, firstArrived: arrived, arrived: arrived)
            return nil
        }
        // What was sent earlier than the group began came out of order, and says nothing.
        guard sent >= group.firstSent else { return nil }
        let isBurst =
            sent - group.firstSent <= ArrivalGroups.groupMicroseconds
            || (arrived - group.arrived <= ArrivalGroups.groupMicroseconds && arrived - group.firstArrived < 100_000
                && (arrived - group.arrived) - (sent - group.sent) < 0)
        if isBurst {
            group.sent = max(group.sent, sent)
            group.arrived = max(group.arrived, arrived)
            current = group
            return nil
        }
        var delta: Delta?
        if let before = previous {
            let arrivedDelta = group.arrived - before.arrived
            // The other end's clock jumped: begin anew.
            if arrivedDelta < 0 || arrivedDelta > 3_000_000 {
                previous = nil
                current = Group(firstSent: sent, sent: sent, firstArrived: arrived, arrived: arrived)
                return nil
            }
            delta = Delta(sent: group.sent - before.sent, arrived: arrivedDelta, at: group.arrived)
        }
        previous = group
        current = Group(firstSent: sent, sent: sent, firstArrived: arrived, arrived: arrived)
        return delta
    }
}

/// Whether the way fills up: the slope of the delay over the last groups, against a threshold that adapts
/// (draft-ietf-rmcat-gcc-02, 5.3 and 5.4, with a line instead of the Kalman filter).
struct Trendline {
    enum Usage: Hashable { case normal, over, under }

    private static let window = 20
    private static let smoothing = 0.9
    private static let gain = 4.0

    private var points: [(time: Double, delay: Double)] = []
    private var accumulated = 0.0
    private var smoothed = 0.0
    private var count = 0
    private var begin: Int64?
    private var threshold = 12.5
    private var thresholdAt: Double?
    private var overSince: Double?
    private var overCount = 0
    private var lastTrend = 0.0
    private(set) var usage = Usage.normal

    mutating func take(_ delta: ArrivalGroups.Delta) {
        let start = begin ?? delta.at
        begin = start
        let time = Double(delta.at - start) / 1_000
        count = min(count + 1, 1_000)
        accumulated += Double(delta.arrived - delta.sent) / 1_000
        smoothed = Trendline.smoothing * smoothed + (1 - Trendline.smoothing) * accumulated
        points.append((time, smoothed))
        if points.count > Trendline.window { points.removeFirst() }
        let slope = points.count == Trendline.window ? fit() : lastTrend
        let trend = Double(min(count, 60)) * slope * Trendline.gain
        judge(trend, slope, at: time, step: Double(delta.sent) / 1_000)
        lastTrend = slope
    }

    /// Least squares.
    private func fit() -> Double {
        let number = Double(points.count)
        let meanTime = points.reduce(0) { $0 + $1.time } / number
        let meanDelay = points.reduce(0) { $0 + $1.delay } / number
        var over = 0.0
        var under = 0.0
        for point in points {
            over += (point.time - meanTime) * (point.delay - meanDelay)
            under += (point.time - meanTime) * (point.time - meanTime)
        }
        return under > 0 ? over / under : 0
    }

    private mutating func judge(_ trend: Double, _ slope: Double, at time: Double, step: Double) {
        if trend > threshold {
            overSince = (overSince ?? -step / 2) + step
            overCount += 1
            if let since = overSince, since > 10, overCount > 1, slope >= lastTrend {
                overSince = 0
                overCount = 0
                usage = .over
            }
        } else {
            overSince = nil
            overCount = 0
            usage = trend < -threshold ? .under : .normal
        }
        adapt(trend, at: time)
    }

    private mutating func adapt(_ trend: Double, at time: Double) {
        let last = thresholdAt ?? time
        thresholdAt = time
        let size = abs(trend)
        // A single spike teaches nothing (GCC, 5.4).
        guard size <= threshold + 15 else { return }
        let speed = size < threshold ? 0.039 : 0.0087
        threshold += speed * (size - threshold) * min(time - last, 100)
        threshold = min(max(threshold, 6), 600)
    }
}

/// What arrives, in bits in a second, over the last half second of the other end's clock.
struct Throughput {
    private static let window: Int64 = 500_000
    private var arrivals: [(at: Int64, bytes: Int64)] = []
    private var head = 0
    private var sum: Int64 = 0

    mutating func take(arrived: Int64, bytes: Int64) {
        arrivals.append((arrived, bytes))
        sum += bytes
        // Who says that everything came at once does not fill our memory.
        while head < arrivals.count, arrivals[head].at < arrived - Throughput.window || arrivals.count - head > 4_096 {
            sum -= arrivals[head].bytes
            head += 1
        }
        if head >= 64, head * 2 >= arrivals.count {
            arrivals.removeFirst(head)
            head = 0
        }
    }

    /// Nil before a tenth of a second was seen.
    var bitsPerSecond: Int64? { rate(over: Throughput.window, least: 1, span: 100_000) }

    /// Of the last moments only: what a way carries that has just filled up.
    var latest: Int64? { rate(over: 40_000, least: 12, span: 20_000) }

    private func rate(over window: Int64, least: Int, span minimum: Int64) -> Int64? {
        guard head < arrivals.count, let last = arrivals.last else { return nil }
        var bytes: Int64 = 0
        var index = arrivals.count - 1
        while index > head, last.at - arrivals[index].at < window || arrivals.count - 1 - index < least {
            bytes += arrivals[index].bytes
            index -= 1
        }
        let span = last.at - arrivals[index].at
        guard span >= minimum else { return nil }
        return bytes * 8 * 1_000_000 / span
    }
}

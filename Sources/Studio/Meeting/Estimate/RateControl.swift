// SPDX-License-Identifier: Apache-2.0

/// Up gently, down at once (draft-ietf-rmcat-gcc-02, 5.5): what the way carries, by its delay.
struct RateControl {
    private enum State { case hold, increase, decrease }

    private(set) var rate: Int64
    private var state = State.increase
    private var changedAt: Int64?
    private(set) var decreasedAt: Int64?
    /// What arrived when the way was last full, and how much that varies.
    private var capacity: (mean: Double, deviation: Double)?

    init(_ rate: Int64) { self.rate = rate }

    /// A probe, or somebody's word, says so much.
    mutating func set(_ rate: Int64, at now: Int64) {
        self.rate = min(rate, Estimator.ceiling)
        changedAt = now
        if let known = capacity, Double(rate) > known.mean + 3 * known.deviation { capacity = nil }
    }

    mutating func take(
        _ usage: Trendline.Usage, throughput: Int64?, latest: Int64?, sending: Int64, roundTrip: Int64,
        isApplicationLimited: Bool, at now: Int64
    ) {
        switch (usage, state) {
        case (.over, _): state = .decrease
        case (.under, _): state = .hold
        case (.normal, .hold), (.normal, .decrease): state = .increase
        case (.normal, .increase): break
        }
        let last = changedAt ?? now
        changedAt = now
        switch state {
        case .hold: break
        case .increase:
            increase(
                throughput, roundTrip, isApplicationLimited, seconds: Double(min(now - last, 1_000_000)) / 1_000_000)
        case .decrease:
            decrease(latest ?? throughput, sending, roundTrip, at: now)
            state = .hold
        }
    }

    private mutating func increase(
        _ throughput: Int64?, _ roundTrip: Int64, _ isApplicationLimited: Bool, seconds: Double
    ) {
        if let known = capacity, let throughput, Double(throughput) > known.mean + 3 * known.deviation {
            capacity = nil
        }
        var next: Double
        if capacity != nil {
            // Near what it carried: about one packet more for each answer.
            let answers = 1_000_000 / Double(roundTrip + 100_000)
            let packet = max(8 * 600, min(Double(rate) / 30, 8 * 1_200))
            next = Double(rate) + max(4_000, packet * answers) * seconds
        } else {
            var factor = 1.0
            for _ in 0..<Int((seconds * 10).rounded()) { factor *= 1.008 }
            next = max(Double(rate) * factor, Double(rate) + 1_000 * seconds)
        }
        // What nobody tried is not believed in: one and a half times what arrived.
        if let throughput {
            let most = 1.5 * Double(throughput) + 10_000
            if next > most { next = max(Double(rate), isApplicationLimited ? Double(rate) : most) }
        }
        // What arrived in time is carried, whatever was believed.
        if let throughput { next = max(next, Double(throughput) * 0.95) }
        rate = Int64(min(next, Double(Estimator.ceiling)))
    }

    private mutating func decrease(_ throughput: Int64?, _ sending: Int64, _ roundTrip: Int64, at now: Int64) {
        // Once for each answer: what was sent before says nothing of what is sent now.
        let arrived = throughput ?? rate / 2
        // All that is sent arrives: a burst of ours, a key frame or a probe, has filled the way for a moment. What arrives
        // falls behind: the way has become narrower.
        let isBurst = arrived * 10 >= sending * 6
        if let last = decreasedAt, now - last < max(isBurst ? 300_000 : 100_000, roundTrip) { return }
        if let known = capacity, Double(arrived) < known.mean - 3 * known.deviation { capacity = nil }
        let sample = Double(arrived)
        if let known = capacity {
            let mean = known.mean * 0.95 + sample * 0.05
            let error = abs(sample - mean) / max(1, mean)
            capacity = (mean, max(mean * 0.05, known.deviation * 0.9 + error * mean * 0.1))
        } else {
            capacity = (sample, sample * 0.08)
        }
        rate = isBurst ? max(rate * 9 / 10, min(rate, Int64(0.85 * sample))) : min(rate, Int64(0.85 * sample))
        decreasedAt = now
    }
}

/// What the way carries by what is lost (draft-ietf-rmcat-gcc-02, 6): loss that does not follow from our rate, as on the
/// air, is borne up to a tenth.
struct LossControl {
    private(set) var rate: Int64
    private var expected = 0
    private var lost = 0
    private var judgedAt: Int64?
    private var decreasedAt: Int64?
    /// Of what was sent lately, lost, in thousandths.
    private(set) var perMille = 0

    init(_ rate: Int64) { self.rate = rate }

    mutating func set(_ rate: Int64) { self.rate = rate }

    mutating func take(expected: Int, lost: Int, target: Int64, throughput: Int64?, roundTrip: Int64, at now: Int64) {
        self.expected += expected
        self.lost += lost
        guard self.expected >= 20, now - (judgedAt ?? 0) >= 200_000 else { return }
        judgedAt = now
        let fraction = Double(self.lost) / Double(self.expected)
        self.expected = 0
        self.lost = 0
        perMille = (perMille * 3 + Int(fraction * 1_000)) / 4
        if fraction < 0.02 {
            rate = min(max(rate, target) * 21 / 20 + 1_000, Estimator.ceiling)
        } else if fraction > 0.10, now - (decreasedAt ?? -1_000_000) >= 300_000 + roundTrip {
            let base = min(rate, target)
            // Never below what came through: that much it carries.
            rate = max(Int64(Double(base) * (1 - 0.5 * fraction)), (throughput ?? 0) * 8 / 10)
            decreasedAt = now
        }
    }
}

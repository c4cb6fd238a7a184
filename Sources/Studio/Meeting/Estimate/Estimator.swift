// SPDX-License-Identifier: Apache-2.0
import Media
import RTP

/// What the way to one viewer carries, in bits in a second: by the delay of what arrives, by what is lost, and by probes.
/// Pure: it is told what was sent and what the other end says of it.
struct Estimator {
    /// Below this nothing useful goes; above it nobody's picture is better.
    static let floor: Int64 = 50_000
    static let ceiling: Int64 = 30_000_000

    private var groups = ArrivalGroups()
    private var trend = Trendline()
    private var delay: RateControl
    private var loss: LossControl
    private var throughput = Throughput()
    private var prober = Prober()
    private var remote: Int64?
    private var reference: Int64?
    private var hasFeedback = false
    private(set) var roundTrip: Int64 = 100_000
    private(set) var hasRoundTrip = false
    /// The estimate.
    private(set) var target: Int64

    /// An estimate to begin with; a probe soon finds a better one.
    init(start: Int64 = 300_000) {
        target = start
        delay = RateControl(start)
        loss = LossControl(Estimator.ceiling)
    }

    /// Thousandths of what was sent lately that were lost.
    var lossPerMille: Int { loss.perMille }
    /// What arrives, as the other end says.
    var arriving: Int64? { throughput.bitsPerSecond }
    /// Whether the way has just filled up.
    var isFull: Bool { trend.usage == .over }
    /// Whether the way has shown lately that it carries no more: what it is believed to carry was measured, not guessed.
    func isNarrow(at now: Tick) -> Bool {
        let isFresh = delay.decreasedAt.map { now.microseconds - $0 < 30_000_000 } ?? false
        return hasFeedback && (isFresh || loss.perMille > 100)
    }
    /// The probe that is being sent.
    var probe: Probe? { prober.sending }
    /// Its number; 0 without one.
    var probeCluster: Int32 { prober.sendingCluster }

    /// A round trip was measured.
    mutating func note(roundTrip microseconds: Int64) {
        let sample = min(max(microseconds, 1_000), 5_000_000)
        roundTrip = hasRoundTrip ? roundTrip + (sample - roundTrip) / 8 : sample
        hasRoundTrip = true
    }

    /// Transport-wide feedback came; `book` knows what was sent.
    mutating func take(
        _ feedback: TransportFeedback, book: inout SentBook, sending: Int64, wanted: Int64, at now: Tick
    ) {
        let base = unroll(feedback.reference) * 64_000
        var told: [Told] = []
        told.reserveCapacity(feedback.count)
        feedback.forEach { number, arrival in
            guard let sent = book.take(number, arrived: arrival != nil) else { return }
            told.append(
                Told(
                    sent: sent.at.microseconds, arrived: arrival.map { base + $0 }, bytes: Int64(sent.bytes),
                    cluster: sent.cluster))
        }
        take(told, sending: sending, wanted: wanted, at: now)
    }

    /// The other end told of packets, in the order in which they were sent.
    mutating func take(_ told: [Told], sending: Int64, wanted: Int64, at now: Tick) {
        guard !told.isEmpty else { return }
        hasFeedback = true
        var found: Int64?
        var lost = 0
        for one in told {
            guard let arrived = one.arrived else {
                lost += 1
                continue
            }
            throughput.take(arrived: arrived, bytes: one.bytes)
            if let delta = groups.take(sent: one.sent, arrived: arrived) { trend.take(delta) }
            if one.cluster > 0, let rate = prober.arrived(one, at: arrived, wanted: wanted) { found = rate }
        }
        if let newest = told.last(where: { $0.arrived != nil }) {
            // A feedback comes some time after the arrival, so this is a round trip at the most.
            if !hasRoundTrip { roundTrip = min(max(now.microseconds - newest.sent, 1_000), 1_000_000) }
        }
        let arriving = throughput.bitsPerSecond
        let isApplicationLimited = sending * 100 < target * 65
        delay.take(
            trend.usage, throughput: arriving, latest: throughput.latest, sending: sending, roundTrip: roundTrip,
            isApplicationLimited: isApplicationLimited, at: now.microseconds)
        loss.take(
            expected: told.count, lost: lost, target: target, throughput: arriving, roundTrip: roundTrip,
            at: now.microseconds)
        // If the probe itself has filled the way, it has found what that carries.
        if let found { believe(found, at: now) }
        settle()
    }

    /// A probe is believed when it says more; when it says less, only what has proved itself is kept.
    private mutating func believe(_ found: Int64, at now: Tick) {
        let least = (throughput.bitsPerSecond ?? 0) * 85 / 100
        guard found > delay.rate || found * 2 < delay.rate else { return }
        let rate = max(found, least)
        delay.set(rate, at: now.microseconds)
        if loss.rate < rate, loss.perMille < 100 { loss.set(rate) }
    }

    /// A viewer without transport-wide feedback says what it believes (REMB).
    mutating func take(remote bitsPerSecond: UInt64, at now: Tick) {
        remote = Int64(clamping: bitsPerSecond)
        if !hasFeedback { delay.set(Int64(clamping: bitsPerSecond), at: now.microseconds) }
        settle()
    }

    /// A receiver report's loss, for a viewer without transport-wide feedback.
    mutating func take(expected: Int, lost: Int, at now: Tick) {
        guard !hasFeedback else { return }
        loss.take(
            expected: expected, lost: lost, target: target, throughput: nil, roundTrip: roundTrip, at: now.microseconds)
        settle()
    }

    private mutating func settle() {
        var rate = delay.rate
        rate = min(rate, loss.rate)
        if let remote, !hasFeedback { rate = min(rate, remote) }
        target = min(max(rate, Estimator.floor), Estimator.ceiling)
    }

    /// Whether to begin a probe now; `wanted` is what everything that is wished for would take.
    mutating func beginProbe(wanted: Int64, at now: Tick) -> Probe? {
        guard hasFeedback || !hasRoundTrip else { return nil }
        return prober.begin(
            estimate: target, wanted: min(wanted, Estimator.ceiling), decreasedAt: delay.decreasedAt, isFull: isFull,
            at: now.microseconds)
    }

    /// A packet went out while a probe is being sent. Whether the probe is done.
    mutating func probeSent(bytes: Int, at now: Tick) -> Bool { prober.sent(bytes: Int64(bytes), at: now.microseconds) }

    /// There was nothing to send a probe with.
    mutating func giveUpProbe() { prober.giveUp() }

    private mutating func unroll(_ value: UInt32) -> Int64 {
        guard let last = reference else {
            reference = Int64(value)
            return Int64(value)
        }
        // 24 bits that wrap.
        let step = Int64(Int32(bitPattern: (value &- UInt32(truncatingIfNeeded: last)) << 8) >> 8)
        reference = max(last, last + step)
        return last + step
    }
}

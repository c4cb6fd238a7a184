// SPDX-License-Identifier: Apache-2.0

/// A short burst, faster than what is sent, that asks whether the way carries more.
struct Probe: Hashable {
    /// Its number, from 1.
    var cluster: Int32
    /// How fast it goes, in bits in a second.
    var rate: Int64
    /// How much of it, in bytes.
    var bytes: Int64
}

/// When to probe, and what a probe found. From zero it climbs in threes; after a fall it asks again soon; when what is
/// sent is less than what could be, it asks now and then, so that the estimate never dies.
struct Prober {
    private struct Running {
        var probe: Probe
        var isSending = true
        var sentBytes: Int64 = 0
        var firstSent: Int64?
        var lastSent: Int64 = 0
        var lastSentBytes: Int64 = 0
        var firstArrived: Int64?
        var lastArrived: Int64 = 0
        var arrivedBytes: Int64 = 0
        var firstArrivedBytes: Int64 = 0
        var count = 0
        var begun: Int64
    }

    private static let minimumPackets = 5
    /// How long one lasts: longer where short ones are spread by jitter and find nothing.
    private var burstMicroseconds: Int64 = 15_000
    private var running: [Running] = []
    private var lastCluster: Int32 = 0
    private var nextAt: Int64?
    private var climb: Int64?
    /// What the last one found, and whether that was less than it tried.
    private var lastFound: Int64 = 0
    private var isLimited = false

    /// The probe that is being sent; what goes out meanwhile belongs to it.
    var sending: Probe? { running.last.flatMap { $0.isSending ? $0.probe : nil } }
    /// Its number; 0 without one. Asked for each packet, so it lies here and not behind a reference.
    private(set) var sendingCluster: Int32 = 0

    /// Whether to begin one: at the beginning at three times the estimate; while a climb goes on at twice the last
    /// finding; when `wanted` is more than the estimate, every few seconds, sooner after a fall.
    mutating func begin(
        estimate: Int64, wanted: Int64, decreasedAt: Int64?, isFull: Bool, at now: Int64
    ) -> Probe? {
        running.removeAll { now - $0.begun > 2_000_000 }
        sendingCluster = sending?.cluster ?? 0
        guard sending == nil, wanted > estimate else { return nil }
        var rate: Int64
        if let climb {
            rate = climb
            self.climb = nil
        } else {
            guard now >= nextAt ?? 0, !isFull else { return nil }
            // What is known to be the line's end is only felt for.
            let isNear = isLimited && estimate * 2 > lastFound
            rate = lastCluster == 0 ? estimate * 3 : isNear ? estimate * 4 / 3 : estimate * 2
        }
        rate = min(rate, wanted + wanted / 5)
        guard rate > estimate else { return nil }
        // A fall's cause passes mostly in seconds; what a probe found too much is asked for again with patience.
        let sinceFall = decreasedAt.map { now - $0 } ?? .max
        let isSoon = !isLimited || (sinceFall < 10_000_000 && estimate * 2 < lastFound)
        nextAt = now + (isSoon ? 1_500_000 : 4_000_000)
        lastCluster += 1
        let bytes = max(Int64(Prober.minimumPackets) * 1_000, rate * burstMicroseconds / 8_000_000)
        let probe = Probe(cluster: lastCluster, rate: rate, bytes: bytes)
        running.append(Running(probe: probe, begun: now))
        sendingCluster = lastCluster
        return probe
    }

    /// A packet of the probe went out. Whether it is done.
    mutating func sent(bytes: Int64, at now: Int64) -> Bool {
        guard let index = running.indices.last, running[index].isSending else { return true }
        running[index].sentBytes += bytes
        running[index].firstSent = running[index].firstSent ?? now
        running[index].lastSent = now
        running[index].lastSentBytes = bytes
        if running[index].sentBytes >= running[index].probe.bytes {
            running[index].isSending = false
            sendingCluster = 0
        }
        return !running[index].isSending
    }

    /// Nothing to send it with.
    mutating func giveUp() {
        running.removeAll { $0.isSending }
        sendingCluster = 0
    }

    /// A packet of a probe arrived. What the way carries, when enough of them have.
    mutating func arrived(_ told: Told, at arrived: Int64, wanted: Int64) -> Int64? {
        guard let index = running.firstIndex(where: { $0.probe.cluster == told.cluster }) else { return nil }
        running[index].count += 1
        running[index].arrivedBytes += told.bytes
        if running[index].firstArrived == nil {
            running[index].firstArrived = arrived
            running[index].firstArrivedBytes = told.bytes
        }
        running[index].lastArrived = max(running[index].lastArrived, arrived)
        let run = running[index]
        guard !run.isSending, run.count >= Prober.minimumPackets, run.arrivedBytes * 10 >= run.probe.bytes * 8,
            let firstSent = run.firstSent, let firstArrived = run.firstArrived
        else { return nil }
        running.remove(at: index)
        let sentSpan = max(1_000, run.lastSent - firstSent)
        let arrivedSpan = max(1_000, run.lastArrived - firstArrived)
        guard sentSpan < 1_000_000, arrivedSpan < 1_000_000 else { return nil }
        let sentRate = (run.sentBytes - run.lastSentBytes) * 8_000_000 / sentSpan
        let arrivedRate = (run.arrivedBytes - run.firstArrivedBytes) * 8_000_000 / arrivedSpan
        guard arrivedRate < sentRate * 2 else { return nil }
        // It came as fast as it went: the way may carry more still. It came slower: that is what the way carries.
        if arrivedRate * 10 >= sentRate * 9 {
            burstMicroseconds = 15_000
            isLimited = false
            let found = min(sentRate, arrivedRate)
            lastFound = found
            if found < wanted, found * 10 >= run.probe.rate * 7 { climb = found * 2 }
            return found
        }
        burstMicroseconds = min(burstMicroseconds * 2, 60_000)
        isLimited = true
        lastFound = arrivedRate
        return arrivedRate * 95 / 100
    }
}

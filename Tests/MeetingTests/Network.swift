// SPDX-License-Identifier: Apache-2.0
import Media

/// Dice that fall the same way for the same seed (SplitMix64).
struct NetDice: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Of 0 to 1.
    mutating func fraction() -> Double { Double(next() >> 11) / Double(UInt64(1) << 53) }
}

/// Loss as radio has it (Gilbert 1960, Elliott 1963): mostly good, sometimes bad for a while.
struct GilbertElliott {
    /// Chances, per packet: of falling into the bad state, of leaving it, of loss in either.
    var toBad = 0.0
    var toGood = 1.0
    var lossGood = 0.0
    var lossBad = 1.0
    private var isBad = false

    static let none = GilbertElliott()
    /// The same chance for every packet.
    static func even(_ loss: Double) -> GilbertElliott { GilbertElliott(lossGood: loss) }
    /// So much in all, in runs of about so many packets.
    static func bursts(_ loss: Double, of length: Double) -> GilbertElliott {
        GilbertElliott(toBad: loss / (1 - loss) / length, toGood: 1 / length)
    }

    init(toBad: Double = 0, toGood: Double = 1, lossGood: Double = 0, lossBad: Double = 1) {
        self.toBad = toBad
        self.toGood = toGood
        self.lossGood = lossGood
        self.lossBad = lossBad
    }

    mutating func loses(_ dice: inout NetDice) -> Bool {
        isBad = dice.fraction() < (isBad ? 1 - toGood : toBad)
        return dice.fraction() < (isBad ? lossBad : lossGood)
    }
}

/// One direction of a line: it carries so much, holds so much back, takes so long, loses, jitters, reorders. Its rate may
/// change at instants.
struct NetLine {
    /// Bits in a second, from an instant on; nil carries everything at once.
    var steps: [(from: Int64, rate: Int64?)] = [(0, nil)]
    /// What waits longer than this is dropped, in microseconds.
    var queueLimit: Int64 = 300_000
    /// One way.
    var delay: Int64 = 10_000
    var jitter: Int64 = 0
    var loss = GilbertElliott.none
    /// The chance that a packet is held back by five milliseconds, behind those that follow.
    var reordering = 0.0
    private var freeAt: Int64 = 0
    private var lastArrival: Int64 = 0
    private(set) var dropped = 0
    private(set) var carried = 0

    init(
        rate: Int64? = nil, delay: Int64 = 10_000, loss: GilbertElliott = .none, jitter: Int64 = 0,
        reordering: Double = 0
    ) {
        steps = [(0, rate)]
        self.delay = delay
        self.loss = loss
        self.jitter = jitter
        self.reordering = reordering
    }

    func rate(at now: Int64) -> Int64? { steps.last { $0.from <= now }?.rate }

    /// When a packet that is sent now arrives; nil when it does not.
    mutating func send(_ bytes: Int, at now: Int64, _ dice: inout NetDice) -> Int64? {
        if loss.loses(&dice) {
            dropped += 1
            return nil
        }
        var leaves = now
        if let rate = rate(at: now) {
            let begin = max(now, freeAt)
            guard begin - now <= queueLimit else {
                dropped += 1
                return nil
            }
            leaves = begin + Int64(bytes + 28) * 8_000_000 / rate
            freeAt = leaves
        }
        carried += 1
        var arrival = leaves + delay
        if jitter > 0 { arrival += Int64(dice.fraction() * Double(jitter)) }
        // A line keeps the order unless it is told to break it.
        if reordering > 0, dice.fraction() < reordering { return arrival + 5_000 }
        arrival = max(arrival, lastArrival)
        lastArrival = arrival
        return arrival
    }
}

// SPDX-License-Identifier: Apache-2.0

/// How loud a sound is, after EBU R 128: the meter of ITU-R BS.1770-4 with the times and gates of EBU Tech 3341.
///
/// Takes 48,000 frames a second, interleaved, in pieces of any length. Its memory does not grow: what the integrated
/// loudness needs is a histogram.
public struct LoudnessMeter: Sendable {
    /// The only rate whose coefficients are here, in frames per second.
    public static let rate = 48_000
    /// Nothing is told that is quieter, in hundredths of LUFS: digital silence would be minus infinity.
    public static let floor = -12_000

    /// A step is the quarter of a gating block, which overlap by three quarters (BS.1770, annex 1).
    private static let stepFrames = rate / 10
    private static let momentarySteps = 4
    private static let shortSteps = 30

    private let weights: [Double]
    private var filters: [KWeighting]
    private var histogram = LoudnessHistogram()
    /// The mean square of each of the last thirty steps, channels weighted and added; the oldest is overwritten.
    private var steps = [Double](repeating: 0, count: shortSteps)
    private var stepCount = 0
    private var sum = 0.0
    private var frames = 0

    /// A meter for so many channels, in the order of ITU-R BS.2051: left, right, centre, (low frequencies,) surrounds.
    public init(channels: Int) {
        weights = LoudnessMeter.weights(max(1, channels))
        filters = Array(repeating: KWeighting(), count: weights.count)
    }

    /// BS.1770-4, table 3: surrounds count 1.41, the low-frequency channel does not count.
    private static func weights(_ channels: Int) -> [Double] {
        switch channels {
        case 5: [1, 1, 1, 1.41, 1.41]
        case 6: [1, 1, 1, 0, 1.41, 1.41]
        default: Array(repeating: 1, count: channels)
        }
    }

    /// How many channels it was made for.
    public var channels: Int { weights.count }

    /// Interleaved samples, 1.0 being full scale; what is no whole frame at the end is left out.
    public mutating func take(_ samples: UnsafeBufferPointer<Float>) {
        var first = 0
        let count = samples.count / channels
        while first < count {
            let next = min(count, first + LoudnessMeter.stepFrames - frames)
            for channel in filters.indices where weights[channel] > 0 {
                sum += weights[channel] * filters[channel].energy(of: samples, channel, channels, first..<next)
            }
            frames += next - first
            first = next
            if frames == LoudnessMeter.stepFrames { step() }
        }
    }

    /// The same for an array.
    public mutating func take(_ samples: [Float]) { samples.withUnsafeBufferPointer { take($0) } }

    /// What is known now; `peak` is another meter's.
    public var loudness: State.Loudness {
        State.Loudness(
            momentary: hundredths(overSteps: LoudnessMeter.momentarySteps),
            shortTerm: hundredths(overSteps: LoudnessMeter.shortSteps),
            integrated: histogram.integrated.map(LoudnessMeter.hundredths))
    }

    private mutating func step() {
        let energy = sum / Double(LoudnessMeter.stepFrames)
        // What is no number (a broken decoder) counts as silence, here and in the filters.
        steps[stepCount % LoudnessMeter.shortSteps] = energy.isFinite ? energy : 0
        stepCount += 1
        (sum, frames) = (0, 0)
        for channel in filters.indices { filters[channel].settle() }
        if let energy = mean(ofSteps: LoudnessMeter.momentarySteps) { histogram.take(energy) }
    }

    private func mean(ofSteps count: Int) -> Double? {
        guard stepCount >= count else { return nil }
        let newest = (stepCount - count..<stepCount).reduce(0) { $0 + steps[$1 % LoudnessMeter.shortSteps] }
        return newest / Double(count)
    }

    private func hundredths(overSteps count: Int) -> Int? {
        mean(ofSteps: count).map { LoudnessMeter.hundredths(LoudnessHistogram.loudness($0)) }
    }

    /// Of LUFS or dB, rounded.
    static func hundredths(_ decibels: Double) -> Int {
        max(floor, Int((max(decibels, -1_000) * 100).rounded()))
    }
}

/// The K-weighting of one channel (BS.1770-4, annex 1, tables 1 and 2, for 48 kHz): a shelf for the head, then a high
/// pass. Both are in the transposed direct form II.
struct KWeighting: Sendable {
    private var shelf = (0.0, 0.0)
    private var pass = (0.0, 0.0)

    /// The sum of the squares of what comes out of these frames.
    mutating func energy(
        of samples: UnsafeBufferPointer<Float>, _ channel: Int, _ channels: Int, _ frames: Range<Int>
    ) -> Double {
        var (shelf, pass, sum) = (shelf, pass, 0.0)
        var (place, left) = (frames.lowerBound * channels + channel, frames.count)
        while left > 0 {
            let sample = Double(samples[place])
            let bright = 1.53512485958697 * sample + shelf.0
            shelf.0 = -2.69169618940638 * sample + 1.69065929318241 * bright + shelf.1
            shelf.1 = 1.19839281085285 * sample - 0.73248077421585 * bright
            let weighted = bright + pass.0
            pass.0 = -2 * bright + 1.99004745483398 * weighted + pass.1
            pass.1 = bright - 0.99007225036621 * weighted
            sum += weighted * weighted
            place += channels
            left -= 1
        }
        (self.shelf, self.pass) = (shelf, pass)
        return sum
    }

    /// Forgets what is no number, and what is so small that reckoning with it is slow.
    mutating func settle() {
        let states = [shelf.0, shelf.1, pass.0, pass.1]
        if !states.allSatisfy(\.isFinite) { self = KWeighting() }
        if states.allSatisfy({ abs($0) < 1e-20 }) { self = KWeighting() }
    }
}

/// Gating blocks sorted by loudness, a tenth of a unit to a bin, with their energies: all that the two gates of
/// BS.1770-4 (equations 5 to 7) need to know.
struct LoudnessHistogram: Sendable {
    /// The absolute gate in LUFS: what is not louder counts for nothing.
    private static let gate = -70.0
    private static let binsPerUnit = 10.0
    private static let binCount = 800

    private var counts = [Int](repeating: 0, count: binCount)
    private var energies = [Double](repeating: 0, count: binCount)

    /// The loudness of a mean square, in LUFS (BS.1770-4, equation 2).
    static func loudness(_ energy: Double) -> Double { -0.691 + decibels(power: energy) }

    /// One gating block of 400 ms.
    mutating func take(_ energy: Double) {
        let loudness = LoudnessHistogram.loudness(energy)
        guard loudness > LoudnessHistogram.gate else { return }
        let bin = (loudness - LoudnessHistogram.gate) * LoudnessHistogram.binsPerUnit
        let index = min(LoudnessHistogram.binCount - 1, Int(bin))
        counts[index] += 1
        energies[index] += energy
    }

    /// The gated loudness of everything so far, in LUFS; nil before a block was louder than the absolute gate.
    var integrated: Double? {
        let count = counts.reduce(0, +)
        guard count > 0 else { return nil }
        let mean = energies.reduce(0, +) / Double(count)
        // The relative gate is ten units below: a tenth of the energy. A bin is judged by its own mean.
        let kept = counts.indices.filter { counts[$0] > 0 && energies[$0] / Double(counts[$0]) > mean / 10 }
        let energy = kept.reduce(0) { $0 + energies[$1] }
        return LoudnessHistogram.loudness(energy / Double(kept.reduce(0) { $0 + counts[$1] }))
    }
}

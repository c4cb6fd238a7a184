// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Studio

/// The meter against the signals of EBU Tech 3341 (table 1) that can be composed.
@Suite("Loudness") struct LoudnessTests {
    /// Seconds of sine at so many dBFS (of the peak) in each channel.
    typealias Tone = (seconds: Double, levels: [Double])

    /// A meter that heard these tones, in pieces of an odd length, of 1 kHz.
    private func meter(_ tones: [Tone], hertz: Double = 1_000) -> LoudnessMeter {
        let channels = tones[0].levels.count
        var meter = LoudnessMeter(channels: channels)
        var frame = 0
        for tone in tones {
            let amplitudes = tone.levels.map { pow(10, $0 / 20) }
            var samples = [Float](repeating: 0, count: Int(tone.seconds * 48_000) * channels)
            samples.withUnsafeMutableBufferPointer { samples in
                for index in stride(from: 0, to: samples.count, by: channels) {
                    let sine = sin(2 * Double.pi * hertz * Double(frame) / 48_000)
                    for channel in 0..<channels { samples[index + channel] = Float(amplitudes[channel] * sine) }
                    frame += 1
                }
            }
            samples.withUnsafeBufferPointer { samples in
                var rest = samples[...]
                while !rest.isEmpty {
                    let piece = rest.prefix(1_999 * channels)
                    meter.take(UnsafeBufferPointer(rebasing: piece))
                    rest = rest.dropFirst(piece.count)
                }
            }
        }
        return meter
    }

    private func stereo(_ seconds: Double, _ level: Double) -> Tone { (seconds, [level, level]) }

    /// Within a tenth of a unit.
    private func near(_ found: Int?, _ units: Double) -> Bool {
        found.map { abs(Double($0) - units * 100) <= 10 } ?? false
    }

    @Test("cases 1 and 2: a steady tone is as loud as it is", arguments: [-23.0, -33.0]) func steady(_ level: Double) {
        let loudness = meter([stereo(4, level)]).loudness
        #expect(near(loudness.momentary, level))
        #expect(near(loudness.shortTerm, level))
        #expect(near(loudness.integrated, level))
    }

    @Test("case 3: what is ten units below the rest does not count") func relativeGate() {
        let loudness = meter([stereo(10, -36), stereo(60, -23), stereo(10, -36)]).loudness
        #expect(near(loudness.integrated, -23))
    }

    @Test("case 4: what is below -70 LUFS does not count") func absoluteGate() {
        let tones = [stereo(10, -72), stereo(10, -36), stereo(60, -23), stereo(10, -36), stereo(10, -72)]
        #expect(near(meter(tones).loudness.integrated, -23))
    }

    @Test("case 5: what is six units below the rest counts") func mean() {
        let tones = [stereo(20, -26), stereo(20.1, -20), stereo(20, -26)]
        #expect(near(meter(tones).loudness.integrated, -23))
    }

    @Test("case 6: surrounds weigh more, and the low-frequency channel weighs nothing") func surround() {
        let five = meter([(20, [-28, -28, -24, -30, -30])]).loudness
        #expect(near(five.integrated, -23))
        let six = meter([(5, [-28, -28, -24, 0, -30, -30])]).loudness
        #expect(near(six.integrated, -23))
    }

    @Test("case 9: short-term loudness is that of the last three seconds") func shortTerm() {
        let turns = (0..<5).flatMap { _ in [stereo(1.34, -20), stereo(1.66, -30)] }
        #expect(near(meter(turns).loudness.shortTerm, -23))
    }

    @Test("case 12: momentary loudness is that of the last 400 ms") func momentary() {
        let turns = (0..<25).flatMap { _ in [stereo(0.18, -20), stereo(0.22, -30)] }
        #expect(near(meter(turns).loudness.momentary, -23))
    }

    @Test("one channel counts once: three units below two") func mono() {
        #expect(near(meter([(4, [-23])]).loudness.integrated, -26.01))
    }

    @Test("treble counts more than bass") func weighting() {
        // BS.1770-4, figures 2 and 4: +4 dB above 5 kHz or so, -3 dB and more below 40 Hz.
        #expect(near(meter([stereo(4, -23)], hertz: 10_000).loudness.integrated, -19.67))
        #expect((meter([stereo(4, -23)], hertz: 30).loudness.integrated ?? 0) < -2_700)
    }

    @Test("nothing is told before there was enough") func early() {
        #expect(meter([stereo(0.39, -23)]).loudness == State.Loudness())
        let soon = meter([stereo(0.41, -23)]).loudness
        #expect(soon.momentary != nil)
        #expect(soon.shortTerm == nil)
        #expect(soon.integrated != nil)
    }

    @Test("silence has a floor, and counts for nothing") func silence() {
        var meter = LoudnessMeter(channels: 2)
        meter.take([Float](repeating: 0, count: 2 * 48_000 * 4))
        #expect(meter.loudness == State.Loudness(momentary: -12_000, shortTerm: -12_000, integrated: nil))
    }

    @Test("what is no number is forgotten") func noNumber() {
        var meter = meter([stereo(4, -23)])
        meter.take([Float](repeating: .nan, count: 960))
        meter.take([Float](repeating: 0, count: 2 * 48_000 * 4))
        #expect(meter.loudness.shortTerm == -12_000)
        #expect(meter.loudness.integrated.map { abs($0 + 2_300) <= 30 } == true)
    }

    @Test("pieces of any length are the same sound") func pieces() {
        let samples = (0..<96_000).map { Float(($0 * 7_919) % 2_001 - 1_000) / 4_000 }
        var (whole, cut) = (LoudnessMeter(channels: 2), LoudnessMeter(channels: 2))
        whole.take(samples)
        for start in stride(from: 0, to: samples.count, by: 34) {
            cut.take(Array(samples[start..<min(samples.count, start + 34)]))
        }
        #expect(cut.loudness == whole.loudness)
    }
}

@Suite("Peaks") struct PeakTests {
    private func peak(_ amplitude: Double, every samples: Double, degrees: Double) -> Int? {
        var meter = PeakMeter(channels: 1)
        let phase = degrees / 360
        meter.take(
            (0..<4_800).map { index in
                // It swells, for a tone that begins at once has a peak of its own.
                let swell = min(1, Double(index) / 2_400, Double(4_799 - index) / 2_400) * amplitude
                return Float(swell * sin(2 * Double.pi * (Double(index) / samples + phase)))
            })
        return meter.peak
    }

    @Test("cases 15 to 19: a peak between two samples is found") func truePeaks() throws {
        let found = [
            peak(0.5, every: 4, degrees: 0), peak(0.5, every: 4, degrees: 45), peak(0.5, every: 6, degrees: 60),
            peak(0.5, every: 8, degrees: 67.5),
        ]
        for peak in found { #expect((-642 ... -580).contains(try #require(peak)), "\(peak ?? 0)") }
        #expect((260...320).contains(try #require(peak(1.41, every: 4, degrees: 45))))
    }

    @Test("the highest of all channels and pieces is kept") func highest() {
        var meter = PeakMeter(channels: 2)
        #expect(meter.peak == nil)
        meter.take([Float](repeating: 0, count: 960))
        #expect(meter.peak == LoudnessMeter.floor)
        for level in [0.1, 0.5, 0.2] {
            meter.take(
                (0..<4_800).flatMap { frame in
                    let swell = sin(Double.pi * Double(frame) / 4_800)
                    return [Float(0), Float(level * swell * sin(2 * Double.pi * Double(frame) / 48))]
                })
        }
        #expect((-605 ... -600).contains(meter.peak ?? 0))
        meter.take([.nan, .infinity, 0])
        #expect((-605 ... -600).contains(meter.peak ?? 0))
    }

    @Test("logarithms are exact to a millionth") func logarithms() {
        for exponent in stride(from: -300.0, through: 300, by: 0.37) {
            let power = pow(10, exponent)
            #expect(abs(decibels(power: power) - 10 * log10(power)) < 1e-9)
        }
        #expect(decibels(power: 1) == 0)
        #expect(decibels(power: 0) == -.infinity)
        #expect(decibels(power: -1) == -.infinity)
        #expect(decibels(power: .nan) == -.infinity)
        #expect(decibels(power: .infinity) == .infinity)
        #expect(abs(decibels(amplitude: 0.5) + 6.020_599_913) < 1e-6)
    }
}

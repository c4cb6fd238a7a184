// SPDX-License-Identifier: Apache-2.0

/// The highest true peak of a sound (ITU-R BS.1770-4, annex 2): between the samples too, by looking four times as often.
public struct PeakMeter: Sendable {
    private static let taps = 12

    /// The interpolating filter, a row for each tap with its four phases (annex 2, the table of order 48).
    private static let rows: [SIMD4<Float>] = [
        [0.0017089843750, -0.0291748046875, -0.0189208984375, -0.0083007812500],
        [0.0109863281250, 0.0292968750000, 0.0330810546875, 0.0148925781250],
        [-0.0196533203125, -0.0517578125000, -0.0582275390625, -0.0266113281250],
        [0.0332031250000, 0.0891113281250, 0.1015625000000, 0.0476074218750],
        [-0.0594482421875, -0.1665039062500, -0.2003173828125, -0.1022949218750],
        [0.1373291015625, 0.4650878906250, 0.7797851562500, 0.9721679687500],
        [0.9721679687500, 0.7797851562500, 0.4650878906250, 0.1373291015625],
        [-0.1022949218750, -0.2003173828125, -0.1665039062500, -0.0594482421875],
        [0.0476074218750, 0.1015625000000, 0.0891113281250, 0.0332031250000],
        [-0.0266113281250, -0.0582275390625, -0.0517578125000, -0.0196533203125],
        [0.0148925781250, 0.0330810546875, 0.0292968750000, 0.0109863281250],
        [-0.0083007812500, -0.0189208984375, -0.0291748046875, 0.0017089843750],
    ]

    private let channels: Int
    /// The last eleven frames: what the filter still needs of them.
    private var tail: [Float]
    private var highest: Float = 0
    private var hasHeard = false

    /// A meter for so many channels.
    public init(channels: Int) {
        self.channels = max(1, channels)
        tail = Array(repeating: 0, count: (PeakMeter.taps - 1) * max(1, channels))
    }

    /// Interleaved samples, 1.0 being full scale; what is no whole frame at the end is left out.
    public mutating func take(_ samples: UnsafeBufferPointer<Float>) {
        let count = samples.count - samples.count % channels
        guard count > 0 else { return }
        hasHeard = true
        // What is no number comes from a broken decoder and is no peak.
        let joined = tail + samples[..<count].lazy.map { $0.isFinite ? $0 : 0 }
        tail = Array(joined.suffix(tail.count))
        let rows = PeakMeter.rows
        joined.withUnsafeBufferPointer { joined in
            rows.withUnsafeBufferPointer { rows in
                for place in 0..<count {
                    var sums = SIMD4<Float>.zero
                    for tap in 0..<PeakMeter.taps { sums += rows[tap] * joined[place + tap * channels] }
                    highest = max(highest, sums.max(), -sums.min())
                }
            }
        }
    }

    /// The same for an array.
    public mutating func take(_ samples: [Float]) { samples.withUnsafeBufferPointer { take($0) } }

    /// The highest so far, in hundredths of dBTP; nil before there was any sound.
    public var peak: Int? {
        hasHeard ? LoudnessMeter.hundredths(decibels(amplitude: Double(highest))) : nil
    }
}

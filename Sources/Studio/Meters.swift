// SPDX-License-Identifier: Apache-2.0
import Media

/// What comes in, measured over the last few seconds: bits, pictures, and how far key frames are apart.
struct Meters: Sendable {
    private static let windowMilliseconds: Int64 = 4_000

    private var seconds: [(instant: Instant, bytes: Int, pictures: Int)] = []
    private var lastKey: Int64?
    /// When the last key frame came, or the first picture when none has.
    private var keyAt: Instant?
    /// Whether any key frame has come.
    private(set) var hasKey = false
    private(set) var keyFrameMilliseconds: Int64?
    private(set) var bytes: Int64 = 0

    /// A frame of the default picture or of a sound.
    mutating func sample(_ sample: Media.Sample, at now: Instant) {
        bytes += Int64(sample.bytes.count)
        let isPicture = sample.track == TrackID(.video)
        if let last = seconds.indices.last, now.milliseconds - seconds[last].instant.milliseconds < 250 {
            seconds[last].bytes += sample.bytes.count
            seconds[last].pictures += isPicture ? 1 : 0
        } else {
            seconds.append((now, sample.bytes.count, isPicture ? 1 : 0))
            let oldest = now.milliseconds - Meters.windowMilliseconds
            seconds.removeAll { $0.instant.milliseconds < oldest }
        }
        if isPicture, keyAt == nil || sample.isKey { keyAt = now }
        guard isPicture, sample.isKey else { return }
        hasKey = true
        if let lastKey, sample.dtsMilliseconds > lastKey { keyFrameMilliseconds = sample.dtsMilliseconds - lastKey }
        lastKey = sample.dtsMilliseconds
    }

    /// The publisher's clock jumped: the next key frame has no distance to the last.
    mutating func jump() { lastKey = nil }

    /// The publisher is gone.
    mutating func clear() {
        seconds = []
        (lastKey, keyAt, hasKey) = (nil, nil, false)
        keyFrameMilliseconds = nil
    }

    /// How long no key frame has come, though pictures do; nil without pictures.
    func millisecondsSinceKey(at now: Instant) -> Int64? { keyAt.map { now.milliseconds - $0.milliseconds } }

    /// Bits and thousandths of pictures per second; nothing before a second has been seen.
    func rates(at now: Instant) -> (bitsPerSecond: Int64, milliPictures: Int64) {
        guard let first = seconds.first else { return (0, 0) }
        let span = now.milliseconds - first.instant.milliseconds
        guard span >= 1_000 else { return (0, 0) }
        let bytes = seconds.reduce(0) { $0 + $1.bytes }
        let pictures = seconds.reduce(0) { $0 + $1.pictures }
        return (Int64(bytes) * 8_000 / span, Int64(pictures) * 1_000_000 / span)
    }
}

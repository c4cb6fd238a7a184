// SPDX-License-Identifier: Apache-2.0

/// Turns a publisher's milliseconds into steady ticks of 1/90000 s.
///
/// Thirty frames a second come as 33, 33 and 34 milliseconds. The frame's true length is learned from the times of the
/// first frames, and each time is snapped to it as long as it stays within a millisecond or two of what was said:
/// measured against what was said, never against the last guess, so that no error grows.
public struct VideoTiming: Hashable, Sendable {
    /// Where a frame stands.
    public struct Place: Hashable, Sendable {
        /// Decode time in ticks.
        public var decodeTime: Int64
        /// Presentation time minus decode time in ticks.
        public var composition: Int64
    }

    /// A picture is shown at most so many seconds after its decode time: a decoder holds back at most sixteen pictures
    /// (H.264, A.3.1). What says more than that moves nothing but itself.
    public static let longestReorderSeconds: Int64 = 2

    /// The usual frame rates; what is learned is taken for one of them when it is within half a per cent.
    static let usual = [
        FrameRate(frames: 24000, seconds: 1001), FrameRate(frames: 24, seconds: 1), FrameRate(frames: 25, seconds: 1),
        FrameRate(frames: 30000, seconds: 1001), FrameRate(frames: 30, seconds: 1), FrameRate(frames: 50, seconds: 1),
        FrameRate(frames: 60000, seconds: 1001), FrameRate(frames: 60, seconds: 1), FrameRate(frames: 10, seconds: 1),
        FrameRate(frames: 12, seconds: 1), FrameRate(frames: 15, seconds: 1), FrameRate(frames: 20, seconds: 1),
        FrameRate(frames: 48, seconds: 1), FrameRate(frames: 120, seconds: 1),
    ]

    /// The frame rate, once it is known.
    public private(set) var rate: FrameRate?
    /// How many frames in a row came when they were awaited.
    public private(set) var steadyFrames = 0

    private var learned: [Int64] = []
    private var anchor: Int64 = 0
    private var framesSince: Int64 = 0
    private var last: Int64?

    /// Nothing is known yet but what the parameter sets promise, which the times must bear out.
    public init(promised: FrameRate? = nil) { self.promised = promised }

    private let promised: FrameRate?

    /// How long one frame is, in ticks; nil as long as it is unknown.
    public var frameDuration: Int64? {
        rate.map { (90_000 * Int64($0.seconds) + Int64($0.frames) / 2) / Int64($0.frames) }
    }

    /// The same, or the best guess: what the parameter sets promise, else how long the last frame was.
    public var likelyDuration: Int64 {
        if let frameDuration { return frameDuration }
        if let promised { return 90_000 * Int64(promised.seconds) / Int64(max(1, promised.frames)) }
        return learned.count > 1 ? ticks(learned[learned.count - 1] - learned[learned.count - 2]) : 3_600
    }

    /// How long the frame that was placed last will be, if the next one comes as awaited.
    public var awaited: Int64? {
        guard rate != nil, let last else { return frameDuration }
        return grid(framesSince + 1) - last
    }

    /// Whether the next frame's time can be relied on before it comes.
    public var isSteady: Bool { steadyFrames >= 8 }

    /// Places the next frame; `microseconds` counts from the stream's beginning. Decode times always grow; where
    /// one had to be moved, the presentation time stays what the encoder said.
    public mutating func place(microseconds: Int64, composition: Int64) -> Place {
        let said = ticks(microseconds)
        learn(microseconds)
        var time = said
        if rate != nil, let last {
            let awaited = grid(framesSince + 1)
            // Times are rounded to a millisecond, up or down: less than two of them is the same time.
            if abs(awaited - said) < 180 {
                time = awaited
                framesSince += 1
                steadyFrames += 1
            } else {
                steadyFrames = 0
                time = max(said, last + 1)
                (anchor, framesSince) = (time, 0)
            }
        } else {
            time = max(said, (last ?? said - 1) + 1)
            (anchor, framesSince) = (time, 0)
        }
        last = time
        // What snapping moved, and only that, is forgiven in the presentation time too.
        let moved = abs(time - said) < 180 ? 0 : said - time
        return Place(decodeTime: time, composition: snapped(ticks(composition)) + moved)
    }

    private func grid(_ frames: Int64) -> Int64 {
        guard let rate else { return anchor }
        return anchor + (frames * 90_000 * Int64(rate.seconds) + Int64(rate.frames) / 2) / Int64(rate.frames)
    }

    private func snapped(_ composition: Int64) -> Int64 {
        guard let duration = frameDuration, duration > 0 else { return composition }
        let frames = (Double(composition) / Double(duration)).rounded()
        let near = Int64(frames) * duration
        return abs(near - composition) < 180 ? near : composition
    }

    /// Looks at the times of the last frames, at most 128; the more there are, the finer rates are told apart.
    private mutating func learn(_ microseconds: Int64) {
        if let previous = learned.last, microseconds - previous > 1_000_000 || microseconds <= previous {
            learned = []
        }
        if learned.count == 128 { learned.removeFirst(64) }
        learned.append(microseconds)
        guard [11, 32, 60, 128].contains(learned.count), let first = learned.first else { return }
        let frames = Double(learned.count - 1)
        let mean = Double(microseconds - first) / frames
        func distance(_ rate: FrameRate) -> Double {
            abs(1_000_000 * Double(rate.seconds) / Double(rate.frames) - mean)
        }
        // The mean is known to a millisecond or so in the whole span.
        func fits(_ rate: FrameRate) -> Bool {
            distance(rate) <= 1_500 / frames && fitsEach(1_000_000 * Double(rate.seconds) / Double(rate.frames))
        }
        let usual = VideoTiming.usual.filter(fits).min { distance($0) < distance($1) }
        guard let found = promised.flatMap({ fits($0) ? $0 : nil }) ?? usual, found != rate else { return }
        rate = found
        if let last { (anchor, framesSince) = (last, 0) }
    }

    private func fitsEach(_ length: Double) -> Bool {
        guard let first = learned.first else { return false }
        return learned.enumerated().allSatisfy { abs(Double($1 - first) - Double($0) * length) < 2_000 }
    }

    private func ticks(_ microseconds: Int64) -> Int64 { (microseconds * 9 + (microseconds < 0 ? -50 : 50)) / 100 }
}

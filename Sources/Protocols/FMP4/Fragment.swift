// SPDX-License-Identifier: Apache-2.0

/// One coded frame as a fragment has it; times in its track's timescale.
public struct Frame: Hashable, Sendable {
    /// Decode time.
    public var decodeTime: Int64
    /// How long until the next frame's decode time.
    public var duration: Int64
    /// Presentation time minus decode time; may be negative.
    public var composition: Int64
    /// Whether decoding can begin here.
    public var isKey: Bool
    /// The coded bytes.
    public var bytes: ArraySlice<UInt8>

    /// A frame of these parts.
    public init(decodeTime: Int64, duration: Int64, composition: Int64 = 0, isKey: Bool, bytes: ArraySlice<UInt8>) {
        self.decodeTime = decodeTime
        self.duration = duration
        self.composition = composition
        self.isKey = isKey
        self.bytes = bytes
    }
}

/// The frames of one track in one fragment, in decode order.
public struct TrackRun: Hashable, Sendable {
    /// The track's number in the file.
    public var track: UInt32
    /// Its frames; each begins where the one before it ends.
    public var frames: [Frame]

    /// These frames of this track.
    public init(track: UInt32, frames: [Frame]) {
        self.track = track
        self.frames = frames
    }
}

/// One `moof` and its `mdat` (ISO/IEC 14496-12, 8.8 and 8.1.1): one part. Runs without frames are left out.
public func fragment(sequence: UInt32, _ runs: [TrackRun]) -> [UInt8] {
    let shapes = runs.map { run in
        RunShape(
            track: run.track,
            frames: run.frames.map {
                FrameShape(
                    decodeTime: $0.decodeTime, duration: $0.duration, composition: $0.composition, isKey: $0.isKey,
                    byteCount: $0.bytes.count)
            })
    }
    let shape = FragmentShape(sequence: sequence, runs: shapes)
    let head = shape.head
    var bytes: [UInt8] = []
    bytes.reserveCapacity(head.count + shape.byteCount)
    bytes += head
    for run in runs { for frame in run.frames { bytes += frame.bytes } }
    return bytes
}

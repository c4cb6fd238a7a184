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
    public var bytes: [UInt8]

    /// A frame of these parts.
    public init(decodeTime: Int64, duration: Int64, composition: Int64 = 0, isKey: Bool, bytes: [UInt8]) {
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
    let runs = runs.filter { !$0.frames.isEmpty }
    var writer = BoxWriter()
    var offsets: [Int] = []
    writer.box("moof") { moof in
        moof.fullBox("mfhd") { $0.number(sequence, 4) }
        for run in runs { moof.box("traf") { offsets.append($0.run(run)) } }
    }
    var place = writer.bytes.count + 8
    for (offset, run) in zip(offsets, runs) {
        writer.patch(UInt32(truncatingIfNeeded: place), at: offset)
        place += run.frames.reduce(0) { $0 + $1.bytes.count }
    }
    writer.bytes.reserveCapacity(place)
    writer.box("mdat") { mdat in
        for run in runs { for frame in run.frames { mdat.bytes += frame.bytes } }
    }
    return writer.bytes
}

/// Sample flags (8.8.3.1): a key depends on nothing; all others depend on some and are no sync samples.
private enum Flags {
    static let key: UInt32 = 0x0200_0000
    static let other: UInt32 = 0x0101_0000
}

extension BoxWriter {
    /// What a `traf` holds. Answers where the data offset is to be written.
    fileprivate mutating func run(_ run: TrackRun) -> Int {
        let first = run.frames[0]
        let duration = run.frames.allSatisfy { $0.duration == first.duration } ? first.duration : nil
        let rest = run.frames.dropFirst()
        let isUniform = rest.allSatisfy { $0.isKey == (rest.first ?? first).isKey }
        let common = (rest.first ?? first).isKey ? Flags.key : Flags.other
        let hasComposition = run.frames.contains { $0.composition != 0 }
        // default-base-is-moof; default duration and flags when every frame shares them.
        fullBox("tfhd", flags: 0x02_0000 | (duration == nil ? 0 : 0x08) | (isUniform ? 0x20 : 0)) { box in
            box.number(run.track, 4)
            if let duration { box.number(UInt32(truncatingIfNeeded: duration), 4) }
            if isUniform { box.number(common, 4) }
        }
        fullBox("tfdt", version: 1) { $0.number(max(0, first.decodeTime), 8) }
        let hasFirst = isUniform && first.isKey != (common == Flags.key)
        var flags: UInt32 = 0x01 | 0x200
        if hasFirst { flags |= 0x04 }
        if duration == nil { flags |= 0x100 }
        if !isUniform { flags |= 0x400 }
        if hasComposition { flags |= 0x800 }
        var offset = 0
        fullBox("trun", version: 1, flags: flags) { box in
            box.number(run.frames.count, 4)
            offset = box.bytes.count
            box.zeros(4)
            if hasFirst { box.number(first.isKey ? Flags.key : Flags.other, 4) }
            for frame in run.frames {
                if duration == nil { box.number(UInt32(truncatingIfNeeded: frame.duration), 4) }
                box.number(frame.bytes.count, 4)
                if !isUniform { box.number(frame.isKey ? Flags.key : Flags.other, 4) }
                if hasComposition { box.number(Int32(truncatingIfNeeded: frame.composition), 4) }
            }
        }
        return offset
    }
}

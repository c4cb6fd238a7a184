// SPDX-License-Identifier: Apache-2.0

/// One coded frame without its bytes; times in its track's timescale.
public struct FrameShape: Hashable, Sendable {
    /// Decode time.
    public var decodeTime: Int64
    /// How long until the next frame's decode time.
    public var duration: Int64
    /// Presentation time minus decode time; may be negative.
    public var composition: Int64
    /// Whether decoding can begin here.
    public var isKey: Bool
    /// How many bytes it has.
    public var byteCount: Int

    /// A frame of these properties.
    public init(decodeTime: Int64, duration: Int64, composition: Int64 = 0, isKey: Bool, byteCount: Int) {
        (self.decodeTime, self.duration, self.composition) = (decodeTime, duration, composition)
        (self.isKey, self.byteCount) = (isKey, byteCount)
    }
}

/// The frames of one track in one fragment, in decode order, without their bytes.
public struct RunShape: Hashable, Sendable {
    /// The track's number in the file.
    public var track: UInt32
    /// Its frames; each begins where the one before it ends.
    public var frames: [FrameShape]

    /// These frames of this track.
    public init(track: UInt32, frames: [FrameShape]) { (self.track, self.frames) = (track, frames) }

    /// How many bytes all of them have.
    public var byteCount: Int { frames.reduce(0) { $0 + $1.byteCount } }
}

/// What a `moof` says: which frames stand in the `mdat` behind it, run by run without anything between them.
public struct FragmentShape: Hashable, Sendable {
    /// Its number; grows from fragment to fragment.
    public var sequence: UInt32
    /// At least one, of different tracks, and none without frames.
    public var runs: [RunShape]

    /// More than this is none of ours: a second of pictures and sound needs some kilobytes.
    public static let mostBytes = 1 << 18

    /// A fragment of these runs; those without frames are left out.
    public init(sequence: UInt32, runs: [RunShape]) {
        (self.sequence, self.runs) = (sequence, runs.filter { !$0.frames.isEmpty })
    }

    /// How many bytes follow the head.
    public var byteCount: Int { runs.reduce(0) { $0 + $1.byteCount } }

    /// The `moof` and the first eight bytes of the `mdat`; the frames' bytes are to follow.
    public var head: [UInt8] {
        var writer = BoxWriter()
        var offsets: [Int] = []
        writer.box("moof") { moof in
            moof.fullBox("mfhd") { $0.number(sequence, 4) }
            for run in runs { moof.box("traf") { offsets.append($0.run(run)) } }
        }
        var place = writer.bytes.count + 8
        for (offset, run) in zip(offsets, runs) {
            writer.patch(UInt32(truncatingIfNeeded: place), at: offset)
            place += run.byteCount
        }
        writer.number(UInt32(truncatingIfNeeded: 8 + byteCount), 4)
        writer.bytes += "mdat".utf8
        return writer.bytes
    }
}

/// Sample flags (8.8.3.1): a key depends on nothing; all others depend on some and are no sync samples.
private enum Flags {
    static let key: UInt32 = 0x0200_0000
    static let other: UInt32 = 0x0101_0000
    static let isNoSync = 0x0001_0000
}

/// Optional fields of a `trun` (8.8.8.1) and a `tfhd` (8.8.7.1).
private enum Field {
    static let offset = 0x01
    static let first = 0x04
    static let duration = 0x100
    static let size = 0x200
    static let flags = 0x400
    static let composition = 0x800
    static let usualDuration = 0x08
    static let usualFlags = 0x20
    static let baseIsMoof = 0x02_0000
}

extension BoxWriter {
    /// What a `traf` holds. Answers where the data offset is to be written.
    fileprivate mutating func run(_ run: RunShape) -> Int {
        let first = run.frames[0]
        let duration = run.frames.allSatisfy { $0.duration == first.duration } ? first.duration : nil
        let rest = run.frames.dropFirst()
        let isUniform = rest.allSatisfy { $0.isKey == (rest.first ?? first).isKey }
        let common = (rest.first ?? first).isKey ? Flags.key : Flags.other
        let hasComposition = run.frames.contains { $0.composition != 0 }
        // default-base-is-moof; default duration and flags when every frame shares them.
        let usual = (duration == nil ? 0 : Field.usualDuration) | (isUniform ? Field.usualFlags : 0)
        fullBox("tfhd", flags: UInt32(Field.baseIsMoof | usual)) { box in
            box.number(run.track, 4)
            if let duration { box.number(UInt32(truncatingIfNeeded: duration), 4) }
            if isUniform { box.number(common, 4) }
        }
        fullBox("tfdt", version: 1) { $0.number(max(0, first.decodeTime), 8) }
        let hasFirst = isUniform && first.isKey != (common == Flags.key)
        var fields = Field.offset | Field.size
        if hasFirst { fields |= Field.first }
        if duration == nil { fields |= Field.duration }
        if !isUniform { fields |= Field.flags }
        if hasComposition { fields |= Field.composition }
        var offset = 0
        fullBox("trun", version: 1, flags: UInt32(fields)) { box in
            box.number(run.frames.count, 4)
            offset = box.bytes.count
            box.zeros(4)
            if hasFirst { box.number(first.isKey ? Flags.key : Flags.other, 4) }
            for frame in run.frames {
                if duration == nil { box.number(UInt32(truncatingIfNeeded: frame.duration), 4) }
                box.number(frame.byteCount, 4)
                if !isUniform { box.number(frame.isKey ? Flags.key : Flags.other, 4) }
                if hasComposition { box.number(Int32(truncatingIfNeeded: frame.composition), 4) }
            }
        }
        return offset
    }
}

extension FragmentShape {
    /// Reads a whole `moof` box. Every frame's size stands in it, so there are never more frames than it has bytes.
    /// - Throws: `Violation` when it is not one that is written here.
    public init(moof bytes: ArraySlice<UInt8>) throws(Violation) {
        var reader = BoxReader(bytes, type: "file")
        var moof = try reader.box("moof")
        try reader.end()
        var header = try moof.box("mfhd")
        try header.form()
        sequence = UInt32(truncatingIfNeeded: try header.number(4))
        runs = []
        var place = bytes.count + 8
        while !moof.isAtEnd {
            var traf = try moof.box("traf")
            let run = try FragmentShape.run(&traf, at: place)
            guard !runs.contains(where: { $0.track == run.track }) else { throw .trackUnknown(Int(run.track)) }
            place += run.byteCount
            runs.append(run)
        }
        guard !runs.isEmpty else { throw .boxBroken("moof") }
    }

    private static func run(_ traf: inout BoxReader, at place: Int) throws(Violation) -> RunShape {
        var header = try traf.box("tfhd")
        let form = try header.head()
        guard form.version == 0, form.flags & ~(Field.usualDuration | Field.usualFlags) == Field.baseIsMoof else {
            throw .boxFormUnknown("tfhd")
        }
        let track = try header.number(4)
        let duration = form.flags & Field.usualDuration == 0 ? nil : try header.number(4)
        let flags = form.flags & Field.usualFlags == 0 ? nil : try header.number(4)
        try header.end()
        var start = try traf.box("tfdt")
        try start.form(version: 1)
        let time = try start.time()
        try start.end()
        var trun = try traf.box("trun")
        try traf.end()
        let usual = (duration: duration, flags: flags)
        return RunShape(
            track: UInt32(truncatingIfNeeded: track), frames: try frames(&trun, from: time, usual, at: place))
    }

    private static func frames(
        _ trun: inout BoxReader, from start: Int64, _ usual: (duration: Int?, flags: Int?), at place: Int
    ) throws(Violation) -> [FrameShape] {
        let (version, fields) = try trun.head()
        let optional = Field.first | Field.duration | Field.flags | Field.composition
        guard version == 1, fields & ~optional == Field.offset | Field.size,
            (fields & Field.duration == 0) == (usual.duration != nil),
            (fields & Field.flags == 0) == (usual.flags != nil)
        else { throw .boxFormUnknown("trun") }
        let count = try trun.number(4)
        guard try trun.number(4) == place else { throw .boxBroken("trun") }
        let first = fields & Field.first == 0 ? nil : try trun.number(4)
        guard count > 0, count <= trun.left / 4 else { throw .boxBroken("trun") }
        var frames: [FrameShape] = []
        frames.reserveCapacity(count)
        var time = start
        for index in 0..<count {
            let duration = if let usual = usual.duration { usual } else { try trun.number(4) }
            let size = try trun.number(4)
            let flags = if let usual = usual.flags { usual } else { try trun.number(4) }
            let isKey = ((index == 0 ? first : nil) ?? flags) & Flags.isNoSync == 0
            let composition = fields & Field.composition == 0 ? 0 : try trun.number(4)
            frames.append(
                FrameShape(
                    decodeTime: time, duration: Int64(duration),
                    composition: Int64(Int32(truncatingIfNeeded: composition)), isKey: isKey, byteCount: size))
            time += Int64(duration)
        }
        try trun.end()
        // A fragment plays for seconds; what claims months would overflow somebody's arithmetic later.
        guard time - start < 1 << 40 else { throw .timeAbsurd }
        return frames
    }
}

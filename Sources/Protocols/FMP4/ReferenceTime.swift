// SPDX-License-Identifier: Apache-2.0

/// A `prft` box (ISO/IEC 14496-12, 8.16.5): what time it was in the world when a fragment's first frame was. It stands
/// before the `moof`. A recording keeps one for each segment, so that captions and remarks, which know the world's clock
/// alone, find their place in it.
public struct ReferenceTime: Hashable, Sendable {
    /// The track that the media time is of.
    public var track: UInt32
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var wallMilliseconds: Int64
    /// The decode time of the fragment's first frame of that track, in its timescale.
    public var decodeTime: Int64

    /// How many bytes the box has.
    public static let byteCount = 32
    /// 1970 in seconds since 1900, which the Network Time Protocol counts from (RFC 5905, 6).
    private static let epoch: Int64 = 2_208_988_800

    /// It was `wallMilliseconds` when this track stood at `decodeTime`.
    public init(track: UInt32, wallMilliseconds: Int64, decodeTime: Int64) {
        (self.track, self.wallMilliseconds, self.decodeTime) = (track, wallMilliseconds, decodeTime)
    }

    /// The box.
    public var bytes: [UInt8] {
        var writer = BoxWriter()
        // The world's clock and the stream's run alike (flags 24).
        writer.fullBox("prft", version: 1, flags: 24) { box in
            box.number(track, 4)
            let wall = max(0, wallMilliseconds)
            box.number(UInt32(truncatingIfNeeded: wall / 1000 + ReferenceTime.epoch), 4)
            box.number(UInt32(truncatingIfNeeded: ((wall % 1000) << 32 + 500) / 1000), 4)
            box.number(max(0, decodeTime), 8)
        }
        return writer.bytes
    }

    /// Reads a whole box.
    /// - Throws: `Violation` when it is not one that is written here.
    public init(_ bytes: ArraySlice<UInt8>) throws(Violation) {
        var reader = BoxReader(bytes, type: "file")
        var box = try reader.box("prft")
        try reader.end()
        try box.form(version: 1, flags: 24)
        track = UInt32(truncatingIfNeeded: try box.number(4))
        var seconds = Int64(try box.number(4))
        // The count of seconds begins anew in 2036; before 1968 there was no recording (RFC 4330, 3).
        if seconds < 1 << 31 { seconds += 1 << 32 }
        let fraction = Int64(try box.number(4))
        wallMilliseconds = (seconds - ReferenceTime.epoch) * 1000 + (fraction * 1000 + 1 << 31) >> 32
        decodeTime = try box.time()
        try box.end()
    }
}

// SPDX-License-Identifier: Apache-2.0

/// One coded frame of one track, whatever protocol it came by.
public struct Sample: Hashable, Sendable {
    /// Its track.
    public var track: TrackID
    /// Decode time in microseconds on the sender's own clock, unrolled; only differences mean something.
    public var microseconds: Int64
    /// Presentation time minus decode time, in microseconds; may be negative.
    public var compositionMicroseconds: Int64
    /// Whether decoding can begin here. Every audio sample is a key.
    public var isKey: Bool
    /// The coded bytes as the codec's MP4 mapping has them (length-prefixed units, one temporal unit, one raw frame).
    public var bytes: ArraySlice<UInt8>

    /// A sample of these parts.
    public init(
        track: TrackID, microseconds: Int64, compositionMicroseconds: Int64 = 0, isKey: Bool, bytes: ArraySlice<UInt8>
    ) {
        self.track = track
        self.microseconds = microseconds
        self.compositionMicroseconds = compositionMicroseconds
        self.isKey = isKey
        self.bytes = bytes
    }

    /// A sample whose times are in milliseconds, as RTMP has them; `nanoseconds` is what ModEx adds below one.
    public init(
        track: TrackID, dtsMilliseconds: Int64, compositionMilliseconds: Int32 = 0, nanoseconds: Int32 = 0,
        isKey: Bool, bytes: ArraySlice<UInt8>
    ) {
        self.init(
            track: track, microseconds: dtsMilliseconds * 1000 + Int64(nanoseconds / 1000),
            compositionMicroseconds: Int64(compositionMilliseconds) * 1000, isKey: isKey, bytes: bytes)
    }

    /// Decode time in whole milliseconds.
    public var dtsMilliseconds: Int64 { microseconds / 1000 }
    /// Presentation time minus decode time, in whole milliseconds.
    public var compositionMilliseconds: Int32 { Int32(clamping: compositionMicroseconds / 1000) }
}

/// What a publisher's stream says of its tracks, whatever protocol it came by.
public enum Signal: Hashable, Sendable {
    /// A track's decoder configuration (avcC, hvcC, av1C, vpcC, AudioSpecificConfig or OpusHead) is new or changed.
    case configuration(TrackID, Codec, ArraySlice<UInt8>)
    case sample(Sample)
    /// The sender's clock jumped; the samples that follow begin anew.
    case jump(byMilliseconds: Int64)
    /// A track carries something that is not taken here; told once for each track and name.
    case unknown(TrackID, name: String)
    case trackEnded(TrackID)
}

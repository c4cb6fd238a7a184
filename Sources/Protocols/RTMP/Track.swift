// SPDX-License-Identifier: Apache-2.0

/// Which of a publisher's tracks: its kind and its number. Number 0 is the default track (enhanced RTMP, Multitrack).
public struct TrackID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Picture or sound.
    public enum Kind: UInt8, Hashable, Sendable { case video, audio }

    /// Picture or sound.
    public var kind: Kind
    /// The publisher's number for it; numbers carry no ranking.
    public var number: UInt8

    /// A track of this kind and number.
    public init(_ kind: Kind, _ number: UInt8 = 0) {
        self.kind = kind
        self.number = number
    }

    /// Video before audio, then by number.
    public static func < (left: TrackID, right: TrackID) -> Bool {
        (left.kind.rawValue, left.number) < (right.kind.rawValue, right.number)
    }

    /// `video 0`, `audio 1`.
    public var description: String { "\(kind) \(number)" }
}

/// The codecs that are taken, by the FourCC that enhanced RTMP has for them.
public enum Codec: String, Hashable, Sendable, CaseIterable {
    case avc = "avc1"
    case hevc = "hvc1"
    case av1 = "av01"
    case vp9 = "vp09"
    case aac = "mp4a"
    case opus = "Opus"

    /// Picture or sound.
    public var kind: TrackID.Kind {
        switch self {
        case .avc, .hevc, .av1, .vp9: .video
        case .aac, .opus: .audio
        }
    }

    /// Whether its coded frames carry a composition time (enhanced RTMP, CodedFrames).
    var hasCompositionTime: Bool { self == .avc || self == .hevc }
}

/// One coded frame of one track.
public struct Sample: Hashable, Sendable {
    /// Its track.
    public var track: TrackID
    /// Decode time in milliseconds, unrolled beyond 32 bits; only differences mean something.
    public var dtsMilliseconds: Int64
    /// Presentation time minus decode time, in milliseconds; may be negative.
    public var compositionMilliseconds: Int32
    /// What ModEx adds to the times, below one millisecond.
    public var nanoseconds: Int32
    /// Whether decoding can begin here. Every audio sample is a key.
    public var isKey: Bool
    /// The coded bytes as the codec's MP4 mapping has them (length-prefixed units, one temporal unit, one raw frame).
    public var bytes: ArraySlice<UInt8>

    /// A sample of these parts.
    public init(
        track: TrackID, dtsMilliseconds: Int64, compositionMilliseconds: Int32 = 0, nanoseconds: Int32 = 0,
        isKey: Bool, bytes: ArraySlice<UInt8>
    ) {
        self.track = track
        self.dtsMilliseconds = dtsMilliseconds
        self.compositionMilliseconds = compositionMilliseconds
        self.nanoseconds = nanoseconds
        self.isKey = isKey
        self.bytes = bytes
    }
}

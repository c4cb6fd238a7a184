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
    public var hasCompositionTime: Bool { self == .avc || self == .hevc }
}

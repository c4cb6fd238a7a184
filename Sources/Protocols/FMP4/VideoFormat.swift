// SPDX-License-Identifier: Apache-2.0

/// Frames per second as a fraction.
public struct FrameRate: Hashable, Sendable {
    /// Frames.
    public var frames: Int
    /// In so many seconds.
    public var seconds: Int

    /// `frames` in `seconds`.
    public init(frames: Int, seconds: Int) {
        self.frames = frames
        self.seconds = seconds
    }

    /// Frames per second, in thousandths, rounded: what FRAME-RATE wants (RFC 8216bis 4.4.6.2).
    public var thousandths: Int { (frames * 1000 + seconds / 2) / max(1, seconds) }
}

/// What a player must know of a picture before it decodes one, read from the encoder's own configuration.
public struct VideoFormat: Hashable, Sendable {
    /// The kinds of picture, by their sample entry.
    public enum Kind: String, Hashable, Sendable { case avc1, hvc1, av01, vp09 }

    /// HDR or not: VIDEO-RANGE (RFC 8216bis 4.4.6.2).
    public enum Range: String, Hashable, Sendable { case sdr = "SDR", hlg = "HLG", pq = "PQ" }

    /// Its sample entry.
    public var kind: Kind
    /// The configuration record as it goes into the sample entry's box.
    public var record: [UInt8]
    /// In pixels.
    public var width: Int
    /// In pixels.
    public var height: Int
    /// The exact CODECS string, such as `avc1.64001F`.
    public var codecs: String
    /// What the parameter sets promise, if they do.
    public var frameRate: FrameRate?
    /// HDR or not.
    public var range = Range.sdr
    /// How many bytes each NAL unit's length has in what the encoder sends; nil where there are no NAL units.
    public var lengthBytes: Int?

    init(kind: Kind, record: [UInt8], width: Int, height: Int, codecs: String) throws(Violation) {
        guard (16...16_384).contains(width), (16...16_384).contains(height) else {
            throw .pictureSizeAbsurd(width: width, height: height)
        }
        self.kind = kind
        self.record = record
        self.width = width
        self.height = height
        self.codecs = codecs
    }

    /// The range that transfer characteristics mean (ITU-T H.273, table 3).
    static func range(transfer: Int) -> Range {
        switch transfer {
        case 16: .pq
        case 18: .hlg
        default: .sdr
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
public import Media

/// Writes one track as a Matroska stream that has no end.
public enum MatroskaWriter {
    /// What a reader is told of a track beside its decoder configuration.
    public enum Shape: Hashable, Sendable {
        /// In pixels.
        case picture(width: Int, height: Int)
        /// Samples per second, and channels.
        case sound(rate: Int, channels: Int)
    }

    /// Everything before the first frame (RFC 9559, 5.1). `configuration` is what `Signal.configuration` carries.
    public static func head(_ codec: Codec, _ configuration: ArraySlice<UInt8>, _ shape: Shape) -> [UInt8] {
        head { tracks in tracks.master(0xAE) { $0.track(1, codec, configuration, shape) } }
    }

    /// The same for so many sounds of Opus side by side, two channels each.
    public static func soundsHead(_ count: Int) -> [UInt8] {
        let opus: [UInt8] = Array("OpusHead".utf8) + [1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]
        return head { tracks in
            for number in 1...count {
                tracks.master(0xAE) { $0.track(UInt64(number), .opus, opus[...], .sound(rate: 48_000, channels: 2)) }
            }
        }
    }

    private static func head(_ entries: (inout Elements) -> Void) -> [UInt8] {
        var elements = Elements()
        elements.master(0x1A45_DFA3) { head in
            // EBML 1, ids of at most four bytes and sizes of at most eight; matroska 4, readable by readers of 2.
            for (id, value) in [(0x4286, 1), (0x42F7, 1), (0x42F2, 4), (0x42F3, 8)] as [(UInt32, UInt64)] {
                head.number(id, value)
            }
            head.element(0x4282, "matroska".utf8)
            head.number(0x4287, 4)
            head.number(0x4285, 2)
        }
        elements.endless(0x1853_8067)
        elements.master(0x1549_A966) { info in
            info.number(0x2AD7B1, 1_000)  // TimestampScale: nanoseconds to a tick.
            info.element(0x4D80, "Sanyan".utf8)
            info.element(0x5741, "Sanyan".utf8)
        }
        elements.master(0x1654_AE6B) { entries(&$0) }
        return elements.bytes
    }

    /// One coded frame, presented at so many microseconds from the stream's beginning (5.1.3): nothing before it is
    /// needed to read it. What would be before the beginning is at it.
    public static func frame(
        presentedAt microseconds: Int64, isKey: Bool, _ bytes: ArraySlice<UInt8>, track: UInt8 = 1
    ) -> [UInt8] {
        // The track, no time beyond the cluster's, and whether it is a key.
        let head: [UInt8] = [0x80 | track, 0, 0, isKey ? 0x80 : 0]
        var elements = Elements()
        elements.master(0x1F43_B675) { cluster in
            cluster.number(0xE7, UInt64(max(0, microseconds)))
            cluster.element(0xA3, head + bytes)
        }
        return elements.bytes
    }
}

extension Elements {
    /// A TrackEntry (5.1.4.1).
    fileprivate mutating func track(
        _ trackNumber: UInt64, _ codec: Codec, _ configuration: ArraySlice<UInt8>, _ shape: MatroskaWriter.Shape
    ) {
        number(0xD7, trackNumber)  // TrackNumber
        number(0x73C5, trackNumber)  // TrackUID
        number(0x83, codec.kind == .video ? 1 : 2)  // TrackType
        number(0x9C, 0)  // FlagLacing
        element(0x86, codec.matroskaID.utf8)
        // The codecs' own records; only what vpcC says of VP9 has another form there, and can be left out.
        if codec != .vp9 { element(0x63A2, configuration) }
        switch shape {
        case .picture(let width, let height):
            master(0xE0) { video in
                video.number(0xB0, UInt64(max(1, width)))
                video.number(0xBA, UInt64(max(1, height)))
            }
        case .sound(let rate, let channels):
            master(0xE1) { audio in
                audio.real(0xB5, Double(rate))
                audio.number(0x9F, UInt64(max(1, channels)))
            }
        }
    }
}

extension Codec {
    /// The CodecID (draft-ietf-cellar-codec, 4.3 and 4.4).
    fileprivate var matroskaID: String {
        switch self {
        case .avc: "V_MPEG4/ISO/AVC"
        case .hevc: "V_MPEGH/ISO/HEVC"
        case .av1: "V_AV1"
        case .vp9: "V_VP9"
        case .aac: "A_AAC"
        case .opus: "A_OPUS"
        }
    }
}

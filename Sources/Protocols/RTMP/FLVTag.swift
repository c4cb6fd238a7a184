// SPDX-License-Identifier: Apache-2.0
import Media

/// One tag of FLV (FLV 10.1, annex E.4), which is also the body of one RTMP message (specification 7.1).
struct FLVTag: Hashable, Sendable {
    /// Audio, video or data: `Message.Kind`.
    var type: UInt8
    /// Milliseconds since the beginning; wraps after 49.7 days.
    var milliseconds: UInt32
    /// What stands behind the tag's header.
    var body: [UInt8]

    /// A decoder configuration: an AVC or AAC sequence header, or SequenceStart of the enhanced header.
    static func configuration(_ codec: Codec, _ bytes: ArraySlice<UInt8>, at milliseconds: UInt32) -> FLVTag {
        let head: [UInt8] =
            switch codec {
            case .avc: [0x17, 0, 0, 0, 0]
            case .aac: [0xAF, 0]
            default: [0x90] + codec.rawValue.utf8
            }
        return FLVTag(type: codec.kind.messageType, milliseconds: milliseconds, body: head + bytes)
    }

    /// A coded frame; `composition` is presentation minus decode time in milliseconds, of which 24 bits are written.
    static func frame(_ codec: Codec, _ sample: Sample, composition: Int64, at milliseconds: UInt32) -> FLVTag {
        var body: [UInt8] = []
        body.reserveCapacity(sample.bytes.count + 8)
        let kind: UInt8 = sample.isKey ? 0x10 : 0x20
        switch codec {
        case .avc:
            body += [kind | 7, 1]
            body.append(composition: composition)
        case .aac: body += [0xAF, 1]
        case .opus:
            body.append(0x91)
            body += codec.rawValue.utf8
        case .hevc, .av1, .vp9:
            // CodedFrames with a composition time, CodedFramesX without; AV1 and VP9 never have one.
            let hasTime = codec.hasCompositionTime && composition != 0
            body.append(0x80 | kind | (hasTime || !codec.hasCompositionTime ? 1 : 3))
            body += codec.rawValue.utf8
            if hasTime { body.append(composition: composition) }
        }
        body += sample.bytes
        return FLVTag(type: codec.kind.messageType, milliseconds: milliseconds, body: body)
    }

    /// Nothing more comes on this track; AAC has no such tag.
    static func end(_ codec: Codec, at milliseconds: UInt32) -> FLVTag? {
        let body: [UInt8]
        switch codec {
        case .avc: body = [0x17, 2, 0, 0, 0]
        case .aac: return nil
        default: body = [0x92] + codec.rawValue.utf8
        }
        return FLVTag(type: codec.kind.messageType, milliseconds: milliseconds, body: body)
    }
}

extension [UInt8] {
    /// Appends a composition time: 24 bits, signed.
    fileprivate mutating func append(composition: Int64) {
        let clamped = Swift.min(Swift.max(composition, -0x80_0000), 0x7F_FFFF)
        append(number: UInt64(bitPattern: clamped), bytes: 3)
    }
}

extension TrackID.Kind {
    /// The message type that carries it.
    var messageType: UInt8 { self == .video ? Message.Kind.video : Message.Kind.audio }
}

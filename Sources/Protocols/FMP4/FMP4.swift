// SPDX-License-Identifier: Apache-2.0

// FMP4: the boxes that a browser can play piece by piece.
//
// Implemented
//   ISO/IEC 14496-12 (ISO base media): ftyp, moov with mvhd, trak, mvex; moof with mfhd, traf, tfhd
//     (default-base-is-moof), tfdt version 1, trun version 1 with signed composition offsets; mdat.
//   ISO/IEC 14496-15: avc1 and hvc1 (parameter sets out of band), avcC and hvcC read and written through.
//   AV1 in ISOBMFF 1.2: av01 and av1C. VP9 in ISOBMFF 1.0: vp09 and vpcC. Opus in ISOBMFF: Opus and dOps.
//   ISO/IEC 14496-3: AudioSpecificConfig with explicit SBR and PS, rate index 15, program config element; 14496-1 esds.
//   ITU-T H.264 7.3.2.1 and H.265 7.3.2.2 as far as size, profile and (H.264) frame rate; the AV1 sequence header;
//     the VP9 key frame's header.
//   RFC 6381 and the codecs' own annexes: the exact CODECS string.
//   The same boxes read again, as strictly as they are written: `InitSegment` and `FragmentShape`.
// Not implemented
//   Edit lists in fragments (offsets are signed instead: players differ on edit lists), sidx, encryption, reading other
//   people's files, the H.265 VUI (its frame rate is learned from the times), VVC, VP8, MP3, FLAC, AC-3.
//
// One part is one `moof` and its `mdat`; one segment is its parts, byte for byte. Nothing here knows a socket or a
// clock; every length is checked before it is believed.

/// What a decoder configuration or a coded frame did that makes it unusable.
public enum Violation: Error, Hashable, Sendable {
    case configurationTruncated(codec: String)
    case configurationUnknownVersion(codec: String, version: UInt8)
    case parameterSetMissing(codec: String)
    case parameterSetBroken(codec: String)
    case pictureSizeAbsurd(width: Int, height: Int)
    case audioObjectTypeUnknown(Int)
    case audioRateUnknown
    case audioChannelsUnknown
    case keyFrameUnreadable(codec: String)
    case frameTruncated
    /// A box is longer than what holds it, or what it holds is not all there.
    case boxBroken(String)
    /// Another box stands where this one is awaited.
    case boxUnexpected(String, awaited: String)
    /// A version, flags or a field that is never written here.
    case boxFormUnknown(String)
    /// A fragment is of a track that the file does not have, or has one twice.
    case trackUnknown(Int)
    /// A time that no clock of ours can show.
    case timeAbsurd

    /// One plain English sentence for the console and the log.
    public var reason: String {
        switch self {
        case .configurationTruncated(let codec): "The \(codec) configuration is cut off."
        case .configurationUnknownVersion(let codec, let version):
            "The \(codec) configuration has the unknown version \(version)."
        case .parameterSetMissing(let codec): "The \(codec) configuration has no parameter sets."
        case .parameterSetBroken(let codec): "The \(codec) parameter sets cannot be read."
        case .pictureSizeAbsurd(let width, let height): "A picture of \(width) by \(height) cannot be."
        case .audioObjectTypeUnknown(let type): "AAC of the object type \(type) is not taken."
        case .audioRateUnknown: "The sound's sampling rate is unknown."
        case .audioChannelsUnknown: "The sound's channels are unknown."
        case .keyFrameUnreadable(let codec): "The first \(codec) key frame cannot be read."
        case .frameTruncated: "A frame ends inside one of its units."
        case .boxBroken(let type): "The box \(type) is broken."
        case .boxUnexpected(let type, let awaited): "There is a box \(type) where \(awaited) should be."
        case .boxFormUnknown(let type): "The box \(type) has a form that is not written here."
        case .trackUnknown(let number): "The track \(number) is not in the file, or is there twice."
        case .timeAbsurd: "A time is absurd."
        }
    }
}

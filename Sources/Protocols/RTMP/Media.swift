// SPDX-License-Identifier: Apache-2.0
import Media

/// What one audio or video message says, before its time is unrolled.
enum Medium: Hashable {
    case configuration(TrackID, Codec, ArraySlice<UInt8>)
    case frame(TrackID, Codec, composition: Int32, nanoseconds: Int32, isKey: Bool, ArraySlice<UInt8>)
    /// The track says that nothing more comes.
    case end(TrackID)
    /// Colour and HDR information (enhanced RTMP, Metadata).
    case description([AMF])
    /// Something that is well-formed and not taken here.
    case unknown(TrackID, name: String)
}

/// Reads the bodies of audio and video messages: the FLV headers and the enhanced ones.
struct MediaReader {
    let limits: Limits

    // MARK: Video

    /// A video message (FLV E.4.3, enhanced RTMP "Enhanced Video").
    func video(_ body: ArraySlice<UInt8>) throws(Violation) -> [Medium] {
        var cursor = Cursor(body)
        guard let first = cursor.byte() else { return [] }
        let isKey = (first >> 4) & 0x07 == 1
        if first & 0x80 != 0 { return try enhancedVideo(first, isKey: isKey, cursor) }
        if first >> 4 == 5 { return [] }  // A command frame: seek signalling, no picture.
        let track = TrackID(.video)
        let codec: Codec
        switch first & 0x0F {
        case 7: codec = .avc
        case 12: codec = .hevc  // Sent by encoders of before the enhanced header; accepted, never sent.
        case let other: return [.unknown(track, name: "video codec \(other)")]
        }
        guard let packet = cursor.byte(), let composition = MediaReader.signed24(&cursor) else {
            throw .mediaTruncated(type: Message.Kind.video)
        }
        switch packet {
        case 0: return [.configuration(track, codec, cursor.rest)]
        case 1 where cursor.left == 0: return []
        case 1:
            return [.frame(track, codec, composition: composition, nanoseconds: 0, isKey: isKey, cursor.rest)]
        case 2: return [.end(track)]
        default: return []
        }
    }

    private func enhancedVideo(_ first: UInt8, isKey: Bool, _ start: Cursor) throws(Violation) -> [Medium] {
        var cursor = start
        var packet = first & 0x0F
        let nanoseconds = try modifiers(&cursor, &packet)
        // A command frame has one byte and no media; with Metadata the frame type means nothing.
        if (first >> 4) & 0x07 == 5, packet != 4 { return [] }
        return try tracks(kind: .video, packet: packet, multitrack: 6, &cursor) {
            (track, name, packet, bytes) throws(Violation) in
            try MediaReader.videoPacket(
                packet, track: track, name: name, isKey: isKey, nanoseconds: nanoseconds, bytes, limits)
        }
    }

    private static func videoPacket(
        _ packet: UInt8, track: TrackID, name: String, isKey: Bool, nanoseconds: Int32, _ bytes: ArraySlice<UInt8>,
        _ limits: Limits
    ) throws(Violation) -> Medium? {
        if packet == 4 { return .description(try AMF.values(in: bytes, limits: limits)) }
        guard let codec = Codec(rawValue: name), codec.kind == .video else { return .unknown(track, name: name) }
        var cursor = Cursor(bytes)
        switch packet {
        case 0: return .configuration(track, codec, bytes)
        case 2: return .end(track)
        case 1, 3:
            var composition: Int32 = 0
            if packet == 1, codec.hasCompositionTime {
                guard let value = signed24(&cursor) else { throw .mediaTruncated(type: Message.Kind.video) }
                composition = value
            }
            guard cursor.left > 0 else { return nil }
            return .frame(
                track, codec, composition: composition, nanoseconds: nanoseconds, isKey: isKey, cursor.rest)
        default: return .unknown(track, name: "video packet type \(packet)")
        }
    }

    // MARK: Audio

    /// An audio message (FLV E.4.2, enhanced RTMP "Enhanced Audio"). An empty one means silence, not corruption.
    func audio(_ body: ArraySlice<UInt8>) throws(Violation) -> [Medium] {
        var cursor = Cursor(body)
        guard let first = cursor.byte() else { return [] }
        let track = TrackID(.audio)
        switch first >> 4 {
        case 9: return try enhancedAudio(first, cursor)
        case 10:
            guard let packet = cursor.byte(), cursor.left > 0 else { return [] }
            if packet == 0 { return [.configuration(track, .aac, cursor.rest)] }
            return [.frame(track, .aac, composition: 0, nanoseconds: 0, isKey: true, cursor.rest)]
        case let other: return [.unknown(track, name: "audio format \(other)")]
        }
    }

    private func enhancedAudio(_ first: UInt8, _ start: Cursor) throws(Violation) -> [Medium] {
        var cursor = start
        var packet = first & 0x0F
        let nanoseconds = try modifiers(&cursor, &packet)
        return try tracks(kind: .audio, packet: packet, multitrack: 5, &cursor) {
            (track, name, packet, bytes) throws(Violation) in
            guard let codec = Codec(rawValue: name), codec.kind == .audio else {
                return .unknown(track, name: name)
            }
            switch packet {
            case 0: return .configuration(track, codec, bytes)
            case 1 where bytes.isEmpty: return nil
            case 1: return .frame(track, codec, composition: 0, nanoseconds: nanoseconds, isKey: true, bytes)
            case 2: return .end(track)
            case 4: return nil  // Multichannel configuration: the codec's own configuration says enough.
            default: return .unknown(track, name: "audio packet type \(packet)")
            }
        }
    }

    // MARK: Both

    /// The ModEx loop: modifiers stand before the packet they modify. Answers the nanosecond offset.
    private func modifiers(_ cursor: inout Cursor, _ packet: inout UInt8) throws(Violation) -> Int32 {
        var nanoseconds: Int32 = 0
        while packet == 7 {
            guard let short = cursor.byte() else { throw .modifierTruncated }
            var size = Int(short) + 1
            if size == 256 {
                guard let long = cursor.number(2) else { throw .modifierTruncated }
                size = Int(long) + 1
            }
            guard let value = cursor.slice(size), let kinds = cursor.byte() else { throw .modifierTruncated }
            if kinds >> 4 == 0, value.count >= 3 {
                let number = value.prefix(3).reduce(Int32(0)) { $0 << 8 | Int32($1) }
                nanoseconds = min(number, 999_999)
            }
            packet = kinds & 0x0F
        }
        return nanoseconds
    }

    /// One packet, or the packets of every track of a Multitrack message.
    private func tracks(
        kind: TrackID.Kind, packet: UInt8, multitrack: UInt8, _ cursor: inout Cursor,
        read: (TrackID, String, UInt8, ArraySlice<UInt8>) throws(Violation) -> Medium?
    ) throws(Violation) -> [Medium] {
        let type: UInt8 = kind == .video ? Message.Kind.video : Message.Kind.audio
        guard packet == multitrack else {
            if kind == .video, packet == 4 {
                // Metadata describes the picture with AMF behind its FourCC.
                guard cursor.slice(4) != nil else { throw .mediaTruncated(type: type) }
                return try read(TrackID(kind), "", packet, cursor.rest).map { [$0] } ?? []
            }
            guard let name = cursor.slice(4) else { throw .mediaTruncated(type: type) }
            return try read(TrackID(kind), String(decoding: name, as: UTF8.self), packet, cursor.rest)
                .map { [$0] } ?? []
        }
        guard let kinds = cursor.byte() else { throw .mediaTruncated(type: type) }
        let (arrangement, inner) = (kinds >> 4, kinds & 0x0F)
        var name = ""
        if arrangement < 2 {
            guard let code = cursor.slice(4) else { throw .mediaTruncated(type: type) }
            name = String(decoding: code, as: UTF8.self)
        }
        var media: [Medium] = []
        while cursor.left > 0 {
            if arrangement == 2 {
                guard let code = cursor.slice(4) else { throw .mediaTruncated(type: type) }
                name = String(decoding: code, as: UTF8.self)
            }
            guard let number = cursor.byte() else { throw .mediaTruncated(type: type) }
            var bytes = cursor.rest
            if arrangement == 0 {
                cursor = Cursor([])
            } else {
                guard let size = cursor.number(3), let part = cursor.slice(Int(size)) else {
                    throw .mediaTruncated(type: type)
                }
                bytes = part
            }
            if let medium = try read(TrackID(kind, number), name, inner, bytes) { media.append(medium) }
        }
        return media
    }

    private static func signed24(_ cursor: inout Cursor) -> Int32? {
        cursor.number(3).map { Int32(truncatingIfNeeded: UInt32($0) << 8) >> 8 }
    }
}

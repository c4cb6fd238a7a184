// SPDX-License-Identifier: Apache-2.0
import Media

/// What an elementary stream carries, by its stream type and descriptors (2.4.4.9, table 2-34).
enum Content: Hashable, Sendable {
    case avc
    case hevc
    case aac
    /// With its identification header (RFC 7845 5.1), made from the descriptor.
    case opus(head: [UInt8])
    /// Picture or sound that is not taken here.
    case unknown(TrackID.Kind, name: String)
    /// Neither picture nor sound.
    case other(name: String)

    init(_ line: ProgramMap.Line) {
        switch line.type {
        case 0x1B: self = .avc
        case 0x24: self = .hevc
        case 0x0F: self = .aac
        case 0x06: self = Content.privateStream(line.descriptors)
        case 0x01, 0x02: self = .unknown(.video, name: "MPEG-\(line.type) video")
        case 0x10: self = .unknown(.video, name: "MPEG-4 Visual")
        case 0x33: self = .unknown(.video, name: "VVC")
        case 0xEA: self = .unknown(.video, name: "VC-1")
        case 0x03, 0x04: self = .unknown(.audio, name: "MPEG audio")
        case 0x11: self = .unknown(.audio, name: "AAC in LATM")
        case 0x81: self = .unknown(.audio, name: "AC-3")
        case 0x87: self = .unknown(.audio, name: "E-AC-3")
        case 0x05: self = .other(name: "private sections")
        case 0x15: self = .other(name: "timed metadata")
        case 0x86: self = .other(name: "SCTE 35")
        case let type: self = .other(name: "stream type \(type)")
        }
    }

    /// The kind whose numbers it counts among; nil for what has none.
    var kind: TrackID.Kind? {
        switch self {
        case .avc, .hevc: .video
        case .aac, .opus: .audio
        case .unknown(let kind, _): kind
        case .other: nil
        }
    }

    /// Why it is not taken; nil when it is.
    var complaint: String? {
        switch self {
        case .avc, .hevc, .aac, .opus: nil
        case .unknown(_, let name), .other(let name): name
        }
    }

    /// Stream type 6: its descriptors say what it is.
    private static func privateStream(_ descriptors: [ProgramMap.Descriptor]) -> Content {
        let registration = descriptors.first { $0.tag == 0x05 && $0.body.count >= 4 }
        switch registration.map({ String(decoding: $0.body.prefix(4), as: UTF8.self) }) {
        case "Opus"?: return opus(descriptors)
        case "HEVC"?: return .hevc
        case "AV01"?: return .unknown(.video, name: "AV1 in MPEG-TS")
        case "VP09"?: return .unknown(.video, name: "VP9 in MPEG-TS")
        case "AC-3"?: return .unknown(.audio, name: "AC-3")
        case "EAC3"?: return .unknown(.audio, name: "E-AC-3")
        case "BSSD"?: return .unknown(.audio, name: "SMPTE 302M")
        case "KLVA"?: return .other(name: "KLV metadata")
        default: break
        }
        // ETSI EN 300 468, table 12.
        for descriptor in descriptors {
            switch descriptor.tag {
            case 0x6A: return .unknown(.audio, name: "AC-3")
            case 0x7A: return .unknown(.audio, name: "E-AC-3")
            case 0x7B: return .unknown(.audio, name: "DTS")
            case 0x56: return .other(name: "teletext")
            case 0x59: return .other(name: "subtitles")
            default: break
            }
        }
        return .other(name: "private data")
    }

    /// "Opus in MPEG-TS": an extension descriptor with tag 0x80 has one byte, the channels in Vorbis order.
    private static func opus(_ descriptors: [ProgramMap.Descriptor]) -> Content {
        let extensions = descriptors.first { $0.tag == 0x7F && $0.body.count >= 2 && $0.body[0] == 0x80 }
        guard let channels = extensions?.body[1], (1...8).contains(channels) else {
            return .unknown(.audio, name: "Opus with an unusual channel layout")
        }
        var head = Array("OpusHead".utf8) + [1, channels, 0, 0, 0x80, 0xBB, 0, 0, 0, 0]
        guard channels > 2 else { return .opus(head: head + [0]) }
        // RFC 7845 5.1.1.2: how the coded streams make up the channels.
        let layouts: [(streams: UInt8, coupled: UInt8, map: [UInt8])] = [
            (2, 1, [0, 2, 1]), (2, 2, [0, 1, 2, 3]), (3, 2, [0, 4, 1, 2, 3]), (4, 2, [0, 4, 1, 2, 3, 5]),
            (4, 3, [0, 4, 1, 2, 3, 5, 6]), (5, 3, [0, 6, 1, 2, 3, 4, 5, 7]),
        ]
        let layout = layouts[Int(channels) - 3]
        head += [1, layout.streams, layout.coupled] + layout.map
        return .opus(head: head)
    }
}

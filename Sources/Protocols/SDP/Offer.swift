// SPDX-License-Identifier: Apache-2.0
import RTP

/// An offer as it was read (RFC 8866, 9429): what stands on the session's level, and its media sections.
public struct Offer: Hashable, Sendable {
    /// A room page's offer of twenty sections is some 20 kB.
    public static let sizeLimit = 256 * 1024
    /// A page negotiates its slots once; nobody needs more.
    public static let sectionLimit = 64
    static let lineLimit = 8_192

    /// Identifiers of the sections that share one transport (RFC 9143, 7.2).
    public var bundle: [String] = []
    /// Its sections, in their order.
    public var sections: [Section] = []
    /// Whether the other side is a lite agent too.
    public var isLite = false
    var common = Transport()

    /// What a transport needs; on the session's level it holds for every section.
    struct Transport: Hashable, Sendable {
        var fragment: String?
        var password: String?
        /// SHA-256 (RFC 8122, 5), 32 bytes.
        var fingerprint: [UInt8]?
        var setup: String?
        var extensions: [Extension] = []
        var direction: Direction?
    }

    /// `a=extmap`: a number, what it stands for, and who may send it (RFC 8285, 5).
    struct Extension: Hashable, Sendable {
        var number: Int
        var uri: String
        var direction: Direction?
    }

    /// One media section, from its `m=` line to the next.
    public struct Section: Hashable, Sendable {
        /// `audio`, `video`, `application` and others, as written.
        public var kind: String
        /// 0 when it is refused (RFC 8843: or bundle-only).
        public var port: Int
        /// `UDP/TLS/RTP/SAVPF` as written.
        public var protocolName: String
        /// What stands at the line's end: payload types, most wanted first.
        public var formats: [String]
        /// `a=mid` (RFC 9143).
        public var mid = ""
        /// Who sends, said by the offerer.
        public var direction = Direction.sendrecv
        /// `a=rtpmap` and what belongs to it, by payload type.
        public var maps: [UInt8: Map] = [:]
        /// Encodings the offerer would send, in its order of preference (RFC 8853).
        public var simulcast: [String] = []
        /// Restriction identifiers to be sent (RFC 8851).
        public var rids: [String] = []
        /// The streams it announces, in its order; simulcast announces none.
        public var ssrcs: [UInt32] = []
        /// Pairs of a stream and its retransmissions (RFC 5576, 4.2 FID).
        public var pairs: [(stream: UInt32, repair: UInt32)] = []
        /// `a=msid`: stream and track (RFC 8830).
        public var streamName: String?
        /// Whether RTP and RTCP share a port (RFC 5761).
        public var isMuxed = false
        var hasBundleOnly = false
        /// `a=rtcp-fb:*`: what holds for all payload types.
        var common: [String] = []
        var own = Transport()

        public static func == (left: Section, right: Section) -> Bool {
            left.kind == right.kind && left.port == right.port && left.mid == right.mid && left.formats == right.formats
                && left.direction == right.direction && left.maps == right.maps && left.simulcast == right.simulcast
                && left.rids == right.rids && left.ssrcs == right.ssrcs && left.own == right.own
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(kind)
            hasher.combine(mid)
        }
    }

    /// What a payload type stands for.
    public struct Map: Hashable, Sendable {
        /// The encoding's name, lower case.
        public var name: String
        /// Ticks in a second.
        public var clockRate: UInt32
        /// Channels of sound, 1 when nothing is said.
        public var channels = 1
        /// `a=fmtp` as written.
        public var parameters = ""
        /// `a=rtcp-fb`, each as written.
        public var feedback: [String] = []

        static let unnamed = Map(name: "", clockRate: 0)

        /// One parameter of `a=fmtp`, e.g. `apt`; its name in small letters.
        func parameter(_ name: StaticString) -> String? {
            Piece.reading(parameters) { pairs in
                var pairs = pairs
                while var value = pairs.cut(";") {
                    value.skip(" ")
                    if let said = value.cut("="), !value.isEmpty, said.isLike(name) { return value.text }
                }
                return nil
            }
        }

        /// What stands before the first slash of `a=fmtp`: of redundant sound, what it repeats (RFC 2198, 5).
        var repeated: String? {
            Piece.reading(parameters) { types in
                var types = types
                return types.cut("/")?.text
            }
        }
    }

    /// The format of a payload type, when it is one that is taken. H.264 in mode 1 only (RFC 6184, 6.3), VP9 profile 0.
    static func format(of map: Map) -> PayloadFormat? {
        guard let format = PayloadFormat.allCases.first(where: { $0.name == map.name }),
            format.clockRate == map.clockRate
        else { return nil }
        switch format {
        case .opus: return map.channels == 2 ? .opus : nil
        case .h264: return map.parameter("packetization-mode") == "1" ? .h264 : nil
        case .vp9: return (map.parameter("profile-id") ?? "0") == "0" ? .vp9 : nil
        case .av1: return (map.parameter("profile") ?? "0") == "0" ? .av1 : nil
        case .vp8: return .vp8
        }
    }
}

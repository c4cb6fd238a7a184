// SPDX-License-Identifier: Apache-2.0
public import RTP

/// What both sides agreed on: all that the packets' way needs to know.
public struct Negotiated: Hashable, Sendable {
    /// Their ICE credentials.
    public var fragment: String
    /// Their ICE credentials.
    public var password: String
    /// SHA-256 of their certificate, 32 bytes (RFC 8122, 5).
    public var fingerprint: [UInt8]
    /// Every section of the offer, in its order, refused ones too.
    public var sections: [NegotiatedSection]

    /// An agreement of these parts.
    public init(fragment: String, password: String, fingerprint: [UInt8], sections: [NegotiatedSection]) {
        self.fragment = fragment
        self.password = password
        self.fingerprint = fingerprint
        self.sections = sections
    }
}

/// One format of a section, with the numbers that stand for it.
public struct Coding: Hashable, Sendable {
    /// What is in the payload.
    public var format: PayloadFormat
    /// Its payload type.
    public var payloadType: UInt8
    /// The payload type of its retransmissions (RFC 4588).
    public var repairType: UInt8?
    /// The payload type of redundant sound (RFC 2198).
    public var redundantType: UInt8?

    /// A coding of these numbers.
    public init(
        format: PayloadFormat, payloadType: UInt8, repairType: UInt8? = nil, redundantType: UInt8? = nil
    ) {
        self.format = format
        self.payloadType = payloadType
        self.repairType = repairType
        self.redundantType = redundantType
    }
}

/// What was agreed on for one section.
public struct NegotiatedSection: Hashable, Sendable {
    /// `a=mid`.
    public var mid: String
    /// Whether it is for pictures.
    public var isVideo: Bool
    /// What we do; `.inactive` also when it is refused.
    public var direction: Direction
    /// Whether it was refused with port 0.
    public var isRefused: Bool
    /// The formats, most wanted first.
    public var codings: [Coding]
    /// Which numbers stand for which header extensions.
    public var extensions: ExtensionMap
    /// Encodings that they send, by restriction identifier, in the offer's order, which means nothing.
    public var rids: [String]
    /// Streams they announced, with the streams of their retransmissions.
    public var theirs: [Stream]
    /// The stream we send in it, and its retransmissions.
    public var ours: Stream
    /// The track's name as they have it (`a=msid`).
    public var streamName: String?
    /// Whether both sides know transport-wide feedback, REMB, and NACK.
    public var hasTransportFeedback: Bool
    /// Whether REMB was agreed on.
    public var hasREMB: Bool
    /// Whether NACK was agreed on.
    public var hasNACK: Bool

    /// A stream and that of its retransmissions.
    public struct Stream: Hashable, Sendable {
        /// Its SSRC.
        public var ssrc: UInt32
        /// The SSRC of its retransmissions.
        public var repair: UInt32?

        /// A stream, and its repair.
        public init(ssrc: UInt32, repair: UInt32? = nil) {
            self.ssrc = ssrc
            self.repair = repair
        }
    }

    /// A section that is refused until something is agreed on.
    public init(mid: String, isVideo: Bool) {
        self.mid = mid
        self.isVideo = isVideo
        direction = .inactive
        isRefused = true
        codings = []
        extensions = ExtensionMap()
        rids = []
        theirs = []
        ours = Stream(ssrc: 0)
        hasTransportFeedback = false
        hasREMB = false
        hasNACK = false
    }
}

/// Where we can be reached (RFC 8839, 5.1).
public struct Candidate: Hashable, Sendable {
    /// A numeric address.
    public var address: String
    /// The port.
    public var port: UInt16
    /// Whether it is a TCP port that waits (RFC 6544, 4.5).
    public var isTCP: Bool

    /// A host candidate.
    public init(address: String, port: UInt16, isTCP: Bool = false) {
        self.address = address
        self.port = port
        self.isTCP = isTCP
    }

    /// The value of `a=candidate`; earlier ones are preferred (RFC 8445, 5.1.2.1; TCP below all UDP, RFC 6544, 4.2).
    func line(_ index: Int) -> String {
        let preference = UInt32(isTCP ? 90 : 126) << 24 | UInt32(max(0, 65_535 - index)) << 8 | 255
        let kind = isTCP ? "tcp" : "udp"
        return "\(index + 1) 1 \(kind) \(preference) \(address) \(port) typ host" + (isTCP ? " tcptype passive" : "")
    }
}

/// What we say of ourselves in an answer.
public struct OurSide: Hashable, Sendable {
    /// Our ICE credentials.
    public var fragment: String
    /// Our ICE credentials.
    public var password: String
    /// SHA-256 of our certificate, 32 bytes.
    public var fingerprint: [UInt8]
    /// Where we can be reached, best first.
    public var candidates: [Candidate]
    /// Our canonical name (RFC 3550, 6.5.1).
    public var cname: String
    /// The session's number (RFC 8866, 5.2).
    public var session: UInt64

    /// Our side of these parts.
    public init(
        fragment: String, password: String, fingerprint: [UInt8], candidates: [Candidate], cname: String = "sanyan",
        session: UInt64
    ) {
        self.fragment = fragment
        self.password = password
        self.fingerprint = fingerprint
        self.candidates = candidates
        self.cname = cname
        self.session = session
    }

    /// `AB:CD:…`
    var fingerprintText: String {
        let digits = "0123456789ABCDEF".utf8.map { $0 }
        var text: [UInt8] = []
        text.reserveCapacity(3 * fingerprint.count)
        for byte in fingerprint {
            if !text.isEmpty { text.append(UInt8(ascii: ":")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// What a connection may do, and with which formats.
public struct Policy: Hashable, Sendable {
    /// Whether what it offers to send is taken.
    public var mayPublish: Bool
    /// Whether what it offers to receive is sent.
    public var mayWatch: Bool
    /// The picture formats that are taken, most wanted first.
    public var videoFormats: [PayloadFormat]
    /// Whether everything we send belongs to one stream: pictures and sound are kept together then.
    public var isOneStream: Bool
    /// Whether silence need not be sent (RFC 7587, 6.1 usedtx).
    public var savesSilence: Bool

    /// A policy of these parts.
    public init(
        mayPublish: Bool, mayWatch: Bool, videoFormats: [PayloadFormat] = [.vp8, .h264, .vp9, .av1],
        isOneStream: Bool = false, savesSilence: Bool = false
    ) {
        self.mayPublish = mayPublish
        self.mayWatch = mayWatch
        self.videoFormats = videoFormats
        self.isOneStream = isOneStream
        self.savesSilence = savesSilence
    }

    /// A publisher (RFC 9725).
    public static let whip = Policy(mayPublish: true, mayWatch: false)
    /// A player.
    public static let whep = Policy(mayPublish: false, mayWatch: true, isOneStream: true)
    /// A page of the room: sends, receives in slots, or both.
    public static let room = Policy(mayPublish: true, mayWatch: true, savesSilence: true)
}

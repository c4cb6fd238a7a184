// SPDX-License-Identifier: Apache-2.0

// RTP: packets of sound and picture, and what both ends tell each other about them.
//
// Implemented: RTP (RFC 3550) and its header extensions (RFC 8285, one and two bytes), RTCP (RFC 3550: SR, RR, SDES, BYE;
// RFC 4585: NACK, PLI; RFC 5104: FIR; reduced size RFC 5506; REMB and transport-wide congestion control, their drafts),
// retransmission (RFC 4588), redundant audio (RFC 2198), the payload descriptors of VP8 (RFC 7741), VP9 (RFC 9628), H.264
// (RFC 6184) and AV1 (its RTP specification, with the dependency descriptor), and audio levels (RFC 6464).
//
// Everything reads and writes memory that somebody else holds, and allocates nothing for a packet.

/// What is in a payload: the formats that are taken.
public enum PayloadFormat: UInt8, Hashable, Sendable, CaseIterable {
    case opus, vp8, h264, vp9, av1

    /// Whether it is a picture's.
    public var isVideo: Bool { self != .opus }

    /// Its name in `a=rtpmap`, lower case.
    public var name: String {
        switch self {
        case .opus: "opus"
        case .vp8: "vp8"
        case .h264: "h264"
        case .vp9: "vp9"
        case .av1: "av1"
        }
    }

    /// Ticks of its clock in a second.
    public var clockRate: UInt32 { isVideo ? 90_000 : 48_000 }
}

/// The header extensions that are taken, by what they say.
public enum HeaderExtension: UInt8, Hashable, Sendable, CaseIterable {
    /// Which media section (RFC 9143, 15.1).
    case mid
    /// Which encoding (RFC 8852, 3.1).
    case rid
    /// Which encoding a retransmission repairs (RFC 8852, 3.1).
    case repairedRid
    /// How loud (RFC 6464).
    case audioLevel
    /// The transport's own sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    case transportSequence
    /// How the camera was held (3GPP TS 26.114).
    case videoOrientation
    /// How soon it may be shown.
    case playoutDelay
    /// Which frames a frame needs (AV1 RTP specification, appendix A).
    case dependencyDescriptor

    /// Its URI in `a=extmap`.
    public var uri: String {
        switch self {
        case .mid: "urn:ietf:params:rtp-hdrext:sdes:mid"
        case .rid: "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
        case .repairedRid: "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
        case .audioLevel: "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
        case .transportSequence: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
        case .videoOrientation: "urn:3gpp:video-orientation"
        case .playoutDelay: "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
        case .dependencyDescriptor:
            "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
        }
    }
}

/// Which number stands for which header extension on one connection. Numbers 1 to 14 are taken (RFC 8285, 4.2).
public struct ExtensionMap: Hashable, Sendable {
    /// The number of each extension, 0 for none, by its raw value.
    @usableFromInline var numbers: UInt64 = 0

    /// A map of nothing.
    public init() {}

    /// The number that stands for it; 0 when none does.
    @inlinable
    public subscript(_ kind: HeaderExtension) -> UInt8 {
        get { number(of: kind.rawValue) }
        set { set(kind.rawValue, newValue) }
    }

    @inlinable
    func number(of kind: UInt8) -> UInt8 { UInt8(truncatingIfNeeded: numbers >> (UInt64(kind) * 4)) & 15 }

    @inlinable
    mutating func set(_ kind: UInt8, _ number: UInt8) {
        let shift = UInt64(kind) * 4
        numbers = numbers & ~(15 << shift) | UInt64(number & 15) << shift
    }

    /// What a number stands for.
    public func kind(of number: UInt8) -> HeaderExtension? {
        number == 0 ? nil : HeaderExtension.allCases.first { self[$0] == number }
    }

    /// All of them, with their numbers, in the order of their numbers.
    public var pairs: [(number: UInt8, kind: HeaderExtension)] {
        HeaderExtension.allCases.compactMap { self[$0] == 0 ? nil : (self[$0], $0) }.sorted { $0.number < $1.number }
    }
}

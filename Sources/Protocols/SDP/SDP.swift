// SPDX-License-Identifier: Apache-2.0

// SDP: what each side can do, in an offer and its answer.
//
// Implemented: reading an offer (RFC 8866; JSEP's grammar of it, RFC 9429) and answering it: BUNDLE (RFC 9143), rtcp-mux
// (RFC 5761, 8858), reduced-size RTCP (RFC 5506), header extensions (RFC 8285), retransmission (RFC 4588), simulcast by
// restriction identifiers (RFC 8851, 8853), ICE credentials (RFC 8839), fingerprints (RFC 8122) and DTLS roles (RFC 8842),
// and the fragment of trickle ICE (RFC 8840).
//
// Not implemented: offers of our own, data channels, Plan B, SDES keys, RTCP on a port of its own. Sections that cannot
// be taken are refused with port 0.

/// What is wrong with an offer.
public enum Violation: Error, Hashable, Sendable {
    /// More text, lines or sections than anybody needs.
    case tooLong
    /// A line that is no SDP; its number, from 1.
    case malformed(line: Int)
    /// No ICE credentials of a proper length.
    case noCredentials
    /// No SHA-256 fingerprint.
    case noFingerprint
    /// The browser insists on being the DTLS server.
    case wrongSetup
    /// There is nothing in it that could be taken.
    case nothingToTake

    /// One sentence for the log and for the answer's body.
    public var sentence: String {
        switch self {
        case .tooLong: "The offer is too long."
        case .malformed(let line): "Line \(line) of the offer is no SDP."
        case .noCredentials: "The offer has no ICE credentials."
        case .noFingerprint: "The offer has no SHA-256 fingerprint."
        case .wrongSetup: "The offer does not let us be the DTLS server."
        case .nothingToTake: "The offer has no audio or video that can be taken."
        }
    }
}

/// Who sends (RFC 8866, 6.7).
public enum Direction: String, Hashable, Sendable {
    case sendrecv, sendonly, recvonly, inactive

    /// Whether who said this sends.
    public var sends: Bool { self == .sendrecv || self == .sendonly }
    /// Whether who said this receives.
    public var receives: Bool { self == .sendrecv || self == .recvonly }

    /// By whether it sends and receives.
    public init(sends: Bool, receives: Bool) {
        self = sends ? (receives ? .sendrecv : .sendonly) : (receives ? .recvonly : .inactive)
    }
}

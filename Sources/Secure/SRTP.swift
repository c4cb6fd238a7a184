// SPDX-License-Identifier: Apache-2.0

// SRTP: RTP and RTCP, enciphered and authenticated.
//
// Implemented: RFC 3711 (AES in counter mode, HMAC-SHA1 with 80 bits, key derivation at rate 0, rollover counters,
//   replay lists), RFC 7714 (AES-GCM with 128 and 256 bits), RFC 5764 (the profiles' numbers and keys from DTLS). The
//   ciphers are libraries': AES-GCM Intel's where the processor has the instructions, everything else OpenSSL's (decisions
//   0019 and 0022). A key is prepared once for each direction; a packet brings only its IV.
// Not: 32-bit codes, F8, the null cipher, MKI, key derivation again and again, encrypted header extensions.
// Packets are changed in place. Nothing is allocated for a packet, but once for each new source.

/// How a connection's packets are protected (RFC 5764 section 4.1.2, RFC 7714 section 14.2).
public enum SRTPProfile: UInt16, Sendable, CaseIterable {
    case aes128CMSHA1_80 = 0x0001
    case aeadAES128GCM = 0x0007
    case aeadAES256GCM = 0x0008

    /// The master key's length in bytes.
    public var keyBytes: Int { self == .aeadAES256GCM ? 32 : 16 }
    /// The master salt's length in bytes.
    public var saltBytes: Int { self == .aes128CMSHA1_80 ? 14 : 12 }
    /// How many bytes a protected RTP packet is longer.
    public var rtpOverhead: Int { tagBytes }
    /// How many bytes a protected RTCP packet is longer: the code, and the word with the index.
    public var rtcpOverhead: Int { tagBytes + 4 }

    var tagBytes: Int { self == .aes128CMSHA1_80 ? 10 : 16 }

    /// The profile of the name that OpenSSL has for it.
    var name: String {
        switch self {
        case .aes128CMSHA1_80: "SRTP_AES128_CM_SHA1_80"
        case .aeadAES128GCM: "SRTP_AEAD_AES_128_GCM"
        case .aeadAES256GCM: "SRTP_AEAD_AES_256_GCM"
        }
    }
}

/// The most that any profile makes a packet longer, in bytes: leave that much room behind it.
public let srtpRoom = 20

/// The master key and salt of one direction. Never logged.
public struct SRTPMaster: Equatable, Sendable, CustomStringConvertible {
    public let profile: SRTPProfile
    let key: [UInt8]
    let salt: [UInt8]

    /// A key and a salt of the lengths that the profile wants; nil for others.
    public init?(_ profile: SRTPProfile, key: [UInt8], salt: [UInt8]) {
        guard key.count == profile.keyBytes, salt.count == profile.saltBytes else { return nil }
        (self.profile, self.key, self.salt) = (profile, key, salt)
    }

    /// Never the key.
    public var description: String { "SRTPMaster(\(profile))" }
}

/// Why a packet was not protected, or not let in.
public enum SRTPFault: Error, Hashable, Sendable, CaseIterable {
    /// No RTP or RTCP packet, or shorter than its own header says.
    case malformed
    /// The code does not fit: altered, or not from whom we shook hands with.
    case forged
    /// It came before, or is too old to tell.
    case replayed
    /// More sources than a connection may have.
    case tooManySources
    /// The same number would protect two packets, which would lay the key open (RFC 7714 section 8.1).
    case usedTwice
    /// RTCP in the clear, which nobody agreed on.
    case unencrypted
    /// The cipher library would not.
    case failed
}

// SPDX-License-Identifier: Apache-2.0
import Secure

// Packets as arrays, as tests like them.

extension SRTPSender {
    func sealed(rtp packet: [UInt8]) throws -> [UInt8] {
        var room = packet + [UInt8](repeating: 0xEE, count: profile.rtpOverhead)
        let count = try room.withUnsafeMutableBytes { try protect(rtp: $0, count: packet.count) }
        return Array(room.prefix(count))
    }

    func sealed(rtcp packet: [UInt8]) throws -> [UInt8] {
        var room = packet + [UInt8](repeating: 0xEE, count: profile.rtcpOverhead)
        let count = try room.withUnsafeMutableBytes { try protect(rtcp: $0, count: packet.count) }
        return Array(room.prefix(count))
    }
}

extension SRTPReceiver {
    func opened(rtp packet: [UInt8]) throws -> [UInt8] {
        var room = packet
        let count = try room.withUnsafeMutableBytes { try open(rtp: $0) }
        return Array(room.prefix(count))
    }

    func opened(rtcp packet: [UInt8]) throws -> [UInt8] {
        var room = packet
        let count = try room.withUnsafeMutableBytes { try open(rtcp: $0) }
        return Array(room.prefix(count))
    }
}

/// RTP and RTCP packets of every shape, the same for the same seed.
struct Packets {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// A number below another.
    mutating func below(_ most: Int) -> Int { Int(next() % UInt64(most)) }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var (bytes, word): ([UInt8], UInt64) = ([], 0)
        bytes.reserveCapacity(count)
        for place in 0..<count {
            word = place & 7 == 0 ? next() : word >> 8
            bytes.append(UInt8(truncatingIfNeeded: word))
        }
        return bytes
    }

    /// With contributing sources, an extension or neither, and any payload.
    mutating func rtp(_ ssrc: UInt32, _ sequence: UInt16) -> [UInt8] {
        let (csrcs, isExtended) = (below(4) == 0 ? below(16) : 0, below(2) == 0)
        var packet = [0x80 | (isExtended ? 0x10 : 0) | UInt8(csrcs), UInt8(below(256))]
        packet += [UInt8(sequence >> 8), UInt8(sequence & 255)] + bytes(4) + Self.word(ssrc) + bytes(4 * csrcs)
        if isExtended {
            let words = below(6)
            packet += [0xBE, 0xDE, 0, UInt8(words)] + bytes(4 * words)
        }
        return packet + bytes(below(3) == 0 ? below(3) : below(1_200))
    }

    /// A report with any content.
    mutating func rtcp(_ ssrc: UInt32) -> [UInt8] {
        let words = 1 + below(40)
        return [0x80, 201, 0, UInt8(words)] + Self.word(ssrc) + bytes(4 * (words - 1))
    }

    static func word(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }

    static func master(_ profile: SRTPProfile, seed: UInt64 = 1) -> (master: SRTPMaster, bytes: [UInt8])? {
        var dice = Packets(seed: seed)
        let (key, salt) = (dice.bytes(profile.keyBytes), dice.bytes(profile.saltBytes))
        return SRTPMaster(profile, key: key, salt: salt).map { ($0, key + salt) }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Secure

/// What is let in and what is not, for every profile.
@Suite struct SRTPTests {
    private static func ends(_ profile: SRTPProfile) throws -> (SRTPSender, SRTPReceiver) {
        let master = try #require(Packets.master(profile)).master
        return (try SRTPSender(master), try SRTPReceiver(master))
    }

    @Test(arguments: SRTPProfile.allCases) func packetsOfEveryShapeComeBack(profile: SRTPProfile) throws {
        let (sender, receiver) = try Self.ends(profile)
        var packets = Packets(seed: 11)
        for number in 0..<2_000 {
            let packet = packets.rtp(UInt32(number % 7), UInt16(number / 7))
            let sealed = try sender.sealed(rtp: packet)
            #expect(sealed.count == packet.count + profile.rtpOverhead)
            #expect(try receiver.opened(rtp: sealed) == packet)
            let report = packets.rtcp(UInt32(number % 5))
            #expect(try receiver.opened(rtcp: try sender.sealed(rtcp: report)) == report)
        }
    }

    /// What the processor's widest instructions do, and what OpenSSL does where there are none.
    @Test(arguments: [SRTPProfile.aeadAES128GCM, .aeadAES256GCM], [nil, 1 << 31 | 77] as [UInt32?])
    func bothWaysToReckonAgree(profile: SRTPProfile, trailer: UInt32?) throws {
        let keys = try SRTPKeys(try #require(Packets.master(profile)).master, .rtp)
        let chosen = (try keys.cipher(isSealing: true), try keys.cipher(isSealing: false))
        let openSSL = (try SRTPGalois(keys, isSealing: true), try SRTPGalois(keys, isSealing: false))
        var packets = Packets(seed: 21)
        for count in 0..<700 {
            let header = trailer == nil ? 12 + 4 * packets.below(30) : 8
            let (plain, length) = (packets.bytes(header + count + 20), header + count)
            let (ssrc, index) = (UInt32(count * 7_919), UInt64(count) << 14 | 3)
            let run = { (bytes: [UInt8], act: (SRTPShape) -> Bool) -> [UInt8]? in
                var bytes = bytes
                let isGood = bytes.withUnsafeMutableBytes { bytes in
                    bytes.bytes.map { act(SRTPShape(base: $0, header: header, count: length)) } ?? false
                }
                return isGood ? bytes : nil
            }
            let sealed = run(plain) { chosen.0.seal($0, ssrc: ssrc, index: index, trailer: trailer) }
            #expect(sealed == run(plain) { openSSL.0.seal($0, ssrc: ssrc, index: index, trailer: trailer) })
            var altered = try #require(sealed)
            for way in [chosen.1, openSSL.1] as [any SRTPCipher] {
                let opened = run(altered) { way.open($0, ssrc: ssrc, index: index, trailer: trailer) }
                #expect(opened?.prefix(length) == plain.prefix(length))
            }
            altered[packets.below(length + 16)] ^= 1
            for way in [chosen.1, openSSL.1] as [any SRTPCipher] {
                #expect(run(altered) { way.open($0, ssrc: ssrc, index: index, trailer: trailer) } == nil)
            }
        }
    }

    @Test(arguments: SRTPProfile.allCases) func everyAlteredByteIsFound(profile: SRTPProfile) throws {
        let (sender, receiver) = try Self.ends(profile)
        var packets = Packets(seed: 12)
        let rtp = try sender.sealed(rtp: packets.rtp(5, 100))
        let rtcp = try sender.sealed(rtcp: packets.rtcp(5))
        for place in rtp.indices {
            var altered = rtp
            altered[place] ^= 1 << UInt8(place & 7)
            #expect(throws: SRTPFault.self) { try receiver.opened(rtp: altered) }
        }
        for place in rtcp.indices {
            var altered = rtcp
            altered[place] ^= 1 << UInt8(place & 7)
            #expect(throws: SRTPFault.self) { try receiver.opened(rtcp: altered) }
        }
        // None of that moved a window.
        #expect(try receiver.opened(rtp: rtp).count == rtp.count - profile.rtpOverhead)
        #expect(try receiver.opened(rtcp: rtcp).count == rtcp.count - profile.rtcpOverhead)
    }

    @Test(arguments: SRTPProfile.allCases) func everyCutIsFound(profile: SRTPProfile) throws {
        let (sender, receiver) = try Self.ends(profile)
        var packets = Packets(seed: 13)
        let (rtp, rtcp) = (try sender.sealed(rtp: packets.rtp(5, 100)), try sender.sealed(rtcp: packets.rtcp(5)))
        for count in 0..<rtp.count {
            #expect(throws: SRTPFault.self) { try receiver.opened(rtp: Array(rtp.prefix(count))) }
        }
        for count in 0..<rtcp.count {
            #expect(throws: SRTPFault.self) { try receiver.opened(rtcp: Array(rtcp.prefix(count))) }
        }
    }

    @Test(arguments: SRTPProfile.allCases) func whatCameBeforeIsNotLetInAgain(profile: SRTPProfile) throws {
        let (sender, receiver) = try Self.ends(profile)
        var packets = Packets(seed: 14)
        let (rtp, rtcp) = (try sender.sealed(rtp: packets.rtp(5, 100)), try sender.sealed(rtcp: packets.rtcp(5)))
        _ = (try receiver.opened(rtp: rtp), try receiver.opened(rtcp: rtcp))
        #expect(throws: SRTPFault.replayed) { try receiver.opened(rtp: rtp) }
        #expect(throws: SRTPFault.replayed) { try receiver.opened(rtcp: rtcp) }
    }

    @Test func whatIsLateComesInOnceAndWhatIsTooOldDoesNot() throws {
        let (sender, receiver) = try Self.ends(.aeadAES128GCM)
        var packets = Packets(seed: 15)
        let sealed = try (0..<1_200).map { try sender.sealed(rtp: packets.rtp(5, UInt16($0))) }
        _ = try receiver.opened(rtp: sealed[1_199])
        for late in [1_198, 700, 300, 1_100, 240] {
            _ = try receiver.opened(rtp: sealed[late])
            #expect(throws: SRTPFault.replayed) { try receiver.opened(rtp: sealed[late]) }
        }
        #expect(throws: SRTPFault.replayed) { try receiver.opened(rtp: sealed[239]) }
    }

    @Test(arguments: SRTPProfile.allCases) func numbersStartAgainAndTheCounterRollsOn(profile: SRTPProfile) throws {
        let (sender, receiver) = try Self.ends(profile)
        var packets = Packets(seed: 16)
        var sequence: UInt16 = 30_000
        for _ in 0..<400 {
            let packet = packets.rtp(9, sequence)
            let sealed = try sender.sealed(rtp: packet)
            // Every third is lost on the way.
            if packets.below(3) > 0 { #expect(try receiver.opened(rtp: sealed) == packet) }
            sequence &+= UInt16(1 + packets.below(1_000))
        }
    }

    @Test func reorderedAroundTheRollover() throws {
        let (sender, receiver) = try Self.ends(.aeadAES128GCM)
        var packets = Packets(seed: 17)
        let numbers = (65_500...65_535).map { UInt16($0) } + (0...40).map { UInt16($0) }
        let plain = numbers.map { packets.rtp(9, $0) }
        let sealed = try plain.map { try sender.sealed(rtp: $0) }
        _ = try receiver.opened(rtp: sealed[0])
        for place in stride(from: 1, to: 73, by: 4) {
            for one in [place + 3, place + 1, place, place + 2] {
                #expect(try receiver.opened(rtp: sealed[one]) == plain[one])
            }
        }
    }

    @Test func noNumberProtectsTwoPackets() throws {
        let (sender, _) = try Self.ends(.aeadAES128GCM)
        var packets = Packets(seed: 18)
        for number in [UInt16(10), 12, 11] { _ = try sender.sealed(rtp: packets.rtp(9, number)) }
        for number in [UInt16(10), 11, 12] {
            #expect(throws: SRTPFault.usedTwice) { try sender.sealed(rtp: packets.rtp(9, number)) }
        }
        _ = try sender.sealed(rtp: packets.rtp(9, 2_000))
        #expect(throws: SRTPFault.usedTwice) { try sender.sealed(rtp: packets.rtp(9, 13)) }
    }

    @Test func sourcesAreLimited() throws {
        let (sender, receiver) = try Self.ends(.aeadAES128GCM)
        var packets = Packets(seed: 19)
        for ssrc in 0..<UInt32(SRTPReceiver.mostSources) {
            _ = try receiver.opened(rtp: try sender.sealed(rtp: packets.rtp(ssrc, 1)))
        }
        let oneMore = try sender.sealed(rtp: packets.rtp(9_999, 1))
        #expect(throws: SRTPFault.tooManySources) { try receiver.opened(rtp: oneMore) }
        _ = try receiver.opened(rtp: try sender.sealed(rtp: packets.rtp(0, 2)))
    }

    @Test func anotherKeyOpensNothing() throws {
        for profile in SRTPProfile.allCases {
            let other = try SRTPReceiver(try #require(Packets.master(profile, seed: 2)).master)
            let (sender, _) = try Self.ends(profile)
            var packets = Packets(seed: 20)
            let (rtp, rtcp) = (try sender.sealed(rtp: packets.rtp(1, 1)), try sender.sealed(rtcp: packets.rtcp(1)))
            #expect(throws: SRTPFault.forged) { try other.opened(rtp: rtp) }
            #expect(throws: SRTPFault.forged) { try other.opened(rtcp: rtcp) }
        }
    }

    @Test func nothingIsWrittenBehindTheRoom() throws {
        let (sender, _) = try Self.ends(.aeadAES128GCM)
        var short = Packets(seed: 21).rtpCopy(3, 3)
        let count = short.count
        short += [UInt8](repeating: 0, count: 15)
        #expect(throws: SRTPFault.malformed) {
            try short.withUnsafeMutableBytes { try sender.protect(rtp: $0, count: count) }
        }
    }
}

extension Packets {
    fileprivate func rtpCopy(_ ssrc: UInt32, _ sequence: UInt16) -> [UInt8] {
        var copy = self
        return copy.rtp(ssrc, sequence)
    }
}

// SPDX-License-Identifier: Apache-2.0
import CSRTP2
import Secure
import Testing

/// Ours beside Debian's libsrtp2: the same bytes out of the same bytes, both ways.
@Suite struct SRTPBesideTests {
    /// libsrtp2 with one master key. Lives on one thread.
    private final class Theirs {
        private var session: srtp_t?

        init(_ profile: SRTPProfile, _ key: [UInt8], isInbound: Bool) throws {
            var policy = srtp_policy_t()
            switch profile {
            case .aes128CMSHA1_80:
                srtp_crypto_policy_set_rtp_default(&policy.rtp)
                srtp_crypto_policy_set_rtcp_default(&policy.rtcp)
            case .aeadAES128GCM:
                srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp)
                srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp)
            case .aeadAES256GCM:
                srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp)
                srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp)
            }
            policy.ssrc.type = isInbound ? ssrc_any_inbound : ssrc_any_outbound
            policy.window_size = 1_024
            var key = key
            let code = key.withUnsafeMutableBufferPointer { key in
                policy.key = key.baseAddress
                return srtp_create(&session, &policy)
            }
            try #require(code == srtp_err_status_ok)
        }

        deinit { if let session { srtp_dealloc(session) } }

        private func run(
            _ packet: [UInt8], _ act: (UnsafeMutableRawPointer?, UnsafeMutablePointer<Int32>) -> srtp_err_status_t
        ) -> [UInt8]? {
            var room = packet + [UInt8](repeating: 0, count: 32)
            var count = Int32(packet.count)
            let code = room.withUnsafeMutableBytes { act($0.baseAddress, &count) }
            return code == srtp_err_status_ok ? Array(room.prefix(Int(count))) : nil
        }

        func sealed(rtp packet: [UInt8]) -> [UInt8]? { run(packet) { srtp_protect(session, $0, $1) } }
        func sealed(rtcp packet: [UInt8]) -> [UInt8]? { run(packet) { srtp_protect_rtcp(session, $0, $1) } }
        func opened(rtp packet: [UInt8]) -> [UInt8]? { run(packet) { srtp_unprotect(session, $0, $1) } }
        func opened(rtcp packet: [UInt8]) -> [UInt8]? { run(packet) { srtp_unprotect_rtcp(session, $0, $1) } }
    }

    private static let isReady = srtp_init() == srtp_err_status_ok

    @Test(arguments: SRTPProfile.allCases) func theSameBytesBothWays(profile: SRTPProfile) throws {
        try #require(Self.isReady)
        let (master, key) = try #require(Packets.master(profile, seed: 77))
        let (sender, receiver) = (try SRTPSender(master), try SRTPReceiver(master))
        let (out, into) = (try Theirs(profile, key, isInbound: false), try Theirs(profile, key, isInbound: true))
        var packets = Packets(seed: 78)
        var numbers: [UInt16] = [100, 32_000, 1, 20_000]
        for round in 0..<4_000 {
            let source = round % 4
            let packet = packets.rtp(UInt32(1_000 + source), numbers[source])
            let ours = try sender.sealed(rtp: packet)
            #expect(ours == out.sealed(rtp: packet))
            // Lost now and then, and sometimes for long: both must guess the rollover alike.
            if packets.below(5) > 0 {
                #expect(into.opened(rtp: ours) == packet)
                #expect(try receiver.opened(rtp: ours) == packet)
            }
            numbers[source] &+= UInt16(1 + packets.below(round % 100 == 0 ? 9_000 : 40))
        }
    }

    @Test(arguments: SRTPProfile.allCases) func reportsBothWays(profile: SRTPProfile) throws {
        try #require(Self.isReady)
        let (master, key) = try #require(Packets.master(profile, seed: 79))
        let (sender, receiver) = (try SRTPSender(master), try SRTPReceiver(master))
        let (out, into) = (try Theirs(profile, key, isInbound: false), try Theirs(profile, key, isInbound: true))
        var packets = Packets(seed: 80)
        for round in 0..<500 {
            let report = packets.rtcp(UInt32(1_000 + round % 3))
            #expect(into.opened(rtcp: try sender.sealed(rtcp: report)) == report)
            let theirs = try #require(out.sealed(rtcp: report))
            #expect(try receiver.opened(rtcp: theirs) == report)
        }
    }
}

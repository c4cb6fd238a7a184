// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Secure

/// The examples of RFC 3711 appendix B, RFC 6188 section 7 and RFC 7714 sections 16 and 17.
@Suite struct SRTPExampleTests {
    static func bytes(_ text: String) -> [UInt8] { Hex.bytes(text.split(separator: " ").joined()) ?? [] }

    static let gallia = bytes(
        "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573"
    )
    static let luna = bytes(
        "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef"
    )
    static let examples: [(SRTPProfile, rtp: String, rtcp: String)] = [
        (
            .aeadAES128GCM,
            "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                + "899d7f27beb16a9152cf765ee4390cce",
            "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
                + "c84aa45896cf4d2fc5abf87245d9eade800005d4"
        ),
        (
            .aeadAES256GCM,
            "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
                + "7aa3db36dfffd6b0f9bb7878d7a76c13",
            "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad"
                + "1d1eb30c4446839f57ff6f6cb26ac3be800005d4"
        ),
    ]

    static func keys(_ profile: SRTPProfile) -> SRTPKeys {
        SRTPKeys(
            profile, key: (0..<UInt8(profile.keyBytes)).map { $0 }, salt: Array("Quid pro quo".utf8), code: [])
    }

    @Test(arguments: examples) func galoisRTP(profile: SRTPProfile, rtp: String, rtcp: String) throws {
        let keys = Self.keys(profile)
        let sender = try SRTPSender(rtp: keys, rtcp: keys, firstRTCPIndex: 0x5d4)
        #expect(Hex.text(try sender.sealed(rtp: Self.gallia)) == rtp)
        #expect(Hex.text(try sender.sealed(rtcp: Self.luna)) == rtcp)
        let receiver = try SRTPReceiver(rtp: keys, rtcp: keys)
        #expect(try receiver.opened(rtp: Self.bytes(rtp)) == Self.gallia)
        #expect(try receiver.opened(rtcp: Self.bytes(rtcp)) == Self.luna)
    }

    /// RFC 3711 B.2: the key stream at index 0 of source 0.
    @Test func counterKeyStream() throws {
        let keys = SRTPKeys(
            .aes128CMSHA1_80, key: Self.bytes("2B7E151628AED2A6ABF7158809CF4F3C"),
            salt: Self.bytes("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"), code: [UInt8](repeating: 0, count: 20))
        let sender = try SRTPSender(rtp: keys, rtcp: keys, firstRTCPIndex: 1)
        let header = [0x80, 0x00] + [UInt8](repeating: 0, count: 10)
        let sealed = try sender.sealed(rtp: header + [UInt8](repeating: 0, count: 0xFF02 * 16))
        let stream = sealed.dropFirst(12)
        #expect(
            Hex.text(stream.prefix(48)) == """
                e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0
                """)
        let late = stream.dropFirst(0xFEFF * 16).prefix(48)
        #expect(
            Hex.text(late) == """
                ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae6a2cc3787889374fbeb4c81b17ba6c44
                """)
    }

    /// RFC 3711 B.3.
    @Test func derivedKeys() throws {
        let master = try #require(
            SRTPMaster(
                .aes128CMSHA1_80, key: Self.bytes("E1F97A0D3E018BE0D64FA32C06DE4139"),
                salt: Self.bytes("0EC675AD498AFEEBB6960B3AABE6")))
        let keys = try SRTPKeys(master, .rtp)
        #expect(Hex.text(keys.key) == "c61e7a93744f39ee10734afe3ff7a087")
        #expect(Hex.text(keys.salt) == "30cbbc08863d8c85d49db34a9ae1")
        #expect(Hex.text(keys.code) == "cebe321f6ff7716b6fd4ab49af256a156d38baa4")
    }

    /// RFC 6188 section 7.2: what AES-256 derives. (Its salt has 112 bits; the profile with AES-GCM has 96.)
    @Test func derivedKeysOf256Bits() throws {
        let key = Self.bytes("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6")
        var start = Self.bytes("3b04803de51ee7c96423ab5b78d20000")
        #expect(
            Hex.text(try SRTPKeyStream(key).bytes(from: start, count: 32))
                == "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4")
        start[7] ^= 2
        #expect(Hex.text(try SRTPKeyStream(key).bytes(from: start, count: 14)) == "fa31791685ca444a9e07c6c64e93")
    }

    @Test func keysAreNotTold() throws {
        let master = try #require(
            SRTPMaster(.aeadAES128GCM, key: [UInt8](repeating: 7, count: 16), salt: [UInt8](repeating: 8, count: 12)))
        #expect("\(master)" == "SRTPMaster(aeadAES128GCM)")
        #expect(SRTPMaster(.aeadAES128GCM, key: [1], salt: []) == nil)
    }
}

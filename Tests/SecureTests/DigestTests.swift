// SPDX-License-Identifier: Apache-2.0
import Secure
import Testing

/// The examples of FIPS 180 (as in NIST's "SHA-256 examples") and of RFC 4231 and RFC 4648.
@Suite struct DigestTests {
    static let examples = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test(arguments: examples) func examplesOfFIPS180(text: String, hex: String) {
        #expect(Hex.text(Digest.sha256(text)) == hex)
    }

    /// Apart from the others, because a test prints its arguments.
    @Test func aMillionTimesA() {
        #expect(
            Hex.text(Digest.sha256(repeatElement(0x61, count: 1_000_000)))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func piecesOfEverySizeGiveTheSameDigest() {
        let bytes = Array(Self.examples[2].0.utf8)
        for size in 1...bytes.count {
            var digest = Digest()
            var rest = bytes[...]
            while !rest.isEmpty {
                digest.update(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(Hex.text(digest.finalize()) == Self.examples[2].1)
        }
    }

    @Test func aSequenceWithoutStorageAndTheDigestSoFar() {
        var digest = Digest()
        digest.update(AnySequence(Array("ab".utf8)))
        #expect(digest.finalize() == Digest.sha256("ab"))
        Array("c".utf8).withUnsafeBytes { digest.update($0) }
        #expect(digest.finalize() == Digest.sha256("abc"))
    }

    /// RFC 4231 section 4, cases 1, 2, 3, 4, 6 and 7 (5 is the truncated one, below).
    static let codes: [(key: [UInt8], message: [UInt8], hex: String)] = [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            Array(1...25), [UInt8](repeating: 0xcd, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131),
            Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    @Test(arguments: codes.indices) func vectorsOfRFC4231(index: Int) {
        let vector = Self.codes[index]
        #expect(Hex.text(HMAC.sha256(vector.message, key: vector.key)) == vector.hex)
    }

    @Test func truncatedVectorOfRFC4231() {
        let code = HMAC.sha256(Array("Test With Truncation".utf8), key: [UInt8](repeating: 0x0c, count: 20))
        #expect(Hex.text(code.prefix(16)) == "a3b6167473100ee06e0c796c2955552b")
    }

    @Test func hexBothWays() {
        #expect(Hex.bytes(Hex.text(0...255)) == Array(0...255))
        #expect(Hex.bytes("00fFA9") == [0, 255, 0xa9])
        #expect(Hex.bytes("") == [])
        for wrong in ["0", "0g", "/0", ":0", "๐๐", "0x"] { #expect(Hex.bytes(wrong) == nil) }
    }

    @Test func base64URLBothWays() {
        for (plain, text) in [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ] {
            #expect(Base64URL.text(Array(plain.utf8)) == text)
            #expect(Base64URL.bytes(text) == Array(plain.utf8))
        }
        #expect(Base64URL.text([0xfb, 0xff]) == "-_8")
        // Padding, the other alphabet, left-over bits, a lone character, white space, what is not ASCII.
        for wrong in ["Zg==", "+/8", "Zh", "Z", "Zm 9v", "Zm9v\n", "ก", "Zm8\0"] {
            #expect(Base64URL.bytes(wrong) == nil)
        }
    }

    @Test func tokensAreLongAndDiffer() {
        let tokens = (0..<100).map { _ in Token.random() }
        #expect(Set(tokens).count == 100)
        #expect(Set(tokens.map(\.count)) == [43])
        #expect(Token.random(bytes: 16).count == 22)
    }

    @Test func equalityIsOfBytes() {
        #expect(constantTimeEquals([1, 2], [1, 2]))
        #expect(!constantTimeEquals([1, 2], [1, 3]))
        #expect(!constantTimeEquals([1, 2], [1, 2, 3]))
        #expect(constantTimeEquals([], []))
        #expect(!constantTimeEquals("\u{e9}", "e\u{301}"))
    }
}

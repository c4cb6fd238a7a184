// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Secure

/// The vector of RFC 8291 section 5 and Appendix A.
private enum Printed {
    static let reader = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgq1dXpw3UpT5VOmu/
        cf/v6ih07Aems3njxI+JWgLcM96hRANCAAQlcbK+zf3jYFUarx7Q9M02bBHOvlVf
        iby3sYalMzkXMWjs4uvgGFl70wR5uG48j47O1XfKWRh+kkaZDbaCAIsO
        -----END PRIVATE KEY-----
        """
    static let sender = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyfWPiYE+n46HLnH0
        KqZOF1fJJU3MYrct3AELtAQ+oRyhRANCAAT+M/SrDepxkU21WCP3O1SUj0EwbZIH
        Mtu5pZpTKGSCIA5Zent7wmC6HCJ5mFgJkuk5cwAvMBKiiujwa7t45ewP
        -----END PRIVATE KEY-----
        """
    static let point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    static let secret = "BTBZMqHH6r4Tts7J_aSIgg"
    static let salt = "DGv6ra1nlYgDCS1FRnbzlw"
    static let text = "When I grow up, I want to be a watermelon"
    static let body = """
        DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml\
        mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT\
        pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN
        """
}

@Suite struct PushCodingTests {
    private func bytes(_ text: String) throws -> [UInt8] { try #require(Base64URL.bytes(text)) }

    private func reader() throws -> PushReader {
        try PushReader(pem: Printed.reader, secret: bytes(Printed.secret))
    }

    @Test func sealsWhatTheStandardPrints() throws {
        let keys = try PushKeys(point: bytes(Printed.point), secret: bytes(Printed.secret))
        let body = try PushCoding.seal(
            Array(Printed.text.utf8), to: keys, salt: bytes(Printed.salt), by: CurveKey(pem: Printed.sender))
        #expect(Base64URL.text(body) == Printed.body)
        #expect(try reader().keys == keys)
    }

    @Test func opensWhatTheStandardPrints() throws {
        #expect(try reader().open(bytes(Printed.body)) == Array(Printed.text.utf8))
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1000, PushCoding.longestText])
    func comesOutAsItWentIn(_ count: Int) throws {
        let reader = try reader()
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let body = try PushCoding.seal(text, to: reader.keys)
        #expect(body.count == count + 103)
        #expect(try reader.open(body) == text)
        #expect(try PushCoding.seal(text, to: reader.keys) != body, "salt and key are drawn anew")
    }

    @Test func aTextThatDoesNotFitIsRefused() throws {
        let text = [UInt8](repeating: 65, count: PushCoding.longestText + 1)
        #expect(throws: PushFault.tooLong) { try PushCoding.seal(text, to: reader().keys) }
    }

    @Test func nothingCanBeChangedInIt() throws {
        let (reader, body) = (try reader(), try bytes(Printed.body))
        // The record size alone is not bound; it only has to fit.
        for index in body.indices where !(16..<20).contains(index) {
            var changed = body
            changed[index] ^= 1
            #expect(throws: PushFault.self) { try reader.open(changed) }
        }
        for count in 0..<body.count { #expect(throws: PushFault.self) { try reader.open(Array(body.prefix(count))) } }
        let other = try PushReader(pem: Printed.reader, secret: bytes(Printed.salt))
        #expect(throws: PushFault.altered) { try other.open(body) }
    }

    @Test func keysThatAreNoneAreRefused() throws {
        let (point, secret) = (try bytes(Printed.point), try bytes(Printed.secret))
        var beside = point
        beside[64] ^= 1
        var compressed = Array(point.prefix(33))
        compressed[0] = 2
        let zero = [4] + [UInt8](repeating: 0, count: 64)
        for bad in [[], beside, compressed, zero, [0], Array(point.dropLast()), point + [0]] {
            #expect(throws: PushFault.badKeys) { try PushKeys(point: bad, secret: secret) }
        }
        for bad in [[], Array(secret.dropLast()), secret + [0]] {
            #expect(throws: PushFault.badKeys) { try PushKeys(point: point, secret: bad) }
        }
    }

    /// RFC 5869 appendix A.1.
    @Test func derivesWhatTheStandardPrints() throws {
        let out = try HKDF.derive(
            42, from: .init(repeating: 0x0b, count: 22), salt: Array(0...12), info: Array(0xf0...0xf9))
        #expect(
            Hex.text(out) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    }
}

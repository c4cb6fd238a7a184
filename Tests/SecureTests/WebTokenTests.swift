// SPDX-License-Identifier: Apache-2.0
import Foundation
import Secure
import Testing

@Suite struct WebTokenTests {
    private typealias Fixtures = TokenFixtures
    private static let rsa = #"{"kty":"RSA","kid":"r","use":"sig","n":"\#(Fixtures.n)","e":"AQAB"}"#
    private static let ec = #"{"kty":"EC","crv":"P-256","kid":"e","x":"\#(Fixtures.x)","y":"\#(Fixtures.y)"}"#

    private func set(_ keys: String...) -> String { #"{"keys":[\#(keys.joined(separator: ","))]}"# }

    /// A compact token with a header of one's own and a signature that is none.
    private func forged(_ header: String, of token: String = Fixtures.es256) -> String {
        let parts = token.split(separator: ".")
        return "\(Base64URL.text(Array(header.utf8))).\(parts[1]).\(parts[2])"
    }

    private func fault(_ token: String, _ keys: String) -> TokenFault? {
        do {
            _ = try WebToken.verify(token, against: keys)
            return nil
        } catch { return error }
    }

    @Test func readsTheTokensOfTheStandard() throws {
        #expect(try WebToken.verify(Fixtures.rs256, against: set(Self.rsa)) == Fixtures.claims)
        #expect(try WebToken.verify(Fixtures.es256, against: set(Self.ec)) == Fixtures.claims)
    }

    /// RS256 is deterministic: the same key, header and claims make the same token.
    @Test func signsTheTokenOfTheStandard() throws {
        let key = try TokenKey(pem: Fixtures.rsaPEM)
        #expect(key.algorithm == .rs256)
        #expect(try WebToken.sign(Fixtures.claims, with: key, type: nil) == Fixtures.rs256)
        #expect(try WebToken.sign(Fixtures.claims, with: TokenKey(stored: key.stored), type: nil) == Fixtures.rs256)
    }

    @Test func everySignatureOfAKeyIsGoodAndSixtyFourBytes() throws {
        let key = try TokenKey.make()
        let keys = set(try #require(key.publicKey(named: "2569")))
        for number in 0..<300 {
            let token = try WebToken.sign(#"{"n":\#(number)}"#, with: key, kid: "2569")
            let signature = try #require(token.split(separator: ".").last)
            #expect(signature.utf8.count == 86)
            #expect(try WebToken.verify(token, against: keys) == #"{"n":\#(number)}"#)
        }
    }

    @Test func theHeaderSaysHowAndByWhom() throws {
        let token = try WebToken.sign("{}", with: TokenKey(pem: Fixtures.ecPEM), kid: "k1")
        let header = try #require(token.split(separator: ".").first.flatMap { Base64URL.bytes(String($0)) })
        #expect(
            try JSONDecoder().decode([String: String].self, from: Data(header))
                == ["alg": "ES256", "typ": "JWT", "kid": "k1"])
    }

    @Test func aKeyIsChosenByItsName() throws {
        let (first, second) = (try TokenKey.make(), try TokenKey.make())
        let keys = set(
            try #require(first.publicKey(named: "a")), try #require(second.publicKey(named: "b")), Self.rsa)
        #expect(try WebToken.verify(WebToken.sign("1", with: second, kid: "b"), against: keys) == "1")
        #expect(try fault(WebToken.sign("1", with: second, kid: "a"), keys) == .wrongSignature)
        #expect(try fault(WebToken.sign("1", with: second, kid: "c"), keys) == .unknownKey)
        // Without a name, several could have signed it.
        #expect(try fault(WebToken.sign("1", with: second), keys) == .unknownKey)
        let twice = set(try #require(first.publicKey(named: "a")), try #require(second.publicKey(named: "a")))
        #expect(try fault(WebToken.sign("1", with: first, kid: "a"), twice) == .unknownKey)
    }

    @Test func onlyTheAlgorithmOfTheKeyIsTaken() {
        for name in ["none", "HS256", "RS256", "ES384", "ES512", "PS256"] {
            let fault = fault(forged(#"{"alg":"\#(name)"}"#), set(Self.ec))
            #expect(fault == .wrongSignature || fault == .malformed, "\(name)")
        }
        // The old trick: the public key's text as the secret of an HMAC.
        let front = Base64URL.text(Array(#"{"alg":"HS256"}"#.utf8)) + ".e30"
        let code = HMAC.sha256(Array(front.utf8), key: Array(Self.rsa.utf8))
        #expect(fault("\(front).\(Base64URL.text(code))", set(Self.rsa)) == .wrongSignature)
        // A key that says it is for something else signs nothing.
        let sealing = Self.rsa.replacingOccurrences(of: #""sig""#, with: #""enc""#)
        #expect(fault(Fixtures.rs256, set(sealing)) == .unknownKey)
        let other = Self.ec.replacingOccurrences(of: #""kid""#, with: #""alg":"ES512","kid""#)
        #expect(fault(Fixtures.es256, set(other)) == .unknownKey)
    }

    @Test func nothingCanBeChangedInIt() {
        for (token, key) in [(Fixtures.es256, Self.ec), (Fixtures.rs256, Self.rsa)] {
            for index in token.indices where token[index] != "." {
                var changed = token
                changed.replaceSubrange(index...index, with: token[index] == "A" ? "B" : "A")
                #expect(fault(changed, set(key)) != nil)
            }
            let signature = token.split(separator: ".")[2]
            #expect(fault(String(token.dropLast(signature.count)), set(key)) == .malformed)
            for less in 1...8 { #expect(fault(String(token.dropLast(less)), set(key)) != nil) }
        }
    }

    @Test func whatIsNoTokenIsRefused() {
        let odd = [
            "", ".", "..", "a.b.c", "a.b", Fixtures.es256 + ".x", Fixtures.es256 + "=", " " + Fixtures.es256,
            forged("[]"), forged("{}"), forged(#"{"alg":1}"#), forged(#"{"alg":"ES256","crit":["exp"],"exp":1}"#),
            "eyJhbGciOiJub25lIn0.e30.", String(repeating: "A", count: WebToken.longestBytes + 1),
        ]
        for token in odd { #expect(fault(token, set(Self.ec)) == .malformed, "\(token.prefix(60))") }
        for keys in ["", "[]", "{}", #"{"keys":{}}"#, set(), set(#"{"kty":"oct","k":"AAAA"}"#, "5")] {
            #expect(fault(Fixtures.es256, keys) == .unknownKey)
        }
        // What is not known is passed over.
        #expect(fault(Fixtures.es256, set("5", #"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#, Self.ec)) == nil)
        // A point beside the curve.
        let beside = Self.ec.replacingOccurrences(of: Fixtures.y, with: Fixtures.x)
        #expect(fault(Fixtures.es256, set(beside)) == .unknownKey)
    }

    @Test func thePublicPointIsTheOneOfTheStandard() throws {
        let key = try TokenKey(pem: Fixtures.ecPEM)
        let (x, y) = (try #require(Base64URL.bytes(Fixtures.x)), try #require(Base64URL.bytes(Fixtures.y)))
        #expect(key.publicPoint == [4] + x + y)
        #expect(try TokenKey(pem: Fixtures.rsaPEM).publicPoint == nil)
        #expect(try #require(key.publicKey(named: "k")).contains(Fixtures.d) == false)
        for _ in 0..<50 { #expect(try TokenKey.make().publicPoint?.count == 65) }
    }

    @Test func whatIsNoPrivateKeyIsRefused() {
        let small = #"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}"#
        for text in ["", "{}", Self.rsa, Self.ec, small, #"{"kty":"oct","k":"AAAA"}"#] {
            #expect(throws: TokenFault.badKey) { try TokenKey(stored: text) }
        }
        for pem in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", Fixtures.lockedPEM] {
            #expect(throws: TokenFault.badKey) { try TokenKey(pem: pem) }
        }
    }

    @Test func neverSaysItsKey() throws {
        #expect(try "\(TokenKey(pem: Fixtures.ecPEM))" == "TokenKey(ES256)")
        #expect(try "\(TokenKey(pem: Fixtures.rsaPEM))" == "TokenKey(RS256)")
    }
}

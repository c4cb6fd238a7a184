// SPDX-License-Identifier: Apache-2.0
import Secure
import Testing

@Suite struct SealTests {
    let seal = Seal(key: Array(0..<32))
    let now: Int64 = 1_796_000_000

    @Test func opensForItsPurposeAndTellsTheSubject() throws {
        for subject in [0, 1, 42, -1, .max, .min] as [Int64] {
            let token = seal.sign(purpose: "track", subject: subject, expires: now + 1)
            #expect(token.count == 43)
            #expect(try seal.open(token, purpose: "track", now: now) == subject)
        }
    }

    /// Changing the format breaks every link in every letter already sent: think before changing this text.
    @Test func keepsItsFormat() {
        let token = seal.sign(purpose: "track", subject: 258, expires: 1_796_000_000)
        #expect(token == "AAAAAAAAAQIAAAAAawzJANrnzvaBEbbfxoxGATsQDTU")
    }

    @Test func holdsUntilTheSecondBeforeItsExpiry() throws {
        let token = seal.sign(purpose: "track", subject: 7, expires: now)
        #expect(try seal.open(token, purpose: "track", now: now - 1) == 7)
        #expect(throws: SealFault.expired) { try seal.open(token, purpose: "track", now: now) }
        #expect(throws: SealFault.expired) { try seal.open(token, purpose: "track", now: .max) }
    }

    @Test func anotherPurposeOrKeyDoesNotOpenIt() {
        let token = seal.sign(purpose: "track", subject: 7, expires: now + 60)
        for purpose in ["evaluate", "", "trac", "track ", "Track"] {
            #expect(throws: SealFault.wrongSignature) { try seal.open(token, purpose: purpose, now: now) }
        }
        let stranger = Seal(key: Array(1...32))
        #expect(throws: SealFault.wrongSignature) { try stranger.open(token, purpose: "track", now: now) }
    }

    @Test func nothingCanBeChangedInIt() throws {
        let token = seal.sign(purpose: "track", subject: 7, expires: now + 60)
        let bytes = try #require(Base64URL.bytes(token))
        for index in bytes.indices {
            for bit in 0..<8 {
                var altered = bytes
                altered[index] ^= 1 << bit
                #expect(throws: SealFault.wrongSignature) {
                    try seal.open(Base64URL.text(altered), purpose: "track", now: now)
                }
            }
        }
    }

    @Test func everyOtherCharacterAnywhereIsRefused() {
        let token = Array(seal.sign(purpose: "track", subject: 7, expires: now + 60))
        for index in token.indices {
            for other in "Aa0-_=+/ \0ก" where other != token[index] {
                var altered = token
                altered[index] = other
                #expect(throws: SealFault.self) { try seal.open(String(altered), purpose: "track", now: now) }
            }
        }
    }

    @Test func whatIsCutOrLengthenedIsMalformed() {
        let token = seal.sign(purpose: "track", subject: 7, expires: now + 60)
        for length in 0..<token.count {
            #expect(throws: SealFault.malformed) {
                try seal.open(String(token.prefix(length)), purpose: "track", now: now)
            }
        }
        for tail in ["A", "=", "\n", String(repeating: "A", count: 1_000_000)] {
            #expect(throws: SealFault.malformed) { try seal.open(token + tail, purpose: "track", now: now) }
        }
    }

    @Test func aSealNeverPrintsItsKey() {
        #expect("\(seal)" == "Seal")
    }
}

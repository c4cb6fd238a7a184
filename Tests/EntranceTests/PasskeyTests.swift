// SPDX-License-Identifier: Apache-2.0
import Desk
import Testing

@testable import Entrance

/// Passkeys: what a device answers, and everything that must not be taken for it.
@Suite struct PasskeyTests {
    typealias Given = PasskeyFixtures
    private let question = PasskeyQuestion(challenge: "Y2hhbGxlbmdl", origin: "https://office.example.ac.th")

    private func made(_ algorithm: Passkey.Algorithm) throws -> Passkey {
        let (credential, device) =
            algorithm == .es256
            ? (Given.es256Credential, Given.es256Made) : (Given.rs256Credential, Given.rs256Made)
        let new = try PasskeyDoor.register(
            PasskeyAnswer(credential: credential, clientData: Given.made, authenticatorData: device), to: question)
        #expect((new.algorithm, new.credential, new.count) == (algorithm, credential, 0))
        return Passkey(
            id: Passkey.ID(1), person: Person.ID(1), name: "", credential: new.credential, publicKey: new.publicKey,
            algorithm: new.algorithm, count: new.count, madeAt: Moment(milliseconds: 0))
    }

    private func answer(
        _ seen: [UInt8] = Given.seen, _ device: [UInt8] = Given.es256Device,
        _ signature: [UInt8] = Given.es256Signature
    ) -> PasskeyAnswer {
        PasskeyAnswer(
            credential: Given.es256Credential, clientData: seen, authenticatorData: device, signature: signature)
    }

    private func fault(_ answer: PasskeyAnswer, of passkey: Passkey, to question: PasskeyQuestion? = nil)
        -> EntranceFault?
    {
        do throws(EntranceFault) {
            _ = try PasskeyDoor.verify(answer, of: passkey, to: question ?? self.question)
            return nil
        } catch { return error }
    }

    @Test func aDeviceMakesOneAndSignsWithItLater() throws {
        #expect(try PasskeyDoor.verify(answer(), of: try made(.es256), to: question) == 7)
        let rsa = PasskeyAnswer(
            credential: Given.rs256Credential, clientData: Given.seen, authenticatorData: Given.rs256Device,
            signature: Given.rs256Signature)
        #expect(try PasskeyDoor.verify(rsa, of: try made(.rs256), to: question) == 7)
    }

    @Test func whatWasSignedForAnotherMomentPlaceOrPersonIsRefused() throws {
        let passkey = try made(.es256)
        let later = PasskeyQuestion(challenge: "bGF0ZXI", origin: question.origin)
        #expect(fault(answer(), of: passkey, to: later) == EntranceFault(.wrongPasskey, "challenge"))
        let elsewhere = answer(Given.elsewhereSeen, Given.nextDevice, Given.elsewhereSignature)
        #expect(fault(elsewhere, of: passkey) == EntranceFault(.wrongOrigin))
        let port = PasskeyQuestion(challenge: question.challenge, origin: question.origin + ":8443")
        #expect(fault(answer(), of: passkey, to: port) == EntranceFault(.wrongOrigin))
        let framed = answer(Given.framedSeen, Given.nextDevice, Given.framedSignature)
        #expect(fault(framed, of: passkey) == EntranceFault(.wrongOrigin))
        let foreign = answer(Given.seen, Given.foreignDevice, Given.foreignSignature)
        #expect(fault(foreign, of: passkey) == EntranceFault(.wrongOrigin, "rpId"))
        #expect(fault(answer(Given.made), of: passkey) == EntranceFault(.wrongPasskey, "type"))
        #expect(fault(answer(), of: try made(.rs256)) == EntranceFault(.unknownPasskey))
    }

    @Test func aDeviceThatDidNotVerifyThePersonIsRefused() throws {
        let unverified = answer(Given.seen, Given.unverifiedDevice, Given.unverifiedSignature)
        #expect(fault(unverified, of: try made(.es256)) == EntranceFault(.notVerified))
        var claimed = Given.unverifiedDevice
        claimed[32] |= 0x04
        let lie = answer(Given.seen, claimed, Given.unverifiedSignature)
        #expect(fault(lie, of: try made(.es256)) == EntranceFault(.wrongPasskey, "signature"))
    }

    @Test func everyChangedBitOfASignatureIsRefused() throws {
        let passkey = try made(.es256)
        for index in Given.es256Signature.indices {
            var altered = Given.es256Signature
            altered[index] ^= 0x10
            #expect(fault(answer(Given.seen, Given.es256Device, altered), of: passkey)?.kind == .wrongPasskey)
        }
        #expect(fault(answer(Given.seen, Given.es256Device, []), of: passkey)?.kind == .wrongPasskey)
        // A number that is raised is signed, too.
        var raised = Given.es256Device
        raised[36] += 1
        #expect(fault(answer(Given.seen, raised), of: passkey) == EntranceFault(.wrongPasskey, "signature"))
    }

    @Test func aCounterThatGoesBackIsACopy() throws {
        var passkey = try made(.es256)
        for (count, kind) in [(6, nil), (7, .copiedPasskey), (8, .copiedPasskey)] as [(Int, EntranceFault.Kind?)] {
            passkey.count = count
            #expect(fault(answer(), of: passkey)?.kind == kind)
        }
    }

    @Test func whatIsNoKeyIsNotKept() throws {
        func fault(_ device: [UInt8], _ credential: [UInt8] = Given.es256Credential) -> EntranceFault.Kind? {
            do throws(EntranceFault) {
                _ = try PasskeyDoor.register(
                    PasskeyAnswer(credential: credential, clientData: Given.made, authenticatorData: device),
                    to: question)
                return nil
            } catch { return error.kind }
        }
        #expect(fault(Given.offCurve) == .unusablePasskey)
        #expect(fault(Given.es256Made, [1, 2, 3]) == .wrongPasskey, "another credential's id")
        #expect(fault(Given.es256Device) == .wrongPasskey, "a signature's data has no key in it")
        // Cut at every length, and filled with what is not there.
        for length in Given.es256Made.indices {
            let kind = fault(Array(Given.es256Made[..<length]))
            #expect(kind == .unusablePasskey || kind == .wrongOrigin, "\(length): \(String(describing: kind))")
        }
    }

    @Test func theHostIsTheOriginsName() {
        for (origin, host) in [
            ("https://office.example.ac.th", "office.example.ac.th"), ("http://localhost:8080", "localhost"), ("", ""),
        ] {
            #expect(PasskeyQuestion(challenge: "", origin: origin).host == host)
        }
    }
}

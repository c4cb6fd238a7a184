// SPDX-License-Identifier: Apache-2.0
import CFIDO
public import Desk
import Secure

/// Sign-in by passkeys (Web Authentication level 2), checked by libfido2.
///
/// A new passkey is taken at its word (attestation `none`): what counts is that the same device signs later. The person
/// has to be verified by the device each time, by finger, face or number.
public enum PasskeyDoor {
    /// What one part of an answer may come to.
    public static let longestPart = 16_384
    /// A credential's id (section 4).
    public static let longestCredential = 1023

    /// The flags of authenticator data (section 6.1).
    private enum Flag {
        static let present: UInt8 = 0x01
        static let verified: UInt8 = 0x04
        static let attested: UInt8 = 0x40
    }

    /// Checks a new passkey (section 7.1).
    public static func register(
        _ answer: PasskeyAnswer, to question: PasskeyQuestion
    ) throws(EntranceFault) -> NewPasskey {
        try check(answer, question, type: "webauthn.create", needs: Flag.present | Flag.verified | Flag.attested)
        for algorithm in Passkey.Algorithm.allCases {
            guard let new = read(answer, algorithm) else { continue }
            guard new.credential == answer.credential, (1...longestCredential).contains(new.credential.count) else {
                throw EntranceFault(.wrongPasskey, "id")
            }
            return new
        }
        throw EntranceFault(.unusablePasskey)
    }

    /// Checks a signature (section 7.2).
    ///
    /// - Returns: how often the passkey has signed, as it says itself; the cabinet has to compare it.
    public static func verify(
        _ answer: PasskeyAnswer, of passkey: Passkey, to question: PasskeyQuestion
    ) throws(EntranceFault) -> Int {
        guard constantTimeEquals(answer.credential, passkey.credential) else { throw EntranceFault(.unknownPasskey) }
        try check(answer, question, type: "webauthn.get", needs: Flag.present | Flag.verified)
        guard isSigned(answer, by: passkey, for: question.host) else { throw EntranceFault(.wrongPasskey, "signature") }
        let count = answer.authenticatorData[33..<37].reduce(0) { $0 << 8 | Int($1) }
        guard passkey.isFollowed(by: count) else { throw EntranceFault(.copiedPasskey) }
        return count
    }

    /// What both have in common: what the browser saw, whose passkey it is, what the device did.
    private static func check(
        _ answer: PasskeyAnswer, _ question: PasskeyQuestion, type: String, needs flags: UInt8
    ) throws(EntranceFault) {
        let parts = [answer.clientData, answer.authenticatorData, answer.signature, answer.credential, answer.user]
        guard parts.allSatisfy({ $0.count <= longestPart }), let seen = Claims(json: answer.clientData) else {
            throw EntranceFault(.wrongPasskey, "clientData")
        }
        guard seen.text("type") == type else { throw EntranceFault(.wrongPasskey, "type") }
        guard constantTimeEquals(seen.text("challenge"), question.challenge) else {
            throw EntranceFault(.wrongPasskey, "challenge")
        }
        guard seen.text("origin") == question.origin, seen["crossOrigin"]?.isTrue != true, seen["topOrigin"] == nil
        else { throw EntranceFault(.wrongOrigin) }
        // 32 bytes of the host's digest, the flags, four bytes of the count (section 6.1).
        let device = answer.authenticatorData
        guard device.count >= 37, constantTimeEquals(Array(device[..<32]), Digest.sha256(question.host)) else {
            throw EntranceFault(.wrongOrigin, "rpId")
        }
        guard device[32] & Flag.verified != 0 else { throw EntranceFault(.notVerified) }
        guard device[32] & flags == flags else { throw EntranceFault(.wrongPasskey, "flags") }
    }

    private static func read(_ answer: PasskeyAnswer, _ algorithm: Passkey.Algorithm) -> NewPasskey? {
        var made = fido_cred_new()
        defer { fido_cred_free(&made) }
        let device = answer.authenticatorData
        guard fido_cred_set_type(made, Int32(algorithm.rawValue)) == FIDO_OK,
            fido_cred_set_authdata_raw(made, device, device.count) == FIDO_OK,
            let id = fido_cred_id_ptr(made), let key = fido_cred_pubkey_ptr(made)
        else { return nil }
        let publicKey = Array(UnsafeBufferPointer(start: key, count: fido_cred_pubkey_len(made)))
        guard isKey(publicKey, algorithm) else { return nil }
        return NewPasskey(
            credential: Array(UnsafeBufferPointer(start: id, count: fido_cred_id_len(made))), publicKey: publicKey,
            algorithm: algorithm, count: Int(fido_cred_sigcount(made)))
    }

    /// Whether the bytes are a key that a signature can be checked with later: a point off the curve is none.
    private static func isKey(_ bytes: [UInt8], _ algorithm: Passkey.Algorithm) -> Bool {
        withKey(bytes, algorithm) { _ in true } ?? false
    }

    private static func isSigned(_ answer: PasskeyAnswer, by passkey: Passkey, for host: String) -> Bool {
        var signed = fido_assert_new()
        defer { fido_assert_free(&signed) }
        let (seen, device) = (Digest.sha256(answer.clientData), answer.authenticatorData)
        guard fido_assert_set_count(signed, 1) == FIDO_OK,
            fido_assert_set_clientdata_hash(signed, seen, seen.count) == FIDO_OK,
            fido_assert_set_rp(signed, host) == FIDO_OK,
            fido_assert_set_authdata_raw(signed, 0, device, device.count) == FIDO_OK,
            fido_assert_set_sig(signed, 0, answer.signature, answer.signature.count) == FIDO_OK,
            fido_assert_set_up(signed, FIDO_OPT_TRUE) == FIDO_OK,
            fido_assert_set_uv(signed, FIDO_OPT_TRUE) == FIDO_OK
        else { return false }
        let isGood = withKey(passkey.publicKey, passkey.algorithm) { key in
            fido_assert_verify(signed, 0, Int32(passkey.algorithm.rawValue), key) == FIDO_OK
        }
        return isGood ?? false
    }

    /// Lends a public key to the library; nil when it is none.
    private static func withKey<Result>(
        _ bytes: [UInt8], _ algorithm: Passkey.Algorithm, _ body: (UnsafeRawPointer) -> Result
    ) -> Result? {
        switch algorithm {
        case .es256:
            var key = es256_pk_new()
            defer { es256_pk_free(&key) }
            guard let key, es256_pk_from_ptr(key, bytes, bytes.count) == FIDO_OK else { return nil }
            return body(UnsafeRawPointer(key))
        case .rs256:
            var key = rs256_pk_new()
            defer { rs256_pk_free(&key) }
            guard let key, rs256_pk_from_ptr(key, bytes, bytes.count) == FIDO_OK else { return nil }
            return body(UnsafeRawPointer(key))
        }
    }
}

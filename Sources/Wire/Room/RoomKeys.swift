// SPDX-License-Identifier: Apache-2.0
import Secure
import Studio
import Synchronization

/// The words that people of all rooms prove themselves by, as digests. Looked at from everywhere.
final class RoomKeys: Sendable {
    private struct Key {
        let digest: [UInt8]
        let person: PersonNumber
    }

    /// By meeting, and by the first bytes of the digest, which nobody who lacks the word can choose.
    private let keys = Mutex<[String: [UInt64: Key]]>([:])
    /// Uploads under way, by meeting and person.
    private let uploads = Mutex<[String: Int]>([:])

    static let mostUploads = 32
    static let mostUploadsEach = 2

    /// A word for somebody, which is kept nowhere.
    func draw(for person: PersonNumber, in meeting: String) -> String {
        let word = Token.random(bytes: 24)
        let digest = Digest.sha256(word)
        keys.withLock { $0[meeting, default: [:]][RoomKeys.place(digest)] = Key(digest: digest, person: person) }
        return word
    }

    /// Whose word it is; nil when it is nobody's.
    func person(_ word: String, in meeting: String) -> PersonNumber? {
        guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
        let digest = Digest.sha256(word)
        guard let key = keys.withLock({ $0[meeting]?[RoomKeys.place(digest)] }), HMAC.isEqual(key.digest, digest) else {
            return nil
        }
        return key.person
    }

    /// Somebody has gone.
    func forget(_ person: PersonNumber, in meeting: String) {
        keys.withLock { all in
            guard let place = all[meeting]?.first(where: { $0.value.person == person })?.key else { return }
            all[meeting]?[place] = nil
        }
    }

    func forget(_ meeting: String) { keys.withLock { $0[meeting] = nil } }

    /// Whether somebody may begin to send something large; ended by `uploaded`.
    func mayUpload(_ person: PersonNumber, in meeting: String) -> Bool {
        let who = "\(meeting)/\(person.text)"
        return uploads.withLock { all in
            guard all[who, default: 0] < RoomKeys.mostUploadsEach, all.values.reduce(0, +) < RoomKeys.mostUploads else {
                return false
            }
            all[who, default: 0] += 1
            return true
        }
    }

    func uploaded(_ person: PersonNumber, in meeting: String) {
        let who = "\(meeting)/\(person.text)"
        uploads.withLock { all in
            all[who, default: 1] -= 1
            if all[who] == 0 { all[who] = nil }
        }
    }

    private static func place(_ digest: [UInt8]) -> UInt64 { digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}

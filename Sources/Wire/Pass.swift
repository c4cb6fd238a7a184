// SPDX-License-Identifier: Apache-2.0
import Secure

/// A viewer's own word in addresses (the `TOKEN` of `/live/NAME/v/TOKEN/`): drawn and signed here, so that nobody counts
/// who was not shown in. It says nothing about who somebody is.
struct Pass: Sendable {
    /// A pass is good for so long; the player asks for another when it is not.
    static let minutes: Int64 = 24 * 60
    private static let idBytes = 8
    private static let codeBytes = 10

    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    /// A new pass into a broadcast.
    func draw(into broadcast: String, atMinute now: Int64) -> String {
        let until = UInt32(truncatingIfNeeded: now + Pass.minutes)
        let front = Token.randomBytes(Pass.idBytes) + Pass.bytes(until)
        return Base64URL.text(front + code(front, broadcast))
    }

    /// Until which minute a pass is good; nil when it is not ours, not for this broadcast, or expired.
    func goodUntil(_ text: String, into broadcast: String, atMinute now: Int64) -> Int64? {
        guard text.utf8.count < 64, let bytes = Base64URL.bytes(text),
            bytes.count == Pass.idBytes + 4 + Pass.codeBytes
        else { return nil }
        let front = Array(bytes.prefix(Pass.idBytes + 4))
        guard HMAC.isEqual(code(front, broadcast), Array(bytes.suffix(Pass.codeBytes))) else { return nil }
        let until = front.suffix(4).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return until > now ? until : nil
    }

    private func code(_ front: [UInt8], _ broadcast: String) -> [UInt8] {
        Array(HMAC.sha256(front + Array(broadcast.utf8), key: key).prefix(Pass.codeBytes))
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// FNV-1a: which viewer a pass is, in eight bytes.
    static func number(_ text: some StringProtocol) -> UInt64 {
        Name(text).number
    }
}

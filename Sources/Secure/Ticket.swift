// SPDX-License-Identifier: Apache-2.0

/// A ticket (บัตรผ่าน) into a broadcast: signed by the desk, checked by the studio, good until it expires.
///
/// The text is base64url of four bytes of expiry (seconds since 1970, most significant first), one byte of kind and
/// twelve bytes of HMAC-SHA256 over the broadcast's name, the expiry and the kind.
public enum Ticket {
    /// What it lets somebody do.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Watch what is on air.
        case viewer = 1
        /// See what comes in before it is on air: for the console.
        case preview = 2
    }

    private static let codeBytes = 12

    /// A ticket into the broadcast `name`, good before `untilSecond`.
    public static func sign(key: [UInt8], name: String, kind: Kind, untilSecond: Int64) -> String {
        let front = bytes(UInt32(clamping: untilSecond)) + [kind.rawValue]
        return Base64URL.text(front + code(front, name, key))
    }

    /// Whether a ticket was signed with this key for this broadcast and kind, and has not expired. Takes the same time
    /// wherever a false one differs.
    public static func isGood(_ text: String, key: [UInt8], name: String, kind: Kind, atSecond now: Int64) -> Bool {
        guard text.utf8.count <= 64, let all = Base64URL.bytes(text), all.count == 5 + codeBytes else { return false }
        let front = Array(all.prefix(5))
        let isOurs = HMAC.isEqual(code(front, name, key), Array(all.suffix(codeBytes)))
        let until = front.prefix(4).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return isOurs && front[4] == kind.rawValue && until > now
    }

    private static func code(_ front: [UInt8], _ name: String, _ key: [UInt8]) -> [UInt8] {
        Array(HMAC.sha256(front + Array(name.utf8), key: key).prefix(codeBytes))
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}

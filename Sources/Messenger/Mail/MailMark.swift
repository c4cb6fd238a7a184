// SPDX-License-Identifier: Apache-2.0
import Desk
import Secure

/// The marks by which mails of ours are known again: the Message-ID is made of the delivery's name, and so is the same
/// however often it is sent. Nobody without the office's key can make one.
struct MailMark: Sendable {
    let key: [UInt8]

    /// 32 letters and digits for a delivery.
    func mark(_ delivery: Delivery.ID) -> String {
        Hex.text(HMAC.sha256(Array("mail \(delivery)".utf8), key: key).prefix(16))
    }

    /// What of a text may be a mark: before the `@`, behind a `+`.
    static func found(in address: String) -> String? {
        let local = address.prefix { $0 != "@" }
        let mark = local.split(separator: "+").last.map(String.init) ?? ""
        return mark.count == 32 && mark.allSatisfy(\.isHexDigit) ? mark.lowercased() : nil
    }
}

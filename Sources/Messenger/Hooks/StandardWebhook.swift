// SPDX-License-Identifier: Apache-2.0
public import Desk
public import Envelope
import Foundation
import Secure

/// A signed request after Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`.
///
/// Every secret that is good signs `id.timestamp.body` by HMAC-SHA256; while a secret is being changed there are two
/// signatures in one header, and the receiver takes whichever it knows.
public enum StandardWebhook {
    /// The three headers of a request.
    ///
    /// - Parameters:
    ///   - id: the same however often the same thing is tried; without a full stop.
    ///   - now: the moment of this attempt.
    public static func headers(id: String, at now: Moment, body: [UInt8], secrets: [String]) -> [HeaderLine] {
        let second = String(now.milliseconds / 1000)
        let signatures = secrets.compactMap { signature(id: id, second: second, body: body, secret: $0) }
        return [
            HeaderLine("webhook-id", id), HeaderLine("webhook-timestamp", second),
            HeaderLine("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    /// `v1,` and base64 of the code; nil for a secret that is none.
    static func signature(id: String, second: String, body: [UInt8], secret: String) -> String? {
        guard let key = WebhookSecret.key(secret) else { return nil }
        let code = HMAC.sha256(Array("\(id).\(second).".utf8) + body, key: key)
        return "v1," + Data(code).base64EncodedString()
    }
}

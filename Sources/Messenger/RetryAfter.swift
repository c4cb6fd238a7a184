// SPDX-License-Identifier: Apache-2.0
import Desk
import Envelope

extension Incoming {
    /// How long the other end wants to be left alone, when it says so in seconds (RFC 9110 section 10.2.3); at most a day.
    var retryAfter: Length? {
        header("retry-after").flatMap { Int($0) }.flatMap { (0...86_400).contains($0) ? .seconds($0) : nil }
    }
}

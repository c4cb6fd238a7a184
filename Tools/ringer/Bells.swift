// SPDX-License-Identifier: Apache-2.0
import Messenger
import Synchronization

/// Lets the cabinet wake the outbox, which is made after it.
final class Bells: Sendable {
    private let outbox = Mutex<Outbox?>(nil)

    func serve(_ outbox: Outbox) { self.outbox.withLock { $0 = outbox } }

    func stir() {
        guard let outbox = outbox.withLock({ $0 }) else { return }
        Task { await outbox.stir() }
    }
}

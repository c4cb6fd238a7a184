// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stagehands

/// A notice from the desk to the lock screen and back, through a real service worker.
@Suite(.serialized) struct PushTests {
    @Test func aNoticeIsAcknowledgedOnTheLockScreen() async throws { try await Harness.play("push") }
}

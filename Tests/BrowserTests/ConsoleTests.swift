// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stagehands

/// The officer's console in a real browser, with a real encoder and the demo's own studio.
@Suite(.serialized) struct ConsoleTests {
    @Test("an officer puts a broadcast on air, shows a slate, marks, tells of an incident, and goes off air")
    func console() async throws { try await Harness.play("console", in: .closed, limitSeconds: 240) }
}

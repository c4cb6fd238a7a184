// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stagehands

/// The watch page in a real browser, with a real encoder.
@Suite(.serialized) struct WatchTests {
    @Test("the picture moves, and goes on when the encoder returns") func watch() async throws {
        try await Harness.play("watch", in: .closed, limitSeconds: 90)
    }
}
